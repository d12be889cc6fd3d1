package demo

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"
	"github.com/paulmach/orb"

	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/ledger"
)

// clusterReach is how far an area reaches beyond the plots it was drawn about, degrees: some 60 m.
const clusterReach = 0.0006

// cluster is a former township cluster: the plots of the first quarter of a town that has several.
type cluster struct {
	draft ledger.ReferenceDraft
	plots int64 // with a case on them
	land  int64 // hundredths of a mu
}

// clusters are one a town, about the plots on which its first village has cases.
func (w *world) clusters() []cluster {
	var all []cluster
	for _, t := range w.towns {
		c := cluster{}
		box, village := orb.Bound{}, ""
		for _, m := range w.matters {
			if m.track != rectify || m.town.unit != t.unit || m.plot == nil || village != "" && m.village.Code != village {
				continue
			}
			if village == "" {
				village, box = m.village.Code, m.plot.shape.Bound()
			}
			if near := m.plot.shape.Bound(); near.Pad(10 * clusterReach).Intersects(box) {
				box = box.Union(near)
			}
		}
		box = box.Pad(clusterReach)
		for _, m := range w.matters {
			if m.track == rectify && m.plot != nil && box.Contains(m.plot.shape.Bound().Center()) {
				c.plots++
				c.land += m.area
			}
		}
		c.draft = ledger.ReferenceDraft{
			Code: t.unit, Name: t.short() + "工业集聚区", Class: "town", Geometry: box.ToPolygon(), Attributes: map[string]string{"unit": t.unit, "说明": "示意"},
		}
		all = append(all, c)
	}
	return all
}

// drawClusters draws the clusters and gives each its task. Its operations have ids by name, like that of the ground.
func (l *loader) drawClusters(ctx context.Context, w *world) error {
	all := w.clusters()
	change := ledger.ReplaceReference{Layer: "clusters", Whole: true}
	for _, c := range all {
		change.Features = append(change.Features, c.draft)
	}
	out, err := l.ledger.Apply(ctx, acting("zhou"), ledger.Operation{OpID: uuid.NewSHA1(namespace, []byte("clusters")), Device: device, HappenedAt: l.now, Changes: []ledger.Change{change}})
	if err != nil {
		return fmt.Errorf("clusters: %w", err)
	}
	var tasks []ledger.Change // the district says what the five batches are: the demo's classes have no names
	for i, e := range out.Entries {
		tasks = append(tasks, ledger.FillSheet{Sheet: "cluster_task", Of: campaign.OfArea, OfID: e.NounID, Values: map[string]string{
			"five": "示例类别" + strconv.Itoa(1+i%5), "firms": strconv.FormatInt(all[i].plots, 10),
			"land": hundredths(all[i].land), "due_on": "2020-12-15", "plan": "分期签约腾空，连片收回",
		}})
	}
	op := ledger.Operation{OpID: uuid.NewSHA1(namespace, []byte("tasks of clusters")), Device: device, HappenedAt: l.now, Changes: tasks}
	if _, err := l.ledger.Apply(ctx, acting("zhou"), op); err != nil {
		return fmt.Errorf("tasks of clusters: %w", err)
	}
	return nil
}
