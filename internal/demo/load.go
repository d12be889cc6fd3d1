package demo

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/ladder"
	"github.com/guatu/guatu/internal/ledger"
)

// Doors is what the loader needs.
type Doors struct {
	Store    ledger.Store
	Campaign func(context.Context) (ledger.Campaign, error) // the running one, KindNotFound if there is none
	Late     ladder.Source                                  // who is late, for the overdue ladder
	RealNow  time.Time
	Log      *slog.Logger
}

// firstOverlay is the day on which the list of the first batches was laid over the zones.
const firstOverlay = "2020-04-01"

// firstLadder is from when on the district tells whom it concerns that a case is late.
const firstLadder = campaign.Date("2020-08-20")

// start is what the demo's clock shows when it has been loaded.
func start() time.Time { return time.Date(2020, 9, 30, 9, 0, 0, 0, campaign.Shanghai()) }

// Load makes the demo campaign and lets its year pass through the ledger day by
// day, so that journal, history and map are what work would have left. Its
// operations have fixed ids: a load that was killed goes on where it stopped,
// and a finished one does nothing.
func Load(ctx context.Context, d Doors) error {
	def, err := d.definition(ctx)
	if err != nil {
		return err
	}
	offered, err := campaign.Rectify2020()
	if err != nil {
		return err
	}
	w := newWorld(offered)
	l := newLoader(d)
	l.now = at("2020-01-02", 9*60+30, 0)
	if err := l.setUp(ctx, ledger.SetUpCampaign{Definition: def, Units: units(w.bounds), People: people()}); err != nil {
		return err
	}
	if err := l.drawGround(ctx, w.retained); err != nil {
		return err
	}
	if err := l.importPlots(ctx, w); err != nil {
		return err
	}
	agenda := w.agenda(tracks(offered))
	if err := l.drawZones(ctx, w); err != nil {
		return err
	}
	for i, work := range agenda {
		if l.last = i == len(agenda)-1; l.last {
			if err := l.keepLedgers(ctx, w); err != nil {
				return err
			}
		}
		if i > 0 && agenda[i-1].at.Format(time.DateOnly) < firstOverlay && work.at.Format(time.DateOnly) >= firstOverlay {
			l.now = work.at
			if err := l.layOver(ctx, "spring"); err != nil {
				return err
			}
		}
		if err := l.remind(ctx, d.Late, campaign.DateOf(work.at)); err != nil {
			return err
		}
		if err := l.take(ctx, work); err != nil {
			return fmt.Errorf("demo operation %d of %d (%s, %s): %w", i+1, len(agenda), work.at.Format(time.DateTime), work.steps[0].actor, err)
		}
	}
	return nil
}

func tracks(def campaign.Definition) map[string]campaign.Track {
	byCode := make(map[string]campaign.Track, len(def.Tracks))
	for _, t := range def.Tracks {
		byCode[t.Code], _ = def.Track(t.Code) // one of its own
	}
	return byCode
}

// definition is that of the demo campaign: the one begun, or a new one whose clock starts now.
func (d Doors) definition(ctx context.Context) (campaign.Definition, error) {
	begun, err := d.Campaign(ctx)
	if err == nil {
		return begun.Definition, nil
	}
	if fault.KindOf(err) != fault.KindNotFound {
		return campaign.Definition{}, err
	}
	def, err := campaign.Rectify2020()
	def.Demo = true
	def.Clock = campaign.Clock{Mode: "offset", OffsetSeconds: int64(start().Sub(d.RealNow).Seconds())}
	def.Targets = append(def.Targets, targets()...)
	def.Bulletins, def.Past = bulletins(), past()
	return def, err
}

// loader tells the story to the ledger. What it knows of cases it learns from
// the outcomes, which a repeated operation gives again.
type loader struct {
	ledger  *ledger.Ledger
	applied int  // operations so far: the next one's id follows from it
	last    bool // the next operation ends the story
	now     time.Time
	told    campaign.Date // up to which day the ladder was told
	claimed time.Time     // when what is applied happened; zero: now

	units       map[string]int64 // by code
	parcels     []int64          // by plot
	cases       map[*matter]int64
	versions    map[int64]int64 // of cases
	enterprises map[*matter]int64
	kept        map[kept]uuid.UUID
}

func newLoader(d Doors) *loader {
	l := &loader{units: map[string]int64{}, cases: map[*matter]int64{}, versions: map[int64]int64{}, enterprises: map[*matter]int64{}, kept: map[kept]uuid.UUID{}}
	l.ledger = ledger.New(d.Store, func() time.Time { return l.now }, d.Log)
	return l
}

// setUp begins the campaign and learns the ids of its units, which come in the order given.
func (l *loader) setUp(ctx context.Context, c ledger.SetUpCampaign) error {
	out, err := l.apply(ctx, auth.System(), c)
	n := 0
	for _, e := range out.Entries {
		if e.Noun == ledger.NounUnit {
			l.units[c.Units[n].Code] = e.NounID
			n++
		}
	}
	return err
}

