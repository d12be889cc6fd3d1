//go:build race

package interchange

import "time"

// patience is how long a hostile file may take: the race detector is ten times slower.
const patience = 100 * time.Second
