package lint_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestThePolicyTableNamesTestsThatAreThere: every sentence of 二（一）, 二（二） and 三 has a test, and each test it names is one.
func TestThePolicyTableNamesTestsThatAreThere(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("../../docs/policy.zh-CN.md")
	require.NoError(t, err)
	there := map[string]bool{}
	name := regexp.MustCompile(`func (Test\w+)\(`)
	err = filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		there[filepath.Base(path)] = true
		text, err := os.ReadFile(path)
		for _, found := range name.FindAllStringSubmatch(string(text), -1) {
			there[found[1]] = true
		}
		return err
	})
	require.NoError(t, err)
	named := regexp.MustCompile(`Test\w+|\w+_test\.go|\S+\.test\.mjs`)
	rows := 0
	for line := range strings.Lines(string(table)) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if len(cells) != 3 || strings.Contains(line, "---") || strings.Contains(cells[0], "条文") {
			continue
		}
		rows++
		tests := named.FindAllString(cells[2], -1)
		assert.NotEmpty(t, tests, "%s has no test", cells[0])
		for _, test := range tests {
			if !strings.HasSuffix(test, ".mjs") {
				assert.True(t, there[test], "%s names %s, which is not there", cells[0], test)
			}
		}
	}
	assert.Greater(t, rows, 40, "the table has a row a sentence")
}
