package httpapi

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"github.com/guatu/guatu/internal/fault"
)

// Limits are how many requests a second are answered; 0 is no limit.
type Limits struct {
	Session float64 // of one session or token
	Address float64 // of one address: a whole town may stand behind it
}

const (
	// burst is how many seconds' worth may come at once: a page that opens asks for much.
	burst = 10
	// strangerRate and strangerBurst bound what costs most and wants no session: attempts to come in, of one address.
	strangerRate, strangerBurst = 5, 50

	jsonBody   = 2 << 20
	smallBody  = 16 << 10 // signing in, tokens: nothing there is longer
	importBody = "512M"

	// bodyPause is how long a large body may stand still.
	bodyPause = time.Minute
	// answerTime is how long a client may take to read an answer; streams set their own.
	answerTime = 5 * time.Minute
)

// gates count requests.
type gates struct{ session, address, stranger middleware.RateLimiterStore }

func newGates(l Limits) gates {
	return gates{session: counting(l.Session), address: counting(l.Address), stranger: store(strangerRate, strangerBurst)}
}

func counting(perSecond float64) middleware.RateLimiterStore {
	if perSecond == 0 {
		return unlimited{}
	}
	return store(perSecond, int(perSecond*burst))
}

func store(perSecond float64, most int) middleware.RateLimiterStore {
	return middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{Rate: rate.Limit(perSecond), Burst: most, ExpiresIn: time.Minute})
}

type unlimited struct{}

func (unlimited) Allow(string) (bool, error) { return true, nil }

// byAddress bounds what one address asks, before anything is looked up for it.
func (g gates) byAddress(c echo.Context) error { return g.pass(c, g.address, c.RealIP()) }

// pass counts a request of somebody.
func (g gates) pass(c echo.Context, by middleware.RateLimiterStore, who string) error {
	allowed, err := by.Allow(who)
	if err != nil || allowed {
		return err
	}
	c.Response().Header().Set("Retry-After", "1")
	return fault.New(fault.KindTooMany, "too_many_requests", "操作过于频繁，请稍候再试", "too many requests at once; please wait a moment")
}

// bodyLimit bounds what a route of the JSON operations takes.
func bodyLimit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, most := c.Request(), int64(jsonBody)
		if withoutSession(r.Method + " " + c.Path()) {
			most = smallBody
		}
		if r.ContentLength > most {
			return echo.ErrStatusRequestEntityTooLarge
		}
		r.Body = http.MaxBytesReader(c.Response(), r.Body, most)
		err := next(c)
		if _, over := errors.AsType[*http.MaxBytesError](err); over {
			return echo.ErrStatusRequestEntityTooLarge
		}
		return err
	}
}

// patient drops who sends a small body or takes an answer too slowly on purpose (slow loris).
func (s *Server) patient(c echo.Context) error {
	if b := timed(c); b != nil {
		b.until(s.bodyTime)
	}
	return nil
}

// patientUpload lets a body take its time as long as something comes.
func patientUpload(c echo.Context) error {
	if b := timed(c); b != nil {
		b.pause = bodyPause
	}
	return nil
}

// timed gives an answer its time, and a request's body, if it has one, a clock.
func timed(c echo.Context) *timedBody {
	answer := c.Response()
	_ = http.NewResponseController(answer.Writer).SetWriteDeadline(time.Now().Add(answerTime)) //nolint:forbidigo // a deadline of the socket is real time; where there is no socket there is none
	r := c.Request()
	if r.ContentLength == 0 {
		return nil
	}
	body := &timedBody{ReadCloser: r.Body, control: http.NewResponseController(answer.Writer), answer: answer.Header()}
	r.Body = body
	return body
}

type timedBody struct {
	io.ReadCloser

	control *http.ResponseController
	answer  http.Header
	pause   time.Duration // 0: the deadline stands since the beginning

	mu      sync.Mutex
	stopped bool
}

func (b *timedBody) Read(p []byte) (int, error) {
	if b.pause > 0 {
		b.until(b.pause)
	}
	n, err := b.ReadCloser.Read(p)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		b.answer.Set("Connection", "close") // what is still to come is no next request
	}
	if errors.Is(err, io.EOF) {
		// Left standing, it would end the connection under the answer.
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

func (b *timedBody) until(wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.stopped {
		_ = b.control.SetReadDeadline(time.Now().Add(wait)) //nolint:forbidigo // a deadline of the socket is real time
	}
}

// stop breaks the reading off, for good: the sender is back on another connection.
func (b *timedBody) stop() {
	b.until(-time.Second)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stopped = true
}
