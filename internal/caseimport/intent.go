package caseimport

import (
	"maps"
	"slices"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// intent is what a row asks the ledger for. Facts that stand already are left out; those that stand otherwise are never
// overwritten by a table, and said.
func (k *known) intent(e *entry, m match) ledger.ImportedRow {
	track, _ := k.view.Definition.Track(e.track)
	row := ledger.ImportedRow{Fields: maps.Clone(e.fields)}
	for code, on := range e.plans {
		if track.Index(code) >= 0 {
			row.Fields["plan:"+code] = string(on)
		}
	}
	if m.found == nil {
		k.newCase(&row, e, m, track)
	} else {
		k.knownCase(&row, e, m)
	}
	k.marks(&row, e, m, track)
	k.sheets(&row, e, m)
	return row
}

// newCase lists the case, with its operator where that is not known. It is listed on its first day.
func (k *known) newCase(row *ledger.ImportedRow, e *entry, m match, track campaign.Track) {
	list := &ledger.ListCase{
		Parcels: k.parcelIDs(e), Unit: e.Unit, Track: e.track, Landless: e.tenant, Enterprise: m.firm, Village: e.village, Batch: e.fields["batch"], Floor: e.areas[keyFloor],
	}
	delete(row.Fields, "batch")
	for _, on := range e.done {
		if list.On == "" || on < list.On {
			list.On = on
		}
	}
	if first := e.done[track.Milestones[0].Code]; first != "" {
		list.On = first
	}
	if m.firm == 0 {
		e.kind = k.kindOf(e)
		list.Operator = &ledger.EnterpriseDraft{
			Code: e.credit, Name: e.label, Kind: e.kind, Unit: e.Unit, Village: e.village, Industry: e.industry,
			AboveScale: e.above != nil && *e.above, Evaluations: orNil(e.classes), TaxPerMu: orNil(e.taxes),
		}
	} else {
		list.Label, row.Enterprise, row.Operator = e.label, m.firm, k.facts(e)
	}
	row.List = list
	if e.areas[keyRecovered] != 0 || e.areas[keyEffective] != 0 {
		row.Measure = &ledger.MeasureCase{Recovered: e.areas[keyRecovered], Effective: e.areas[keyEffective]}
	}
}

func orNil[V any](m map[string]V) map[string]V {
	if len(m) == 0 {
		return nil
	}
	return m
}

// kindOf is what the row says; a firm with a credit code of a company is one, and nothing else is guessed.
func (k *known) kindOf(e *entry) string {
	if e.kind != "" {
		return e.kind
	}
	if len(e.credit) > 1 && e.credit[:2] == "91" && len(k.view.Definition.Kinds) > 0 {
		return k.view.Definition.Kinds[0].Code
	}
	e.refuse("没有写类型（企业或作坊），新事项必须写明", "it does not say which kind of operator; new cases need it")
	return ""
}

func (k *known) knownCase(row *ledger.ImportedRow, e *entry, m match) {
	row.Case, row.BaseVersion = m.found.ID, m.found.Version
	k.rename(row, e, m)
	if e.village != "" {
		row.Fields["village"] = e.village
	}
	if e.kind != "" {
		row.Fields["kind"] = e.kind
	}
	if firm, there := k.firms[m.firm]; there && k.actor.Has(firm.Unit, firm.Village) {
		name := row.Operator.Name
		row.Enterprise, row.Operator = m.firm, k.facts(e)
		row.Operator.Name = name
	}
	k.parcelsDiffer(e, m)
	k.measure(row, e, m)
}

// rename takes another name over. A case shows what may be shown, which need not be the firm's name: a row may say either.
func (k *known) rename(row *ledger.ImportedRow, e *entry, m match) {
	name := k.firms[m.firm].Name
	if e.label == m.found.Label || e.label == name {
		return
	}
	row.Operator.Name = e.label
	if name == "" || name == m.found.Label {
		row.Fields["label"] = e.label
	}
}

func (*known) facts(e *entry) ledger.OperatorFacts {
	return ledger.OperatorFacts{Code: e.credit, Kind: e.kind, Industry: e.industry, AboveScale: e.above, Evaluations: orNil(e.classes), TaxPerMu: orNil(e.taxes)}
}

func (k *known) parcelsDiffer(e *entry, m match) {
	if len(e.parcels) == 0 {
		return
	}
	var codes []string
	for _, share := range m.found.Shares {
		if p := k.view.Parcel(share.Parcel); p != nil {
			codes = append(codes, p.Code)
		}
	}
	slices.Sort(codes)
	if !slices.Equal(codes, slices.Sorted(slices.Values(e.parcels))) {
		e.notice("图斑编号与系统不同，未改：地块归属请在一企一档中办理", "the parcels differ from those recorded and were not changed")
	}
}

// measure enters areas that differ as they are printed: a table has two decimals, the ledger four.
func (*known) measure(row *ledger.ImportedRow, e *entry, m match) {
	is := map[string]geo.Area{keyRecovered: m.found.Recovered, keyEffective: m.found.Effective, keyFloor: m.found.Floor}
	differs := false
	for key, said := range e.areas {
		if samePrinted(said, is[key]) {
			continue
		}
		is[key], differs = said, true
	}
	if differs {
		floor := is[keyFloor]
		row.Measure = &ledger.MeasureCase{Recovered: is[keyRecovered], Effective: is[keyEffective], Floor: &floor}
	}
}

// samePrinted tells whether two areas are the same in two decimals of mu or of m².
func samePrinted(a, b geo.Area) bool {
	return a.Mu() == b.Mu() || a.SquareMetresText() == b.SquareMetresText()
}

// marks are the milestones that the row has done and the system has not, in their order.
func (k *known) marks(row *ledger.ImportedRow, e *entry, m match, track campaign.Track) {
	for i, milestone := range track.Milestones {
		on, said := e.done[milestone.Code]
		reason := k.skipReason(e, track, milestone)
		if i == 0 && m.found == nil || !said && reason == "" {
			continue // the first is the listing
		}
		if m.found != nil {
			if stands, passed := m.found.Passed(milestone.Code); passed {
				if said && stands != on {
					e.notice("“"+milestone.State.ZH+"”系统为 "+dayOr(stands)+"，表中为 "+string(on)+"，未改：更正请撤销原标记", milestone.State.EN+" stands as "+dayOr(stands)+" and was not changed")
				}
				continue
			}
		}
		mark := ledger.RowMark{Milestone: milestone.Code, NotApplicable: reason}
		if said {
			mark = ledger.RowMark{Milestone: milestone.Code, On: on, Checks: boxesOf(milestone, e.checks)}
		}
		row.Marks = append(row.Marks, mark)
	}
}

// skipReason is why a milestone is not applicable by the row: it says so, or the sheet has no column for it, a later one is
// done, and somebody has said that this means it.
func (k *known) skipReason(e *entry, track campaign.Track, m campaign.Milestone) string {
	if slices.Contains(e.skipped, m.Code) {
		return "台账注明不适用"
	}
	isMissing := func(o campaign.Milestone) bool { return o.Code == m.Code }
	if !k.answers.Skip[e.Place] || !slices.ContainsFunc(e.sheet.missing(track), isMissing) {
		return ""
	}
	for _, later := range track.Milestones[track.Index(m.Code)+1:] {
		if e.done[later.Code] != "" {
			return "台账未列此节点"
		}
	}
	return ""
}

func dayOr(on campaign.Date) string {
	if on == "" {
		return "不适用"
	}
	return string(on)
}

func boxesOf(m campaign.Milestone, ticked []string) []string {
	var boxes []string
	for _, c := range m.Checks {
		if slices.Contains(ticked, c.Code) {
			boxes = append(boxes, c.Code)
		}
	}
	return boxes
}

// sheets are the values of sheets that stand on the track. Land that is what the case's parcels have says nothing new.
func (k *known) sheets(row *ledger.ImportedRow, e *entry, m match) {
	for _, code := range slices.Sorted(maps.Keys(e.sheets)) {
		s, _ := k.view.Definition.Sheet(code)
		values := e.sheets[code]
		if m.found != nil && m.found.Land() != 0 {
			maps.DeleteFunc(values, func(field, value string) bool {
				f, _ := s.Field(field)
				return f.Type == campaign.FieldMu && f.Code == "land" && value == m.found.Land().Mu()
			})
		}
		firm := m.firm != 0 || row.List != nil
		if !s.On(e.track) || len(values) == 0 || s.Of == campaign.OfEnterprise && (!firm || m.found != nil && row.Enterprise == 0) {
			continue
		}
		row.Sheets = append(row.Sheets, ledger.SheetFacts{Sheet: code, Of: s.Of, Values: values})
	}
}
