package httpapi

import (
	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// ofWholeCase are the changes that concern a case as a whole: a template, moving, splitting and merging.
func ofWholeCase(c gen.Change) ledger.Change {
	id, base := orZero(c.CaseId), orZero(c.BaseVersion)
	switch string(c.Kind) {
	case ledger.KindCaseTemplate:
		return ledger.ApplyTemplate{Case: id, Template: orZero(c.Template), Reason: said(c), BaseVersion: base}
	case ledger.KindCaseMove:
		return ledger.MoveCase{Case: id, Unit: orZero(c.Unit), Village: orZero(c.Village), Reason: said(c), BaseVersion: base}
	case ledger.KindCaseMerge:
		return ledger.MergeCases{Into: id, Duplicates: orZero(c.Duplicates), Reason: said(c), BaseVersion: base}
	}
	split := ledger.SplitCase{Case: id, Label: orZero(c.Label), Enterprise: orZero(c.EnterpriseId), Operator: fromDraft(c.Enterprise), Reason: said(c), BaseVersion: base}
	for _, p := range orZero(c.Parts) {
		split.Parts = append(split.Parts, ledger.SplitPart{Parcel: p.ParcelId, Area: geo.FromSquareMetres(orZero(p.M2))})
	}
	return split
}
