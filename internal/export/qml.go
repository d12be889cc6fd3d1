package export

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/xml"
	"fmt"
)

// stylesTable is where QGIS looks for the styles of a GeoPackage.
const stylesTable = "layer_styles"

// addStyles puts a style for each layer of polygons into the package: a fill for each stage, the map's own colours.
func (g *geoPackage) addStyles(ctx context.Context) error {
	names := []string{"f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML", "styleSLD", "useAsDefault", "description", "owner", "ui", "update_time"}
	types := []string{"String", "String", "String", "String", "String", "String", "String", "Integer(Boolean)", "String", "String", "String", "DateTime"}
	err := g.csv(stylesTable, names, types, func(out *csv.Writer) error {
		for _, t := range g.tables {
			if !t.spatial() {
				continue
			}
			qml := g.qml(t)
			if err := out.Write([]string{"", "", t.Title.ZH, "geom", "阶段", qml, "", "1", "按阶段着色", "", "", string(g.head.day) + "T00:00:00Z"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return g.take(ctx, stylesTable, "-nln", stylesTable, "-nlt", "NONE", "-lco", "FID=id")
}

// qml is the style of a table in QGIS's own words.
func (g *geoPackage) qml(t *Table) string {
	var categories, symbols bytes.Buffer
	for slot, s := range g.stages {
		fmt.Fprintf(&categories, `<category symbol="%d" value="%d" type="long" render="true" label="%s"/>`, slot, slot, escaped(g.label(slot)))
		r, gr, b := rgb(s.colour)
		alpha := 192
		if slot == 0 {
			alpha = 32
		}
		fmt.Fprintf(&symbols, `<symbol type="fill" name="%d" alpha="1" clip_to_extent="1"><layer class="SimpleFill" enabled="1" pass="0" locked="0">`+
			`<Option type="Map"><Option type="QString" name="color" value="%d,%d,%d,%d"/><Option type="QString" name="style" value="solid"/>`+
			`<Option type="QString" name="outline_color" value="39,49,63,255"/><Option type="QString" name="outline_style" value="solid"/>`+
			`<Option type="QString" name="outline_width" value="0.2"/><Option type="QString" name="outline_width_unit" value="MM"/></Option></layer></symbol>`, slot, r, gr, b, alpha)
	}
	return `<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'><qgis version="3.22" styleCategories="Symbology">` +
		`<renderer-v2 type="categorizedSymbol" attr="` + escaped(t.stageColumn()) + `" symbollevels="0" enableorderby="0"><categories>` +
		categories.String() + `</categories><symbols>` + symbols.String() + `</symbols></renderer-v2></qgis>`
}

// stageColumn is what the column of stages is called.
func (t *Table) stageColumn() string {
	for _, c := range t.Columns {
		if c.Key == "stage" {
			return c.Name.ZH
		}
	}
	return ""
}

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
