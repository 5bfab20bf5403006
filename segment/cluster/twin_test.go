package cluster_test

import (
	"fmt"
	"math"
	"math/big"
	"math/bits"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

// random makes rows: on a lattice, where distances tie, about some centres, or with huge and tiny columns.
func random(r *rand.Rand) [][]float64 {
	n, d, kind := 1+r.IntN(60), 1+r.IntN(6), r.IntN(4)
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, d)
		about := float64(r.IntN(3) * 4)
		for j := range rows[i] {
			switch kind {
			case 0:
				rows[i][j] = float64(r.IntN(4))
			case 1:
				rows[i][j] = about + r.NormFloat64()
			case 2:
				rows[i][j] = math.Ldexp(r.NormFloat64(), 12*(j%4)-20)
			default:
				rows[i][j] = 1e9 + r.Float64()
			}
		}
	}
	return rows
}

func named(d int) []string {
	var out []string
	for j := range d {
		out = append(out, fmt.Sprint("x", j))
	}
	return out
}

// A plain is Lloyd's algorithm that looks at all rows in all passes and sums anew in each.
type plain struct {
	rows, centers [][]float64
	labels        []int
	count         []int
}

func apart(a, b []float64) float64 {
	sum := 0.0
	for j := range a {
		sum += float64((a[j] - b[j]) * (a[j] - b[j]))
	}
	return sum
}

func (p *plain) assign() (changed bool) {
	p.count = make([]int, len(p.centers))
	for i, row := range p.rows {
		best := 0
		for c := range p.centers {
			if apart(row, p.centers[c]) < apart(row, p.centers[best]) {
				best = c
			}
		}
		changed = changed || p.labels[i] != best
		p.labels[i] = best
		p.count[best]++
	}
	return changed
}

// fill reports false if a cluster stays empty.
func (p *plain) fill() bool {
	used := make([]bool, len(p.rows))
	for c := range p.centers {
		if p.count[c] > 0 {
			continue
		}
		best, most := -1, 0.0
		for i, row := range p.rows {
			if d := apart(row, p.centers[p.labels[i]]); d > 0 && d >= most && !used[i] && p.count[p.labels[i]] > 1 {
				best, most = i, d
			}
		}
		if best < 0 {
			return false
		}
		used[best] = true
		p.count[p.labels[best]]--
		p.count[c]++
		p.labels[best] = c
	}
	return true
}

// shift moves centres to the means on the grid that the package comment states.
func (p *plain) shift() {
	for j := range p.rows[0] {
		low, high := p.rows[0][j], p.rows[0][j]
		for _, row := range p.rows {
			low, high = min(low, row[j]), max(high, row[j])
		}
		middle := low + (high-low)/2
		_, e := math.Frexp(max(high-middle, middle-low))
		e = 61 - bits.Len(uint(len(p.rows))) - e
		totals := make([]int64, len(p.centers))
		for i, row := range p.rows {
			totals[p.labels[i]] += int64(math.RoundToEven(math.Ldexp(row[j]-middle, e)))
		}
		for c, total := range totals {
			mean := middle + math.Ldexp(float64(total)/float64(p.count[c]), -e)
			p.centers[c][j] = min(max(mean, low), high)
		}
	}
}

func (p *plain) run(passes int) (done int, converged, ok bool) {
	p.labels = slices.Repeat([]int{-1}, len(p.rows))
	p.assign()
	for done = 1; ; done++ {
		if !p.fill() {
			return done, false, false
		}
		p.shift()
		if !p.assign() {
			return done + 1, true, true
		}
		if done == passes {
			return done, false, true
		}
	}
}

// inertia is exact and then rounded once.
func (p *plain) inertia() float64 {
	sum := new(big.Float).SetPrec(2200)
	for i, row := range p.rows {
		sum.Add(sum, new(big.Float).SetFloat64(apart(row, p.centers[p.labels[i]])))
	}
	out, _ := sum.Float64()
	return out
}

