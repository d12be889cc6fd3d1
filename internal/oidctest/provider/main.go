// Command provider is oidctest's provider as a process of its own, for tests that need a browser: it listens on a free port of
// localhost, prints its issuer, and ends with its standard input.
//
//	provider CALLBACK NAME…
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/guatu/guatu/internal/oidctest"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	if len(os.Args) < 2 {
		return errors.New("usage: provider CALLBACK NAME…")
	}
	var config net.ListenConfig
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0") //nolint:forbidigo // the command begins here
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return err
	}
	// By name, so that to the browser it is another site than 127.0.0.1.
	issuer := "http://localhost:" + port
	server := &http.Server{Handler: oidctest.Provider(issuer, os.Args[1], os.Args[2:]...), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = server.Close()
	}()
	fmt.Println(issuer) //nolint:forbidigo // for who started it
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
