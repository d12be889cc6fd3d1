package httpapi_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/export"
	"github.com/guatu/guatu/internal/httpapi/gen"
)

// ledgerBook is a workbook with these rows: name, kind, day of filing, area.
func ledgerBook(t *testing.T, rows ...[]string) string {
	t.Helper()
	heads := []string{"企业名称", "类型", "已建档", "占地面积（亩）"}
	s, err := export.NewTextSheet("台账", heads, make([]float64, len(heads)))
	require.NoError(t, err)
	for _, row := range rows {
		require.NoError(t, s.Add(row))
	}
	var b bytes.Buffer
	require.NoError(t, s.Write(&b))
	require.NoError(t, s.Close())
	return b.String()
}

func (h *house) sendBooks(t *testing.T, path, as string, files map[string]string, said ...string) answer {
	t.Helper()
	body, kind := upload(t, files, said...)
	return h.ask(t, request{method: http.MethodPost, path: "/api/v1/imports/ledger" + path, as: as, header: map[string]string{"Content-Type": kind}, body: body})
}

func ledgerReport(t *testing.T, a answer) (r gen.LedgerReport) {
	t.Helper()
	require.Equal(t, http.StatusOK, a.status, "%s", a.body)
	require.NoError(t, json.Unmarshal(a.body, &r))
	return r
}

func (h *house) revision(t *testing.T) int64 {
	t.Helper()
	return read[gen.Health](t, h, "/health").Revision
}

func TestLedgersOfSeveralTownsComeInAsOneBatchAndGoOutAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	files := map[string]string{
		"洪合镇.xlsx": ledgerBook(t, []string{"甲厂", "企业", "2020.5.1", "5.79"}, []string{"乙厂", "企业", "去年", "3"}, []string{"丙厂", "企业", "", "3860"}),
		"王店.xlsx":  ledgerBook(t, []string{"丁厂", "作坊", "2020年5月2日", "2"}),
	}
	before := h.revision(t)
	preview := ledgerReport(t, h.sendBooks(t, "", "lu", files, "dry_run", "true"))
	assert.Equal(t, gen.LedgerCounts{New: 2, Refused: 1, Asked: 1}, preview.Counts)
	assert.Equal(t, before, h.revision(t))
	require.Len(t, preview.Sheets, 2)
	var ask gen.LedgerAsk
	for _, row := range preview.Rows {
		if len(row.Asks) > 0 {
			ask = row.Asks[0]
		}
	}
	assert.Equal(t, "第 4 行面积 3,860 疑为平方米（约 5.79 亩），请确认", ask.Text.Zh)

	returned := h.sendBooks(t, "/returns?unit=honghe", "lu", files)
	assert.Equal(t, http.StatusOK, returned.status)
	assert.Equal(t, "attachment; filename*=UTF-8''%E9%80%80%E5%9B%9E%E6%B8%85%E5%8D%95_%E6%B4%AA%E5%90%88%E9%95%87.xlsx", returned.header.Get("Content-Disposition"))
	assert.True(t, bytes.HasPrefix(returned.body, []byte("PK")))

	id := uuid.NewString()
	answers := text(t, fields{"areas": fields{ask.Cell: ask.Meant}})
	applied := ledgerReport(t, h.sendBooks(t, "", "lu", files, "answers", answers, "op_id", id))
	assert.Equal(t, gen.LedgerCounts{New: 3, Refused: 1}, applied.Counts)
	require.NotNil(t, applied.Revision)
	repeated := h.sendBooks(t, "", "lu", files, "answers", answers, "op_id", id)
	assert.Equal(t, http.StatusOK, repeated.status, "%s", repeated.body)
	assert.Equal(t, *applied.Revision, h.revision(t), "a repeat changes nothing")
	assert.Equal(t, *applied.Revision, *ledgerReport(t, repeated).Revision)
	h.change(t, "lu", fields{"kind": "batch.undo", "batch_id": applied.BatchId, "reason": "再核对"})
}

func TestTheTemplateIsAWorkbookOfAUnit(t *testing.T) {
	t.Parallel()
	h := setup(t)
	book := h.get(t, "/imports/ledger/template?unit=honghe&track=rectify")
	assert.Equal(t, http.StatusOK, book.status)
	assert.Contains(t, book.header.Get("Content-Disposition"), "%E6%B4%AA%E5%90%88%E9%95%87.xlsx")
	preview := ledgerReport(t, h.sendBooks(t, "", "lu", map[string]string{"模板.xlsx": string(book.body)}, "dry_run", "true"))
	require.Len(t, preview.Sheets, 1)
	assert.Empty(t, preview.Sheets[0].Asks)
	assert.Equal(t, "honghe", *preview.Sheets[0].Unit)
	assert.Equal(t, http.StatusBadRequest, h.get(t, "/imports/ledger/template?track=nothing").status)
}

func TestWhatIsSentWithLedgersIsNamedWhereItIsWrong(t *testing.T) {
	t.Parallel()
	h := setup(t)
	file := map[string]string{"洪合镇.xlsx": ledgerBook(t, []string{"甲厂", "企业", "", ""})}
	for field, value := range map[string]string{"answers": "{", "dry_run": "perhaps", "op_id": "1", "nothing": "x"} {
		a := h.sendBooks(t, "", "lu", file, field, value)
		assert.Equal(t, http.StatusBadRequest, a.status, field)
	}
	assert.Equal(t, "file_missing", h.sendBooks(t, "", "lu", nil, "dry_run", "true").problem(t).Code)
	assert.Equal(t, "not_workbook", h.sendBooks(t, "", "lu", map[string]string{"台账.csv": "a,b"}).problem(t).Code)
	assert.Equal(t, http.StatusForbidden, h.sendBooks(t, "", "zhou", file).status)
}
