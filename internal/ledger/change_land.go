package ledger

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/geo/ewkb"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Kinds of entries about recovered land.
const (
	KindLandRecord = "land.record"
	KindLandUse    = "land.use"
	KindLandRemove = "land.remove"
)

// RecordLand enters the recovered land of a case and its effective part, in
// place of what was recorded before.
type RecordLand struct {
	Case int64
	// Recovered is in EPSG:4490; nil takes the parcels whose land the case counts.
	Recovered orb.MultiPolygon
	// Effective is the part that can be used again; nil computes it by the campaign's exclusions. One that was drawn needs a Reason.
	Effective orb.MultiPolygon
	Use       string // later use; "" leaves it
	Reason    string
	// BaseVersion is the version of the land that the author saw; 0 if not stated.
	BaseVersion int64
	// Preview, if not nil, is filled in, with what is wrong as well; nothing is written, and Apply returns ErrDryRun.
	Preview *LandPreview
}

// LandPreview is land as it would be recorded.
type LandPreview struct {
	Recovered, Effective orb.MultiPolygon // Effective is nil where nothing is left
	Deductions           []Deduction
	Faults               []LandFault
	Invalid              []geo.Finding // what is wrong with the polygons by themselves
	Definition           campaign.Definition
}

func (RecordLand) kind() string { return KindLandRecord }

// content binds the operation's id to the polygons by their EWKB: coordinates that are not finite have no JSON.
func (c RecordLand) content() any {
	digest := sha256.New()
	for _, mp := range []orb.MultiPolygon{c.Recovered, c.Effective} {
		wire, err := ewkb.MarshalMultiPolygon(mp, 4490)
		_, _ = digest.Write(fmt.Appendf(nil, "%t %x %v\n", mp == nil, wire, err)) // a hash does not fail
	}
	return struct {
		Case   int64  `json:"case"`
		Digest string `json:"digest"`
		Use    string `json:"use,omitempty"`
		Reason string `json:"reason,omitempty"`
		Base   int64  `json:"base_version,omitempty"`
	}{c.Case, hex.EncodeToString(digest.Sum(nil)), c.Use, c.Reason, c.BaseVersion}
}

func (c RecordLand) names(l *Locks) { namesLand(l, c.Case) }
func (c RecordLand) dry() bool      { return c.Preview != nil }

func namesLand(l *Locks, caseID int64) { l.Cases, l.Land = append(l.Cases, caseID), true }

func (c RecordLand) decide(ctx context.Context, w *work) error {
	def, before, err := w.landOf(c.Case, c.BaseVersion)
	if err != nil {
		return err
	}
	if invalid := c.check(); len(invalid) > 0 {
		if c.Preview == nil {
			return badPolygon(invalid)
		}
		*c.Preview = LandPreview{Invalid: invalid, Definition: def}
		return ErrDryRun
	}
	shapes, after, err := c.measure(ctx, w, def.LandRule(), before)
	if err != nil {
		return err
	}
	if c.Preview != nil {
		*c.Preview = LandPreview{Recovered: shapes.recovered, Effective: shapes.effective, Deductions: after.Deductions, Definition: def}
		c.Preview.Faults, err = w.tx.LandFaults(ctx, []Land{after}, shapes.byName(after), nil)
		return orDryRun(err)
	}
	w.writes.Shapes = append(w.writes.Shapes, shapes.list()...)
	return w.recordLand(ctx, before, after, Entry{Kind: KindLandRecord, BaseVersion: c.BaseVersion, Body: noted(c.Reason)})
}

func orDryRun(err error) error {
	if err != nil {
		return err
	}
	return ErrDryRun
}

