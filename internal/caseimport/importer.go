package caseimport

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/caseimport/grid"
	"github.com/guatu/guatu/internal/ledger"
)

// Import reads the files and brings their rows in: as one batch, or, dry, nothing at all. Rows that are refused or wait for
// an answer are left out and said. A file that is no workbook or holds no ledger is a fault.
func (i *Importer) Import(ctx context.Context, actor auth.Actor, req Request) (Report, error) {
	if err := actor.May(ledger.KindCaseImport); err != nil {
		return Report{}, err
	}
	digest, err := req.digest()
	if err != nil {
		return Report{}, err
	}
	r, err := i.read(ctx, actor, req)
	if err != nil {
		return Report{}, err
	}
	report := r.report
	report.DryRun = req.DryRun
	if err := i.apply(ctx, actor, req, r, digest); err != nil {
		return Report{}, err
	}
	report.count()
	if !req.DryRun {
		return *report, i.remember(ctx, actor, r.sheets)
	}
	return *report, nil
}

// reading is what was read of all files.
type reading struct {
	report  *Report
	sheets  []*sheet
	entries []*entry
	rows    []ledger.ImportedRow // those that are asked of the ledger,
	of      []*entry             // and the entries they are of
	known   *known
}

func (i *Importer) read(ctx context.Context, actor auth.Actor, req Request) (*reading, error) {
	d := req.View.Definition
	u := units{req.View.Units, d}
	list := targets(d)
	sheets, err := tables(req, list)
	if err != nil {
		return nil, err
	}
	if err := i.recall(ctx, actor, sheets, list, req.Answers); err != nil {
		return nil, err
	}
	firms, err := i.Directory.Everybody(ctx, auth.ScopeOf(actor), req.View)
	if err != nil {
		return nil, err
	}
	out := &reading{report: &Report{Targets: list, units: u}, sheets: sheets, known: newKnown(req.View, actor, u, firms, req.Answers)}
	rules := reader{u, req.Answers, d.Year}
	for _, s := range sheets {
		s.placed(u, actor, req.Answers)
		out.report.Sheets = append(out.report.Sheets, s.report(d.Tracks[0]))
		waits := len(s.asks()) > 0
		for _, row := range s.Rows {
			out.take(rules.read(s, row), waits)
		}
	}
	return out, nil
}

// take decides what a row is about and asks for; a row that waits or is refused already asks for nothing.
func (r *reading) take(e *entry, waits bool) {
	r.entries = append(r.entries, e)
	if waits || len(e.Asks) > 0 && len(e.Reasons) == 0 {
		e.Verdict, e.Reasons = RowAsked, nil
		return
	}
	var row ledger.ImportedRow
	if m := r.known.find(e); len(e.Reasons) == 0 {
		if m.found != nil {
			e.Code, e.Unit, e.Verdict = m.found.Code, m.found.Unit, RowUnchanged
		} else {
			e.Verdict = RowNew
		}
		row = r.known.intent(e, m)
	}
	if len(e.Reasons) > 0 {
		e.Verdict = RowRefused
		return
	}
	r.rows, r.of = append(r.rows, row), append(r.of, e)
}

// apply asks the ledger and takes its verdicts.
func (i *Importer) apply(ctx context.Context, actor auth.Actor, req Request, r *reading, digest string) error {
	defer func() {
		for _, e := range r.entries {
			r.report.Rows = append(r.report.Rows, *e.RowReport)
		}
	}()
	if len(r.rows) == 0 {
		if !req.DryRun {
			return invalid("nothing_to_import", "没有可以导入的行，请先处理问题", "there is no row to import; please see to what is asked first")
		}
		return nil
	}
	var verdicts []ledger.RowVerdict
	change := ledger.ImportRows{Digest: digest, DryRun: req.DryRun, Rows: r.rows, Verdicts: &verdicts, Decided: req.Progress}
	opID := req.OpID
	if req.DryRun {
		opID = uuid.New() // a preview binds no id
	}
	out, err := i.Door.Apply(ctx, actor, ledger.Operation{OpID: opID, Device: req.Device, Changes: []ledger.Change{change}})
	if err != nil && !errors.Is(err, ledger.ErrDryRun) {
		return err
	}
	r.report.BatchID, r.report.Revision = out.BatchID, out.Revision
	for n, v := range verdicts {
		r.judged(r.of[n], v)
	}
	return nil
}

// judged takes over what became of a row.
func (r *reading) judged(e *entry, v ledger.RowVerdict) {
	if v.Refusal != nil {
		e.Verdict = RowRefused
		e.refuse(v.Refusal.ZH, v.Refusal.EN)
		return
	}
	e.Changes = r.known.changes(e.track, v.Entries)
	if e.Verdict == RowUnchanged && len(e.Changes) > 0 {
		e.Verdict = RowChanged
	}
	for _, entry := range v.Entries {
		if entry.Kind == ledger.KindCaseList {
			e.Code = text(entry.Body.After["code"])
		}
	}
}

