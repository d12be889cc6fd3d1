package interchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// Door takes the parcels, or zones, of a file in as one batch, or not at all.
type Door interface {
	ImportParcels(ctx context.Context, actor auth.Actor, in Batch) (Result, error)
}

// Batch is one file on its way to the door.
type Batch struct {
	OpID   uuid.UUID
	Device string
	// Digest names the file's content and how it is read; a repeat with the same OpID must have the same.
	Digest string
	DryRun bool
	// Into names the layer of zones to replace; empty: the features are parcels.
	Into string
	// Features reads the file; an error of it leaves nothing behind.
	Features func(each func(Feature) error) error
	// Written, if not nil, is told how many changes are written, and how many there are.
	Written Progress
}

// Memory keeps what was said of files, under the signature of their columns.
type Memory interface {
	// Recall gives what people of the same area said of files with these signatures; of all files for nil.
	Recall(ctx context.Context, scope auth.Scope, signatures []string) (map[string]json.RawMessage, error)
	// Remember keeps it.
	Remember(ctx context.Context, scope auth.Scope, said map[string]json.RawMessage) error
}

// Result is what a batch amounted to. Lists hold the first rows; the counts are of all.
type Result struct {
	Created, Changed, Unchanged int64
	// LeftOut are rows that a person left out; they are in none of the other counts.
	LeftOut int64
	// Of the changed: those with another shape, and those with other fields; a parcel may be both.
	ChangedGeometry, ChangedFields int64
	Gone                           int64
	New                            []NewParcel
	Changes                        []Change
	GoneParcels                    []GoneParcel
	// Area is the land of all parcels of the file, geodesic.
	Area geo.Area
	// Outside are rows that lie in no responsible unit.
	Outside []int
	// Overlaps are with parcels that are not of this file; OverlapsMore counts those not listed,
	// OverlapsUnfinished says that not all neighbours were looked at.
	Overlaps           []Overlap
	OverlapsMore       int64
	OverlapsUnfinished bool
	// Retired are rows that would bring the code of a parcel back that was split or merged.
	Retired []Retired
	// Shifted names the datum (GCJ-02, BD-09) whose offset explains where the parcels lie; "" for none.
	Shifted  string
	BatchID  uuid.UUID
	Revision int64
}

// Change is a parcel as it was and as the file has it.
type Change struct {
	Row         int
	Code, Label string
	// Fields are those that differ, by the column's name; "label" and "unit" are the parcel's own.
	Fields []FieldChange
	// Reshaped says that the shape differs, even where the area does not.
	Reshaped      bool
	Before, After geo.Area
	// OldGround and Ground are the two shapes (EPSG:4490) of a reshaped parcel; nil where one is too large to be shown in a list.
	OldGround, Ground orb.MultiPolygon
}

// NewParcel is a parcel that is not there yet.
type NewParcel struct {
	Row               int
	Code, Label, Unit string
	Area              geo.Area
	Ground            orb.MultiPolygon // as of Change
}

// Retired is the code of a parcel that ended when it was split or merged, with those that came after it.
type Retired struct {
	Row    int
	Code   string
	Merged bool
	On     time.Time
	Into   []string
}

// FieldChange is one field as it was and as it becomes; "" where there is none.
type FieldChange struct{ Field, Before, After string }

// GoneParcel came with the same earlier file as parcels of this one and is not in it. It stays as it is.
type GoneParcel struct {
	Code, Label string
	Area        geo.Area
}

// Overlap is land of a row that lies on a stored parcel.
type Overlap struct {
	Row   int
	Code  string // of the stored parcel
	Area  geo.Area
	Place orb.Point
}

// Outcome is a report with what became of the accepted features.
type Outcome struct {
	Report
	Result
	DryRun bool
}

// Phases of an import.
const (
	PhaseRead  = "read"
	PhaseWrite = "write"
)

// Request asks for an import.
type Request struct {
	Path     string // of the uploaded file
	Filename string // as its sender called it
	Options  Options
	OpID     uuid.UUID
	Device   string
	DryRun   bool
	// Progress, if not nil, is told how far each phase is; total is 0 while it is not known.
	// It is called from one goroutine at a time.
	Progress func(phase string, done, total int)
}

func (r Request) progress(phase string) Progress {
	if r.Progress == nil {
		return nil
	}
	return func(done, total int) { r.Progress(phase, done, total) }
}

// Importer reads files and brings them through the door.
type Importer struct {
	reader *Reader
	door   Door
	memory Memory
}

// NewImporter makes an importer.
func NewImporter(reader *Reader, door Door, memory Memory) *Importer {
	return &Importer{reader, door, memory}
}

// errRefusedFile rolls the batch back; the report says why.
var errRefusedFile = errors.New("the file is refused")

