package simulate

import (
	"container/heap"
	"time"
)

// clock is the time of a world: it goes from one thing that is due to the next.
type clock struct {
	now time.Time
	due schedule
	n   int // breaks ties: what was entered first comes first
}

type appointment struct {
	at time.Time
	n  int
	do func()
}

// after enters something to be done.
func (c *clock) after(d time.Duration, do func()) {
	c.n++
	heap.Push(&c.due, appointment{c.now.Add(d), c.n, do})
}

// step does what is due next; false where nothing is.
func (c *clock) step() bool {
	if len(c.due) == 0 {
		return false
	}
	next, _ := heap.Pop(&c.due).(appointment)
	c.now = next.at
	next.do()
	return true
}

// schedule is a heap by time.
type schedule []appointment

func (s schedule) Len() int { return len(s) }
func (s schedule) Less(i, j int) bool {
	if s[i].at.Equal(s[j].at) {
		return s[i].n < s[j].n
	}
	return s[i].at.Before(s[j].at)
}
func (s schedule) Swap(i, j int) { s[i], s[j] = s[j], s[i] }
func (s *schedule) Push(x any) {
	a, _ := x.(appointment)
	*s = append(*s, a)
}

func (s *schedule) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}
