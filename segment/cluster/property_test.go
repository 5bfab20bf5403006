package cluster_test

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

// heaps makes rows about some centres, which stand apart by their distance in deviations.
func heaps(r *rand.Rand, n, d, k int, distance float64) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = make([]float64, d)
		for j := range rows[i] {
			rows[i][j] = r.NormFloat64()
			if i%k%d == j {
				rows[i][j] += distance * float64(1+i%k/d)
			}
		}
	}
	return rows
}

// TestOrder holds that from given centres the order of rows changes nothing, to the bit.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	for range 50 {
		rows := heaps(r, 500, 3, 4, 2)
		order := r.Perm(len(rows))
		var mixed [][]float64
		for _, i := range order {
			mixed = append(mixed, rows[i])
		}
		o := cluster.Options{From: rows[:4]}
		p, q := prepare(t, tableOf(t, rows, named(3)...), cluster.Scaling{}), prepare(t, tableOf(t, mixed, named(3)...), cluster.Scaling{})
		a, b := must[cluster.Clustering](t)(p.KMeans(4, o)), must[cluster.Clustering](t)(q.KMeans(4, o))
		back := make([]int, len(rows))
		for i, from := range order {
			back[from] = b.Labels[i]
		}
		b.Labels = back
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
}

// TestUnits holds that other units of a column, whose numbers a float64 has exactly, change no label.
func TestUnits(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for range 50 {
		rows := heaps(r, 300, 3, 3, 2)
		var other [][]float64
		for i, row := range rows {
			for j := range row {
				row[j] = math.Round(row[j]*1024) / 1024
			}
			other = append(other, []float64{row[0]*8 + 5, row[1] / 4, 3 - row[2]})
			rows[i] = row
		}
		for _, scale := range []cluster.Scale{cluster.ZScore, cluster.Range} {
			p := prepare(t, tableOf(t, rows, named(3)...), cluster.Scaling{Scale: scale})
			q := prepare(t, tableOf(t, other, named(3)...), cluster.Scaling{Scale: scale})
			a, b := must[cluster.Clustering](t)(p.KMeans(3, cluster.Options{From: rows[:3]})), must[cluster.Clustering](t)(q.KMeans(3, cluster.Options{From: other[:3]}))
			if diff := cmp.Diff(a.Labels, b.Labels); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", scale, diff)
			}
			within(t, "inertia", b.Inertia, a.Inertia, 1e-11)
			for c := range a.Centers {
				within(t, "centre", b.Centers[c][0], a.Centers[c][0]*8+5, 1e-11)
				within(t, "centre", b.Centers[c][2], 3-a.Centers[c][2], 1e-11)
			}
		}
	}
}

