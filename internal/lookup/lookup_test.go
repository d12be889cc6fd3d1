package lookup_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/guatu/guatu/internal/lookup"
)

func TestWhatIsTypedIsRanked(t *testing.T) {
	t.Parallel()
	var names lookup.Names
	for typed, want := range map[string]lookup.Rank{
		"XZ-2020-0231": lookup.WholeCode, "xz-2020-0231": lookup.WholeCode, "ＸＺ－２０２０－０２３１": lookup.WholeCode,
		"0231": lookup.CodeTail, "231": lookup.InCode, "xz-20": lookup.BeginsCode, "2020": lookup.InCode, "": lookup.None, "XZ-2021": lookup.None,
	} {
		assert.Equal(t, want, names.Parse(typed).Code("XZ-2020-0231"), typed)
	}
	for typed, want := range map[string]lookup.Rank{
		"宏联织造厂": lookup.WholeName, "宏联": lookup.BeginsName, "织造": lookup.InName, "hlz": lookup.BeginsInitials, "HLZZC": lookup.BeginsInitials,
		"zzc": lookup.InInitials, "ｚｚｃ": lookup.InInitials, "zxc": lookup.None, "h z": lookup.None, "宏*": lookup.None, "": lookup.None,
	} {
		assert.Equal(t, want, names.Parse(typed).Name("宏联织造厂"), typed)
	}
	assert.Equal(t, lookup.None, names.Parse("hlz").Code(""), "an empty code fits nothing")
	assert.True(t, names.Parse("bl").Fits("", "宝联"))
	assert.False(t, names.Parse("bl").Fits("x", "联宝"))
	assert.Equal(t, lookup.WholeCode, names.Parse(" XZ-2020-0231 ").Code("XZ-2020-0231"))
	assert.True(t, names.Parse(" ").Empty())
	assert.Equal(t, "hlzzc2h", names.Initials("宏联织造厂2号"))
}
