package cluster

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// Indices are numbers about a clustering that compare it with others of the same points.
type Indices struct {
	Inertia          float64  `json:"inertia"`                     // sum of squared distances from the means of clusters
	DaviesBouldin    *float64 `json:"davies_bouldin,omitempty"`    // at least 0, lower is better; nil if two means are (almost) equal
	CalinskiHarabasz *float64 `json:"calinski_harabasz,omitempty"` // at least 0, higher is better; nil if Inertia is (almost) 0
}

// Indices computes them. Errors are those of [Points.Silhouettes]; besides, there must be fewer clusters than points.
func (p *Points) Indices(labels []int) (Indices, error) {
	dense, k, err := p.grouped(labels)
	if err != nil {
		return Indices{}, err
	}
	if k == p.n {
		return Indices{}, wrong("labels", "have one point in each cluster")
	}
	total := newSums(p, k)
	for i, label := range dense {
		total.add(p.at(i), int(label))
	}
	means := newCenters(k, p.d)
	for c := range k {
		total.mean(c, means.at(c))
	}
	whole := newSums(p, 1)
	for i := range p.n {
		whole.add(p.at(i), 0)
	}
	middle := make([]float64, p.d)
	whole.mean(0, middle)

	apart := make([]float64, p.n) // squared distances from the points to their means
	spread := make([]float64, k)  // mean distances, unsquared, of each cluster
	for i, label := range dense {
		apart[i] = squared(p.at(i), means.at(int(label)))
		spread[label] += math.Sqrt(apart[i]) / float64(total.count[label])
	}
	within, _ := stat.Sum(apart)
	between := 0.0
	for c := range k {
		between += float64(float64(total.count[c]) * squared(means.at(c), middle))
	}
	out := Indices{Inertia: within, DaviesBouldin: neighbours(means, spread)}
	if within > 0 {
		out.CalinskiHarabasz = finite(between / float64(k-1) / (within / float64(p.n-k)))
	}
	return out, nil
}

// finite returns a number, or nil if it has overflowed.
func finite(x float64) *float64 {
	if math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// neighbours returns the mean over clusters of the spread that a cluster and another one have, as a share of the distance
// of their means, where that is greatest. It is nil if two means are equal.
func neighbours(means *centers, spread []float64) *float64 {
	sum := 0.0
	for a := range means.k {
		worst := 0.0
		for b := range means.k {
			if a == b {
				continue
			}
			d := math.Sqrt(squared(means.at(a), means.at(b)))
			if d == 0 {
				return nil
			}
			worst = max(worst, (spread[a]+spread[b])/d)
		}
		sum += worst / float64(means.k)
	}
	return finite(sum)
}
