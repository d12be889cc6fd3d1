// Package bulletin makes the 通报: the same figures as the map's at the end of a day, as a sheet, as a document and as the words of a
// message, and issues them.
//
// What an issue says follows from its revision and from what people wrote of it, so that it can be made again at any time, byte for byte.
package bulletin

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/chronicle"
	"github.com/guatu/guatu/internal/fault"
	"github.com/guatu/guatu/internal/figures"
	"github.com/guatu/guatu/internal/ledger"
	"github.com/guatu/guatu/internal/report"
)

// Figures is the room that counts.
type Figures interface {
	Figures(ctx context.Context, scope auth.Scope, q report.Query) (report.Figures, error)
	Moves(scope auth.Scope, q report.MoveQuery) (report.Moves, error)
}

// Library is the database as this room uses it.
type Library interface {
	// Bulletin is one with the answers that somebody sees; its ID is 0 where there is none.
	Bulletin(ctx context.Context, scope auth.Scope, id int64) (ledger.BulletinNow, error)
	// Bulletins are all of them, the newest first.
	Bulletins(ctx context.Context, scope auth.Scope) ([]ledger.Bulletin, error)
	// BulletinFile is a file as it was issued.
	BulletinFile(ctx context.Context, scope auth.Scope, sha256 string) ([]byte, error)
	// KeepBulletinFile keeps a file that is issued.
	KeepBulletinFile(ctx context.Context, content []byte) error
}

// Desk makes and issues bulletins.
type Desk struct {
	Figures Figures
	Library Library
	Now     func() time.Time // the running campaign's clock
}

// Content is everything that an issue says.
type Content struct {
	ledger.BulletinNow

	Sheet   report.Figures
	Span    campaign.Span  // 本期
	Earlier report.Figures // of the closed period of the same length before it
	Late    []Correction
}

// Definition is the campaign's data at the issue's revision.
func (c *Content) Definition() campaign.Definition { return c.Sheet.View.Definition }

// Compose makes the content of an issue. That its figures are still those of its revision is checked, not trusted.
func (d *Desk) Compose(ctx context.Context, n ledger.BulletinNow) (*Content, error) {
	b := &n.Bulletin
	c := &Content{BulletinNow: n, Span: figures.EndingOn(b.On, b.Monthly)}
	var err error
	if c.Sheet, err = d.figures(ctx, c.Span, b.Before); err != nil {
		return nil, err
	}
	if c.Sheet.View.Revision != b.Revision {
		return nil, fmt.Errorf("figures of %s are of revision %d, the bulletin's of %d", b.On, c.Sheet.View.Revision, b.Revision)
	}
	earlier := figures.EndingOn(c.Span.From.AddDays(-1), b.Monthly)
	if c.Earlier, err = d.figures(ctx, earlier, campaign.Bulletin{}); err != nil {
		return nil, err
	}
	if b.Before.Number > 0 {
		moves, err := d.Figures.Moves(auth.Everything(), report.MoveQuery{From: b.Before.On, To: b.On})
		if err != nil {
			return nil, err
		}
		c.Late = corrections(&moves)
	}
	return c, nil
}

func (d *Desk) figures(ctx context.Context, span campaign.Span, before campaign.Bulletin) (report.Figures, error) {
	return d.Figures.Figures(ctx, auth.Everything(), report.Query{By: report.ByUnit, AsOf: span.To, Since: span.From.AddDays(-1), Issue: before})
}

// File is one of an issue.
type File struct {
	Name, Type string
	Content    []byte
}

// Hash is its SHA-256 in hexadecimal.
func (f File) Hash() string {
	sum := sha256.Sum256(f.Content)
	return hex.EncodeToString(sum[:])
}

// Types of files.
const (
	sheetType    = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	documentType = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	textType     = "text/plain; charset=utf-8"
)

// TypeOf is the type of a file by its name.
func TypeOf(name string) string {
	for suffix, kind := range map[string]string{".xlsx": sheetType, ".docx": documentType} {
		if len(name) > len(suffix) && name[len(name)-len(suffix):] == suffix {
			return kind
		}
	}
	return textType
}

