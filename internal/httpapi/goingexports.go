package httpapi

import "sync"

// goingExports are the exports somebody watches, or may.
type goingExports struct {
	mu  sync.Mutex
	all map[string]*goingExport
}

// goingExport is how far one export is.
type goingExport struct {
	name    string
	holders int // guarded by goingExports.mu

	mu    sync.Mutex
	at    exportStep
	ended bool
	moved chan struct{} // closed and replaced at each step
}

type exportStep struct {
	Done  int `json:"done"`
	Total int `json:"total"` // 0: it has not begun
}

// hold finds an export by its name, or makes it; release lets it go.
func (e *goingExports) hold(name string) *goingExport {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.all == nil {
		e.all = map[string]*goingExport{}
	}
	g := e.all[name]
	if g == nil {
		g = &goingExport{name: name, moved: make(chan struct{})}
		e.all[name] = g
	}
	g.holders++
	return g
}

func (e *goingExports) release(g *goingExport) {
	e.mu.Lock()
	defer e.mu.Unlock()
	g.holders--
	if g.holders == 0 {
		delete(e.all, g.name)
	}
}

func (g *goingExport) tell(done, total int) { g.move(exportStep{done, total}, false) }

func (g *goingExport) end() {
	g.mu.Lock()
	at := g.at
	g.mu.Unlock()
	g.move(at, true)
}

func (g *goingExport) move(at exportStep, ended bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.at, g.ended = at, ended
	close(g.moved)
	g.moved = make(chan struct{})
}

func (g *goingExport) now() (at exportStep, ended bool, moved <-chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.at, g.ended, g.moved
}
