package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAccountsAreManagedFromTheCommandLine(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.start(t) // signs in as zhou, by guatu user add
	out, code := p.run("user", "add", "he.fang", "--name", "何某", "--role", "field", "--unit", "honghe")
	require.Zero(t, code, out)
	out, code = p.run("user", "list")
	require.Zero(t, code, out)
	assert.Regexp(t, `he\.fang\s+何某 镇村外勤 honghe\s+启用`, out)
	assert.Regexp(t, `zhou\s+周某 区整治办.*启用.*20\d\d-`, out)

	for args, says := range map[string]string{
		"add zhou --person li":                "账号已被使用",
		"add zhou2 --person nobody":           "没有这个人员",
		"add zhou --name 周某 --role district":  "已有代码为 zhou 的人员",
		"add emperor --name 某 --role emperor": "没有“emperor”这个角色",
		"add x --person zhou --name 周某":       "用法",
		"password nobody":                     "没有账号 nobody",
		"paint":                               "用法",
	} {
		out, code = p.run(append([]string{"user"}, strings.Fields(args)...)...)
		assert.Equal(t, 2, code, args)
		assert.Contains(t, out, says, args)
	}

	out, code = p.run("user", "disable", "zhou")
	require.Zero(t, code, out)
	status, _ := p.ask(t.Context(), http.MethodGet, "/cases", nil)
	assert.Equal(t, http.StatusUnauthorized, status, "signed out at once, beside the running server")
	out, code = p.run("user", "enable", "zhou")
	require.Zero(t, code, out)
	out, code = p.run("verify")
	require.Zero(t, code, out)
}

// TestADemoHasAccountsThatOnlyItsOwnerReads: random passwords, printed once, in a file beside the data.
func TestADemoHasAccountsThatOnlyItsOwnerReads(t *testing.T) {
	leftOutByShort(t)
	t.Parallel()
	p := newProgram(t)
	p.startAs(t, "demo")
	path := filepath.Join(p.data, "demo-accounts.txt")
	st, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), st.Mode().Perm())
	sheet, err := os.ReadFile(path)
	require.NoError(t, err)
	login, password := firstAccount(t, string(sheet))
	p.enter(t, http.MethodPost, "/session", map[string]any{"login": login, "password": password})
	status, _ := p.ask(t.Context(), http.MethodGet, "/cases?limit=1", nil)
	assert.Equal(t, http.StatusOK, status)
	for _, role := range []string{"系统管理员", "安全管理员", "审计管理员"} {
		assert.Contains(t, string(sheet), role)
	}

	p.stop(t)
	assert.Contains(t, p.log.String(), string(sheet), "printed as well")
	p.startAs(t, "demo")
	p.stop(t)
	again, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(sheet), string(again), "a second start changes no password")
	assert.NotContains(t, p.log.String(), password, "and prints none")
	assert.Contains(t, p.log.String(), path)

	require.NoError(t, os.Remove(path))
	p.startAs(t, "demo")
	sheet, err = os.ReadFile(path)
	require.NoError(t, err, "a file that is gone is written anew")
	login, renewed := firstAccount(t, string(sheet))
	assert.NotEqual(t, password, renewed)
	p.enter(t, http.MethodPost, "/session", map[string]any{"login": login, "password": renewed})
	p.stop(t)
}

func firstAccount(t *testing.T, sheet string) (login, password string) {
	t.Helper()
	words := strings.Fields(sheet)
	require.Greater(t, len(words), 2)
	return words[0], words[1]
}
