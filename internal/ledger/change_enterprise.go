package ledger

import (
	"context"
	"fmt"
	"strings"

	"github.com/guatu/guatu/geo/uscc"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about enterprises.
const (
	KindEnterpriseEnter = "enterprise.enter"
	KindEnterpriseAmend = "enterprise.amend"
	KindEnterpriseMerge = "enterprise.merge"
)

// EnterpriseDraft is what is known of an operator when it is entered.
type EnterpriseDraft struct {
	Code        string             `json:"code,omitempty"` // unified social credit code
	Name        string             `json:"name"`
	Label       string             `json:"label,omitempty"` // empty: the name
	Kind        string             `json:"kind"`
	Unit        string             `json:"unit,omitempty"`
	Village     string             `json:"village,omitempty"`
	Industry    string             `json:"industry,omitempty"`
	AboveScale  bool               `json:"above_scale,omitempty"`
	Evaluations map[string]string  `json:"evaluations,omitempty"`
	TaxPerMu    map[string]float64 `json:"tax_per_mu,omitempty"`
}

func (d EnterpriseDraft) label() string {
	if label := strings.TrimSpace(d.Label); label != "" {
		return label
	}
	return strings.TrimSpace(d.Name)
}

// enterprise checks the draft and makes the noun of it. A credit code that
// fails its check digit is let in: some historic codes do.
func (d EnterpriseDraft) enterprise(def campaign.Definition) (Enterprise, error) {
	e := Enterprise{
		Version: 1, Code: uscc.Normalise(d.Code), Name: strings.TrimSpace(d.Name), Label: d.label(), Kind: d.Kind, Unit: d.Unit, Village: d.Village,
		Industry: d.Industry, AboveScale: d.AboveScale, Evaluations: d.Evaluations, TaxPerMu: d.TaxPerMu,
	}
	if e.Name == "" {
		return e, fault.New(fault.KindInvalid, "label_missing", "请填写企业（作坊）名称", "please give the name of the firm or workshop")
	}
	if !known(def.Kinds, e.Kind) {
		return e, fault.New(fault.KindInvalid, "unknown_kind", fmt.Sprintf("没有“%s”这个类型", e.Kind), fmt.Sprintf("there is no kind %q", e.Kind))
	}
	return e, nil
}

func known(list []campaign.Choice, code string) bool {
	for _, c := range list {
		if c.Code == code {
			return true
		}
	}
	return false
}

// EnterEnterprise enters an operator.
type EnterEnterprise struct {
	EnterpriseDraft
}

func (EnterEnterprise) kind() string   { return KindEnterpriseEnter }
func (c EnterEnterprise) content() any { return c }
func (EnterEnterprise) names(*Locks)   {}

func (c EnterEnterprise) decide(ctx context.Context, w *work) error {
	draft := c.EnterpriseDraft
	if draft.Unit == "" {
		draft.Unit = w.actor.Unit
	}
	_, err := w.enter(ctx, draft, campaign.Track{})
	return err
}

// enter makes an enterprise, with its case of a track or by itself, and gives it.
func (w *work) enter(ctx context.Context, d EnterpriseDraft, track campaign.Track) (Enterprise, error) {
	def, err := w.definition(w.there.Running)
	if err != nil {
		return Enterprise{}, err
	}
	e, err := d.enterprise(def)
	if err != nil {
		return e, err
	}
	if err := def.MayEnter(e.Industry, track); err != nil {
		return e, err
	}
	if e.ID, err = w.newID(ctx); err != nil {
		return e, err
	}
	w.unjudged[e.ID] = true
	w.writes.Enterprises = append(w.writes.Enterprises, e)
	fields, err := EnterpriseFields(e)
	return e, w.create(KindEnterpriseEnter, NounEnterprise, e.ID, fields, err)
}

// AmendEnterprise replaces what is known of an operator. It is refused when
// somebody else changed it since the author looked.
type AmendEnterprise struct {
	Enterprise  int64 `json:"enterprise"`
	BaseVersion int64 `json:"base_version"`
	EnterpriseDraft
}

func (AmendEnterprise) kind() string     { return KindEnterpriseAmend }
func (c AmendEnterprise) content() any   { return c }
func (c AmendEnterprise) names(l *Locks) { l.Enterprises = append(l.Enterprises, c.Enterprise) }

func (c AmendEnterprise) decide(ctx context.Context, w *work) error {
	old, err := w.enterprise(c.Enterprise)
	if err != nil {
		return err
	}
	if old.Version != c.BaseVersion {
		return w.changedByAnother(ctx, NounEnterprise, c.Enterprise, c.BaseVersion)
	}
	def, err := w.definition(w.there.Running)
	if err != nil {
		return err
	}
	next, err := c.enterprise(def)
	if err != nil {
		return err
	}
	if next.Industry != old.Industry {
		if err := def.MayEnter(next.Industry, campaign.Track{}); err != nil {
			return err
		}
	}
	next.ID, next.Version = old.ID, old.Version+1
	if next.Unit == "" && w.actor.Unit != "" {
		next.Unit = old.Unit // nobody puts what is theirs out of their own area
	}
	return w.changeEnterprise(old, next, Entry{Kind: KindEnterpriseAmend, BaseVersion: c.BaseVersion})
}

// changeEnterprise writes an enterprise and the entry of what changed.
func (w *work) changeEnterprise(old, next Enterprise, e Entry) error {
	before, err := EnterpriseFields(old)
	if err != nil {
		return err
	}
	after, err := EnterpriseFields(next)
	if err != nil {
		return err
	}
	said := e.Body
	if e.Body = diff(before, after); e.Body.Empty() && len(said.From) == 0 {
		return nil
	}
	e.Body.Undoes, e.Body.Note, e.Body.From, e.Body.Into = said.Undoes, said.Note, said.From, said.Into
	e.KindVersion, e.Noun, e.NounID, e.Version = 1, NounEnterprise, next.ID, next.Version
	w.writes.Enterprises = append(w.writes.Enterprises, next)
	w.unjudged[next.ID] = true
	w.entries = append(w.entries, e)
	return nil
}

// operated gives the case its operator: a known one, or one that is entered with it.
func (c ListCase) operated(ctx context.Context, w *work, track campaign.Track, next campaign.Case) (campaign.Case, error) {
	switch {
	case c.Operator != nil:
		draft := *c.Operator
		if draft.Unit == "" {
			draft.Unit = next.Unit
		}
		if draft.Village == "" {
			draft.Village = next.Village
		}
		e, err := w.enter(ctx, draft, track)
		if err != nil {
			return next, err
		}
		return of(next, e), nil
	case c.Enterprise != 0:
		e, err := w.enterprise(c.Enterprise)
		if err != nil {
			return next, err
		}
		def, err := w.definition(next.Campaign)
		if err != nil {
			return next, err
		}
		return of(next, e), def.MayEnter(e.Industry, track)
	}
	return next, nil
}

// of fills what the case does not say from its operator.
func of(c campaign.Case, e Enterprise) campaign.Case {
	c.Enterprise = e.ID
	if c.Kind == "" {
		c.Kind = e.Kind
	}
	if c.Village == "" {
		c.Village = e.Village
	}
	return c
}
