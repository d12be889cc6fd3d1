package interchange

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestJTSTableAgreesWithPostGIS sends every case of JTS through a table: areas
// that PostGIS calls valid are taken, all others rejected row by row with a word.
func TestJTSTableAgreesWithPostGIS(t *testing.T) {
	t.Parallel()
	cases := tableOf(t, "import-cases/jts_wkt_shared.csv")
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.Write([]string{"行", "WKT"}))
	valid := map[int]bool{}
	for i, c := range cases {
		require.NoError(t, w.Write([]string{"第" + c["case"] + "例", strings.Join(strings.Fields(c["wkt"]), " ")}))
		valid[i+1] = c["postgis_valid"] == "True" && strings.HasSuffix(c["type"], "POLYGON") && c["empty"] != "True"
	}
	w.Flush()
	require.NoError(t, w.Error())
	got, report := read(t, newReader(t), file(t, "jts.csv", b.Bytes()), Options{CRS: "3857"})
	require.Nil(t, report.Refusal)
	require.Equal(t, len(cases), report.Features)
	taken := map[int]bool{}
	for _, f := range got {
		taken[f.Row] = true
	}
	for _, r := range report.Rejected {
		require.NotEmpty(t, r.Reason.ZH)
		require.False(t, taken[r.Row])
		if valid[r.Row] { // a row that the file holds twice
			require.Contains(t, r.Reason.ZH, "完全相同", "%v", cases[r.Row-1])
		}
	}
	for row := range taken {
		if cases[row-1]["type"] != "" { // PostGIS cannot read EMPTY among rings; JTS can, and so does GDAL
			require.True(t, valid[row], "%v", cases[row-1])
		}
	}
}
