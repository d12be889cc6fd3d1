package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
)

// PostChanges implements gen.StrictServerInterface.
func (o *operations) PostChanges(ctx context.Context, r gen.PostChangesRequestObject) (gen.PostChangesResponseObject, error) {
	op := ledger.Operation{OpID: r.Body.OpId, Device: r.Body.Device}
	if r.Body.HappenedAt != nil {
		op.HappenedAt = *r.Body.HappenedAt
	}
	for _, c := range r.Body.Changes {
		change, err := fromChange(c)
		if err != nil {
			return nil, err
		}
		op.Changes = append(op.Changes, change)
	}
	out, err := o.Ledger.Apply(ctx, actorIn(ctx), op)
	if err != nil && out.Result == ledger.Refused {
		return nil, refusal{err, out}
	}
	if err != nil {
		return nil, err
	}
	return gen.PostChanges200JSONResponse(toOutcome(out)), nil
}

func fromChange(c gen.Change) (ledger.Change, error) {
	switch kind := string(c.Kind); kind {
	case ledger.KindCaseList:
		return ledger.ListCase{Parcels: orZero(c.ParcelIds), Unit: orZero(c.Unit), Label: orZero(c.Label), On: fromDate(c.Date)}, nil
	case ledger.KindCaseMilestone:
		return ledger.MarkMilestone{Case: orZero(c.CaseId), Milestone: orZero(c.Milestone), On: fromDate(c.Date), Note: orZero(c.Note), BaseVersion: orZero(c.BaseVersion)}, nil
	case ledger.KindCaseNotApplicable:
		return ledger.MarkNotApplicable{Case: orZero(c.CaseId), Milestone: orZero(c.Milestone), Reason: orZero(c.Reason), BaseVersion: orZero(c.BaseVersion)}, nil
	case ledger.KindCaseAmend:
		return ledger.AmendCase{Case: orZero(c.CaseId), Fields: orZero(c.Fields), BaseVersion: orZero(c.BaseVersion)}, nil
	case ledger.KindConflictResolve:
		return ledger.ResolveConflict{Conflict: orZero(c.ConflictId), Choose: string(orZero(c.Choose))}, nil
	case ledger.KindUndo:
		return ledger.UndoBatch{Batch: orZero(c.BatchId), Reason: orZero(c.Reason)}, nil
	default:
		return nil, fault.New(fault.KindInvalid, "unknown_change", "没有“"+kind+"”这种改动", "there is no change of kind "+kind)
	}
}
