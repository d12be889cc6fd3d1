package campaign

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
)

func offered(t *testing.T) Definition {
	t.Helper()
	d, err := Rectify2020()
	require.NoError(t, err)
	return d
}

func sheetOf(t *testing.T, d Definition, code string) Sheet {
	t.Helper()
	s, ok := d.Sheet(code)
	require.True(t, ok, code)
	return s
}

func TestValuesAreOfTheirKind(t *testing.T) {
	t.Parallel()
	d := offered(t)
	cure := sheetOf(t, d, "cure")
	values, err := d.Fill(cure, nil, map[string]string{"energy": " 12.50 ", "cures": "hazard,scattered", "hazards": "3", "supply": "36.500001"})
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"energy": "12.5", "cures": "scattered,hazard", "hazards": "3", "supply": "36.500001"}, values)
	for field, typed := range map[string]string{"energy": "12.345", "hazards": "1.5", "cures": "beauty", "illegal_floor": "-3", "emission": "viel"} {
		_, err := d.Fill(cure, values, map[string]string{field: typed})
		assert.True(t, fault.Is(err, "bad_value"), "%s %q: %v", field, typed, err)
	}
	_, err = d.Fill(cure, values, map[string]string{"colour": "red"})
	assert.True(t, fault.Is(err, "unknown_field"), err)
	cleared, err := d.Fill(cure, values, map[string]string{"energy": ""})
	require.NoError(t, err)
	assert.NotContains(t, cleared, "energy")
	assert.Contains(t, values, "energy", "the values before stay as they were")
}

func TestDecimalsAddUpExactly(t *testing.T) {
	t.Parallel()
	f, _ := sheetOf(t, offered(t), "cure").Field("energy")
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var rows []Filled
		var sum int64
		for range r.IntN(50) {
			n := r.Int64N(1_000_000)
			sum += n
			rows = append(rows, Filled{Values: map[string]string{"energy": decimal(n, 2)}})
		}
		back, err := parseDecimal(f.Sum(rows), 2)
		require.NoError(t, err)
		assert.Equal(t, sum, back)
	}
}

// TestEachOfTheNineWaysHasItsOwnEvidence: 一企一策.
func TestEachOfTheNineWaysHasItsOwnEvidence(t *testing.T) {
	t.Parallel()
	d := offered(t)
	policy := sheetOf(t, d, "one_policy")
	way, _ := policy.Field("way")
	require.Len(t, way.Options, 9)
	asked := map[string]string{}
	for _, option := range way.Options {
		values, err := d.Fill(policy, nil, map[string]string{"way": option.Code})
		require.NoError(t, err)
		missing := d.Missing("upgrade", "accepted", []Filled{{Sheet: "one_policy", Values: values}})
		names := listed(missing).ZH
		assert.Contains(t, names, "是否腾地", option.Name.ZH)
		assert.GreaterOrEqual(t, len(missing), 3, option.Name.ZH)
		assert.Empty(t, asked[names], "%s asks for what %s asks for", option.Name.ZH, asked[names])
		assert.NotEmpty(t, option.Note.ZH, "whether land comes free")
		asked[names] = option.Name.ZH
	}
	err := LacksEvidence(d.Missing("upgrade", "accepted", nil))
	assert.True(t, fault.Is(err, "evidence_missing"), err)
}

func TestAWayThatFreesLandSaysSo(t *testing.T) {
	t.Parallel()
	d := offered(t)
	policy := sheetOf(t, d, "one_policy")
	for way, freed := range map[string]string{"park": "no", "invest": "yes"} {
		_, err := d.Fill(policy, nil, map[string]string{"way": way, "freed": freed})
		assert.True(t, fault.Is(err, "sheet_rule"), "%s: %v", way, err)
	}
	values, err := d.Fill(policy, nil, map[string]string{"way": "merge", "freed": "yes", "freed_mu": "3.2", "merge_agreement": "协2020-7"})
	require.NoError(t, err, "a merger may free land")
	values, err = d.Fill(policy, values, map[string]string{"freed": "no"})
	require.NoError(t, err)
	assert.NotContains(t, values, "freed_mu", "what does not apply any more goes")
	values, err = d.Fill(policy, values, map[string]string{"way": "close", "freed": "yes"})
	require.NoError(t, err)
	assert.NotContains(t, values, "merge_agreement", "the evidence of another way goes")
}

func TestWhoMayGiveWhichStar(t *testing.T) {
	t.Parallel()
	d := offered(t)
	stars := sheetOf(t, d, "park_star")
	for star, right := range map[string]string{"1": "district", "2": "district", "3": "city", "4": "province", "5": "province"} {
		for _, rater := range []string{"district", "city", "province"} {
			_, err := d.Fill(stars, nil, map[string]string{"star": star, "rater": rater, "on": "2020-08-31", "doc": "嘉经信〔2020〕1号"})
			assert.Equal(t, rater == right, err == nil, "%s stars by the %s: %v", star, rater, err)
			if rater != right {
				assert.True(t, fault.Is(err, "sheet_rule"), err)
			}
		}
	}
}

