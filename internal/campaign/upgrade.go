package campaign

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Upgraded is the campaign with what a later edition of the same campaign offers and
// it has not: side states, sheets, fields, rules, lists, found by their codes. What it
// has stays as the office made it, also words and switches; only structures are added.
// False where there is nothing to add, or another campaign runs.
func (d Definition) Upgraded(offered Definition) (Definition, bool, error) {
	if d.Code != offered.Code || d.Edition >= offered.Edition {
		return d, false, nil
	}
	mine, err := loosely(d)
	if err != nil {
		return d, false, err
	}
	theirs, err := loosely(offered)
	if err != nil {
		return d, false, err
	}
	complete(mine, theirs)
	text, err := json.Marshal(mine)
	if err != nil {
		return d, false, fmt.Errorf("write campaign: %w", err)
	}
	next, err := ParseDefinition(text)
	if err != nil {
		return d, false, err
	}
	next.Edition = offered.Edition
	return next, true, next.Check()
}

func loosely(d Definition) (object, error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("write campaign: %w", err)
	}
	o := object{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&o)
	return o, err
}

// complete adds to an object what structures it lacks: objects, and lists of objects.
func complete(mine, offered object) {
	for _, key := range slices.Sorted(maps.Keys(offered)) {
		has, theirs := mine[key], offered[key]
		switch {
		case has == nil && isStructure(theirs):
			mine[key] = theirs
		case has != nil:
			mine[key] = completed(has, theirs)
		}
	}
}

func completed(mine, offered any) any {
	switch theirs := offered.(type) {
	case object:
		if own, ok := mine.(object); ok {
			complete(own, theirs)
		}
	case []any:
		if own, ok := mine.([]any); ok {
			return completeList(own, theirs)
		}
	}
	return mine
}

// completeList completes elements of the same name, and adds those whose code or layer is new. Parts of a
// condition are known by their fact; none is added, for that would be another condition.
func completeList(mine, offered []any) []any {
	for _, each := range offered {
		theirs, ok := each.(object)
		if !ok {
			return mine
		}
		name, adds := identity(theirs)
		if name == "" {
			return mine
		}
		i := slices.IndexFunc(mine, func(own any) bool {
			o, is := own.(object)
			known, _ := identity(o)
			return is && known == name
		})
		switch {
		case i >= 0:
			complete(mine[i].(object), theirs) //nolint:forcetypeassert // IndexFunc found an object
		case adds:
			mine = append(mine, theirs)
		}
	}
	return mine
}

// identity is what names an element of a list, and whether an element of a new name may be added.
func identity(o object) (name string, adds bool) {
	for _, key := range []string{"code", "layer"} {
		if s, ok := o[key].(string); ok {
			return key + "/" + s, true
		}
	}
	s, ok := o["fact"].(string)
	if !ok {
		return "", false
	}
	return "fact/" + s, false
}

// isStructure tells whether a value is an object, or a list of objects: what an edition adds. Words and switches are none.
func isStructure(v any) bool {
	switch v := v.(type) {
	case object:
		_, words := textOf(v)
		return !words
	case []any:
		return len(v) > 0 && isStructure(v[0])
	}
	return false
}
