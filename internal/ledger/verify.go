package ledger

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"maps"
	"strconv"
	"strings"
	"time"

	"github.com/guatu/guatu/internal/campaign"
)

// JournalRow is a journal entry exactly as stored.
type JournalRow struct {
	Recorded
	PrevHash []byte
	Hash     []byte
	Body     string // the exact text
}

// NounState is a noun as the state tables hold it.
type NounState struct {
	ID      int64
	Version int64
	Fields  Fields
}

// NounHistory is one history row; its Fields are those the history keeps.
type NounHistory struct {
	ID      int64
	FromRev int64
	ToRev   int64 // 0: still valid
	Version int64
	Fields  Fields
	Short
}

// Evidence is the database as verify reads it, in one consistent view.
type Evidence interface {
	// Head is the last id and hash the database claims.
	Head(ctx context.Context) (id int64, hash []byte, err error)
	// Journal is every row by id.
	Journal(ctx context.Context) iter.Seq2[JournalRow, error]
	// EntriesOf are the entries of a noun, by noun id, then id.
	EntriesOf(ctx context.Context, noun string) iter.Seq2[Recorded, error]
	// StateOf is the state of a noun, by id.
	StateOf(ctx context.Context, noun string) iter.Seq2[NounState, error]
	// HistoryOf is the history of a noun, by id, then from_rev; empty for nouns without.
	HistoryOf(ctx context.Context, noun string) iter.Seq2[NounHistory, error]
	// BadShapes are the shapes whose geometry has another hash, or another area by PostGIS.
	BadShapes(ctx context.Context) ([]BadShape, error)
}

// Finding is something verify found wrong.
type Finding struct {
	Revision int64 // 0 when no single entry is at fault
	Text     campaign.Text
}

// VerifyReport sums a verification up.
type VerifyReport struct {
	Entries  int64
	Head     string // hash of the last entry, hexadecimal
	Nouns    int64
	Findings []Finding
}

// Genesis is the hash the first entry follows.
func Genesis() []byte {
	sum := sha256.Sum256([]byte("guatu journal"))
	return sum[:]
}

// preimage is what an entry's hash covers: one field a line, the body last.
func (r JournalRow) preimage() []byte {
	var b bytes.Buffer
	b.Write(r.PrevHash)
	micro := func(t time.Time) string { return strconv.FormatInt(t.UnixMicro(), 10) }
	b.WriteString(strings.Join([]string{
		strconv.FormatInt(r.ID, 10), micro(r.RecordedAt), micro(r.HappenedAt), r.Actor, r.Device, r.OpID.String(), r.BatchID.String(),
		r.Kind, strconv.Itoa(r.KindVersion), r.Noun, strconv.FormatInt(r.NounID, 10), strconv.FormatInt(r.BaseVersion, 10), strconv.FormatInt(r.Version, 10), r.Body,
	}, "\n"))
	return b.Bytes()
}

// Sealed is the hash the entry must have in its place behind PrevHash.
func (r JournalRow) Sealed() []byte {
	sum := sha256.Sum256(r.preimage())
	return sum[:]
}

// Verify recomputes the chain, rebuilds state and history from the journal and
// compares. Findings are no error; an error means the evidence could not be read.
func Verify(ctx context.Context, e Evidence) (VerifyReport, error) {
	v := &verifier{evidence: e}
	if err := v.chain(ctx); err != nil {
		return v.report, err
	}
	for _, noun := range []string{NounCampaign, NounUnit, NounPerson, NounEnterprise, NounContact, NounSheet, NounParcel, NounCase, NounLand, NounPhoto, NounReference, NounWaiver, NounBulletin, NounBulletinAnswer, NounOrder, NounNotice, NounMeeting, NounQuarantine} {
		if err := v.noun(ctx, noun); err != nil {
			return v.report, fmt.Errorf("verify %s: %w", noun, err)
		}
	}
	bad, err := e.BadShapes(ctx)
	for _, b := range bad {
		if b.Geometry {
			v.find(0, "图形 "+b.Hash+" 与其校验值不符", "the geometry of shape "+b.Hash+" does not match its hash")
			continue
		}
		v.find(0, "图形 "+b.Hash+" 记录的面积与其图形不符", "the areas of shape "+b.Hash+" are not those of its geometry")
	}
	return v.report, err
}

