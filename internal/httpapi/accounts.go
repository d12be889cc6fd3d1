package httpapi

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// office keeps accounts for who asks.
func (o *operations) office(ctx context.Context) *auth.Office { return o.Gate.Office(actorIn(ctx)) }

// ListAccounts implements gen.StrictServerInterface.
func (o *operations) ListAccounts(ctx context.Context, _ gen.ListAccountsRequestObject) (gen.ListAccountsResponseObject, error) {
	all, err := o.office(ctx).List(ctx)
	if err != nil {
		return nil, err
	}
	list := make(gen.ListAccounts200JSONResponse, len(all))
	for i, a := range all {
		list[i] = toAccount(a)
	}
	return list, nil
}

func toAccount(a auth.Listed) gen.Account {
	out := gen.Account{
		Login: a.Login, Person: toPerson(ledger.Person{Code: a.Actor.ID, Name: a.Actor.Name, Role: a.Actor.Role, Unit: a.Actor.Unit, Village: a.Actor.Village}),
		Disabled: a.Disabled, Approved: a.ApprovedBy != "", ApprovedBy: orNil(a.ApprovedBy), MustChange: a.MustChange, ChangedAt: a.ChangedAt,
		CreatedAt: a.CreatedAt, CreatedBy: a.CreatedBy, KeptHere: !campaign.Administers(a.Role),
	}
	if !a.SignedInAt.IsZero() {
		out.SignedInAt = &a.SignedInAt
	}
	return out
}

// CreateAccount implements gen.StrictServerInterface.
func (o *operations) CreateAccount(ctx context.Context, r gen.CreateAccountRequestObject) (gen.CreateAccountResponseObject, error) {
	given := given(r.Body.Login)
	if err := o.office(ctx).Add(ctx, auth.Draft{Login: given.Login, Person: r.Body.Person, Password: given.Password, MustChange: true}); err != nil {
		return nil, err
	}
	return gen.CreateAccount200JSONResponse{GivenPasswordJSONResponse: given}, nil
}

// given is a password to hand over.
func given(login string) gen.GivenPasswordJSONResponse {
	return gen.GivenPasswordJSONResponse{Login: login, Password: auth.RandomPassword(login)}
}

// DisableAccount implements gen.StrictServerInterface.
func (o *operations) DisableAccount(ctx context.Context, r gen.DisableAccountRequestObject) (gen.DisableAccountResponseObject, error) {
	if err := o.office(ctx).SetDisabled(ctx, r.Login, r.Body.Disabled); err != nil {
		return nil, err
	}
	return gen.DisableAccount204Response{}, nil
}

// ResetPassword implements gen.StrictServerInterface.
func (o *operations) ResetPassword(ctx context.Context, r gen.ResetPasswordRequestObject) (gen.ResetPasswordResponseObject, error) {
	given := given(r.Login)
	if err := o.office(ctx).Reset(ctx, r.Login, given.Password); err != nil {
		return nil, err
	}
	return gen.ResetPassword200JSONResponse{GivenPasswordJSONResponse: given}, nil
}

// EndSessions implements gen.StrictServerInterface.
func (o *operations) EndSessions(ctx context.Context, r gen.EndSessionsRequestObject) (gen.EndSessionsResponseObject, error) {
	if err := o.office(ctx).EndSessions(ctx, r.Login); err != nil {
		return nil, err
	}
	return gen.EndSessions204Response{}, nil
}

// ApproveAccount implements gen.StrictServerInterface.
func (o *operations) ApproveAccount(ctx context.Context, r gen.ApproveAccountRequestObject) (gen.ApproveAccountResponseObject, error) {
	if err := o.office(ctx).Approve(ctx, r.Login); err != nil {
		return nil, err
	}
	return gen.ApproveAccount204Response{}, nil
}

// ListStaff implements gen.StrictServerInterface.
func (o *operations) ListStaff(ctx context.Context, _ gen.ListStaffRequestObject) (gen.ListStaffResponseObject, error) {
	people, err := o.Catalogue.People(ctx, auth.Everything())
	if err != nil {
		return nil, err
	}
	running, err := o.Catalogue.Running(ctx)
	if err != nil {
		return nil, err
	}
	units, err := o.Catalogue.Units(ctx, running.ID)
	if err != nil {
		return nil, err
	}
	out := gen.ListStaff200JSONResponse{People: make([]gen.Person, len(people)), Roles: choices(campaign.Roles()), Units: []gen.Choice{}}
	for i, p := range people {
		out.People[i] = toPerson(p)
	}
	for _, u := range units {
		out.Units = append(out.Units, gen.Choice{Code: u.Code, Name: toText(u.Name)})
	}
	return out, nil
}

// PutPerson implements gen.StrictServerInterface.
func (o *operations) PutPerson(ctx context.Context, r gen.PutPersonRequestObject) (gen.PutPersonResponseObject, error) {
	put := ledger.PutPerson{Code: r.Code, Name: r.Body.Name, Role: r.Body.Role, Unit: orZero(r.Body.Unit), Village: orZero(r.Body.Village)}
	op := ledger.Operation{OpID: uuid.New(), Device: "browser", Changes: []ledger.Change{put}}
	_, err := o.Ledger.Apply(ctx, actorIn(ctx), op)
	e := audit.Rights(put.Code, put.Role, put.Unit)
	e.Outcome = audit.OutcomeOf(err)
	if told := o.Audit.Settle(ctx, e); err == nil {
		err = told
	}
	if err != nil {
		return nil, err
	}
	people, err := o.Catalogue.People(ctx, auth.Everything())
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(people, func(p ledger.Person) bool { return p.Code == put.Code })
	return gen.PutPerson200JSONResponse(toPerson(people[i])), nil
}

// ListSessions implements gen.StrictServerInterface.
func (o *operations) ListSessions(ctx context.Context, _ gen.ListSessionsRequestObject) (gen.ListSessionsResponseObject, error) {
	v := visitorIn(ctx)
	all, err := o.Gate.Sessions(ctx, v.session, v.token)
	if err != nil {
		return nil, err
	}
	list := make(gen.ListSessions200JSONResponse, len(all))
	for i, s := range all {
		list[i] = gen.OpenSession{Name: s.Name, Address: s.Address, Agent: s.Agent, BeganAt: s.BeganAt.In(time.UTC), ActiveAt: s.ActiveAt.In(time.UTC), Own: s.Own}
	}
	return list, nil
}

// EndSession implements gen.StrictServerInterface.
func (o *operations) EndSession(ctx context.Context, r gen.EndSessionRequestObject) (gen.EndSessionResponseObject, error) {
	if err := o.Gate.EndSession(ctx, visitorIn(ctx).session, r.Name); err != nil {
		return nil, err
	}
	return gen.EndSession204Response{}, nil
}
