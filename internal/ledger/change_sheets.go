package ledger

import (
	"context"

	"github.com/guatu/guatu/internal/fault"
)

// FillSheets fills many rows as one batch, from a file.
type FillSheets struct {
	// Digest names the file's content and how it is read; a repeat with the same operation must have the same.
	Digest string
	Fills  []FillSheet
}

func (FillSheets) kind() string   { return KindSheetFill }
func (c FillSheets) content() any { return c.Digest }

func (c FillSheets) names(l *Locks) {
	for _, f := range c.Fills {
		f.names(l)
	}
}

func (c FillSheets) decide(ctx context.Context, w *work) error {
	if len(c.Fills) == 0 {
		return fault.New(fault.KindInvalid, "nothing_to_import", "没有可以导入的行，请先处理问题", "there is no row to import; please see to what is asked first")
	}
	for _, f := range c.Fills {
		if err := f.decide(ctx, w); err != nil {
			return err
		}
	}
	return nil
}
