package export

import "golang.org/x/text/encoding"

// StageColours lets tests hold the colours against the page's.
var StageColours = stageColours

// FieldNames are the names that wanted ones become in a .dbf.
func FieldNames(wanted []string, text encoding.Encoding) []string {
	columns := make([]Column, len(wanted))
	for i, w := range wanted {
		columns[i].Short = w
	}
	var names []string
	for _, f := range newDBFFields(columns, text) {
		names = append(names, f.name)
	}
	return names
}
