package cluster_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

var asOf = time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)

// holdDescription compiles a description's scheme, proves it, and counts its segments over the table's rows.
func holdDescription(t *testing.T, table cluster.Table, c cluster.Clustering, d cluster.Description) {
	t.Helper()
	m := must[*segment.Model](t)(segment.Compile(d.Scheme))
	if found := m.Verify(asOf, asOf); len(found) > 0 {
		t.Fatalf("%+v\n%+v", found, d.Scheme.Rules)
	}
	width, labelled, right := len(table.Columns), 0, 0
	matched, both := make([]int, len(d.Clusters)), make([]int, len(d.Clusters))
	rows := make(map[int]int)
	for i, label := range c.Labels {
		facts := make(segment.Row, width)
		for j := range facts {
			if x := table.Values[i*width+j]; !math.IsNaN(x) {
				facts[j] = segment.Number(x)
			}
		}
		rule := must[int](t)(m.ClassifyRow(facts, asOf))
		if label < 0 {
			continue
		}
		if rule >= len(d.Clusters) {
			t.Fatalf("row %d is in no segment", i)
		}
		labelled++
		rows[label]++
		matched[rule]++
		if d.Clusters[rule].Label == label {
			right++
			both[rule]++
		}
	}
	if d.Rows != labelled || d.Fidelity != float64(right)/float64(labelled) {
		t.Fatalf("%d rows, fidelity %v, want %d of %d", d.Rows, d.Fidelity, right, labelled)
	}
	for i, r := range d.Clusters {
		if r.Rows != rows[r.Label] || r.Matched != matched[i] || r.Both != both[i] || r.Recall != float64(both[i])/float64(r.Rows) ||
			r.Matched > 0 && r.Precision != float64(both[i])/float64(matched[i]) || d.Scheme.Rules[i].Segment != r.Segment {
			t.Fatalf("%+v, want %d rows, %d matched, %d both", r, rows[r.Label], matched[i], both[i])
		}
	}
}

// TestDescribe holds descriptions to what their schemes do, with missing values, huge and tiny numbers, and more boxes.
func TestDescribe(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	described := 0
	for range 400 {
		rows := random(r)
		if len(rows) > 10 && r.IntN(3) == 0 {
			rows[r.IntN(len(rows))][0] = math.NaN()
		}
		table := tableOf(t, rows, named(len(rows[0]))...)
		p, err := cluster.Prepare(table, cluster.Scaling{Missing: cluster.Omit})
		if err != nil || p.Len() < 2 {
			continue
		}
		c, err := p.KMeans(2+r.IntN(min(p.Len(), 6)-1), cluster.Options{Seed: 1, Starts: 2})
		if err != nil {
			continue
		}
		before := 0.0
		for _, boxes := range []int{0, 4, 10} {
			d, err := cluster.Describe(table, c, cluster.Naming{Name: "random", Boxes: boxes})
			if err != nil {
				t.Fatal(err)
			}
			described++
			holdDescription(t, table, c, d)
			if d.Fidelity < before {
				t.Fatalf("%d boxes have the fidelity %v, fewer %v", boxes, d.Fidelity, before)
			}
			before = d.Fidelity
			for _, rule := range d.Scheme.Rules {
				if boxes == 0 && strings.Contains(rule.When, "OR") {
					t.Fatalf("more than one box: %s", rule.When)
				}
			}
		}
	}
	if described < 600 {
		t.Errorf("%d described", described)
	}
}

// TestDescribeWide has as many columns and clusters as people use, and the most that Verify is known to decide.
func TestDescribeWide(t *testing.T) {
	for _, size := range [][2]int{{10, 8}, {20, 30}} {
		d, k := size[0], size[1]
		rows := heaps(rand.New(rand.NewPCG(33, 34)), 2000, d, k, 3)
		table := tableOf(t, rows, named(d)...)
		c := must[cluster.Clustering](t)(prepare(t, table, cluster.Scaling{}).KMeans(k, cluster.Options{From: rows[:k]}))
		got := must[cluster.Description](t)(cluster.Describe(table, c, cluster.Naming{Name: "wide"}))
		holdDescription(t, table, c, got)
		if got.Fidelity < 0.7 {
			t.Errorf("%d columns, %d clusters: fidelity %v", d, k, got.Fidelity)
		}
	}
}

// TestBestSplit holds the one split of two clusters to trying every threshold between their centres.
func TestBestSplit(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 36))
	imperfect := 0
	for range 200 {
		rows := heaps(r, 40, 3, 2, 1.5)
		table := tableOf(t, rows, named(3)...)
		c := must[cluster.Clustering](t)(prepare(t, table, cluster.Scaling{}).KMeans(2, cluster.Options{Seed: 1}))
		got := must[cluster.Description](t)(cluster.Describe(table, c, cluster.Naming{Name: "two"}))
		best := 0
		for j := range 3 {
			for _, at := range append(slices.Clone(rows), c.Centers...) {
				right, low := 0, c.Centers[0][j] < at[j]
				if low == (c.Centers[1][j] < at[j]) {
					continue
				}
				for i, row := range rows {
					if (row[j] < at[j]) == (low == (c.Labels[i] == 0)) {
						right++
					}
				}
				best = max(best, right)
			}
		}
		if got.Fidelity != float64(best)/40 {
			t.Fatalf("fidelity %v, and %d of 40 can be had", got.Fidelity, best)
		}
		if best < 40 {
			imperfect++
		}
	}
	if imperfect < 50 {
		t.Errorf("%d of 200 can't be had whole: the test says little", imperfect)
	}
}

