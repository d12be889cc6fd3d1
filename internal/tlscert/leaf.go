package tlscert

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net"
	"sync"
	"time"
)

const (
	// leafLife is what every browser still accepts.
	leafLife = 397 * 24 * time.Hour
	// renewBefore is when a leaf is made anew.
	renewBefore = 30 * 24 * time.Hour
)

// Issued shows a certificate of the built-in CA; its key is never written down.
type Issued struct {
	authority *Authority
	names     []string
	clock     func() time.Time

	mu   sync.Mutex
	leaf *tls.Certificate
}

// Issue makes certificates for the names and addresses of one server.
func (a *Authority) Issue(names []string, clock func() time.Time) *Issued {
	return &Issued{authority: a, names: names, clock: clock}
}

// Get gives the certificate, a new one before the old one expires; see tls.Config.GetCertificate.
func (i *Issued) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if now := i.clock(); i.leaf == nil || now.After(i.leaf.Leaf.NotAfter.Add(-renewBefore)) {
		leaf, err := i.authority.issue(i.names, now)
		if err != nil {
			return nil, err
		}
		i.leaf = leaf
	}
	return i.leaf, nil
}

func (a *Authority) issue(names []string, now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial(), Subject: pkix.Name{Organization: []string{"guatu 挂图"}}, NotBefore: now.Add(-backdate), NotAfter: now.Add(leafLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1), net.IPv6loopback},
	}
	if a.cert.NotAfter.Before(template.NotAfter) {
		template.NotAfter = a.cert.NotAfter
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	return &tls.Certificate{Certificate: [][]byte{der, a.cert.Raw}, PrivateKey: key, Leaf: leaf}, err
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic("tlscert: no randomness: " + err.Error()) // crypto/rand does not fail
	}
	return n
}
