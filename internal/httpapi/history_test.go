package httpapi_test

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/guatu/guatu/internal/campaign"
)

type historyOf struct {
	ID   int64
	Days []struct {
		On    string
		Patch map[string]any
	}
}

type historyAnswer struct {
	From, To       string
	Cases, Parcels []historyOf
}

// at folds the patches up to the end of a day.
func at(of []historyOf, day string) []map[string]any {
	found := []map[string]any{}
	for _, one := range of {
		var is map[string]any
		for _, d := range one.Days {
			if d.On > day {
				break
			}
			if is = maps.Clone(is); d.Patch == nil {
				is = nil
				continue
			} else if is == nil {
				is = map[string]any{}
			}
			for name, value := range d.Patch {
				if is[name] = value; value == nil {
					delete(is, name)
				}
			}
		}
		if is != nil {
			found = append(found, is)
		}
	}
	return found
}

// TestHistorySaysWhatEachDaySaid plays three days in which cases come, go on, change their deadline and go,
// and compares every day of the history with the lists and the layer of that day.
func TestHistorySaysWhatEachDaySaid(t *testing.T) {
	t.Parallel()
	h := setupOver(t, "2020-09-26", "2020-09-27", "2020-09-29", "2020-09-30")
	ids := h.parcels(t, "宏联织造厂", "顺达纸箱厂", "益丰木器厂")
	first := h.listed(t, ids[0])
	h.change(t, "shen", milestone(first, "filed", "2020-03-25"))
	h.nextDay(t)
	second := h.change(t, "shen", fields{"kind": "case.list", "parcel_ids": ids[1:2], "date": "2020-03-01"})
	h.change(t, "shen", milestone(second.Entries[0].NounID, "filed", "2020-09-01"))
	h.change(t, "lu", fields{"kind": "case.ask", "case_id": first, "side": "disputed", "reason": "权属不清"})
	h.nextDay(t)
	h.change(t, "lu", fields{"kind": "case.leave", "case_id": first, "side": "disputed", "reason": "已调解"})
	h.change(t, "lu", fields{"kind": "case.amend", "case_id": first, "base_version": 2, "fields": fields{"plan:signed": "2020-10-30"}})
	h.nextDay(t)
	h.listed(t, ids[2])

	a := h.get(t, "/history")
	require.Equal(t, http.StatusOK, a.status, string(a.body))
	var past historyAnswer
	a.into(t, &past)
	assert.Equal(t, "2020-09-29", past.To, "today is no part of it")
	for day := campaign.Date(past.From); day <= "2020-09-29"; day = day.AddDays(1) {
		var page struct{ Items []map[string]any }
		h.get(t, "/cases?sort=code&as_of="+string(day)).into(t, &page)
		for _, item := range page.Items {
			delete(item, "late")
		}
		assert.Equal(t, page.Items, at(past.Cases, string(day)), day)
		var layer struct {
			Features []struct{ Properties, Geometry map[string]any }
		}
		h.get(t, "/layers/parcels?as_of="+string(day)).into(t, &layer)
		drawn := []map[string]any{}
		for _, f := range layer.Features {
			f.Properties["geometry"] = f.Geometry
			drawn = append(drawn, f.Properties)
		}
		assert.Equal(t, drawn, at(past.Parcels, string(day)), day)
	}
	assert.Len(t, at(past.Cases, "2020-09-26"), 1)
	assert.Len(t, at(past.Cases, "2020-09-28"), 2)

	again := h.ask(t, request{path: "/api/v1/history", header: map[string]string{"If-None-Match": a.header.Get("ETag")}})
	assert.Equal(t, http.StatusNotModified, again.status, "what today brought is no part of it")
}

func TestHistoryOfTheFirstDayIsEmpty(t *testing.T) {
	t.Parallel()
	h := setup(t)
	h.listed(t, h.parcels(t, "宏联织造厂")...)
	var past historyAnswer
	h.get(t, "/history").into(t, &past)
	assert.Equal(t, historyAnswer{Cases: []historyOf{}, Parcels: []historyOf{}}, past)
}

func TestAParcelAsItWasKnown(t *testing.T) {
	t.Parallel()
	h := setupOver(t, "2020-09-28", "2020-09-30")
	ids := h.parcels(t, "宏联织造厂")
	h.nextDay(t)
	h.listed(t, ids...)
	h.get(t, "/parcels/"+number(ids[0])+"?as_of=2020-09-27").problem(t)
	var then struct {
		Code           string
		Cases, Actions []any
	}
	h.get(t, "/parcels/"+number(ids[0])+"?as_of=2020-09-28").into(t, &then)
	assert.NotEmpty(t, then.Code)
	assert.Empty(t, then.Cases)
	assert.Empty(t, then.Actions)
}

// days is a house whose clock is turned on from day to day.
type days struct {
	*house
	left []campaign.Date
	now  *time.Time
}

func setupOver(t *testing.T, all ...campaign.Date) *days {
	t.Helper()
	d := &days{left: all, now: new(time.Time)}
	d.turn(t)
	rooms, log := openAt(t, func() time.Time { return *d.now })
	d.house = serve(t, rooms, log)
	return d
}

func (d *days) nextDay(t *testing.T) {
	t.Helper()
	d.turn(t)
}

func (d *days) turn(t *testing.T) {
	t.Helper()
	on, err := time.ParseInLocation(time.DateOnly, string(d.left[0]), campaign.Shanghai())
	require.NoError(t, err)
	*d.now, d.left = on.Add(14*time.Hour), d.left[1:]
}
