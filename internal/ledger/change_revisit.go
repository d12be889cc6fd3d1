package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindRevisitDraw is a draw of cases to look at again, and the rows it makes (双随机抽取).
const KindRevisitDraw = "revisit.draw"

// DrawRevisits draws cases of a track and inspectors by lot. What is drawn from is put together by the room that asks,
// never by who asks: every case of the track as the whole district has it, and everybody who inspects.
type DrawRevisits struct {
	Track  string        `json:"track"`
	Count  int           `json:"count"`
	Each   int           `json:"each,omitempty"` // 0: as the campaign has it
	DueOn  campaign.Date `json:"due_on,omitempty"`
	Absent []string      `json:"absent,omitempty"` // codes of inspectors who are away
	Seed   string        `json:"-"`
	Cases  []int64       `json:"-"`
	People []Person      `json:"-"`
}

func (DrawRevisits) kind() string   { return KindRevisitDraw }
func (c DrawRevisits) content() any { return c }
func (c DrawRevisits) names(l *Locks) {
	l.Cases = append(l.Cases, c.Cases...)
	l.Sheets = append(l.Sheets, campaign.SheetDraw)
}

func (c DrawRevisits) decide(ctx context.Context, w *work) error {
	def, err := w.definition(w.there.Running)
	if err != nil {
		return err
	}
	if def.Revisits == nil || c.Seed == "" {
		return fault.New(fault.KindConflict, "no_revisits", "本专项行动没有设置回头看", "this campaign has no revisits")
	}
	if c.DueOn == "" {
		c.DueOn = w.today().AddDays(def.Revisits.Days)
	}
	if c.DueOn < w.today() {
		return fault.New(fault.KindInvalid, "due_is_over", "检查期限不能早于今天", "it cannot be due on a day that is over")
	}
	draw := campaign.Draw{Track: c.Track, Seed: c.Seed, On: w.today(), DueOn: c.DueOn, Each: c.Each, Absent: c.away()}
	if draw.Each == 0 {
		draw.Each = def.Revisits.Each
	}
	for _, p := range c.People {
		draw.People = append(draw.People, p.Code)
	}
	byCode, err := c.pool(ctx, w, def, &draw)
	if err != nil {
		return err
	}
	if draw, err = draw.Run(c.Count); err != nil {
		return err
	}
	if draw.Number, err = w.nextDraw(ctx, def); err != nil {
		return err
	}
	return c.record(ctx, w, def, draw, byCode)
}

// away are the absent, in order; nobody twice.
func (c DrawRevisits) away() []string {
	codes := slices.Clone(c.Absent)
	slices.Sort(codes)
	return slices.Compact(codes)
}

// pool fills in what is drawn from, as the rules say now, and finds the cases by their codes.
func (c DrawRevisits) pool(ctx context.Context, w *work, def campaign.Definition, draw *campaign.Draw) (map[string]campaign.Case, error) {
	byCode := map[string]campaign.Case{}
	for _, id := range c.Cases {
		cw, err := w.caseNow(id)
		if fault.Is(err, "case_not_found") {
			continue // it went since the room looked
		}
		if err != nil {
			return nil, err
		}
		filled, err := w.filledOf(ctx, NounCase, id)
		if err != nil {
			return nil, err
		}
		if cw.now.Track == c.Track && def.MayDraw(cw.now, filled) {
			draw.Pool = append(draw.Pool, campaign.Lot{Code: cw.now.Code, Persons: def.Revisits.Apart(cw.now)})
			byCode[cw.now.Code] = cw.now
		}
	}
	return byCode, nil
}

// nextDraw is the number of the next draw of the campaign's year.
func (w *work) nextDraw(ctx context.Context, def campaign.Definition) (string, error) {
	before, err := w.tx.Sheets(ctx, SheetQuery{Codes: []string{campaign.SheetDraw}})
	return fmt.Sprintf("%d-%02d", def.Year, len(before)+1), err
}

// record writes the draw down, and for each case drawn the row of what is to be looked at.
func (c DrawRevisits) record(ctx context.Context, w *work, def campaign.Definition, draw campaign.Draw, byCode map[string]campaign.Case) error {
	sheet, _ := def.Sheet(def.Revisits.Sheet)
	ids, err := w.tx.NewIDs(ctx, len(draw.Drawn)+1)
	if err != nil {
		return err
	}
	note := Entry{Kind: KindRevisitDraw}
	whole := campaign.Filled{ID: ids[0], Sheet: campaign.SheetDraw, Of: NounCampaign, OfID: w.there.Running, Values: draw.Values()}
	if err := w.writeSheet(campaign.Sheet{Many: true}, campaign.Filled{}, whole, note); err != nil {
		return err
	}
	for i, lot := range draw.Drawn {
		row := campaign.Filled{ID: ids[i+1], Sheet: sheet.Code, Of: NounCase, OfID: byCode[lot.Code].ID, Unit: byCode[lot.Code].Unit, Values: map[string]string{
			campaign.RevisitDraw: draw.Number, campaign.RevisitInspectors: c.called(lot.Persons), campaign.RevisitDueOn: string(draw.DueOn),
		}}
		if err := w.writeSheet(sheet, campaign.Filled{}, row, note); err != nil {
			return err
		}
	}
	return nil
}

// called are the names of inspectors.
func (c DrawRevisits) called(codes []string) string {
	var names []string
	for _, code := range codes {
		for _, p := range c.People {
			if p.Code == code {
				names = append(names, p.Name)
			}
		}
	}
	return strings.Join(names, "、")
}

// reopen puts the case of a sheet into the side states that what was filled in asks for; one in force already stays as it is.
func (w *work) reopen(def campaign.Definition, s campaign.Sheet, before, after campaign.Filled) error {
	if after.Of != NounCase {
		return nil
	}
	for side, r := range def.Entered(s, before.Values, after.Values) {
		cw, err := w.caseNow(after.OfID)
		if err != nil {
			return err
		}
		if _, already := cw.now.Sides[side]; already {
			continue
		}
		r.On, r.By = w.happenedOn(), w.actor.ID
		err = w.sideways(after.OfID, Entry{Kind: KindCaseAsk}, func(t campaign.Track, from campaign.Case) (campaign.Case, error) {
			return t.Ask(from, side, r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
