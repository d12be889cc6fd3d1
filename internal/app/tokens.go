package app

import (
	"context"
	"flag"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi"
	"github.com/guatu/guatu/internal/postgres"
)

// tokenLog has what happens to tokens in the access log: made and revoked ones before it happens, uses beside.
type tokenLog struct{ log *audit.Log }

// Token implements auth.TokenWitness.
func (l tokenLog) Token(ctx context.Context, e auth.TokenEvent) error {
	entry := audit.Entry{Kind: audit.Kind(e.Deed), Outcome: e.Refusal, Actor: e.By, Login: e.Login, Address: e.Address, Details: map[string]any{"kind": e.Kind}}
	if e.Token != 0 {
		entry.Object = fmt.Sprintf("token/%d", e.Token)
	}
	if e.Deed == auth.TokenUsed {
		l.log.Note(ctx, entry)
		return nil
	}
	return l.log.Record(ctx, entry)
}

func openKeys(store *postgres.Store, access *audit.Log) *auth.Keys {
	return auth.NewKeys(store, tokenLog{access}, time.Now)
}

// outside is the other system to sign in by, if one is set.
func outside(o config.Outside, store *postgres.Store) *httpapi.Outside {
	callback := o.URL + "/sign-in/back"
	switch {
	case o.Ding.Key != "":
		settings := auth.ZhezhengdingSettings{Login: o.Ding.Login, API: o.Ding.API, Key: o.Ding.Key, Secret: o.Ding.Secret, Callback: callback}
		return &httpapi.Outside{Name: "浙政钉", By: auth.NewZhezhengding(settings, store, time.Now)}
	case o.Issuer != "":
		return &httpapi.Outside{Name: o.Name, By: auth.NewOIDC(auth.OIDCSettings{Name: o.Name, Issuer: o.Issuer, Client: o.Client, Secret: o.Secret, Claim: o.Claim, Callback: callback})}
	}
	return nil
}

const tokenUsage = "guatu token add NAME (--wall | --api --login LOGIN --days N [--change]) [--unit UNIT] [--from ADDRESS,…] | list | revoke ID" //nolint:gosec // how it is used, no secret

func badToken(err error) error {
	return fault.New(fault.KindInvalid, "bad_arguments", "用法："+tokenUsage, "usage: "+tokenUsage).Because(err)
}

// tokenDesk is what guatu token works with, beside a running server or alone.
type tokenDesk struct {
	t      Terminal
	keys   *auth.Keys
	holder auth.Holder
}

// token manages tokens; that it may is proven as for guatu user.
func token(ctx context.Context, t Terminal, cfg config.Config, args []string) (int, error) {
	if len(args) == 0 {
		return exitRefused, badToken(nil)
	}
	does := map[string]func(*tokenDesk, context.Context, []string) error{"add": (*tokenDesk).add, "list": (*tokenDesk).list, "revoke": (*tokenDesk).revoke}[args[0]]
	if does == nil {
		return exitRefused, badToken(nil)
	}
	ctx = onTheMachine(ctx, "guatu token")
	b, err := openBeside(ctx, t, cfg)
	if err != nil {
		return exitRefused, err
	}
	defer b.done()
	desk := &tokenDesk{t: t, keys: openKeys(b.store, b.access), holder: auth.Holder{Actor: auth.System(), Address: "guatu token"}}
	if err := does(desk, ctx, args[1:]); err != nil {
		return exitRefused, err
	}
	return exitOK, nil
}

// add makes a token and prints its secret, once.
func (d *tokenDesk) add(ctx context.Context, args []string) error {
	var w auth.Wanted
	var wall, api bool
	var from string
	f := flag.NewFlagSet("guatu token add", flag.ContinueOnError)
	f.SetOutput(d.t.Err)
	f.BoolVar(&wall, "wall", false, "大屏  for a screen")
	f.BoolVar(&api, "api", false, "程序  for a program")
	f.StringVar(&w.Login, "login", "", "以哪个账号的权限；大屏为登记人  whose rights; of a screen, who answers for it")
	f.IntVar(&w.Days, "days", 0, "有效天数  days until it ends")
	f.BoolVar(&w.MayChange, "change", false, "允许办理  it may change things")
	f.StringVar(&w.Unit, "unit", "", "责任主体代码  code of the one unit")
	f.StringVar(&from, "from", "", "只能在这些地址使用  addresses or networks where alone it may be used")
	names, err := parseMixed(f, args)
	if err != nil || len(names) != 1 || wall == api || w.Login == "" {
		return badToken(err)
	}
	w.Name, w.Kind = names[0], auth.APIToken
	if wall {
		w.Kind = auth.WallToken
	}
	for _, each := range strings.FieldsFunc(from, func(r rune) bool { return r == ',' }) {
		p, err := netip.ParsePrefix(each)
		if a, single := netip.ParseAddr(each); single == nil {
			p, err = netip.PrefixFrom(a, a.BitLen()), nil
		}
		if err != nil {
			return badToken(err)
		}
		w.Networks = append(w.Networks, p.Masked())
	}
	secret, made, err := d.keys.Make(ctx, d.holder, w)
	if err != nil {
		return err
	}
	if wall {
		d.t.say(fmt.Sprintf("大屏 %d，在大屏上打开：https://本系统地址/wall#wall=%s", made.ID, secret), "open this address on the screen; it is shown only once")
		return nil
	}
	d.t.say(fmt.Sprintf("令牌 %d：%s", made.ID, secret), "send it as Authorization: Bearer; it is shown only once")
	return nil
}

func (d *tokenDesk) list(ctx context.Context, _ []string) error {
	list, err := d.keys.List(ctx, d.holder)
	for _, t := range list {
		state := "有效 in force"
		switch {
		case !t.RevokedAt.IsZero():
			state = "已停用 revoked"
		case t.Expired:
			state = "已到期 expired"
		}
		used := "—"
		if !t.UsedAt.IsZero() {
			used = t.UsedAt.In(campaign.Shanghai()).Format(time.DateTime) + " " + t.UsedFrom
		}
		fmt.Fprintf(d.t.Out, "%-4d %-6s %-16s %-10s %s %s  %s\n", t.ID, t.Kind, t.Name, t.Login, t.Unit, state, used) //nolint:errcheck // see say
	}
	return err
}

func (d *tokenDesk) revoke(ctx context.Context, args []string) error {
	if len(args) != 1 {
		return badToken(nil)
	}
	id, err := strconv.ParseInt(args[0], 10, 64)
	if err != nil {
		return badToken(err)
	}
	if err := d.keys.Revoke(ctx, d.holder, id); err != nil {
		return err
	}
	d.t.say("令牌 "+args[0]+" 已停用", "revoked")
	return nil
}