// Files are the files of an issue: document, sheet, words of the message.
func (c *Content) Files() ([]File, error) {
	document, err := c.Document()
	if err != nil {
		return nil, err
	}
	sheet, err := c.Table()
	if err != nil {
		return nil, err
	}
	names := c.Names()
	return []File{{names[0], documentType, document}, {names[1], sheetType, sheet}, {names[2], textType, []byte(c.Message() + "\n")}}, nil
}

// Names are those of the files.
func (c *Content) Names() []string {
	name := c.series() + string(c.Bulletin.On)
	return []string{name + ".docx", name + "（附表）.xlsx", name + "（发群）.txt"}
}

// series names the issue: 周通报第37期, 2020年8月通报.
func (c *Content) series() string {
	if c.Bulletin.Monthly {
		return fmt.Sprintf("%d年%d月通报", c.Definition().Year, c.Bulletin.Number)
	}
	return fmt.Sprintf("周通报第%d期", c.Bulletin.Number)
}

// Issuing makes the files of a signed bulletin, keeps them, and gives the change that enters them in the ledger (印发). What may not
// be issued the ledger refuses.
func (d *Desk) Issuing(ctx context.Context, actor auth.Actor, bulletin, version int64) (ledger.StepBulletin, error) {
	now := d.Now().In(campaign.Shanghai())
	step := ledger.StepBulletin{Bulletin: bulletin, BaseVersion: version, Step: "issue", On: campaign.DateOf(now)}
	if err := actor.May(ledger.KindBulletinIssue); err != nil {
		return step, nil //nolint:nilerr // the ledger says so, and records it
	}
	found, err := d.Library.Bulletin(ctx, auth.ScopeOf(actor), bulletin)
	if err != nil {
		return step, err
	}
	switch b := &found.Bulletin; b.Stage {
	case campaign.BulletinSigned:
		b.Acts[campaign.BulletinIssued] = ledger.Act{By: actor.ID, At: now} // its day is printed
		step.Files, err = d.keep(ctx, found)
	case campaign.BulletinIssued: // a repeat of what was done is the same operation
		step.Files, step.On = b.Files, campaign.DateOf(b.Acts[campaign.BulletinIssued].At.In(campaign.Shanghai()))
	}
	return step, err
}

func (d *Desk) keep(ctx context.Context, found ledger.BulletinNow) ([]ledger.BulletinFile, error) {
	c, err := d.Compose(ctx, found)
	if err != nil {
		return nil, err
	}
	files, err := c.Files()
	if err != nil {
		return nil, err
	}
	list := make([]ledger.BulletinFile, len(files))
	for i, f := range files {
		list[i] = ledger.BulletinFile{Name: f.Name, SHA256: f.Hash(), Size: int64(len(f.Content))}
		if err := d.Library.KeepBulletinFile(ctx, f.Content); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Read is a file of a bulletin: as it was issued, or as it would be by now.
func (d *Desk) Read(ctx context.Context, scope auth.Scope, bulletin int64, place int) (File, error) {
	found, err := d.Library.Bulletin(ctx, scope, bulletin)
	if err != nil {
		return File{}, err
	}
	if found.Bulletin.ID == 0 || place < 0 {
		return File{}, notFound()
	}
	if issued := found.Bulletin.Files; len(issued) > 0 {
		if place >= len(issued) {
			return File{}, notFound()
		}
		content, err := d.Library.BulletinFile(ctx, scope, issued[place].SHA256)
		return File{issued[place].Name, TypeOf(issued[place].Name), content}, err
	}
	whole, err := d.Library.Bulletin(ctx, auth.Everything(), bulletin) // a draft says what all units answered, to whoever may read it
	if err != nil {
		return File{}, err
	}
	c, err := d.Compose(ctx, whole)
	if err != nil {
		return File{}, err
	}
	files, err := c.Files()
	if err != nil || place >= len(files) {
		return File{}, notFound().Because(err)
	}
	return files[place], nil
}

func notFound() *fault.Error {
	return fault.New(fault.KindNotFound, "file_not_found", "没有这个文件", "there is no such file")
}

// unitOf finds a unit by its code; the zero Unit where there is none.
func unitOf(v *chronicle.View, code string) chronicle.Unit {
	for _, u := range v.Units {
		if u.Code == code {
			return u
		}
	}
	return chronicle.Unit{}
}
