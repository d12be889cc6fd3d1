package audit

import "context"

// Origin is where a request comes from.
type Origin struct {
	Actor   string // code of the person; "" while nobody is signed in
	Login   string
	Address string
	Agent   string
	Request string // id of the request
}

// OriginKey is the key of a context's *Origin, for contexts that keep it themselves.
type OriginKey struct{}

// From gives the context an origin, for every entry that is made on its way.
func From(ctx context.Context, o Origin) context.Context {
	return context.WithValue(ctx, OriginKey{}, &o)
}

// OriginIn is the origin of the context; zero if there is none.
func OriginIn(ctx context.Context) Origin {
	if o, there := ctx.Value(OriginKey{}).(*Origin); there {
		return *o
	}
	return Origin{}
}

// Known says who the origin of the context is, before anything is done for them: of a context without one it says nothing.
func Known(ctx context.Context, actor, login string) {
	if o, there := ctx.Value(OriginKey{}).(*Origin); there {
		o.Actor, o.Login = actor, login
	}
}

// Rights is the entry of a role and an area that were given to a person; "" is the whole district.
func Rights(person, role, unit string) Entry {
	return Entry{Kind: RightsAssigned, Object: "person/" + person, Details: map[string]any{"role": role, "unit": unit}}
}

// from fills in what the entry leaves open. Who could not be known from the
// request (somebody about to sign in) is not overwritten.
func (e Entry) from(o Origin) Entry {
	for _, f := range []struct {
		into *string
		from string
	}{{&e.Actor, o.Actor}, {&e.Login, o.Login}, {&e.Address, o.Address}, {&e.Agent, o.Agent}, {&e.Request, o.Request}} {
		if *f.into == "" {
			*f.into = f.from
		}
	}
	return e
}
