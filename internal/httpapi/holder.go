package httpapi

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

// Keys gives out tokens, takes them, and takes them back.
type Keys interface {
	Make(ctx context.Context, h auth.Holder, w auth.Wanted) (secret string, t auth.Token, err error)
	Use(ctx context.Context, secret, address string, kinds ...auth.TokenKind) (auth.Token, error)
	Stands(ctx context.Context, id int64, address string) (auth.Token, error)
	Unsent(ctx context.Context, t auth.Token, n int) error
	List(ctx context.Context, h auth.Holder) ([]auth.Token, error)
	Revoke(ctx context.Context, h auth.Holder, id int64) error
	Enrolment(ctx context.Context, h auth.Holder) (code string, expires time.Time, err error)
	Enrol(ctx context.Context, code, name, address string) (secret string, t auth.Token, err error)
}

const (
	// bearerScheme is how a program shows its token.
	bearerScheme = "Bearer "
	// tokenPulse is how often a stream asks whether its token still stands: a screen that is switched off goes dark at once.
	tokenPulse = 2 * time.Second
	// unsentHeader says how much a phone holds that it has not sent.
	unsentHeader = "Guatu-Unsent"
	// wallLife is how long a browser keeps a screen's cookie; the token itself does not end.
	wallLife = 400 * 24 * time.Hour
)

// hold lets the holder of a token in.
func (s *Server) hold(ctx context.Context, v *visitor, secret string, kind auth.TokenKind) error {
	t, err := s.Keys.Use(ctx, secret, v.address, kind)
	if err != nil {
		v.refused, v.shown = err, kind
		return err
	}
	v.held, v.actor = &t, t.Actor()
	return nil
}

// holdCookie looks for a phone's or a screen's cookie where there is no session; without one the refusal of the session stands.
func (s *Server) holdCookie(r *http.Request, v *visitor, refusal error) error {
	if v.phone != "" {
		err := s.hold(r.Context(), v, v.phone, auth.DeviceToken)
		if n, said := unsent(r); err == nil && said {
			err = s.Keys.Unsent(r.Context(), *v.held, n)
		}
		if fault.KindOf(err) != fault.KindUnidentified {
			return err
		}
	}
	if wall := cookieIn(r, wallCookie, v.secure); wall != "" {
		return s.hold(r.Context(), v, wall, auth.WallToken)
	}
	if v.refused != nil {
		return v.refused
	}
	return refusal
}

// unsent is how many acts and photos the page says it holds and has not sent.
func unsent(r *http.Request) (n int, said bool) {
	n, err := strconv.Atoi(r.Header.Get(unsentHeader))
	return n, err == nil && n >= 0 && n <= math.MaxInt32
}

// key names who is counted.
func (v visitor) key() string {
	if v.held != nil {
		return fmt.Sprintf("token %d", v.held.ID)
	}
	return v.token
}

// device is how the journal names what a change came from; "" where the page says so itself.
func (v visitor) device() string {
	if v.held == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d", v.held.Kind, v.held.ID)
}

// holder is who asks for tokens.
func (v visitor) holder() auth.Holder {
	return auth.Holder{Actor: v.actor, Login: v.session.Login, Address: v.address}
}

// pulse is how often a stream looks whether it may go on.
func (s *Server) pulse(ctx context.Context) time.Duration {
	if visitorIn(ctx).held != nil {
		return min(tokenPulse, s.heartbeat)
	}
	return s.heartbeat
}

// onWall are the readings of a screen. What is not here is closed to it.
func onWall(route string) bool {
	path, reading := strings.CutPrefix(route, "GET "+apiPrefix)
	return reading && (withoutSession(route) || slices.Contains([]string{
		"/campaign", "/cases", "/units", "/villages", "/targets", "/layers", "/layers/:layer", "/layers/:layer/flat", "/history", "/live", "/basemap", "/basemap/:layer/:z/:x/:y",
		"/figures", "/figures/burn-up", "/figures/moves", "/conflicts", "/wall",
	}, path))
}

// ofUnits are the readings of a screen that can be of one unit.
func ofUnits(route string) bool {
	path, _ := strings.CutPrefix(route, "GET "+apiPrefix)
	return slices.Contains([]string{"/cases", "/villages", "/targets", "/figures", "/figures/burn-up", "/figures/moves", "/wall"}, path)
}

// narrow bounds what a screen of one unit is told: lists and figures are of that unit, whether it asks for them so or not. On
// the map it sees of the others what everybody sees.
func (v visitor) narrow(c echo.Context, route string) error {
	if v.held == nil || v.held.Kind != auth.WallToken || v.held.Unit == "" || !ofUnits(route) {
		return nil
	}
	at := c.Request().URL
	query := at.Query()
	for _, unit := range query["unit"] {
		if unit != "" && unit != v.held.Unit {
			return fault.New(fault.KindDenied, "wall_other_unit", "此大屏只显示一个责任主体", "this screen shows one unit alone")
		}
	}
	query.Set("unit", v.held.Unit)
	at.RawQuery = query.Encode()
	return nil
}

// mayHolder refuses what a token is not for, whatever its owner may.
func (v visitor) mayHolder(c echo.Context, route string) error {
	if v.held == nil {
		return nil
	}
	_, own := strings.CutPrefix(c.Path(), apiPrefix+"/tokens")
	reads := slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, c.Request().Method)
	switch {
	case v.held.Kind == auth.WallToken && (!onWall(route) && !withoutSession(route) || strings.Contains(c.QueryParam("columns"), "responsible")):
		return fault.New(fault.KindDenied, "wall_only_shows", "大屏只能查看", "a screen only shows")
	case own || route == "PUT "+apiPrefix+"/session/password":
		return fault.New(fault.KindDenied, "token_not_for_this", "此项须用账号登录后办理", "for this an account has to be signed in")
	case !v.held.MayChange && !reads && !withoutSession(route):
		return fault.New(fault.KindDenied, "token_only_reads", "令牌只有查看权限", "the token is for reading alone")
	}
	return nil
}
