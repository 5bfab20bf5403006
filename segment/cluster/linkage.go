package cluster

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// A Linkage says how far apart two clusters are.
type Linkage string

// Linkages.
const (
	Ward     Linkage = "ward"     // what merging adds to the inertia: the root of twice that
	Average  Linkage = "average"  // the mean distance of their points
	Complete Linkage = "complete" // the greatest distance of their points
	Single   Linkage = "single"   // the least distance of their points
)

// mostLinked bounds the memory for distances: 400 MB.
const mostLinked = 10_000

// A Merge joins two clusters of a [Tree]. Points are clusters 0 to n − 1, and merge i makes cluster n + i.
type Merge struct {
	A      int     `json:"a"`      // below B
	B      int     `json:"b"`      // above A
	Height float64 `json:"height"` // how far apart they were, in coordinates; never falls from one merge to the next
	Size   int     `json:"size"`   // points of the new cluster
}

// A Tree is a hierarchy of clusters: n points and the n − 1 merges that make one cluster of them.
type Tree struct {
	Rows       []int   `json:"rows"`       // the table's row of each point
	TableRows  int     `json:"table_rows"` // how many rows the table has
	Merges     []Merge `json:"merges"`
	Cophenetic float64 `json:"cophenetic"` // of pairs: correlation of distance and height at which they meet, -1 to 1
}

// Link builds a hierarchy from single points upward. It is for up to 10 000 points: time grows as their square, and so do
// the memory, 8 bytes a pair. Of clusters equally near those with lower numbers merge.
//
// Link returns a *DataError if there are more points, or the linkage is none of those above.
func (p *Points) Link(by Linkage) (Tree, error) {
	switch by {
	case Ward, Average, Complete, Single:
	default:
		return Tree{}, wrong("linkage", "must be one of ward, average, complete, single, not %q", by)
	}
	if p.n == 0 {
		return Tree{}, wrong("table", "has no points")
	}
	if p.n > mostLinked {
		return Tree{}, wrong("table", "has %d points, over %d", p.n, mostLinked)
	}
	out := Tree{TableRows: p.rows, Merges: number(p.n, newChain(p, by).merges())}
	for _, row := range p.kept {
		out.Rows = append(out.Rows, int(row))
	}
	out.Cophenetic = p.cophenetic(out.Merges)
	return out, nil
}

