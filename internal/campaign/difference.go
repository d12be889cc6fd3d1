package campaign

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Difference is one datum in which two definitions of a campaign differ, in words.
type Difference struct {
	Where  []Text // from the outside in: 任务, 油车港 整治完成 年度, 任务数
	Before Text   // empty: it was not there
	After  Text   // empty: it is gone
}

// Differences are what one definition has otherwise than another, in the order
// of their keys. Units are named by the caller, who knows them.
func Differences(before, after Definition, unit func(code string) Text) ([]Difference, error) {
	old, err := looseOf(before)
	if err != nil {
		return nil, err
	}
	next, err := looseOf(after)
	if err != nil {
		return nil, err
	}
	d := differ{unit: unit, metrics: map[string]Metric{}}
	for _, m := range slices.Concat(before.Metrics, after.Metrics) {
		d.metrics[string(m.Code)] = m
	}
	d.objects(nil, old, next)
	return d.found, nil
}

// object is a definition or a part of it as JSON.
type object = map[string]any

func looseOf(d Definition) (object, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("campaign as JSON: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	var o object
	if err := decoder.Decode(&o); err != nil {
		return nil, fmt.Errorf("campaign as JSON: %w", err)
	}
	return o, nil
}

type differ struct {
	unit    func(code string) Text
	metrics map[string]Metric
	found   []Difference
}

// objects compares two objects key by key.
func (d *differ) objects(where []Text, before, after object) {
	keys := slices.Sorted(maps.Keys(before))
	for key := range after {
		if _, both := before[key]; !both {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		d.values(append(slices.Clip(where), wordOf(key)), after, key, before[key], after[key])
	}
}

// values compares what two objects hold under a key; in is the later of the objects.
func (d *differ) values(where []Text, in object, key string, before, after any) {
	if reflect.DeepEqual(before, after) {
		return
	}
	a, isObject := before.(object)
	b, areObjects := after.(object)
	_, isText := textOf(after)
	if isObject && areObjects && !isText {
		d.objects(where, a, b)
		return
	}
	if d.lists(where, key, before, after) {
		return
	}
	d.found = append(d.found, Difference{Where: where, Before: d.say(in, key, before), After: d.say(in, key, after)})
}

// lists compares lists whose members have a name of their own, each with its
// namesake; false where they are none.
func (d *differ) lists(where []Text, key string, before, after any) bool {
	a, ok := d.named(before)
	b, well := d.named(after)
	if !ok || !well || len(a)+len(b) == 0 {
		return false
	}
	for _, m := range b {
		place := append(slices.Clip(where), m.name)
		i := slices.IndexFunc(a, func(o member) bool { return o.id == m.id })
		if i < 0 {
			d.found = append(d.found, Difference{Where: place, After: d.say(m.object, key, m.object)})
			continue
		}
		d.objects(place, a[i].object, m.object)
	}
	for _, m := range a {
		if !slices.ContainsFunc(b, func(o member) bool { return o.id == m.id }) {
			d.found = append(d.found, Difference{Where: append(slices.Clip(where), m.name), Before: d.say(m.object, key, m.object)})
		}
	}
	return true
}

// member is one of a list, found again by its id.
type member struct {
	object object
	id     string
	name   Text
}

// named are the members of a list of objects; false where two cannot be told apart. Nothing is an empty list.
func (d *differ) named(v any) ([]member, bool) {
	list, isList := v.([]any)
	if v != nil && !isList {
		return nil, false
	}
	var found []member
	for _, each := range list {
		o, isObject := each.(object)
		if !isObject {
			return nil, false
		}
		m := member{object: o, id: idOf(o), name: d.nameOf(o)}
		if m.id == "" || slices.ContainsFunc(found, func(other member) bool { return other.id == m.id }) {
			return nil, false
		}
		found = append(found, m)
	}
	return found, true
}

// idOf is what tells a member of a list from the others: its code, or what it is of.
func idOf(o object) string {
	if code, ok := o["code"].(string); ok {
		return code
	}
	var parts []string
	for _, key := range []string{"unit", "metric", "period", "slot", "number", "on", "from"} {
		if v, ok := o[key]; ok {
			parts = append(parts, fmt.Sprint(v))
		}
	}
	return strings.Join(parts, " ")
}

// nameOf says which member of a list is meant.
func (d *differ) nameOf(o object) Text {
	if name, ok := textOf(o["name"]); ok {
		return name
	}
	var parts []Text
	if code, ok := o["metric"].(string); ok {
		unit, _ := o["unit"].(string)
		parts = append(parts, d.unitName(unit), d.metrics[code].Name)
	}
	if period, ok := o["period"].(string); ok {
		parts = append(parts, Period(period).Name())
	}
	for _, key := range []string{"on", "from", "number", "slot", "code"} {
		if v, ok := o[key]; ok {
			parts = append(parts, alike(fmt.Sprint(v)))
		}
	}
	return joined(parts, " ", " ")
}

func (d *differ) unitName(code string) Text {
	if code == "" {
		return Text{"全区", "the district"}
	}
	if name := d.unit(code); name != (Text{}) {
		return name
	}
	return alike(code)
}