// namespace of the demo's operation ids.
var namespace = uuid.MustParse("6d0f2d7e-30c1-5a4e-9b53-97a1a6f3c2d4") //nolint:gochecknoglobals // a constant

func (l *loader) apply(ctx context.Context, actor auth.Actor, changes ...ledger.Change) (ledger.Outcome, error) {
	l.applied++
	id := uuid.NewSHA1(namespace, fmt.Append(nil, l.applied))
	if l.last {
		id = lastID()
	}
	happened := l.claimed
	if happened.IsZero() {
		happened = l.now
	}
	return l.ledger.Apply(ctx, actor, ledger.Operation{OpID: id, Device: device, HappenedAt: happened, Changes: changes})
}

// drawGround brings in water, roads and retained ground. Its operation has an id by name, so that the numbered ones stay what they are.
func (l *loader) drawGround(ctx context.Context, retained []ledger.ReferenceDraft) error {
	var changes []ledger.Change
	for _, layer := range []struct {
		code     string
		features []feature
	}{{"water", water()}, {"roads", roads()}} {
		changes = append(changes, ledger.ReplaceReference{Layer: layer.code, Whole: true, Features: referenceDrafts(layer.features)})
	}
	changes = append(changes, ledger.ReplaceReference{Layer: "retained", Whole: true, Features: retained})
	op := ledger.Operation{OpID: uuid.NewSHA1(namespace, []byte("water, roads, retained ground")), Device: device, HappenedAt: l.now, Changes: changes}
	if _, err := l.ledger.Apply(ctx, auth.System(), op); err != nil {
		return fmt.Errorf("water, roads, retained ground: %w", err)
	}
	return nil
}

func (l *loader) importPlots(ctx context.Context, w *world) error {
	out, err := l.apply(ctx, auth.System(), ledger.ImportParcels{Digest: "demo 3", Summary: &ledger.StagedSummary{}, Drafts: w.drafts})
	for _, e := range out.Entries {
		l.parcels = append(l.parcels, e.NounID)
	}
	if err == nil && len(l.parcels) != len(w.plots) {
		return fmt.Errorf("%d parcels of %d came in", len(l.parcels), len(w.plots))
	}
	return err
}

// take applies one operation and learns from its outcome.
func (l *loader) take(ctx context.Context, w work) error {
	l.now, l.claimed = w.at, w.happened
	var changes []ledger.Change
	var listed []*matter
	for _, s := range w.steps {
		made := s.do(l, s.matter)
		if _, lists := made[0].(ledger.ListCase); lists {
			listed = append(listed, s.matter)
		}
		changes = append(changes, made...)
	}
	out, err := l.apply(ctx, acting(w.steps[0].actor), changes...)
	if err != nil {
		return err
	}
	l.learn(out, listed)
	if s := w.steps[0]; s.keep != "" {
		l.kept[kept{s.matter, s.keep}] = out.BatchID
	}
	return nil
}

// remind tells the ladder on every morning up to a day, as a server does that runs.
func (l *loader) remind(ctx context.Context, late ladder.Source, to campaign.Date) error {
	for l.told = max(l.told, firstLadder); l.told < to; {
		l.told = l.told.AddDays(1)
		l.now = at(l.told, 7*60+30, 0)
		keeper := ladder.Keeper{Source: late, Door: l.ledger, Now: func() time.Time { return l.now }}
		if _, err := keeper.Look(ctx); err != nil {
			return fmt.Errorf("ladder of %s: %w", l.told, err)
		}
	}
	return nil
}

// learn keeps the ids and versions of an outcome; cases are listed in the order of its entries.
func (l *loader) learn(out ledger.Outcome, listed []*matter) {
	var operator int64
	for _, e := range out.Entries {
		switch e.Noun {
		case ledger.NounEnterprise:
			operator = e.NounID
		case ledger.NounCase:
			if e.Kind == ledger.KindCaseList {
				l.cases[listed[0]] = e.NounID
				l.enterprises[listed[0]], operator = operator, 0
				listed = listed[1:]
			}
			l.versions[e.NounID] = e.Version
		}
	}
}

// lastID is the id of the story's last operation in every version of the demo:
// a demo of an older guatu counts as finished, whatever its story was.
func lastID() uuid.UUID { return uuid.NewSHA1(namespace, []byte("last")) }

// Finished says whether the running demo was loaded to its end.
func Finished(ctx context.Context, store ledger.Store) (bool, error) {
	_, err := store.Outcome(ctx, lastID())
	if fault.KindOf(err) == fault.KindNotFound {
		return false, nil
	}
	return err == nil, err
}

// acting is a person of the demo with the rights of their role.
func acting(code string) auth.Actor {
	for _, p := range people() {
		if p.Code == code {
			return auth.Actor{ID: p.Code, Name: p.Name, Role: p.Role, Unit: p.Unit, Village: p.Village}
		}
	}
	return auth.Actor{ID: code}
}
