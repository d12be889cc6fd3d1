package auth

import (
	"context"

	"github.com/guatu/guatu/internal/fault"
)

// Draft is an account to be made.
type Draft struct {
	Login      string
	Person     string // code of the person it acts as
	Password   string
	MustChange bool // the password is good for a first sign-in alone
}

// Add makes accounts, all or none.
func (g *Gate) Add(ctx context.Context, drafts ...Draft) error {
	accounts := make([]Account, len(drafts))
	for i, d := range drafts {
		a := Account{Login: normalLogin(d.Login), Person: d.Person, MustChange: d.MustChange, CreatedAt: g.clock(), ChangedAt: g.clock()}
		if a.Login == "" {
			return fault.New(fault.KindInvalid, "login_not_plain", "账号须由字母、数字、点、横线、下划线组成，以字母或数字开头，最多 40 位",
				"a login consists of letters, digits, dots, dashes and underscores, begins with a letter or digit and has at most 40 characters")
		}
		if err := g.rules.CheckPassword(a.Login, d.Password); err != nil {
			return err
		}
		var err error
		if a.Password, err = g.hasher.hash(ctx, d.Password); err != nil {
			return err
		}
		accounts[i] = a
	}
	return g.store.AddAccounts(ctx, accounts)
}

// Reset gives an account a password that must be changed at the next sign-in, and ends its sessions.
func (g *Gate) Reset(ctx context.Context, login, password string) error {
	a, err := g.account(ctx, login)
	if err != nil {
		return err
	}
	a.MustChange = true
	return g.setPassword(ctx, a, password)
}

// SetDisabled closes an account, or opens it again; closing ends its sessions.
func (g *Gate) SetDisabled(ctx context.Context, login string, disabled bool) error {
	a, err := g.account(ctx, login)
	if err != nil {
		return err
	}
	return g.store.SetDisabled(ctx, a.Login, disabled)
}

func (g *Gate) account(ctx context.Context, login string) (Account, error) {
	a, err := g.store.Account(ctx, normalLogin(login))
	if fault.KindOf(err) == fault.KindNotFound {
		return a, fault.New(fault.KindNotFound, "account_not_found", "没有账号 "+login, "there is no account "+login)
	}
	return a, err
}

// List gives every account, by login.
func (g *Gate) List(ctx context.Context) ([]Listed, error) { return g.store.Listed(ctx) }
