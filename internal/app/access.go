package app

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/guatu/guatu/internal/audit"
	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/caseimport"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/interchange"
	"github.com/guatu/guatu/internal/ledger"
)

// keeper does the jobs of the access log.
func (h *house) keeper() (*audit.Keeper, error) {
	key, err := h.auditKey()
	if err != nil {
		return nil, err
	}
	return &audit.Keeper{
		Log: h.access, Store: h.store, Enter: h.enterLogHead, Verify: h.verifyAll, Key: key, Folder: h.cfg.Data, Keep: h.cfg.KeepLog,
		Slog: h.log.With(slog.String("part", "audit")),
	}, nil
}

// auditKey is the key that signs the heads; the first start makes it.
func (h *house) auditKey() (audit.Key, error) {
	return audit.OpenKey(filepath.Join(h.cfg.Data, audit.KeyFile))
}

// enterLogHead puts a head of the access log into the journal. The operation's id is made of the due time: a second server
// finds it taken.
func (h *house) enterLogHead(ctx context.Context, due time.Time, head audit.Head) error {
	op := ledger.Operation{
		OpID: uuid.NewSHA1(uuid.NameSpaceOID, []byte("guatu "+ledger.KindLogHead+" "+due.UTC().Format(time.RFC3339))), Device: "server",
		Changes: []ledger.Change{ledger.EnterLogHead{ID: head.ID, Hash: head.Hash}},
	}
	_, err := h.ledger.Apply(ctx, auth.System(), op)
	if fault.Is(err, "operation_id_reused") {
		return nil
	}
	return err
}

// verifyAll verifies both chains, and gives how much was found wrong.
func (h *house) verifyAll(ctx context.Context) (int, error) {
	w, err := witnesses(h.cfg.Data, "", "")
	if err != nil {
		return 0, err
	}
	log, err := h.store.VerifyLog(ctx, w)
	if err != nil {
		return 0, err
	}
	journal, err := h.store.Verify(ctx)
	return len(log.Findings) + len(journal.Findings), err
}

// witnesses are the anchors and keys of files, or those of a data folder.
func witnesses(data, anchors, key string) (audit.Witnesses, error) {
	w := audit.Witnesses{Whole: anchors == ""}
	if anchors == "" {
		anchors = filepath.Join(data, audit.AnchorsFile)
	}
	if key == "" {
		key = filepath.Join(data, audit.PublicFile)
	}
	var err error
	if w.Anchors, err = audit.ReadAnchors(anchors); err != nil {
		return w, err
	}
	w.Keys, err = audit.ReadPublic(key)
	return w, err
}

// loggedCases has the beginning and the end of every import of ledgers in the access log.
type loggedCases struct {
	*caseimport.Importer

	log *audit.Log
}

// Import imports ledgers; see caseimport.Importer.
func (l loggedCases) Import(ctx context.Context, actor auth.Actor, req caseimport.Request) (caseimport.Report, error) {
	what := map[string]any{"operation": req.OpID.String(), "files": len(req.Files), "device": req.Device, "dry_run": req.DryRun}
	e := audit.Entry{Kind: audit.Import, Outcome: audit.Begun, Actor: actor.ID, Object: "ledger", Details: what}
	if err := l.log.Record(ctx, e); err != nil {
		return caseimport.Report{}, err
	}
	out, err := l.Importer.Import(ctx, actor, req)
	e.Outcome = audit.OutcomeOf(err)
	e.Details = map[string]any{"operation": req.OpID.String(), "dry_run": req.DryRun}
	for what, n := range out.Counts {
		e.Details[what] = n
	}
	_ = l.log.Settle(context.WithoutCancel(ctx), e) // the import is done, or not; the entry waits for the database
	return out, err
}

// loggedImporter has the beginning and the end of every import in the access log.
type loggedImporter struct {
	*interchange.Importer

	log *audit.Log
}

// Import imports a file; see interchange.Importer.
func (l loggedImporter) Import(ctx context.Context, actor auth.Actor, req interchange.Request) (interchange.Outcome, error) {
	// Of the file's name only its kind: names of files hold names of people.
	what := map[string]any{"operation": req.OpID.String(), "file": strings.ToLower(filepath.Ext(req.Filename)), "device": req.Device, "dry_run": req.DryRun}
	e := audit.Entry{Kind: audit.Import, Outcome: audit.Begun, Actor: actor.ID, Object: "parcels", Details: what}
	if err := l.log.Record(ctx, e); err != nil {
		return interchange.Outcome{}, err
	}
	out, err := l.Importer.Import(ctx, actor, req)
	e.Outcome = audit.OutcomeOf(err)
	if out.Refusal != nil {
		e.Outcome = out.Refusal.Code
	}
	e.Details = map[string]any{"operation": req.OpID.String(), "dry_run": req.DryRun, "accepted": out.Accepted, "created": out.Created, "changed": out.Changed, "rejected": len(out.Rejected)}
	_ = l.log.Settle(context.WithoutCancel(ctx), e) // the import is done, or not; the entry waits for the database
	return out, err
}
