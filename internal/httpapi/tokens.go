package httpapi

import (
	"context"
	"net/netip"
	"slices"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// ListTokens implements gen.StrictServerInterface.
func (o *operations) ListTokens(ctx context.Context, _ gen.ListTokensRequestObject) (gen.ListTokensResponseObject, error) {
	tokens, err := o.Keys.List(ctx, visitorIn(ctx).holder())
	if err != nil {
		return nil, err
	}
	list := make(gen.ListTokens200JSONResponse, len(tokens))
	for i, t := range tokens {
		list[i] = toToken(t)
	}
	return list, nil
}

// MakeToken implements gen.StrictServerInterface.
func (o *operations) MakeToken(ctx context.Context, r gen.MakeTokenRequestObject) (gen.MakeTokenResponseObject, error) {
	w := auth.Wanted{Kind: auth.TokenKind(r.Body.Kind), Name: r.Body.Name, Unit: orZero(r.Body.Unit), MayChange: orZero(r.Body.MayChange), Days: int(orZero(r.Body.Days))}
	if err := o.knownUnit(ctx, w.Unit); err != nil {
		return nil, err
	}
	var err error
	if w.Networks, err = networks(orZero(r.Body.Networks)); err != nil {
		return nil, err
	}
	secret, t, err := o.Keys.Make(ctx, visitorIn(ctx).holder(), w)
	if err != nil {
		return nil, err
	}
	return gen.MakeToken200JSONResponse{Secret: secret, Token: toToken(t)}, nil
}

func (o *operations) knownUnit(ctx context.Context, code string) error {
	if code == "" {
		return nil
	}
	running, err := o.Catalogue.Running(ctx)
	if err != nil {
		return err
	}
	units, err := o.Catalogue.Units(ctx, running.ID)
	if err == nil && !slices.ContainsFunc(units, func(u ledger.Unit) bool { return u.Code == code }) {
		err = fault.New(fault.KindInvalid, "unit_unknown", "没有这个责任主体", "there is no such responsible unit")
	}
	return err
}

// networks reads addresses and networks.
func networks(texts []string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, text := range texts {
		p, err := netip.ParsePrefix(text)
		if a, single := netip.ParseAddr(text); single == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return nil, fault.New(fault.KindInvalid, "network_unread", "地址“"+text+"”应写作 10.12.0.7 或 10.12.0.0/24", "write the address “"+text+"” as 10.12.0.7 or 10.12.0.0/24").Because(err)
		}
		all = append(all, p.Masked())
	}
	return all, nil
}

// RevokeToken implements gen.StrictServerInterface.
func (o *operations) RevokeToken(ctx context.Context, r gen.RevokeTokenRequestObject) (gen.RevokeTokenResponseObject, error) {
	if err := o.Keys.Revoke(ctx, visitorIn(ctx).holder(), r.Id); err != nil {
		return nil, err
	}
	return gen.RevokeToken204Response{}, nil
}

// MakeEnrolment implements gen.StrictServerInterface.
func (o *operations) MakeEnrolment(ctx context.Context, _ gen.MakeEnrolmentRequestObject) (gen.MakeEnrolmentResponseObject, error) {
	code, expires, err := o.Keys.Enrolment(ctx, visitorIn(ctx).holder())
	if err != nil {
		return nil, err
	}
	return gen.MakeEnrolment200JSONResponse{Code: code, ExpiresAt: expires}, nil
}

// EnterWall implements gen.StrictServerInterface.
func (o *operations) EnterWall(ctx context.Context, r gen.EnterWallRequestObject) (gen.EnterWallResponseObject, error) {
	v := visitorIn(ctx)
	t, err := o.Keys.Use(ctx, r.Body.Token, v.address, auth.WallToken)
	if err != nil {
		return nil, err
	}
	answer := gen.SignedInJSONResponse{Body: o.toHeld(t), Headers: gen.SignedInResponseHeaders{SetCookie: setCookie(v, wallCookie, r.Body.Token, wallLife)}}
	return gen.EnterWall200JSONResponse{SignedInJSONResponse: answer}, nil
}

// EnrolDevice implements gen.StrictServerInterface.
func (o *operations) EnrolDevice(ctx context.Context, r gen.EnrolDeviceRequestObject) (gen.EnrolDeviceResponseObject, error) {
	v := visitorIn(ctx)
	secret, t, err := o.Keys.Enrol(ctx, r.Body.Code, orZero(r.Body.Name), v.address)
	if err != nil {
		return nil, err
	}
	answer := gen.SignedInJSONResponse{Body: o.toHeld(t), Headers: gen.SignedInResponseHeaders{SetCookie: setCookie(v, deviceCookie, secret, wallLife)}}
	return gen.EnrolDevice200JSONResponse{SignedInJSONResponse: answer}, nil
}

// leavePhone signs a phone out: it is enrolled no more, and a session on it ends too.
func (o *operations) leavePhone(ctx context.Context, v visitor) (gen.SignOutResponseObject, error) {
	t, err := o.Keys.Use(ctx, v.phone, v.address, auth.DeviceToken)
	if err == nil {
		err = o.Keys.Revoke(ctx, auth.Holder{Actor: t.Owner, Login: t.Login, Address: v.address}, t.ID)
	}
	if err != nil && fault.KindOf(err) != fault.KindUnidentified {
		return nil, err
	}
	if v.session.Login != "" {
		if err := o.Gate.SignOut(ctx, v.token, false); err != nil {
			return nil, err
		}
	}
	return gen.SignOut204Response{Headers: gen.SignOut204ResponseHeaders{SetCookie: setCookie(v, deviceCookie, "", 0)}}, nil
}

// toHeld says who is here with a token.
func (o *operations) toHeld(t auth.Token) gen.Session {
	if t.Kind == auth.WallToken {
		out := o.toSession(auth.Session{})
		out.Wall = &gen.Wall{Name: t.Name, Unit: orNil(t.Unit)}
		return out
	}
	out := o.toSession(auth.Session{Login: t.Login, Actor: t.Actor()})
	device := t.Kind == auth.DeviceToken
	out.Device = &device
	return out
}

func toToken(t auth.Token) gen.Token {
	out := gen.Token{
		Id: t.ID, Kind: gen.TokenKind(t.Kind), Name: t.Name, Login: t.Login, Person: t.Owner.Name, Unit: orNil(t.Unit), MayChange: t.MayChange, Networks: []string{},
		MadeAt: t.MadeAt, MadeBy: t.MadeBy, ExpiresAt: orNil(t.ExpiresAt), UsedAt: orNil(t.UsedAt), UsedFrom: orNil(t.UsedFrom),
		RevokedAt: orNil(t.RevokedAt), RevokedBy: orNil(t.RevokedBy), State: gen.TokenStateInForce,
	}
	if !t.UnsentAt.IsZero() {
		n := int32(t.Unsent) //nolint:gosec // held by unsent
		out.Unsent, out.UnsentAt = &n, &t.UnsentAt
	}
	switch {
	case !t.RevokedAt.IsZero():
		out.State = gen.TokenStateRevoked
	case t.Expired:
		out.State = gen.TokenStateExpired
	}
	for _, p := range t.Networks {
		text := p.String()
		if p.IsSingleIP() {
			text = p.Addr().String()
		}
		out.Networks = append(out.Networks, text)
	}
	return out
}
