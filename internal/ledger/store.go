package ledger

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Store is the database behind the door.
type Store interface {
	// InTx runs f in one transaction, which ends with Append or Refuse; without
	// either it is rolled back. An error of f comes back as it is.
	// It sees and writes what the scope does, whatever the rules let through.
	InTx(ctx context.Context, scope auth.Scope, f func(Tx) error) error
	// Outcome finds the recorded answer of an operation.
	Outcome(ctx context.Context, opID uuid.UUID) (Outcome, error)
	// PersonEntries are the entries of the person with a code, oldest first: what they were at any time.
	PersonEntries(ctx context.Context, code string) ([]Recorded, error)
}

// Tx is one open transaction. Locks are taken in the order operation, cases by
// id, parcels by id, reference layers, recovered land, journal head; the head only in Append.
type Tx interface {
	// Claim begins the transaction and takes the operation id. If it was taken before, the earlier claim comes back instead.
	Claim(ctx context.Context, c Claim) (earlier *Claim, err error)
	// Lock locks what is named and returns it as it is now; what does not exist is absent.
	Lock(ctx context.Context, l Locks) (Locked, error)
	// Entries are the recorded entries that match, oldest first.
	Entries(ctx context.Context, q Query) ([]Recorded, error)
	// UnitNames are the names of the units by code, for a refusal.
	UnitNames(ctx context.Context) (map[string]campaign.Text, error)
	// Touched names what a batch touched.
	Touched(ctx context.Context, batch uuid.UUID) (Touched, error)
	// ParcelsNow reads parcels whose rows are locked.
	ParcelsNow(ctx context.Context, ids []int64) (map[int64]LockedParcel, error)
	// Append writes the state, then the entries and the end of the operation under the head lock, and commits in the same breath.
	// A fault of Ending.Parts comes back with nothing written and the transaction open.
	Append(ctx context.Context, w Writes, end Ending) (Revisions, error)
	// Refuse ends the operation with a refusal and commits; nothing else of it is written.
	// With held it keeps what was asked for.
	Refuse(ctx context.Context, opID uuid.UUID, r Refusal, held *HeldOperation) error
	// References reads features of reference layers: those with these ids and those of these layers. Locks.References must be held.
	References(ctx context.Context, ids []int64, layers []string) (map[int64]Reference, error)
	// Sheets reads sheets. Those of nouns that are locked stay as they are until the end.
	Sheets(ctx context.Context, q SheetQuery) ([]campaign.Filled, error)
	// EnterprisesAll reads every enterprise, to evaluate new rules of eligibility.
	EnterprisesAll(ctx context.Context) ([]Enterprise, error)
	// Overlays measures how much of the parcels of enterprises lies in the zones of the overlays: of the operators of
	// these cases, else of these enterprises, else of all. A layer without features has no say.
	Overlays(ctx context.Context, overlays []campaign.Overlay, cases, enterprises []int64) (map[int64][]campaign.Overlaid, error)
	// CasesOfEnterprises are the cases that these operate now; once the enterprises are locked they get no more.
	CasesOfEnterprises(ctx context.Context, ids []int64) ([]int64, error)
	// UnitCodes are the codes of the units by id.
	UnitCodes(ctx context.Context) (map[int64]string, error)
	// PhotoHeld says whether a file is stored and the person has sent it: knowing a hash gives nobody a picture.
	PhotoHeld(ctx context.Context, person string, sha256 []byte) (size int64, held bool, err error)
	// CasesOfPhotos are the cases whose photos ever had one of these ids; no lock is needed.
	CasesOfPhotos(ctx context.Context, ids []int64) ([]int64, error)
	// BulletinsBegun makes those who change bulletins wait, and says what was begun by now and the last revision recorded by the end of a day.
	BulletinsBegun(ctx context.Context, on campaign.Date) (BulletinsBegun, error)
	// BulletinNow makes those who change bulletins wait, and reads one; its ID is 0 where there is none.
	BulletinNow(ctx context.Context, id int64) (BulletinNow, error)
	// OrdersBegun makes those who issue orders wait, and says the last number of a campaign's year (0: none) and whether a unit can get one.
	OrdersBegun(ctx context.Context, campaign string, year int, unit string) (last int, known bool, err error)
	// OrderNow reads an order that the actor sees and keeps it as it is until the end; its ID is 0 where there is none.
	OrderNow(ctx context.Context, id int64) (Order, error)
	// MeetingsCalled makes those who call meetings wait, and says the last number of a kind in a campaign's year (0: none).
	MeetingsCalled(ctx context.Context, campaign string, year int, kind string) (last int, err error)
	// MeetingNow reads a meeting that the actor sees and keeps it as it is until the end; its ID is 0 where there is none.
	MeetingNow(ctx context.Context, id int64) (Meeting, error)
	// NoticesOf are the reminders about a case, the first first.
	NoticesOf(ctx context.Context, caseID int64) ([]Notice, error)
	Ground
	Parcels
}

