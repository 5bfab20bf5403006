package cluster

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
)

const mostClusters = 1000

// Options of k-means. The zero Options are ten k-means++ starts from seed 0, of at most 1000 passes each.
type Options struct {
	Seed   uint64 `json:"seed,omitempty"`   // of the starts
	Starts int    `json:"starts,omitempty"` // the best of so many counts; 0 is 10
	Passes int    `json:"passes,omitempty"` // over the points, at most; 0 is 1000

	// From holds starting centres instead of drawn ones, in the table's units: the one start, of any seed.
	From [][]float64 `json:"from,omitempty"`
}

// A Clustering says which rows belong together.
type Clustering struct {
	Labels     []int       `json:"labels"`     // of each row of the table: 0 to k − 1, or -1 for a row that was left out
	Sizes      []int       `json:"sizes"`      // of each cluster: its points; at least 1 if Converged
	Centers    [][]float64 `json:"centers"`    // of each cluster: the mean of its points, in the table's units
	Scaled     [][]float64 `json:"scaled"`     // the same as coordinates: scaled, times the root of the weight
	Inertia    float64     `json:"inertia"`    // sum of the points' squared distances from their centres, in coordinates
	Start      int         `json:"start"`      // which start this is of, from 0 on
	Iterations int         `json:"iterations"` // passes over the points, the last of which changed nothing if Converged
	Converged  bool        `json:"converged"`
}

// KMeans divides the points into k clusters such that their inertia is small, by Lloyd's algorithm from each start: the
// start with the least inertia counts, the first of equals. It takes about 40 bytes a point.
//
// KMeans returns a *DataError if k is not 1 to the number of points (at most 1000), there are fewer distinct points than
// k, an option is below 0, or From is not k centres of finite numbers.
func (p *Points) KMeans(k int, o Options) (Clustering, error) {
	best, out, err := p.best(k, o)
	if err != nil {
		return Clustering{}, err
	}
	out.Labels, out.Sizes = p.labels(best.labels), best.sums.count
	for i := range k {
		scaled, center := best.centers.at(i), make([]float64, p.d)
		for j, x := range scaled {
			center[j] = p.units[j].number(x)
		}
		out.Centers, out.Scaled = append(out.Centers, center), append(out.Scaled, scaled)
	}
	return out, nil
}

// best runs the starts. The Clustering has what is said of the whole alone.
func (p *Points) best(k int, o Options) (best *lloyd, out Clustering, err error) {
	starts, passes, err := o.check(p, k)
	if err != nil {
		return nil, out, err
	}
	for start := range starts {
		c := newCenters(k, p.d)
		if o.From != nil {
			c = p.coordinates(o.From)
		} else if found := p.draw(c, rand.NewPCG(o.Seed, uint64(start))); found < k {
			return nil, out, fewer(k)
		}
		l := newLloyd(p, c)
		done, converged, ok := l.run(passes)
		if !ok {
			return nil, out, fewer(k)
		}
		if inertia := l.inertia(); best == nil || inertia < out.Inertia {
			best, out = l, Clustering{Inertia: inertia, Start: start, Iterations: done, Converged: converged}
		}
	}
	return best, out, nil
}

// coordinates returns rows of a table as centres.
func (p *Points) coordinates(rows [][]float64) *centers {
	c := newCenters(len(rows), p.d)
	for i, row := range rows {
		for j, x := range row {
			c.at(i)[j] = p.units[j].coordinate(x)
		}
	}
	return c
}

func fewer(k int) error { return wrong("k", "is %d, more than there are distinct points", k) }

func (o *Options) check(p *Points, k int) (starts, passes int, err error) {
	switch {
	case k < 1 || k > mostClusters:
		return 0, 0, wrong("k", "must be 1 to %d, not %d", mostClusters, k)
	case k > p.n:
		return 0, 0, wrong("k", "is %d, more than %d points", k, p.n)
	case o.Starts < 0:
		return 0, 0, wrong("starts", "must be at least 0, not %d", o.Starts)
	case o.Passes < 0:
		return 0, 0, wrong("passes", "must be at least 0, not %d", o.Passes)
	}
	starts, passes = cmp.Or(o.Starts, 10), cmp.Or(o.Passes, 1000)
	if o.From == nil {
		return starts, passes, nil
	}
	if len(o.From) != k {
		return 0, 0, wrong("from", "has %d centres, not %d", len(o.From), k)
	}
	return 1, passes, p.checkCenters("from", o.From)
}

func (p *Points) checkCenters(field string, rows [][]float64) error {
	for i, row := range rows {
		if len(row) != p.d {
			return wrong(fmt.Sprint(field, " ", i), "has %d numbers, not %d", len(row), p.d)
		}
		for j, x := range row {
			if !(math.Abs(x) <= largest) {
				return wrong(fmt.Sprintf("%s %d, column %q", field, i, p.columns[j].Name), "is %v, not a number up to 2^53", x)
			}
		}
	}
	return nil
}

// draw fills centres by k-means++: the first is any point, each further one a point with a probability in proportion to
// its squared distance from the nearest centre drawn before. It returns how many it found: no two are equal.
func (p *Points) draw(c *centers, source *rand.PCG) int {
	near := make([]float64, p.n)
	for i := range near {
		near[i] = math.Inf(1)
	}
	pick := min(int(float64(uniform(source)*float64(p.n))), p.n-1)
	for i := range c.k {
		copy(c.at(i), p.at(pick))
		total := 0.0
		for q := range near {
			if d := squared(p.at(q), c.at(i)); d < near[q] {
				near[q] = d
			}
			total += near[q]
		}
		if i+1 == c.k {
			break
		}
		if total == 0 {
			return i + 1
		}
		left := float64(uniform(source) * total)
		for q, d := range near {
			if d > 0 {
				pick = q // the last such one, should rounding leave something over
				if left -= d; left < 0 {
					break
				}
			}
		}
	}
	return c.k
}

// uniform returns a number at least 0 and below 1, one of 2^53 equally likely ones.
func uniform(source *rand.PCG) float64 { return float64(source.Uint64()>>11) / (1 << 53) }
