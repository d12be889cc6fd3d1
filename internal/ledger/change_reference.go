package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"

	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/fault"
)

// KindReferenceReplace is the kind of entries that change a reference layer.
const KindReferenceReplace = "reference.replace"

// Limits of one change of a reference layer.
const (
	MostReferences        = 20_000
	MostReferenceVertices = 200_000
)

// ReplaceReference puts features into a reference layer, by code: new ones are
// made, known ones replaced, equal ones left alone. With Whole the features of
// the layer that are not named are removed. It is one batch, whole or not at all.
type ReplaceReference struct {
	Layer    string
	Whole    bool
	Features []ReferenceDraft
}

func (ReplaceReference) kind() string { return KindReferenceReplace }

func (ReplaceReference) names(l *Locks) { l.References = true }

// content binds the operation's id to every feature. Geometry goes in as its
// EWKB: coordinates that are not finite have no JSON and are refused in decide.
func (c ReplaceReference) content() any {
	digest := sha256.New()
	for _, d := range c.Features {
		text, err := canonical([]any{d.Code, d.Name, d.Class, d.Attributes})
		wire, errWire := ewkb.Marshal(d.Geometry, 4490)
		_, _ = digest.Write(fmt.Appendf(nil, "%s %v\n%x %v\n", text, err, wire, errWire)) // a hash does not fail
	}
	return struct {
		Layer  string `json:"layer"`
		Whole  bool   `json:"whole"`
		Digest string `json:"digest"`
	}{c.Layer, c.Whole, hex.EncodeToString(digest.Sum(nil))}
}

func (c ReplaceReference) decide(ctx context.Context, w *work) error {
	if err := c.check(); err != nil {
		return err
	}
	there, err := c.references(ctx, w)
	if err != nil {
		return err
	}
	for _, d := range c.Features {
		old, known := there[d.Code]
		delete(there, d.Code)
		if err := c.put(ctx, w, d, old, known); err != nil {
			return err
		}
	}
	if !c.Whole {
		return nil
	}
	for _, code := range slices.Sorted(maps.Keys(there)) {
		if err := removeReference(w, there[code]); err != nil {
			return err
		}
	}
	return nil
}

// references are the features of the layer by code.
func (c ReplaceReference) references(ctx context.Context, w *work) (map[string]Reference, error) {
	if slices.Contains(w.replaced, c.Layer) {
		return nil, fault.New(fault.KindInvalid, "reference_layer_twice",
			fmt.Sprintf("同一操作中图层 %s 出现两次，请合并", c.Layer), fmt.Sprintf("one operation changes layer %s twice; please make it one change", c.Layer))
	}
	w.replaced = append(w.replaced, c.Layer)
	found, err := w.tx.References(ctx, nil, []string{c.Layer})
	byCode := make(map[string]Reference, len(found))
	for _, r := range found {
		byCode[r.Code] = r
	}
	return byCode, err
}

// put makes a feature or brings the old one up to the draft.
func (c ReplaceReference) put(ctx context.Context, w *work, d ReferenceDraft, old Reference, known bool) error {
	wire, err := ewkb.Marshal(d.Geometry, 4490)
	if err != nil {
		return err
	}
	hash := sha256.Sum256(wire)
	r := Reference{ID: old.ID, Version: old.Version + 1, Layer: c.Layer, Code: d.Code, Name: d.Name, Class: d.Class, Shape: hash[:], Attributes: d.Attributes}
	var before Fields
	if known {
		if before, err = ReferenceFields(old); err != nil {
			return err
		}
	}
	after, err := ReferenceFields(r)
	if err != nil {
		return err
	}
	body := diff(before, after)
	if body.Empty() {
		return nil
	}
	if !known {
		if r.ID, err = w.newID(ctx); err != nil {
			return err
		}
	}
	w.writes.ReferenceShapes = append(w.writes.ReferenceShapes, ReferenceShape{Hash: hash[:], EWKB: wire})
	w.writes.References = append(w.writes.References, r)
	w.referenceEntry(KindReferenceReplace, r.ID, r.Version, body)
	return nil
}

// newID gives ids one by one and fetches them by the hundred.
func (w *work) newID(ctx context.Context) (int64, error) {
	const atOnce = 100
	if len(w.spareIDs) == 0 {
		var err error
		if w.spareIDs, err = w.tx.NewIDs(ctx, atOnce); err != nil {
			return 0, err
		}
	}
	id := w.spareIDs[0]
	w.spareIDs = w.spareIDs[1:]
	return id, nil
}

func removeReference(w *work, old Reference) error {
	before, err := ReferenceFields(old)
	if err != nil {
		return err
	}
	w.writes.RemovedReferences = append(w.writes.RemovedReferences, old.ID)
	w.referenceEntry(KindReferenceReplace, old.ID, old.Version+1, Body{Before: before})
	return nil
}

func (w *work) referenceEntry(kind string, id, version int64, body Body) {
	w.entries = append(w.entries, Entry{Kind: kind, KindVersion: 1, Noun: NounReference, NounID: id, Version: version, Body: body})
}

// allReferences puts the reference features of the batch back.
func (u *undo) allReferences(ctx context.Context) error {
	ids := u.touched.Nouns[NounReference]
	if len(ids) == 0 {
		return nil
	}
	if err := u.load(ctx, NounReference, ids); err != nil {
		return err
	}
	there, err := u.tx.References(ctx, ids, u.referenceLayers())
	if err != nil {
		return err
	}
	taken := make(map[[2]string]int64, len(there))
	for id, r := range there {
		taken[[2]string{r.Layer, r.Code}] = id
	}
	for _, id := range ids {
		if err := u.undoReference(id, there, taken); err != nil {
			return err
		}
	}
	return u.blocked()
}

// referenceLayers are the layers of which the batch removed features: others may have their codes by now.
func (u *undo) referenceLayers() []string {
	layers := map[string]bool{}
	for id := range u.batch {
		if u.wasRemoval(id) {
			var layer string
			(&reader{fields: u.batch[id][0].Body.Before}).get("layer", &layer)
			layers[layer] = true
		}
	}
	return slices.Sorted(maps.Keys(layers))
}

func (u *undo) undoReference(id int64, there map[int64]Reference, taken map[[2]string]int64) error {
	old, exists := there[id]
	now := Fields{}
	if exists {
		var err error
		if now, err = ReferenceFields(old); err != nil {
			return err
		}
	} else if !u.wasRemoval(id) {
		return u.gone(id, fault.New(fault.KindNotFound, "reference_not_found", "没有这个底图要素，可能已被撤销", "there is no such reference feature; it may have been undone"))
	}
	before, version := u.before(id, now, "code")
	if len(u.inTheWay) > 0 {
		return nil
	}
	body, said := diff(now, before), u.said()
	body.Undoes, body.Note = said.Undoes, said.Note
	u.referenceEntry(KindUndo, id, version+1, body)
	if len(before) == 0 {
		u.writes.RemovedReferences = append(u.writes.RemovedReferences, id)
		return nil
	}
	r, err := ReferenceOf(id, version+1, before)
	if err != nil {
		return err
	}
	if other, is := taken[[2]string{r.Layer, r.Code}]; is && other != id {
		return fault.New(fault.KindConflict, "reference_code_taken",
			fmt.Sprintf("不能撤销：图层 %s 中的编号 %s 已被另一要素使用", r.Layer, r.Code),
			fmt.Sprintf("cannot take it back: in layer %s the code %s belongs to another feature by now", r.Layer, r.Code))
	}
	u.writes.References = append(u.writes.References, r)
	return nil
}
