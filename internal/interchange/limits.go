package interchange

import "time"

// Limits bounds what one file may cost. A limit of 0 takes the default.
type Limits struct {
	FileBytes         int64         // of the upload
	ZipEntries        int           // entries of an archive
	ZipRatio          int64         // inflated to packed bytes of an entry above 1 MiB
	InflatedBytes     int64         // of everything taken out of an archive
	Depth             int           // nesting of JSON values
	FeatureBytes      int           // text of one feature or one table row
	VerticesOfFeature int           // of one feature
	Vertices          int           // of all features
	Features          int           // records in the file
	Columns           int           // columns of one record
	FieldBytes        int           // text of one attribute
	Listed            int           // rejected rows and findings listed one by one
	Time              time.Duration // of one run of the child, plus a second for each 2 MiB of input
	ChildMemory       int64         // address space of the child
	ChildOutput       int64         // what the child may write
}

// DefaultLimits are generous for a district: 100,000 parcels are a fifth of them.
func DefaultLimits() Limits {
	return Limits{
		FileBytes: 512 << 20, ZipEntries: 2000, ZipRatio: 200, InflatedBytes: 2 << 30,
		Depth: 64, FeatureBytes: 64 << 20, VerticesOfFeature: 1_000_000, Vertices: 50_000_000,
		Features: 500_000, Columns: 512, FieldBytes: 1 << 20, Listed: 1000,
		Time: 5 * time.Second, ChildMemory: 2 << 30, ChildOutput: 2 << 30,
	}
}

// withDefaults fills limits that are 0.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	orInt(&l.ZipEntries, d.ZipEntries)
	orInt(&l.Depth, d.Depth)
	orInt(&l.FeatureBytes, d.FeatureBytes)
	orInt(&l.VerticesOfFeature, d.VerticesOfFeature)
	orInt(&l.Vertices, d.Vertices)
	orInt(&l.Features, d.Features)
	orInt(&l.Columns, d.Columns)
	orInt(&l.FieldBytes, d.FieldBytes)
	orInt(&l.Listed, d.Listed)
	orInt(&l.FileBytes, d.FileBytes)
	orInt(&l.ZipRatio, d.ZipRatio)
	orInt(&l.InflatedBytes, d.InflatedBytes)
	orInt(&l.ChildMemory, d.ChildMemory)
	orInt(&l.ChildOutput, d.ChildOutput)
	orInt(&l.Time, d.Time)
	return l
}

// orInt puts the default into a limit that is 0.
func orInt[T ~int | ~int64](v *T, d T) {
	if *v == 0 {
		*v = d
	}
}