// BulletinsBegun are the issues that were begun, and the last revision of a day.
type BulletinsBegun struct {
	Issues   []campaign.Bulletin
	Revision int64
}

// BulletinNow is a bulletin with the answers that the actor sees, and the codes of the units that are asked.
type BulletinNow struct {
	Bulletin Bulletin
	Answers  []BulletinAnswer
	Units    []string
	People   []string // names of the persons in the system, which no bulletin carries; read for changes alone
}

// Ground is the part of a transaction that measures land in the database. Locks.Land must be held.
type Ground interface {
	// ParcelsUnion is the ground of the parcels of which a case counts land; nil where it counts none.
	ParcelsUnion(ctx context.Context, caseID int64) (orb.MultiPolygon, error)
	// Deduct takes off the recovered ground what the rules exclude. With a given effective part it says only what lies between.
	Deduct(ctx context.Context, recovered, given orb.MultiPolygon, rules []campaign.Exclusion) (Deducted, error)
	// LandFaults are the overlaps and what lies outside, of more than 0.05 m², as the land of cases would be written.
	LandFaults(ctx context.Context, lands []Land, shapes map[string]orb.MultiPolygon, gone []int64) ([]LandFault, error)
	// ShapeAreas are the geodesic areas of stored polygons, by their names.
	ShapeAreas(ctx context.Context, names [][]byte) (map[string]geo.Area, error)
	// FindingNow is the area of a finding as it was last found, and the waiver on it; not found where there is none.
	FindingNow(ctx context.Context, rule string, one, other int64) (area geo.Area, w Waiver, found bool, err error)
	// Waivers reads and locks waivers by id; those that are gone are absent.
	Waivers(ctx context.Context, ids []int64) (map[int64]Waiver, error)
	// Cut takes a stored polygon apart along a line. Pieces come from west to east, with shared vertices equal in both.
	Cut(ctx context.Context, shape []byte, line orb.LineString) (Cut, error)
	// Join is the ground of stored polygons as one.
	Join(ctx context.Context, shapes [][]byte) (Joined, error)
	// Trim is recorded land without some ground, and how much that takes off.
	Trim(ctx context.Context, l Land, off []orb.MultiPolygon) (Trimmed, error)
	// CasesOfLand are the cases whose land ever had one of these ids; no lock is needed.
	CasesOfLand(ctx context.Context, ids []int64) ([]int64, error)
}

// Parcels is the set-based part of a transaction: files of 100,000 parcels go through it.
type Parcels interface {
	// Stage takes the drafts of an import into the transaction and compares them with the parcels that are there.
	Stage(ctx context.Context, drafts func(each func(ParcelDraft) error) error) error
	// Staged gives every parcel that the staged drafts create or change, ids already given, in the order of the file, a part at a time.
	Staged(ctx context.Context, each func([]StagedParcel) error) error
	// StagedSummary counts what the staged drafts amount to.
	StagedSummary(ctx context.Context) (StagedSummary, error)
	// StagedChanged gives the first parcels that the staged drafts change.
	StagedChanged(ctx context.Context, most int) ([]ParcelChange, error)
	// StagedNew gives the first parcels that the staged drafts make.
	StagedNew(ctx context.Context, most int) ([]ParcelNew, error)
	// StagedRetired gives those of them whose code a parcel had that was split or merged.
	StagedRetired(ctx context.Context, most int) ([]ParcelRetired, error)
	// StagedGone gives the first parcels that came with the same earlier files as parcels of this one and are not in it, and how many there are.
	StagedGone(ctx context.Context, most int) (gone []ParcelGone, total int64, err error)
	// StagedOverlaps finds where new land lies on parcels that are not of this file.
	StagedOverlaps(ctx context.Context, most int) (StagedOverlaps, error)
	// StagedSample gives new or moved parcels of the file, evenly spread.
	StagedSample(ctx context.Context, most int) ([]ParcelPlace, error)
	// PlacesMatch counts the places that, moved, lie in a stored parcel of their size.
	PlacesMatch(ctx context.Context, places []ParcelPlace, moved func(orb.Point) orb.Point) (int, error)
	// ParcelCodes are the codes beginning so that parcels have or ever had.
	ParcelCodes(ctx context.Context, prefix string) ([]string, error)
	// NewIDs gives ids for nouns.
	NewIDs(ctx context.Context, n int) ([]int64, error)
	// NextCaseNumber counts up the case codes of a campaign that begin so.
	NextCaseNumber(ctx context.Context, campaignID int64, prefix string) (int64, error)
}

