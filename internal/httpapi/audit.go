package httpapi

import (
	"context"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

// Audit takes in what must be in the access log.
type Audit interface {
	// Record returns when the entry is durable; after an error what it is about must not go on.
	Record(ctx context.Context, e audit.Entry) error
	// Settle does so for what has happened already; after an error the entry waits for the database.
	Settle(ctx context.Context, e audit.Entry) error
	// Note returns at once.
	Note(ctx context.Context, e audit.Entry)
}

// requestHeader names a request, in the answer and in the access log.
const requestHeader = "Guatu-Request"

// call is a request on its way through: by what entries of the access log know it, and who asks. It is the request's own
// context, so that one thing is made for both.
type call struct {
	context.Context //nolint:containedctx // it is one

	origin  audit.Origin
	visitor visitor
	name    [1]string // the value of requestHeader
}

// Value implements context.Context.
func (a *call) Value(key any) any {
	switch key.(type) {
	case audit.OriginKey:
		return &a.origin
	case visitorKey:
		return &a.visitor
	}
	return a.Context.Value(key)
}

// observe gives a request a name and an origin.
func (s *Server) observe(c echo.Context) {
	r := c.Request()
	a := &call{Context: r.Context(), name: [1]string{requestName()}}
	a.origin = audit.Origin{Address: c.RealIP(), Agent: shortened(r.UserAgent()), Request: a.name[0]}
	c.Response().Header()[requestHeader] = a.name[:]
	c.SetRequest(r.WithContext(a))
}

// requestName tells requests apart; it is no secret.
func requestName() string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
	var name [12]byte
	n := rand.Uint64() //nolint:gosec // see above
	for i := range name {
		name[i] = letters[n%32]
		n /= 32
	}
	return string(name[:])
}

// know says who asks, to everything that is done for the request.
func know(ctx context.Context, v visitor) {
	audit.Known(ctx, v.actor.ID, v.session.Login)
	if known, ok := ctx.Value(visitorKey{}).(*visitor); ok {
		*known = v
	}
}

// noteRefusal notes what somebody had no right to. What is not there may be
// hidden from them, so it is noted as well: whoever tries numbers shows in the log.
func (s *Server) noteRefusal(c echo.Context, err error) {
	f, is := fault.As(err)
	if !is {
		return
	}
	kind, refused := refusalKind(c, f)
	if !refused {
		return
	}
	s.Audit.Note(c.Request().Context(), audit.Entry{Kind: kind, Outcome: f.Code, Object: c.Request().Method + " " + loggedPath(c.Request().URL.Path)})
}

// somebodys are telephone and identity numbers where an id belongs.
var somebodys = regexp.MustCompile(`^\+?[\d -]{11,}[Xx]?$`)

// loggedPath is a path as the log keeps it: without somebody's number, or a secret. A hash of so few digits would tell them.
func loggedPath(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		switch {
		case somebodys.MatchString(part):
			parts[i] = "{number}"
		case auth.LooksLikeToken(part):
			parts[i] = "{secret}"
		}
	}
	return strings.Join(parts, "/")
}

func refusalKind(c echo.Context, f *fault.Error) (audit.Kind, bool) {
	signedIn := visitorIn(c.Request().Context()).actor.ID != ""
	switch {
	case f.Code == "foreign_origin", f.Code == "foreign_host", f.Code == "not_encrypted", f.Code == "tool_unknown":
		return audit.Foreign, true
	case strings.HasPrefix(c.Path(), apiPrefix+"/session"), f.Code == "password_due":
		return "", false // the gate has written it down, or it is no question of rights
	case f.Kind == fault.KindDenied:
		return audit.Refused, true
	case f.Kind == fault.KindNotFound && signedIn && c.Request().Method+" "+c.Path() != http.MethodGet+" "+basemapTile:
		return audit.Refused, true
	}
	return "", false
}
