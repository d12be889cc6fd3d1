package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/guatu/guatu/internal/campaign"
)

// Finding is something verify found wrong.
type Finding struct {
	Entry int64 // of the access log; 0 when no single entry is at fault
	Text  campaign.Text
}

// Report sums a verification up.
type Report struct {
	Entries  int64 // of the access log
	Cut      int64 // entries removed past their time, as a signed entry says
	Head     Head
	Anchors  int // that were compared
	Findings []Finding
}

// Witnesses are what lies outside the database.
type Witnesses struct {
	Anchors []Anchor // of the file, or of a copy kept elsewhere
	Keys    []Public // none: signatures cannot be checked, and verify says so
	// Whole says that the file is the house's own: an anchor the log holds must be in it.
	Whole bool
}

// Verify recomputes the log's chain and compares both chains with what each
// says of the other and with the signed anchors. Findings are no error; an
// error means the evidence could not be read.
func Verify(ctx context.Context, e Evidence, w Witnesses) (Report, error) {
	v := &verifier{evidence: e, witnesses: w, hashes: map[int64][]byte{}}
	heads, err := e.Heads(ctx)
	if err != nil {
		return v.report, err
	}
	v.heads, v.report.Head = heads, heads.Access
	if err := v.entered(ctx); err != nil {
		return v.report, err
	}
	if err := v.chain(ctx); err != nil {
		return v.report, err
	}
	v.begins()
	v.compareEntered()
	if err := v.compareJournal(ctx); err != nil {
		return v.report, err
	}
	v.compareAnchors()
	return v.report, nil
}

type verifier struct {
	evidence  Evidence
	witnesses Witnesses
	heads     Heads
	wanted    map[int64]bool   // entries of the log whose hash somebody else tells
	hashes    map[int64][]byte // their hashes as they stand
	told      []Entered        // by the journal
	ties      []tie            // what the log tells of the journal
	anchors   []Anchor         // of the log
	cuts      []cut
	first     *Row
	report    Report
}

// tie is a head of the journal as an entry of the log tells it.
type tie struct {
	entry int64
	Head
}

const mostFindings = 100

func (v *verifier) find(entry int64, zh, en string) {
	if len(v.report.Findings) < mostFindings {
		v.report.Findings = append(v.report.Findings, Finding{entry, campaign.Text{ZH: zh, EN: en}})
	}
}

// entered reads what the journal tells of the log, and notes which hashes to keep.
func (v *verifier) entered(ctx context.Context) error {
	var err error
	v.told, err = v.evidence.Entered(ctx)
	v.wanted = map[int64]bool{}
	for _, t := range v.told {
		v.wanted[t.ID] = true
	}
	for _, a := range v.witnesses.Anchors {
		v.wanted[a.Access.ID] = true
	}
	return err
}

func (v *verifier) chain(ctx context.Context) error {
	var last *Row
	for row, err := range v.evidence.Log(ctx) {
		if err != nil {
			return err
		}
		v.report.Entries++
		if last == nil {
			v.first = &row
		} else {
			v.follows(row, *last)
		}
		if !bytes.Equal(row.sum(), row.Hash) {
			v.find(row.ID, fmt.Sprintf("访问日志第 %d 条（%s）内容被改动：与其校验值不符", row.ID, KindName(row.Kind).ZH),
				fmt.Sprintf("entry %d of the access log (%s) was edited: its content does not match its hash", row.ID, row.Kind))
		}
		if v.wanted[row.ID] {
			v.hashes[row.ID] = row.Hash
		}
		v.tells(row)
		last = &row
	}
	end := Head{Hash: Genesis()}
	if last != nil {
		end = Head{last.ID, last.Hash}
	}
	if end.ID != v.heads.Access.ID || !bytes.Equal(end.Hash, v.heads.Access.Hash) {
		v.find(end.ID, fmt.Sprintf("访问日志末尾被截断或替换：应止于第 %d 条，实际止于第 %d 条", v.heads.Access.ID, end.ID),
			fmt.Sprintf("the access log's tail was cut or replaced: it should end at entry %d, but ends at %d", v.heads.Access.ID, end.ID))
	}
	return nil
}

// follows names what is missing or out of place between two neighbours.
func (v *verifier) follows(row, before Row) {
	if row.ID != before.ID+1 {
		v.find(row.ID, fmt.Sprintf("访问日志第 %d 条与第 %d 条之间缺少记录", before.ID, row.ID), fmt.Sprintf("entries of the access log are missing between %d and %d", before.ID, row.ID))
	}
	if !bytes.Equal(row.PrevHash, before.Hash) {
		v.find(row.ID, fmt.Sprintf("访问日志第 %d 条不接在前一条之后：前面的记录被替换", row.ID),
			fmt.Sprintf("entry %d of the access log does not follow the entry before it: an earlier entry was replaced", row.ID))
	}
}