// Claim binds an operation id to its author and content.
type Claim struct {
	OpID       uuid.UUID
	Actor      string
	Device     string
	BodyHash   []byte
	BatchID    uuid.UUID
	HappenedAt time.Time
	ReceivedAt time.Time
}

// Locks names what an operation will change.
type Locks struct {
	Cases   []int64
	Parcels []int64
	// Enterprises are locked after cases and before parcels.
	Enterprises []int64
	Conflicts   []int64
	// ParcelRows are parcels that are locked but not read: too many for memory.
	ParcelRows []int64
	// References locks all reference layers as one, after parcels: they change rarely.
	References bool
	// People are locked by code, last.
	People []string
	// Land makes changes of recovered land wait for each other; the land of the cases is read.
	Land bool
	// Held is the id under which an operation of a phone may be held; Nil for none.
	Held uuid.UUID
	// Sheets are locked by code, each as one, before everything else.
	Sheets []string
}

// Touched is what a batch touched: ids by noun, newest first, who made it, and its range of revisions (0 when there is no such batch).
type Touched struct {
	Nouns       map[string][]int64
	First, Last int64
	Author      string // code of who made the batch
}

// Locked is what is there, by id.
type Locked struct {
	Cases       map[int64]campaign.Case
	Parcels     map[int64]LockedParcel
	Enterprises map[int64]Enterprise
	Conflicts   map[int64]Kept
	People      map[string]Person
	Campaigns   map[int64]Campaign // those of the cases; the running one when no case is named
	Running     int64              // id of the running campaign, 0 if there is none
	Lands       map[int64]Land     // of the cases, by case; read with Locks.Land
	Photos      map[int64][]Photo  // of the cases, by case
	Contacts    map[int64]Contact  // of the enterprises, by enterprise
	Held        *HeldOperation     // of Locks.Held; nil where none is held, or the actor does not see it
	Entered     bool               // the journal has entries of the operation Locks.Held, about what the actor sees
	// Places are the areas of what was named, for an actor of a unit, also of what the actor does not see.
	Places []Place
}

// Place is an area: codes of a unit and a village, "" for none.
type Place struct{ Unit, Village string }

// LockedParcel is a parcel with the land that cases already count of it.
type LockedParcel struct {
	Parcel
	Area    int64            // 0.0001 m²
	Counted map[string]int64 // by track, 0.0001 m²
	Cases   []int64
}

// Query selects journal entries of nouns, after a version and from a revision.
type Query struct {
	Noun         string
	NounIDs      []int64
	AfterVersion int64
	From         int64
}

// Writes is the state an operation leaves.
type Writes struct {
	Campaigns          []Campaign
	Units              []Unit
	Shapes             []orb.MultiPolygon // unit boundaries and recovered land; parcels bring theirs through Stage
	People             []Person
	Cases              []CaseWrite
	RemovedCases       []int64
	Parcels            []Parcel
	RemovedParcels     []int64
	Enterprises        []Enterprise
	RemovedEnterprises []int64
	ReferenceShapes    []ReferenceShape
	References         []Reference
	RemovedReferences  []int64
	Lands              []Land
	RemovedLands       []int64
	Sheets             []SheetWrite
	RemovedSheets      []int64
	Photos             []Photo
	RemovedPhotos      []int64
	Contacts           []Contact
	Secrets            []Secret
	DestroyedKeys      []uuid.UUID // of people
	Staged             bool        // write the staged parcels
	Waivers            []Waiver
	RemovedWaivers     []int64
	Bulletins          []Bulletin
	BulletinAnswers    []BulletinAnswer
	RemovedBulletins   []int64 // with their answers
	Orders             []Order
	Notices            []Notice
	Meetings           []Meeting
	Conflicts          []Kept
	Settled            []HeldOperation // held operations, or those of a file that were not held
}

// CaseWrite is a case with what the rules derive from it.
type CaseWrite struct {
	Case          campaign.Case
	Standing      campaign.Standing
	SharesChanged bool
}

// Ending closes an operation.
type Ending struct {
	OpID       uuid.UUID
	Result     string
	Conflicts  []Conflict
	RecordedAt time.Time
	Entries    []Entry
	// Parts, if not nil, makes the parts of a large operation; they are written before Entries, each before the next is made.
	Parts func(ctx context.Context, each func(Part) error) error
}

// Part is a piece of a large operation. What it writes was locked before, for the head lock is held from the first part on.
type Part struct {
	Writes  Writes
	Entries []Entry
}

// Revisions are the ids the entries got, both 0 when there were none.
type Revisions struct {
	First, Last int64
	RecordedAt  time.Time
}

func errUnknownCase(id int64) *fault.Error {
	return fault.New(fault.KindNotFound, "case_not_found", "没有这个事项，可能已被撤销", "there is no such case; it may have been undone").With(map[string]int64{"case_id": id})
}
