package auth

import (
	"context"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Office is where accounts are kept, for one who acts there. The machine's
// owner (System) may do everything; the system administrator makes, closes and
// resets accounts of the campaign's people, the security administrator approves
// them. The database holds the same.
type Office struct {
	gate *Gate
	by   Actor
}

// Office is the office for an actor.
func (g *Gate) Office(by Actor) *Office { return &Office{g, by} }

// Draft is an account to be made.
type Draft struct {
	Login      string
	Person     string // code of the person it acts as
	Password   string
	MustChange bool // the password is good for a first sign-in alone
}

// Add makes accounts on the machine, all or none.
func (g *Gate) Add(ctx context.Context, drafts ...Draft) error {
	return g.Office(System()).Add(ctx, drafts...)
}

// Add makes accounts, all or none. They let nobody in before somebody else has approved them, unless the machine's owner makes them.
func (o *Office) Add(ctx context.Context, drafts ...Draft) error {
	if err := o.mayKeep(); err != nil {
		return err
	}
	accounts := make([]Account, len(drafts))
	for i, d := range drafts {
		var err error
		if accounts[i], err = o.draw(ctx, d); err != nil {
			return err
		}
	}
	err := o.gate.store.AddAccounts(ctx, o.by.ID, accounts)
	for i := range accounts {
		if told := o.tell(ctx, AccountMade, accounts[i].Login, err); err == nil && told != nil {
			return told
		}
	}
	return err
}

func (o *Office) draw(ctx context.Context, d Draft) (Account, error) {
	now := o.gate.clock()
	a := Account{Login: normalLogin(d.Login), Person: d.Person, MustChange: d.MustChange || o.by != System(), CreatedAt: now, ChangedAt: now, CreatedBy: o.by.ID}
	if o.by == System() {
		a.ApprovedBy, a.ApprovedAt = o.by.ID, now
	}
	if a.Login == "" {
		return a, fault.New(fault.KindInvalid, "login_not_plain", "账号须由字母、数字、点、横线、下划线组成，以字母或数字开头，最多 40 位",
			"a login consists of letters, digits, dots, dashes and underscores, begins with a letter or digit and has at most 40 characters")
	}
	if err := o.gate.rules.CheckPassword(a.Login, d.Password); err != nil {
		return a, err
	}
	var err error
	a.Password, err = o.gate.hasher.hash(ctx, d.Password)
	return a, err
}

// Approve lets an account in that somebody else made.
func (o *Office) Approve(ctx context.Context, login string) error {
	if o.by != System() && o.by.Role != campaign.RoleSecurityAdmin {
		return NoRight()
	}
	a, err := o.gate.account(ctx, login)
	if err != nil {
		return err
	}
	err = o.gate.store.Approve(ctx, o.by.ID, a.Login, o.gate.clock())
	return o.told(ctx, AccountApproved, a.Login, err)
}

// Reset gives an account a password that must be changed at the next sign-in, and ends its sessions.
func (g *Gate) Reset(ctx context.Context, login, password string) error {
	return g.Office(System()).Reset(ctx, login, password)
}

// Reset gives an account a password that must be changed at the next sign-in, and ends its sessions.
func (o *Office) Reset(ctx context.Context, login, password string) error {
	a, err := o.kept(ctx, login)
	if err != nil {
		return err
	}
	a.MustChange = true
	return o.told(ctx, PasswordReset, a.Login, o.gate.setPassword(ctx, o.by.ID, a, password))
}

// SetDisabled closes an account on the machine, or opens it again; closing ends its sessions.
func (g *Gate) SetDisabled(ctx context.Context, login string, disabled bool) error {
	return g.Office(System()).SetDisabled(ctx, login, disabled)
}

// SetDisabled closes an account, or opens it again; closing ends its sessions.
func (o *Office) SetDisabled(ctx context.Context, login string, disabled bool) error {
	a, err := o.kept(ctx, login)
	if err != nil {
		return err
	}
	deed := AccountOpened
	if disabled {
		deed = AccountClosed
	}
	return o.told(ctx, deed, a.Login, o.gate.store.SetDisabled(ctx, o.by.ID, a.Login, disabled))
}

// EndSessions signs an account out everywhere.
func (o *Office) EndSessions(ctx context.Context, login string) error {
	a, err := o.kept(ctx, login)
	if err != nil {
		return err
	}
	return o.told(ctx, SessionsEnded, a.Login, o.gate.store.CloseSessions(ctx, a.Login))
}

// kept is an account that the actor may keep. Those of the three administrators are kept on the machine.
func (o *Office) kept(ctx context.Context, login string) (Account, error) {
	if err := o.mayKeep(); err != nil {
		return Account{}, err
	}
	a, err := o.gate.account(ctx, login)
	if err == nil && o.by != System() && campaign.Administers(a.Role) {
		err = fault.New(fault.KindDenied, "administrators_on_the_machine", "系统、安全、审计管理员的账号只能在服务器上用 guatu user 办理",
			"the accounts of the three administrators are kept on the server, with guatu user")
	}
	return a, err
}

func (o *Office) mayKeep() error {
	if o.by != System() && o.by.Role != campaign.RoleSystemAdmin {
		return NoRight()
	}
	return nil
}

// List gives every account, by login, for who keeps or approves them.
func (o *Office) List(ctx context.Context) ([]Listed, error) {
	if o.by != System() && o.by.Role != campaign.RoleSystemAdmin && o.by.Role != campaign.RoleSecurityAdmin {
		return nil, NoRight()
	}
	return o.gate.store.Listed(ctx)
}

// List gives every account, by login, on the machine.
func (g *Gate) List(ctx context.Context) ([]Listed, error) { return g.Office(System()).List(ctx) }

func (g *Gate) account(ctx context.Context, login string) (Account, error) {
	a, err := g.store.Account(ctx, normalLogin(login))
	if fault.KindOf(err) == fault.KindNotFound {
		return a, fault.New(fault.KindNotFound, "account_not_found", "没有账号 "+login, "there is no account "+login)
	}
	return a, err
}

// told has what was done to an account written down, with how it went.
func (o *Office) told(ctx context.Context, deed Deed, login string, err error) error {
	if told := o.tell(ctx, deed, login, err); err == nil {
		return told
	}
	return err
}

func (o *Office) tell(ctx context.Context, deed Deed, login string, err error) error {
	return o.gate.witness.After(ctx, Event{Deed: deed, Refusal: refusalOf(err), By: o.by.ID, Account: login})
}