// Import reads the file and applies it. A refused file gives an Outcome whose
// Refusal is set, and no error.
func (i *Importer) Import(ctx context.Context, actor auth.Actor, req Request) (Outcome, error) {
	if req.Options.Into != "" && len(req.Options.LeaveOut) > 0 {
		return Outcome{}, fault.New(fault.KindInvalid, "zones_are_whole", "区划图层是整层替换，不能只导入一部分", "a layer of zones is replaced whole; no row can be left out")
	}
	digest, err := req.digest()
	if err != nil {
		return Outcome{}, err
	}
	// Before the batch begins: within it there is no second connection to ask with.
	if req.Options.known, err = i.memory.Recall(ctx, auth.ScopeOf(actor), nil); err != nil {
		return Outcome{}, err
	}
	out := Outcome{DryRun: req.DryRun}
	var readErr error
	out.Result, err = i.door.ImportParcels(ctx, actor, Batch{
		OpID: req.OpID, Device: req.Device, Digest: digest, DryRun: req.DryRun, Into: req.Options.Into, Written: req.progress(PhaseWrite),
		Features: func(each func(Feature) error) error {
			out.Report, readErr = i.reader.ReadWatched(ctx, req.Path, req.Filename, req.Options, leaving(req.Options.LeaveOut, each), req.progress(PhaseRead))
			if readErr == nil && out.Refusal != nil {
				return errRefusedFile
			}
			return readErr
		},
	})
	switch {
	case out.Refusal != nil:
		out.Result = Result{}
		return out, nil //nolint:nilerr // the error is the refusal itself, rolling the batch back
	case readErr != nil:
		return out, readErr
	case err != nil:
		return out, err
	}
	out.findStored()
	if !req.DryRun {
		err = i.remember(ctx, actor, out.Columns, req.Options)
	}
	return out, err
}

// leaving marks the rows that a person left out.
func leaving(rows []int, each func(Feature) error) func(Feature) error {
	return func(f Feature) error {
		f.LeftOut = slices.Contains(rows, f.Row)
		return each(f)
	}
}

// findStored adds the findings that come of what is stored already.
func (o *Outcome) findStored() {
	if o.Shifted != "" {
		o.Findings = slices.Insert(o.Findings, 0, shiftedFile(o.Shifted))
	}
	for _, row := range o.Outside {
		o.find(Finding{Row: row, Code: "outside_units", Text: Text{
			ZH: fmt.Sprintf("第 %d 行的地块不在任何责任主体范围内", row), EN: fmt.Sprintf("row %d lies in no responsible unit", row),
		}})
	}
	for _, r := range o.Retired {
		o.find(retiredCode(r))
	}
	for _, v := range o.Overlaps {
		place := v.Place
		o.find(Finding{Row: v.Row, Code: "overlap_stored", Place: &place, Text: Text{
			ZH: fmt.Sprintf("第 %d 行与已有地块 %s 重叠 %s 亩", v.Row, v.Code, v.Area.Mu()),
			EN: fmt.Sprintf("row %d overlaps the stored parcel %s by %s mu", v.Row, v.Code, v.Area.Mu()),
		}})
	}
	o.FindingsMore += int(o.OverlapsMore)
	if o.OverlapsUnfinished {
		o.find(Finding{Code: "overlaps_unchecked", Text: Text{
			ZH: "与已有地块相邻的图形太多，重叠没有全部检查", EN: "Too many shapes lie beside stored parcels: not all overlaps were looked for.",
		}})
	}
}

// mostFindings is how many findings of one kind an outcome lists.
const mostFindings = 200

func (o *Outcome) find(f Finding) {
	listed := 0
	for _, known := range o.Findings {
		if known.Code == f.Code {
			listed++
		}
	}
	if listed >= mostFindings {
		o.FindingsMore++
		return
	}
	o.Findings = append(o.Findings, f)
}

func retiredCode(r Retired) Finding {
	how, howEN := "已分割为", "was split into"
	if r.Merged {
		how, howEN = "已并入", "was merged into"
	}
	on, into := string(campaign.DateOf(r.On.In(campaign.Shanghai()))), strings.Join(r.Into, "、")
	return Finding{Row: r.Row, Code: "code_retired", Text: Text{
		ZH: fmt.Sprintf("第 %d 行的编号 %s 于 %s %s %s，导入会使旧编号重新出现、与新地块重叠", r.Row, r.Code, on, how, into),
		EN: fmt.Sprintf("the parcel %[2]s of row %[1]d %[4]s %[5]s on %[3]s; importing it brings the old code back over the new parcels", r.Row, r.Code, on, howEN, into),
	}}
}

func shiftedFile(datum string) Finding {
	about := "约 480 米"
	vendor := "高德"
	if datum == "BD-09" {
		about, vendor = "约 1 公里", "百度"
	}
	return Finding{Code: "looks_shifted", Text: Text{
		ZH: fmt.Sprintf("多数图形与已有地块形状相同、位置相差%s，可能是%s（%s）坐标；如确是，请以该坐标系重新导入", about, vendor, datum),
		EN: fmt.Sprintf("Most shapes are those of stored parcels, moved as %s moves them; if that is so, import again with that coordinate system.", datum),
	}}
}

func (r Request) digest() (string, error) {
	f, err := os.Open(r.Path)
	if err != nil {
		return "", fault.New(fault.KindInvalid, "file_missing", "找不到文件 "+r.Filename, "cannot find the file "+r.Filename).Because(err)
	}
	defer f.Close() //nolint:errcheck // opened for reading
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", fmt.Errorf("read %s: %w", r.Filename, err)
	}
	o := r.Options
	columns := make([]string, 0, len(o.Map))
	for _, field := range slices.Sorted(maps.Keys(o.Map)) {
		columns = append(columns, field+"="+o.Map[field])
	}
	_, _ = fmt.Fprintf(h, "\n%s\n%s\n%s\n%t\n%s\n%s\n%t", r.Filename, o.CRS, o.Encoding, o.Repair, o.Layer, strings.Join(columns, "\n"), r.DryRun)
	if o.Into != "" {
		_, _ = fmt.Fprintf(h, "\n%s", o.Into)
	}
	if len(o.LeaveOut) > 0 {
		_, _ = fmt.Fprintf(h, "\nleft out %v", o.LeaveOut)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