// TestWeights holds a weight to what it says: that of a column written so many times.
func TestWeights(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	rows := heaps(r, 200, 2, 3, 1.5)
	var thrice [][]float64
	for _, row := range rows {
		thrice = append(thrice, []float64{row[0], row[0], row[0], row[1]})
	}
	p := prepare(t, tableOf(t, rows, named(2)...), cluster.Scaling{Weights: []float64{3, 1}})
	q := prepare(t, tableOf(t, thrice, named(4)...), cluster.Scaling{})
	a, b := must[cluster.Clustering](t)(p.KMeans(3, cluster.Options{Seed: 1})), must[cluster.Clustering](t)(q.KMeans(3, cluster.Options{Seed: 1}))
	within(t, "inertia", a.Inertia, b.Inertia, 1e-10)
	if diff := cmp.Diff(b.Labels, a.Labels); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestMeans holds that centres are the means of their rows, each row is nearest to its own, and more starts are no worse.
func TestMeans(t *testing.T) {
	r := rand.New(rand.NewPCG(17, 18))
	for round := range uint64(100) {
		rows := heaps(r, 200, 3, 5, 2)
		p := prepare(t, tableOf(t, rows, named(3)...), cluster.Scaling{Scale: cluster.Unscaled})
		one := must[cluster.Clustering](t)(p.KMeans(5, cluster.Options{Seed: round, Starts: 1}))
		ten := must[cluster.Clustering](t)(p.KMeans(5, cluster.Options{Seed: round}))
		if ten.Inertia > one.Inertia {
			t.Fatalf("ten starts have the inertia %v, the first of them %v", ten.Inertia, one.Inertia)
		}
		if ten.Start > 0 {
			if first := must[cluster.Clustering](t)(p.KMeans(5, cluster.Options{Seed: round, Starts: ten.Start})); first.Inertia <= ten.Inertia {
				t.Fatalf("start %d is not the first of its inertia", ten.Start)
			}
		}
		for c, center := range ten.Centers {
			sum, n := make([]float64, 3), 0.0
			for i, row := range rows {
				if ten.Labels[i] != c {
					if apart(row, center) < apart(row, ten.Centers[ten.Labels[i]]) {
						t.Fatalf("row %d is nearer to centre %d", i, c)
					}
					continue
				}
				n++
				for j, x := range row {
					sum[j] += x
				}
			}
			for j := range sum {
				within(t, "mean", center[j], sum[j]/n, 1e-13)
			}
		}
	}
}

// TestSeeding holds the draws of k-means++ to their probabilities by where they lead. Of 0, 0, 1 and 2.9 the starts 0 and 1
// end in {0, 0} and {1, 2.9}, with the inertia 1.805, and the other pairs in {0, 0, 1} and {2.9}, with 2/3.
func TestSeeding(t *testing.T) {
	const seeds = 20_000
	p := prepare(t, tableOf(t, [][]float64{{0}, {0}, {1}, {2.9}}, "x"), cluster.Scaling{Scale: cluster.Unscaled})
	higher := 0
	for seed := range uint64(seeds) {
		got := must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{Seed: seed, Starts: 1}))
		if got.Inertia > 1 {
			higher++
		}
	}
	// From one of the 0s, 1 has 1 of 1 + 2.9²; from 1, the two 0s have 2 of 2 + 1.9².
	pair := 0.5/(1+2.9*2.9) + 0.25*2/(2+1.9*1.9)
	within(t, "share", float64(higher)/seeds, pair, 4*math.Sqrt(pair*(1-pair)/seeds))
}

// TestNoise holds that structureless tables are said to have no structure: at the level 0.05 three of 60 may have some.
func TestNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	found := 0
	for round := range uint64(60) {
		rows := make([][]float64, 90)
		for i := range rows {
			a, b, c := r.NormFloat64(), r.NormFloat64(), r.NormFloat64()
			switch round % 3 {
			case 0:
				rows[i] = []float64{a, b, c}
			case 1: // correlated
				rows[i] = []float64{a, 0.9*a + 0.3*b, a + b + c}
			default:
				rows[i] = []float64{r.Float64(), r.Float64(), r.Float64()}
			}
		}
		p := prepare(t, tableOf(t, rows, named(3)...), cluster.Scaling{})
		choice := must[cluster.Choice](t)(p.Choose(cluster.Choosing{Seed: round, Draws: 19, Most: 4, Starts: 2}))
		if choice.Verdict == cluster.Structure {
			found++
		} else if choice.K != 0 {
			t.Errorf("verdict %s, k %d", choice.Verdict, choice.K)
		}
	}
	if found > 3 {
		t.Errorf("structure in %d of 60 tables of noise", found)
	}
}

// TestCoarse holds that answers of a few steps, which lie in heaps for that alone, are no structure, and that people who
// answer in two ways are.
func TestCoarse(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	found := 0
	for round := range uint64(60) {
		rows := make([][]float64, 120)
		for i := range rows {
			for range 1 + round%3 {
				rows[i] = append(rows[i], float64(1+r.IntN(5))/2)
			}
		}
		p := prepare(t, tableOf(t, rows, named(len(rows[0]))...), cluster.Scaling{})
		choice := must[cluster.Choice](t)(p.Choose(cluster.Choosing{Seed: round, Draws: 19, Most: 4, Starts: 2}))
		if choice.Verdict == cluster.Structure {
			found++
		}
	}
	if found > 3 {
		t.Errorf("structure in %d of 60 tables of answers at random", found)
	}
	rows := make([][]float64, 120)
	for i := range rows {
		for range 3 {
			rows[i] = append(rows[i], float64(1+r.IntN(2)+3*(i%2)))
		}
	}
	p := prepare(t, tableOf(t, rows, named(3)...), cluster.Scaling{})
	choice := must[cluster.Choice](t)(p.Choose(cluster.Choosing{Seed: 1, Most: 4}))
	if choice.Verdict != cluster.Structure || choice.K != 2 {
		t.Errorf("of two ways to answer: %+v", choice)
	}
}

