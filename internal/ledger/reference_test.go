package ledger_test

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/paulmach/orb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ledger"
)

func river(code, name string, lat float64) ledger.ReferenceDraft {
	return ledger.ReferenceDraft{Code: code, Name: name, Class: "river", Geometry: orb.LineString{{120.6, lat}, {120.7, lat + 0.01}}, Attributes: map[string]string{"说明": "示意"}}
}

func lake(side float64) ledger.ReferenceDraft {
	return ledger.ReferenceDraft{Code: "w3", Name: "麟湖", Class: "lake", Geometry: square(120.8, 30.83, side)[0]}
}

func water(whole bool, features ...ledger.ReferenceDraft) ledger.ReplaceReference {
	return ledger.ReplaceReference{Layer: "water", Whole: whole, Features: features}
}

// layerNow is a reference layer as it would be served: code and name of each feature with its kind of geometry.
func (h *house) layerNow(t *testing.T, code string) []string {
	t.Helper()
	layers, err := h.store.ReferenceLayers(t.Context(), []string{code})
	require.NoError(t, err)
	list := []string{}
	for _, l := range layers {
		for _, f := range l.Features {
			list = append(list, strings.TrimSpace(f.Code+" "+f.Name+" "+f.Geometry.GeoJSONType()))
		}
	}
	return list
}

func TestReferenceFeaturesArePutByCodeAndJournalled(t *testing.T) {
	t.Parallel()
	h := setup(t)
	multi := ledger.ReferenceDraft{Code: "w4", Class: "canal", Geometry: orb.MultiLineString{{{120.6, 30.9}, {120.7, 30.9}}, {{120.7, 30.9}, {120.8, 30.95}}}}
	many := ledger.ReferenceDraft{Code: "w5", Class: "lake", Geometry: append(square(120.9, 30.9, 0.01), square(120.95, 30.9, 0.01)...)}
	first := h.apply(t, lu, water(false, river("w1", "新塍塘", 30.8), river("w2", "长水塘", 30.7), lake(0.01), multi, many))
	require.Len(t, first.Entries, 5)
	assert.Equal(t, ledger.KindReferenceReplace, first.Entries[0].Kind)
	assert.Equal(t, ledger.NounReference, first.Entries[0].Noun)
	assert.Equal(t, []string{"w1 新塍塘 LineString", "w2 长水塘 LineString", "w3 麟湖 Polygon", "w4  MultiLineString", "w5  MultiPolygon"}, h.layerNow(t, "water"))

	again := h.apply(t, lu, water(false, river("w1", "新塍塘", 30.8), lake(0.01)))
	assert.Empty(t, again.Entries, "nothing changed, nothing is written")

	changed := h.apply(t, lu, water(false, river("w1", "新塍塘（航道）", 30.8), river("w9", "澜溪塘", 30.9)))
	require.Len(t, changed.Entries, 2)
	assert.Equal(t, int64(2), changed.Entries[0].Version)
	assert.Equal(t, first.Entries[0].NounID, changed.Entries[0].NounID, "found again by its code")
	said := h.entryOf(t, ledger.NounReference, changed.Entries[0]).Body
	assert.Equal(t, ledger.Fields{"name": []byte(`"新塍塘"`)}, said.Before)
	assert.Equal(t, ledger.Fields{"name": []byte(`"新塍塘（航道）"`)}, said.After)

	h.apply(t, lu, ledger.ReplaceReference{Layer: "roads", Features: []ledger.ReferenceDraft{river("w1", "G60", 30.6)}})
	whole := h.apply(t, lu, water(true, river("w1", "新塍塘", 30.8), lake(0.02)))
	assert.Len(t, whole.Entries, 6, "one renamed back, one of another shape, four removed")
	assert.Equal(t, []string{"w1 新塍塘 LineString", "w3 麟湖 Polygon"}, h.layerNow(t, "water"))
	assert.Equal(t, []string{"w1 G60 LineString"}, h.layerNow(t, "roads"), "another layer is no business of it")
	require.NoError(t, h.verify(t))

	emptied := h.apply(t, lu, water(true))
	assert.Len(t, emptied.Entries, 2)
	layers, err := h.store.ReferenceLayers(t.Context(), nil)
	require.NoError(t, err)
	require.Len(t, layers, 2, "an emptied layer is still known")
	assert.Equal(t, "water", layers[1].Code)
	assert.Equal(t, emptied.Revision, layers[1].Revision)
	assert.Empty(t, layers[1].Features)
	assert.Less(t, layers[0].Revision, layers[1].Revision, "a layer has the revision of the entry that touched it")
	require.NoError(t, h.verify(t))
}