// TestPlain holds k-means to the algorithm without bounds, to the bit, from starts that may leave clusters empty.
func TestPlain(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	ran, refused, filled := 0, 0, 0
	for round := range 2500 {
		rows := random(r)
		k := 1 + r.IntN(min(len(rows), 11))
		var from [][]float64
		for range k {
			c := slices.Clone(rows[r.IntN(len(rows))])
			if r.IntN(3) == 0 { // somewhere else
				for j := range c {
					c[j] += r.NormFloat64()
				}
			}
			from = append(from, c)
		}
		passes := 1 + r.IntN(30)
		p := prepare(t, tableOf(t, rows, named(len(rows[0]))...), cluster.Scaling{Scale: cluster.Unscaled})
		if len(p.Constant()) > 0 {
			continue
		}
		twin := plain{rows: rows}
		for _, c := range from {
			twin.centers = append(twin.centers, slices.Clone(c))
		}
		done, converged, ok := twin.run(passes)
		got, err := p.KMeans(k, cluster.Options{From: from, Passes: passes})
		if ok != (err == nil) {
			t.Fatalf("round %d: %v, want an answer: %v", round, err, ok)
		}
		if !ok {
			refused++
			continue
		}
		ran++
		if slices.Contains(twin.count, 0) {
			filled++
		}
		want := cluster.Clustering{Labels: twin.labels, Sizes: twin.count, Centers: twin.centers, Scaled: twin.centers,
			Inertia: twin.inertia(), Iterations: done, Converged: converged}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("round %d (-want +got):\n%s", round, diff)
		}
	}
	if ran < 1500 || refused < 50 {
		t.Errorf("%d compared, %d refused, %d with an empty cluster at the end", ran, refused, filled)
	}
}

// TestManyRows holds a larger table, with more clusters than fours, to the algorithm without bounds.
func TestManyRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	rows := make([][]float64, 6000)
	for i := range rows {
		rows[i] = make([]float64, 5)
		for j := range rows[i] {
			rows[i][j] = 1.5*float64(r.IntN(3)) + r.NormFloat64()
		}
	}
	p := prepare(t, tableOf(t, rows, named(5)...), cluster.Scaling{Scale: cluster.Unscaled})
	twin := plain{rows: rows}
	for c := range 13 {
		twin.centers = append(twin.centers, slices.Clone(rows[c]))
	}
	got := must[cluster.Clustering](t)(p.KMeans(13, cluster.Options{From: rows[:13]}))
	done, _, _ := twin.run(1000)
	if got.Iterations != done || done < 20 {
		t.Errorf("%d passes, want %d, and many", got.Iterations, done)
	}
	if !slices.Equal(got.Labels, twin.labels) || got.Inertia != twin.inertia() {
		t.Error("labels or inertia differ")
	}
}

// TestSilhouettes holds silhouettes to their definition, and drawn ones to those of all rows.
func TestSilhouettes(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		rows := random(r)
		labels := make([]int, len(rows))
		for i := range labels {
			labels[i] = r.IntN(len(rows))
		}
		p := prepare(t, tableOf(t, rows, named(len(rows[0]))...), cluster.Scaling{Scale: cluster.Unscaled})
		got, err := p.Silhouettes(labels, 0, 0)
		if known := slices.Compact(slices.Sorted(slices.Values(labels))); len(known) < 2 {
			if err == nil {
				t.Fatal("one cluster has silhouettes")
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			within(t, "silhouette", got.Values[i], silhouetteOf(rows, labels, i), 1e-6)
		}
		some := must[cluster.Silhouettes](t)(p.Silhouettes(labels, 1+r.IntN(len(rows)), 7))
		for q, row := range some.Rows {
			within(t, "drawn silhouette", some.Values[q], got.Values[row], 1e-9)
		}
	}
}

func silhouetteOf(rows [][]float64, labels []int, i int) float64 {
	sums, counts := make([]float64, len(rows)), make([]float64, len(rows))
	for q, row := range rows {
		if q != i {
			sums[labels[q]] += math.Sqrt(apart(rows[i], row))
			counts[labels[q]]++
		}
	}
	own, next := labels[i], math.Inf(1)
	if counts[own] == 0 {
		return 0
	}
	for c, n := range counts {
		if c != own && n > 0 {
			next = min(next, sums[c]/n)
		}
	}
	a := sums[own] / counts[own]
	if max(a, next) == 0 {
		return 0
	}
	return (next - a) / max(a, next)
}

