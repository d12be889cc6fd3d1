package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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

// demoAccounts is the file in the data folder with the accounts of a demo; only its owner reads it.
const demoAccounts = "demo-accounts.txt"

// openGate opens the gate over a store; what happens there goes into the access log.
func openGate(ctx context.Context, cfg config.Config, store *postgres.Store, access *audit.Log) (*auth.Gate, error) {
	s := cfg.SignIn
	gate, err := auth.NewGate(ctx, store, auth.Rules{
		PasswordLength: s.PasswordLength, PasswordClasses: s.PasswordClasses, PasswordAge: s.PasswordAge,
		Failures: s.Failures, Lock: s.Lock, Idle: s.Idle, Lifetime: s.Lifetime,
	}, auth.Cost(s.Hash), time.Now)
	if err != nil {
		return nil, err
	}
	return gate.Watched(access.Gate()), nil
}

// ensureAccounts gives the people of a demo an account each, with random
// passwords that stand in a file; of another campaign without accounts it says
// how to make the first.
func (h *house) ensureAccounts(ctx context.Context, gate *auth.Gate) error {
	list, err := gate.List(ctx)
	if err != nil {
		return err
	}
	running, err := h.store.Running(ctx)
	if err != nil {
		return err
	}
	path := filepath.Join(h.cfg.Data, demoAccounts)
	switch {
	case !running.Definition.Demo && len(list) == 0:
		h.t.say("还没有账号，请用 guatu user add 建立第一个", "there is no account yet: make the first with guatu user add")
	case running.Definition.Demo && len(list) == 0:
		return h.makeDemoAccounts(ctx, gate, path)
	case running.Definition.Demo:
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return h.remakeDemoAccounts(ctx, gate, path, list)
		}
		h.t.say("演示账号和密码见 "+path, "accounts and passwords of the demo are in "+path)
	}
	return nil
}

// remakeDemoAccounts gives the accounts of a demo new passwords: the file that had them is gone, with a data folder
// whose database was found again.
func (h *house) remakeDemoAccounts(ctx context.Context, gate *auth.Gate, path string, list []auth.Listed) error {
	var sheet strings.Builder
	passwords := make([]string, len(list))
	for i, a := range list {
		passwords[i] = auth.RandomPassword(a.Login)
		fmt.Fprintf(&sheet, "%-8s %s\n", a.Login, passwords[i])
	}
	if err := writePrivate(path, sheet.String()); err != nil {
		return err
	}
	for i, a := range list {
		if err := gate.Reset(ctx, a.Login, passwords[i]); err != nil {
			return err
		}
	}
	h.t.say("演示账号的文件不在了，已换新密码，写入 "+path+"，首次登录须修改", "the file with the demo's accounts was gone: new passwords are in "+path+", to be changed at the first sign-in")
	return nil
}

// makeDemoAccounts writes the file before the accounts: a start that is cut off
// leaves none whose password nobody knows.
func (h *house) makeDemoAccounts(ctx context.Context, gate *auth.Gate, path string) error {
	if err := h.enterAdministrators(ctx); err != nil {
		return err
	}
	people, err := h.store.People(ctx, auth.Everything())
	if err != nil {
		return err
	}
	units, err := h.unitNames(ctx)
	if err != nil {
		return err
	}
	var sheet strings.Builder
	drafts := make([]auth.Draft, len(people))
	for i, p := range people {
		drafts[i] = auth.Draft{Login: p.Code, Person: p.Code, Password: auth.RandomPassword(p.Code)}
		fmt.Fprintf(&sheet, "%-8s %s  %s %s %s\n", p.Code, drafts[i].Password, p.Name, campaign.RoleName(p.Role).ZH, units[p.Unit])
	}
	if err := writePrivate(path, sheet.String()); err != nil {
		return err
	}
	if err := gate.Add(ctx, drafts...); err != nil {
		return err
	}
	h.t.say("演示账号（同时写入 "+path+"，只有本用户可读）：", "accounts of the demo (also in that file, which only you can read):")
	fmt.Fprint(h.t.Out, sheet.String()) //nolint:errcheck // see say
	return nil
}

// enterAdministrators gives a demo its three administrators (三员), who are no people of the campaign.
func (h *house) enterAdministrators(ctx context.Context) error {
	op := ledger.Operation{OpID: uuid.New(), Device: "guatu demo", Changes: []ledger.Change{
		ledger.PutPerson{Code: "fan", Name: "范某", Role: campaign.RoleSystemAdmin},
		ledger.PutPerson{Code: "pan", Name: "潘某", Role: campaign.RoleSecurityAdmin},
		ledger.PutPerson{Code: "shi", Name: "施某", Role: campaign.RoleAuditor},
	}}
	_, err := h.ledger.Apply(ctx, auth.System(), op)
	return err
}

func (h *house) unitNames(ctx context.Context) (map[string]string, error) {
	running, err := h.store.Running(ctx)
	if err != nil {
		return nil, err
	}
	units, err := h.store.Units(ctx, running.ID)
	names := map[string]string{"": "全区"}
	for _, u := range units {
		names[u.Code] = u.Short.ZH
	}
	return names, err
}

// writePrivate writes a file that only its owner reads, whole or not at all.
func writePrivate(path, text string) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // a fixed name in the folder the operator chose
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		return fault.New(fault.KindUnavailable, "file_not_written", "无法写入 "+path, "cannot write "+path).Because(err)
	}
	return nil
}
