// Command guatu is the operations map 挂图: server, importer and tools in one file.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/guatu/guatu/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := app.Main(ctx, os.Args[1:], app.Terminal{Out: os.Stdout, Err: os.Stderr, Env: os.LookupEnv})
	stop()
	os.Exit(code)
}
