package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// filler invents what the sheets of the tracks say. It has a source of chance of
// its own, so that the story's other figures stay what they are.
type filler struct{ r *rand.Rand }

func newFiller() *filler { return &filler{rand.New(rand.NewPCG(22, 2020))} } //nolint:gosec // a story, no secret

// fill is a sheet of the matter's case.
func (l *loader) fill(m *matter, sheet string, values map[string]string) ledger.Change {
	return ledger.FillSheet{Sheet: sheet, Of: campaign.OfCase, OfID: l.cases[m], Values: values}
}

// before are the sheets that are filled with a milestone of a case of another
// track: the grounds before the notice, the plan with its way, the evidence before the acceptance.
func (f *filler) before(m *matter, milestone string) func(*loader) []ledger.Change {
	one := func(sheet string, values map[string]string) func(*loader) []ledger.Change {
		return func(l *loader) []ledger.Change { return []ledger.Change{l.fill(m, sheet, values)} }
	}
	switch m.track + "." + milestone {
	case "rectify.filed":
		return f.factsOf(m)
	case "upgrade.planned":
		return one("one_policy", f.policy(m))
	case "upgrade.accepted":
		return f.proof(m)
	case "outdated.notified":
		return one("basis", f.basis(m))
	case "outdated.dismantled":
		return one("equipment", f.equipment(m))
	case "parks.built":
		return one("park", f.park(m))
	case "move_in.moved_in":
		return one("tenant", f.tenant(m))
	case "rectify.accepted":
		return one("cure", f.cure())
	}
	return nil
}

var ways = []string{"invest", "invest", "merge", "split", "park", "park", "relocate", "transfer", "industry", "reserve", "close"} //nolint:gochecknoglobals // a constant list

// policy is a firm's 一企一策 with the evidence that its way is done.
func (f *filler) policy(m *matter) map[string]string {
	way := ways[f.r.IntN(len(ways))]
	last := string(m.on[min(len(m.on)-1, 2)])
	n := strconv.Itoa(1 + f.r.IntN(400))
	m.proof = map[string]string{}
	for field, value := range map[string]string{
		"invest_amount": strconv.Itoa(80 + f.r.IntN(1500)), "invest_record": "2020-330411-17-03-" + n, "invest_done": last,
		"merge_agreement": "兼并2020-" + n, "merge_registered": last, "split_approval": "秀洲经商〔2020〕" + n + "号", "split_certificate": "浙（2020）嘉秀不动产权第" + n + "号",
		"park_agreement": "入园2020-" + n, "park_moved": last, "relocate_to": "安徽省郎溪县", "relocate_on": last, "transfer_agreement": "合作2020-" + n, "transfer_to": "安徽省广德市",
		"industry_project": "智能装备零部件项目", "industry_contract": "准入2020-" + n, "reserve_contract": "收储2020-" + n, "reserve_on": last, "close_document": "关停2020-" + n, "close_on": last,
		"freed": "no",
	} {
		if prefix, _, _ := strings.Cut(field, "_"); prefix == way || field == "freed" {
			m.proof[field] = value
		}
	}
	if slices.Contains([]string{"park", "relocate", "industry", "reserve", "close"}, way) {
		m.proof["freed"], m.proof["freed_mu"] = "yes", hundredths(m.area*int64(60+f.r.IntN(40))/100)
	}
	plan := map[string]string{"way": way, "digital": f.yes(40), "model": f.yes(20), "due_on": "2020-12-15"}
	const accepted = 3
	if m.reached < accepted && m.firm.tax < 9_000 {
		plan["due_on"] = "2020-09-15" // over and not done: proposed for class D
	}
	return plan
}

// proof is the evidence that the way of the plan is done.
func (f *filler) proof(m *matter) func(*loader) []ledger.Change {
	return func(l *loader) []ledger.Change {
		return []ledger.Change{ledger.FillSheet{Sheet: "one_policy", Of: campaign.OfCase, OfID: l.cases[m], Values: m.proof, BaseVersion: 1}}
	}
}

// factsOf are the facts for the eligibility of the case's operator, where it has one.
func (f *filler) factsOf(m *matter) func(*loader) []ledger.Change {
	values := f.facts(m)
	return func(l *loader) []ledger.Change {
		if l.enterprises[m] == 0 {
			return nil
		}
		return []ledger.Change{ledger.FillSheet{Sheet: "facts", Of: campaign.OfEnterprise, OfID: l.enterprises[m], Values: values}}
	}
}

// footprint is the land of a park's plot.
func (m *matter) footprint() string {
	return hundredths(geo.FromSquareMetres(m.plot.area).Hundredths())
}

