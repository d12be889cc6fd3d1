package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/app"
)

// asGuatu makes the test binary run as the program itself.
const asGuatu = "GUATU_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asGuatu) != "" {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		code := app.Main(ctx, os.Args[1:], app.Terminal{Out: os.Stdout, Err: os.Stderr, Env: os.LookupEnv})
		stop()
		os.Exit(code)
	}
	code := m.Run()
	_ = os.RemoveAll(builtIn)
	os.Exit(code)
}

// builtIn is the folder of what builtPlain made; empty as long as nobody asked for it.
var builtIn string

// builtPlain is the program without the race detector, which makes a server five times slower:
// enough where one request follows another.
var builtPlain = sync.OnceValues(func() (path string, err error) {
	if builtIn, err = os.MkdirTemp("", "guatu-plain-"); err != nil {
		return "", err
	}
	path = filepath.Join(builtIn, "guatu")
	build := exec.Command("go", "build", "-trimpath", "-o", path, "../../cmd/guatu")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w: %s", err, said)
	}
	return path, nil
})

// program is a guatu of the test's own, on a data folder and port of its own.
type program struct {
	path string // of the program
	data string
	addr string
	cmd  *exec.Cmd
	done chan error
	log  *said
	env  []string // further settings
	// alive tells whether the server answers.
	alive func(context.Context) bool

	session *http.Cookie // of the district office; it outlives a restart
	secrets []string     // planted: nowhere to be found
}

// leftOutByShort: what starts programs again and again takes the better part of a minute.
func leftOutByShort(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("left out by -short")
	}
}

// said is what a program has written so far; it may be read while the program writes.
type said struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *said) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

func newProgram(t *testing.T) *program {
	t.Helper()
	if !raceDetector {
		return newWatched(t)
	}
	path, err := builtPlain()
	require.NoError(t, err)
	p := newWatched(t)
	p.path = path
	return p
}

// newWatched is a program under the race detector, where the tests are: for what many do at a time.
func newWatched(t *testing.T) *program {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	dir, err := os.MkdirTemp("", "guatu-app-") //nolint:usetesting // short: the path of a socket has 107 bytes
	require.NoError(t, err)
	p := &program{path: os.Args[0], data: filepath.Join(dir, "data"), addr: addr}
	p.alive = func(ctx context.Context) bool { return answers(ctx, p.url("/health")) }
	t.Cleanup(func() {
		p.stop(t)
		p.removeCluster(t)
		_ = os.RemoveAll(dir)
	})
	return p
}

// removeCluster removes what root's clusters leave outside the data folder.
func (p *program) removeCluster(t *testing.T) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.data, "cluster.json"))
	if err != nil {
		return
	}
	var pointer struct{ Home string }
	require.NoError(t, json.Unmarshal(text, &pointer))
	if filepath.IsAbs(pointer.Home) {
		_ = os.RemoveAll(pointer.Home)
	}
}

func (p *program) command(args ...string) *exec.Cmd {
	cmd := exec.Command(p.path, args...) //nolint:noctx // killed by hand, that is the test
	cmd.Env = append(os.Environ(), asGuatu+"=1", "GUATU_DATA="+p.data, "GUATU_ADDR="+p.addr, "GUATU_LOG=warn", "GUATU_ARGON2=8,1,1")
	cmd.Env = append(cmd.Env, "GUATU_RATE_SESSION=0", "GUATU_RATE_ADDRESS=0") // tests ask more than people do
	cmd.Env = append(cmd.Env, p.env...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	return cmd
}

// run runs a subcommand to its end.
func (p *program) run(args ...string) (output string, code int) {
	out, err := p.command(args...).CombinedOutput()
	if exit, ok := err.(*exec.ExitError); ok { //nolint:errorlint // as exec documents it
		return string(out), exit.ExitCode()
	}
	return string(out), 0
}

// start starts the server, waits until it answers and signs in.
func (p *program) start(t *testing.T) {
	t.Helper()
	p.startAs(t, "serve")
	if p.session == nil {
		p.signIn(t, "zhou")
	}
}

// startAs starts a subcommand that serves and waits until it answers.
func (p *program) startAs(t *testing.T, subcommand string) {
	t.Helper()
	p.log = &said{}
	p.cmd = p.command(subcommand)
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	require.NoError(t, p.cmd.Start())
	p.done = make(chan error, 1)
	go func() { p.done <- p.cmd.Wait() }()
	require.Eventually(t, func() bool { return p.alive(t.Context()) }, 90*time.Second, 20*time.Millisecond, "server starts")
}

const chosenPassword = "Chuangye-2020"

var printedPassword = regexp.MustCompile(`密码：(\S+)（`)

// signIn makes an account for a person of the campaign beside the running server, signs in with the password it was given and changes it.
func (p *program) signIn(t *testing.T, person string) {
	t.Helper()
	out, code := p.run("user", "add", person, "--person", person)
	require.Zero(t, code, out)
	given := printedPassword.FindStringSubmatch(out)
	require.Len(t, given, 2, out)
	p.enter(t, http.MethodPost, "/session", map[string]any{"login": person, "password": given[1]})
	status, body := p.ask(t.Context(), http.MethodGet, "/cases", nil)
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, string(body), "首次登录，请先修改密码")
	p.enter(t, http.MethodPut, "/session/password", map[string]any{"old": given[1], "new": chosenPassword})
}

