package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	loadClients = 8
	loadTime    = 800 * time.Millisecond
	clockTicks  = 100 // USER_HZ, the unit of /proc/PID/stat on every Linux
)

// load is what a flood of requests for one address came to.
type load struct {
	rate float64 // requests a second
	cpu  float64 // microseconds a request, of the serving processes
	size int64   // bytes of an answer
}

// loadChild is `guatu bench client URL STATUS [Name: value]…`: clients in a
// process of their own, so that their work is not counted as the server's.
func loadChild(ctx context.Context, t Terminal, args []string) (int, error) {
	if len(args) < 2 {
		return exitRefused, errors.New("bench client URL STATUS [Name: value]…")
	}
	want, err := strconv.Atoi(args[1])
	if err != nil {
		return exitRefused, fmt.Errorf("bench client: %w", err)
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: loadClients}}
	var done, bytes atomic.Int64
	began := time.Now()
	_, err = race(ctx, loadClients, loadTime, func(int) error {
		n, err := fetch(ctx, client, args[0], want, args[2:])
		done.Add(1)
		bytes.Store(n)
		return err
	})
	_, _ = fmt.Fprintln(t.Out, done.Load(), time.Since(began).Seconds(), bytes.Load())
	return exitOK, err
}

// fetch reads one answer and throws it away.
func fetch(ctx context.Context, client *http.Client, url string, want int, headers []string) (int64, error) {
	return fetchTo(ctx, client, url, want, headers, io.Discard)
}

// fetchTo reads one answer to where it is wanted.
func fetchTo(ctx context.Context, client *http.Client, url string, want int, headers []string, out io.Writer) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		req.Header.Set(name, value)
	}
	resp, err := client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end
	n, err := io.Copy(out, resp.Body)
	if err == nil && resp.StatusCode != want {
		err = fmt.Errorf("bench: %s answered %s", url, resp.Status)
	}
	return n, err
}

// flood runs the clients against an address and reads what the serving processes took meanwhile.
func flood(ctx context.Context, r benchRequest, serving func() []int) (load, error) {
	self, err := os.Executable()
	if err != nil {
		return load{}, err
	}
	before, err := ticksOf(serving())
	if err != nil {
		return load{}, err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{"bench", "client", r.url, strconv.Itoa(r.status)}, r.headers...)...) //nolint:gosec // this program
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := cmd.Output()
	if err != nil {
		return load{}, fmt.Errorf("bench client: %w", err)
	}
	after, err := ticksOf(serving())
	if err != nil {
		return load{}, err
	}
	var done, size int64
	var took float64
	if _, err := fmt.Sscan(string(out), &done, &took, &size); err != nil {
		return load{}, fmt.Errorf("bench client: %w", err)
	}
	return load{rate: float64(done) / took, cpu: float64(after-before) / clockTicks * 1e6 / float64(done), size: size}, nil
}

// ticksOf adds up the processor time of processes; those that ended count nothing.
func ticksOf(pids []int) (int64, error) {
	var sum int64
	for _, pid := range pids {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest)
		if len(fields) < 13 {
			return 0, fmt.Errorf("bench: /proc/%d/stat: %q", pid, stat)
		}
		for _, f := range fields[11:13] { // utime, stime
			n, err := strconv.ParseInt(f, 10, 64)
			if err != nil {
				return 0, err
			}
			sum += n
		}
	}
	return sum, nil
}

// withChildren is a process and those it started.
func withChildren(pid int) []int {
	pids := []int{pid}
	all, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is right
	for _, path := range all {
		stat, err := os.ReadFile(path) //nolint:gosec // of /proc
		if err != nil {
			continue // it ended
		}
		_, rest, _ := strings.Cut(string(stat), ") ")
		var state string
		var parent, child int
		if _, err := fmt.Sscan(rest, &state, &parent); err != nil || parent != pid {
			continue
		}
		if child, err = strconv.Atoi(filepath.Base(filepath.Dir(path))); err == nil {
			pids = append(pids, child)
		}
	}
	return pids
}
