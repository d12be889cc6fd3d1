package httpapi

import (
	"context"
	"crypto/subtle"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

// Gate lets people in and out.
type Gate interface {
	SignIn(ctx context.Context, a auth.Attempt) (auth.Session, error)
	Visit(ctx context.Context, token string, quiet time.Duration) (auth.Session, error)
	SignOut(ctx context.Context, token string, everywhere bool) error
	ChangePassword(ctx context.Context, s auth.Session, old, wanted string) (auth.Session, error)
	Rules() auth.Rules
	// Office keeps accounts, for an actor.
	Office(by auth.Actor) *auth.Office
	Sessions(ctx context.Context, s auth.Session, token string) ([]auth.Open, error)
	EndSession(ctx context.Context, s auth.Session, name string) error
}

const (
	// quietHeader says how many seconds ago the user of a page last did something.
	quietHeader = "Guatu-Quiet"
	// toolScheme is how a tool of this machine shows the key that lies in the data folder.
	toolScheme = "Guatu-Tool "
)

// withoutSession are the operations for which nobody has to be signed in. What is not here is closed.
func withoutSession(route string) bool {
	switch route {
	case "GET " + apiPrefix + "/health", "GET " + apiPrefix + "/session", "POST " + apiPrefix + "/session", "DELETE " + apiPrefix + "/session",
		"POST " + apiPrefix + "/session/wall", "POST " + apiPrefix + "/session/device":
		return true
	}
	return false
}

// withoutPassword are the operations that are left to who must change the password first.
func withoutPassword(route string) bool {
	return withoutSession(route) || route == "PUT "+apiPrefix+"/session/password"
}

// visitor is who asks, and from where.
type visitor struct {
	actor   auth.Actor // zero: nobody is signed in
	session auth.Session
	tool    bool // a tool of this machine: there is no session
	token   string
	held    *auth.Token // the way in was a token: there is no session
	phone   string      // secret of the device, shown or not
	refused error       // why the token that was shown lets nobody in
	shown   auth.TokenKind
	address string
	agent   string
	secure  bool // what travels is encrypted
}

type visitorKey struct{}

func visitorIn(ctx context.Context) visitor {
	if v, ok := ctx.Value(visitorKey{}).(*visitor); ok {
		return *v
	}
	return visitor{}
}

func actorIn(ctx context.Context) auth.Actor { return visitorIn(ctx).actor }

func scopeIn(ctx context.Context) auth.Scope { return auth.ScopeOf(actorIn(ctx)) }

// admit finds out who asks, and lets nobody past an operation that is not open.
func (s *Server) admit(c echo.Context) error {
	r, route := c.Request(), c.Request().Method+" "+c.Path()
	if err := legible(r.URL); err != nil {
		return err
	}
	if err := s.knock(c, route); err != nil {
		return err
	}
	v, err := s.visitor(c)
	if err != nil && (!withoutSession(route) || fault.KindOf(err) != fault.KindUnidentified) {
		return err
	}
	know(r.Context(), v)
	if v.session.Due != auth.NotDue && !withoutPassword(route) {
		return passwordDue(v.session.Due)
	}
	if err := sits(v.actor, route); err != nil {
		return err
	}
	if err := s.count(c, v); err != nil {
		return err
	}
	// Before anything reads the query.
	if err := v.narrow(c, route); err != nil {
		return err
	}
	return v.mayHolder(c, route)
}

// legible refuses addresses with what is no text: no database keeps it, and no question means it.
func legible(at *url.URL) error {
	if !isText(at.Path) || strings.Contains(at.RawQuery, "%") && !allText(at.Query()) || !isText(at.RawQuery) {
		return fault.New(fault.KindInvalid, "not_text", "网址中有不是文字的内容", "the address holds what is no text")
	}
	return nil
}

func isText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

func allText(query url.Values) bool {
	for name, values := range query {
		if !isText(name) || slices.ContainsFunc(values, func(v string) bool { return !isText(v) }) {
			return false
		}
	}
	return true
}

// knock counts attempts to come in.
func (s *Server) knock(c echo.Context, route string) error {
	if !withoutSession(route) || c.Request().Method != http.MethodPost {
		return nil
	}
	return s.gates.pass(c, s.gates.stranger, c.RealIP())
}

// count counts what somebody asks who is known.
func (s *Server) count(c echo.Context, v visitor) error {
	if v.actor.ID == "" || v.tool {
		return nil
	}
	return s.gates.pass(c, s.gates.session, v.key())
}

func passwordDue(due auth.Due) error {
	if due == auth.DueExpired {
		return fault.New(fault.KindDenied, "password_due", "密码已到期，请先修改密码", "the password has expired; please change it first")
	}
	return fault.New(fault.KindDenied, "password_due", "首次登录，请先修改密码", "this is the first sign-in; please change the password first")
}

func (s *Server) visitor(c echo.Context) (visitor, error) {
	r := c.Request()
	v := visitor{address: c.RealIP(), agent: shortened(r.UserAgent()), secure: s.Way.secure(r)}
	if key, shown := strings.CutPrefix(r.Header.Get(echo.HeaderAuthorization), toolScheme); shown {
		v.tool = true
		err := s.knowTool(r, &v, key)
		return v, err
	}
	if secret, shown := strings.CutPrefix(r.Header.Get(echo.HeaderAuthorization), bearerScheme); shown {
		err := s.hold(r.Context(), &v, secret, auth.APIToken)
		return v, err
	}
	if _, secret, shown := r.BasicAuth(); shown && onOGC(c) {
		err := s.hold(r.Context(), &v, secret, auth.APIToken) // QGIS and GDAL ask for a name and a password: the token is the password
		return v, err
	}
	v.token, v.phone = cookieIn(r, sessionCookie, v.secure), cookieIn(r, deviceCookie, v.secure)
	var err error
	v.session, err = s.Gate.Visit(r.Context(), v.token, quiet(c))
	v.actor = v.session.Actor
	if fault.KindOf(err) == fault.KindUnidentified {
		err = s.holdCookie(r, &v, err)
	}
	return v, err
}

// knowTool takes a tool of this machine for the system; its key is new at each start of the server.
func (s *Server) knowTool(r *http.Request, v *visitor, key string) error {
	if s.ToolKey == "" || !peer(r).IsLoopback() || s.Way.proxied(r) || subtle.ConstantTimeCompare([]byte(key), []byte(s.ToolKey)) != 1 {
		return fault.New(fault.KindUnidentified, "tool_unknown", "本机工具的密钥不符，请重试", "the key of this machine's tool does not fit; please try again")
	}
	v.actor = auth.System()
	return nil
}

// ToolsOnly lets nobody in but tools of this machine: on a port of their own, which is not encrypted.
func ToolsOnly(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.Header.Get(echo.HeaderAuthorization), toolScheme) {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// quiet is how long ago the user did something. Streams and the server's own
// health are asked for by timers: they are activity only where the page says so.
func quiet(c echo.Context) time.Duration {
	said := c.Request().Header.Get(quietHeader)
	seconds, err := strconv.Atoi(said)
	switch {
	case err == nil && seconds >= 0 && seconds < math.MaxInt32:
		return time.Duration(seconds) * time.Second
	case slices.Contains([]string{apiPrefix + "/live", apiPrefix + "/health", apiPrefix + "/session"}, c.Path()):
		return auth.Background
	}
	return 0
}

// ended tells a stream that its session is over, or that its person is somebody else now: of another unit, in another role. A
// database that is away for a moment ends nothing.
func (s *Server) ended(ctx context.Context) bool {
	v := visitorIn(ctx)
	if v.tool {
		return false
	}
	if v.held != nil {
		t, err := s.Keys.Stands(ctx, v.held.ID, v.address)
		return fault.KindOf(err) == fault.KindUnidentified || err == nil && t.Actor() != v.actor
	}
	session, err := s.Gate.Visit(ctx, v.token, auth.Background)
	return fault.KindOf(err) == fault.KindUnidentified || err == nil && session.Actor != v.actor
}

const longestAgent = 200

func shortened(agent string) string {
	return strings.ToValidUTF8(agent[:min(len(agent), longestAgent)], "")
}
