package campaign

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// What a sheet can belong to.
const (
	OfCase       = "case"
	OfEnterprise = "enterprise"
	OfArea       = "reference" // a feature of a reference layer: a cluster (集聚区)
	OfUnit       = "unit"
)

// Sheet is a form or a ledger (台账) that the campaign keeps: one for each noun
// it belongs to, or many rows. It is data: pages, checks and totals follow from it.
type Sheet struct {
	Code   string   `json:"code"`
	Name   Text     `json:"name"`
	Of     string   `json:"of"`
	Tracks []string `json:"tracks,omitempty"` // of cases: on these tracks; for others: on whose pages it stands
	Layer  string   `json:"layer,omitempty"`  // of areas: of this reference layer
	Many   bool     `json:"many,omitempty"`   // rows
	Due    string   `json:"due,omitempty"`    // rows: one at least before this milestone
	By     []string `json:"by,omitempty"`     // roles who fill it; empty: whoever may fill sheets
	Adds   bool     `json:"adds,omitempty"`   // it lets somebody in: nothing banned may be used
	Open   bool     `json:"open,omitempty"`   // of cases: rows add up before the case is completed (资金)
	Fields []Field  `json:"fields"`
	Rules  []When   `json:"rules,omitempty"`
	// Balance keeps the running sum of rows from falling below zero.
	Balance *Balance `json:"balance,omitempty"`
	// Enters puts the case into a side state by what is filled in.
	Enters []Enters `json:"enters,omitempty"`
}

// When is a rule between fields: where one condition fits, another must.
type When struct {
	When    Condition `json:"when"`
	Then    Condition `json:"then"`
	Refusal Text      `json:"refusal"`
}

// Filled is a sheet of a noun, or one row of it, with its values by field.
type Filled struct {
	ID      int64
	Version int64
	Sheet   string
	Of      string // noun it belongs to
	OfID    int64
	Unit    string            // code of the responsible unit, for who sees it
	Values  map[string]string // as Field.Read writes them
}

// Sheet finds a sheet by its code.
func (d Definition) Sheet(code string) (Sheet, bool) {
	i := slices.IndexFunc(d.Sheets, func(s Sheet) bool { return s.Code == code })
	if i < 0 {
		return Sheet{}, false
	}
	return d.Sheets[i], true
}

// Field finds a field by its code.
func (s Sheet) Field(code string) (Field, bool) {
	i := slices.IndexFunc(s.Fields, func(f Field) bool { return f.Code == code })
	if i < 0 {
		return Field{}, false
	}
	return s.Fields[i], true
}

// On tells whether the sheet stands on cases of the track.
func (s Sheet) On(track string) bool {
	return len(s.Tracks) == 0 || slices.Contains(s.Tracks, track)
}

// Fill gives the values after a change: "" clears a field. A field that does not
// apply any more is cleared with what made it apply. It is refused where a value
// is none of its kind, what is required is missing, or a rule forbids it.
func (d Definition) Fill(s Sheet, values, change map[string]string) (map[string]string, error) {
	next := maps.Clone(values)
	if next == nil {
		next = map[string]string{}
	}
	for _, code := range slices.Sorted(maps.Keys(change)) {
		f, ok := s.Field(code)
		if !ok {
			return nil, fault.New(fault.KindInvalid, "unknown_field", fmt.Sprintf("“%s”没有“%s”这一项", s.Name.ZH, code), fmt.Sprintf("%s has no field %q", s.Name.EN, code))
		}
		value, err := d.read(f, change[code])
		if err == nil && f.Fixed && value != next[code] {
			err = f.refuse("由系统写入，不能修改", "it is written by the program and cannot be changed")
		}
		if err != nil {
			return nil, err
		}
		if next[code] = value; value == "" {
			delete(next, code)
		}
	}
	s.clear(next)
	if err := s.complete(next); err != nil {
		return nil, err
	}
	if err := s.bounded(next); err != nil {
		return nil, err
	}
	return next, d.mayFill(s, next)
}

// clear takes out what does not apply; a field may depend on one before it.
func (s Sheet) clear(values map[string]string) {
	for _, f := range s.Fields {
		if !f.applies(values) {
			delete(values, f.Code)
		}
	}
}

