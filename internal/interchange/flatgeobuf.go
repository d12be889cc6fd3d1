package interchange

import "context"

// flatGeobuf is FlatGeobuf.
type flatGeobuf struct{}

func (flatGeobuf) name() string           { return "flatgeobuf" }
func (flatGeobuf) content(u *upload) bool { return u.begins("fgb") && !u.hasExt(".csv", ".txt") }
func (flatGeobuf) called(u *upload) bool  { return u.hasExt(".fgb") }

func (flatGeobuf) open(ctx context.Context, j *job, u *upload) (*opened, error) {
	file, err := j.hand(u.path, ".fgb")
	if err != nil {
		return nil, err
	}
	o, err := j.vector(ctx, "FlatGeobuf", file)
	if err != nil {
		return nil, err
	}
	// GDAL reads what is there of a file cut short and says nothing.
	n := 0
	err = o.source.each(ctx, func(*record) error { n++; return nil })
	if err == nil && n < o.total {
		return nil, damagedFile()
	}
	return o, err
}
