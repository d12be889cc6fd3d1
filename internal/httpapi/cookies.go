package httpapi

import (
	"net/http"
	"time"
)

// Cookies are secrets of ways in: of a session, of an enrolled phone, of a screen.
const (
	sessionCookie = "guatu_session"
	deviceCookie  = "guatu_device"
	wallCookie    = "guatu_wall"
)

// cookieName: over TLS the browser itself holds the cookie to this host and to encryption.
func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

func cookieIn(r *http.Request, name string, secure bool) string {
	c, err := r.Cookie(cookieName(name, secure))
	if err != nil {
		return ""
	}
	return c.Value
}

// setCookie is a Set-Cookie; without a life it goes with the browser, and an empty secret takes it away.
func setCookie(v visitor, name, secret string, life time.Duration) *string {
	c := http.Cookie{Name: cookieName(name, v.secure), Value: secret, Path: "/", HttpOnly: true, Secure: v.secure, SameSite: http.SameSiteStrictMode, MaxAge: int(life.Seconds())} //nolint:gosec // Secure wherever what travels is encrypted; on loopback over plain HTTP a browser would drop it
	if secret == "" {
		c.MaxAge = -1
	}
	text := c.String()
	return &text
}
