package httpapi

import (
	"context"
	"crypto/rand"
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

// observe gives each request a name and an origin, by which entries of the
// access log know where they come from, and notes what was refused.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		o := audit.Origin{Address: c.RealIP(), Agent: shortened(c.Request().UserAgent()), Request: rand.Text()[:12]}
		c.Response().Header().Set(requestHeader, o.Request)
		c.SetRequest(c.Request().WithContext(audit.From(c.Request().Context(), o)))
		err := next(c)
		if f, ok := fault.As(err); ok {
			s.noteRefusal(c, f)
		}
		return err
	}
}

// in is the context of a request whose visitor is known.
func (v visitor) in(ctx context.Context) context.Context {
	audit.Known(ctx, v.actor.ID, v.session.Login)
	return context.WithValue(ctx, visitorKey{}, v)
}

// noteRefusal notes what somebody had no right to. What is not there may be
// hidden from them, so it is noted as well: whoever tries numbers shows in the log.
func (s *Server) noteRefusal(c echo.Context, f *fault.Error) {
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
