package tlscert

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/guatu/guatu/internal/fault"
)

// lookEvery bounds how often files are looked at.
const lookEvery = 10 * time.Second

// Files shows the certificate in two files, and the new one after they changed. A
// new one that cannot be used is logged, and the old one shown on.
type Files struct {
	cert, key string
	clock     func() time.Time
	log       *slog.Logger

	mu     sync.Mutex
	shown  *tls.Certificate
	mark   [2]fileMark
	looked time.Time
}

type fileMark struct {
	changed time.Time
	size    int64
}

// OpenFiles reads a certificate chain and its key, both PEM.
func OpenFiles(cert, key string, clock func() time.Time, log *slog.Logger) (*Files, error) {
	f := &Files{cert: cert, key: key, clock: clock, log: log, looked: clock()}
	var err error
	if f.mark, err = f.marks(); err == nil {
		f.shown, err = load(cert, key)
	}
	if err != nil {
		return nil, fault.New(fault.KindInvalid, "certificate_not_read", "证书或私钥无法使用："+cert+"，"+key, "the certificate or its key cannot be used: "+cert+", "+key).Because(err)
	}
	if now := clock(); now.After(f.shown.Leaf.NotAfter) {
		return nil, fault.New(fault.KindInvalid, "certificate_expired", "证书 "+cert+" 已于 "+f.shown.Leaf.NotAfter.Format(time.DateOnly)+" 到期",
			"the certificate "+cert+" expired on "+f.shown.Leaf.NotAfter.Format(time.DateOnly))
	}
	return f, nil
}

// Get gives the certificate; see tls.Config.GetCertificate.
func (f *Files) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := f.clock(); now.Sub(f.looked) >= lookEvery {
		f.looked = now
		f.look()
	}
	return f.shown, nil
}

// Named tells whether the certificate is good for a name.
func (f *Files) Named(name string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.shown.Leaf.VerifyHostname(name) == nil
}

func (f *Files) look() {
	mark, err := f.marks()
	if err == nil && mark == f.mark {
		return
	}
	var next *tls.Certificate
	if err == nil {
		next, err = load(f.cert, f.key)
	}
	if err != nil {
		// Perhaps only one of the two has been written yet: looked at again soon.
		f.log.Warn("new certificate not usable, the old one stays", slog.String("file", f.cert), slog.Any("error", err))
		return
	}
	f.shown, f.mark = next, mark
	f.log.Info("certificate read again", slog.String("file", f.cert), slog.Time("expires", next.Leaf.NotAfter))
}

func (f *Files) marks() (marks [2]fileMark, err error) {
	for i, path := range []string{f.cert, f.key} {
		info, err := os.Stat(path)
		if err != nil {
			return marks, err
		}
		marks[i] = fileMark{info.ModTime(), info.Size()}
	}
	return marks, nil
}

func load(cert, key string) (*tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(cert, key)
	return &pair, err
}
