package secret_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/secret"
)

func open(t *testing.T) (v *secret.Vault, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "keys", "person.key")
	v, err := secret.OpenVault(path, false)
	require.NoError(t, err)
	return v, path
}

func TestWhatIsSealedOpensWithItsOwnKeyAlone(t *testing.T) {
	t.Parallel()
	v, path := open(t)
	anna, bert := uuid.New(), uuid.New()
	keyA, keyB := v.NewKey(anna), v.NewKey(bert)
	d := secret.Details{Name: "褚志明", Phone: "13867310842"}
	sealed, err := v.Seal(anna, keyA, d)
	require.NoError(t, err)
	assert.NotContains(t, string(sealed), d.Phone)
	again, err := v.Seal(anna, keyA, d)
	require.NoError(t, err)
	assert.NotEqual(t, sealed, again, "another text each time")

	later, err := secret.OpenVault(path, true)
	require.NoError(t, err)
	opened, err := later.Unseal(anna, keyA, sealed)
	require.NoError(t, err)
	assert.Equal(t, d, opened)
	assert.Equal(t, v.Digest(d), later.Digest(d))
	assert.NotEqual(t, v.Digest(d), v.Digest(secret.Details{Name: d.Name}))

	_, err = v.Unseal(bert, keyB, sealed)
	require.Error(t, err, "another's key")
	_, err = v.Unseal(bert, keyA, sealed)
	require.Error(t, err, "a key under another's name")
	other, _ := open(t)
	_, err = other.Unseal(anna, keyA, sealed)
	assert.True(t, fault.Is(err, "master_key_wrong"), "%v", err)
	sealed[len(sealed)-1] ^= 1
	_, err = v.Unseal(anna, keyA, sealed)
	require.Error(t, err, "changed by a bit")
}

func TestTheMasterKeyIsGuarded(t *testing.T) {
	t.Parallel()
	_, path := open(t)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, os.Chmod(path, 0o644))
	_, err = secret.OpenVault(path, true)
	assert.True(t, fault.Is(err, "master_key_open"), "%v", err)
	require.NoError(t, os.Remove(path))
	_, err = secret.OpenVault(path, true)
	assert.True(t, fault.Is(err, "master_key_missing"), "a new key would hide that the old one is lost: %v", err)
	assert.NoFileExists(t, path)
	require.NoError(t, os.WriteFile(path, []byte("abcd"), 0o600))
	_, err = secret.OpenVault(path, true)
	assert.True(t, fault.Is(err, "master_key_spoilt"), "%v", err)
}

func TestDetailsAreCheckedAndMasked(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"138-6731 0842": "138****0842", "+86 13867310842": "138****0842", "0573-83711234": "0573****1234", "057383711234": "0573****1234", "02187654321": "021****4321", "010-8765432": "01****5432",
	} {
		d, err := secret.Details{Phone: given}.Checked()
		require.NoError(t, err, given)
		assert.Equal(t, want, d.Masked().Phone, given)
	}
	for _, bad := range []string{"12345", "23867310842", "138673108421", "1386731084x"} {
		_, err := secret.Details{Phone: bad}.Checked()
		assert.True(t, fault.Is(err, "contact_phone"), bad)
	}
	d, err := secret.Details{Name: " 褚志明 ", Identity: "11010519491231002x"}.Checked()
	require.NoError(t, err)
	assert.Equal(t, secret.Details{Name: "褚**", Identity: "1101**********002X"}, d.Masked())
	_, err = secret.Details{Identity: "110105194912310021"}.Checked()
	assert.True(t, fault.Is(err, "contact_identity"), "its check digit is X: %v", err)
	assert.Equal(t, secret.Details{Name: "*"}, secret.Details{Name: "褚"}.Masked())
}
