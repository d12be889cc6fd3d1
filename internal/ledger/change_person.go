package ledger

import (
	"context"
	"regexp"
	"strings"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/fault"
)

// KindPersonPut is the kind of entries that enter a person or change what they are: name, role, unit.
const KindPersonPut = "person.put"

// PutPerson enters a person of the campaign or replaces what is known of one:
// who may do what is an entry of the journal like everything else.
type PutPerson struct {
	Code string `json:"code"`
	Name string `json:"name"`
	Role string `json:"role"`
	Unit string `json:"unit,omitempty"` // "" for the whole district
	// Village narrows the area to a village of the unit, by its code.
	Village string `json:"village,omitempty"`
}

func (PutPerson) kind() string       { return KindPersonPut }
func (c PutPerson) content() any     { return c }
func (c PutPerson) names(l *Locks)   { l.People = append(l.People, c.Code) }
func (c PutPerson) plain() PutPerson { c.Name = strings.TrimSpace(c.Name); return c }

var personCode = regexp.MustCompile(`^[a-z0-9_]{1,40}$`)

func (c PutPerson) check() error {
	switch {
	case !personCode.MatchString(c.Code):
		return fault.New(fault.KindInvalid, "person_code_not_plain", "人员代码须由小写字母、数字、下划线组成，最多 40 位", "a person's code consists of lower-case letters, digits and underscores, at most 40")
	case c.Name == "":
		return fault.New(fault.KindInvalid, "name_missing", "请填写姓名", "please give the name")
	case campaign.Administers(c.Role) && c.Unit != "":
		return fault.New(fault.KindInvalid, "administrator_has_no_area", "系统、安全、审计管理员不分责任主体", "an administrator belongs to no unit")
	case c.Code == auth.System().ID:
		return fault.New(fault.KindInvalid, "person_code_reserved", "人员代码 "+c.Code+" 由系统保留", "the code "+c.Code+" is the program's own")
	case !campaign.KnownRole(c.Role) && !campaign.Administers(c.Role):
		return fault.New(fault.KindInvalid, "role_unknown", "没有“"+c.Role+"”这个角色", "there is no role "+c.Role)
	}
	return nil
}

// checkVillage refuses a village that is not one of the unit's.
func (c PutPerson) checkVillage(w *work) error {
	if c.Village == "" {
		return nil
	}
	def, err := w.definition(w.there.Running)
	if err != nil {
		return err
	}
	if v, known := def.Village(c.Village); !known || c.Unit == "" || v.Unit != c.Unit {
		return fault.New(fault.KindInvalid, "village_unknown", "该责任主体没有“"+c.Village+"”这个村社", "the unit has no village "+c.Village)
	}
	return nil
}

func (c PutPerson) decide(ctx context.Context, w *work) error {
	c = c.plain()
	if err := c.check(); err != nil {
		return err
	}
	if err := c.checkVillage(w); err != nil {
		return err
	}
	old, exists := w.there.People[c.Code]
	if w.actor != auth.System() && (campaign.Administers(c.Role) || campaign.Administers(old.Role)) {
		return fault.New(fault.KindDenied, "administrators_on_the_machine", "系统、安全、审计管理员只能在服务器上用 guatu user 任命",
			"the three administrators are appointed on the server, with guatu user")
	}
	if exists && old.Role != c.Role && (campaign.Administers(c.Role) || campaign.Administers(old.Role)) {
		return administratorStays()
	}
	p := Person{ID: old.ID, Version: old.Version + 1, Code: c.Code, Sort: old.Sort, Name: c.Name, Role: c.Role, Unit: c.Unit, Village: c.Village}
	before := Fields{}
	var err error
	if exists {
		if before, err = PersonFields(old); err != nil {
			return err
		}
	} else if err := c.number(ctx, w, &p); err != nil {
		return err
	}
	after, err := PersonFields(p)
	if err != nil {
		return err
	}
	body := diff(before, after)
	if body.Empty() {
		return nil
	}
	w.writes.People = append(w.writes.People, p)
	w.entries = append(w.entries, Entry{Kind: KindPersonPut, KindVersion: 1, Noun: NounPerson, NounID: p.ID, BaseVersion: old.Version, Version: p.Version, Body: body})
	return nil
}

// administratorStays is the refusal to make one of the three of somebody who was something else, or the reverse.
func administratorStays() error {
	return fault.New(fault.KindConflict, "administrator_stays", "系统、安全、审计管理员不能兼任或改任其他角色", "an administrator holds no other role, neither before nor after")
}

// number gives a new person an id, by which they are sorted last.
func (PutPerson) number(ctx context.Context, w *work, p *Person) error {
	ids, err := w.tx.NewIDs(ctx, 1)
	if err != nil {
		return err
	}
	p.ID, p.Sort = ids[0], int(ids[0])
	return nil
}
