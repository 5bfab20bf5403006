package survival

import (
	"math"
	"slices"
)

// pooled, in place of a number of causes, counts every end as one cause.
const pooled = 0

// A timeline hands out the ends of observations by distinct time, in increasing order, with the number at risk.
type timeline struct {
	n       int
	entries []float64   // entries after the start, in increasing order
	ends    [][]float64 // by cause, 0 being censored: when observations ended, in increasing order

	entered int   // how many of entries are before the current time
	left    int   // how many ended up to the current time
	next    []int // by cause, the first of ends not yet taken
	counts  []int // by cause, what take returns
}

// newTimeline checks obs and sorts them into causes 0 to causes.
func newTimeline(obs []Observation, causes int) (*timeline, error) {
	highest := causes
	if causes == pooled {
		causes, highest = 1, math.MaxInt
	}
	l := &timeline{n: len(obs), ends: make([][]float64, causes+1), next: make([]int, causes+1), counts: make([]int, causes+1)}
	late := 0
	for i, o := range obs {
		if reason := o.check(highest); reason != "" {
			return nil, &DataError{Index: i, Reason: reason}
		}
		l.counts[min(o.Cause, causes)]++
		if o.Entry > 0 {
			late++
		}
	}
	times := make([]float64, len(obs))
	for c, count := range l.counts {
		l.ends[c], times = times[:0:count], times[count:]
	}
	l.entries = make([]float64, 0, late)
	for _, o := range obs {
		c := min(o.Cause, causes)
		l.ends[c] = append(l.ends[c], o.Time+0) // −0 becomes 0
		if o.Entry > 0 {
			l.entries = append(l.entries, o.Entry)
		}
	}
	for _, times := range l.ends {
		slices.Sort(times)
	}
	slices.Sort(l.entries)
	return l, nil
}

// most bounds the number of distinct times at which observations ended: it counts those at which two causes met twice.
func (l *timeline) most() int {
	count := 0
	for _, times := range l.ends {
		for i, t := range times {
			if i == 0 || t != times[i-1] {
				count++
			}
		}
	}
	return count
}

// peek returns the next time at which an observation ended.
func (l *timeline) peek() (float64, bool) {
	t, ok := 0.0, false
	for c, times := range l.ends {
		if i := l.next[c]; i < len(times) && (!ok || times[i] < t) {
			t, ok = times[i], true
		}
	}
	return t, ok
}

// take moves to t, not beyond what peek says, and returns the number at risk at t and how many ended then by cause, which
// is valid until the next call.
func (l *timeline) take(t float64) (atRisk int, ended []int) {
	for l.entered < len(l.entries) && l.entries[l.entered] < t {
		l.entered++
	}
	atRisk = l.n - len(l.entries) + l.entered - l.left
	for c, times := range l.ends {
		from := l.next[c]
		for l.next[c] < len(times) && times[l.next[c]] == t {
			l.next[c]++
		}
		l.counts[c] = l.next[c] - from
		l.left += l.counts[c]
	}
	return atRisk, l.counts
}

// A product is a survival function as it falls. While nobody is censored or enters, its factors (n−d)/n cancel, and it
// is one exact count over another, rounded once.
type product struct {
	value float64
	base  float64 // value before the factors that cancel
	from  int     // at risk at the first of them
	left  int     // at risk after the last of them
}

func newProduct() product { return product{value: 1, base: 1} }

// fall takes in that ended of atRisk ended.
func (p *product) fall(atRisk, ended int) {
	if ended == 0 {
		return
	}
	if atRisk != p.left {
		p.base, p.from = p.value, atRisk
	}
	p.left = atRisk - ended
	p.value = p.base * float64(p.left) / float64(p.from)
}
