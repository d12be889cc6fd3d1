package auth

import (
	"context"
	"encoding/hex"

	"github.com/guatu/guatu/internal/fault"
)

// nameBytes of a token's SHA-256 name a session.
const nameBytes = 8

// Sessions are the sessions of who is signed in that are not over, newest first.
func (g *Gate) Sessions(ctx context.Context, s Session, token string) ([]Open, error) {
	all, err := g.store.Sessions(ctx, s.Login)
	if err != nil {
		return nil, err
	}
	own, now := hex.EncodeToString(fingerprint(token)[:nameBytes]), g.clock()
	list := make([]Open, 0, len(all))
	for _, o := range all {
		if g.over(Session{BeganAt: o.BeganAt, ActiveAt: o.ActiveAt}, now) == nil {
			o.Own = o.Name == own
			list = append(list, o)
		}
	}
	return list, nil
}

// EndSession ends one of the sessions of who is signed in.
func (g *Gate) EndSession(ctx context.Context, s Session, name string) error {
	there, err := g.store.CloseNamed(ctx, s.Login, name)
	if err == nil && !there {
		err = fault.New(fault.KindNotFound, "session_not_found", "该登录已结束", "this session is over")
	}
	return g.ended(ctx, SignedOut, s, err)
}