func (f *filler) basis(m *matter) map[string]string {
	values := map[string]string{
		"industry": "weaving", "grounds": "catalogue,environment", "source": []string{"province", "city", "district"}[f.r.IntN(3)], "source_doc": fmt.Sprintf("浙淘汰办〔2020〕%d号", 1+f.r.IntN(9)),
		"legal_basis": "《促进产业结构调整暂行规定》第十九条", "service_doc": fmt.Sprintf("秀洲淘汰告字〔2020〕%d号", 1+f.r.IntN(90)), "served_on": string(m.on[min(1, len(m.on)-1)]), "served_how": "direct",
	}
	if !m.looms() {
		values["industry"], values["grounds"] = []string{"dyeing", "chemicals", "fibres", "paper", "other"}[f.r.IntN(5)], "energy,environment"
	}
	return values
}

// looms tells that water-jet looms go, not boilers.
func (m *matter) looms() bool {
	return slices.Contains([]string{"wangjiangjing", "youchegang", "xincheng"}, m.town.unit)
}

func (f *filler) equipment(m *matter) map[string]string {
	var n int
	values := map[string]string{"type": "喷水织机", "process": "water_jet", "removed_on": string(m.on[min(3, len(m.on)-1)]), "removed_how": "destroyed"}
	if _, err := fmt.Sscanf(m.note, "淘汰喷水织机 %d 台", &n); err != nil {
		_, _ = fmt.Sscanf(m.note, "淘汰燃煤锅炉、老旧设备 %d 台套", &n)
		values["type"], values["process"] = "燃煤锅炉、老旧设备", "coal_boiler"
	}
	values["count"], values["removed"] = strconv.Itoa(max(n, 1)), strconv.Itoa(max(n, 1))
	values["capacity"] = strconv.Itoa(max(n, 1) * 12)
	return values
}

func (f *filler) park(m *matter) map[string]string {
	return map[string]string{
		"build": []string{"new", "rebuilt", "extended"}[f.r.IntN(3)], "footprint": m.footprint(), "investor": []string{"state", "collective", "collective_share"}[f.r.IntN(3)],
		"operator": m.town.lead + "园区运营有限公司", "professional": "yes", "lead": "针织、家居", "lead_share": strconv.Itoa(62 + f.r.IntN(25)),
		"facilities": "canteen,parking,sewage,fire,logistics", "services": "errands,finance,talent,estate",
		"admission_doc": "秀小微园办〔2020〕3号", "rental_doc": "秀小微园办〔2020〕4号", "away": "no",
	}
}

func (f *filler) tenant(m *matter) map[string]string {
	values := map[string]string{"park": m.plot.label, "process": campaign.NoBan, "floor": strconv.Itoa(400 + 10*f.r.IntN(180)), "from": string(m.on[len(m.on)-1]), "origin": []string{"new", "outside", "upgraded"}[f.r.IntN(3)]}
	if m.follows != nil {
		values["origin"] = "rectified"
	}
	return values
}

func (f *filler) cure() map[string]string {
	cures := []string{"scattered", "scattered,illegal", "scattered,hazard", "scattered,illegal,hazard", "hazard"}[f.r.IntN(5)]
	return map[string]string{
		"cures": cures, "energy": hundredths(int64(500 + f.r.IntN(9_000))), "emission": hundredths(int64(20 + f.r.IntN(900))), "supply": strconv.Itoa(20 + f.r.IntN(300)),
		"hazards": strconv.Itoa(1 + f.r.IntN(6)), "illegal_floor": strconv.Itoa(f.r.IntN(5) * 60), "lifts": "order,safety",
	}
}

// facts are what speaks for and against a firm of the list: of what is listed each fits a rule.
// Whether plan and zoning speak against it is left to the overlays.
func (f *filler) facts(m *matter) map[string]string {
	values := map[string]string{"location": "natural_village", "land": hundredths(m.area), "legal_land": "yes", "policy": "yes"}
	switch {
	case m.firm.evaluation != "" && m.area < 5_00 && m.area > 0:
	case f.r.IntN(3) > 0:
		values["location"], values["legal_land"] = "village_cluster", "no"
		m.clustered = true
	default:
		if m.against = []against{againstPlanning, againstZoning, ""}[f.r.IntN(3)]; m.against == "" {
			values["policy"] = "no"
		}
	}
	return values
}

func (f *filler) yes(percent int) string {
	if f.r.IntN(100) < percent {
		return "yes"
	}
	return "no"
}

// hundredths writes hundredths as a decimal.
func hundredths(n int64) string { return fmt.Sprintf("%d.%02d", n/100, n%100) }
