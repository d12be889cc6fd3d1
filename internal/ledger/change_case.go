package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of journal entries about cases.
const (
	KindCaseList      = "case.list"
	KindCaseMilestone = "case.milestone"
	KindCaseAmend     = "case.amend"
)

// ListCase puts parcels on the list as one new case (列入清单).
type ListCase struct {
	Parcels []int64       `json:"parcels"`
	Unit    string        `json:"unit"` // needed when the parcels lie in no unit
	Label   string        `json:"label"`
	Track   string        `json:"track"` // empty: the campaign's first
	On      campaign.Date `json:"on"`
	// Plans are planned days by milestone code.
	Plans map[string]campaign.Date `json:"plans,omitempty"`
	// Landless lists a tenant: the case counts the firm, its parcels' land is another's (只计家数).
	Landless   bool             `json:"landless,omitempty"`
	Enterprise int64            `json:"enterprise,omitempty"` // one that is known,
	Operator   *EnterpriseDraft `json:"operator,omitempty"`   // or one to make
	Batch      string           `json:"batch,omitempty"`
	Village    string           `json:"village,omitempty"`
	Kind       string           `json:"kind,omitempty"` // empty: that of the enterprise
	Floor      geo.Area         `json:"floor,omitempty"`
}

func (ListCase) kind() string   { return KindCaseList }
func (c ListCase) content() any { return c }
func (c ListCase) names(l *Locks) {
	l.Parcels = append(l.Parcels, c.Parcels...)
	if c.Enterprise != 0 {
		l.Enterprises = append(l.Enterprises, c.Enterprise)
	}
}

func (c ListCase) decide(ctx context.Context, w *work) error {
	next, err := c.open(w)
	if err != nil {
		return err
	}
	track, err := w.track(next)
	if err != nil {
		return err
	}
	if next, err = c.operated(ctx, w, next); err != nil {
		return err
	}
	next.Shares = c.shares(w, next.Track)
	if next, err = c.firstMarks(w, track, next); err != nil {
		return err
	}
	ids, err := w.tx.NewIDs(ctx, 1)
	if err != nil {
		return err
	}
	prefix := w.there.Campaigns[next.Campaign].Definition.Prefix(track)
	number, err := w.tx.NextCaseNumber(ctx, next.Campaign, prefix)
	if err != nil {
		return err
	}
	next.ID = ids[0]
	next.Code = fmt.Sprintf("%s%04d", prefix, number)
	return w.record(&caseWork{fields: Fields{}}, next, Entry{Kind: KindCaseList})
}

// open is the case before it has an id: campaign, track, unit and label.
func (c ListCase) open(w *work) (campaign.Case, error) {
	next := campaign.Case{Campaign: w.there.Running, Track: c.Track, Unit: c.Unit, Label: strings.TrimSpace(c.Label), Marks: map[string]campaign.Mark{}, Batch: strings.TrimSpace(c.Batch), Village: c.Village, Kind: c.Kind, Floor: c.Floor}
	def, err := w.definition(next.Campaign)
	if err != nil {
		return next, err
	}
	if next.Track == "" {
		next.Track = def.Tracks[0].Code
	}
	for _, id := range c.Parcels {
		p, ok := w.there.Parcels[id]
		if !ok {
			return next, fault.New(fault.KindNotFound, "parcel_not_found", "没有这个地块", "there is no such parcel")
		}
		if next.Unit == "" {
			next.Unit = p.Unit
		}
		if next.Label == "" && c.Operator == nil && c.Enterprise == 0 {
			next.Label = p.Label
		}
	}
	if next.Unit == "" {
		return next, fault.New(fault.KindInvalid, "unit_missing", "请选择责任主体", "please choose the responsible unit")
	}
	if next.Label == "" && c.Operator != nil {
		next.Label = c.Operator.label()
	}
	if e, ok := w.there.Enterprises[c.Enterprise]; ok && next.Label == "" {
		next.Label = e.Label
	}
	if next.Label == "" {
		return next, fault.New(fault.KindInvalid, "label_missing", "请填写企业（作坊）名称", "please give the name of the firm or workshop")
	}
	return next, nil
}

// shares gives the case the land that no other case of the track counts yet.
func (c ListCase) shares(w *work, track string) []campaign.Share {
	var shares []campaign.Share
	for _, id := range slices.Compact(slices.Sorted(slices.Values(c.Parcels))) {
		p := w.there.Parcels[id]
		free := max(p.Area-p.Counted[track], 0)
		if c.Landless {
			free = 0
		}
		shares = append(shares, campaign.Share{Parcel: id, Area: geo.Area(free)})
		if p.Counted == nil {
			p.Counted = map[string]int64{}
		}
		p.Counted[track] += free
		w.there.Parcels[id] = p
	}
	return shares
}

func (c ListCase) firstMarks(w *work, track campaign.Track, next campaign.Case) (campaign.Case, error) {
	var err error
	on := c.On
	if on == "" {
		on = w.happenedOn()
	}
	for _, code := range slices.Sorted(maps.Keys(c.Plans)) {
		if next, err = track.Plan(next, code, c.Plans[code]); err != nil {
			return next, err
		}
	}
	return track.MarkDone(next, track.Milestones[0].Code, campaign.Done{On: on, Actor: w.actor.ID}, w.today())
}

