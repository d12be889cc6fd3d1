// Package tlscert gives the server the certificate it shows: one from files, read
// again when they change, or one of an authority (CA) of its own.
package tlscert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

const (
	keyFile  = "ca.key"
	certFile = "ca.crt"
	// authorityYears is how long phones need not be asked again.
	authorityYears = 10
	// backdate forgives clocks that are behind.
	backdate = time.Hour
)

// Authority is the built-in CA. What it may vouch for is fixed when it is made:
// a stolen key is good for this server's names and networks, for nothing else a
// phone visits.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// OpenAuthority reads the CA in a folder, or makes one for these names and
// addresses. Names that an older CA does not cover are a fault that says what to do.
func OpenAuthority(folder string, names []string, now time.Time) (*Authority, error) {
	a, err := readAuthority(folder)
	if errors.Is(err, fs.ErrNotExist) {
		a, err = makeAuthority(folder, names, now)
	}
	if err != nil {
		return nil, fault.New(fault.KindUnavailable, "authority_not_read",
			"无法读取或建立内置 CA（"+folder+"）", "cannot read or make the built-in CA in "+folder).Because(err)
	}
	if err := a.covers(folder, names, now); err != nil {
		return nil, err
	}
	return a, nil
}

// Certificate is the CA's certificate, DER.
func (a *Authority) Certificate() []byte { return a.cert.Raw }

// Expires is when phones have to be asked again.
func (a *Authority) Expires() time.Time { return a.cert.NotAfter }

// Fingerprint is the SHA-256 of the certificate in pairs of digits, as phones show it.
func (a *Authority) Fingerprint() string {
	sum := sha256.Sum256(a.cert.Raw)
	pairs := make([]string, len(sum))
	for i, b := range sum {
		pairs[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(pairs, ":")
}

func (a *Authority) covers(folder string, names []string, now time.Time) error {
	leaf, err := a.issue(names, now)
	if err == nil {
		roots := x509.NewCertPool()
		roots.AddCert(a.cert)
		_, err = leaf.Leaf.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: now})
	}
	if err != nil {
		return fault.New(fault.KindInvalid, "authority_too_narrow",
			fmt.Sprintf("内置 CA 不包含 %s 或已到期；如要更换，请移走 %s 后重新启动，各终端须重新信任", strings.Join(names, "、"), folder),
			fmt.Sprintf("the built-in CA does not cover %s, or has expired; to replace it move %s away and start again: every device must then trust the new one", strings.Join(names, ", "), folder)).Because(err)
	}
	return nil
}

func readAuthority(folder string) (*Authority, error) {
	keyText, err := os.ReadFile(filepath.Join(folder, keyFile)) //nolint:gosec // a fixed name in the folder the operator chose
	if err != nil {
		return nil, err
	}
	certText, err := os.ReadFile(filepath.Join(folder, certFile)) //nolint:gosec // a fixed name in the folder the operator chose
	if err != nil {
		// A key without a certificate would be replaced unasked.
		return nil, errors.New("certificate of the CA: " + err.Error()) // not "does not exist": nothing may be made over it
	}
	keyBlock, _ := pem.Decode(keyText)
	certBlock, _ := pem.Decode(certText)
	if keyBlock == nil || certBlock == nil {
		return nil, errors.New("no PEM")
	}
	cert, err := x509.ParseCertificate(certBlock.Bytes)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParseECPrivateKey(keyBlock.Bytes)
	if err == nil && !key.PublicKey.Equal(cert.PublicKey) {
		err = errors.New("key and certificate do not belong together")
	}
	return &Authority{cert: cert, key: key}, err
}

func makeAuthority(folder string, names []string, now time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	dns, networks := permitted(names)
	host, _ := os.Hostname() // for people to tell two of them apart
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{Organization: []string{"guatu 挂图"}, CommonName: "guatu CA " + host + " " + now.Format(time.DateOnly)},
		NotBefore: now.Add(-backdate), NotAfter: now.AddDate(authorityYears, 0, 0),
		IsCA: true, BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign,
		PermittedDNSDomainsCritical: true, PermittedDNSDomains: dns, PermittedIPRanges: networks,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &Authority{cert: cert, key: key}, store(folder, key, der)
}

// permitted are the names themselves and the networks around the addresses: a
// server that is moved within its building keeps its CA.
func permitted(names []string) (dns []string, networks []*net.IPNet) {
	dns = []string{"localhost"} // a kind of name that is not mentioned would be permitted altogether
	networks = []*net.IPNet{network("127.0.0.1", 8), network("::1", 128)}
	for _, name := range names {
		ip := net.ParseIP(name)
		switch {
		case ip == nil:
			dns = append(dns, name)
		case ip.To4() != nil:
			networks = append(networks, network(name, 16))
		default:
			networks = append(networks, network(name, 48))
		}
	}
	return dns, networks
}

func network(address string, bits int) *net.IPNet {
	ip := net.ParseIP(address)
	if four := ip.To4(); four != nil {
		ip = four
	}
	mask := net.CIDRMask(bits, 8*len(ip))
	return &net.IPNet{IP: ip.Mask(mask), Mask: mask}
}

// store writes the certificate before the key: a start that is cut off leaves no key that nothing belongs to.
func store(folder string, key *ecdsa.PrivateKey, der []byte) error {
	keyDER, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	for _, file := range []struct {
		name string
		text []byte
	}{
		{certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})},
		{keyFile, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER})},
	} {
		if err := writePrivate(filepath.Join(folder, file.name), file.text); err != nil {
			return err
		}
	}
	return nil
}

func writePrivate(path string, text []byte) error {
	f, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) //nolint:gosec // a fixed name in the folder the operator chose
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err := errors.Join(err, f.Chmod(0o600), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
