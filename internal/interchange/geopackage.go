package interchange

import "context"

// geoPackage is OGC GeoPackage.
type geoPackage struct{}

func (geoPackage) name() string { return "geopackage" }

// content looks for SQLite with an application id of GeoPackage, at byte 68.
func (geoPackage) content(u *upload) bool {
	if !u.begins("SQLite format 3\x00") || len(u.head) < 72 {
		return false
	}
	id := string(u.head[68:72])
	return id == "GPKG" || id == "GP10" || id == "GP11" || u.hasExt(".gpkg")
}

func (geoPackage) called(u *upload) bool { return u.hasExt(".gpkg") }

func (geoPackage) open(ctx context.Context, j *job, u *upload) (*opened, error) {
	file, err := j.hand(u.path, ".gpkg")
	if err != nil {
		return nil, err
	}
	return j.vector(ctx, "GPKG", file)
}
