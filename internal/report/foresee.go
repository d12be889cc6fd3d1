package report

import (
	"context"

	"github.com/guatu/guatu/internal/auth"
	"github.com/guatu/guatu/internal/campaign"
	"github.com/guatu/guatu/internal/figures"
)

// Standing is how a figure stands against its task.
type Standing struct {
	Measure campaign.Measure
	Task    int64 // printed steps of the measure
	HasTask bool
	Gap     figures.Points
	Light   campaign.Light
}

// Effect is a figure of now that would stand otherwise with other data of the campaign.
type Effect struct {
	Unit          string // code; "" is the district
	Name          campaign.Text
	Metric        campaign.Metric
	Before, After Standing
}

// Foresee says whose task or light would be another if the campaign had these
// data: what is done stays what it is.
func (d *Desk) Foresee(ctx context.Context, scope auth.Scope, next campaign.Definition) ([]Effect, error) {
	v, err := d.View(scope, "")
	if err != nil {
		return nil, err
	}
	now, err := d.figures(ctx, v, Query{})
	if err != nil {
		return nil, err
	}
	then, err := d.figures(ctx, v.With(next), Query{})
	if err != nil {
		return nil, err
	}
	effects := compareRows("", &now.Total, &then.Total)
	for i := range now.Rows {
		effects = append(effects, compareRows(now.Rows[i].Code, &now.Rows[i], &then.Rows[i])...)
	}
	return effects, nil
}

func compareRows(unit string, before, after *Row) []Effect {
	var found []Effect
	for _, b := range after.Metrics {
		var a Standing
		for _, m := range before.Metrics {
			if m.Metric.Code == b.Metric.Code {
				a = standingOf(m)
			}
		}
		if s := standingOf(b); a.Task != s.Task || a.HasTask != s.HasTask || a.Light != s.Light {
			found = append(found, Effect{Unit: unit, Name: after.Name, Metric: b.Metric, Before: a, After: s})
		}
	}
	return found
}

func standingOf(m Metric) Standing {
	return Standing{Measure: m.Metric.Measure, Task: m.Task, HasTask: m.HasTask, Gap: m.Gap, Light: m.Light}
}
