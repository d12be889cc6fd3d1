package postgres

// Idle is how many connections wait to be used.
func (s *Store) Idle() int32 { return s.app.Stat().IdleConns() + s.reader.Stat().IdleConns() }
