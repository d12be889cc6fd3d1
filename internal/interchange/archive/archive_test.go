package archive

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/fault"
)

func testLimits() Limits { return Limits{Entries: 10, Ratio: 200, Inflated: 4 << 20} }

// pack writes a zip file of the headers, each with the same content.
func pack(t *testing.T, content []byte, headers ...zip.FileHeader) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, h := range headers {
		f, err := w.CreateHeader(&h)
		require.NoError(t, err)
		_, err = f.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	name := filepath.Join(t.TempDir(), "a.zip")
	require.NoError(t, os.WriteFile(name, b.Bytes(), 0o600))
	return name
}

func named(names ...string) []zip.FileHeader {
	var hs []zip.FileHeader
	for _, n := range names {
		hs = append(hs, zip.FileHeader{Name: n, Method: zip.Deflate})
	}
	return hs
}

func TestOpenDropsJunkAndReadsNames(t *testing.T) {
	t.Parallel()
	a, err := Open(pack(t, []byte("x"), named("图层/地块.SHP", `win\a.dbf`, "__MACOSX/._a.shp", ".DS_Store", "d/._b.shp", "\xb5\xd8\xbf\xe9.prj")...), testLimits())
	require.NoError(t, err)
	defer a.Close()
	var names []string
	for _, e := range a.Entries {
		names = append(names, e.Stem+"|"+e.Ext)
	}
	require.Equal(t, []string{"地块|.shp", "a|.dbf", "地块|.prj"}, names)
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	link := zip.FileHeader{Name: "a.shp"}
	link.SetMode(os.ModeSymlink | 0o777)
	many := make([]string, 11)
	for i := range many {
		many[i] = string(rune('a' + i))
	}
	for name, c := range map[string]struct {
		content []byte
		headers []zip.FileHeader
		code    string
	}{
		"climbing":   {nil, named("../../etc/cron.d/x"), "zip_path"},
		"backslash":  {nil, named(`..\..\x.shp`), "zip_path"},
		"absolute":   {nil, named("/etc/x"), "zip_path"},
		"drive":      {nil, named("C:/x"), "zip_path"},
		"link":       {[]byte("/etc/passwd"), []zip.FileHeader{link}, "zip_link"},
		"many":       {nil, named(many...), "zip_entries"},
		"ratio":      {make([]byte, 3<<20), named("zeros.shp"), "zip_ratio"},
		"same twice": {nil, named("a.shp", "a.shp"), "zip_duplicate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := Open(pack(t, c.content, c.headers...), testLimits())
			require.True(t, fault.Is(err, c.code), "%v", err)
		})
	}
}

func TestOpenRefusesPasswordsAndMethods(t *testing.T) {
	t.Parallel()
	for code, at := range map[string]struct{ offset, value byte }{"zip_password": {8, 1}, "zip_method": {10, 9}} {
		name := pack(t, []byte("x"), named("a.shp")...)
		b, err := os.ReadFile(name)
		require.NoError(t, err)
		directory := bytes.Index(b, []byte("PK\x01\x02"))
		b[directory+int(at.offset)] = at.value
		require.NoError(t, os.WriteFile(name, b, 0o600))
		_, err = Open(name, testLimits())
		require.True(t, fault.Is(err, code), "%v", err)
	}
}

func TestExtractStopsAtTheLimitWhateverTheHeaderSays(t *testing.T) {
	t.Parallel()
	content := bytes.Repeat([]byte("0123456789abcdef"), 1<<16)
	for i := range content {
		content[i] += byte(i * 7 % 251)
	}
	a, err := Open(pack(t, content, named("a.shp", "b.shp")...), Limits{Entries: 10, Ratio: 1 << 40, Inflated: 4 << 20})
	require.NoError(t, err)
	defer a.Close()
	a.limits.Inflated = 1 << 20
	_, err = a.Extract(a.Entries[0], filepath.Join(t.TempDir(), "out"))
	require.NoError(t, err)
	_, err = a.Extract(a.Entries[1], filepath.Join(t.TempDir(), "out"))
	require.True(t, fault.Is(err, "zip_too_large"), "%v", err)
}

func TestOpenRefusesDamage(t *testing.T) {
	t.Parallel()
	name := pack(t, []byte("hello"), named("a.shp")...)
	b, err := os.ReadFile(name)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(name, b[:len(b)-20], 0o600))
	_, err = Open(name, testLimits())
	require.True(t, fault.Is(err, "zip_damaged"), "%v", err)
}

func FuzzOpen(f *testing.F) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	e, _ := w.Create("a.shp")
	_, _ = e.Write([]byte("hello"))
	_ = w.Close()
	f.Add(b.Bytes())
	f.Add([]byte("PK\x05\x06"))
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		name := filepath.Join(dir, "a.zip")
		require.NoError(t, os.WriteFile(name, data, 0o600))
		a, err := Open(name, testLimits())
		if err != nil {
			return
		}
		for _, e := range a.Entries {
			target := filepath.Join(dir, "out")
			n, err := a.Extract(e, target)
			require.LessOrEqual(t, n, testLimits().Inflated+1)
			_ = err
			_ = os.Remove(target)
		}
		require.NoError(t, a.Close())
	})
}