// entryOf reads an entry of the journal.
func (h *house) entryOf(t *testing.T, noun string, ref ledger.EntryRef) ledger.Recorded {
	t.Helper()
	var found ledger.Recorded
	err := h.store.InTx(t.Context(), auth.Everything(), func(tx ledger.Tx) error {
		if _, err := tx.Claim(t.Context(), ledger.Claim{OpID: uuid.New(), Actor: "test", Device: "test", BatchID: uuid.New(), BodyHash: make([]byte, 32)}); err != nil {
			return err
		}
		entries, err := tx.Entries(t.Context(), ledger.Query{Noun: noun, NounIDs: []int64{ref.NounID}, From: ref.ID})
		if len(entries) > 0 {
			found = entries[0]
		}
		return errors.Join(err, errOnlyRead)
	})
	require.ErrorIs(t, err, errOnlyRead)
	return found
}

var errOnlyRead = errors.New("only read")

func TestAReferenceChangeIsTakenBackWhole(t *testing.T) {
	t.Parallel()
	h := setup(t)
	first := h.apply(t, lu, water(true, river("w1", "新塍塘", 30.8), river("w2", "长水塘", 30.7)))
	second := h.apply(t, lu, water(true, river("w1", "新塍塘", 30.81), lake(0.01)))
	before := []string{"w1 新塍塘 LineString", "w2 长水塘 LineString"}

	undone := h.apply(t, shen, ledger.UndoBatch{Batch: second.BatchID, Reason: "误导入"})
	assert.Len(t, undone.Entries, 3)
	assert.Equal(t, before, h.layerNow(t, "water"))
	require.NoError(t, h.verify(t))
	redone := h.apply(t, shen, ledger.UndoBatch{Batch: undone.BatchID, Reason: "撤销有误"})
	assert.Equal(t, []string{"w1 新塍塘 LineString", "w3 麟湖 Polygon"}, h.layerNow(t, "water"))

	_, err := h.Apply(t.Context(), shen, operation(ledger.UndoBatch{Batch: first.BatchID, Reason: "误导入"}))
	require.True(t, fault.Is(err, "undo_blocked"), "the later change stands in the way: %v", err)
	h.apply(t, shen, ledger.UndoBatch{Batch: redone.BatchID, Reason: "再撤销"})
	h.apply(t, shen, ledger.UndoBatch{Batch: first.BatchID, Reason: "误导入"})
	assert.Empty(t, h.layerNow(t, "water"))
	require.NoError(t, h.verify(t))
}

func TestARemovedFeatureDoesNotComeBackUnderACodeGivenAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.apply(t, lu, water(true, river("w1", "新塍塘", 30.8)))
	removal := h.apply(t, lu, water(true))
	h.apply(t, lu, water(true, river("w1", "另一条河", 30.9)))
	_, err := h.Apply(t.Context(), shen, operation(ledger.UndoBatch{Batch: removal.BatchID, Reason: "误删"}))
	require.True(t, fault.Is(err, "reference_code_taken"), "%v", err)
	assert.Equal(t, []string{"w1 另一条河 LineString"}, h.layerNow(t, "water"))
	require.NoError(t, h.verify(t))
}

