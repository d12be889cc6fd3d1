package postgres

// IdleConns is how many connections wait to be used.
func (s *Store) IdleConns() int32 { return s.app.Stat().IdleConns() + s.reader.Stat().IdleConns() }
