// Package archive looks into zip files sent by strangers. Nothing is taken out
// before every entry has passed: paths that climb out, links, passwords,
// absurd sizes and ratios refuse the whole file. Entries are taken out under
// names of the caller's choosing, never their own.
package archive

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/guatu/guatu/internal/fault"
)

// Limits bound what an archive may hold.
type Limits struct {
	Entries  int
	Ratio    int64 // of entries above 1 MiB, inflated to packed
	Inflated int64 // bytes taken out in all
}

// Entry is one file of the archive that is not junk.
type Entry struct {
	// Name is the path with forward slashes, Stem the file name without Ext;
	// Ext is lower-case with its dot.
	Name, Stem, Ext string
	// Size is the inflated size stated.
	Size int64
	file *zip.File
}

// Archive is an inspected zip file. Entries excludes folders and the side
// files of macOS and Windows.
type Archive struct {
	Entries []Entry
	closer  io.Closer
	limits  Limits
	taken   int64
}

// Open inspects the zip file. Errors of the file are faults.
func Open(file string, limits Limits) (*Archive, error) {
	r, err := zip.OpenReader(file)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
			return nil, fmt.Errorf("open the archive: %w", err)
		}
		return nil, damaged().Because(err)
	}
	a := &Archive{closer: r, limits: limits}
	if err := a.inspect(r.File); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return a, nil
}

// Close closes the file.
func (a *Archive) Close() error { return a.closer.Close() }

// inspect judges every entry and keeps those that are not junk.
func (a *Archive) inspect(files []*zip.File) error {
	if len(files) > a.limits.Entries {
		return fault.New(fault.KindInvalid, "zip_entries",
			fmt.Sprintf("压缩包内有 %d 个文件，超过 %d 个；请只保留要导入的文件", len(files), a.limits.Entries),
			fmt.Sprintf("The archive holds %d files, more than %d; keep only those to import.", len(files), a.limits.Entries))
	}
	var total int64
	seen := map[string]bool{}
	for _, f := range files {
		name := entryName(f)
		if err := a.judge(f, name); err != nil {
			return err
		}
		if total += clamp(f.UncompressedSize64); total > a.limits.Inflated {
			return tooLarge(a.limits.Inflated)
		}
		if f.FileInfo().IsDir() || strings.HasSuffix(name, "/") || junk(name) {
			continue
		}
		if seen[name] {
			return fault.New(fault.KindInvalid, "zip_duplicate",
				"压缩包内有两个同名文件“"+path.Base(name)+"”，请重新压缩", "The archive holds \""+path.Base(name)+"\" twice; pack it anew.")
		}
		seen[name] = true
		ext := path.Ext(name)
		a.Entries = append(a.Entries, Entry{
			Name: name, Stem: strings.TrimSuffix(path.Base(name), ext), Ext: strings.ToLower(ext),
			Size: clamp(f.UncompressedSize64), file: f,
		})
	}
	return nil
}

// judge refuses what no honest archive holds.
func (a *Archive) judge(f *zip.File, name string) error {
	switch {
	case unsafe(name):
		return fault.New(fault.KindInvalid, "zip_path",
			"压缩包内有越界的文件路径，已拒绝；请重新压缩后再导入", "The archive holds a path that climbs out of it, so it is refused; pack it anew.")
	case f.Mode()&(fs.ModeType&^fs.ModeDir) != 0:
		return fault.New(fault.KindInvalid, "zip_link",
			"压缩包内有链接或特殊文件，已拒绝；请只压缩普通文件", "The archive holds a link or special file, so it is refused; pack plain files only.")
	case f.Flags&1 != 0:
		return fault.New(fault.KindInvalid, "zip_password",
			"压缩包有密码，无法读取；请去掉密码重新压缩", "The archive is protected by a password; pack it without one.")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return fault.New(fault.KindInvalid, "zip_method",
			fmt.Sprintf("压缩包使用了不支持的压缩方式（%d），请用普通 zip 方式重新压缩", f.Method),
			fmt.Sprintf("The archive uses compression method %d, which is not supported; pack it as a plain zip.", f.Method))
	}
	size, packed := clamp(f.UncompressedSize64), clamp(f.CompressedSize64)
	if size > 1<<20 && size/max(packed, 1) > a.limits.Ratio {
		return fault.New(fault.KindInvalid, "zip_ratio",
			fmt.Sprintf("压缩包内“%s”压缩比超过 %d 倍，疑似压缩炸弹，已拒绝", path.Base(name), a.limits.Ratio),
			fmt.Sprintf("%q in the archive is packed more than %d times, like a zip bomb; it is refused.", path.Base(name), a.limits.Ratio))
	}
	return nil
}

// Extract writes the entry to the new file target and returns its size.
func (a *Archive) Extract(e Entry, target string) (int64, error) {
	in, err := e.file.Open()
	if err != nil {
		return 0, damaged().Because(err)
	}
	defer in.Close()                                                          //nolint:errcheck // read only
	out, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) //nolint:gosec // target is the caller's own name
	if err != nil {
		return 0, fmt.Errorf("take out of the archive: %w", err)
	}
	n, err := io.Copy(out, io.LimitReader(in, a.limits.Inflated-a.taken+1))
	a.taken += n
	if closed := out.Close(); closed != nil {
		return n, fmt.Errorf("take out of the archive: %w", closed)
	}
	if a.taken > a.limits.Inflated {
		return n, tooLarge(a.limits.Inflated)
	}
	if _, disk := errors.AsType[*fs.PathError](err); disk {
		return n, fmt.Errorf("take out of the archive: %w", err)
	}
	if err != nil {
		return n, damaged().Because(err)
	}
	return n, nil
}

// entryName is the path in UTF-8 with forward slashes; Chinese Windows packs names in GBK.
func entryName(f *zip.File) string {
	name := f.Name
	if !utf8.ValidString(name) {
		if s, err := simplifiedchinese.GB18030.NewDecoder().String(name); err == nil {
			name = s
		}
	}
	return strings.ReplaceAll(name, `\`, "/")
}

// unsafe tells whether the path is absolute, climbs, or hides something.
func unsafe(name string) bool {
	if name == "" || strings.HasPrefix(name, "/") || strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7F }) {
		return true
	}
	if len(name) > 1 && name[1] == ':' {
		return true
	}
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return true
		}
	}
	return false
}

// junk are the side files that macOS and Windows leave.
func junk(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || strings.Contains(name, "/__MACOSX/") ||
		strings.HasPrefix(base, "._") || strings.EqualFold(base, ".DS_Store") ||
		strings.EqualFold(base, "Thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

func clamp(n uint64) int64 {
	const most = 1 << 62
	return int64(min(n, most))
}

func damaged() *fault.Error {
	return fault.New(fault.KindInvalid, "zip_damaged",
		"压缩包已损坏或不完整，请重新压缩并上传", "The archive is damaged or incomplete; pack and upload it again.")
}

func tooLarge(limit int64) *fault.Error {
	return fault.New(fault.KindInvalid, "zip_too_large",
		fmt.Sprintf("压缩包展开后超过 %d MB，请拆分后再导入", limit>>20),
		fmt.Sprintf("The archive inflates to more than %d MB; split it.", limit>>20))
}
