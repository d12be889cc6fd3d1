package ledger

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

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
