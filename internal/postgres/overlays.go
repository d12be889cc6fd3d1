package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/guatu/guatu/internal/campaign"
)

// Overlays measures shares of parcels in zones; see ledger.Tx.
func (t *tx) Overlays(ctx context.Context, overlays []campaign.Overlay, cases, enterprises []int64) (map[int64][]campaign.Overlaid, error) {
	found := map[int64][]campaign.Overlaid{}
	if len(overlays) == 0 {
		return found, nil
	}
	rules, err := json.Marshal(overlays)
	if err != nil {
		return nil, fmt.Errorf("encode overlays: %w", err)
	}
	rows, err := t.Query(ctx, statement("overlays_laid"), string(rules), cases, enterprises)
	if err != nil {
		return nil, fmt.Errorf("lay over: %w", err)
	}
	var id int64
	var o campaign.Overlaid
	_, err = pgx.ForEachRow(rows, []any{&id, &o.Code, &o.Share, &o.LayerOn}, func() error {
		found[id] = append(found[id], o)
		return nil
	})
	return found, err
}
