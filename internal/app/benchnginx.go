package app

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/klauspost/compress/gzip"
)

// benchNginx is an nginx that serves files that lie there packed (gzip_static).
type benchNginx struct {
	cmd  *exec.Cmd
	root string
	url  string
}

const nginxConfig = `daemon off; master_process on; worker_processes 2; pid %[1]s/nginx.pid; error_log stderr error; %[3]s
events { worker_connections 256; }
http {
  types { application/geo+json geojson; }
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path %[1]s/b; proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  server { listen %[2]s; root %[1]s/www; gzip_static on; }
}
`

// startNginx starts nginx on loopback, nil where it is not installed.
func startNginx(ctx context.Context, dir string) (*benchNginx, error) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		if program, err = exec.LookPath("/usr/sbin/nginx"); err != nil {
			return nil, nil //nolint:nilnil,nilerr // the table says that it is not there
		}
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, err
	}
	n := &benchNginx{root: filepath.Join(dir, "nginx"), url: "http://" + addr}
	if err := os.MkdirAll(filepath.Join(n.root, "www"), 0o700); err != nil {
		return nil, err
	}
	user := ""
	if os.Geteuid() == 0 {
		user = "user root;" // the folder is ours alone
	}
	config := filepath.Join(n.root, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, n.root, addr, user), 0o600); err != nil {
		return nil, err
	}
	n.cmd = exec.CommandContext(ctx, program, "-p", n.root, "-c", config, "-e", "stderr") //nolint:gosec // found on the path
	n.cmd.Stderr = os.Stderr
	n.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	n.cmd.Cancel = func() error { return n.cmd.Process.Signal(syscall.SIGTERM) }
	n.cmd.WaitDelay = 5 * time.Second
	if err := n.cmd.Start(); err != nil {
		return nil, fmt.Errorf("nginx: %w", err)
	}
	if err := n.ready(ctx, addr); err != nil {
		return nil, err
	}
	return n, nil
}

// ready waits until nginx takes connections.
func (n *benchNginx) ready(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("nginx does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// put lays a packed layer out as a file beside its unpacked form, as gzip_static wants it.
func (n *benchNginx) put(packed []byte) error {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	var plain bytes.Buffer
	if _, err := plain.ReadFrom(z); err != nil {
		return err
	}
	path := filepath.Join(n.root, "www", "parcels.geojson")
	if err := os.WriteFile(path, plain.Bytes(), 0o600); err != nil {
		return err
	}
	return os.WriteFile(path+".gz", packed, 0o600)
}

func (n *benchNginx) stop() {
	_ = n.cmd.Process.Signal(syscall.SIGTERM) // it may have ended
	_ = n.cmd.Wait()
}
