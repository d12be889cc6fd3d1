package httpapi

import (
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// sendPatience is how long nothing may come of a file before the connection is given up.
const sendPatience = 30 * time.Second

// patience reads a body as long as something comes, however long the whole
// takes, and can be told to stop: by the sender who is back on another connection.
type patience struct {
	body io.Reader
	wire *http.ResponseController

	mu      sync.Mutex
	stopped bool
}

func newPatience(c echo.Context) *patience {
	return &patience{body: c.Request().Body, wire: http.NewResponseController(c.Response())}
}

// Read waits for the next bytes.
func (p *patience) Read(b []byte) (int, error) {
	if !p.wait(sendPatience) {
		return 0, io.ErrUnexpectedEOF
	}
	return p.body.Read(b)
}

// wait moves the end of the patience; false once it was told to stop.
func (p *patience) wait(d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stopped {
		return false
	}
	_ = p.wire.SetReadDeadline(time.Now().Add(d)) //nolint:forbidigo // a deadline of the connection; one that has none waits for as long as it stands
	return true
}

func (p *patience) stop() {
	p.wait(-time.Second)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.stopped = true
}

// end lets the connection wait for its next request as before.
func (p *patience) end() {
	_ = p.wire.SetReadDeadline(time.Time{}) // see wait
}
