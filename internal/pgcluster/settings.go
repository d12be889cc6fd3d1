package pgcluster

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// superuser is the bootstrap role of every cluster.
const superuser = "postgres"

// roles are the database roles that the program connects as.
func roles() []string {
	return []string{
		superuser, "guatu_owner", "guatu_app", "guatu_reader", "guatu_auditor", "guatu_backup", "guatu_gate", "guatu_archivist",
	}
}

// setting is one line of postgresql.conf; the value is quoted when written.
type setting struct{ name, value string }

// settings suit two cores and 2 GiB and do not depend on the machine's own.
func settings(o Options, p place, sock string) []setting {
	common := []setting{
		{"listen_addresses", ""},
		{"unix_socket_directories", socketList(sock)},
		{"hba_file", filepath.Join(p.etc(), "pg_hba.conf")},
		{"ident_file", filepath.Join(p.etc(), "pg_ident.conf")},
		{"timezone", "Asia/Shanghai"},
		{"log_timezone", "Asia/Shanghai"},
		{"datestyle", "iso, ymd"},
		{"lc_messages", "C.UTF-8"},
		{"jit", "off"},
		{"random_page_cost", "1.1"},
		{"work_mem", "16MB"},
		{"max_parallel_workers_per_gather", "1"},
		{"max_parallel_workers", "2"},
		{"log_line_prefix", "%m [%p] %q%u@%d "},
		{"log_lock_waits", "on"},
	}
	if o.Durable {
		return append(common, durable(p)...)
	}
	return append(common, throwAway()...)
}

// durable keeps every acknowledged commit through any crash, and a week of logs.
func durable(p place) []setting {
	return []setting{
		{"max_connections", "100"},
		{"fsync", "on"},
		{"synchronous_commit", "on"},
		{"full_page_writes", "on"},
		{"wal_level", "replica"},
		{"wal_compression", "on"},
		{"max_wal_size", "2GB"},
		{"min_wal_size", "160MB"},
		{"checkpoint_timeout", "10min"},
		{"shared_buffers", "256MB"},
		{"effective_cache_size", "1GB"},
		{"maintenance_work_mem", "128MB"},
		{"logging_collector", "on"},
		{"log_directory", p.logs()},
		// One file a weekday, overwritten a week later: bounded without a clean-up job.
		{"log_filename", "postgresql-%a.log"},
		{"log_truncate_on_rotation", "on"},
		{"log_rotation_age", "1d"},
		{"log_rotation_size", "0"},
		{"log_min_duration_statement", "2s"},
	}
}

// throwAway is for tests: nothing has to survive.
func throwAway() []setting {
	return []setting{
		{"max_connections", "400"}, // many tests share one cluster, each with pools of its own
		{"fsync", "off"},
		{"synchronous_commit", "off"},
		{"full_page_writes", "off"},
		{"wal_level", "minimal"},
		{"max_wal_senders", "0"},
		{"min_wal_size", "32MB"},
		{"shared_buffers", "64MB"},
		{"maintenance_work_mem", "64MB"},
		{"autovacuum", "off"},
	}
}

// socketList quotes one folder for a setting that holds a comma-separated list.
func socketList(dir string) string { return `"` + strings.ReplaceAll(dir, `"`, `""`) + `"` }

// configText quotes every value as postgresql.conf wants it.
func configText(list []setting) string {
	var b strings.Builder
	b.WriteString("# Written by guatu at every start; changes here are lost.\n")
	for _, s := range list {
		fmt.Fprintf(&b, "%s = '%s'\n", s.name, strings.NewReplacer(`\`, `\\`, `'`, `''`).Replace(s.value))
	}
	return b.String()
}

// hbaText lets in nobody but the operating system users of the ident map.
func hbaText() string {
	return "# Written by guatu at every start. No TCP, no passwords: the system user decides.\n" +
		"local all all peer map=guatu\n"
}

// identText maps root, the cluster's user and the user of this process to the database roles.
func identText(users, dbRoles []string) string {
	var b strings.Builder
	b.WriteString("# Written by guatu at every start.\n")
	for _, u := range users {
		for _, r := range dbRoles {
			fmt.Fprintf(&b, "guatu %s %s\n", identQuote(u), identQuote(r))
		}
	}
	return b.String()
}

func identQuote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// configure writes the three configuration files. They stay the property of
// the starting user: the system user reads them and cannot change them.
func (c *Cluster) configure() error {
	users := slices.Compact([]string{"root", c.acc.name})
	dbRoles := append(roles(), c.o.Roles...)
	for name, text := range map[string]string{
		"postgresql.conf": configText(settings(c.o, c.place, c.sock)),
		"pg_hba.conf":     hbaText(),
		"pg_ident.conf":   identText(users, dbRoles),
	} {
		if err := c.writeConfig(filepath.Join(c.etc(), name), text); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) writeConfig(path, text string) error {
	if err := os.WriteFile(path, []byte(text), 0o640); err != nil { //nolint:gosec // the group is the cluster's own, and it must read it
		return fmt.Errorf("configuration: %w", err)
	}
	return c.acc.share(path)
}