func (r *Report) count() {
	r.Counts = map[string]int{RowNew: 0, RowChanged: 0, RowUnchanged: 0, RowRefused: 0, RowAsked: 0}
	for _, row := range r.Rows {
		r.Counts[row.Verdict]++
	}
}

// tables reads the workbooks and finds their ledgers.
func tables(req Request, list []Target) ([]*sheet, error) {
	var all []*sheet
	names := map[string]int{}
	for _, file := range req.Files {
		name := file.Name
		names[name]++
		if names[name] > 1 {
			name = fmt.Sprintf("%s(%d)", name, names[name])
		}
		grids, err := grid.Read(file.Path, name)
		if err != nil {
			return nil, err
		}
		found := tablesOf(grids, name, list, req.Answers)
		if len(found) == 0 {
			return nil, invalid("no_ledger", "“"+name+"”里没有认得的台账：至少要有“企业名称”等三列，列名写在数据上方",
				name+" holds no ledger that is understood: it needs at least three known columns, with their names above the data")
		}
		all = append(all, found...)
	}
	return all, nil
}

func tablesOf(grids []grid.Sheet, name string, list []Target, a Answers) []*sheet {
	var found, almost []*sheet
	for _, g := range grids {
		place := name + "/" + g.Name
		if t, ok := findTable(g, place, list, a); ok {
			found = append(found, &sheet{place: place, file: name, Table: t, signature: signatureOf(t.Heads)})
		} else if t, ok := almostTable(g, list); ok {
			almost = append(almost, &sheet{place: place, file: name, Table: t, signature: signatureOf(t.Heads)})
		}
	}
	if len(found) == 0 {
		return almost
	}
	return found
}

// recall reads the columns of the sheets, as somebody said before where they have the same heads.
func (i *Importer) recall(ctx context.Context, actor auth.Actor, sheets []*sheet, list []Target, a Answers) error {
	signatures := make([]string, len(sheets))
	for n, s := range sheets {
		signatures[n] = s.signature
	}
	before, err := i.Memory.Recall(ctx, auth.ScopeOf(actor), signatures)
	if err != nil {
		return err
	}
	for _, s := range sheets {
		var said Said
		if text := before[s.signature]; text != nil {
			if err := json.Unmarshal(text, &said); err != nil {
				return fmt.Errorf("decode what was said of %s: %w", s.place, err)
			}
		}
		s.readColumns(list, a, said)
	}
	return nil
}

// remember keeps what was said of the sheets, for the next file with the same heads.
func (i *Importer) remember(ctx context.Context, actor auth.Actor, sheets []*sheet) error {
	said := map[string]json.RawMessage{}
	for _, s := range sheets {
		if len(s.asks()) > 0 {
			continue
		}
		text, err := json.Marshal(s.said())
		if err != nil {
			return fmt.Errorf("encode what was said of %s: %w", s.place, err)
		}
		said[s.signature] = text
	}
	return i.Memory.Remember(ctx, auth.ScopeOf(actor), said)
}

// digest names the files, in whatever order they are sent, and what was said of them.
func (r Request) digest() (string, error) {
	var files []string
	for _, file := range r.Files {
		h := sha256.New()
		f, err := os.Open(file.Path)
		if err != nil {
			return "", fmt.Errorf("open the upload: %w", err)
		}
		_, err = io.Copy(h, f)
		if err := errors.Join(err, f.Close()); err != nil {
			return "", fmt.Errorf("read the upload: %w", err)
		}
		files = append(files, hex.EncodeToString(h.Sum(nil))+" "+file.Name)
	}
	slices.Sort(files)
	said, err := json.Marshal(r.Answers)
	if err != nil {
		return "", fmt.Errorf("encode the answers: %w", err)
	}
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\n%s\n%t", strings.Join(files, "\n"), said, r.DryRun))
	return hex.EncodeToString(sum[:]), nil
}

// placesOf are the places of rows that were not let in, in the order of the files.
func (r *Report) placesOf(rows []RowReport) []string {
	var places []string
	for _, s := range r.Sheets {
		if slices.ContainsFunc(rows, func(row RowReport) bool { return row.Place == s.Place }) {
			places = append(places, s.Place)
		}
	}
	return places
}

// inOne joins sentences for a cell.
func inOne(list []campaign.Text) string {
	parts := make([]string, len(list))
	for i, t := range list {
		parts[i] = t.ZH
	}
	return strings.Join(parts, "；")
}
