package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestVerifyComparesWithTheSignedAnchors: the server signs from its first start on; a copy of anchors and public key can be
// compared from elsewhere, and a copy that says something else is named.
func TestVerifyComparesWithTheSignedAnchors(t *testing.T) {
	t.Parallel()
	p := newProgram(t)
	p.start(t)
	out, code := p.run("verify")
	require.Zero(t, code, out)
	assert.Contains(t, out, "核对签名 1 个")
	st, err := os.Stat(filepath.Join(p.data, "anchor.key"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), st.Mode().Perm())

	kept := t.TempDir()
	for _, name := range []string{"anchors.jsonl", "anchor.key.pub"} {
		text, err := os.ReadFile(filepath.Join(p.data, name))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(kept, name), text, 0o600))
	}
	p.stop(t)
	args := []string{"verify", "--anchors", filepath.Join(kept, "anchors.jsonl"), "--key", filepath.Join(kept, "anchor.key.pub")}
	out, code = p.run(args...)
	require.Zero(t, code, out)
	text, err := os.ReadFile(args[2])
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(args[2], []byte(strings.Replace(string(text), `"id":`, `"id":1`, 1)), 0o600))
	out, code = p.run(args...)
	assert.Equal(t, 1, code, out)
	assert.Contains(t, out, "的签名无效")
	out, code = p.run("verify", "everything")
	assert.Equal(t, 2, code)
	assert.Contains(t, out, "用法")
}