// BadShape is a shape that does not fit its record: in its geometry, else in its areas.
type BadShape struct {
	Hash     string
	Geometry bool
}

type verifier struct {
	evidence Evidence
	report   VerifyReport
}

const mostFindings = 100

func (v *verifier) find(rev int64, zh, en string) {
	if len(v.report.Findings) < mostFindings {
		v.report.Findings = append(v.report.Findings, Finding{rev, campaign.Text{ZH: zh, EN: en}})
	}
}

func (v *verifier) chain(ctx context.Context) error {
	prev, last := Genesis(), int64(0)
	for row, err := range v.evidence.Journal(ctx) {
		if err != nil {
			return err
		}
		v.report.Entries++
		v.link(row, prev, last)
		prev, last = row.Hash, row.ID
	}
	id, hash, err := v.evidence.Head(ctx)
	if err != nil {
		return err
	}
	v.report.Head = hex.EncodeToString(hash)
	if id != last || !bytes.Equal(hash, prev) {
		v.find(last, fmt.Sprintf("流水末尾被截断或替换：应止于第 %d 条，实际止于第 %d 条", id, last),
			fmt.Sprintf("the journal's tail was cut or replaced: it should end at entry %d, but ends at %d", id, last))
	}
	return nil
}

// link names what is wrong with one entry: edited, missing before it, or out of place.
func (v *verifier) link(row JournalRow, prev []byte, last int64) {
	if row.ID != last+1 {
		v.find(row.ID, fmt.Sprintf("第 %d 条与第 %d 条之间缺少记录", last, row.ID), fmt.Sprintf("entries are missing between %d and %d", last, row.ID))
	}
	if !bytes.Equal(row.Sealed(), row.Hash) {
		v.find(row.ID, fmt.Sprintf("第 %d 条（%s %d）内容被改动：与其校验值不符", row.ID, row.Noun, row.NounID),
			fmt.Sprintf("entry %d (%s %d) was edited: its content does not match its hash", row.ID, row.Noun, row.NounID))
	}
	if !bytes.Equal(row.PrevHash, prev) {
		v.find(row.ID, fmt.Sprintf("第 %d 条不接在前一条之后：前面的记录被替换", row.ID),
			fmt.Sprintf("entry %d does not follow the entry before it: an earlier entry was replaced", row.ID))
	}
}

// noun folds the entries of each noun and compares with state and history.
func (v *verifier) noun(ctx context.Context, noun string) error {
	states, stopStates := iter.Pull2(v.evidence.StateOf(ctx, noun))
	defer stopStates()
	histories, stopHistories := iter.Pull2(v.evidence.HistoryOf(ctx, noun))
	defer stopHistories()
	c := &comparison{verifier: v, noun: noun, states: puller[NounState]{next: states}, histories: puller[NounHistory]{next: histories}}
	var group []Recorded
	for e, err := range v.evidence.EntriesOf(ctx, noun) {
		if err != nil {
			return err
		}
		if len(group) > 0 && group[0].NounID != e.NounID {
			if err := c.compare(group); err != nil {
				return err
			}
			group = group[:0]
		}
		group = append(group, e)
	}
	if len(group) > 0 {
		if err := c.compare(group); err != nil {
			return err
		}
	}
	return c.rest()
}

// puller reads a sorted sequence with one value of look-ahead.
type puller[T any] struct {
	next func() (T, error, bool)
	held *T
}

func (p *puller[T]) peek() (*T, error) {
	if p.held == nil {
		value, err, more := p.next()
		if err != nil || !more {
			return nil, err
		}
		p.held = &value
	}
	return p.held, nil
}

func (p *puller[T]) take() { p.held = nil }

type comparison struct {
	*verifier
	noun      string
	states    puller[NounState]
	histories puller[NounHistory]
}

