package cluster

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/customersuccess-go/customersuccess/segment"
)

// A grower splits rows into boxes, each of one cluster.
type grower struct {
	table   Table
	labels  []int
	centers [][]float64
	k       int
	root    []int32   // rows with a label
	spread  []float64 // of each column
	leaves  []*leaf
}

// A leaf is a box and the rows in it.
type leaf struct {
	box    box
	orders [][]int32 // for each column the rows by rising value, then by row
	label  int       // of the cluster that it stands for
}

// A box holds what is at least low and below high in every column.
type box struct{ low, high []float64 }

// A split sends rows of a leaf that are below a threshold of a column to the left.
type split struct {
	column    int
	threshold float64
	score     int     // rows that it costs or gains
	gap       float64 // about the threshold, as a share of the column's range
}

func newGrower(t Table, c Clustering, naming Naming) (*grower, error) {
	n, err := t.rows()
	if err != nil {
		return nil, err
	}
	if len(c.Labels) != n {
		return nil, wrong("labels", "are %d, not one to each of %d rows", len(c.Labels), n)
	}
	g := &grower{table: t, labels: c.Labels, centers: c.Centers, k: len(c.Centers)}
	if err := naming.check(g.k); err != nil {
		return nil, err
	}
	for i, center := range c.Centers {
		if len(center) != len(t.Columns) {
			return nil, wrong(fmt.Sprint("centre ", i), "has %d numbers, not %d", len(center), len(t.Columns))
		}
		for j, x := range center {
			if !(math.Abs(x) <= largest) {
				return nil, wrong(fmt.Sprintf("centre %d, column %q", i, t.Columns[j].Name), "is %v, not a number up to 2^53", x)
			}
		}
	}
	for i, label := range c.Labels {
		if label >= g.k {
			return nil, wrong(fmt.Sprint("label of row ", i), "is %d, and there are %d centres", label, g.k)
		}
		if label < 0 {
			continue
		}
		for j, column := range t.Columns {
			if x := g.value(int32(i), j); !(math.Abs(x) <= largest) {
				return nil, wrong(place(i, column.Name), "is %v, not a number up to 2^53", x)
			}
		}
		g.root = append(g.root, int32(i))
	}
	if len(g.root) == 0 {
		return nil, wrong("labels", "have points in fewer than two clusters")
	}
	g.leaves = []*leaf{g.whole()}
	for j, order := range g.leaves[0].orders {
		g.spread = append(g.spread, g.value(order[len(order)-1], j)-g.value(order[0], j))
	}
	return g, nil
}

func (g *grower) value(row int32, column int) float64 {
	return g.table.Values[int(row)*len(g.table.Columns)+column]
}

// whole returns the leaf of all rows.
func (g *grower) whole() *leaf {
	d := len(g.table.Columns)
	l := &leaf{box: box{slices.Repeat([]float64{math.Inf(-1)}, d), slices.Repeat([]float64{math.Inf(1)}, d)}}
	for j := range d {
		order := slices.Clone(g.root)
		slices.SortFunc(order, func(a, b int32) int {
			return cmp.Or(cmp.Compare(g.value(a, j), g.value(b, j)), cmp.Compare(a, b))
		})
		l.orders = append(l.orders, order)
	}
	return l
}

// divide returns the two parts of a leaf.
func (g *grower) divide(l *leaf, s split) (left, right *leaf) {
	left, right = &leaf{label: l.label}, &leaf{label: l.label}
	left.box = box{slices.Clone(l.box.low), slices.Clone(l.box.high)}
	right.box = box{slices.Clone(l.box.low), slices.Clone(l.box.high)}
	left.box.high[s.column], right.box.low[s.column] = s.threshold, s.threshold
	for _, order := range l.orders {
		var below, above []int32
		for _, row := range order {
			if g.value(row, s.column) < s.threshold {
				below = append(below, row)
			} else {
				above = append(above, row)
			}
		}
		left.orders, right.orders = append(left.orders, below), append(right.orders, above)
	}
	return left, right
}

// separate splits until each leaf has the centre of one cluster. Dasgupta, Frost, Moshkovitz and Rashtchian, Explainable
// k-means and k-medians clustering (2020), algorithm 1.
func (g *grower) separate() error {
	count := make([]int, g.k)
	for _, row := range g.root {
		count[g.labels[row]]++
	}
	var all []int
	for label, n := range count {
		if n > 0 {
			all = append(all, label)
		}
	}
	if len(all) < 2 {
		return wrong("labels", "have points in fewer than two clusters")
	}
	leaves, err := g.grow(g.leaves[0], all)
	if err != nil {
		return err
	}
	g.leaves = leaves
	return nil
}

