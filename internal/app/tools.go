package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/config"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/postgres"
)

func migrate(ctx context.Context, t Terminal, cfg config.Config, args []string) (int, error) {
	h, err := openHouse(ctx, t, cfg, false)
	if err != nil {
		return exitRefused, err
	}
	if len(args) > 0 && args[0] == "down" {
		h.store.Close()
		err = postgres.MigrateDown(ctx, h.admin)
	}
	if closeErr := h.close(ctx); err == nil {
		err = closeErr
	}
	if err == nil {
		t.say("数据库结构已是最新", "the schema is as asked")
	}
	return exitOK, err
}

// verify checks journal, state, history and access log; it works beside a running server.
func verify(ctx context.Context, t Terminal, cfg config.Config, args []string) (int, error) {
	var anchors, key string
	f := flag.NewFlagSet("guatu verify", flag.ContinueOnError)
	f.SetOutput(t.Err)
	f.StringVar(&anchors, "anchors", "", "另存的签名文件  a copy of the anchors kept elsewhere")
	f.StringVar(&key, "key", "", "公钥文件  file of public keys")
	if rest, err := parseMixed(f, args); err != nil || len(rest) > 0 {
		return exitRefused, fault.New(fault.KindInvalid, "bad_arguments", "用法：guatu verify [--anchors 文件] [--key 文件]", "usage: guatu verify [--anchors FILE] [--key FILE]").Because(err)
	}
	b, err := openBeside(ctx, t, cfg)
	if err != nil {
		return exitRefused, err
	}
	defer b.done()
	found, err := verifyWith(ctx, t, b.store, cfg.Data, anchors, key)
	if err != nil {
		return exitRefused, err
	}
	if err := b.access.Record(onTheMachine(ctx, "guatu verify"), audit.Verified(found)); err != nil {
		return exitRefused, err
	}
	if found > 0 {
		t.say(fmt.Sprintf("校验未通过：%d 处", found), fmt.Sprintf("NOT clean: %d findings", found))
		return exitPartly, nil
	}
	t.say("校验通过", "clean")
	return exitOK, nil
}

// verifyWith says what is wrong and gives how much it is.
func verifyWith(ctx context.Context, t Terminal, store *postgres.Store, data, anchors, key string) (int, error) {
	w, err := verifyWitnesses(t, data, anchors, key)
	if err != nil {
		return 0, err
	}
	began := time.Now()
	journal, err := store.Verify(ctx)
	if err != nil {
		return 0, err
	}
	log, err := store.VerifyLog(ctx, w)
	if err != nil {
		return 0, err
	}
	for _, f := range journal.Findings {
		t.say("✗ "+f.Text.ZH, f.Text.EN)
	}
	for _, f := range log.Findings {
		t.say("✗ "+f.Text.ZH, f.Text.EN)
	}
	t.say(fmt.Sprintf("流水 %d 条，对象 %d 个，末尾 %.16s……", journal.Entries, journal.Nouns, journal.Head), fmt.Sprintf("%d entries, %d nouns", journal.Entries, journal.Nouns))
	t.say(fmt.Sprintf("访问日志 %d 条，末尾 %.16s……，核对签名 %d 个（%.1f 秒）", log.Entries, log.Head.Hash, log.Anchors, time.Since(began).Seconds()),
		fmt.Sprintf("access log: %d entries, %d anchors compared", log.Entries, log.Anchors))
	return len(journal.Findings) + len(log.Findings), nil
}

// verifyWitnesses reads what lies outside the database; a house that has not signed yet has no key, and verify says so.
func verifyWitnesses(t Terminal, data, anchors, key string) (audit.Witnesses, error) {
	if _, err := os.Stat(filepath.Join(data, audit.PublicFile)); key == "" && errors.Is(err, fs.ErrNotExist) {
		t.say("尚无签名密钥（服务首次启动时生成），签名未核对", "there is no key yet (the first start of the server makes it): signatures are not checked")
		list, err := audit.ReadAnchors(anchors)
		return audit.Witnesses{Anchors: list}, err
	}
	return witnesses(data, anchors, key)
}
