package ledger_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/ledger"
)

// operated lists a parcel with an operator and says the ids of both.
func (h *house) operated(t *testing.T, parcel int64, d ledger.EnterpriseDraft) (firm, caseID int64) {
	t.Helper()
	out := h.apply(t, shen, ledger.ListCase{Parcels: []int64{parcel}, Unit: "honghe", Operator: &d, On: "2020-03-01"})
	require.Len(t, out.Entries, 2)
	return out.Entries[0].NounID, out.Entries[1].NounID
}

func (h *house) put(t *testing.T, firm int64, sealed string) {
	t.Helper()
	h.apply(t, shen, ledger.PutContact{Enterprise: firm, Subject: uuid.New(), Key: make([]byte, 60), Sealed: []byte(sealed), Digest: sealed})
}

// reached says whose sealed contact stands at an enterprise.
func (h *house) reached(t *testing.T, firm int64) []string {
	t.Helper()
	return h.db.Texts(t, "postgres", fmt.Sprintf(`SELECT array_agg(convert_from(s.sealed, 'UTF8')) FROM guatu.contact c JOIN guatu.person_sealed s ON s.sha256 = c.sealed WHERE c.enterprise_id = %d`, firm))
}

func TestTwoEnterprisesThatAreOneBecomeOneAndTwoAgain(t *testing.T) {
	t.Parallel()
	h := setup(t)
	two := h.parcels(t, 3)
	stays, _ := h.operated(t, two[0], ledger.EnterpriseDraft{Name: "宏盛毛衫", Kind: "workshop"})
	goes, moved := h.operated(t, two[1], ledger.EnterpriseDraft{Name: "嘉兴宏盛毛衫有限公司", Kind: "enterprise", Code: "91330411147298315U", Industry: "1763"})
	h.apply(t, shen, ledger.FillSheet{Sheet: "facts", Of: "enterprise", OfID: goes, Values: values("location", "park", "land", "12")})
	h.put(t, stays, "ours")
	h.put(t, goes, "theirs")
	merge := ledger.MergeEnterprises{Into: stays, Duplicate: goes, BaseVersion: 1, DuplicateVersion: 1, Take: []string{"name", "code", "industry", ledger.TakeContact}, Reason: "同一家录入两次"}
	h.refused(t, "no_right", zhang, merge)
	without := merge
	without.Reason = ""
	h.rejected(t, "reason_missing", without)
	stale := merge
	stale.DuplicateVersion = 7
	h.rejected(t, "changed_by_another", stale)

	out := h.apply(t, shen, merge)
	operators := `SELECT array_agg(DISTINCT enterprise_id) FROM guatu.case_file`
	assert.Equal(t, []int64{stays}, h.db.Numbers(t, "postgres", operators), "its case names the one that stays")
	assert.Equal(t, []string{"嘉兴宏盛毛衫有限公司"}, h.db.Texts(t, "postgres", fmt.Sprintf(`SELECT array_agg(label) FROM guatu.enterprise WHERE id = %d AND code = '91330411147298315U' AND name = label AND industry = '1763' AND kind = 'workshop'`, stays)), "what was chosen")
	assert.Equal(t, "12", h.sheets(t, ledger.NounEnterprise, stays)["facts"].Values["land"])
	assert.Empty(t, h.sheets(t, ledger.NounEnterprise, goes))
	assert.Equal(t, []string{"theirs"}, h.reached(t, stays))
	assert.Equal(t, []string{"ours"}, h.reached(t, goes))
	assert.Equal(t, "嘉兴宏盛毛衫有限公司 已作为重复企业并入他处，请用并入后的企业", h.rejected(t, "enterprise_merged", ledger.ListCase{Parcels: two[:1], Enterprise: goes, Landless: true}).ZH)
	h.rejected(t, "enterprise_merged", ledger.FillSheet{Sheet: "facts", Of: "enterprise", OfID: goes, Values: values("land", "1")})
	require.NoError(t, h.verify(t))

	undone := h.apply(t, shen, ledger.UndoBatch{Batch: out.BatchID, Reason: "实为两家"})
	assert.Equal(t, []int64{goes}, h.db.Numbers(t, "postgres", fmt.Sprintf(`SELECT array_agg(enterprise_id) FROM guatu.case_file WHERE id = %d`, moved)))
	assert.Equal(t, []string{"ours"}, h.reached(t, stays))
	assert.Equal(t, "12", h.sheets(t, ledger.NounEnterprise, goes)["facts"].Values["land"])
	assert.Equal(t, []int64{goes}, h.db.Numbers(t, "postgres", `SELECT array_agg(id) FROM guatu.enterprise WHERE code = '91330411147298315U'`))
	require.NoError(t, h.verify(t))
	h.apply(t, shen, ledger.UndoBatch{Batch: undone.BatchID, Reason: "仍是一家"})
	assert.Equal(t, []int64{stays}, h.db.Numbers(t, "postgres", operators))
	require.NoError(t, h.verify(t))
	h.contradicting(t, two[2])
}

// contradicting are enterprises that stay two.
func (h *house) contradicting(t *testing.T, parcel int64) {
	t.Helper()
	h.apply(t, shen, ledger.AmendEnterprise{Enterprise: h.db.Numbers(t, "postgres", `SELECT array_agg(id) FROM guatu.enterprise WHERE code <> ''`)[0], BaseVersion: 4, EnterpriseDraft: ledger.EnterpriseDraft{Name: "宏盛", Kind: "workshop"}})
	a, first := h.operated(t, parcel, ledger.EnterpriseDraft{Name: "甲", Kind: "workshop", Code: "91330411147298315U"})
	b, second := h.operated(t, parcel, ledger.EnterpriseDraft{Name: "甲", Kind: "workshop", Code: "91350100M000100Y43"})
	merge := ledger.MergeEnterprises{Into: a, Duplicate: b, BaseVersion: 1, DuplicateVersion: 1, Reason: "重复"}
	h.rejected(t, "two_codes", merge)
	h.apply(t, shen, ledger.AmendEnterprise{Enterprise: b, BaseVersion: 1, EnterpriseDraft: ledger.EnterpriseDraft{Name: "甲", Kind: "workshop"}})
	merge.DuplicateVersion = 2
	h.apply(t, zhou, ledger.AmendCase{Case: first, BaseVersion: 1, Fields: map[string]string{"disposal": "upgrade"}}, ledger.AmendCase{Case: second, BaseVersion: 1, Fields: map[string]string{"disposal": "upgrade"}})
	h.accept(t, first)
	h.accept(t, second)
	refused := h.rejected(t, "both_accepted", merge)
	assert.Equal(t, "XZ-2020-0003 与 XZ-2020-0004 在同一图斑上均已验收，请先解锁其中一件并合并重复事项", refused.ZH)
}
