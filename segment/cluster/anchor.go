package cluster

import "slices"

// Anchor numbers the clusters of next such that they continue those of previous, a clustering of other rows of the same
// columns, such as last month's. The two whose centres are nearest get one number, then the nearest two of the others, of
// equals those with the lower numbers first. A cluster that continues none gets a new number. One of previous that has no
// continuation keeps its number and centre, with size 0. Distances are measured in the scale of p, which next is of.
//
// Anchor returns a *DataError if a clustering has no clusters, labels beyond them, or centres that are not one number up to
// 2^53 a column.
func (p *Points) Anchor(previous, next Clustering) (Clustering, error) {
	before, err := p.placed("previous", previous)
	if err != nil {
		return Clustering{}, err
	}
	after, err := p.placed("next", next)
	if err != nil {
		return Clustering{}, err
	}
	number, k := matched(before, after)
	out := next
	out.Labels, out.Sizes = slices.Clone(next.Labels), make([]int, k)
	out.Centers, out.Scaled = make([][]float64, k), make([][]float64, k)
	for i := range before.k {
		out.Centers[i], out.Scaled[i] = slices.Clone(previous.Centers[i]), slices.Clone(before.at(i))
	}
	for i, to := range number {
		out.Centers[to], out.Scaled[to] = slices.Clone(next.Centers[i]), slices.Clone(after.at(i))
	}
	for i, label := range next.Labels {
		if label >= 0 {
			out.Labels[i] = number[label]
			out.Sizes[number[label]]++
		}
	}
	return out, nil
}

// matched returns the number of each centre of after, and how many numbers there are.
func matched(before, after *centers) (number []int, k int) {
	const free = -1
	taken := make([]bool, before.k)
	number, k = slices.Repeat([]int{free}, after.k), before.k
	for range min(before.k, after.k) {
		from, to, least := free, free, 0.0
		for a := range before.k {
			for b := range after.k {
				if taken[a] || number[b] != free {
					continue
				}
				if d := squared(before.at(a), after.at(b)); from == free || d < least {
					from, to, least = a, b, d
				}
			}
		}
		taken[from], number[to] = true, from
	}
	for b := range number {
		if number[b] == free {
			number[b] = k
			k++
		}
	}
	return number, k
}

// placed returns the centres of a clustering as coordinates.
func (p *Points) placed(which string, c Clustering) (*centers, error) {
	k := len(c.Centers)
	if k == 0 || k > mostClusters {
		return nil, wrong(which, "has %d clusters, not 1 to %d", k, mostClusters)
	}
	if slices.ContainsFunc(c.Labels, func(label int) bool { return label >= k }) {
		return nil, wrong(which, "has a label that is no cluster's")
	}
	if err := p.checkCenters(which, c.Centers); err != nil {
		return nil, err
	}
	return p.coordinates(c.Centers), nil
}
