package simulate

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// checkEvery is after how many operations everything is looked through.
const checkEvery = 1000

// ack is what a phone was told of an operation.
type ack struct {
	outcome ledger.Outcome
	device  string
}

// photosChecked are the files that were read and found to be what their name says.
type photosChecked map[photo.Hash]bool

// fail keeps the first violation; the run ends with it.
func (w *world) fail(format string, args ...any) {
	if w.report.failure == nil {
		w.report.failure = fmt.Errorf("seed %d, operation %d, %s: %w", w.report.Seed, w.report.Operations, w.now.Format("01-02 15:04:05"), fmt.Errorf(format, args...)) //nolint:err113 // what is found has no name
	}
}

// acknowledged is looked at with each answer: it is the recorded one, the same as before, and the journal has its entries.
func (w *world) acknowledged(d *deed, out ledger.Outcome) {
	if earlier, had := w.acks[out.OpID]; had {
		if !reflect.DeepEqual(earlier.outcome, out) {
			w.fail("operation %s was answered %+v, then %+v", out.OpID, earlier.outcome, out)
		}
	} else {
		w.report.acknowledged(out)
	}
	w.acks[out.OpID] = ack{out, d.op.Device}
	recorded, err := w.store.Outcome(w.ctx, out.OpID)
	if err != nil || !reflect.DeepEqual(recorded, out) {
		w.fail("operation %s was answered %+v, recorded is %+v (%v)", out.OpID, out, recorded, err)
	}
	w.entered(out)
}

// entered says whether the journal has the entries of an answer where it says they are.
func (w *world) entered(out ledger.Outcome) {
	if out.Result == ledger.Refused && out.Revision != 0 || out.Revision > int64(len(w.store.journal)) {
		w.fail("operation %s: %s at revision %d of %d", out.OpID, out.Result, out.Revision, len(w.store.journal))
		return
	}
	for at := out.First; at != 0 && at <= out.Revision; at++ {
		if row := w.store.journal[at-1]; row.OpID != out.OpID || row.ID != at {
			w.fail("entry %d is of operation %s, not %s", at, row.OpID, out.OpID)
		}
	}
}

// receipted is looked at with each receipt: the file is there, byte for byte.
func (w *world) receipted(h photo.Hash) {
	w.receipts[h] = true
	w.fileStands(h)
}

func (w *world) fileStands(h photo.Hash) {
	name := h.String()
	content, err := os.ReadFile(filepath.Join(w.folder, "files", name[:2], name)) //nolint:gosec // a hash below our own folder
	if err != nil {
		w.fail("photo %s has a receipt: %w", name, err)
		return
	}
	if sha256.Sum256(content) != h {
		w.fail("photo %s has a receipt, but its bytes are others", name)
	}
	w.checked[h] = true
}

// checkAll looks everything through: chain, state and history by the program's own
// verify; each acknowledged operation once in the journal; every photo stored or listed.
func (w *world) checkAll() error {
	w.report.Checks++
	found, err := ledger.Verify(w.ctx, w.store)
	if err != nil {
		return err
	}
	if len(found.Findings) > 0 {
		w.fail("verify: %s", found.Findings[0].Text.EN)
	}
	w.onceEach()
	w.photosStand()
	return w.report.failure
}

// onceEach says that the entries of an operation stand together, once, and are those that were acknowledged.
func (w *world) onceEach() {
	spans := map[uuid.UUID][2]int64{}
	for _, row := range w.store.journal {
		span, seen := spans[row.OpID]
		if seen && span[1] != row.ID-1 {
			w.fail("entry %d repeats operation %s, which ended with entry %d", row.ID, row.OpID, span[1])
		}
		if !seen {
			span[0] = row.ID
		}
		spans[row.OpID] = [2]int64{span[0], row.ID}
	}
	for id, told := range w.acks {
		if spans[id] != [2]int64{told.outcome.First, told.outcome.Revision} {
			w.fail("operation %s was acknowledged with entries %d to %d; the journal has %v", id, told.outcome.First, told.outcome.Revision, spans[id])
		}
	}
}

// photosStand says that each photo of the state is stored, or listed as missing.
func (w *world) photosStand() {
	for _, id := range w.store.idsOf(ledger.NounPhoto) {
		p := w.store.photos[id]
		hash := photo.Hash(p.SHA256)
		if p.Arrived && !w.checked[hash] {
			w.fileStands(hash)
		}
		if !slices.Contains(w.store.ofCase[p.Case], id) {
			w.fail("photo %d is not listed with its case", id)
		}
	}
}

// checkEnd is what must hold when everything was sent.
func (w *world) checkEnd() error {
	if err := w.checkAll(); err != nil {
		return err
	}
	for id, d := range w.sent {
		w.arrived(id, d)
	}
	for _, p := range w.phones {
		w.converged(p)
	}
	for hash := range w.receipts {
		w.fileStands(hash)
	}
	for _, id := range w.store.idsOf(ledger.NounPhoto) {
		w.accounted(w.store.photos[id])
	}
	return w.report.failure
}

// arrived says that what was done on a phone was answered with all its photos, unless a browser took it away or nobody wants it any more.
func (w *world) arrived(id uuid.UUID, d *deed) {
	told, answered := w.acks[id]
	if !answered && !w.dropped[id] && !d.undone {
		w.fail("operation %s of %s was never answered", id, d.op.Device)
	}
	if !answered || d.undone || told.outcome.Result == ledger.Refused {
		return
	}
	for _, p := range d.photos {
		if !p.refused && !w.receipts[p.hash] && !w.gone[p.hash] {
			w.fail("photo %s of operation %s has no receipt, and no phone has lost it", p.hash, id)
		}
	}
}

// converged says that a phone knows each case as it stands.
func (w *world) converged(p *phone) {
	ids := w.store.idsOf(ledger.NounCase)
	known := 0
	for _, f := range p.view {
		if len(f) > 0 {
			known++
		}
	}
	if known != len(ids) {
		w.fail("%s knows %d cases of %d", p.device, known, len(ids))
	}
	for _, id := range ids {
		state, _, err := w.store.stateOf(noun{ledger.NounCase, id})
		if err != nil {
			w.fail("case %d: %w", id, err)
		}
		if !sameFields(state.Fields, p.view[id]) || state.Version != p.versions[id] {
			w.fail("%s knows case %d otherwise than it stands", p.device, id)
		}
	}
}

func sameFields(a, b ledger.Fields) bool {
	if len(a) != len(b) {
		return false
	}
	for key, value := range a {
		if !bytes.Equal(b[key], value) {
			return false
		}
	}
	return true
}

// accounted says that a photo without its file is one that a browser cleared before it was sent, or whose file the server refused in words.
func (w *world) accounted(p ledger.Photo) {
	if p.Arrived {
		w.report.Stored++
		return
	}
	w.report.Missing++
	if hash := photo.Hash(p.SHA256); !w.gone[hash] {
		w.fail("photo %d of case %d is missing, but no phone has lost it", p.ID, p.Case)
	}
}

// lost notes what a cleared browser takes with it.
func (w *world) lost(d *deed) {
	if d.answer == nil && !d.undone {
		w.report.LostUnsent++
	}
	w.dropped[d.op.OpID] = true
	for _, p := range d.photos {
		if !p.stored {
			w.gone[p.hash] = true
		}
	}
}

// codeOf is the code of a fault.
func codeOf(err error) string {
	if f, ok := fault.As(err); ok {
		return f.Code
	}
	return "error"
}
