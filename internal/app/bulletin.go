package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/block"
	"github.com/guatu/guatu/internal/bulletin"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/report"
)

const cliBulletin = "guatu bulletin"

// bulletinArgs are the words of guatu bulletin.
type bulletinArgs struct {
	on      campaign.Date
	monthly bool
	folder  string
}

func parseBulletin(t Terminal, args []string) (a bulletinArgs, err error) {
	f := flag.NewFlagSet(cliBulletin, flag.ContinueOnError)
	f.SetOutput(t.Err)
	asOf := f.String("as-of", "", "统计截止日，如 2020-08-31  the day of the cut-off, for example 2020-08-31")
	weekly := f.Bool("weekly", false, "周通报（缺省：月末为月通报，其他日期为周通报）  a week's; by default the last day of a month is a month's")
	f.StringVar(&a.folder, "out", ".", "存放的文件夹  folder for the files")
	err = f.Parse(args)
	if err == nil && f.NArg() > 0 {
		err = errors.New("arguments")
	}
	if err == nil {
		a.on, err = campaign.ParseDate(*asOf)
	}
	if err != nil {
		return a, fault.New(fault.KindInvalid, "bad_arguments", "用法：guatu bulletin --as-of 日期 [--weekly] [--out 文件夹]", "usage: guatu bulletin --as-of DAY [--weekly] [--out FOLDER]").Because(err)
	}
	_, last := a.on.Month()
	a.monthly = last && !*weekly
	return a, nil
}

// makeBulletin makes the files of an issue again, from the journal alone, and says whether they are those that were issued.
func makeBulletin(ctx context.Context, t Terminal, cfg config.Config, args []string) (int, error) {
	a, err := parseBulletin(t, args)
	if err != nil {
		return exitRefused, err
	}
	b, err := openBeside(ctx, t, cfg)
	if err != nil {
		return exitRefused, err
	}
	defer b.done()
	files, issued, err := b.bulletin(ctx, a)
	if err != nil {
		return exitRefused, err
	}
	entry := audit.Entry{Kind: audit.Export, Object: "bulletin/" + string(a.on), Details: map[string]any{"monthly": a.monthly, "files": len(files)}}
	if err := b.access.Record(onTheMachine(ctx, cliBulletin), entry); err != nil {
		return exitRefused, err
	}
	return t.keep(files, issued, a.folder)
}

// bulletin are the files of an issue, and those that were issued; of one that nobody began they are a draft.
func (b *beside) bulletin(ctx context.Context, a bulletinArgs) ([]bulletin.File, []ledger.BulletinFile, error) {
	book, err := chronicle.Open(ctx, b.store)
	if err != nil {
		return nil, nil, err
	}
	clock := book.Now(auth.Everything(), "").Definition.Clock
	now := func() time.Time { return clock.Now(time.Now()) }
	desk := &bulletin.Desk{Figures: report.NewDesk(book, block.NewDesk(b.store), now), Library: b.store, Now: now}
	found, err := b.begun(ctx, book, a)
	if err != nil {
		return nil, nil, err
	}
	content, err := desk.Compose(ctx, found)
	if err != nil {
		return nil, nil, err
	}
	files, err := content.Files()
	return files, found.Bulletin.Files, err
}

// begun finds the issue, or makes one that nobody has begun.
func (b *beside) begun(ctx context.Context, book *chronicle.Book, a bulletinArgs) (found ledger.BulletinNow, err error) {
	all, err := b.store.Bulletins(ctx, auth.Everything())
	if err != nil {
		return found, err
	}
	for _, each := range all {
		if each.On == a.on && each.Monthly == a.monthly {
			return b.store.Bulletin(ctx, auth.Everything(), each.ID)
		}
	}
	view, err := viewFor(book, string(a.on))
	if err != nil {
		return found, err
	}
	def := book.Now(auth.Everything(), view.Day).Definition
	if def.Issuing == nil {
		return found, fault.New(fault.KindConflict, "no_issuing", "请先在设置中填写通报的发文机关、主送和抄送", "please enter in the settings who issues bulletins, and to whom")
	}
	is := campaign.Bulletin{On: a.on, Monthly: a.monthly}
	if is, err = listed(def, is, today(view)); err != nil {
		return found, err
	}
	found.Bulletin = ledger.Bulletin{Monthly: is.Monthly, Number: is.Number, On: is.On, Revision: view.Revision, Issuing: *def.Issuing, Stage: campaign.BulletinFrozen}
	found.Bulletin.Before, _ = def.LastBulletin(a.monthly, figures.EndingOn(a.on, a.monthly).To)
	for _, u := range view.Units {
		if !u.Outside {
			found.Units = append(found.Units, u.Code)
		}
	}
	return found, nil
}

// listed is the issue of a day that the campaign lists, or the one that would come next.
func listed(def campaign.Definition, of campaign.Bulletin, today campaign.Date) (campaign.Bulletin, error) {
	for _, each := range def.Bulletins {
		if each.On == of.On && each.Monthly == of.Monthly {
			return each, nil
		}
	}
	return def.NextBulletin(of.Monthly, of.On, today)
}

// keep writes the files and says what they are.
func (t Terminal) keep(files []bulletin.File, issued []ledger.BulletinFile, folder string) (int, error) {
	code := exitOK
	for i, f := range files {
		path := filepath.Join(folder, f.Name)
		if err := os.WriteFile(path, f.Content, 0o600); err != nil {
			return exitRefused, fault.New(fault.KindInvalid, "cannot_write", "不能写入 "+path, "cannot write "+path).Because(err)
		}
		zh, en := "草稿", "a draft"
		switch {
		case i >= len(issued):
		case issued[i].SHA256 == f.Hash():
			zh, en = "与印发的一致", "the one that was issued"
		default:
			zh, en, code = "与印发的不一致", "NOT the one that was issued", exitPartly
		}
		t.say(fmt.Sprintf("%s（%s，SHA-256 %s）", path, zh, f.Hash()), en)
	}
	return code, nil
}