func TestNoBannedEquipmentComesIn(t *testing.T) {
	t.Parallel()
	d := offered(t)
	tenant := sheetOf(t, d, "tenant")
	_, err := d.Fill(tenant, nil, map[string]string{"park": "新塍镇针织小微企业园", "process": "old_looms"})
	require.True(t, fault.Is(err, "banned_capacity"), err)
	assert.ErrorContains(t, err, "shuttle looms")
	_, err = d.Fill(tenant, nil, map[string]string{"park": "新塍镇针织小微企业园", "process": "none"})
	require.NoError(t, err)
	_, err = d.Fill(sheetOf(t, d, "equipment"), nil, map[string]string{"type": "1511型织机", "process": "old_looms", "count": "12"})
	require.NoError(t, err, "what goes may be recorded")

	moveIn, _ := d.Track("move_in")
	outdated, _ := d.Track("outdated")
	assert.True(t, fault.Is(d.MayEnter("3041", moveIn), "banned_capacity"))
	assert.NoError(t, d.MayEnter("3041", outdated))
	assert.NoError(t, d.MayEnter("1751", moveIn))
}

func TestNoMoreIsDismantledThanThereIs(t *testing.T) {
	t.Parallel()
	d := offered(t)
	_, err := d.Fill(sheetOf(t, d, "equipment"), map[string]string{"type": "织机", "process": "old_looms", "count": "12"}, map[string]string{"removed": "13"})
	assert.True(t, fault.Is(err, "exceeds"), err)
}

func ledgerRow(direction, amount, on, ratio string) Filled {
	return Filled{Sheet: "replacement", Values: map[string]string{"industry": "fibres", "direction": direction, "amount": amount, "on": on, "ratio": ratio}}
}

func TestCapacityReplacedNeverFallsBelowZero(t *testing.T) {
	t.Parallel()
	s := sheetOf(t, offered(t), "replacement")
	retired := ledgerRow("retired", "100", "2020-05-01", "")
	require.NoError(t, s.MayStand([]Filled{retired, ledgerRow("new", "80", "2020-05-01", "125")}), "80 at 125 % are 100, on the same day")
	err := s.MayStand([]Filled{retired, ledgerRow("new", "80", "2020-05-02", "130")})
	require.True(t, fault.Is(err, "balance_negative"), err)
	f, _ := fault.As(err)
	assert.Equal(t, "“产能置换指标”不能为负：化纤 2020-05-02 需 104吨/年，可用 100吨/年，缺 4吨/年", f.ZH)
	err = s.MayStand([]Filled{retired, ledgerRow("new", "10", "2020-04-30", "100")})
	require.True(t, fault.Is(err, "balance_negative"), "taken before it was there: %v", err)
	other := ledgerRow("new", "1", "2020-06-01", "100")
	other.Values["industry"] = "paper"
	require.Error(t, s.MayStand([]Filled{retired, other}), "another industry's capacity is none")
	assert.Equal(t, map[string]string{"fibres": "0.5"}, s.Left([]Filled{retired, ledgerRow("new", "79.6", "2020-06-01", "125")}))
}

// TestALedgerThatStandsIsNowhereNegative: whatever rows are let in one after another, no day's sum is below zero.
func TestALedgerThatStandsIsNowhereNegative(t *testing.T) {
	t.Parallel()
	s := sheetOf(t, offered(t), "replacement")
	r := rand.New(rand.NewPCG(7, 7))
	for range 100 {
		var rows []Filled
		for range 30 {
			row := ledgerRow([]string{"retired", "new"}[r.IntN(2)], strconv.Itoa(r.IntN(50)), string(Date("2020-01-01").AddDays(r.IntN(60))), "100")
			if s.MayStand(append(rows, row)) == nil {
				rows = append(rows, row)
			}
		}
		for day := range 60 {
			on, sum := string(Date("2020-01-01").AddDays(day)), 0
			for _, row := range rows {
				n, _ := strconv.Atoi(row.Values["amount"])
				if row.Values["direction"] == "new" {
					n = -n
				}
				if row.Values["on"] <= on {
					sum += n
				}
			}
			assert.GreaterOrEqual(t, sum, 0)
		}
	}
}

func TestASheetThatIsNotSoundIsRefused(t *testing.T) {
	t.Parallel()
	name := Text{"表", "sheet"}
	for what, spoil := range map[string]func(*Definition){
		"repeated":      func(d *Definition) { d.Sheets = append(d.Sheets, d.Sheets[0]) },
		"unknown track": func(d *Definition) { d.Sheets[0].Tracks = []string{"moon"} },
		"unknown role":  func(d *Definition) { d.Sheets[0].By = []string{"king"} },
		"unknown type":  func(d *Definition) { d.Sheets[0].Fields = []Field{{Code: "a", Name: name, Type: "colour"}} },
		"does not come": func(d *Definition) {
			d.Sheets[0].Fields = []Field{{Code: "a", Name: name, Type: FieldText, When: &Condition{Fact: "b", Is: []string{"1"}}}}
		},
		"exactly one test": func(d *Definition) { d.Watches[0].Where = Condition{Fact: "late"} },
		"required number":  func(d *Definition) { d.Sheets[0].Balance = &Balance{} },
		"where it is":      func(d *Definition) { d.Bans[0].Basis = Text{} },
	} {
		d := offered(t)
		spoil(&d)
		assert.ErrorContains(t, d.Check(), what)
	}
}
