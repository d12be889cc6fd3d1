package app_test

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	plantedPhone    = "13867310842"
	plantedIdentity = "11010519491231002X"
	plantedName     = "褚志明"
)

// TestPlantedNumbersAreNowhere enters a contact, shows it, changes and erases it,
// and lets everything that opens a door be used: passwords, sessions, tokens, codes. Then it looks for
// what was planted in a dump of the database (journal and access log in it), in every file of
// the data folder and of the cluster (tables, indexes, write-ahead log) and in the
// program's log at its most talkative. Erased, a contact cannot be opened, and verify is clean.
func TestPlantedNumbersAreNowhere(t *testing.T) {
	leftOutByShort(t)
	t.Parallel()
	p := newProgram(t)
	p.env = []string{"GUATU_LOG=debug"}
	p.start(t)
	p.plantSecrets(t)
	entered, err := p.change(t.Context(), map[string]any{"kind": "enterprise.enter", "enterprise": map[string]any{"name": "宏兴毛衫加工点", "kind": "workshop", "unit": "honghe"}})
	require.NoError(t, err)
	id := entered.Entries[0].NounID
	put := map[string]any{"kind": "contact.put", "enterprise_id": id, "contact": map[string]any{"name": plantedName, "phone": plantedPhone, "identity": plantedIdentity}}
	_, err = p.change(t.Context(), put)
	require.NoError(t, err)
	path := "/enterprises/" + jsonNumber(id) + "/contact"
	status, body := p.ask(t.Context(), http.MethodPost, path+"/shown", map[string]any{"reason": "上门前联系"})
	require.Equal(t, http.StatusOK, status, string(body))
	require.Contains(t, string(body), plantedPhone, "it is really there")
	refused := map[string]any{"kind": "contact.put", "enterprise_id": id, "contact": map[string]any{"phone": plantedPhone + "0"}}
	status, _ = p.ask(t.Context(), http.MethodPost, "/changes", map[string]any{"op_id": uuid.New(), "device": "t", "changes": []any{refused}})
	require.Equal(t, http.StatusBadRequest, status)

	p.assertNowhere(t)
	p.kill(t)
	p.start(t)
	status, body = p.ask(t.Context(), http.MethodGet, path, nil)
	require.Equal(t, http.StatusOK, status)
	require.Contains(t, string(body), "138****0842", "the key outlives the program")

	_, err = p.change(t.Context(), map[string]any{"kind": "contact.erase", "enterprise_id": id, "base_version": 1, "reason": "本人要求"})
	require.NoError(t, err)
	status, _ = p.ask(t.Context(), http.MethodPost, path+"/shown", map[string]any{"reason": "上门前联系"})
	require.Equal(t, http.StatusNotFound, status)
	p.assertNowhere(t)
	out, code := p.run("verify")
	require.Zero(t, code, out)
	p.stop(t)
	p.assertNotInFiles(t)
}

func jsonNumber(n int64) string {
	text, _ := json.Marshal(n)
	return string(text)
}

func (p *program) assertNowhere(t *testing.T) {
	t.Helper()
	dump := p.dump(t)
	assert.Contains(t, string(dump), "contact.put", "the dump has the journal")
	assert.Contains(t, string(dump), "token.create", "and the access log")
	p.clean(t, "the dump", dump)
	p.clean(t, "the program's log", []byte(p.log.String()))
	p.assertNotInFiles(t)
}

func (p *program) clean(t *testing.T, where string, text []byte) {
	t.Helper()
	for _, planted := range append([]string{plantedPhone, plantedIdentity, plantedName, "138-6731"}, p.secrets...) {
		assert.False(t, bytes.Contains(text, []byte(planted)), "%s holds %s", where, planted)
	}
}

// plantSecrets uses whatever lets somebody in, rightly and wrongly, and remembers it.
func (p *program) plantSecrets(t *testing.T) {
	t.Helper()
	p.secrets = append(p.secrets, p.session.Value, chosenPassword)
	for _, wanted := range []map[string]any{{"kind": "wall", "name": "大厅"}, {"kind": "api", "name": "周报", "days": 9}} {
		status, body := p.ask(t.Context(), http.MethodPost, "/tokens", wanted)
		require.Equal(t, http.StatusOK, status, string(body))
		var made struct{ Secret string }
		require.NoError(t, json.Unmarshal(body, &made))
		p.secrets = append(p.secrets, made.Secret)
		req := p.request(t.Context(), http.MethodGet, "/cases", nil)
		req.Header.Set("Authorization", "Bearer "+made.Secret) // of the wall it is refused
		p.sent(t, req)
		p.sent(t, p.request(t.Context(), http.MethodPost, "/session/wall", map[string]any{"token": made.Secret}))
	}
	status, body := p.ask(t.Context(), http.MethodPost, "/tokens/enrolment", nil)
	require.Equal(t, http.StatusOK, status, string(body))
	var enrolment struct{ Code string }
	require.NoError(t, json.Unmarshal(body, &enrolment))
	phone := p.sent(t, p.request(t.Context(), http.MethodPost, "/session/device", map[string]any{"code": enrolment.Code, "name": "Mate 60"}))
	require.NotEmpty(t, phone)
	p.secrets = append(p.secrets, enrolment.Code, phone[0].Value)
	// Typed in the wrong field, in the wrong place, wrongly.
	const typed = "Nanhu-1921-typed"
	p.secrets = append(p.secrets, typed)
	for _, attempt := range []map[string]any{{"login": "zhou", "password": typed}, {"login": typed, "password": "x"}, {"login": "13867310842", "password": typed}} {
		p.sent(t, p.request(t.Context(), http.MethodPost, "/session", attempt))
	}
	for _, path := range []string{"/search?q=" + plantedPhone, "/cases?q=" + typed, "/cases?unit=" + plantedPhone, "/people/" + plantedPhone, "/contacts/" + typed + "?q=" + plantedPhone, "/cases/" + plantedPhone} {
		p.sent(t, p.request(t.Context(), http.MethodGet, path, nil))
	}
}

// sent sends a request and gives the cookies of its answer.
func (p *program) sent(t *testing.T, req *http.Request) []*http.Cookie {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.Cookies()
}

// dump is everything that pg_dump gives, as the role of backups.
func (p *program) dump(t *testing.T) []byte {
	t.Helper()
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	require.NoError(t, err)
	require.NotEmpty(t, found)
	cmd := exec.CommandContext(t.Context(), found[len(found)-1], "--host", p.socket(t), "--username", "postgres", "--dbname", "guatu")
	out, err := cmd.Output()
	require.NoError(t, err)
	return out
}

// assertNotInFiles reads the data folder and the cluster as they lie on the disk.
func (p *program) assertNotInFiles(t *testing.T) {
	t.Helper()
	for _, root := range []string{p.data, p.home(t)} {
		require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return nil //nolint:nilerr // a cluster that runs removes files under our eyes
			}
			text, err := os.ReadFile(path)
			if err == nil {
				p.clean(t, path, text)
			}
			return nil
		}))
	}
}
