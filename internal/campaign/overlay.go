package campaign

import (
	"fmt"
	"slices"
	"strings"
)

// SheetOverlay is the sheet that the program keeps for each enterprise: how much of
// its parcels lies in the zones of the overlays, with the days.
const SheetOverlay = "overlay"

// Overlay (叠加分析) is what share of an enterprise's parcels lies in zones of a reference layer.
type Overlay struct {
	Code    string   `json:"code"`
	Name    Text     `json:"name"` // 在规划建设用地内
	Layer   string   `json:"layer"`
	Classes []string `json:"classes,omitempty"` // zones of these classes; none: all of the layer
	Tracks  []string `json:"tracks"`            // parcels of the cases of these tracks
}

// Overlaid is what an overlay came to for an enterprise.
type Overlaid struct {
	Code    string
	Share   string // per cent of the parcels' area, one decimal
	LayerOn Date   // day on which the layer changed last
}

// What the keys of the overlay sheet, and of facts, end with that hold the days.
const (
	layerOnKey  = ".layer_on"
	overlaidKey = ".on"
)

// KeptByProgram tells whether a sheet is filled by the program alone and goes with what it belongs to.
func KeptByProgram(sheet string) bool {
	return sheet == SheetEligibility || sheet == SheetOverlay || sheet == SheetDraw
}

// Overlaid gives the values of the overlay sheet after an analysis on a day. What
// came to the same on the same layer keeps the day on which it was found.
func (d Definition) Overlaid(old map[string]string, found []Overlaid, today Date) map[string]string {
	next := map[string]string{}
	for _, o := range found {
		on := today
		if old[o.Code] == o.Share && old[o.Code+layerOnKey] == string(o.LayerOn) {
			on = Date(old[o.Code+overlaidKey])
		}
		next[o.Code], next[o.Code+layerOnKey], next[o.Code+overlaidKey] = o.Share, string(o.LayerOn), string(on)
	}
	return next
}

// overlays adds what overlays came to as facts: overlay.CODE, with its days.
func (f Facts) overlays(values map[string]string) {
	for key, value := range values {
		f[SheetOverlay+"."+key] = value
	}
}

// Laid is an overlay as it is told of an enterprise.
type Laid struct {
	Overlay     Overlay
	Share       string // per cent; empty: not known
	LayerOn, On Date
}

// Laid are the overlays as far as the facts know them, in the campaign's order.
func (d Definition) Laid(f Facts) []Laid {
	list := make([]Laid, len(d.Overlays))
	for i, o := range d.Overlays {
		fact := SheetOverlay + "." + o.Code
		list[i] = Laid{o, f[fact], Date(f[fact+layerOnKey]), Date(f[fact+overlaidKey])}
	}
	return list
}

// overlay finds one by the fact that it is.
func (d Definition) overlay(fact string) (Overlay, bool) {
	code, is := strings.CutPrefix(fact, SheetOverlay+".")
	i := slices.IndexFunc(d.Overlays, func(o Overlay) bool { return is && o.Code == code })
	if i < 0 {
		return Overlay{}, false
	}
	return d.Overlays[i], true
}

// words is a share with its days.
func (o Laid) words() Text {
	if o.Share == "" {
		return Text{"未知", "not known"}
	}
	return Text{
		fmt.Sprintf("占%s%%（%s版图层，%s叠加）", o.Share, o.LayerOn, o.On),
		fmt.Sprintf("%s%% (layer of %s, laid over on %s)", o.Share, o.LayerOn, o.On),
	}
}

func (d Definition) checkOverlays() error {
	list := make([]Choice, len(d.Overlays))
	for i, o := range d.Overlays {
		list[i] = Choice{o.Code, o.Name}
		if !d.lies(o) || len(o.Tracks) == 0 || strings.Contains(o.Code, ".") {
			return fmt.Errorf("overlay %q: zones, tracks and a code without a dot are needed", o.Code)
		}
		for _, code := range o.Tracks {
			if _, ok := d.Track(code); !ok {
				return fmt.Errorf("overlay %q: unknown track %q", o.Code, code)
			}
		}
	}
	return checkChoices("overlay", list)
}
