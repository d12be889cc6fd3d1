//go:build !race

package interchange

import "time"

// patience is how long a hostile file may take until its message.
const patience = 10 * time.Second
