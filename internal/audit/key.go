package audit

import (
	"crypto/ed25519"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/guatu/guatu/internal/fault"
)

// Key signs; no database holds it.
type Key struct {
	private ed25519.PrivateKey
	Public  Public
}

// Public is the half of a key that is given away to verify.
type Public ed25519.PublicKey

// Name is the beginning of a key's SHA-256, by which people compare it.
func (p Public) Name() string {
	sum := sha256.Sum256(p)
	return hex.EncodeToString(sum[:8])
}

const (
	privateBlock = "PRIVATE KEY"
	publicBlock  = "PUBLIC KEY"
)

// OpenKey reads the key at path, or makes one that only its owner reads; its public half lies beside it, in path + ".pub".
func OpenKey(path string) (Key, error) {
	text, err := os.ReadFile(path) //nolint:gosec // a fixed name in the data folder
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path)
	}
	if err != nil {
		return Key{}, keyFault(path, err)
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != privateBlock {
		return Key{}, keyFault(path, nil)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return Key{}, keyFault(path, err)
	}
	return keyOf(private)
}

func keyOf(private ed25519.PrivateKey) (Key, error) {
	public, ok := private.Public().(ed25519.PublicKey)
	if !ok {
		return Key{}, errors.New("ed25519 gives no public key")
	}
	return Key{private, Public(public)}, nil
}

func makeKey(path string) (Key, error) {
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return Key{}, keyFault(path, err)
	}
	k, err := keyOf(private)
	if err != nil {
		return k, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return k, keyFault(path, err)
	}
	public, err := k.Public.PEM()
	if err != nil {
		return k, err
	}
	// The public half first: a key without it would be there to sign, and nobody could check.
	err = writePrivate(path+".pub", public)
	if err == nil {
		err = writePrivate(path, pem.EncodeToMemory(&pem.Block{Type: privateBlock, Bytes: der}))
	}
	if err != nil {
		return k, keyFault(path, err)
	}
	return k, nil
}

// PEM is the public key as a file.
func (p Public) PEM() ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(ed25519.PublicKey(p))
	if err != nil {
		return nil, fmt.Errorf("encode the public key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: publicBlock, Bytes: der}), nil
}

// ReadPublic reads public keys from a file; there may be several, of earlier years.
func ReadPublic(path string) ([]Public, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the operator names it
	if err != nil {
		return nil, keyFault(path, err)
	}
	var keys []Public
	for block, rest := pem.Decode(text); block != nil; block, rest = pem.Decode(rest) {
		parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
		public, ok := parsed.(ed25519.PublicKey)
		if err != nil || !ok {
			return nil, keyFault(path, err)
		}
		keys = append(keys, Public(public))
	}
	if len(keys) == 0 {
		return nil, keyFault(path, nil)
	}
	return keys, nil
}

func keyFault(path string, cause error) error {
	return fault.New(fault.KindUnavailable, "key_unreadable", "日志签名密钥 "+path+" 无法读取或写入", "the key of the log, "+path+", cannot be read or written").Because(cause)
}
