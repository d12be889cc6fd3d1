package ledger

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// encoded is what encoding/json makes of a value: the definition of canonical.
func encoded(t *testing.T, v any) string {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	require.NoError(t, e.Encode(v))
	return string(bytes.TrimRight(b.Bytes(), "\n"))
}

func FuzzTheTextOfABodyIsCanonicalJSON(f *testing.F) {
	f.Add("洪合镇", "", true)
	f.Add("a\"b\\c\n\u2028\x7f<>&", "理由", false)
	f.Add("\xff\xfe", "\x00", true)
	f.Fuzz(func(t *testing.T, value, note string, undoes bool) {
		b := Body{After: Fields{}, Before: Fields{}, Note: note}
		for key, v := range map[string]any{"label": value, "attributes": map[string]string{value: note}, "stage": len(value)} {
			text, err := canonical(v)
			require.NoError(t, err)
			require.Equal(t, encoded(t, v), string(text))
			b.After[key] = text
			if len(note)%2 == 0 {
				b.Before["milestone/"+key] = text
			}
		}
		if undoes {
			b.Told = &Told{At: time.Unix(int64(len(value)), 5_000_000).UTC(), WaitedMS: int64(len(note))}
			b.Undoes = &uuid.UUID{1, 2, 3}
		}
		text, err := b.Text()
		require.NoError(t, err)
		require.Equal(t, encoded(t, b), string(text))
	})
}

func TestAnEmptyBodyIsCanonicalJSON(t *testing.T) {
	t.Parallel()
	text, err := Body{}.Text()
	require.NoError(t, err)
	require.Equal(t, encoded(t, Body{}), string(text))
}
