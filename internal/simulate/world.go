package simulate

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/photo"
)

// world is one server with its phones, and all that can happen to them.
type world struct {
	*rand.Rand
	clock

	ctx    context.Context //nolint:containedctx // of the run: everything in it ends with it
	store  *memory
	door   photo.Door // the ledger
	photos *photo.Store
	track  campaign.Track
	phones []*phone
	folder string
	jpeg   []byte

	wanted    int  // operations to be done
	calm      bool // nothing fails any more, and nobody does anything new
	tame      bool // nobody tries what the rules forbid
	downUntil time.Time

	acks     map[uuid.UUID]ack
	sent     map[uuid.UUID]*deed
	dropped  map[uuid.UUID]bool // deeds that are gone with a cleared browser, or were taken back before they were entered
	receipts map[photo.Hash]bool
	checked  photosChecked
	gone     map[photo.Hash]bool // cleared by a browser before it was sent
	report   *Report
}

// start is when the campaign's day begins: a working day with room before the year's end.
func start() time.Time { return time.Date(2020, 9, 1, 0, 30, 0, 0, time.UTC) }

// newWorld makes a world of a seed: 3 to 20 phones in two units, some people with two.
func newWorld(ctx context.Context, seed uint64, o Options) (*world, error) {
	w, err := emptyWorld(ctx, seed, o)
	if err != nil {
		return nil, err
	}
	if err := w.setUp(); err != nil {
		return nil, err
	}
	w.store.fails = w.breaks
	return w, nil
}

// emptyWorld is a server without a campaign.
func emptyWorld(ctx context.Context, seed uint64, o Options) (*world, error) {
	random := rand.New(rand.NewPCG(seed, 0x67756174)) //nolint:gosec // the same world each time
	w := &world{
		Rand: random, clock: clock{now: start()}, ctx: ctx, store: newMemory(), wanted: o.Operations, folder: o.Folder,
		acks: map[uuid.UUID]ack{}, sent: map[uuid.UUID]*deed{}, dropped: map[uuid.UUID]bool{}, receipts: map[photo.Hash]bool{}, checked: photosChecked{}, gone: map[photo.Hash]bool{}, report: newReport(seed),
	}
	log := slog.New(slog.DiscardHandler)
	now := func() time.Time { return w.now }
	w.door = ledger.New(w.store, now, log)
	var err error
	w.photos, err = photo.Open(photo.Options{Folder: o.Folder, Register: register{w.store}, Door: w.door, Limits: photo.UsualLimits(), Now: now, Log: log})
	return w, err
}

// units are those of the simulation.
func units() []ledger.UnitDraft {
	return []ledger.UnitDraft{
		{Unit: ledger.Unit{Code: "honghe", Sort: 1, Name: campaign.Text{ZH: "洪合镇", EN: "Honghe"}, Short: campaign.Text{ZH: "洪合", EN: "Honghe"}}},
		{Unit: ledger.Unit{Code: "wangdian", Sort: 2, Name: campaign.Text{ZH: "王店镇", EN: "Wangdian"}, Short: campaign.Text{ZH: "王店", EN: "Wangdian"}}},
	}
}

// setUp makes the campaign, its people and the first cases.
func (w *world) setUp() error {
	def, err := campaign.Rectify2020()
	if err != nil {
		return err
	}
	w.track = def.Tracks[0]
	n := 3 + w.IntN(18)
	var people []ledger.Person
	for i := range n {
		people = append(people, w.person(i, n))
	}
	set := ledger.SetUpCampaign{Definition: def, Units: units(), People: people}
	if err := w.apply(auth.System(), set); err != nil {
		return err
	}
	for i, p := range people {
		actor := auth.Actor{ID: p.Code, Name: p.Name, Role: p.Role, Unit: p.Unit}
		if i > 2 && w.happens(0.2) {
			actor = w.phones[i-1].actor // a second phone
		}
		w.phones = append(w.phones, w.newPhone(actor, i))
	}
	for i := range 2 + 2*n {
		list := ledger.ListCase{Unit: units()[i%2].Code, Label: fmt.Sprintf("作坊%d号", i+1), On: "2020-03-01"}
		if err := w.apply(auth.System(), list); err != nil {
			return err
		}
	}
	return nil
}

