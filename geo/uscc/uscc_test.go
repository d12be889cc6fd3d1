package uscc_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/geo/internal/truth"
	"github.com/guatu/guatu/geo/uscc"
)

var update = flag.Bool("update", false, "write the golden vectors anew")

func ExampleCheck() {
	fmt.Println(uscc.Check("9133 0411 1472 9831 5u"))
	for _, f := range uscc.Check("913304111472983150") {
		fmt.Println(f.ZH)
		fmt.Println(f.EN)
	}
	// Output:
	// []
	// 末位校验码不符，按GB 32100应为U，请核对
	// the check character should be U by GB 32100; please check
}

func has(findings []uscc.Finding, code string) bool {
	for _, f := range findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

func TestTruth(t *testing.T) {
	t.Parallel()
	for _, row := range truth.Rows(t, "uscc.csv") {
		found := uscc.Check(row["code"])
		switch row["expected"] {
		case "valid":
			require.Empty(t, found, row["code"])
		case "normalise":
			require.NotEqual(t, row["code"], uscc.Normalise(row["code"]))
			require.Empty(t, found, row["code"])
		case "invalid":
			require.NotEmpty(t, found, row["code"])
			if !has(found, uscc.FindingLength) && !has(found, uscc.FindingCharacter) && !has(found, uscc.FindingAuthority) {
				require.Equal(t, row["gb32100_checksum_ok"] == "yes", !has(found, uscc.FindingCheck), row["code"])
				require.Equal(t, row["gb11714_digit_ok"] == "yes", !has(found, uscc.FindingOrganisation), row["code"])
			}
		default:
			require.Fail(t, "a verdict the test does not know", row["expected"])
		}
	}
}

func TestFindings(t *testing.T) {
	t.Parallel()
	for code, want := range map[string][]string{
		"":         nil,
		"  \u3000": nil,
		"12345":    {uscc.FindingLength},
		"统一社会信用代码统一社会信用代码统一": {uscc.FindingCharacter},
		"91330411147298315I": {uscc.FindingCharacter},
		"91330411147298315é": {uscc.FindingCharacter},
		"B1330411147298315U": {uscc.FindingAuthority, uscc.FindingCheck},
		"9133A411147298315U": {uscc.FindingRegion, uscc.FindingCheck},
		"91330411147298325U": {uscc.FindingOrganisation, uscc.FindingCheck},
	} {
		var got []string
		for _, f := range uscc.Check(code) {
			got = append(got, f.Code)
			require.NotEmpty(t, f.ZH)
			require.NotEmpty(t, f.EN)
		}
		require.Equal(t, want, got, code)
	}
}

func TestNormalise(t *testing.T) {
	t.Parallel()
	require.Equal(t, "91330411147298315U", uscc.Normalise("\ufeff91330411\u00a0147298315\u3000\uff55\u200b\r\n"))
	require.Equal(t, "é", uscc.Normalise("é"))
}

// One wrong character, and two neighbours exchanged, must always show.
func TestEverySlipShows(t *testing.T) {
	t.Parallel()
	const code = "91330411147298315U"
	for i := range code {
		for _, c := range "0123456789ABCDEFGHJKLMNPQRTUWXY" {
			slip := code[:i] + string(c) + code[i+1:]
			require.Equal(t, slip == code, len(uscc.Check(slip)) == 0, slip)
		}
		if i > 0 && code[i] != code[i-1] {
			slip := code[:i-1] + string(code[i]) + string(code[i-1]) + code[i+1:]
			require.NotEmpty(t, uscc.Check(slip), slip)
		}
	}
}

func TestCheckCharacterRefuses(t *testing.T) {
	t.Parallel()
	for _, body := range []string{"", "1", strings.Repeat("1", 18), "9133041114729831I", "9133041114729831é"} {
		_, ok := uscc.CheckCharacter(body)
		require.False(t, ok, body)
	}
}

type vector struct {
	Code       string   `json:"code"`
	Normalised string   `json:"normalised"`
	Findings   []string `json:"findings"`
}

// Vectors for the front end: codes of nobody, made by the rule the truth table holds.
func TestGoldenUSCC(t *testing.T) {
	t.Parallel()
	var codes []string
	for _, body := range []string{"91330411MA2900011", "92330411MA2900022", "93330411MA2900033", "12330400000000000", "51330411500000011", "Y1330411MA2900044"} {
		for _, organisation := range "0123456789X" {
			body = body[:16] + string(organisation)
			c, ok := uscc.CheckCharacter(body)
			require.True(t, ok)
			code := body + string(c)
			if len(uscc.Check(code)) == 0 {
				codes = append(codes, code, strings.ToLower(code[:9])+" "+code[9:], code[:9]+"1"+code[10:])
			} else if organisation < '2' {
				codes = append(codes, code)
			}
		}
		codes = append(codes, body)
	}
	codes = append(codes, "", "I"+strings.Repeat("1", 17))
	vectors := make([]vector, 0, len(codes))
	for _, code := range codes {
		v := vector{Code: code, Normalised: uscc.Normalise(code), Findings: []string{}}
		for _, f := range uscc.Check(code) {
			v.Findings = append(v.Findings, f.Code)
		}
		vectors = append(vectors, v)
	}
	path := filepath.Join("..", "testdata", "uscc.json")
	text, err := json.MarshalIndent(vectors, "", " ")
	require.NoError(t, err)
	text = append(text, '\n')
	if *update {
		require.NoError(t, os.WriteFile(path, text, 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(text), "uscc.json differs from the code; if the code is right, run with -update")
}

func FuzzCheck(f *testing.F) {
	f.Add("91330411147298315U")
	f.Add("9 1 110000 600037341L")
	f.Fuzz(func(t *testing.T, code string) {
		once := uscc.Normalise(code)
		require.Equal(t, once, uscc.Normalise(once))
		require.Equal(t, uscc.Check(code), uscc.Check(once))
	})
}
