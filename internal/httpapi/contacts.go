package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/secret"
)

// GetContact implements gen.StrictServerInterface.
func (o *operations) GetContact(ctx context.Context, r gen.GetContactRequestObject) (gen.GetContactResponseObject, error) {
	scope := scopeIn(ctx)
	c, err := o.Contacts.Contact(ctx, scope, r.Id)
	if err != nil {
		return nil, err
	}
	may := func(kind string) bool { return scope.Actor().May(kind) == nil }
	out := gen.GetContact200JSONResponse{Version: c.Version, Erased: c.Erased, MayPut: may(ledger.KindContactPut), MayShow: may(secret.KindShow), MayErase: may(ledger.KindContactErase)}
	if c.Masked != (secret.Details{}) {
		masked := toContact(c.Masked)
		out.Masked = &masked
	}
	return out, nil
}

// ShowContact implements gen.StrictServerInterface.
func (o *operations) ShowContact(ctx context.Context, r gen.ShowContactRequestObject) (gen.ShowContactResponseObject, error) {
	full, err := o.Contacts.Show(ctx, scopeIn(ctx), r.Id, r.Body.Reason)
	if err != nil {
		return nil, err
	}
	return gen.ShowContact200JSONResponse(toContact(full)), nil
}

func toContact(d secret.Details) gen.ContactDetails {
	return gen.ContactDetails{Name: optional(d.Name), Phone: optional(d.Phone), Identity: optional(d.Identity)}
}
