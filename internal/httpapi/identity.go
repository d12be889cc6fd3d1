package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// ListPeople implements gen.StrictServerInterface.
func (o *operations) ListPeople(ctx context.Context, _ gen.ListPeopleRequestObject) (gen.ListPeopleResponseObject, error) {
	people, err := o.Catalogue.People(ctx, scopeIn(ctx))
	if err != nil {
		return nil, err
	}
	list := make(gen.ListPeople200JSONResponse, 0, len(people))
	for _, p := range people {
		if !campaign.Administers(p.Role) {
			list = append(list, toPerson(p))
		}
	}
	return list, nil
}

// GetSession implements gen.StrictServerInterface.
func (o *operations) GetSession(ctx context.Context, _ gen.GetSessionRequestObject) (gen.GetSessionResponseObject, error) {
	v := visitorIn(ctx)
	out := o.toSession(v.session)
	if v.held != nil {
		out = o.toHeld(*v.held)
	}
	if f, ok := fault.As(v.refused); ok {
		refused := gen.SessionRefused(v.shown)
		out.Refusal, out.Refused = &gen.Text{Zh: f.ZH, En: f.EN}, &refused
	}
	return gen.GetSession200JSONResponse(out), nil
}

// SignIn implements gen.StrictServerInterface.
func (o *operations) SignIn(ctx context.Context, r gen.SignInRequestObject) (gen.SignInResponseObject, error) {
	v := visitorIn(ctx)
	session, err := o.Gate.SignIn(ctx, auth.Attempt{Login: r.Body.Login, Password: r.Body.Password, Address: v.address, Agent: v.agent, Token: v.token})
	if err != nil {
		return nil, err
	}
	return gen.SignIn200JSONResponse{SignedInJSONResponse: o.signedIn(v, session)}, nil
}

// SignOut implements gen.StrictServerInterface.
func (o *operations) SignOut(ctx context.Context, r gen.SignOutRequestObject) (gen.SignOutResponseObject, error) {
	v := visitorIn(ctx)
	if v.phone != "" {
		return o.leavePhone(ctx, v)
	}
	if v.session.Login != "" {
		if err := o.Gate.SignOut(ctx, v.token, orZero(r.Params.Everywhere)); err != nil {
			return nil, err
		}
	}
	return gen.SignOut204Response{Headers: gen.SignOut204ResponseHeaders{SetCookie: setCookie(v, sessionCookie, "", 0)}}, nil
}

// ChangePassword implements gen.StrictServerInterface.
func (o *operations) ChangePassword(ctx context.Context, r gen.ChangePasswordRequestObject) (gen.ChangePasswordResponseObject, error) {
	v := visitorIn(ctx)
	v.session.Address, v.session.Agent = v.address, v.agent
	session, err := o.Gate.ChangePassword(ctx, v.session, r.Body.Old, r.Body.New)
	if err != nil {
		return nil, err
	}
	return gen.ChangePassword200JSONResponse{SignedInJSONResponse: o.signedIn(v, session)}, nil
}

func (o *operations) signedIn(v visitor, s auth.Session) gen.SignedInJSONResponse {
	return gen.SignedInJSONResponse{Body: o.toSession(s), Headers: gen.SignedInResponseHeaders{SetCookie: setCookie(v, sessionCookie, s.Token, 0)}}
}

// toSession says who is signed in; the zero Session is nobody.
func (o *operations) toSession(s auth.Session) gen.Session {
	rules := o.Gate.Rules()
	out := gen.Session{IdleMinutes: int32(rules.Idle.Minutes()), PasswordRule: toText(rules.Rule())}
	if s.Login == "" {
		if o.Outside != nil {
			out.SignInBy = &o.Outside.Name
		}
		return out
	}
	p := toPerson(ledger.Person{Code: s.Actor.ID, Name: s.Actor.Name, Role: s.Actor.Role, Unit: s.Actor.Unit, Village: s.Actor.Village})
	out.Person, out.Login = &p, &s.Login
	if s.Due != auth.NotDue {
		due := gen.SessionDue(s.Due)
		out.Due = &due
	}
	return out
}

func toPerson(p ledger.Person) gen.Person {
	out := gen.Person{Id: p.Code, Name: p.Name, Role: p.Role, RoleName: toText(campaign.RoleName(p.Role))}
	if p.Unit != "" {
		out.Unit = &p.Unit
	}
	out.Village = optional(p.Village)
	return out
}
