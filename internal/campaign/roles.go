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

// Roles of the three separated administrators (三员), who do not work on the campaign.
const (
	RoleSystemAdmin   = "sysadmin"
	RoleSecurityAdmin = "secadmin"
	RoleAuditor       = "auditor"
)

// administrators are the wordings of the three.
var administrators = map[string]Text{ //nolint:gochecknoglobals // the wordings of section 6.3, never written
	RoleSystemAdmin:   {"系统管理员", "system administrator"},
	RoleSecurityAdmin: {"安全管理员", "security administrator"},
	RoleAuditor:       {"审计管理员", "audit administrator"},
}

// Administers tells whether a role is one of the three administrators.
func Administers(role string) bool {
	_, is := administrators[role]
	return is
}

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
	if name, is := administrators[role]; is {
		return name
	}
	return Text{"系统", "system"}
}

// OtherPeople stands for the name of somebody of another unit, which is not shown.
func OtherPeople() Text { return Text{"其他单位人员", "somebody of another unit"} }

// KnownRole tells whether people of the campaign can have a role.
func KnownRole(role string) bool {
	_, known := roleNames[role]
	return known
}
