package campaign

// RoleName is the wording of a role (screens of the product, section 6.3).
func RoleName(role string) Text {
	switch role {
	case "viewer":
		return Text{"查阅人员", "read only"}
	case "commander":
		return Text{"区领导（指挥）", "commander"}
	case "district":
		return Text{"区整治办", "district office"}
	case "planner":
		return Text{"台账测绘员", "ledger and survey officer"}
	case "acceptance":
		return Text{"验收组成员", "acceptance team"}
	case "department":
		return Text{"部门联络员（联挂部门）", "department liaison"}
	case "town":
		return Text{"镇责任人", "town lead"}
	case "field":
		return Text{"镇村外勤", "field officer"}
	case "village":
		return Text{"村社网格员", "village grid worker"}
	case "park":
		return Text{"园区运营方", "park operator"}
	}
	return Text{"系统", "system"}
}
