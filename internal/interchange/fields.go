package interchange

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"
)

// The fields that columns are read as.
const (
	fieldCode  = "code"
	fieldLabel = "label"
)

// sureCodes are names of columns that hold a parcel's code and nothing else;
// names of a .dbf are cut at 10 bytes.
func sureCodes() []string {
	return []string{
		"地块编号", "地块编码", "地块代码", "地块号", "宗地代码", "宗地编码", "宗地编号", "宗地号", "图斑编号", "图斑编码", "图斑代码", "图斑号",
		"不动产单元号", "不动产单元代码", "地籍号", "地籍编号", "编号",
		"dkbh", "dkbm", "dkdm", "tbbh", "tbdm", "zddm", "zdbh", "zdh", "djh", "bdcdyh",
		"parcelno", "parcelcode", "parcelid", "parcelnumber", "plotno", "plotcode", "lotno",
	}
}

// likelyCodes are names that often hold one: used where every row has a value of its own.
func likelyCodes() []string {
	return []string{"标识码", "编码", "代码", "bsm", "bh", "code", "id", "fid", "gid", "uid", "no", "number", "objectid", "序号"}
}

func labels() []string {
	return []string{
		"名称", "地块名称", "企业名称", "单位名称", "项目名称", "公司名称", "厂名", "企业", "简称",
		"dkmc", "qymc", "dwmc", "xmmc", "mc", "name", "label", "title", "company", "enterprise",
	}
}

// plainName brings spellings of a column name together.
func plainName(s string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "", " ", "", "\u3000", "", "\ufeff", "").Replace(s))
}

// pick finds the first of the names among the columns, "" if there is none.
func pick(columns, names []string) string {
	for _, n := range names {
		for _, c := range columns {
			if plainName(c) == n {
				return c
			}
		}
	}
	for _, n := range names {
		for _, c := range columns {
			if cutName(c, n) {
				return c
			}
		}
	}
	return ""
}

// cutName tells whether a column's name is a known one cut at the 10 bytes of
// a .dbf: three Chinese characters in UTF-8, five in GBK.
func cutName(column, name string) bool {
	n := utf8.RuneCountInString(column)
	return len(column) > n && (n == 3 || n == 5) && len(name) > len(column) && strings.HasPrefix(name, column)
}

// fields decides which columns are the code and the label.
func (in *intake) fields(ctx context.Context) error {
	in.code, in.label = in.job.opts.Map[fieldCode], in.job.opts.Map[fieldLabel]
	for field, column := range in.job.opts.Map {
		if field != fieldCode && field != fieldLabel {
			return invalid("unknown_field", "不认识对应项“"+clip(field)+"”，可用 code、label", "Unknown field \""+clip(field)+"\"; code and label can be mapped.")
		}
		if column != "" && !slices.Contains(in.report.Columns, column) {
			return noColumn(field, column)
		}
	}
	if in.label == "" {
		in.label = pick(in.report.Columns, labels())
	}
	if in.code == "" {
		in.code = pick(in.report.Columns, sureCodes())
	}
	if in.code != "" {
		return nil
	}
	code, err := in.uniqueColumn(ctx)
	in.code = code
	return err
}

// uniqueColumn finds a likely column of codes with a different value in every row.
func (in *intake) uniqueColumn(ctx context.Context) (string, error) {
	for _, name := range likelyCodes() {
		column := pick(in.report.Columns, []string{name})
		if column == "" {
			continue
		}
		unique, err := in.unique(ctx, column)
		if err != nil || unique {
			return column, err
		}
	}
	return "", nil
}

func (in *intake) unique(ctx context.Context, column string) (bool, error) {
	seed, seen, unique := maphash.MakeSeed(), map[uint64]struct{}{}, true
	err := some(ctx, in.src.source, in.job.limits.Features, func(r *record) error {
		v := strings.TrimSpace(r.attr(column))
		h := maphash.String(seed, v)
		if _, again := seen[h]; again || v == "" {
			unique = false
			return errStop
		}
		seen[h] = struct{}{}
		return nil
	})
	return unique, err
}
