package campaign

import (
	"fmt"

	"github.com/guatu/guatu/internal/fault"
)

// Enters says that what is filled in a sheet puts its case into a side state: a rebound that was found reopens it.
type Enters struct {
	When Condition `json:"when"`
	Side string    `json:"side"`
	// Reason is the code of the usual reason, ReasonOf the field that chooses it; Note is a field with what else was found.
	Reason   string `json:"reason,omitempty"`
	ReasonOf string `json:"reason_of,omitempty"`
	Note     string `json:"note,omitempty"`
}

// Entered are the side states that a row puts its case into by a change of its values, each with the reason.
func (d Definition) Entered(s Sheet, before, after map[string]string) map[string]Request {
	asked := map[string]Request{}
	for _, e := range s.Enters {
		if !e.When.Fits(after) || e.When.Fits(before) {
			continue
		}
		r := Request{Code: e.Reason, Reason: after[e.Note]}
		if e.ReasonOf != "" {
			r.Code = after[e.ReasonOf]
		}
		side, _ := d.Side(e.Side)
		if _, usual := findChoice(side.Reasons, r.Code); !usual {
			if f, ok := s.Field(e.ReasonOf); ok && r.Reason == "" {
				r.Reason = f.Words(r.Code).ZH
			}
			r.Code = ""
		}
		if r.Reason == "" && r.Code == "" {
			r.Reason = s.Name.ZH
		}
		asked[e.Side] = r
	}
	return asked
}

func (d Definition) checkEnters(s Sheet) error {
	for _, e := range s.Enters {
		if _, ok := d.Side(e.Side); !ok || s.Of != OfCase {
			return fmt.Errorf("it enters %q, which is no side state, or is of no case", e.Side)
		}
		for _, field := range []string{e.ReasonOf, e.Note} {
			if _, ok := s.Field(field); !ok && field != "" {
				return fmt.Errorf("it enters %q by an unknown field %q", e.Side, field)
			}
		}
		if err := e.When.check(); err != nil {
			return err
		}
	}
	return nil
}

// MayRemove refuses to remove a row that the program made: it was drawn, and is answered by its result.
func (s Sheet) MayRemove(row Filled) error {
	for _, f := range s.Fields {
		if f.Fixed && row.Values[f.Code] != "" {
			return fault.New(fault.KindConflict, "drawn_row", "抽取产生的检查不能删除，请填写检查结果", "a row that was drawn cannot be removed; please fill in its result")
		}
	}
	return nil
}
