package dossier

import "strings"

// workshop is the kind of operator that is usually called after its owner.
const workshop = "workshop"

// PublicName is a firm's name as a wall shows it: a workshop is called after a person, so that the second
// character is hidden where the label does not hide one already (张*织造加工点).
func PublicName(label, kind string) string {
	name := []rune(label)
	if kind != workshop || len(name) < 2 || strings.ContainsRune(label, '*') {
		return label
	}
	name[1] = '*'
	return string(name)
}