// tells keeps what an entry says of the chains.
func (v *verifier) tells(row Row) {
	unread := func(err error) {
		if err != nil {
			v.find(row.ID, fmt.Sprintf("访问日志第 %d 条内容无法读取", row.ID), fmt.Sprintf("entry %d of the access log cannot be read", row.ID))
		}
	}
	switch row.Kind { //nolint:exhaustive // the others tell nothing of the chains
	case Tied:
		t := tie{entry: row.ID}
		unread(json.Unmarshal([]byte(row.Text), &t.Head))
		v.ties = append(v.ties, t)
	case Anchored:
		var a Anchor
		unread(json.Unmarshal([]byte(row.Text), &a))
		v.anchors = append(v.anchors, a)
	case Cut:
		var c cut
		unread(json.Unmarshal([]byte(row.Text), &c))
		v.cuts = append(v.cuts, c)
	}
}

// begins checks that the log begins at its beginning, or where a signed cut says.
func (v *verifier) begins() {
	if v.first == nil {
		return
	}
	through := v.first.ID - 1
	if through == 0 {
		if !bytes.Equal(v.first.PrevHash, Genesis()) {
			v.find(v.first.ID, "访问日志的开头被替换", "the beginning of the access log was replaced")
		}
		return
	}
	signed := slices.ContainsFunc(v.cuts, func(c cut) bool {
		return c.Through == through && bytes.Equal(c.Hash, v.first.PrevHash) && (len(v.witnesses.Keys) == 0 || checks(v.witnesses.Keys, c.signed(), c.Signature))
	})
	if !signed {
		v.find(v.first.ID, fmt.Sprintf("访问日志前 %d 条被删除：没有签名的清理记录", through), fmt.Sprintf("the first %d entries of the access log were deleted: no signed cut says so", through))
		return
	}
	v.report.Cut = through
}

// compareEntered compares the log with the heads that the journal holds.
func (v *verifier) compareEntered() {
	for _, t := range v.told {
		if t.ID == 0 || v.gone(t.ID) || bytes.Equal(v.hashes[t.ID], t.Hash) {
			continue
		}
		v.find(t.ID, fmt.Sprintf("访问日志第 %d 条及之前被重新计算：与流水第 %d 条登记的校验值不符", t.ID, t.Revision),
			fmt.Sprintf("the access log up to entry %d was recomputed or cut: it is not what entry %d of the journal says", t.ID, t.Revision))
		return
	}
}

// gone says that an entry of the log is past its time and was removed.
func (v *verifier) gone(id int64) bool { return v.first == nil || id < v.first.ID }

// compareJournal compares the journal with the heads that the log and the anchors hold.
func (v *verifier) compareJournal(ctx context.Context) error {
	ids := map[int64]bool{}
	for _, t := range v.ties {
		ids[t.ID] = true
	}
	for _, a := range v.witnesses.Anchors {
		ids[a.Journal.ID] = true
	}
	there, err := v.evidence.JournalHashes(ctx, slices.Sorted(maps.Keys(ids)))
	if err != nil {
		return err
	}
	for _, t := range v.ties {
		if t.ID != 0 && !bytes.Equal(there[t.ID], t.Hash) {
			v.find(t.entry, fmt.Sprintf("流水第 %d 条及之前被重新计算或截断：与访问日志第 %d 条登记的校验值不符", t.ID, t.entry),
				fmt.Sprintf("the journal up to entry %d was recomputed or cut: it is not what entry %d of the access log says", t.ID, t.entry))
			break
		}
	}
	for _, a := range v.witnesses.Anchors {
		if a.Journal.ID != 0 && !bytes.Equal(there[a.Journal.ID], a.Journal.Hash) {
			v.find(0, fmt.Sprintf("流水第 %d 条及之前被重新计算或截断：与 %s 的签名不符", a.Journal.ID, a.Day),
				fmt.Sprintf("the journal up to entry %d was recomputed or cut: it is not what the anchor of %s says", a.Journal.ID, a.Day))
			break
		}
	}
	return nil
}

// compareAnchors compares the log with the anchors, and the anchors with their signatures and with each other.
func (v *verifier) compareAnchors() {
	known := map[string]bool{}
	for _, a := range v.witnesses.Anchors {
		known[a.Signature] = true
		if len(v.witnesses.Keys) > 0 && !a.Signed(v.witnesses.Keys) {
			v.find(0, fmt.Sprintf("%s 的签名无效：签名文件被改动或密钥不对", a.Day), fmt.Sprintf("the signature of %s is not valid: the file of anchors was edited, or the key is another", a.Day))
			continue
		}
		v.report.Anchors++
	}
	for _, a := range v.witnesses.Anchors {
		if a.Access.ID != 0 && !v.gone(a.Access.ID) && !bytes.Equal(v.hashes[a.Access.ID], a.Access.Hash) {
			v.find(a.Access.ID, fmt.Sprintf("访问日志第 %d 条及之前被重新计算或截断：与 %s 的签名不符", a.Access.ID, a.Day),
				fmt.Sprintf("the access log up to entry %d was recomputed or cut: it is not what the anchor of %s says", a.Access.ID, a.Day))
			break
		}
	}
	if !v.witnesses.Whole {
		return
	}
	for _, a := range v.anchors {
		if !known[a.Signature] {
			v.find(0, fmt.Sprintf("签名文件缺少 %s 的签名", a.Day), fmt.Sprintf("the file of anchors lacks the anchor of %s", a.Day))
		}
	}
}
