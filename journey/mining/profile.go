package mining

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"math/big"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/wire"
)

// A Profile is what time usually lies between any two activities of a journey, next to each other or not: mean and
// deviation for each pair, after Stertz, Mangler and Rinderle-Ma, Temporal Conformance Checking at Runtime based on
// Time-infused Process Models (2020). Its memory grows with pairs of activities; adding a journey takes time that grows with
// its length times the different activities in it. Profiles of parts of a log merge to that of the whole, the same to the bit
// in any order. The zero Profile is empty and ready. It is not safe for concurrent use while it is changed.
type Profile struct {
	index
	pairs table
	count int64 // of pairs, over all cells
}

// Add adds the journey of an account, by the rules of [Graph.Add].
func (p *Profile) Add(j Journey) error {
	if err := p.add(j); err != nil {
		return err
	}
	return nil
}

func (p *Profile) add(j Journey) *DataError {
	at, bad := j.check(nil)
	if bad != nil {
		return bad
	}
	path := make([]Activity, len(at))
	for i, s := range j.Steps {
		path[i] = p.of(s.Activity)
		p.count += int64(i)
	}
	if len(path) > short {
		p.addLong(path, at)
		return nil
	}
	for i, to := range path {
		for k, from := range path[:i] {
			p.pairs.at(from, to).add(at[i] - at[k])
		}
	}
	return nil
}

// short is up to how many steps it is faster to look at each pair of them.
const short = 64

// addLong adds what each activity that was met sums up to at each step, instead of pair after pair.
func (p *Profile) addLong(path []Activity, at []int64) {
	type since struct {
		activity Activity
		sums     // of the time since each of its events
	}
	var met []since
	for i, to := range path {
		own := len(met)
		for k := range met {
			from := &met[k]
			from.later(at[i] - at[i-1])
			p.pairs.at(from.activity, to).merge(&from.sums)
			if from.activity == to {
				own = k
			}
		}
		if own == len(met) {
			met = append(met, since{activity: to})
		}
		met[own].add(0)
	}
}

// AddAll adds sorted events, by the rules of [Graph.AddAll].
func (p *Profile) AddAll(events iter.Seq2[Event, error]) (failed []*DataError, err error) {
	return addAll(events, p.add)
}

// Merge adds all that another profile holds, which stays as it is. The profiles have no account in common: that is not
// checked.
func (p *Profile) Merge(o *Profile) error {
	if p.count+o.count > mostEvents {
		return fmt.Errorf("mining: merge profiles: over %d pairs", int64(mostEvents))
	}
	number := make([]Activity, len(o.names))
	for i, name := range o.names {
		number[i] = p.of(name)
	}
	p.pairs.merge(&o.pairs, number)
	p.count += o.count
	return nil
}

// A Gap is the time from one activity to a later one of the same journey.
type Gap struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Times Times  `json:"times"` // over all pairs in all journeys, open ones included; without a median
}

// Gaps returns all pairs, sorted by From and To.
func (p *Profile) Gaps() []Gap {
	out := make([]Gap, 0, len(p.pairs.cells))
	for i := range p.pairs.cells {
		c := &p.pairs.cells[i]
		out = append(out, Gap{p.names[c.from], p.names[c.to], c.times(nil)})
	}
	slices.SortFunc(out, func(a, b Gap) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	return out
}

// A Deviation is a gap of one journey that is far from the usual.
type Deviation struct {
	From  string  `json:"from"`
	To    string  `json:"to"`
	First int     `json:"first"` // position of From in the journey, counted from 0
	Last  int     `json:"last"`  // position of To
	Took  float64 `json:"took"`  // seconds
	Zeta  float64 `json:"zeta"`  // standard deviations from the mean: above 0 is slow, below 0 is fast
}

// Deviations returns the gaps of a journey that are more than zeta standard deviations from the mean, in order of Last
// and then First. It looks at every pair, so that time grows with the square of the journey's length. Pairs seen fewer than two times, and those that always took the same time, have no deviation to
// measure by and are never among them. It returns a *DataError if the journey can't be used, or zeta is negative or NaN.
func (p *Profile) Deviations(j Journey, zeta float64) ([]Deviation, error) {
	if !(zeta >= 0) {
		return nil, wrong("zeta", "must be 0 or more, not %v", zeta)
	}
	at, bad := j.check(nil)
	if bad != nil {
		return nil, bad
	}
	var out []Deviation
	for last := range at {
		to, known := p.byName[j.Steps[last].Activity]
		for first := 0; first < last && known; first++ {
			from, known := p.byName[j.Steps[first].Activity]
			if !known {
				continue
			}
			z, ok := zetaOf(p.pairs.find(from, to), at[last]-at[first])
			if ok && math.Abs(z) > zeta {
				out = append(out, Deviation{p.names[from], p.names[to], first, last, seconds(at[last] - at[first]), z})
			}
		}
	}
	return out, nil
}

// zetaOf returns how many standard deviations a time is above the mean.
func zetaOf(c *cell, us int64) (float64, bool) {
	if c == nil {
		return 0, false
	}
	sd, ok := c.sd()
	if !ok || sd == 0 {
		return 0, false
	}
	above := new(big.Int).Mul(big.NewInt(us), big.NewInt(c.n))
	return ratio(above.Sub(above, c.total()), big.NewInt(c.n)) / sd, true
}

// MarshalBinary returns the one encoding of what p holds, in unsigned varints but where said: the bytes 'P' and 1, and
// then names and pairs as [Graph.MarshalBinary] writes names and edges.
func (p *Profile) MarshalBinary() ([]byte, error) {
	e := encoder{Encoder: wire.Encoder{Out: []byte{profileKind, encoding}}}
	used := make([]bool, len(p.names))
	for _, c := range p.pairs.cells {
		used[c.from], used[c.to] = true, true
	}
	e.table(&p.pairs, e.names(p.names, used))
	return e.Out, nil
}

// UnmarshalBinary replaces p by what [Profile.MarshalBinary] wrote, by the rules of [Graph.UnmarshalBinary].
func (p *Profile) UnmarshalBinary(data []byte) error {
	d, err := begin(data, profileKind, "profile")
	if err != nil {
		return err
	}
	var q Profile
	for _, name := range d.Names() {
		q.of(name)
	}
	d.table(&q.pairs, len(q.names))
	used := make([]bool, len(q.names))
	for _, c := range q.pairs.cells {
		used[c.from], used[c.to] = true, true
		if q.count += c.n; q.count > mostEvents {
			d.Fail("has over %d pairs", int64(mostEvents))
			break
		}
	}
	if slices.Contains(used, false) {
		d.Fail("has an activity in no pair")
	}
	if err := d.end("profile", len(data)); err != nil {
		return err
	}
	*p = q
	return nil
}
