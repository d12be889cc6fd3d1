package tlscert_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/tlscert"
)

func today() time.Time { return time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC) }

func open(t *testing.T, folder string, now time.Time, names ...string) *tlscert.Authority {
	t.Helper()
	a, err := tlscert.OpenAuthority(folder, names, now)
	require.NoError(t, err)
	return a
}

// trusts verifies as a device that trusts the CA does.
func trusts(t *testing.T, a *tlscert.Authority, leaf *tls.Certificate, name string, now time.Time) error {
	t.Helper()
	root, err := x509.ParseCertificate(a.Certificate())
	require.NoError(t, err)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	_, err = leaf.Leaf.Verify(x509.VerifyOptions{Roots: pool, DNSName: name, CurrentTime: now})
	return err
}

func TestTheBuiltInAuthorityIsMadeOnceAndIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "tls")
	first := open(t, folder, today(), "guatu.xiuzhou.local", "10.12.0.5")
	again := open(t, folder, today().AddDate(1, 0, 0), "guatu.xiuzhou.local", "10.12.0.5")
	assert.Equal(t, first.Fingerprint(), again.Fingerprint())
	assert.Len(t, first.Fingerprint(), 95)
	for _, name := range []string{"ca.key", "ca.crt"} {
		info, err := os.Stat(filepath.Join(folder, name))
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
}

func TestALeafIsForTheServersNamesAndIsRenewedBeforeItExpires(t *testing.T) {
	t.Parallel()
	now := today()
	a := open(t, t.TempDir(), now, "guatu.xiuzhou.local", "10.12.0.5")
	issued := a.Issue([]string{"guatu.xiuzhou.local", "10.12.0.5"}, func() time.Time { return now })
	first, err := issued.Get(nil)
	require.NoError(t, err)
	for _, name := range []string{"guatu.xiuzhou.local", "10.12.0.5", "localhost", "127.0.0.1"} {
		require.NoError(t, trusts(t, a, first, name, now), name)
	}
	require.Error(t, trusts(t, a, first, "bank.example", now))
	now = now.AddDate(0, 12, 0)
	same, err := issued.Get(nil)
	require.NoError(t, err)
	assert.Same(t, first, same)
	now = now.AddDate(0, 0, 10)
	next, err := issued.Get(nil)
	require.NoError(t, err)
	assert.NotEqual(t, first.Leaf.SerialNumber, next.Leaf.SerialNumber)
	assert.NoError(t, trusts(t, a, next, "10.12.0.5", now.AddDate(1, 0, 0)))
}

// TestAStolenKeyIsGoodForNothingElse: the CA is bound to the server's names and networks.
func TestAStolenKeyIsGoodForNothingElse(t *testing.T) {
	t.Parallel()
	a := open(t, t.TempDir(), today(), "guatu.xiuzhou.local", "10.12.0.5")
	for name, bound := range map[string]bool{"bank.example": true, "192.0.2.7": true, "10.12.9.9": false, "guatu.xiuzhou.local": false} {
		leaf, err := a.Issue([]string{name}, today).Get(nil)
		require.NoError(t, err)
		if bound {
			require.Error(t, trusts(t, a, leaf, name, today()), name)
		} else {
			require.NoError(t, trusts(t, a, leaf, name, today()), name)
		}
	}
}

func TestANameTheAuthorityDoesNotCoverIsSaidAtTheStart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open(t, folder, today(), "10.12.0.5")
	_, err := tlscert.OpenAuthority(folder, []string{"guatu.gov.example"}, today())
	require.True(t, fault.Is(err, "authority_too_narrow"), err)
	require.ErrorContains(t, err, folder)
	_, err = tlscert.OpenAuthority(folder, []string{"10.12.0.5"}, today().AddDate(11, 0, 0))
	require.True(t, fault.Is(err, "authority_too_narrow"), err)
}

func TestADamagedAuthorityIsNotReplacedUnasked(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	open(t, folder, today(), "10.12.0.5")
	require.NoError(t, os.Remove(filepath.Join(folder, "ca.crt")))
	_, err := tlscert.OpenAuthority(folder, []string{"10.12.0.5"}, today())
	require.True(t, fault.Is(err, "authority_not_read"), err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "ca.key"), []byte("?"), 0o600))
	_, err = tlscert.OpenAuthority(folder, []string{"10.12.0.5"}, today())
	require.True(t, fault.Is(err, "authority_not_read"), err)
}

// given writes a certificate of somebody else and its key.
func given(t *testing.T, folder, name string, expires time.Time) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, NotBefore: today().AddDate(-1, 0, 0), NotAfter: expires}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	require.NoError(t, err)
	keyDER, err := x509.MarshalECPrivateKey(private)
	require.NoError(t, err)
	cert, key = filepath.Join(folder, "server.crt"), filepath.Join(folder, "server.key")
	require.NoError(t, os.WriteFile(cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600))
	require.NoError(t, os.WriteFile(key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}), 0o600))
	return cert, key
}

func TestAGivenCertificateIsReadAgainWhenItsFilesChange(t *testing.T) {
	t.Parallel()
	folder, now, log := t.TempDir(), today(), &bytes.Buffer{}
	cert, key := given(t, folder, "old.example", today().AddDate(1, 0, 0))
	f, err := tlscert.OpenFiles(cert, key, func() time.Time { return now }, slog.New(slog.NewTextHandler(log, nil)))
	require.NoError(t, err)
	shown := func() string {
		c, err := f.Get(nil)
		require.NoError(t, err)
		return c.Leaf.DNSNames[0]
	}
	assert.Equal(t, "old.example", shown())
	assert.True(t, f.Named("old.example"))
	assert.False(t, f.Named("new.example"))

	require.NoError(t, os.WriteFile(cert, []byte("half a fi"), 0o600))
	now = now.Add(11 * time.Second)
	assert.Equal(t, "old.example", shown(), "a broken file changes nothing")
	assert.Contains(t, log.String(), "the old one stays")

	given(t, folder, "new.example", today().AddDate(2, 0, 0))
	assert.Equal(t, "old.example", shown(), "files are looked at now and then")
	now = now.Add(11 * time.Second)
	assert.Equal(t, "new.example", shown())
}

func TestAGivenCertificateThatIsNoGoodIsSaidAtTheStart(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	cert, key := given(t, folder, "old.example", today().AddDate(0, 0, -1))
	_, err := tlscert.OpenFiles(cert, key, today, slog.New(slog.DiscardHandler))
	require.True(t, fault.Is(err, "certificate_expired"), err)
	_, err = tlscert.OpenFiles(key, cert, today, slog.New(slog.DiscardHandler))
	require.True(t, fault.Is(err, "certificate_not_read"), err)
	_, err = tlscert.OpenFiles(filepath.Join(folder, "none"), key, today, slog.New(slog.DiscardHandler))
	require.True(t, fault.Is(err, "certificate_not_read"), err)
}
