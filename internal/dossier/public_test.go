package dossier_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/guatu/guatu/internal/dossier"
)

func TestAWallNamesNoPersonInAFirmsName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ label, kind, shown string }{
		{"张三织造加工点", "workshop", "张*织造加工点"},
		{"宏*织造厂", "workshop", "宏*织造厂"},
		{"泰和整理厂", "enterprise", "泰和整理厂"},
		{"张", "workshop", "张"},
		{"", "workshop", ""},
	} {
		assert.Equal(t, c.shown, dossier.PublicName(c.label, c.kind), c.label)
	}
}
