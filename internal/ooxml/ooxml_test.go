package ooxml_test

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/ooxml"
)

// sample has everything that a document can have, and characters that markup is made of.
func sample() *ooxml.Document {
	face := ooxml.Font{Name: "仿宋_GB2312", Otherwise: "仿宋"}
	run := func(s string) []ooxml.Run { return []ooxml.Run{{Text: s, Font: face, Size: 16}} }
	cell := func(s string, across int) ooxml.Cell {
		return ooxml.Cell{Paragraph: ooxml.Paragraph{Runs: run(s)}, Across: across}
	}
	return &ooxml.Document{
		Title: "通报 <一>", Author: "A & B", Top: ooxml.Millimetres(37), Bottom: ooxml.Millimetres(35), Inner: ooxml.Millimetres(28), Outer: ooxml.Millimetres(26), Pitch: 579,
		Number: ooxml.Run{Font: ooxml.Font{Name: "宋体"}, Size: 14},
		Blocks: []ooxml.Block{
			ooxml.Paragraph{Runs: []ooxml.Run{{Text: "甲<w:p>&\"乙\"", Font: face, Size: 22, Color: "E60012", Bold: true}}, Align: ooxml.Centre, Line: 28.95, First: 2, Rule: "E60012", Keep: true},
			ooxml.Table{Widths: []ooxml.Twips{1000, 2000}, Head: 1, Rows: [][]ooxml.Cell{{cell("合计", 2)}, {cell("一", 0), cell("二\x00", 1)}}},
			ooxml.Paragraph{Runs: run("左\t右\n下"), Tab: 8000, Over: "000000"},
		},
	}
}

// TestTheSameDocumentIsTheSameBytes, with this program and with the next one: a change of the template is a change of this hash.
func TestTheSameDocumentIsTheSameBytes(t *testing.T) {
	t.Parallel()
	first, err := sample().Bytes()
	require.NoError(t, err)
	again, err := sample().Bytes()
	require.NoError(t, err)
	assert.True(t, bytes.Equal(first, again))
	sum := sha256.Sum256(first)
	assert.Equal(t, "bd5394ad56e4e6bb55635f0887879f450292c6655092ac28780fb6ec839abc76", hex.EncodeToString(sum[:]))
	repacked, err := ooxml.Repack(first)
	require.NoError(t, err)
	assert.True(t, bytes.Equal(first, repacked), "what is in its form stays in it")
}

// TestEveryPartIsWellFormed, whatever stands in the text.
func TestEveryPartIsWellFormed(t *testing.T) {
	t.Parallel()
	file, err := sample().Bytes()
	require.NoError(t, err)
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	assert.Equal(t, "[Content_Types].xml", z.File[0].Name)
	var text strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		require.NoError(t, err)
		d := xml.NewDecoder(r)
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			require.NoError(t, err, f.Name)
			if words, is := token.(xml.CharData); is && f.Name == "word/document.xml" {
				text.Write(words)
			}
		}
	}
	assert.Equal(t, `甲<w:p>&"乙"合计一二左右下`, strings.TrimSpace(text.String()))
}

func TestWhatIsNoPackageIsRefused(t *testing.T) {
	t.Parallel()
	_, err := ooxml.Repack([]byte("no zip"))
	assert.Error(t, err)
}