func TestWhatNoReferenceLayerMayHoldIsRefusedAndNamed(t *testing.T) {
	t.Parallel()
	h := setup(t)
	with := func(change func(*ledger.ReferenceDraft)) ledger.ReplaceReference {
		bad := river("坏", "河", 30.7)
		change(&bad)
		return water(false, river("w1", "新塍塘", 30.8), bad)
	}
	shaped := func(g orb.Geometry) ledger.ReplaceReference {
		return with(func(d *ledger.ReferenceDraft) { d.Geometry = g })
	}
	crossed := orb.Polygon{{{120, 30}, {121, 31}, {121, 30}, {120, 31}, {120, 30}}}
	long := make(orb.LineString, ledger.MostReferenceVertices+1)
	for i := range long {
		long[i] = orb.Point{120 + float64(i)*1e-6, 30}
	}
	many := make([]ledger.ReferenceDraft, ledger.MostReferences+1)
	for i := range many {
		many[i] = river(strconv.Itoa(i), "", 30)
	}
	for name, c := range map[string]struct {
		change ledger.ReplaceReference
		code   string
		says   string
	}{
		"layer":           {ledger.ReplaceReference{Layer: "水系", Whole: true}, "bad_reference_layer", "水系"},
		"layer of others": {ledger.ReplaceReference{Layer: "parcels", Whole: true}, "bad_reference_layer", "parcels"},
		"nothing":         {water(false), "no_reference_features", "没有给出"},
		"no code":         {with(func(d *ledger.ReferenceDraft) { d.Code = "" }), "bad_reference_feature", "第 2 个要素"},
		"code twice":      {with(func(d *ledger.ReferenceDraft) { d.Code = "w1" }), "bad_reference_feature", "编号重复"},
		"name of lines":   {with(func(d *ledger.ReferenceDraft) { d.Name = "a\nb" }), "bad_reference_feature", "名称"},
		"class":           {with(func(d *ledger.ReferenceDraft) { d.Class = "River" }), "bad_reference_feature", "类别“River”"},
		"attribute":       {with(func(d *ledger.ReferenceDraft) { d.Attributes = map[string]string{"x": "\x00"} }), "bad_reference_feature", "属性“x”"},
		"no geometry":     {shaped(nil), "bad_reference_feature", "线或面"},
		"a point":         {shaped(orb.Point{120, 30}), "bad_reference_feature", "线或面"},
		"empty line":      {shaped(orb.LineString{}), "bad_reference_feature", "两个不同的点"},
		"empty lines":     {shaped(orb.MultiLineString{}), "bad_reference_feature", "图形为空"},
		"one place":       {shaped(orb.LineString{{120, 30}, {120, 30}}), "bad_reference_feature", "两个不同的点"},
		"not finite":      {shaped(orb.LineString{{120, 30}, {math.NaN(), 30}}), "bad_reference_feature", "NaN"},
		"infinite":        {shaped(orb.MultiLineString{{{120, 30}, {120, math.Inf(1)}}}), "bad_reference_feature", "+Inf"},
		"metres":          {shaped(orb.LineString{{40573232, 3405000}, {40573233, 3405000}}), "bad_reference_feature", "经纬度"},
		"empty polygon":   {shaped(orb.Polygon{}), "bad_reference_feature", "图形为空"},
		"empty ring":      {shaped(orb.MultiPolygon{{{}}}), "bad_reference_feature", "图形为空"},
		"crossed":         {shaped(crossed), "bad_reference_feature", "第 2 个要素（编号“坏”）有误：图形无效"},
		"too many":        {water(false, many...), "reference_too_large", "20001 个要素"},
		"too long":        {shaped(long), "reference_too_large", "200000 个节点"},
	} {
		out, err := h.Apply(t.Context(), lu, operation(c.change))
		f, is := fault.As(err)
		require.True(t, is, "%s: %v", name, err)
		assert.Equal(t, c.code, f.Code, name)
		assert.Contains(t, f.ZH, c.says, name)
		assert.NotEmpty(t, f.EN, name)
		assert.Equal(t, ledger.Refused, out.Result, name)
	}
	_, err := h.Apply(t.Context(), lu, operation(water(false, river("w1", "新塍塘", 30.8)), water(false, river("w2", "长水塘", 30.8))))
	require.True(t, fault.Is(err, "reference_layer_twice"), "%v", err)
	assert.Empty(t, h.layerNow(t, "water"))
}

// TestTheSameReferenceOperationIsAppliedOnce: the id is bound to geometry too, even to coordinates without a JSON.
func TestTheSameReferenceOperationIsAppliedOnce(t *testing.T) {
	t.Parallel()
	h := setup(t)
	op := operation(water(false, river("w1", "新塍塘", 30.8)))
	first, err := h.Apply(t.Context(), lu, op)
	require.NoError(t, err)
	again, err := h.Apply(t.Context(), lu, op)
	require.NoError(t, err)
	assert.Equal(t, first.Revision, again.Revision)
	op.Changes = []ledger.Change{water(false, river("w1", "新塍塘", 30.9))}
	_, err = h.Apply(t.Context(), lu, op)
	require.True(t, fault.Is(err, "operation_id_reused"), "%v", err)
}

func TestALayerOfTheGreatestSizeGoesInAtOnce(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("writes 20,000 features")
	}
	h := setup(t)
	many := make([]ledger.ReferenceDraft, ledger.MostReferences)
	for i := range many {
		many[i] = river(strconv.Itoa(i), "", 30+float64(i)*1e-5)
		many[i].Geometry = append(many[i].Geometry.(orb.LineString), make(orb.LineString, 8)...) //nolint:forcetypeassert // a river is a line
	}
	out := h.apply(t, lu, water(true, many...))
	assert.Equal(t, int64(ledger.MostReferences), out.Revision-out.First+1)
	require.NoError(t, h.verify(t))
	h.apply(t, lu, ledger.UndoBatch{Batch: out.BatchID, Reason: "误导入"})
	assert.Empty(t, h.layerNow(t, "water"))
}

func TestVerifyNamesAReferenceChangedBehindItsBack(t *testing.T) {
	t.Parallel()
	for says, statement := range map[string]string{
		"the state (name) differs":             `UPDATE reference SET name = '别的河'`,
		"is in the journal but not in":         `DELETE FROM reference`,
		"does not match its hash":              `UPDATE reference_shape SET geom = ST_Translate(geom, 0.001, 0)`,
		"is in the state but not in the journ": `INSERT INTO reference (id, version, layer, code, class, shape) SELECT 999999, 1, 'water', 'x', 'river', shape FROM reference`,
	} {
		h := setup(t)
		h.apply(t, lu, water(true, river("w1", "新塍塘", 30.8)))
		require.NoError(t, h.verify(t))
		h.tamper(t, statement)
		require.ErrorContains(t, h.verify(t), says)
	}
}
