package interchange

import "context"

// format is one kind of file. Each has a file of its own.
type format interface {
	// name is what Report.Format says.
	name() string
	// content tells by the content alone whether the file is of this format,
	// called by the name where the content does not tell.
	content(u *upload) bool
	called(u *upload) bool
	// open brings the file into a form that Go reads. Refusals are faults.
	open(ctx context.Context, j *job, u *upload) (*opened, error)
}

// formats is the registry, the surest content first.
func formats() []format {
	return []format{
		zipFile{}, geoPackage{}, flatGeobuf{}, landText{}, kml{}, geoJSON{}, dxf{}, csvTable{},
	}
}

// recognise finds the format of a file by its content, then by its name.
func recognise(u *upload) (format, error) {
	if err := refused(u); err != nil {
		return nil, err
	}
	for _, f := range formats() {
		if f.content(u) {
			return f, nil
		}
	}
	for _, f := range formats() {
		if f.called(u) {
			return f, nil
		}
	}
	return nil, unknownFormat()
}
