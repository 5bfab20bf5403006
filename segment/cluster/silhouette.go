package cluster

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// Silhouettes say how well rows fit into their clusters: (b − a) / max(a, b), where a is the mean distance from the other
// points of the own cluster, and b the least mean distance from those of another one. It is 1 at best, below 0 for a point
// that is nearer to another cluster, and 0 for the only point of a cluster.
type Silhouettes struct {
	Rows   []int     `json:"rows"`   // of the table, rising: all points, or those that were drawn
	Values []float64 `json:"values"` // of each of Rows, -1 to 1
	Mean   float64   `json:"mean"`   // -1 to 1
	Error  float64   `json:"error"`  // standard error of Mean that drawing makes; 0 if all points are in Rows
}

// Silhouettes returns those of all points, or of so many drawn from a seed without replacement if sample is above 0 and
// below the number of points. The drawn are measured from all points, so that their mean is an estimate without bias. Time
// grows as points times points, or times drawn ones: of a million points of ten columns, a drawn one takes about 10 ms.
//
// Labels are those of the table's rows, such as Clustering.Labels; those of rows that were left out are not read.
// Silhouettes returns a *DataError if sample is below 0, there is no label for each row, a label is not 0 to the number of
// rows, or fewer than two clusters have points.
func (p *Points) Silhouettes(labels []int, sample int, seed uint64) (Silhouettes, error) {
	if sample < 0 {
		return Silhouettes{}, wrong("sample", "must be at least 0, not %d", sample)
	}
	dense, k, err := p.grouped(labels)
	if err != nil {
		return Silhouettes{}, err
	}
	var drawn []uint32
	var values []float64
	if sample == 0 || sample >= p.n {
		for i := range p.n {
			drawn = append(drawn, uint32(i))
		}
		values = p.silhouettes([]grouping{{dense, k}})[0]
	} else {
		drawn = p.sample(sample, rand.NewPCG(seed, 0))
		sums, sizes := make([]float64, k), grouping{dense, k}.sizes()
		for _, i := range drawn {
			clear(sums)
			for q, label := range dense {
				sums[label] += math.Sqrt(squared(p.at(int(i)), p.at(q)))
			}
			values = append(values, silhouette(sums, sizes, int(dense[i])))
		}
	}
	out := Silhouettes{Values: values}
	for _, i := range drawn {
		out.Rows = append(out.Rows, int(p.kept[i]))
	}
	out.Mean, _ = stat.Mean(values)
	if n, all := float64(len(values)), float64(p.n); len(values) < p.n {
		if _, sd, ok := stat.MeanSD(values); ok {
			out.Error = sd * math.Sqrt((all-n)/(all*n))
		}
	}
	return out, nil
}

// A grouping is labels of points, 0 to k − 1.
type grouping struct {
	labels []int32
	k      int
}

func (g grouping) sizes() []int {
	out := make([]int, g.k)
	for _, label := range g.labels {
		out[label]++
	}
	return out
}

// grouped reads labels and closes the gaps that labels without points leave. There are two clusters or more.
func (p *Points) grouped(labels []int) ([]int32, int, error) {
	read, _, err := p.given(labels)
	if err != nil {
		return nil, 0, err
	}
	dense, k := compact(read)
	if k < 2 {
		return nil, 0, wrong("labels", "have points in fewer than two clusters")
	}
	return dense, k, nil
}

// compact numbers labels anew, in their order and without gaps, and returns how many there are.
func compact(labels []int32) ([]int32, int) {
	known := slices.Compact(slices.Sorted(slices.Values(labels)))
	out := make([]int32, len(labels))
	for i, label := range labels {
		at, _ := slices.BinarySearch(known, label)
		out[i] = int32(at)
	}
	return out, len(known)
}

// sample draws so many points without replacement, in rising order. Vitter, Random sampling with a reservoir, ACM
// Transactions on Mathematical Software 11 (1985), algorithm R.
func (p *Points) sample(size int, source *rand.PCG) []uint32 {
	out := make([]uint32, size)
	for i := range p.n {
		at := i
		if i >= size {
			at = int(float64(uniform(source) * float64(i+1)))
		}
		if at < size {
			out[at] = uint32(i)
		}
	}
	slices.Sort(out)
	return out
}

// silhouettes returns those of all points under each of several groupings, which share the distances.
func (p *Points) silhouettes(of []grouping) [][]float64 {
	sums, sizes, out := make([][]float64, len(of)), make([][]int, len(of)), make([][]float64, len(of))
	for g := range of {
		sums[g], sizes[g], out[g] = make([]float64, p.n*of[g].k), of[g].sizes(), make([]float64, p.n)
	}
	for i := range p.n {
		for q := range i {
			d := math.Sqrt(squared(p.at(i), p.at(q)))
			for g := range of {
				labels, k := of[g].labels, of[g].k
				sums[g][i*k+int(labels[q])] += d
				sums[g][q*k+int(labels[i])] += d
			}
		}
	}
	for g := range of {
		k := of[g].k
		for i, label := range of[g].labels {
			out[g][i] = silhouette(sums[g][i*k:(i+1)*k], sizes[g], int(label))
		}
	}
	return out
}

// silhouette returns that of a point from the sums of its distances from the points of each cluster.
func silhouette(sums []float64, sizes []int, own int) float64 {
	if sizes[own] == 1 {
		return 0
	}
	within, next := sums[own]/float64(sizes[own]-1), math.Inf(1)
	for c, sum := range sums {
		if c != own && sizes[c] > 0 {
			next = min(next, sum/float64(sizes[c]))
		}
	}
	if most := max(within, next); most > 0 && !math.IsInf(next, 1) {
		return (next - within) / most
	}
	return 0
}