// Cut returns the labels of the table's rows when the last merges are undone such that k clusters are left. Clusters are
// numbered by their first rows; rows that are no points have the label -1. It returns a *DataError if k is not 1 to the
// number of points, or t is not one that [Points.Link] makes.
func (t Tree) Cut(k int) ([]int, error) {
	n := len(t.Rows)
	if k < 1 || k > n {
		return nil, wrong("k", "must be 1 to %d, not %d", n, k)
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	above := make([]int, 2*n-1) // the cluster that each is merged into, itself if into none
	for i := range above {
		above[i] = i
	}
	for i, m := range t.Merges[:n-k] {
		above[m.A], above[m.B] = n+i, n+i
	}
	for i := len(above) - 1; i >= 0; i-- {
		above[i] = above[above[i]]
	}
	out := make([]int, t.TableRows)
	for i := range out {
		out[i] = -1
	}
	numbers, next := make([]int, len(above)), 0 // 1 and up
	for i, row := range t.Rows {
		top := above[i]
		if numbers[top] == 0 {
			next++
			numbers[top] = next
		}
		out[row] = numbers[top] - 1
	}
	return out, nil
}

// check says what keeps a tree that came from elsewhere from being cut.
func (t *Tree) check() error {
	n := len(t.Rows)
	if len(t.Merges) != n-1 {
		return wrong("tree", "has %d merges of %d points", len(t.Merges), n)
	}
	for i, m := range t.Merges {
		if m.A < 0 || m.A >= m.B || m.B >= n+i {
			return wrong(fmt.Sprint("merge ", i), "is of %d and %d", m.A, m.B)
		}
	}
	if t.TableRows > mostRows {
		return wrong("tree", "has %d rows, over %d", t.TableRows, mostRows)
	}
	for i, row := range t.Rows {
		if row < 0 || row >= t.TableRows {
			return wrong(fmt.Sprint("point ", i), "is row %d of %d", row, t.TableRows)
		}
	}
	return nil
}

// A chain is the nearest-neighbour chain algorithm: it follows nearest neighbours until two are each other's, and merges
// these. No merge brings a third cluster nearer than the nearer of the two was, so that the rest of the chain stays one,
// and the merges, put in the order of their heights, are those of always merging the two nearest clusters.
type chain struct {
	by    Linkage
	n     int
	apart []float64 // of clusters i < j at j(j−1)/2 + i
	size  []int     // 0 for a cluster that was merged into another
}

func newChain(p *Points, by Linkage) *chain {
	c := &chain{by: by, n: p.n, apart: make([]float64, 0, p.n*(p.n-1)/2), size: make([]int, p.n)}
	for i := range p.n {
		c.size[i] = 1
		for q := range i {
			c.apart = append(c.apart, math.Sqrt(squared(p.at(i), p.at(q))))
		}
	}
	return c
}

func (c *chain) between(i, j int) *float64 {
	i, j = min(i, j), max(i, j)
	return &c.apart[j*(j-1)/2+i]
}

// merges returns the merges of clusters that keep the greater number of the two, in no order.
func (c *chain) merges() []Merge {
	var path []int
	var out []Merge
	for len(out) < c.n-1 {
		if len(path) == 0 {
			path = append(path, slices.IndexFunc(c.size, func(s int) bool { return s > 0 }))
		}
		for {
			top, near, least := path[len(path)-1], -1, math.Inf(1)
			if len(path) > 1 { // of equals the one before, or the path might go in circles
				near = path[len(path)-2]
				least = *c.between(top, near)
			}
			for i, size := range c.size {
				if size > 0 && i != top {
					if d := *c.between(top, i); d < least {
						near, least = i, d
					}
				}
			}
			if len(path) > 1 && near == path[len(path)-2] {
				path = path[:len(path)-2]
				out = append(out, c.merge(min(top, near), max(top, near), least))
				break
			}
			path = append(path, near)
		}
	}
	return out
}

// merge merges a into b by the formula of Lance and Williams.
func (c *chain) merge(a, b int, height float64) Merge {
	na, nb := float64(c.size[a]), float64(c.size[b])
	for i, size := range c.size {
		if size == 0 || i == a || i == b {
			continue
		}
		to, from := c.between(b, i), *c.between(a, i)
		switch n := float64(size); c.by {
		case Single:
			*to = min(*to, from)
		case Complete:
			*to = max(*to, from)
		case Average:
			*to = (float64(na*from) + float64(nb**to)) / (na + nb)
		case Ward:
			all := na + nb + n
			*to = math.Sqrt(max(0, float64((na+n)/all*from*from)+float64((nb+n)/all**to**to)-float64(n/all*height*height)))
		}
	}
	c.size[b] += c.size[a]
	c.size[a] = 0
	return Merge{A: a, B: b, Height: height, Size: c.size[b]}
}

// number puts merges into the order of their heights and gives clusters the numbers of a Tree.
func number(n int, merges []Merge) []Merge {
	slices.SortStableFunc(merges, func(a, b Merge) int { return cmp.Compare(a.Height, b.Height) })
	above, size := make([]int, 2*n-1), make([]int, 2*n-1)
	for i := range above {
		above[i], size[i] = i, 1
	}
	top := func(i int) int {
		for above[i] != i {
			above[i] = above[above[i]]
			i = above[i]
		}
		return i
	}
	for i := range merges {
		m := &merges[i]
		a, b := top(m.A), top(m.B)
		m.A, m.B = min(a, b), max(a, b)
		above[a], above[b] = n+i, n+i
		m.Size = size[a] + size[b]
		size[n+i] = m.Size
	}
	return merges
}

// cophenetic correlates the distances of pairs with the heights at which they meet.
func (p *Points) cophenetic(merges []Merge) float64 {
	pairs := float64(p.n) * float64(p.n-1) / 2
	var md, mh, both, dd, hh float64
	p.meet(merges, func(d, h float64) {
		md += d / pairs
		mh += h / pairs
	})
	p.meet(merges, func(d, h float64) {
		x, y := d-md, h-mh
		both += float64(x * y)
		dd += float64(x * x)
		hh += float64(y * y)
	})
	if dd == 0 || hh == 0 {
		return 0
	}
	return both / (math.Sqrt(dd) * math.Sqrt(hh))
}

// meet visits the distance of each pair of points and the height at which they meet.
func (p *Points) meet(merges []Merge, visit func(distance, height float64)) {
	members := make([][]int32, p.n, 2*p.n)
	for i := range members {
		members[i] = []int32{int32(i)}
	}
	for _, m := range merges {
		for _, i := range members[m.A] {
			for _, q := range members[m.B] {
				visit(math.Sqrt(squared(p.at(int(i)), p.at(int(q)))), m.Height)
			}
		}
		members = append(members, slices.Concat(members[m.A], members[m.B]))
		members[m.A], members[m.B] = nil, nil
	}
}
