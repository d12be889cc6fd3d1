package audit

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Anchor is the heads of both chains at a moment, signed: what was written
// before it cannot be written anew without the key.
type Anchor struct {
	Day campaign.Date `json:"day"` // civil day that had begun (UTC+8)
	At  time.Time     `json:"at"`
	Heads

	Key       string `json:"key"`       // name of the public key
	Signature string `json:"signature"` // base64
}

// signed is what the signature covers.
func (a Anchor) signed() []byte {
	return fmt.Appendf(nil, "guatu anchor 1\n%s\n%d\njournal %d %s\naccess %d %s\n", a.Day, a.At.UnixMicro(), a.Journal.ID, a.Journal.Hash, a.Access.ID, a.Access.Hash)
}

// Anchor signs heads.
func (k Key) Anchor(day campaign.Date, at time.Time, heads Heads) Anchor {
	a := Anchor{Day: day, At: at.UTC().Truncate(time.Microsecond), Heads: heads, Key: k.Public.Name()}
	a.Signature = k.sign(a.signed())
	return a
}

func (k Key) sign(text []byte) string {
	return base64.StdEncoding.EncodeToString(ed25519.Sign(k.private, text))
}

// checks says whether one of the keys made the signature.
func checks(keys []Public, text []byte, signature string) bool {
	sig, err := base64.StdEncoding.DecodeString(signature)
	return err == nil && len(sig) == ed25519.SignatureSize && slices.ContainsFunc(keys, func(k Public) bool {
		return ed25519.Verify(ed25519.PublicKey(k), text, sig)
	})
}

// Signed tells whether one of the keys signed the anchor.
func (a Anchor) Signed(keys []Public) bool { return checks(keys, a.signed(), a.Signature) }

// details are the anchor as the log keeps it.
func (a Anchor) details() map[string]any {
	return map[string]any{"day": a.Day, "at": a.At, "journal": a.Journal, "access": a.Access, "key": a.Key, "signature": a.Signature}
}

// ReadAnchors reads a file of anchors, one JSON a line; a file that is not there has none.
func ReadAnchors(path string) ([]Anchor, error) {
	text, err := os.ReadFile(path) //nolint:gosec // a fixed name in the data folder, or named by the operator
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, anchorsFault(path, err)
	}
	var list []Anchor
	for line := range bytes.Lines(text[:whole(text)]) {
		var a Anchor
		if err := json.Unmarshal(line, &a); err != nil {
			return nil, anchorsFault(path, err)
		}
		list = append(list, a)
	}
	return list, nil
}

// whole is how much of the text are whole lines: a line that a crash tore is written anew from the log.
func whole(text []byte) int { return bytes.LastIndexByte(text, '\n') + 1 }

// appendAnchor adds a line to the file and has it on disk when it returns.
func appendAnchor(path string, a Anchor) error {
	line, err := json.Marshal(a)
	if err != nil {
		return fmt.Errorf("encode an anchor: %w", err)
	}
	text, err := os.ReadFile(path) //nolint:gosec // a fixed name in the data folder
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return anchorsFault(path, err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // as above
	if err != nil {
		return anchorsFault(path, err)
	}
	if torn := int64(whole(text)); torn < int64(len(text)) {
		err = f.Truncate(torn)
	}
	if err == nil {
		_, err = f.WriteAt(append(line, '\n'), int64(whole(text)))
	}
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return anchorsFault(path, err)
	}
	return nil
}

func anchorsFault(path string, cause error) error {
	return fault.New(fault.KindUnavailable, "anchors_unreadable", "签名文件 "+path+" 无法读取或写入", "the file of anchors, "+path+", cannot be read or written").Because(cause)
}

// cut says that entries up to one were past their time and removed; signed, so
// that nobody else can make the log begin later.
type cut struct {
	Through   int64  `json:"through"`
	Hash      Hex    `json:"hash"`
	Key       string `json:"key"`
	Signature string `json:"signature"`
}

func (c cut) signed() []byte { return fmt.Appendf(nil, "guatu cut 1\n%d %s\n", c.Through, c.Hash) }

func (k Key) cut(through Head) cut {
	c := cut{Through: through.ID, Hash: through.Hash, Key: k.Public.Name()}
	c.Signature = k.sign(c.signed())
	return c
}

func (c cut) details() map[string]any {
	return map[string]any{"through": c.Through, "hash": c.Hash, "key": c.Key, "signature": c.Signature}
}