// MarkMilestone marks a milestone of a case done on a day.
type MarkMilestone struct {
	Case        int64         `json:"case"`
	Milestone   string        `json:"milestone"`
	On          campaign.Date `json:"on"` // empty: the day it happened
	Note        string        `json:"note"`
	Checks      []string      `json:"checks,omitempty"` // boxes ticked
	BaseVersion int64         `json:"base_version"`     // 0: the author states none
}

func (MarkMilestone) kind() string     { return KindCaseMilestone }
func (c MarkMilestone) content() any   { return c }
func (c MarkMilestone) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

func (c MarkMilestone) decide(ctx context.Context, w *work) error {
	return w.markFact(ctx, fact{caseID: c.Case, milestone: c.Milestone, base: c.BaseVersion, kind: KindCaseMilestone},
		func(t campaign.Track, from campaign.Case, today campaign.Date) (campaign.Case, error) {
			on := c.On
			if on == "" {
				on = w.happenedOn()
			}
			return t.MarkDone(from, c.Milestone, campaign.Done{On: on, Actor: w.actor.ID, Note: c.Note, Checks: c.Checks}, today)
		})
}

// fact is a mark on a milestone as its author saw the case.
type fact struct {
	caseID    int64
	milestone string
	base      int64
	kind      string
}

type marking func(campaign.Track, campaign.Case, campaign.Date) (campaign.Case, error)

// markFact marks a milestone. A milestone is a fact, never a field: when
// somebody marked it after the author last looked, both marks are kept.
func (w *work) markFact(ctx context.Context, f fact, mark marking) error {
	cw, err := w.caseNow(f.caseID)
	if err != nil {
		return err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return err
	}
	since, err := w.since(ctx, cw.now, f.base)
	if err != nil {
		return err
	}
	key := markKey + f.milestone
	if other := lastTouching(since, key); other != nil && cw.now.Marks[f.milestone].Passed() {
		return w.keepMark(ctx, cw.now, f, track, *other, mark)
	}
	next, err := mark(track, cw.now, w.today())
	if err != nil {
		return err
	}
	if len(since) > 0 {
		w.conflicts = append(w.conflicts, Conflict{Grade: Soft, Noun: NounCase, NounID: f.caseID, Fields: touched(since)})
	}
	return w.record(cw, next, Entry{Kind: f.kind, BaseVersion: f.base})
}

// keepMark keeps the second of two contradicting marks for a person to resolve.
func (w *work) keepMark(ctx context.Context, c campaign.Case, f fact, track campaign.Track, other Recorded, mark marking) error {
	unmarked := c
	unmarked.Marks = maps.Clone(c.Marks)
	delete(unmarked.Marks, f.milestone)
	second, err := mark(track, unmarked, w.today())
	if err != nil {
		return err
	}
	m := track.Milestones[track.Index(f.milestone)]
	kept, err := canonical(second.Marks[f.milestone])
	if err != nil {
		return err
	}
	standing, err := canonical(c.Marks[f.milestone])
	if err != nil {
		return err
	}
	at := other.RecordedAt.In(campaign.Shanghai()).Format("15:04")
	return w.keep(ctx, Kept{Noun: NounCase, NounID: c.ID, Field: markKey + f.milestone, Standing: standing, Kept: kept}, campaign.Text{
		ZH: fmt.Sprintf("%s已于 %s %s，您的内容已保留，待镇责任人核对", other.ActorName, at, m.Button.ZH),
		EN: fmt.Sprintf("%s did this at %s (%s); your entry is kept and the town lead will compare", other.ActorName, at, m.State.EN),
	})
}

// keep puts a contradicting value into quarantine.
func (w *work) keep(ctx context.Context, k Kept, text campaign.Text) error {
	ids, err := w.tx.NewIDs(ctx, 1)
	if err != nil {
		return err
	}
	k.ID, k.Version, k.Actor, k.HappenedAt = ids[0], 1, w.actor.ID, w.happenedAt
	w.writes.Conflicts = append(w.writes.Conflicts, k)
	w.conflicts = append(w.conflicts, Conflict{Grade: Hard, ConflictID: k.ID, Noun: k.Noun, NounID: k.NounID, Fields: []string{k.Field}, Text: text})
	fields, err := KeptFields(k)
	return w.create(KindConflictKept, NounQuarantine, k.ID, fields, err)
}

// since are the entries others made on a case after the version its author saw.
func (w *work) since(ctx context.Context, c campaign.Case, base int64) ([]Recorded, error) {
	if base == 0 || base >= c.Version {
		if base > c.Version {
			return nil, fault.New(fault.KindStale, "base_version_unknown", "该事项没有这个版本，请刷新后再试", "the case has no such version; please reload")
		}
		return nil, nil
	}
	return w.tx.Entries(ctx, Query{Noun: NounCase, NounIDs: []int64{c.ID}, AfterVersion: base})
}

