package campaign

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/guatu/guatu/internal/fault"
)

// DrawAlgorithm names how lots are drawn; docs/draw.zh-CN.md says it so that anybody can repeat a draw from its record.
const DrawAlgorithm = "guatu-draw-1"

// SheetDraw is the sheet of the campaign that the program keeps for each draw: what it was drawn from, by which seed, and what came out.
const SheetDraw = "revisit_draw"

// Draw (双随机抽取) is a draw of cases and, for each, of inspectors, with everything that it follows from.
type Draw struct {
	Number string // 2020-01
	Track  string
	Seed   string
	On     Date
	DueOn  Date
	Each   int      // inspectors of a case
	Pool   []Lot    // what is drawn from, each with the persons who may not look at it
	People []string // codes of the inspectors there are
	Absent []string // codes of those who are away and were left out
	Drawn  []Lot    // in the order drawn, each with its inspectors
}

// Lot is a case, by its code, with persons by theirs.
type Lot struct {
	Code    string
	Persons []string
}

// Run draws so many cases, and for each of them its inspectors. It depends on Seed, Pool, People, Absent and Each alone.
func (d Draw) Run(count int) (Draw, error) {
	slices.SortFunc(d.Pool, func(a, b Lot) int { return strings.Compare(a.Code, b.Code) })
	slices.Sort(d.People)
	d.Drawn = nil
	if count < 1 || count > len(d.Pool) {
		return d, fault.New(fault.KindConflict, "too_few_to_draw", fmt.Sprintf("可抽取的有 %d 件，抽取件数须在 1 与此之间", len(d.Pool)), fmt.Sprintf("there are %d to draw from; draw from 1 to as many", len(d.Pool)))
	}
	words := &drawWords{seed: d.Seed}
	for _, lot := range pick(words, d.Pool, count) {
		free := slices.DeleteFunc(slices.Clone(d.People), func(code string) bool {
			return slices.Contains(d.Absent, code) || slices.Contains(lot.Persons, code)
		})
		if d.Each < 1 || d.Each > len(free) {
			return d, fault.New(fault.KindConflict, "too_few_inspectors", fmt.Sprintf("%s 可派的检查人员只有 %d 名，不足 %d 名", lot.Code, len(free), d.Each), fmt.Sprintf("%s: %d inspectors may look at it, not %d", lot.Code, len(free), d.Each))
		}
		d.Drawn = append(d.Drawn, Lot{lot.Code, pick(words, free, d.Each)})
	}
	return d, nil
}

// Reproduced tells whether drawing again from what is on record gives what is on record.
func (d Draw) Reproduced() bool {
	again, err := d.Run(len(d.Drawn))
	return err == nil && slices.EqualFunc(again.Drawn, d.Drawn, func(a, b Lot) bool { return a.Code == b.Code && slices.Equal(a.Persons, b.Persons) })
}

// pick takes n of a list by the first n steps of Fisher and Yates.
func pick[V any](words *drawWords, list []V, n int) []V {
	list = slices.Clone(list)
	for i := range n {
		j := i + int(words.below(uint64(len(list)-i))) //nolint:gosec // less than the length of a list
		list[i], list[j] = list[j], list[i]
	}
	return list[:n]
}

// drawWords are the words of a draw: those of SHA-256 over algorithm, seed and a counter, big end first.
type drawWords struct {
	seed  string
	block uint64
	left  []byte
}

func (w *drawWords) next() uint64 {
	if len(w.left) == 0 {
		sum := sha256.Sum256([]byte(DrawAlgorithm + "\n" + w.seed + "\n" + strconv.FormatUint(w.block, 10)))
		w.block++
		w.left = sum[:]
	}
	word := binary.BigEndian.Uint64(w.left)
	w.left = w.left[8:]
	return word
}

// below is an even choice among n: words of the last, incomplete round are passed over.
func (w *drawWords) below(n uint64) uint64 {
	over := (math.MaxUint64%n + 1) % n // 2^64 mod n
	for {
		if word := w.next(); over == 0 || word < math.MaxUint64-over+1 {
			return word % n
		}
	}
}

// Values are what the record of the draw holds.
func (d Draw) Values() map[string]string {
	return map[string]string{
		"number": d.Number, "track": d.Track, "algorithm": DrawAlgorithm, "seed": d.Seed, "on": string(d.On), "due_on": string(d.DueOn), "each": strconv.Itoa(d.Each),
		"pool": written(d.Pool), "people": strings.Join(d.People, " "), "absent": strings.Join(d.Absent, " "), "drawn": written(d.Drawn),
	}
}

// DrawOf reads the record of a draw.
func DrawOf(values map[string]string) Draw {
	each, _ := strconv.Atoi(values["each"]) // the program wrote it
	return Draw{
		Number: values["number"], Track: values["track"], Seed: values["seed"], On: Date(values["on"]), DueOn: Date(values["due_on"]), Each: each,
		Pool: lots(values["pool"]), People: strings.Fields(values["people"]), Absent: strings.Fields(values["absent"]), Drawn: lots(values["drawn"]),
	}
}

// written is a line for each lot: its code, then the persons.
func written(list []Lot) string {
	lines := make([]string, len(list))
	for i, lot := range list {
		lines[i] = strings.Join(append([]string{lot.Code}, lot.Persons...), " ")
	}
	return strings.Join(lines, "\n")
}

func lots(text string) []Lot {
	var list []Lot
	for line := range strings.Lines(text) {
		if words := strings.Fields(line); len(words) > 0 {
			list = append(list, Lot{words[0], append([]string(nil), words[1:]...)})
		}
	}
	return list
}