// TestPlanted holds that heaps which stand apart are counted.
func TestPlanted(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for _, k := range []int{2, 3, 4} {
		for round := range uint64(2) {
			p := prepare(t, tableOf(t, heaps(r, 150, 4, k, 7), named(4)...), cluster.Scaling{})
			choice := must[cluster.Choice](t)(p.Choose(cluster.Choosing{Seed: round, Draws: 19, Most: 6, Starts: 3}))
			if choice.K != k || choice.Verdict != cluster.Structure {
				t.Errorf("of %d heaps: %+v", k, choice)
			}
		}
	}
}

// TestSampled holds that a large table is looked at in part, and says how much.
func TestSampled(t *testing.T) {
	rows := heaps(rand.New(rand.NewPCG(23, 24)), 5000, 3, 3, 8)
	p := prepare(t, tableOf(t, rows, named(3)...), cluster.Scaling{})
	choice := must[cluster.Choice](t)(p.Choose(cluster.Choosing{Rows: 200, Draws: 19, Most: 5}))
	if choice.K != 3 || choice.Points != 200 {
		t.Errorf("%+v", choice)
	}
}

// TestAnchor holds that numbers survive a new clustering.
func TestAnchor(t *testing.T) {
	rows := heaps(rand.New(rand.NewPCG(25, 26)), 300, 3, 3, 9)
	table := tableOf(t, rows, named(3)...)
	p := prepare(t, table, cluster.Scaling{})
	before := must[cluster.Clustering](t)(p.KMeans(3, cluster.Options{Seed: 1}))
	after := must[cluster.Clustering](t)(p.KMeans(3, cluster.Options{From: [][]float64{before.Centers[2], before.Centers[0], before.Centers[1]}}))
	if slices.Equal(before.Labels, after.Labels) {
		t.Fatal("the numbers are the same before")
	}
	again := must[cluster.Clustering](t)(p.Anchor(before, after))
	if !slices.Equal(before.Labels, again.Labels) || !slices.Equal(before.Sizes, again.Sizes) {
		t.Errorf("labels differ: sizes %v, want %v", again.Sizes, before.Sizes)
	}
	two := must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{From: [][]float64{before.Centers[2], before.Centers[0]}}))
	fewer := must[cluster.Clustering](t)(p.Anchor(before, two))
	if len(fewer.Sizes) != 3 || slices.Index(fewer.Sizes, 0) < 0 || !slices.Equal(fewer.Centers[slices.Index(fewer.Sizes, 0)], before.Centers[slices.Index(fewer.Sizes, 0)]) {
		t.Errorf("sizes %v, centres %v", fewer.Sizes, fewer.Centers)
	}
	more := must[cluster.Clustering](t)(p.Anchor(two, after))
	if len(more.Sizes) != 3 || slices.Contains(more.Sizes, 0) {
		t.Errorf("sizes %v", more.Sizes)
	}
	// Clusters 0 and 1 continue those of two, and 2 is new.
	for c := range 2 {
		for other := range 3 {
			if apart(two.Centers[c], more.Centers[c]) > apart(two.Centers[c], more.Centers[other]) && other == 2 {
				t.Errorf("cluster %d is nearer to the new one", c)
			}
		}
	}
}

// TestGolden holds results to the bytes that every platform must give.
func TestGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(27, 28))
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	write := func(v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if err := enc.Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	for _, scale := range []cluster.Scale{cluster.ZScore, cluster.Range, cluster.Unscaled} {
		rows := heaps(r, 90, 3, 4, 3)
		for _, row := range rows { // the last digits of normal numbers may differ between platforms
			for j := range row {
				row[j] = math.Round(row[j]*1024) / 1024
			}
		}
		table := tableOf(t, rows, "reach", "depth", "trust")
		p := prepare(t, table, cluster.Scaling{Scale: scale, Weights: []float64{1, 2, 0.5}})
		c := must[cluster.Clustering](t)(p.KMeans(4, cluster.Options{Seed: 9}))
		write(c, nil)
		write(p.Indices(c.Labels))
		write(p.Silhouettes(c.Labels, 20, 1))
		write(cluster.Describe(table, c, cluster.Naming{Name: "golden", Boxes: 6}))
		write(p.Choose(cluster.Choosing{Seed: 2, Draws: 19, Most: 4}))
		for _, by := range []cluster.Linkage{cluster.Ward, cluster.Average, cluster.Complete, cluster.Single} {
			write(p.Link(by))
		}
	}
	golden.Check(t, "testdata/random.txt", out.Bytes())
}
