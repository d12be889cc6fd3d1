package interchange

import "context"

// excel is an Excel workbook (.xlsx) with WKT or rings in a column. The child
// reads the workbook: it is XML in a zip file, and a favourite of bombs.
type excel struct{}

func (excel) name() string         { return "excel" }
func (excel) content(*upload) bool { return false } // found inside the zip file
func (excel) called(*upload) bool  { return false }

func (excel) open(ctx context.Context, j *job, u *upload) (*opened, error) {
	file, err := j.hand(u.path, ".xlsx")
	if err != nil {
		return nil, err
	}
	env := []string{"OGR_XLSX_HEADERS=FORCE", "OGR_XLSX_FIELD_TYPES=STRING"}
	all, err := j.layers(ctx, "XLSX", env, file)
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, invalid("excel_empty", "Excel 文件里没有可读的工作表，可能已损坏；请重新另存为 .xlsx",
			"The workbook has no readable sheet and may be damaged; save it anew as .xlsx.")
	}
	var found []string
	var sheet source
	for _, l := range all {
		if l.count == 0 || j.opts.Layer != "" && j.opts.Layer != l.name {
			continue
		}
		s, err := j.layer(ctx, "XLSX", file, l, env)
		if err != nil {
			return nil, err
		}
		if has, err := hasGeometry(ctx, s); err != nil || !has {
			if err != nil {
				return nil, err
			}
			continue
		}
		found, sheet = append(found, l.name), s
	}
	switch len(found) {
	case 0:
		return nil, tableWithoutGeometry()
	case 1:
		return j.table(ctx, sheet, "UTF-8")
	}
	return nil, whichLayer(found)
}