// landOf is the land of a case as it is so far, with the right to change it checked.
func (w *work) landOf(caseID, base int64) (campaign.Definition, Land, error) {
	cw, err := w.caseNow(caseID)
	if err != nil {
		return campaign.Definition{}, Land{}, err
	}
	track, err := w.track(cw.now)
	if err != nil {
		return campaign.Definition{}, Land{}, err
	}
	if err := track.MayMeasure(cw.now); err != nil {
		return campaign.Definition{}, Land{}, err
	}
	if cw.now.CountsElsewhere() {
		return campaign.Definition{}, Land{}, fault.New(fault.KindConflict, "land_counts_elsewhere", "本案只计家数，面积计入同地块的另一事项，不能登记腾退范围",
			"this case counts only the firm; the land of its parcels is another case's")
	}
	def, err := w.definition(cw.now.Campaign)
	there := w.there.Lands[caseID]
	if base != 0 && base != there.Version {
		return def, there, fault.New(fault.KindConflict, "land_changed", "他人刚刚修改了该事项的腾退范围，请核对后再保存", "somebody has just changed the land of this case; please compare and save again")
	}
	return def, there, err
}

// check is what is wrong with the polygons by themselves.
func (c RecordLand) check() []geo.Finding {
	var found []geo.Finding
	for _, mp := range []orb.MultiPolygon{c.Recovered, c.Effective} {
		if mp != nil {
			found = append(found, geo.Validate(mp)...)
		}
	}
	return found
}

// badPolygon says the first of the findings; all of them, with their places, go along.
func badPolygon(found []geo.Finding) *fault.Error {
	detail := make([]LandFault, len(found))
	for i, f := range found {
		detail[i] = LandFault{Fault: LandInvalid, Other: string(f.Reason)}
		if !math.IsNaN(f.Place[0]+f.Place[1]) && !math.IsInf(f.Place[0]+f.Place[1], 0) {
			detail[i].Place = f.Place
		}
	}
	zh, en := InvalidText(found[0])
	return fault.New(fault.KindConflict, LandInvalid, zh, en).With(detail)
}

// InvalidText says what is wrong with a polygon by itself.
func InvalidText(f geo.Finding) (zh, en string) {
	if f.Reason == geo.ReasonSelfIntersection || f.Reason == geo.ReasonRingSelfIntersection {
		return "图形自相交，位置已在图上标出", "the polygon crosses itself; the place is marked on the map"
	}
	return "图形无效：" + f.ZH(), "the polygon is invalid: " + f.EN()
}

// landShapes are the polygons of land to be recorded.
type landShapes struct{ recovered, effective orb.MultiPolygon }

func (s landShapes) list() []orb.MultiPolygon {
	if s.effective == nil {
		return []orb.MultiPolygon{s.recovered}
	}
	return []orb.MultiPolygon{s.recovered, s.effective}
}

func (s landShapes) byName(l Land) map[string]orb.MultiPolygon {
	return map[string]orb.MultiPolygon{string(l.Recovered): s.recovered, string(l.Effective): s.effective}
}

// measure makes the land as it will be: both polygons and what lies between them.
func (c RecordLand) measure(ctx context.Context, w *work, rules campaign.LandRules, before Land) (landShapes, Land, error) {
	after := Land{ID: before.ID, Version: before.Version + 1, Case: c.Case, Origin: LandDrawn, Use: before.Use}
	if err := c.settleUse(rules, &after); err != nil {
		return landShapes{}, after, err
	}
	recovered := c.Recovered
	if recovered == nil {
		var err error
		if recovered, err = w.tx.ParcelsUnion(ctx, c.Case); err != nil {
			return landShapes{}, after, err
		}
		after.Origin = LandFromParcels
	}
	if len(recovered) == 0 {
		return landShapes{}, after, fault.New(fault.KindInvalid, "land_empty", "该事项没有计入面积的地块，请画出腾退范围", "the case counts no parcel's land; please draw what was recovered")
	}
	if c.Effective != nil && strings.TrimSpace(c.Reason) == "" && c.Preview == nil {
		return landShapes{}, after, fault.New(fault.KindConflict, "effective_reason", "请填写调整有效范围的原因", "please give the reason for adjusting the effective land")
	}
	deducted, err := w.tx.Deduct(ctx, recovered, c.Effective, rules.Exclusions)
	if err != nil {
		return landShapes{}, after, err
	}
	shapes := landShapes{geo.Normalise(recovered), nil}
	if len(deducted.Effective) > 0 {
		shapes.effective = geo.Normalise(deducted.Effective)
	}
	after.Deductions = settle(exclusionCodes(rules), deducted.ByRule, geo.GeodesicArea(shapes.recovered)-geo.GeodesicArea(shapes.effective))
	err = after.name(shapes)
	return shapes, after, err
}

