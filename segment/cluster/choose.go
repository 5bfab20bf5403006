package cluster

import (
	"cmp"
	"math"
	"math/rand/v2"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// Choosing says how to look for structure. The zero Choosing is usable.
type Choosing struct {
	Most      int     `json:"most,omitempty"`      // the greatest k that is tried, 2 to 50; 0 is 8
	Rows      int     `json:"rows,omitempty"`      // points to look at: so many are drawn, if there are more; 0 is 1000
	Starts    int     `json:"starts,omitempty"`    // of each k-means; 0 is 5
	Draws     int     `json:"draws,omitempty"`     // structureless tables of each kind, and resamples; 19 or more; 0 is 39
	Level     float64 `json:"level,omitempty"`     // P must be at most this, above 0 to below 1; 0 is 0.05
	Stability float64 `json:"stability,omitempty"` // must be at least this, above 0 to 1; 0 is 0.75
	Seed      uint64  `json:"seed,omitempty"`      // of all that is drawn
}

// streams is the first stream of a seed that no start of k-means draws from.
const streams = 1 << 63

// A Verdict says whether a table has clusters.
type Verdict string

// Verdicts.
const (
	Structure Verdict = "structure" // K clusters
	NoBetter  Verdict = "no_better" // no structure: structureless tables divide as well
	Unstable  Verdict = "unstable"  // no structure to rely on: resamples divide in other ways
)

// A Choice is how many clusters there are, if any, and why.
type Choice struct {
	K          int         `json:"k"` // the clusters to make; 0 unless Verdict is Structure
	Verdict    Verdict     `json:"verdict"`
	P          float64     `json:"p"`          // share of tables whose best k stands out as far, 1/(draws+1) to 1; see Choose
	Candidates []Candidate `json:"candidates"` // from k = 2 on
	Points     int         `json:"points"`     // that were looked at
}

// A Candidate is one k.
type Candidate struct {
	K          int     `json:"k"`          // clusters, at least 2
	Inertia    float64 `json:"inertia"`    // of the points that were looked at
	Silhouette float64 `json:"silhouette"` // mean of the points, -1 to 1
	Normal     float64 `json:"normal"`     // mean silhouette of normal clouds
	Even       float64 `json:"even"`       // mean silhouette of even clouds
	P          float64 `json:"p"`          // share of tables whose silhouette for this k is at least as great; see Choose
	Stability  float64 `json:"stability"`  // mean adjusted Rand index under resampling, 1 at most
}

// Choose says how many clusters there are, or that there are none. For each k from 2 on it takes
//
//	silhouette  the mean of the points after k-means
//	stability   the mean adjusted Rand index of that clustering and of those by the centres of bootstrap resamples
//
// and compares the silhouettes with those of clouds: tables of as many points with the same means and covariances that are
// one heap. Half of them are normal, half are even, within a parallelepiped. In a column whose numbers are at most 100 equal
// steps from the least to the greatest, as ratings are, theirs are too.
//
// A k stands out by its silhouette less the mean over the clouds and the table, divided by their standard deviation. P is
// the share of the clouds and the table in which some k stands out as far as the table's best one: that many k are tried
// is paid for. Of the two kinds of clouds the one with the greater share counts, for the P of each k too.
//
// There is structure if P is at most Level, and some k has a P at most Level and a stability that suffices. Of these the
// one with the greatest silhouette is chosen, the least of equals.
//
// Long tails pass for structure, since no cloud has them: take logarithms or roots of such columns first. The work is
// that of about 120 times k-means and 80 times silhouettes, of a thousand points for each k: some seconds.
//
// Choose returns a *DataError if an option is outside of its bounds, or there are fewer distinct points than Most, also
// in a resample.
func (p *Points) Choose(o Choosing) (Choice, error) {
	o, err := o.complete()
	if err != nil {
		return Choice{}, err
	}
	if p.n > o.Rows {
		p = p.take(p.sample(o.Rows, rand.NewPCG(o.Seed, streams)))
	}
	if p.n <= o.Most {
		return Choice{}, wrong("table", "has %d points, which must be more than the greatest k, %d", p.n, o.Most)
	}
	fits, err := o.fit(p)
	if err != nil {
		return Choice{}, err
	}
	out := Choice{Points: p.n, Verdict: NoBetter}
	own := o.silhouettes(p, fits)
	for i, f := range fits {
		out.Candidates = append(out.Candidates, Candidate{K: i + 2, Inertia: f.inertia, Silhouette: own[i]})
	}
	shape := newCloud(p)
	for _, normal := range []bool{true, false} {
		clouds, err := o.against(shape, normal)
		if err != nil {
			return Choice{}, err
		}
		all := append([][]float64{own}, clouds...)
		out.P = max(out.P, standOut(all))
		for i := range out.Candidates {
			c := &out.Candidates[i]
			above, mean := share(all, i)
			c.P = max(c.P, above)
			if normal {
				c.Normal = mean
			} else {
				c.Even = mean
			}
		}
	}
	if err := o.resample(p, fits, out.Candidates); err != nil {
		return Choice{}, err
	}
	out.decide(o)
	return out, nil
}

func (o Choosing) complete() (Choosing, error) {
	o.Most, o.Rows, o.Starts, o.Draws = cmp.Or(o.Most, 8), cmp.Or(o.Rows, 1000), cmp.Or(o.Starts, 5), cmp.Or(o.Draws, 39)
	o.Level, o.Stability = cmp.Or(o.Level, 0.05), cmp.Or(o.Stability, 0.75)
	switch {
	case o.Most < 2 || o.Most > 50:
		return o, wrong("most", "must be 2 to 50, not %d", o.Most)
	case o.Rows < 3 || o.Rows > 100_000:
		return o, wrong("rows", "must be 3 to 100000, not %d", o.Rows)
	case o.Starts < 0:
		return o, wrong("starts", "must be at least 0, not %d", o.Starts)
	case o.Draws < 19 || o.Draws > 10_000:
		return o, wrong("draws", "must be 19 to 10000, not %d", o.Draws)
	case !(o.Level > 0 && o.Level < 1):
		return o, wrong("level", "must be above 0 and below 1, not %v", o.Level)
	case float64(o.Draws+1)*o.Level < 1:
		return o, wrong("level", "%v can't be reached with %d draws", o.Level, o.Draws)
	case !(o.Stability > 0 && o.Stability <= 1):
		return o, wrong("stability", "must be above 0 and at most 1, not %v", o.Stability)
	}
	return o, nil
}

// A fit is k-means for one k.
type fit struct {
	grouping
	centers *centers
	inertia float64
}

// fit clusters points for each k.
func (o *Choosing) fit(p *Points) ([]fit, error) {
	var out []fit
	for k := 2; k <= o.Most; k++ {
		best, c, err := p.best(k, Options{Seed: o.Seed, Starts: o.Starts})
		if err != nil {
			return nil, err
		}
		out = append(out, fit{grouping{best.labels, k}, best.centers, c.Inertia})
	}
	return out, nil
}

func (o *Choosing) silhouettes(p *Points, fits []fit) []float64 {
	var of []grouping
	for _, f := range fits {
		of = append(of, f.grouping)
	}
	var out []float64
	for _, values := range p.silhouettes(of) {
		mean, _ := stat.Mean(values)
		out = append(out, mean)
	}
	return out
}

// against returns the silhouettes of clouds of one kind.
func (o *Choosing) against(shape *cloud, normal bool) ([][]float64, error) {
	var out [][]float64
	for draw := range o.Draws {
		stream := streams + uint64(2*draw+1)
		if normal {
			stream++
		}
		drawn := shape.draw(normal, rand.NewPCG(o.Seed, stream))
		fits, err := o.fit(drawn)
		if err != nil {
			return nil, err
		}
		out = append(out, o.silhouettes(drawn, fits))
	}
	return out, nil
}

// standOut returns the share of tables of which some k stands out at least as far as the best one of the first table.
// The first is among those that mean and deviation are of, and among those that are counted: if it has no structure, it is
// one of many alike, and the share is at most p with a chance of at most p.
func standOut(all [][]float64) float64 {
	best := make([]float64, len(all))
	for i := range best {
		best[i] = math.Inf(-1)
	}
	column := make([]float64, len(all))
	for k := range all[0] {
		for i, of := range all {
			column[i] = of[k]
		}
		mean, sd, ok := stat.MeanSD(column)
		for i, s := range column {
			if ok && sd > 0 {
				best[i] = max(best[i], (s-mean)/sd)
			}
		}
	}
	above := 0
	for _, b := range best {
		if b >= best[0] {
			above++
		}
	}
	return float64(above) / float64(len(all))
}

// share returns the share of tables whose silhouette is at least that of the first one, and the mean of the others.
func share(all [][]float64, k int) (p, mean float64) {
	above := 0
	for i, of := range all {
		if of[k] >= all[0][k] {
			above++
		}
		if i > 0 {
			mean += of[k] / float64(len(all)-1)
		}
	}
	return float64(above) / float64(len(all)), mean
}

// resample fills in the stabilities.
func (o *Choosing) resample(p *Points, fits []fit, into []Candidate) error {
	resampler, drawn := stat.NewResampler(o.Seed), make([]uint32, p.n)
	labels := make([]int32, p.n)
	for range o.Draws {
		resampler.Draw(drawn, p.n)
		again, err := o.fit(p.take(drawn))
		if err != nil {
			return err
		}
		for i, f := range again {
			for q := range labels {
				best, _, _ := f.centers.nearest(p.at(q))
				labels[q] = int32(best)
			}
			c := cross(fits[i].labels, labels)
			into[i].Stability += c.adjustedRand()
		}
	}
	for i := range into {
		into[i].Stability /= float64(o.Draws)
	}
	return nil
}

func (c *Choice) decide(o Choosing) {
	if c.P > o.Level {
		return
	}
	best := math.Inf(-1)
	for _, x := range c.Candidates {
		if x.P > o.Level {
			continue
		}
		if c.Verdict == NoBetter {
			c.Verdict = Unstable
		}
		if x.Stability >= o.Stability && x.Silhouette > best {
			best, c.K, c.Verdict = x.Silhouette, x.K, Structure
		}
	}
}
