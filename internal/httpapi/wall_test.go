package httpapi_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/httpapi/gen"
)

// TestAScreenTellsWhatIsLateAndWhatHappened: with the blocker, the cadre and a masked name, which lists do not tell it; of one
// unit of that unit alone.
func TestAScreenTellsWhatIsLateAndWhatHappened(t *testing.T) {
	t.Parallel()
	h := showing(t)
	wall := func(secret string) gen.WallLists {
		var w gen.WallLists
		h.send(t, h.onScreen(t, secret), http.MethodGet, "/wall", nil).into(t, &w)
		return w
	}
	all := wall(h.makeToken(t, "zhou", fields{"kind": "wall", "name": "指挥室"}).Secret)
	assert.Equal(t, read[gen.Figures](t, h, "/figures").Total.Late.Cases, all.LateTotal)
	require.Len(t, all.Late, 23)
	first := all.Late[0]
	assert.Equal(t, []any{int32(41), "宏*织造厂", "补偿未谈拢"}, []any{first.Days, first.Label, first.Reason.Zh})
	assert.NotEmpty(t, *first.Responsible)
	for i, c := range all.Late[1:] {
		assert.LessOrEqual(t, c.Days, all.Late[i].Days, "the longest first")
	}
	require.Len(t, all.Changes, 6)
	for i, c := range all.Changes[1:] {
		assert.Less(t, c.Revision, all.Changes[i].Revision, "newest first")
	}

	narrow := wall(h.makeToken(t, "zhou", fields{"kind": "wall", "name": "镇政府", "unit": "youchegang"}).Secret)
	require.NotEmpty(t, narrow.Late)
	assert.Less(t, narrow.LateTotal, all.LateTotal)
	for _, c := range narrow.Late {
		assert.Equal(t, "youchegang", c.Unit)
	}
	for _, c := range narrow.Changes {
		assert.Equal(t, "youchegang", c.Unit)
	}
}

// TestAScreenTellsOfOrdersAndPhotos: 待签收督办 of its unit, and how much evidence came with what was done.
func TestAScreenTellsOfOrdersAndPhotos(t *testing.T) {
	t.Parallel()
	h := setup(t)
	screen := func(more fields) (look func() gen.WallLists) {
		wanted := fields{"kind": "wall", "name": "指挥室"}
		maps.Copy(wanted, more)
		cookie := h.onScreen(t, h.makeToken(t, "lu", wanted).Secret)
		return func() (w gen.WallLists) {
			h.send(t, cookie, http.MethodGet, "/wall", nil).into(t, &w)
			return w
		}
	}
	all, other := screen(nil), screen(fields{"unit": "wangdian"})
	assert.Zero(t, all().OrdersUnsigned)
	h.change(t, "lu", fields{"kind": "order.issue", "unit": "honghe", "reason": "尽快腾空", "until": "2020-10-15"})
	assert.Equal(t, []int32{1, 0}, []int32{all().OrdersUnsigned, other().OrdersUnsigned})

	id := h.listed(t, h.parcels(t, "甲")...)
	assert.Nil(t, all().Changes[0].Photos, "no photo, no word")
	file := yard(1)
	h.change(t, "mei", attach(id, file, "meter"))
	assert.Equal(t, &gen.PhotosArrived{Arrived: 0, Announced: 1}, all().Changes[0].Photos)
	h.sent(t, "mei", file)
	assert.Equal(t, &gen.PhotosArrived{Arrived: 1, Announced: 1}, all().Changes[0].Photos)
}

// TestAListOfAUnitThatIsNotThereIsRefused: an empty one would say that nothing is late there.
func TestAListOfAUnitThatIsNotThereIsRefused(t *testing.T) {
	t.Parallel()
	h := setup(t)
	for _, path := range []string{"/wall", "/findings", "/cases"} {
		a := h.get(t, path+"?unit=nowhere")
		assert.Equal(t, http.StatusBadRequest, a.status, "%s", a.body)
		assert.Contains(t, string(a.body), "没有“nowhere”这个责任主体", path)
		assert.Equal(t, http.StatusOK, h.get(t, path+"?unit=honghe").status, path)
	}
}

// TestTheWallHasAnAddressOfItsOwn: the page is the same file, which looks where it is.
func TestTheWallHasAnAddressOfItsOwn(t *testing.T) {
	t.Parallel()
	h := setup(t)
	page := h.ask(t, request{path: "/wall", as: nobody})
	desk := h.ask(t, request{path: "/", as: nobody})
	assert.Equal(t, desk.status, page.status)
	assert.Equal(t, desk.body, page.body)
}