// TestDrawnMean holds the mean of drawn silhouettes within four of their standard errors, and that error to what is seen.
func TestDrawnMean(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	rows := make([][]float64, 400)
	for i := range rows {
		rows[i] = []float64{float64(i%3) + r.NormFloat64()}
	}
	p := prepare(t, tableOf(t, rows, "x"), cluster.Scaling{})
	labels := must[cluster.Clustering](t)(p.KMeans(3, cluster.Options{})).Labels
	all := must[cluster.Silhouettes](t)(p.Silhouettes(labels, 0, 0))
	if all.Error != 0 {
		t.Errorf("error %v of all points", all.Error)
	}
	inside, seen, said := 0, 0.0, 0.0
	for seed := range uint64(400) {
		s := must[cluster.Silhouettes](t)(p.Silhouettes(labels, 100, seed))
		off := s.Mean - all.Mean
		if math.Abs(off) < 1.96*s.Error {
			inside++
		}
		seen += off * off / 400
		said += s.Error * s.Error / 400
	}
	if inside < 364 || inside > 396 { // 0.95 within four standard errors, or so
		t.Errorf("%d of 400 within 1.96 errors", inside)
	}
	within(t, "variance", seen/said, 1, 0.3)
}

// TestTreeTwin holds hierarchies to merging the two nearest clusters again and again, by distances from their points.
func TestTreeTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 60 {
		rows := make([][]float64, 2+r.IntN(25))
		for i := range rows {
			rows[i] = []float64{r.NormFloat64(), r.NormFloat64(), r.NormFloat64()}
		}
		p := prepare(t, tableOf(t, rows, named(3)...), cluster.Scaling{Scale: cluster.Unscaled})
		for _, by := range []cluster.Linkage{cluster.Ward, cluster.Average, cluster.Complete, cluster.Single} {
			got := must[cluster.Tree](t)(p.Link(by))
			want := naive(rows, by)
			for i, m := range got.Merges {
				within(t, string(by), m.Height, want[i].Height, 1e-9)
				if m.A != want[i].A || m.B != want[i].B || m.Size != want[i].Size {
					t.Fatalf("%s, merge %d: got %+v, want %+v", by, i, m, want[i])
				}
			}
			k := 1 + r.IntN(len(rows))
			labels := must[[]int](t)(got.Cut(k))
			if n := len(slices.Compact(slices.Sorted(slices.Values(labels)))); n != k || labels[0] != 0 {
				t.Fatalf("%s: %d clusters of %d: %v", by, n, k, labels)
			}
		}
	}
}

func naive(rows [][]float64, by cluster.Linkage) []cluster.Merge {
	type group struct{ id, members []int }
	var groups []group
	for i := range rows {
		groups = append(groups, group{[]int{i}, []int{i}})
	}
	mean := func(members []int) []float64 {
		out := make([]float64, len(rows[0]))
		for _, m := range members {
			for j, x := range rows[m] {
				out[j] += x / float64(len(members))
			}
		}
		return out
	}
	distance := func(a, b []int) float64 {
		if by == cluster.Ward {
			na, nb := float64(len(a)), float64(len(b))
			return math.Sqrt(2 * na * nb / (na + nb) * apart(mean(a), mean(b)))
		}
		least, most, sum := math.Inf(1), 0.0, 0.0
		for _, x := range a {
			for _, y := range b {
				d := math.Sqrt(apart(rows[x], rows[y]))
				least, most, sum = min(least, d), max(most, d), sum+d
			}
		}
		switch by {
		case cluster.Single:
			return least
		case cluster.Complete:
			return most
		}
		return sum / float64(len(a)*len(b))
	}
	var out []cluster.Merge
	for len(groups) > 1 {
		x, y, least := 0, 1, math.Inf(1)
		for i := range groups {
			for q := range i {
				if d := distance(groups[q].members, groups[i].members); d < least {
					x, y, least = q, i, d
				}
			}
		}
		a, b := groups[x], groups[y]
		joined := group{[]int{len(rows) + len(out)}, slices.Concat(a.members, b.members)}
		out = append(out, cluster.Merge{A: min(a.id[0], b.id[0]), B: max(a.id[0], b.id[0]), Height: least, Size: len(joined.members)})
		groups = append(slices.Delete(slices.Delete(groups, y, y+1), x, x+1), joined)
	}
	return out
}
