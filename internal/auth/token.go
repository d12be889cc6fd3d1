package auth

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"hash/crc32"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// TokenKind is what a token is for.
type TokenKind string

// Kinds of tokens.
const (
	WallToken   TokenKind = "wall"   // a screen: shows one view and nothing that is anybody's
	APIToken    TokenKind = "api"    // a program, with at most its owner's rights
	DeviceToken TokenKind = "device" // a phone, with its owner's rights
)

// RoleWall is whom a screen is for: everybody who passes by.
const RoleWall = "wall"

// Times of tokens.
const (
	// DeviceLife is how long a phone may stay away (30 days offline).
	DeviceLife = 30 * 24 * time.Hour
	// EnrolmentLife is how long a code on the screen is good for.
	EnrolmentLife = 10 * time.Minute
	// longestToken is how long a program's token is good for at most.
	longestToken = 366 * 24 * time.Hour
)

// Token is a way in that is not a password. Its secret is shown once, to who made it.
type Token struct {
	ID        int64
	Kind      TokenKind
	Name      string
	Login     string // whose rights it has; who made it, of a wall
	Owner     Actor  // the account's person
	MadeBy    string // login
	Unit      string // the one unit that is shown or worked on; "": all that the owner may
	MayChange bool
	Networks  []netip.Prefix // where it may be used; none: anywhere
	MadeAt    time.Time
	ExpiresAt time.Time // zero: never
	UsedAt    time.Time // zero: never
	UsedFrom  string
	RevokedAt time.Time // zero: in force
	RevokedBy string
	Expired   bool      // when it was listed
	Unsent    int       // acts and photos that a phone holds and has not sent, as it said
	UnsentAt  time.Time // when it said so; zero: never

	closed bool // the owner's account is
}

// Closed tells the store's reading of the owner's account.
func (t Token) Closed(closed bool) Token {
	t.closed = closed
	return t
}

// Actor is who acts with the token.
func (t Token) Actor() Actor {
	if t.Kind == WallToken {
		return Actor{ID: "wall", Name: t.Name, Role: RoleWall, Unit: t.Unit}
	}
	actor := t.Owner
	if t.Unit != "" {
		actor.Unit = t.Unit
	}
	return actor
}

// check refuses a token that is no good now, or not from there.
func (t Token) check(address string, now time.Time) error {
	switch {
	case !t.RevokedAt.IsZero() && t.Kind == WallToken:
		return fault.New(fault.KindUnidentified, "wall_revoked", "此大屏已停用，请联系区整治办", "this screen has been switched off; please ask the district office")
	case !t.RevokedAt.IsZero():
		return fault.New(fault.KindUnidentified, "token_revoked", "令牌已停用，可联系区整治办", "the token has been revoked; please ask the district office")
	case !t.ExpiresAt.IsZero() && !now.Before(t.ExpiresAt):
		return fault.New(fault.KindUnidentified, "token_expired", "令牌已到期，请重新申请", "the token has expired; please get another")
	case t.closed && t.Kind != WallToken:
		return fault.New(fault.KindUnidentified, "account_disabled", "账号已停用，可联系区整治办", "the account is disabled; please ask the district office")
	case !t.from(address):
		return fault.New(fault.KindUnidentified, "token_elsewhere", "令牌不能在此地址使用", "the token may not be used from this address")
	}
	// An owner who moved to another unit takes no token along for the one they left.
	if t.Kind == APIToken && t.Unit != "" && t.Owner.Unit != "" && t.Owner.Unit != t.Unit {
		return fault.New(fault.KindUnidentified, "token_other_unit", "令牌所属责任主体已不在您的权限范围内", "the token's unit is no longer within your rights")
	}
	return nil
}

func (t Token) from(address string) bool {
	if len(t.Networks) == 0 {
		return true
	}
	a, err := netip.ParseAddr(address)
	return err == nil && slices.ContainsFunc(t.Networks, func(p netip.Prefix) bool { return p.Contains(a.Unmap()) })
}

func errTokenUnknown() error {
	return fault.New(fault.KindUnidentified, "token_unknown", "令牌无效", "the token is not known")
}

// Secrets begin with a word by which a leaked one is recognised, and end with a
// checksum by which a finder knows it for one without asking.
func prefix(kind TokenKind) string { return "guatu_" + string(kind) + "_" }

func newSecret(prefix string) string {
	body := prefix + rand.Text()
	return body + checksum(body)
}

func checksum(body string) string {
	sum := binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(body)))
	return base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum)
}

const checksumLength = 7

// LooksLikeToken tells whether a text is the secret of a token, known or not.
func LooksLikeToken(text string) bool {
	cut := len(text) - checksumLength
	return strings.HasPrefix(text, "guatu_") && cut > 0 && checksum(text[:cut]) == text[cut:]
}