func exclusionCodes(rules campaign.LandRules) []string {
	var codes []string
	for _, e := range rules.Exclusions {
		codes = append(codes, e.Code)
	}
	return append(codes, DeductedOtherwise)
}

// name gives land the names of its polygons.
func (l *Land) name(s landShapes) (err error) {
	if l.Recovered, err = landShape(s.recovered); err != nil || s.effective == nil {
		return err
	}
	l.Effective, err = landShape(s.effective)
	return err
}

func (c RecordLand) settleUse(rules campaign.LandRules, after *Land) error {
	if c.Use == "" {
		return nil
	}
	after.Use = c.Use
	return knownUse(rules, c.Use)
}

func knownUse(rules campaign.LandRules, code string) error {
	if slices.ContainsFunc(rules.Uses, func(u campaign.Choice) bool { return u.Code == code }) {
		return nil
	}
	return fault.New(fault.KindInvalid, "unknown_use", "没有“"+code+"”这种后续用途", "there is no later use "+code)
}

// UseLand says what becomes of recovered land (后续用途); its polygons stay, so it may be said after acceptance.
type UseLand struct {
	Case        int64  `json:"case"`
	Use         string `json:"use"` // "" is not known
	Reason      string `json:"reason,omitempty"`
	BaseVersion int64  `json:"base_version,omitempty"`
}

func (UseLand) kind() string     { return KindLandUse }
func (c UseLand) content() any   { return c }
func (c UseLand) names(l *Locks) { namesLand(l, c.Case) }

func (c UseLand) decide(ctx context.Context, w *work) error {
	cw, err := w.caseNow(c.Case)
	if err != nil {
		return err
	}
	def, err := w.definition(cw.now.Campaign)
	if err != nil {
		return err
	}
	before, err := w.landThere(c.Case)
	if err != nil {
		return err
	}
	if c.Use != "" {
		if err := knownUse(def.LandRule(), c.Use); err != nil {
			return err
		}
	}
	after := before
	after.Use, after.Version = c.Use, before.Version+1
	return w.recordLand(ctx, before, after, Entry{Kind: KindLandUse, BaseVersion: c.BaseVersion, Body: noted(c.Reason)})
}

// RemoveLand takes the recorded land of a case away, for a reason.
type RemoveLand struct {
	Case        int64  `json:"case"`
	Reason      string `json:"reason"`
	BaseVersion int64  `json:"base_version,omitempty"`
}

func (RemoveLand) kind() string     { return KindLandRemove }
func (c RemoveLand) content() any   { return c }
func (c RemoveLand) names(l *Locks) { namesLand(l, c.Case) }

func (c RemoveLand) decide(_ context.Context, w *work) error {
	if strings.TrimSpace(c.Reason) == "" {
		return fault.New(fault.KindInvalid, "reason_missing", "请填写删除理由", "please give the reason for removing it")
	}
	if _, _, err := w.landOf(c.Case, c.BaseVersion); err != nil {
		return err
	}
	before, err := w.landThere(c.Case)
	if err != nil {
		return err
	}
	return w.removeLand(before, Entry{Kind: KindLandRemove, BaseVersion: c.BaseVersion, Body: noted(c.Reason)})
}

func (w *work) landThere(caseID int64) (Land, error) {
	there, ok := w.there.Lands[caseID]
	if !ok {
		return there, fault.New(fault.KindNotFound, "no_land", "该事项尚未登记腾退范围", "no land is recorded for this case")
	}
	return there, nil
}
