package flat

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// AppendHead begins a file.
func AppendHead(b []byte, h Head) []byte {
	b = append(append(b, magic...), version, 0)
	if h.Delta {
		b[len(b)-1] = flagDelta
	}
	b = appendText(appendText(b, h.Layer), h.Class)
	b = binary.AppendUvarint(b, uint64(h.Revision)) //nolint:gosec // revisions count from 0
	if h.Delta {
		b = binary.AppendUvarint(b, uint64(h.Since)) //nolint:gosec // likewise
		b = binary.AppendUvarint(b, uint64(len(h.Removed)))
		b = appendIDs(b, h.Removed)
	}
	b = binary.AppendUvarint(b, uint64(len(h.Columns)))
	for _, c := range h.Columns {
		b = append(appendText(b, c.Name), byte(c.Kind))
	}
	for _, n := range []int{h.Counts.Features, h.Counts.Polygons, h.Counts.Rings, h.Counts.Points} {
		b = binary.AppendUvarint(b, uint64(n)) //nolint:gosec // counts
	}
	return b
}

// AppendEnd ends a file.
func AppendEnd(b []byte) []byte { return append(b, 0) }

// CountsOf adds up what features hold.
func CountsOf(features []Feature) (sum Counts) {
	for _, f := range features {
		sum = sum.Add(f.Shape.Counts())
	}
	return sum
}

// AppendBlock adds features, their ids rising; none adds nothing.
func AppendBlock(b []byte, columns []Column, features []Feature) []byte {
	if len(features) == 0 {
		return b
	}
	content := appendContent(nil, columns, features)
	b = binary.AppendUvarint(b, uint64(len(content)))
	return append(b, content...)
}

func appendContent(b []byte, columns []Column, features []Feature) []byte {
	b = binary.AppendUvarint(b, uint64(len(features)))
	ids := make([]int64, len(features))
	for i, f := range features {
		ids[i] = f.ID
	}
	b = appendIDs(b, ids)
	for i, c := range columns {
		b = appendColumn(b, c.Kind, features, i)
	}
	var at [2]int64
	for _, f := range features {
		to := at
		if f.Shape != nil && f.Shape.holding.Points > 0 {
			to = f.Shape.anchor
		}
		b = appendStep(b, at, to)
		at = to
	}
	for _, f := range features {
		if f.Shape == nil {
			b = append(b, 0)
		} else {
			b = append(b, f.Shape.counts...)
		}
	}
	return appendSteps(b, features)
}

// appendSteps adds the vertices behind the anchors.
func appendSteps(b []byte, features []Feature) []byte {
	var x, y []uint64
	for _, f := range features {
		if f.Shape == nil {
			continue
		}
		for r := (reader{b: f.Shape.deltas}); r.left() > 0; {
			x, y = append(x, r.uint()), append(y, r.uint())
		}
	}
	kx, ky := bestRice(x), bestRice(y)
	w := bitWriter{b: append(b, byte(kx), byte(ky))} //nolint:gosec // at most mostRice
	for i := range x {
		w.rice(x[i], kx)
		w.rice(y[i], ky)
	}
	return w.end()
}

func appendIDs(b []byte, ids []int64) []byte {
	for i, id := range ids {
		if i == 0 {
			b = binary.AppendVarint(b, id)
		} else {
			b = binary.AppendUvarint(b, uint64(id-ids[i-1])) //nolint:gosec // they rise
		}
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendColumn(b []byte, kind Kind, features []Feature, column int) []byte {
	switch kind {
	case Number:
		for _, f := range features {
			b = binary.AppendUvarint(b, f.Values[column].Number)
		}
	case Text:
		b = appendTexts(b, features, column)
	case Word:
		return appendWords(b, features, column)
	case Numbers:
		for _, f := range features {
			b = appendNumbers(b, f.Values[column].Numbers)
		}
	default:
		panic(fmt.Sprintf("flat: column kind %d", kind))
	}
	return b
}

func appendTexts(b []byte, features []Feature, column int) []byte {
	before := ""
	for _, f := range features {
		text := f.Values[column].Text
		shared := 0
		for shared < min(len(text), len(before), mostShared) && text[shared] == before[shared] {
			shared++
		}
		b = appendText(append(b, byte(shared)), text[shared:])
		before = text
	}
	return b
}

func appendWords(b []byte, features []Feature, column int) []byte {
	var words []string
	index := make([]int, len(features))
	for i, f := range features {
		text := f.Values[column].Text
		if index[i] = slices.Index(words, text); index[i] < 0 {
			index[i] = len(words)
			words = append(words, text)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(words)))
	for _, w := range words {
		b = appendText(b, w)
	}
	for _, i := range index {
		b = binary.AppendUvarint(b, uint64(i)) //nolint:gosec // an index
	}
	return b
}

func appendNumbers(b []byte, numbers []int64) []byte {
	b = binary.AppendUvarint(b, uint64(len(numbers)))
	before := int64(0)
	for _, n := range numbers {
		b = binary.AppendVarint(b, n-before)
		before = n
	}
	return b
}

// Encode writes a whole file; the head's counts are set to those of the features.
// It is the plain way: a server that keeps blocks writes head, blocks and end itself.
func Encode(h Head, features []Feature) []byte {
	h.Counts = CountsOf(features)
	b := AppendHead(nil, h)
	for part := range slices.Chunk(features, 256) {
		b = AppendBlock(b, h.Columns, part)
	}
	return AppendEnd(b)
}