// compare folds the entries of one noun.
func (c *comparison) compare(entries []Recorded) error {
	c.report.Nouns++
	id := entries[0].NounID
	fields := Fields{}
	for i, e := range entries {
		fields = e.Body.Apply(fields)
		if c.hasHistory() && (i == len(entries)-1 || entries[i+1].OpID != e.OpID) {
			var next int64
			if i < len(entries)-1 {
				next = lastOfOperation(entries[i+1:])
			}
			if err := c.compareHistory(e, fields, next); err != nil {
				return err
			}
		}
	}
	return c.compareState(id, entries[len(entries)-1], fields)
}

func (c *comparison) hasHistory() bool {
	return c.noun == NounCase || c.noun == NounParcel || c.noun == NounLand || c.noun == NounPhoto
}

func lastOfOperation(entries []Recorded) int64 {
	last := entries[0]
	for _, e := range entries {
		if e.OpID != last.OpID {
			break
		}
		last = e
	}
	return last.ID
}

func (c *comparison) compareHistory(e Recorded, fields Fields, until int64) error {
	h, err := c.histories.peek()
	if err != nil {
		return err
	}
	if len(fields) == 0 {
		return nil // removed: its last row must simply have been closed
	}
	if h == nil || h.ID != e.NounID || h.FromRev != e.ID {
		c.differs(e.ID, e.NounID, "历史", "history")
		return nil
	}
	c.histories.take()
	if h.Version != e.Version || h.ToRev != until {
		c.differs(e.ID, e.NounID, "历史", "history")
		return nil
	}
	for key, value := range h.Fields {
		if !bytes.Equal(fields[key], value) {
			c.differs(e.ID, e.NounID, "历史（"+key+"）", "history ("+key+")")
		}
	}
	return c.compareShort(e, fields, h)
}

// compareShort compares what the history keeps in short.
func (c *comparison) compareShort(e Recorded, fields Fields, h *NounHistory) error {
	if h.Passed == nil {
		return nil
	}
	short, err := fields.Short()
	if err != nil {
		return err
	}
	if !maps.Equal(short.Passed, h.Passed) || !maps.Equal(short.Planned, h.Planned) {
		c.differs(e.ID, e.NounID, "历史（节点）", "history (milestones)")
	}
	if !maps.Equal(short.Sides, h.Sides) {
		c.differs(e.ID, e.NounID, "历史（状态）", "history (side states)")
	}
	return nil
}

func (c *comparison) compareState(id int64, last Recorded, fields Fields) error {
	s, err := c.states.peek()
	if err != nil {
		return err
	}
	for s != nil && s.ID < id {
		c.unknown(s.ID)
		c.states.take()
		if s, err = c.states.peek(); err != nil {
			return err
		}
	}
	if s == nil || s.ID != id {
		if len(fields) > 0 {
			c.find(last.ID, fmt.Sprintf("%s %d 在流水中存在，在现状表中缺失", c.noun, id), fmt.Sprintf("%s %d is in the journal but not in the state", c.noun, id))
		}
		return nil
	}
	c.states.take()
	if len(fields) == 0 {
		c.unknown(id)
		return nil
	}
	d := diff(fields, s.Fields)
	if !d.Empty() || s.Version != last.Version {
		c.differs(last.ID, id, "现状（"+strings.Join(d.Keys(), "、")+"）", "state ("+strings.Join(d.Keys(), ", ")+")")
	}
	return nil
}

func (c *comparison) rest() error {
	for {
		s, err := c.states.peek()
		if err != nil || s == nil {
			return err
		}
		c.unknown(s.ID)
		c.states.take()
	}
}

func (c *comparison) differs(rev, id int64, zh, en string) {
	c.find(rev, fmt.Sprintf("%s %d 的%s与流水不符", c.noun, id, zh), fmt.Sprintf("%s %d: the %s differs from the journal", c.noun, id, en))
}

func (c *comparison) unknown(id int64) {
	c.find(0, fmt.Sprintf("%s %d 在现状表中存在，流水中没有", c.noun, id), fmt.Sprintf("%s %d is in the state but not in the journal", c.noun, id))
}