func lastTouching(entries []Recorded, key string) *Recorded {
	for i := len(entries) - 1; i >= 0; i-- {
		if slices.Contains(entries[i].Body.Keys(), key) {
			return &entries[i]
		}
	}
	return nil
}

func touched(entries []Recorded) []string {
	keys := map[string]bool{}
	for _, e := range entries {
		for _, k := range e.Body.Keys() {
			if !isDerived(k) {
				keys[k] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(keys))
}

// AmendCase changes fields of a case: label, responsible, note, batch, village,
// kind, disposal, plan:<milestone>.
type AmendCase struct {
	Case        int64             `json:"case"`
	Fields      map[string]string `json:"fields"`
	BaseVersion int64             `json:"base_version"`
}

func (AmendCase) kind() string     { return KindCaseAmend }
func (c AmendCase) content() any   { return c }
func (c AmendCase) names(l *Locks) { l.Cases = append(l.Cases, c.Case) }

// decide merges field by field: what nobody else touched is written, what
// somebody else changed to another value is kept in quarantine.
func (c AmendCase) decide(ctx context.Context, w *work) error {
	if c.BaseVersion == 0 {
		return fault.New(fault.KindInvalid, "base_version_missing", "缺少所依据的版本", "the version this is based on is missing")
	}
	cw, err := w.caseNow(c.Case)
	if err != nil {
		return err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return err
	}
	since, err := w.since(ctx, cw.now, c.BaseVersion)
	if err != nil {
		return err
	}
	next := cw.now
	for _, name := range slices.Sorted(maps.Keys(c.Fields)) {
		amended, key, err := amend(track, next, name, c.Fields[name])
		if err != nil {
			return err
		}
		other := lastTouching(since, key)
		if other == nil || same(next, amended, key) {
			next = amended
			continue
		}
		if err := w.keepField(ctx, next, amended, key, fieldName(track, key), other.ActorName); err != nil {
			return err
		}
	}
	if len(since) > 0 {
		w.conflicts = append(w.conflicts, Conflict{Grade: Soft, Noun: NounCase, NounID: c.Case, Fields: touched(since)})
	}
	return w.record(cw, next, Entry{Kind: KindCaseAmend, BaseVersion: c.BaseVersion})
}

func amend(track campaign.Track, c campaign.Case, name, value string) (next campaign.Case, key string, err error) {
	value = strings.TrimSpace(value)
	if milestone, isPlan := strings.CutPrefix(name, "plan:"); isPlan {
		on, err := campaign.ParseDate(value)
		if err != nil {
			return c, "", fault.New(fault.KindInvalid, "bad_date", "日期应写作 2020-09-30", "write days as 2020-09-30").Because(err)
		}
		next, err := track.Plan(c, milestone, on)
		return next, markKey + milestone, err
	}
	switch name {
	case "label":
		if value == "" {
			return c, "", fault.New(fault.KindInvalid, "label_missing", "请填写企业（作坊）名称", "please give the name of the firm or workshop")
		}
		c.Label = value
	case "responsible":
		c.Responsible = value
	case "note":
		c.Note = value
	case "batch":
		c.Batch = value
	case "village":
		c.Village = value
	case "kind":
		c.Kind = value
	case "disposal":
		c.Disposal = value
	default:
		return c, "", fault.New(fault.KindInvalid, "unknown_field", fmt.Sprintf("没有“%s”这一项", name), fmt.Sprintf("there is no field %q", name))
	}
	return c, name, nil
}

func fieldOf(c campaign.Case, key string) (json.RawMessage, error) {
	fields, err := CaseFields(c, campaign.Standing{})
	if err != nil {
		return nil, err
	}
	if v, ok := fields[key]; ok {
		return v, nil
	}
	return json.RawMessage("null"), nil
}

func same(a, b campaign.Case, key string) bool {
	va, errA := fieldOf(a, key)
	vb, errB := fieldOf(b, key)
	return errA == nil && errB == nil && string(va) == string(vb)
}

// fieldName is the wording of a field that can be amended: 责任人, 计划腾空.
func fieldName(track campaign.Track, key string) campaign.Text {
	if code, isMark := strings.CutPrefix(key, markKey); isMark {
		return track.Milestones[track.Index(code)].PlanLabel
	}
	name, _ := campaign.FieldName(key)
	return name
}

func (w *work) keepField(ctx context.Context, standing, wanted campaign.Case, key string, name campaign.Text, other string) error {
	stands, err := fieldOf(standing, key)
	if err != nil {
		return err
	}
	kept, err := fieldOf(wanted, key)
	if err != nil {
		return err
	}
	return w.keep(ctx, Kept{Noun: NounCase, NounID: standing.ID, Field: key, Standing: stands, Kept: kept}, campaign.Text{
		ZH: fmt.Sprintf("%s刚刚修改了“%s”，您的内容已保留，请核对", other, name.ZH),
		EN: fmt.Sprintf("%s just changed “%s”; yours is kept, please compare", other, name.EN),
	})
}
