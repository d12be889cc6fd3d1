package campaign

// Roles of the campaign's people.
const (
	RoleViewer     = "viewer"
	RoleCommander  = "commander"
	RoleDistrict   = "district"
	RolePlanner    = "planner"
	RoleAcceptance = "acceptance"
	RoleDepartment = "department"
	RoleTown       = "town"
	RoleField      = "field"
	RoleVillage    = "village"
	RolePark       = "park"
)

var roleNames = map[string]Text{ //nolint:gochecknoglobals // the wordings of section 6.3, never written
	RoleViewer:     {"查阅人员", "read only"},
	RoleCommander:  {"区领导（指挥）", "commander"},
	RoleDistrict:   {"区整治办", "district office"},
	RolePlanner:    {"台账测绘员", "ledger and survey officer"},
	RoleAcceptance: {"验收组成员", "acceptance team"},
	RoleDepartment: {"部门联络员（联挂部门）", "department liaison"},
	RoleTown:       {"镇责任人", "town lead"},
	RoleField:      {"镇村外勤", "field officer"},
	RoleVillage:    {"村社网格员", "village grid worker"},
	RolePark:       {"园区运营方", "park operator"},
}

// RoleName is the wording of a role (screens of the product, section 6.3).
func RoleName(role string) Text {
	if name, known := roleNames[role]; known {
		return name
	}
	return Text{"系统", "system"}
}

// OtherPeople stands for the name of somebody of another unit, which is not shown.
func OtherPeople() Text { return Text{"其他单位人员", "somebody of another unit"} }

// KnownRole tells whether people can have a role.
func KnownRole(role string) bool {
	_, known := roleNames[role]
	return known
}
