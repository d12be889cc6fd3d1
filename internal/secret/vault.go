// Package secret keeps personal data of enterprises' contacts (name, telephone,
// identity number): sealed under a key per person, which is itself wrapped by a
// master key that lies outside the database.
//
// The journal holds only the hash of what is sealed. Reading is on purpose, for
// a reason, and witnessed before the answer. Erasing destroys the person's key:
// what was sealed stays where it is and says nothing any more.
package secret

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/fault"
)

// Vault seals and opens with the master key.
type Vault struct {
	wrap   cipher.AEAD
	digest []byte // key of Digest
}

const keySize = 32

// OpenVault reads the master key; where there is none it makes one, unless
// something was sealed already (inUse): then the file is lost, and a new key
// would only hide that.
func OpenVault(path string, inUse bool) (*Vault, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the operator's data folder
	switch {
	case errors.Is(err, fs.ErrNotExist) && inUse:
		return nil, fault.New(fault.KindUnavailable, "master_key_missing", "个人信息的主密钥文件不在："+path+"，请从备份恢复", "the master key of personal data is not there: "+path+"; restore it from your backup")
	case errors.Is(err, fs.ErrNotExist):
		return makeVault(path)
	case err != nil:
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read the master key: %w", err)
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fault.New(fault.KindDenied, "master_key_open", "主密钥文件可被他人读取，请执行 chmod 600 "+path, "others can read the master key; please run chmod 600 "+path)
	}
	master, err := hex.DecodeString(string(text))
	if err != nil || len(master) != keySize {
		return nil, fault.New(fault.KindInvalid, "master_key_spoilt", "主密钥文件已损坏："+path, "the master key is spoilt: "+path).Because(err)
	}
	return vaultOf(master)
}

func makeVault(path string) (*Vault, error) {
	master := make([]byte, keySize)
	_, _ = rand.Read(master) // crypto/rand.Read does not fail
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // the operator's data folder
	if err != nil {
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	_, err = f.WriteString(hex.EncodeToString(master))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	dir, err := os.Open(filepath.Dir(path))
	if err == nil {
		err = errors.Join(dir.Sync(), dir.Close())
	}
	if err != nil {
		return nil, fmt.Errorf("make the master key durable: %w", err)
	}
	return vaultOf(master)
}

// vaultOf derives a key for each use from the master key.
func vaultOf(master []byte) (*Vault, error) {
	derived := func(use string) []byte {
		mac := hmac.New(sha256.New, master)
		mac.Write([]byte(use))
		return mac.Sum(nil)
	}
	wrap, err := gcm(derived("guatu wrap"))
	return &Vault{wrap, derived("guatu digest")}, err
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// NewKey makes a person's key, wrapped.
func (v *Vault) NewKey(subject uuid.UUID) []byte {
	key := make([]byte, keySize)
	_, _ = rand.Read(key)                         // crypto/rand.Read does not fail
	return v.wrap.Seal(nil, nil, key, subject[:]) //nolint:gosec // this cipher makes a random nonce itself
}

func (v *Vault) unwrap(subject uuid.UUID, wrapped []byte) (cipher.AEAD, error) {
	key, err := v.wrap.Open(nil, nil, wrapped, subject[:])
	if err != nil {
		return nil, fault.New(fault.KindUnavailable, "master_key_wrong", "主密钥与这份数据不符，请核对备份", "the master key is not the one of these data; please check your backup").Because(err)
	}
	return gcm(key)
}

// Seal seals details under a person's key. It is another text each time.
func (v *Vault) Seal(subject uuid.UUID, wrapped []byte, d Details) ([]byte, error) {
	key, err := v.unwrap(subject, wrapped)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return key.Seal(nil, nil, text, subject[:]), nil //nolint:gosec // this cipher makes a random nonce itself
}

// Unseal opens what was sealed for the person.
func (v *Vault) Unseal(subject uuid.UUID, wrapped, sealed []byte) (Details, error) {
	var d Details
	key, err := v.unwrap(subject, wrapped)
	if err != nil {
		return d, err
	}
	text, err := key.Open(nil, nil, sealed, subject[:])
	if err != nil {
		return d, fmt.Errorf("unseal personal data: %w", err)
	}
	err = json.Unmarshal(text, &d)
	return d, err
}

// Digest is the same for the same details and tells nothing of them: an
// operation's id is bound to it, since what is sealed differs each time.
func (v *Vault) Digest(d Details) string {
	mac := hmac.New(sha256.New, v.digest)
	_ = json.NewEncoder(mac).Encode(d) // texts have a JSON, a hash takes it
	return hex.EncodeToString(mac.Sum(nil))
}
