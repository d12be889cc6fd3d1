package httpapi

import (
	"context"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/secret"
)

// PostChanges implements gen.StrictServerInterface.
func (o *operations) PostChanges(ctx context.Context, r gen.PostChangesRequestObject) (gen.PostChangesResponseObject, error) {
	op := ledger.Operation{OpID: r.Body.OpId, Device: r.Body.Device}
	if device := visitorIn(ctx).device(); device != "" {
		op.Device = device
	}
	if r.Body.HappenedAt != nil {
		op.HappenedAt = *r.Body.HappenedAt
	}
	if r.Body.DeviceAt != nil {
		op.Told = &ledger.Told{At: *r.Body.DeviceAt, WaitedMS: orZero(r.Body.WaitedMs)}
	}
	for _, c := range r.Body.Changes {
		change, err := o.fromChange(ctx, c)
		if err != nil {
			return nil, err
		}
		op.Changes = append(op.Changes, change)
	}
	if err := sentBy(&op, r.Body); err != nil {
		return nil, err
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

// fromChange reads a change; what is personal in it is sealed before anybody else sees it, files of an issue are made.
func (o *operations) fromChange(ctx context.Context, c gen.Change) (ledger.Change, error) {
	switch string(c.Kind) {
	case ledger.KindContactPut:
	case ledger.KindRevisitDraw:
		return o.drawing(ctx, c)
	case ledger.KindBulletinIssue:
		return o.Bulletins.Issuing(ctx, actorIn(ctx), orZero(c.BulletinId), orZero(c.BaseVersion))
	default:
		if strings.HasPrefix(string(c.Kind), "bulletin.") {
			return aboutBulletins(c), nil
		}
		if strings.HasPrefix(string(c.Kind), "order.") {
			return aboutOrders(c), nil
		}
		if strings.HasPrefix(string(c.Kind), "meeting.") {
			return o.aboutMeetings(ctx, c)
		}
		return fromChange(c)
	}
	d := orZero(c.Contact)
	return o.Contacts.Sealed(ctx, scopeIn(ctx), orZero(c.EnterpriseId), orZero(c.BaseVersion), secret.Details{Name: orZero(d.Name), Phone: orZero(d.Phone), Identity: orZero(d.Identity)})
}

func fromChange(c gen.Change) (ledger.Change, error) {
	id, base := orZero(c.CaseId), orZero(c.BaseVersion)
	switch kind := string(c.Kind); kind {
	case ledger.KindCaseList:
		return listing(c), nil
	case ledger.KindCaseMilestone:
		return ledger.MarkMilestone{Case: id, Milestone: orZero(c.Milestone), On: fromDate(c.Date), Note: orZero(c.Note), Checks: orZero(c.Checks), BaseVersion: base}, nil
	case ledger.KindCaseNotApplicable:
		return ledger.MarkNotApplicable{Case: id, Milestone: orZero(c.Milestone), Reason: orZero(c.Reason), BaseVersion: base}, nil
	case ledger.KindCaseApplicable:
		return ledger.MarkApplicable{Case: id, Milestone: orZero(c.Milestone), Reason: said(c), BaseVersion: base}, nil
	case ledger.KindCaseAmend:
		return ledger.AmendCase{Case: id, Fields: orZero(c.Fields), BaseVersion: base}, nil
	case ledger.KindCaseMeasure:
		return measuring(c), nil
	case ledger.KindCaseTemplate, ledger.KindCaseMove, ledger.KindCaseSplit, ledger.KindCaseMerge:
		return ofWholeCase(c), nil
	case ledger.KindEnterpriseEnter, ledger.KindEnterpriseAmend, ledger.KindEnterpriseMerge:
		return ofEnterprise(c), nil
	case ledger.KindLandRecord, ledger.KindLandUse, ledger.KindLandRemove, ledger.KindParcelSplit, ledger.KindParcelMerge:
		return landChange(c)
	case ledger.KindSheetFill:
		return ledger.FillSheet{Sheet: orZero(c.Sheet), Of: string(orZero(c.Of)), OfID: orZero(c.OfId), Row: orZero(c.Row), Values: orZero(c.Values), Reason: said(c), BaseVersion: base}, nil
	case ledger.KindSheetRemove:
		return ledger.NewRemoveRow(orZero(c.Row), base, said(c)), nil
	case ledger.KindFindingWaive:
		return waiving(c), nil
	case ledger.KindPhotoAttach, ledger.KindPhotoRemove:
		return photoChange(c), nil
	case ledger.KindContactErase:
		return ledger.EraseContact{Enterprise: orZero(c.EnterpriseId), BaseVersion: base, Reason: orZero(c.Reason)}, nil
	case ledger.KindConflictResolve:
		return ledger.ResolveConflict{Conflict: orZero(c.ConflictId), Choose: string(orZero(c.Choose)), Reason: said(c)}, nil
	case ledger.KindCampaignAmend:
		return amending(c)
	case ledger.KindHeldDismiss:
		return ledger.DismissHeld{Op: orZero(c.Held), Reason: orZero(c.Reason)}, nil
	case ledger.KindUndo:
		return ledger.UndoBatch{Batch: orZero(c.BatchId), Reason: orZero(c.Reason)}, nil
	default:
		return sideways(c)
	}
}

// ofEnterprise are the changes about operators.
func ofEnterprise(c gen.Change) ledger.Change {
	id, base := orZero(c.EnterpriseId), orZero(c.BaseVersion)
	switch string(c.Kind) {
	case ledger.KindEnterpriseEnter:
		return ledger.EnterEnterprise{EnterpriseDraft: *orEmptyDraft(c.Enterprise)}
	case ledger.KindEnterpriseAmend:
		return ledger.AmendEnterprise{Enterprise: id, BaseVersion: base, EnterpriseDraft: *orEmptyDraft(c.Enterprise)}
	}
	return ledger.MergeEnterprises{Into: id, Duplicate: orZero(c.DuplicateId), Take: orZero(c.Take), Reason: said(c), BaseVersion: base, DuplicateVersion: orZero(c.DuplicateVersion)}
}

// sideways are the changes about side states, and reminders.
func sideways(c gen.Change) (ledger.Change, error) {
	id, base, side := orZero(c.CaseId), orZero(c.BaseVersion), orZero(c.Side)
	switch kind := string(c.Kind); kind {
	case ledger.KindCaseAsk:
		return ledger.AskSide{Case: id, Side: side, Reason: orZero(c.Reason), ReasonCode: orZero(c.ReasonCode), Milestone: orZero(c.Milestone), Until: fromDate(c.Until), BaseVersion: base}, nil
	case ledger.KindCaseDecide:
		return ledger.DecideSide{Case: id, Side: side, Approve: orZero(c.Approve), Note: said(c), BaseVersion: base}, nil
	case ledger.KindCaseAssign:
		return ledger.AssignSide{Case: id, Side: side, Owner: orZero(c.Owner), Until: fromDate(c.Until), BaseVersion: base}, nil
	case ledger.KindCaseRemind:
		return ledger.RemindCase{Case: id, Note: said(c)}, nil
	case ledger.KindCaseLeave:
		return ledger.LeaveSide{Case: id, Side: side, Note: said(c), BaseVersion: base}, nil
	default:
		return nil, fault.New(fault.KindInvalid, "unknown_change", "没有“"+kind+"”这种改动", "there is no change of kind "+kind)
	}
}

// amending changes the campaign's data.
func amending(c gen.Change) (ledger.Change, error) {
	d, err := readDefinition(orZero(c.Definition))
	return ledger.AmendCampaign{BaseVersion: orZero(c.BaseVersion), Definition: d, Note: said(c)}, err
}

// said is why, as a reason or as a note.
func said(c gen.Change) string {
	if reason := orZero(c.Reason); reason != "" {
		return reason
	}
	return orZero(c.Note)
}

func measuring(c gen.Change) ledger.MeasureCase {
	m := ledger.MeasureCase{
		Case: orZero(c.CaseId), Recovered: geo.FromSquareMetres(orZero(c.RecoveredM2)), Effective: geo.FromSquareMetres(orZero(c.EffectiveM2)),
		Reason: said(c), BaseVersion: orZero(c.BaseVersion), FromLand: orZero(c.FromLand),
	}
	if c.FloorM2 != nil {
		floor := geo.FromSquareMetres(*c.FloorM2)
		m.Floor = &floor
	}
	return m
}

func listing(c gen.Change) ledger.ListCase {
	return ledger.ListCase{
		Parcels: orZero(c.ParcelIds), Unit: orZero(c.Unit), Label: orZero(c.Label), Track: orZero(c.Track), On: fromDate(c.Date),
		Landless: orZero(c.Landless), Enterprise: orZero(c.EnterpriseId), Operator: fromDraft(c.Enterprise), Batch: orZero(c.Batch), Village: orZero(c.Village),
	}
}

func fromDraft(d *gen.EnterpriseDraft) *ledger.EnterpriseDraft {
	if d == nil {
		return nil
	}
	out := ledger.EnterpriseDraft{
		Code: orZero(d.Code), Name: d.Name, Label: orZero(d.Label), Kind: d.Kind, Unit: orZero(d.Unit), Village: orZero(d.Village),
		Industry: orZero(d.Industry), AboveScale: orZero(d.AboveScale), TaxPerMu: orZero(d.TaxPerMu),
	}
	for year, class := range orZero(d.Evaluations) {
		if out.Evaluations == nil {
			out.Evaluations = map[string]string{}
		}
		out.Evaluations[year] = string(class)
	}
	return &out
}

// orEmptyDraft is an empty draft where none was sent: the rules say what it lacks.
func orEmptyDraft(d *gen.EnterpriseDraft) *ledger.EnterpriseDraft {
	if d == nil {
		return &ledger.EnterpriseDraft{}
	}
	return fromDraft(d)
}
