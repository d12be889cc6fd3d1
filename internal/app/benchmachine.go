package app

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// printMachine says on what a bench ran, so that its figures can be read elsewhere.
func (h *house) printMachine(ctx context.Context) {
	database, err := h.store.Versions(ctx)
	if err != nil {
		database = err.Error()
	}
	h.print("%s, commit %s\n", time.Now().UTC().Format(time.DateOnly), build())
	h.print("%d processors, %s; %s; Linux %s; %s\n", runtime.NumCPU(), firstOf("/proc/cpuinfo", "model name"), firstOf("/proc/meminfo", "MemTotal"), firstOf("/proc/sys/kernel/osrelease", ""), runtime.Version())
	h.print("%s; %s\n", database, nginxVersion(ctx))
	h.print("load average before: %s\n", firstOf("/proc/loadavg", ""))
}

// firstOf is what follows a name in a file of the system, the first line where there is no name; "?" where it is not told.
func firstOf(path, name string) string {
	text, err := os.ReadFile(path) //nolint:gosec // of /proc
	if err != nil {
		return "?"
	}
	for line := range strings.Lines(string(text)) {
		before, value, found := strings.Cut(line, ":")
		switch {
		case name == "":
			return strings.TrimSpace(line)
		case found && strings.TrimSpace(before) == name:
			return strings.TrimSpace(value)
		}
	}
	return "?"
}

func nginxVersion(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, "nginx", "-v").CombinedOutput()
	if err != nil {
		return fmt.Sprintf("no nginx (%v)", err)
	}
	return strings.TrimSpace(string(out))
}
