package interchange

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/fault"
)

// Door takes the parcels of a file in as one batch, or not at all.
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
	// Features reads the file; an error of it leaves nothing behind.
	Features func(each func(Feature) error) error
}

// Result is what a batch amounted to.
type Result struct {
	Created, Changed, Unchanged int64
	// Area is the land of all parcels of the file, geodesic, as the database computed it.
	Area geo.Area
	// Outside are rows that lie in no responsible unit.
	Outside  []int
	BatchID  uuid.UUID
	Revision int64
}

// Outcome is a report with what became of the accepted features.
type Outcome struct {
	Report
	Result
	DryRun bool
}

// Request asks for an import.
type Request struct {
	Path     string // of the uploaded file
	Filename string // as its sender called it
	Options  Options
	OpID     uuid.UUID
	Device   string
	DryRun   bool
}

// Importer reads files and brings them through the door.
type Importer struct {
	reader *Reader
	door   Door
}

// NewImporter makes an importer.
func NewImporter(reader *Reader, door Door) *Importer { return &Importer{reader, door} }

// errRefusedFile rolls the batch back; the report says why.
var errRefusedFile = errors.New("the file is refused")

// Import reads the file and applies it. A refused file gives an Outcome whose
// Refusal is set, and no error.
func (i *Importer) Import(ctx context.Context, actor auth.Actor, req Request) (Outcome, error) {
	digest, err := req.digest()
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{DryRun: req.DryRun}
	var readErr error
	out.Result, err = i.door.ImportParcels(ctx, actor, Batch{
		OpID: req.OpID, Device: req.Device, Digest: digest, DryRun: req.DryRun,
		Features: func(each func(Feature) error) error {
			out.Report, readErr = i.reader.Read(ctx, req.Path, req.Filename, req.Options, each)
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
	out.findOutside()
	return out, nil
}

const mostOutside = 20

// findOutside adds a finding for each row that lies in no unit.
func (o *Outcome) findOutside() {
	for n, row := range o.Outside {
		if n == mostOutside {
			o.FindingsMore += len(o.Outside) - n
			return
		}
		o.Findings = append(o.Findings, Finding{Row: row, Code: "outside_units", Text: Text{
			ZH: fmt.Sprintf("第 %d 行的地块不在任何责任主体范围内", row), EN: fmt.Sprintf("row %d lies in no responsible unit", row),
		}})
	}
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
	return hex.EncodeToString(h.Sum(nil)), nil
}
