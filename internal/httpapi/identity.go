package httpapi

import (
	"context"
	"net/http"
	"sync/atomic"

	"github.com/labstack/echo/v4"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// personCookie names who acts in this browser until accounts exist.
const personCookie = "guatu_person"

type actorKey struct{}

// identify puts the actor of the request into its context.
func (s *Server) identify(next gen.StrictHandlerFunc, _ string) gen.StrictHandlerFunc {
	return func(c echo.Context, request any) (any, error) {
		actor, err := s.actor(c)
		if err != nil {
			return nil, err
		}
		c.SetRequest(c.Request().WithContext(context.WithValue(c.Request().Context(), actorKey{}, actor)))
		return next(c, request)
	}
}

// actor is the person the cookie names; the zero Actor if nobody was picked.
func (s *Server) actor(c echo.Context) (auth.Actor, error) {
	cookie, err := c.Cookie(personCookie)
	if err != nil || cookie.Value == "" {
		return auth.Actor{}, nil //nolint:nilerr // without a cookie nobody was picked: that is no failure
	}
	if cookie.Value == auth.System().ID {
		return auth.System(), nil // the command line of this machine
	}
	p, err := s.person(c.Request().Context(), cookie.Value)
	if fault.KindOf(err) == fault.KindNotFound {
		return auth.Actor{}, nil // a cookie of another campaign's person
	}
	return auth.Actor{ID: p.Code, Name: p.Name, Role: p.Role, Unit: p.Unit}, err
}

// people are held in memory: every request names one. They come with the
// campaign and its units, and are read again when these have changed.
type people struct{ held atomic.Pointer[peopleAt] }

type peopleAt struct {
	revision int64
	list     []ledger.Person
}

func (p *people) now(ctx context.Context, revision int64, source Catalogue) ([]ledger.Person, error) {
	if held := p.held.Load(); held != nil && held.revision == revision {
		return held.list, nil
	}
	list, err := source.People(ctx)
	if err == nil {
		p.held.Store(&peopleAt{revision, list})
	}
	return list, err
}

func (s *Server) person(ctx context.Context, code string) (ledger.Person, error) {
	people, err := s.people.now(ctx, s.Layers.Now().UnitsRevision(), s.Catalogue)
	if err != nil {
		return ledger.Person{}, err
	}
	for _, p := range people {
		if p.Code == code {
			return p, nil
		}
	}
	return ledger.Person{}, fault.New(fault.KindNotFound, "person_not_found", "没有这个人员", "there is no such person")
}

func actorIn(ctx context.Context) auth.Actor {
	actor, _ := ctx.Value(actorKey{}).(auth.Actor)
	return actor
}

func scopeIn(ctx context.Context) auth.Scope { return scopeOf(actorIn(ctx)) }

func scopeOf(a auth.Actor) auth.Scope {
	if a.ID == "" {
		return auth.Public()
	}
	return auth.ScopeOf(a)
}

// ListPeople implements gen.StrictServerInterface.
func (o *operations) ListPeople(ctx context.Context, _ gen.ListPeopleRequestObject) (gen.ListPeopleResponseObject, error) {
	people, err := o.Catalogue.People(ctx)
	if err != nil {
		return nil, err
	}
	list := make(gen.ListPeople200JSONResponse, len(people))
	for i, p := range people {
		list[i] = toPerson(p)
	}
	return list, nil
}

// GetSession implements gen.StrictServerInterface.
func (o *operations) GetSession(ctx context.Context, _ gen.GetSessionRequestObject) (gen.GetSessionResponseObject, error) {
	a := actorIn(ctx)
	if a.ID == "" {
		return gen.GetSession200JSONResponse{}, nil
	}
	p := toPerson(ledger.Person{Code: a.ID, Name: a.Name, Role: a.Role, Unit: a.Unit})
	return gen.GetSession200JSONResponse{Person: &p}, nil
}

// PutSession implements gen.StrictServerInterface.
func (o *operations) PutSession(ctx context.Context, r gen.PutSessionRequestObject) (gen.PutSessionResponseObject, error) {
	found, err := o.person(ctx, r.Body.Person)
	if err != nil {
		return nil, err
	}
	p := toPerson(found)
	cookie := (&http.Cookie{Name: personCookie, Value: found.Code, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode}).String() //nolint:gosec // plain HTTP on loopback: a Secure cookie would be dropped
	return gen.PutSession200JSONResponse{
		Body:    gen.Session{Person: &p},
		Headers: gen.PutSession200ResponseHeaders{SetCookie: &cookie},
	}, nil
}

func toPerson(p ledger.Person) gen.Person {
	out := gen.Person{Id: p.Code, Name: p.Name, Role: p.Role, RoleName: toText(campaign.RoleName(p.Role))}
	if p.Unit != "" {
		out.Unit = &p.Unit
	}
	return out
}