// enter sends what is answered with a session, and keeps it.
func (p *program) enter(t *testing.T, method, path string, body any) {
	t.Helper()
	resp, err := http.DefaultClient.Do(p.request(t.Context(), method, path, body))
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusOK, resp.StatusCode)
	p.session = resp.Cookies()[0]
}

func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return false
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	_ = resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

func (p *program) url(path string) string { return "http://" + p.addr + "/api/v1" + path }

// stop ends the server in order and checks that it did.
func (p *program) stop(t *testing.T) {
	t.Helper()
	if p.cmd == nil {
		return
	}
	require.NoError(t, p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case err := <-p.done:
		require.NoError(t, err, p.log.String())
	case <-time.After(40 * time.Second):
		t.Fatalf("the server does not stop: %s", p.log.String())
	}
	p.cmd = nil
}

// kill ends the server as a power cut would.
func (p *program) kill(t *testing.T) {
	t.Helper()
	require.NoError(t, p.cmd.Process.Kill())
	require.Error(t, <-p.done, "it was killed")
	p.cmd = nil
}

// postmaster is the process id of the embedded PostgreSQL.
func (p *program) postmaster(t *testing.T) int {
	t.Helper()
	var pid int
	_, err := fmt.Sscan(p.postmasterSays(t)[0], &pid)
	require.NoError(t, err)
	return pid
}

// socket is the folder of the embedded PostgreSQL's socket.
func (p *program) socket(t *testing.T) string {
	t.Helper()
	return p.postmasterSays(t)[4]
}

// postmasterSays are the lines of postmaster.pid.
func (p *program) postmasterSays(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.home(t), "pg", "postmaster.pid"))
	require.NoError(t, err)
	return strings.Split(string(text), "\n")
}

// home is where the embedded cluster lies.
func (p *program) home(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(p.data, "cluster.json"))
	require.NoError(t, err)
	var pointer struct{ Home string }
	require.NoError(t, json.Unmarshal(text, &pointer))
	if filepath.IsAbs(pointer.Home) {
		return pointer.Home
	}
	return filepath.Join(p.data, pointer.Home)
}

// request is a request of who is signed in.
func (p *program) request(ctx context.Context, method, path string, body any) *http.Request {
	text, err := json.Marshal(body)
	if err != nil || body == nil {
		text = nil
	}
	req, err := http.NewRequestWithContext(ctx, method, p.url(path), bytes.NewReader(text))
	if err != nil {
		panic(err) // the test's own words are wrong
	}
	req.Header.Set("Content-Type", "application/json")
	if p.session != nil {
		req.AddCookie(p.session)
	}
	return req
}

// ask sends a request and gives status and body; status 0 means no answer.
func (p *program) ask(ctx context.Context, method, path string, body any) (status int, answer []byte) {
	resp, err := http.DefaultClient.Do(p.request(ctx, method, path, body))
	if err != nil {
		return 0, nil
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err = io.ReadAll(resp.Body)
	if err != nil {
		return 0, nil
	}
	return resp.StatusCode, answer
}