// grow splits a leaf until each part has one of some centres, and returns the parts.
func (g *grower) grow(l *leaf, of []int) ([]*leaf, error) {
	if len(of) == 1 {
		l.label = of[0]
		return []*leaf{l}, nil
	}
	s, ok := g.cut(l, of)
	if !ok {
		return nil, wrong(fmt.Sprint("centre ", of[1]), "equals centre %d", of[0])
	}
	var below, above []int
	for _, c := range of {
		if g.centers[c][s.column] < s.threshold {
			below = append(below, c)
		} else {
			above = append(above, c)
		}
	}
	left, right := g.divide(l, s)
	low, err := g.grow(left, below)
	if err != nil {
		return nil, err
	}
	high, err := g.grow(right, above)
	return append(low, high...), err
}

// cut returns the split that parts the fewest rows from their centres, of rows that are with their centre still. It goes
// along each column past rows and centres, and counts as lost whatever is on another side than its centre. It reports
// whether some column tells the centres apart.
func (g *grower) cut(l *leaf, of []int) (best split, ok bool) {
	here := make([]bool, g.k)
	for _, c := range of {
		here[c] = true
	}
	total, left, passed := make([]int, g.k), make([]int, g.k), make([]bool, g.k)
	for _, row := range l.orders[0] {
		total[g.labels[row]]++
	}
	for j, order := range l.orders {
		clear(left)
		clear(passed)
		middles := slices.SortedFunc(slices.Values(of), func(a, b int) int {
			return cmp.Compare(g.centers[a][j], g.centers[b][j])
		})
		lost, i := 0, 0 // all centres are on the right, and so are their rows
		for m := 0; m < len(middles); {
			at := g.centers[middles[m]][j] // the next value of a row or a centre
			if i < len(order) {
				at = min(at, g.value(order[i], j))
			}
			for ; i < len(order) && g.value(order[i], j) <= at; i++ {
				switch c := g.labels[order[i]]; {
				case !here[c]:
				case passed[c]:
					lost--
				default:
					lost++
				}
				left[g.labels[order[i]]]++
			}
			for ; m < len(middles) && g.centers[middles[m]][j] <= at; m++ {
				c := middles[m]
				lost += total[c] - 2*left[c] // lost were those on the left, and now those on the right
				passed[c] = true
			}
			if m == 0 || m == len(middles) {
				continue
			}
			next := g.centers[middles[m]][j]
			if i < len(order) {
				next = min(next, g.value(order[i], j))
			}
			// Between at and next nothing changes sides.
			s := split{column: j, score: lost, gap: (next - at) / g.spread[j]}
			if !ok || s.score < best.score || s.score == best.score && s.gap > best.gap {
				s.threshold = brief(at, next)
				best, ok = s, true
			}
		}
	}
	return best, ok
}

// refine makes the split that gains the most rows, of equals the first: one part of a leaf goes to the cluster that gains
// most by it, and the other stays, so that no cluster loses its last leaf. It reports whether any split gains.
func (g *grower) refine() bool {
	var best split
	from, label, leftward := -1, 0, false
	for i, l := range g.leaves {
		total := make([]int, g.k)
		for _, row := range l.orders[0] {
			total[g.labels[row]]++
		}
		left := make([]int, g.k)
		for j, order := range l.orders {
			clear(left)
			for q, row := range order[:max(0, len(order)-1)] {
				left[g.labels[row]]++ // rows up to here
				at, next := g.value(row, j), g.value(order[q+1], j)
				if at == next {
					continue
				}
				for c := range g.k {
					if c == l.label {
						continue
					}
					// What c gains less what the leaf's own cluster loses, if c gets the left or the right part.
					below := left[c] - left[l.label]
					above := total[c] - left[c] - (total[l.label] - left[l.label])
					if gain := max(below, above); gain > best.score {
						best = split{column: j, threshold: brief(at, next), score: gain}
						from, label, leftward = i, c, below >= above
					}
				}
			}
		}
	}
	if from < 0 {
		return false
	}
	left, right := g.divide(g.leaves[from], best)
	if leftward {
		left.label = label
	} else {
		right.label = label
	}
	g.leaves = slices.Replace(g.leaves, from, from+1, left, right)
	return true
}

// brief returns the number with the fewest digits that is above low and at most high.
func brief(low, high float64) float64 {
	middle := low + (high-low)/2
	for digits := range 17 {
		x, err := strconv.ParseFloat(strconv.FormatFloat(middle, 'g', digits+1, 64), 64)
		if err == nil && low < x && x <= high {
			return x + 0 // never −0
		}
	}
	return high
}

// text returns a box as a condition.
func (b *box) text(t Table) string {
	var parts []string
	for j, c := range t.Columns {
		if low := b.low[j]; !math.IsInf(low, -1) {
			parts = append(parts, fmt.Sprintf("%s >= %s", c.Name, segment.Number(low)))
		}
		if high := b.high[j]; !math.IsInf(high, 1) {
			parts = append(parts, fmt.Sprintf("%s < %s", c.Name, segment.Number(high)))
		}
	}
	return strings.Join(parts, " AND ")
}
