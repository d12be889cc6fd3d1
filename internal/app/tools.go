package app

import (
	"context"
	"fmt"
	"time"

	"github.com/guatu/guatu/internal/config"
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

// verify checks journal, state and history; it works beside a running server.
func verify(ctx context.Context, t Terminal, cfg config.Config, _ []string) (int, error) {
	store, done, err := openBeside(ctx, t, cfg)
	if err != nil {
		return exitRefused, err
	}
	defer done()
	began := time.Now()
	report, err := store.Verify(ctx)
	if err != nil {
		return exitRefused, err
	}
	for _, f := range report.Findings {
		t.say("✗ "+f.Text.ZH, f.Text.EN)
	}
	t.say(fmt.Sprintf("流水 %d 条，对象 %d 个，末尾 %.16s……（%.1f 秒）", report.Entries, report.Nouns, report.Head, time.Since(began).Seconds()),
		fmt.Sprintf("%d entries, %d nouns", report.Entries, report.Nouns))
	if len(report.Findings) > 0 {
		t.say(fmt.Sprintf("校验未通过：%d 处", len(report.Findings)), fmt.Sprintf("NOT clean: %d findings", len(report.Findings)))
		return exitPartly, nil
	}
	t.say("校验通过", "clean")
	return exitOK, nil
}
