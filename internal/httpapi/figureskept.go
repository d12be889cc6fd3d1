package httpapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// mostFigures is how many answers of /figures are kept.
const mostFigures = 128

// figuresKept are answers of /figures as they are sent, by tag and question.
type figuresKept struct {
	mu   sync.Mutex
	sent map[string][]byte
}

// figuresQuestion tells questions apart that have one tag.
func figuresQuestion(etag string, p gen.GetFiguresParams) string {
	return fmt.Sprint(etag, orZero(p.By), " ", orZero(p.AsOf), " ", orZero(p.Unit), " ", orZero(p.Track), " ", orZero(p.Cycle), " ", orZero(p.Rank))
}

func (k *figuresKept) find(question string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sent[question]
}

// keep encodes an answer; it begins anew when there are too many: most are of revisions that are over.
func (k *figuresKept) keep(question string, answer any) ([]byte, error) {
	text, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.sent) >= mostFigures || k.sent == nil {
		k.sent = map[string][]byte{}
	}
	k.sent[question] = text
	return text, nil
}

// figuresAnswer is an answer ready to be sent, with its tag.
type figuresAnswer struct {
	text []byte
	etag string
}

// VisitGetFiguresResponse implements gen.GetFiguresResponseObject.
func (a figuresAnswer) VisitGetFiguresResponse(w http.ResponseWriter) error {
	tagged(w, a.etag)
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusOK)
	_, err := w.Write(a.text)
	return err
}
