package auth

import (
	"slices"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// right is who may make a kind of change: in their own unit, or everywhere who belongs to no unit.
type right struct {
	roles []string
	whole bool // it concerns the whole district: nobody of one unit may
}

// Who works alike.
var (
	office    = []string{campaign.RoleDistrict, campaign.RolePlanner}                                                  //nolint:gochecknoglobals // part of the table
	surveyors = append(slices.Clone(office), campaign.RoleAcceptance)                                                  //nolint:gochecknoglobals // part of the table
	towns     = append(slices.Clone(office), campaign.RoleTown)                                                        //nolint:gochecknoglobals // part of the table
	fields    = append(slices.Clone(towns), campaign.RoleField)                                                        //nolint:gochecknoglobals // part of the table
	helpers   = append(slices.Clone(fields), campaign.RoleCommander, campaign.RoleAcceptance, campaign.RoleDepartment) //nolint:gochecknoglobals // part of the table
	everyone  = append(slices.Clone(helpers), campaign.RoleVillage)                                                    //nolint:gochecknoglobals // part of the table
	rights    = map[string]right{                                                                                      //nolint:gochecknoglobals // the one table of who may do what, never written
		"case.list":           {roles: fields},
		"case.import":         {roles: towns},
		"case.milestone":      {roles: fields}, // those that name roles (campaign.Milestone.By) are theirs alone
		"case.not_applicable": {roles: towns},
		"case.applicable":     {roles: towns},
		"case.template":       {roles: towns},
		"case.amend":          {roles: fields},
		"case.measure":        {roles: surveyors},
		"case.move":           {roles: office, whole: true},
		"case.split":          {roles: towns},
		"case.merge":          {roles: towns},
		"case.ask":            {roles: everyone},
		"case.decide":         {roles: []string{campaign.RoleDistrict, campaign.RoleCommander, campaign.RoleTown}},
		"case.leave":          {roles: helpers},
		"case.assign":         {roles: append(slices.Clone(towns), campaign.RoleCommander)},
		"case.remind":         {roles: append(slices.Clone(office), campaign.RoleCommander), whole: true},
		"enterprise.enter":    {roles: fields},
		"enterprise.amend":    {roles: fields},
		"enterprise.merge":    {roles: office, whole: true},
		"conflict.resolve":    {roles: towns},
		"held.dismiss":        {roles: towns},
		"sheet.fill":          {roles: append(slices.Clone(fields), campaign.RoleAcceptance, campaign.RoleDepartment)}, // those that name roles (campaign.Sheet.By) are theirs alone
		"sheet.remove":        {roles: towns},
		"contact.put":         {roles: fields},
		"contact.erase":       {roles: []string{campaign.RoleDistrict}},
		"contact.show":        {roles: everyone}, // not a change: the right to read on purpose
		"photo.attach":        {roles: everyone},
		"photo.receive":       {roles: everyone}, // the room that stored it asks, for who sent it
		"photo.remove":        {roles: towns},
		"land.record":         {roles: surveyors},
		"land.use":            {roles: surveyors},
		"land.remove":         {roles: office},
		"finding.waive":       {roles: office, whole: true},
		"revisit.draw":        {roles: []string{campaign.RoleDistrict}, whole: true}, // the room puts together what is drawn from
		"bulletin.freeze":     {roles: office, whole: true},
		"bulletin.answer":     {roles: []string{campaign.RoleTown}},
		"bulletin.reply":      {roles: office, whole: true},
		"bulletin.draft":      {roles: office, whole: true},
		"bulletin.review":     {roles: []string{campaign.RoleDistrict}, whole: true},
		"bulletin.return":     {roles: []string{campaign.RoleDistrict, campaign.RoleCommander}, whole: true},
		"bulletin.sign":       {roles: []string{campaign.RoleDistrict, campaign.RoleCommander}, whole: true},
		"bulletin.issue":      {roles: office, whole: true}, // the room that made the files asks, for who issues them
		"order.issue":         {roles: office, whole: true},
		"order.sign":          {roles: []string{campaign.RoleTown}},
		"order.answer":        {roles: []string{campaign.RoleTown}},
		"order.return":        {roles: office, whole: true},
		"order.close":         {roles: office, whole: true},
		"order.withdraw":      {roles: office, whole: true},
		"meeting.call":        {roles: office, whole: true}, // the room puts its agenda together
		"meeting.agenda":      {roles: office, whole: true},
		"meeting.decide":      {roles: office, whole: true},
		"meeting.done":        {roles: office, whole: true},
		"meeting.close":       {roles: office, whole: true},
		"batch.undo":          {roles: everyone}, // one's own; the district office anybody's
		"parcel.import":       {roles: office, whole: true},
		"parcel.split":        {roles: towns},
		"parcel.merge":        {roles: towns},
		"export.geometry":     {roles: append(slices.Clone(towns), campaign.RoleCommander)}, // not a change: the right to take polygons away as a file
		"reference.replace":   {roles: office, whole: true},
		"campaign.amend":      {roles: []string{campaign.RoleDistrict}, whole: true},
		"person.put":          {roles: []string{campaign.RoleSecurityAdmin}, whole: true},
	}
)

// May refuses a kind of change (ledger.Kind…) that the actor's role has no right
// to. What the table does not name only the system does: setting up a campaign.
func (a Actor) May(kind string) error {
	r := rights[kind]
	if a == System() || slices.Contains(r.roles, a.Role) && (a.Unit == "" || !r.whole) {
		return nil
	}
	return NoRight()
}

// MayMark refuses a milestone that is not the actor's to mark: 镇初验 is the town
// lead's, 区验收 the district's.
func (a Actor) MayMark(m campaign.Milestone) error {
	if len(m.By) == 0 || a == System() {
		return a.May("case.milestone")
	}
	if slices.Contains(m.By, a.Role) {
		return nil
	}
	return NoRight()
}

// MayFill refuses a sheet that is not the actor's to fill.
func (a Actor) MayFill(s campaign.Sheet, kind string) error {
	if len(s.By) == 0 || a == System() {
		return a.May(kind)
	}
	if slices.Contains(s.By, a.Role) {
		return nil
	}
	return NoRight()
}

// MaySide refuses a side state that is not the actor's to ask for and to end, or to decide.
func (a Actor) MaySide(s campaign.SideState, kind string) error {
	roles := s.By
	if kind == "case.decide" {
		roles = s.Deciders
	}
	if len(roles) == 0 || a == System() || slices.Contains(roles, a.Role) {
		return a.May(kind)
	}
	return NoRight()
}

// MayUndo refuses to take back what somebody else did; the district office may.
func (a Actor) MayUndo(author string) error {
	if err := a.May("batch.undo"); err != nil {
		return err
	}
	if a == System() || a.Role == campaign.RoleDistrict || a.ID == author {
		return nil
	}
	return fault.New(fault.KindDenied, "not_your_own", "只能撤销本人办理的事项，可联系区整治办", "only your own acts can be taken back; please ask the district office")
}

// Has tells whether what belongs to a unit and a village is in the actor's area;
// what belongs to no unit, or to no village, is nobody else's.
func (a Actor) Has(unit, village string) bool {
	return a.Unit == "" || unit == "" || unit == a.Unit && (a.Village == "" || village == "" || village == a.Village)
}

// NoRight is the refusal of what somebody's role may not do.
func NoRight() *fault.Error {
	return fault.New(fault.KindDenied, "no_right", "您没有此项权限，可联系区整治办", "you have no right to this; please ask the district office")
}

// OtherVillage is the refusal of what belongs to another village of the actor's unit.
func OtherVillage() *fault.Error {
	return fault.New(fault.KindDenied, "other_unit", "该事项不在您的村社范围内", "this does not belong to your village")
}

// OtherUnit is the refusal of what belongs to another unit than the actor's, by the units' names.
func OtherUnit(belongs, own campaign.Text) *fault.Error {
	return fault.New(fault.KindDenied, "other_unit", "该事项属"+belongs.ZH+"，您的权限范围为"+own.ZH,
		"this belongs to "+belongs.EN+"; your rights are for "+own.EN)
}
