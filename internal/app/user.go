package app

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/postgres"
)

// accountDesk is what guatu user works with, beside a running server or alone.
type accountDesk struct {
	t      Terminal
	gate   *auth.Gate
	store  *postgres.Store
	access *audit.Log
	ledger *ledger.Ledger
}

const userUsage = "guatu user add LOGIN (--person CODE | --name NAME --role ROLE [--unit UNIT]) | password LOGIN | disable LOGIN | enable LOGIN | link LOGIN ZHEZHENGDING_ACCOUNT_ID | list"

func badUser(err error) error {
	return fault.New(fault.KindInvalid, "bad_arguments", "用法："+userUsage, "usage: "+userUsage).Because(err)
}

// user manages accounts. That it may is proven by the database's private socket, or by DATABASE_URL.
func user(ctx context.Context, t Terminal, cfg config.Config, args []string) (int, error) {
	if len(args) == 0 {
		return exitRefused, badUser(nil)
	}
	does := map[string]func(*accountDesk, context.Context, []string) error{
		"add": (*accountDesk).add, "password": (*accountDesk).password, "link": (*accountDesk).link, "list": (*accountDesk).list,
		"disable": func(d *accountDesk, ctx context.Context, args []string) error { return d.close(ctx, args, true) },
		"enable":  func(d *accountDesk, ctx context.Context, args []string) error { return d.close(ctx, args, false) },
	}[args[0]]
	if does == nil {
		return exitRefused, badUser(nil)
	}
	ctx = onTheMachine(ctx, "guatu user")
	b, err := openBeside(ctx, t, cfg)
	if err != nil {
		return exitRefused, err
	}
	defer b.done()
	gate, err := openGate(ctx, cfg, b.store, b.access)
	if err != nil {
		return exitRefused, err
	}
	running, err := b.store.Running(ctx)
	if err != nil {
		return exitRefused, err
	}
	now := func() time.Time { return running.Definition.Clock.Now(time.Now()) }
	desk := &accountDesk{t: t, gate: gate, store: b.store, access: b.access, ledger: ledger.New(b.store, now, logger(t, cfg.LogLevel))}
	if err := does(desk, ctx, args[1:]); err != nil {
		return exitRefused, err
	}
	return exitOK, nil
}

// add makes an account for a person of the campaign, or for a new one.
func (d *accountDesk) add(ctx context.Context, args []string) error {
	var person string
	var put ledger.PutPerson
	f := flag.NewFlagSet("guatu user add", flag.ContinueOnError)
	f.SetOutput(d.t.Err)
	f.StringVar(&person, "person", "", "已有人员的代码  code of a person of the campaign")
	f.StringVar(&put.Name, "name", "", "姓名  name of a new person")
	f.StringVar(&put.Role, "role", "", "角色，如 field  role of a new person, for example field")
	f.StringVar(&put.Unit, "unit", "", "责任主体代码，不填为全区  unit code; none for the whole district")
	logins, err := parseMixed(f, args)
	if err != nil || len(logins) != 1 || (person == "") == (put.Name == "") {
		return badUser(err)
	}
	login := strings.ToLower(logins[0])
	if person == "" {
		person = strings.NewReplacer(".", "_", "-", "_").Replace(login)
		if put.Code = person; d.known(ctx, person) {
			return fault.New(fault.KindConflict, "person_code_taken", "已有代码为 "+person+" 的人员，请用 --person", "there is a person "+person+" already; use --person")
		}
		op := ledger.Operation{OpID: uuid.New(), Device: "guatu user", Changes: []ledger.Change{put}}
		if _, err := d.ledger.Apply(ctx, auth.System(), op); err != nil {
			return err
		}
		if err := d.access.Settle(ctx, audit.Rights(put.Code, put.Role, put.Unit)); err != nil {
			return err
		}
	}
	return d.hand(login, func(password string) error {
		return d.gate.Add(ctx, auth.Draft{Login: login, Person: person, Password: password, MustChange: true})
	})
}

func (d *accountDesk) known(ctx context.Context, code string) bool {
	people, err := d.store.People(ctx, auth.Everything())
	for _, p := range people {
		if p.Code == code {
			return true
		}
	}
	return err != nil
}

// password gives an account a new password.
func (d *accountDesk) password(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return badUser(nil)
	}
	return d.hand(args[0], func(password string) error { return d.gate.Reset(ctx, args[0], password) })
}

// hand sets a random password and prints it, once.
func (d *accountDesk) hand(login string, set func(password string) error) error {
	password := auth.RandomPassword(login)
	if err := set(password); err != nil {
		return err
	}
	d.t.say(fmt.Sprintf("账号 %s 的密码：%s（首次登录须修改）", login, password), "to be changed at the first sign-in")
	return nil
}

// link says which account of 浙政钉 is an account's.
func (d *accountDesk) link(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return badUser(nil)
	}
	if err := d.store.Link(ctx, auth.SystemZhezhengding, args[1], args[0]); err != nil {
		return err
	}
	d.t.say("账号 "+args[0]+" 已对应浙政钉账号 "+args[1], "linked")
	return nil
}

func (d *accountDesk) close(ctx context.Context, args []string, disabled bool) error {
	if len(args) != 1 {
		return badUser(nil)
	}
	if err := d.gate.SetDisabled(ctx, args[0], disabled); err != nil {
		return err
	}
	if disabled {
		d.t.say("账号 "+args[0]+" 已停用", "disabled, and signed out everywhere")
	} else {
		d.t.say("账号 "+args[0]+" 已启用", "enabled")
	}
	return nil
}

func (d *accountDesk) list(ctx context.Context, _ []string) error {
	accounts, err := d.gate.List(ctx)
	for _, a := range accounts {
		state := "启用 enabled"
		switch {
		case a.Disabled:
			state = "停用 disabled"
		case a.ApprovedBy == "":
			state = "待批准 to be approved"
		}
		seen := "—"
		if !a.SignedInAt.IsZero() {
			seen = a.SignedInAt.In(campaign.Shanghai()).Format(time.DateTime)
		}
		fmt.Fprintf(d.t.Out, "%-20s %s %s %s  %s  %s\n", a.Login, a.Actor.Name, campaign.RoleName(a.Actor.Role).ZH, a.Actor.Unit, state, seen) //nolint:errcheck // see say
	}
	return err
}