func (s Sheet) complete(values map[string]string) error {
	var missing []Text
	for _, f := range s.Fields {
		if f.Required && f.applies(values) && values[f.Code] == "" {
			missing = append(missing, f.Name)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	names := listed(missing)
	return fault.New(fault.KindInvalid, "field_missing", fmt.Sprintf("“%s”还缺：%s", s.Name.ZH, names.ZH), fmt.Sprintf("%s lacks: %s", s.Name.EN, names.EN))
}

// bounded refuses a number that exceeds the one it is a part of.
func (s Sheet) bounded(values map[string]string) error {
	for _, f := range s.Fields {
		most, has := s.Field(f.AtMost)
		if !has || values[f.Code] == "" {
			continue
		}
		part, _ := strconv.ParseFloat(values[f.Code], 64)
		whole, _ := strconv.ParseFloat(values[most.Code], 64)
		if part > whole {
			return fault.New(fault.KindConflict, "exceeds", fmt.Sprintf("“%s”（%s）不能超过“%s”（%s）", f.Name.ZH, values[f.Code], most.Name.ZH, values[most.Code]),
				fmt.Sprintf("%s (%s) cannot exceed %s (%s)", f.Name.EN, values[f.Code], most.Name.EN, values[most.Code]))
		}
	}
	return nil
}

// mayFill holds the rules between fields, and the ban on what must not be added.
func (d Definition) mayFill(s Sheet, values map[string]string) error {
	for _, rule := range s.Rules {
		if rule.When.Fits(values) && !rule.Then.Fits(values) {
			return fault.New(fault.KindConflict, "sheet_rule", rule.Refusal.ZH, rule.Refusal.EN)
		}
	}
	if !s.Adds {
		return nil
	}
	for _, f := range s.Fields {
		if f.Type == FieldIndustry {
			if err := d.MayEnter(values[f.Code], Track{}); err != nil {
				return err
			}
		}
		if ban, banned := d.Ban(values[f.Code]); banned && f.Type == FieldProcess {
			return ban.refusal()
		}
	}
	return nil
}

// Missing is what sheets of a case still lack before a milestone can be marked.
func (d Definition) Missing(track, milestone string, filled []Filled) []Text {
	var missing []Text
	for _, s := range d.Sheets {
		if s.Of != OfCase || !s.On(track) {
			continue
		}
		missing = append(missing, s.missing(milestone, filled)...)
	}
	return missing
}

func (s Sheet) missing(milestone string, filled []Filled) []Text {
	var rows []Filled
	for _, f := range filled {
		if f.Sheet == s.Code {
			rows = append(rows, f)
		}
	}
	if len(rows) == 0 {
		if s.Many && s.Due == milestone {
			return []Text{s.Name}
		}
		if !s.Many {
			rows = []Filled{{}}
		}
	}
	var missing []Text
	for _, row := range rows {
		for _, f := range s.Fields {
			if f.Due == milestone && f.applies(row.Values) && row.Values[f.Code] == "" && !slices.Contains(missing, f.Name) {
				missing = append(missing, f.Name)
			}
		}
	}
	return missing
}

// LacksEvidence refuses a milestone for what sheets still lack.
func LacksEvidence(missing []Text) error {
	if len(missing) == 0 {
		return nil
	}
	names := listed(missing)
	return fault.New(fault.KindConflict, "evidence_missing", fmt.Sprintf("还缺 %d 项材料：%s", len(missing), names.ZH), fmt.Sprintf("%d items are missing: %s", len(missing), names.EN))
}

func listed(list []Text) Text {
	zh, en := make([]string, len(list)), make([]string, len(list))
	for i, t := range list {
		zh[i], en[i] = t.ZH, t.EN
	}
	return Text{strings.Join(zh, "、"), strings.Join(en, ", ")}
}

func (d Definition) checkSheets() error {
	seen := map[string]bool{}
	for _, s := range d.Sheets {
		if s.Code == "" || seen[s.Code] || KeptByProgram(s.Code) || strings.Contains(s.Code, ".") {
			return fmt.Errorf("sheet %q: code is empty, repeated or not its own", s.Code)
		}
		seen[s.Code] = true
		if err := d.checkSheet(s); err != nil {
			return fmt.Errorf("sheet %q: %w", s.Code, err)
		}
	}
	for _, r := range d.Eligibility {
		if err := r.check(); err != nil {
			return err
		}
	}
	return errors.Join(d.checkBans(), d.checkWatches(), d.checkZones(), d.checkOverlays(), d.checkVisits(), d.checkRevisits(), d.checkPower(), d.checkEnforcement(), d.checkAssurance())
}

func (d Definition) checkSheet(s Sheet) error {
	if s.Name.ZH == "" || s.Name.EN == "" || !slices.Contains([]string{OfCase, OfEnterprise, OfArea, OfUnit}, s.Of) {
		return fmt.Errorf("a name in both languages, and of a case, enterprise, reference or unit, not %q", s.Of)
	}
	for _, code := range s.Tracks {
		if _, ok := d.Track(code); !ok {
			return fmt.Errorf("unknown track %q", code)
		}
	}
	for _, role := range s.By {
		if !KnownRole(role) {
			return fmt.Errorf("unknown role %q", role)
		}
	}
	earlier := map[string]bool{}
	for _, f := range s.Fields {
		if err := f.check(earlier); err != nil {
			return fmt.Errorf("field %q: %w", f.Code, err)
		}
		earlier[f.Code] = true
	}
	for _, r := range s.Rules {
		if err := errors.Join(r.When.check(), r.Then.check()); err != nil || r.Refusal.ZH == "" || r.Refusal.EN == "" {
			return fmt.Errorf("a rule has two conditions and a refusal in both languages: %w", err)
		}
	}
	return errors.Join(s.Balance.check(s), d.checkEnters(s))
}