// TestFewestDigits holds what a person reads: heaps that stand apart are told apart by few and short conditions.
func TestFewestDigits(t *testing.T) {
	table := tableOf(t, [][]float64{{9.8123, 100}, {10.0321, 90}, {200.771, 95}, {210.331, 99}, {205.001, 1003}, {199.2, 1010}}, "seats", "logins")
	p := prepare(t, table, cluster.Scaling{})
	c := must[cluster.Clustering](t)(p.KMeans(3, cluster.Options{From: [][]float64{{10, 95}, {200, 95}, {200, 1000}}}))
	d := must[cluster.Description](t)(cluster.Describe(table, c, cluster.Naming{Name: "use", Segments: []string{"small", "large", "busy"}, Rest: "not measured"}))
	for i, want := range []string{"seats < 100 AND logins < 600", "seats >= 100 AND logins < 600", "logins >= 600"} {
		if got := d.Scheme.Rules[i].When; got != want {
			t.Errorf("%s: %s, want %s", d.Scheme.Rules[i].Segment, got, want)
		}
	}
	if d.Fidelity != 1 || d.Scheme.Otherwise != "not measured" {
		t.Errorf("%+v", d)
	}
}

func TestBadDescription(t *testing.T) {
	rows := [][]float64{{1, 2}, {1, 3}, {5, 2}, {5, 3}, {5, math.NaN()}}
	table := tableOf(t, rows, "a", "b")
	p := prepare(t, table, cluster.Scaling{Missing: cluster.Omit})
	good := must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{}))
	for _, x := range []struct {
		name  string
		spoil func(*cluster.Table, *cluster.Clustering, *cluster.Naming)
		want  string
	}{
		{"scheme without a name", func(_ *cluster.Table, _ *cluster.Clustering, n *cluster.Naming) { n.Name = "" }, `cluster: name: is empty`},
		{"one name", func(_ *cluster.Table, _ *cluster.Clustering, n *cluster.Naming) { n.Segments = []string{"a"} }, `cluster: segments: are 1, not one to each of 2 clusters`},
		{"equal names", func(_ *cluster.Table, _ *cluster.Clustering, n *cluster.Naming) { n.Segments = []string{"a", "a"} }, `cluster: segment 1: "a" is another's name`},
		{"name of the rest", func(_ *cluster.Table, _ *cluster.Clustering, n *cluster.Naming) {
			n.Segments = []string{"a", "unknown"}
		}, `cluster: segment 1: "unknown" is another's name`},
		{"blank name", func(_ *cluster.Table, _ *cluster.Clustering, n *cluster.Naming) { n.Segments = []string{"a", " "} }, `cluster: segment 1: begins or ends with a space`},
		{"boxes", func(_ *cluster.Table, _ *cluster.Clustering, n *cluster.Naming) { n.Boxes = -1 }, `cluster: boxes: must be 0 to 1000, not -1`},
		{"labels of another table", func(_ *cluster.Table, c *cluster.Clustering, _ *cluster.Naming) { c.Labels = c.Labels[:3] }, `cluster: labels: are 3, not one to each of 5 rows`},
		{"label beyond", func(_ *cluster.Table, c *cluster.Clustering, _ *cluster.Naming) { c.Labels[1] = 2 }, `cluster: label of row 1: is 2, and there are 2 centres`},
		{"one cluster", func(_ *cluster.Table, c *cluster.Clustering, _ *cluster.Naming) { c.Labels = []int{0, 0, 0, 0, -1} }, `cluster: labels: have points in fewer than two clusters`},
		{"no row", func(_ *cluster.Table, c *cluster.Clustering, _ *cluster.Naming) { c.Labels = []int{-1, -1, -1, -1, -1} }, `cluster: labels: have points in fewer than two clusters`},
		{"equal centres", func(_ *cluster.Table, c *cluster.Clustering, _ *cluster.Naming) { c.Centers[1] = c.Centers[0] }, `cluster: centre 1: equals centre 0`},
		{"short centre", func(_ *cluster.Table, c *cluster.Clustering, _ *cluster.Naming) { c.Centers[1] = nil }, `cluster: centre 1: has 0 numbers, not 2`},
		{"centre is NaN", func(_ *cluster.Table, c *cluster.Clustering, _ *cluster.Naming) { c.Centers[1][0] = math.NaN() }, `cluster: centre 1, column "a": is NaN, not a number up to 2^53`},
		{"missing value of a labelled row", func(_ *cluster.Table, c *cluster.Clustering, _ *cluster.Naming) { c.Labels[4] = 1 }, `cluster: row 4, column "b": is NaN, not a number up to 2^53`},
		{"column", func(x *cluster.Table, _ *cluster.Clustering, _ *cluster.Naming) { x.Columns[1].Name = "B" }, `cluster: columns: /attributes/1/name: must be lower-case letters, digits and _, not beginning with a digit, at most 63, not "B"`},
	} {
		other := tableOf(t, rows, "a", "b")
		c, n := must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{})), cluster.Naming{Name: "a"}
		x.spoil(&other, &c, &n)
		_, err := cluster.Describe(other, c, n)
		says(t, x.name, err, x.want)
	}
	holdDescription(t, table, good, must[cluster.Description](t)(cluster.Describe(table, good, cluster.Naming{Name: "a"})))
}
