package simulate

import (
	"errors"
	"fmt"

	"github.com/guatu/guatu/internal/ledger"
)

// errUnsimulated says that a change went where the simulation does not: files of
// parcels, reference layers and polygons of land are the database's, not the field's.
var errUnsimulated = errors.New("not part of the simulation")

// simulated refuses to forget silently what this database does not keep.
func simulated(w ledger.Writes, end ledger.Ending) error {
	n := len(w.Parcels) + len(w.RemovedParcels) + len(w.Enterprises) + len(w.RemovedEnterprises) + len(w.ReferenceShapes) + len(w.References) +
		len(w.RemovedReferences) + len(w.Lands) + len(w.RemovedLands) + len(w.Sheets) + len(w.RemovedSheets) + len(w.Contacts) + len(w.Secrets) +
		len(w.DestroyedKeys) + len(w.Waivers) + len(w.RemovedWaivers)
	if n > 0 || w.Staged || end.Parts != nil {
		return fmt.Errorf("write %d rows of other nouns: %w", n, errUnsimulated)
	}
	return nil
}
