package httpapi

import (
	"context"

	"github.com/guatu/guatu/internal/httpapi/gen"
	"github.com/guatu/guatu/internal/todo"
)

// GetTodo implements gen.StrictServerInterface.
func (o *operations) GetTodo(ctx context.Context, r gen.GetTodoRequestObject) (gen.GetTodoResponseObject, error) {
	v, err := o.now(ctx, r.Params.MinRevision)
	if err != nil {
		return nil, err
	}
	groups, err := o.Todo.Strip(ctx, scopeIn(ctx), v, string(orZero(r.Params.Page)))
	if err != nil {
		return nil, err
	}
	out := gen.GetTodo200JSONResponse{Revision: v.Revision, Day: toDate(v.Day), Groups: make([]gen.TodoGroup, len(groups))}
	for i := range groups {
		out.Groups[i] = toGroup(&groups[i])
		if groups[i].Mine {
			out.Mine += groups[i].Number
		}
	}
	return out, nil
}

func toGroup(g *todo.Group) gen.TodoGroup {
	out := gen.TodoGroup{Code: g.Code, Name: toText(g.Name), Mine: g.Mine, Count: g.Number, Query: todoQueryOf(g.Query), Line: toTextPtr(g.Line), Parts: make([]gen.TodoPart, len(g.Parts))}
	if g.Oldest >= 0 {
		days := int32(g.Oldest) //nolint:gosec // days of a campaign
		out.OldestDays = &days
	}
	for i, p := range g.Parts {
		out.Parts[i] = gen.TodoPart{Code: p.Code, Name: toText(p.Name), Count: p.Number, Query: todoQueryOf(p.Query)}
	}
	return out
}

// todoQueryOf writes a query as parameters of /cases.
func todoQueryOf(q todo.Query) string {
	values := valuesOf(q.Filter, "")
	for name, value := range map[string]string{"requested": q.Requested, "finding": q.Finding} {
		if value != "" {
			values.Set(name, value)
		}
	}
	for name, on := range map[string]bool{"decidable": q.Decidable, "told": q.Told} {
		if on {
			values.Set(name, "true")
		}
	}
	return values.Encode()
}