// person is one of n: both units have a town lead first, the last of all is the district's.
func (w *world) person(i, n int) ledger.Person {
	p := ledger.Person{Code: fmt.Sprintf("p%02d", i), Sort: i, Name: fmt.Sprintf("某%d", i), Role: campaign.RoleField, Unit: units()[i%2].Code}
	switch {
	case i < 2:
		p.Role = campaign.RoleTown
	case i == n-1:
		p.Role, p.Unit = campaign.RoleDistrict, ""
	}
	return p
}

func (w *world) apply(actor auth.Actor, c ledger.Change) error {
	_, err := w.door.Apply(w.ctx, actor, ledger.Operation{OpID: w.newID(), Device: "set-up", Changes: []ledger.Change{c}})
	return err
}

func (w *world) newPhone(actor auth.Actor, i int) *phone {
	p := &phone{world: w, actor: actor, device: fmt.Sprintf("phone %d", i), online: true, locks: w.happens(0.8), files: map[photo.Hash][]byte{}}
	p.skew = w.skew()
	p.tabs = []*tab{{phone: p}}
	p.forget()
	return p
}

// skew is how far a clock is off: mostly little, sometimes days.
func (w *world) skew() time.Duration {
	if w.happens(0.1) {
		return w.between(-72*time.Hour, 72*time.Hour)
	}
	return w.between(-2*time.Minute, 2*time.Minute)
}

// breaks says whether a transaction breaks.
func (w *world) breaks() breakage {
	if w.calm || !w.happens(brokenWrite) {
		return whole
	}
	if w.happens(0.5) {
		return beforeCommit
	}
	return afterCommit
}

func (w *world) happens(chance float64) bool { return !w.calm && w.Float64() < chance }

func (w *world) between(least, most time.Duration) time.Duration {
	return least + time.Duration(w.Int64N(int64(most-least)))
}

// newID is an id of the seed.
func (w *world) newID() uuid.UUID {
	var id uuid.UUID
	for i := range id {
		id[i] = byte(w.UintN(256)) //nolint:gosec // below 256
	}
	id[6], id[8] = id[6]&0x0f|0x40, id[8]&0x3f|0x80
	return id
}

// mostSteps is how many things may happen per operation until the world must be at rest.
const mostSteps = 1000

// errRestless is a world that does not come to rest though nothing fails any more.
var errRestless = errors.New("the phones do not come to rest")

// run lets things happen until all operations are done, then heals everything and waits for the last to be sent.
func (w *world) run() error {
	for _, p := range w.phones {
		w.live(p)
	}
	w.after(w.between(time.Hour, 3*time.Hour), w.goDown)
	due := checkEvery
	for w.report.Operations < w.wanted {
		if err := w.advance(); err != nil {
			return err
		}
		if w.report.Operations >= due {
			due += checkEvery
			if err := w.checkAll(); err != nil {
				return err
			}
		}
	}
	if err := w.settle(); err != nil {
		return err
	}
	return w.checkEnd()
}

func (w *world) advance() error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if !w.step() {
		return errRestless
	}
	w.report.Steps++
	return w.report.failure
}

// settle heals the world and lets every phone send what it has.
func (w *world) settle() error {
	w.calm, w.downUntil = true, time.Time{}
	for _, p := range w.phones {
		p.online = true
	}
	for range mostSteps * (len(w.phones) + w.report.Operations) {
		if w.atRest() {
			return nil
		}
		if err := w.advance(); err != nil {
			return err
		}
	}
	return errRestless
}

// atRest says that every phone has sent all and knows all.
func (w *world) atRest() bool {
	for _, p := range w.phones {
		if p.unsent() || p.revision != int64(len(w.store.journal)) {
			return false
		}
		for _, t := range p.tabs {
			if t.busy {
				return false
			}
		}
	}
	return true
}

// goDown is a server that stops and comes back.
func (w *world) goDown() {
	if w.calm {
		return
	}
	w.report.Restarts++
	w.downUntil = w.now.Add(w.between(5*time.Second, 10*time.Minute))
	w.after(w.between(time.Hour, 6*time.Hour), w.goDown)
}
