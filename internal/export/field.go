package export

import (
	"context"

	"github.com/paulmach/orb"

	"github.com/guatu/guatu/geo"
	"github.com/guatu/guatu/internal/campaign"
)

// field is a column and where its cell comes from.
type field[T any] struct {
	Column

	of func(T) Cell
}

func text[T any](key, zh, short, en string, of func(T) string) field[T] {
	return field[T]{Column{Key: key, Name: campaign.Text{ZH: zh, EN: en}, Short: short}, func(v T) Cell { return words(of(v)) }}
}

func dated[T any](key, zh, short, en string, of func(T) campaign.Date) field[T] {
	return field[T]{Column{Key: key, Name: campaign.Text{ZH: zh, EN: en}, Short: short, Kind: Day}, func(v T) Cell { return day(of(v)) }}
}

func counted[T any](key, zh, short, en string, of func(T) int64) field[T] {
	return field[T]{Column{Key: key, Name: campaign.Text{ZH: zh, EN: en}, Short: short, Kind: Number}, func(v T) Cell { return number(of(v)) }}
}

// squareMetres is an area in m² with all its places, summed up.
func squareMetres[T any](key, zh, short, en string, of func(T) geo.Area) field[T] {
	c := Column{Key: key, Name: campaign.Text{ZH: zh + "（㎡）", EN: en + " (m²)"}, Short: short, Kind: Number, Places: 4, Sum: true}
	return field[T]{c, func(v T) Cell { return number(int64(of(v))) }}
}

// mu is an area as it is printed: mu with two places. Its total is that of the areas, converted once.
func mu[T any](key, zh, short, en string, of func(T) geo.Area) field[T] {
	c := Column{Key: key, Name: campaign.Text{ZH: zh + "（亩）", EN: en + " (mu)"}, Short: short, Kind: Number, Places: 2}
	return field[T]{c, func(v T) Cell { return number(of(v).Hundredths()) }}
}

func columnsOf[T any](fields []field[T]) []Column {
	columns := make([]Column, len(fields))
	for i, f := range fields {
		columns[i] = f.Column
	}
	return columns
}

func cellsOf[T any](fields []field[T], v T) []Cell {
	cells := make([]Cell, len(fields))
	for i, f := range fields {
		cells[i] = f.of(v)
	}
	return cells
}

// batch is how many rows are read from the database at once: what a stream holds in memory.
const batch = 500

// inBatches walks items with the shapes of each batch, where they are wanted.
func inBatches[T any](ctx context.Context, items []T, from Shapes, shapeOf func(T) string, shapes bool, do func(T, orb.MultiPolygon) error) error {
	for start := 0; start < len(items); start += batch {
		part := items[start:min(start+batch, len(items))]
		found := make([]orb.MultiPolygon, len(part))
		if shapes {
			names := make([]string, len(part))
			for i, v := range part {
				names[i] = shapeOf(v)
			}
			if err := from.EachShape(ctx, names, func(i int, mp orb.MultiPolygon) { found[i] = mp }); err != nil {
				return err
			}
		}
		for i, v := range part {
			if err := do(v, found[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
