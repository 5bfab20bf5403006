package cluster_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

func says(t *testing.T, name string, err error, want string) {
	t.Helper()
	var data *cluster.DataError
	if !errors.As(err, &data) || err.Error() != want {
		t.Errorf("%s:\ngot  %v\nwant %s", name, err, want)
	}
}

func TestBadTables(t *testing.T) {
	columns := func(names ...string) []cluster.Column {
		var out []cluster.Column
		for _, n := range names {
			out = append(out, cluster.Column{Name: n})
		}
		return out
	}
	nan, inf := math.NaN(), math.Inf(-1)
	for _, c := range []struct {
		name  string
		table cluster.Table
		with  cluster.Scaling
		want  string
	}{
		{"zero", cluster.Table{}, cluster.Scaling{}, `cluster: columns: are missing`},
		{"no rows", cluster.Table{Columns: columns("a")}, cluster.Scaling{}, `cluster: table: has no rows`},
		{"part of a row", cluster.Table{Columns: columns("a", "b"), Values: []float64{1, 2, 3}}, cluster.Scaling{}, `cluster: row 1: has 1 values, not 2`},
		{"infinite", cluster.Table{Columns: columns("a", "b"), Values: []float64{1, 2, 3, inf}}, cluster.Scaling{}, `cluster: row 1, column "b": is infinite`},
		{"huge", cluster.Table{Columns: columns("a"), Values: []float64{1, 1e308}}, cluster.Scaling{}, `cluster: row 1, column "a": is 1e+308, beyond 2^53`},
		{"missing", cluster.Table{Columns: columns("a"), Values: []float64{1, nan}}, cluster.Scaling{}, `cluster: row 1, column "a": is missing`},
		{"all missing", cluster.Table{Columns: columns("a"), Values: []float64{nan, nan}}, cluster.Scaling{Missing: cluster.Omit}, `cluster: table: has no row without a missing value`},
		{"alike but for nothing", cluster.Table{Columns: columns("a"), Values: []float64{0, 5e-324}}, cluster.Scaling{}, `cluster: column "a": has values that differ by less than 1e-100`},
		{"twice", cluster.Table{Columns: columns("a", "a"), Values: []float64{1, 2}}, cluster.Scaling{}, `cluster: columns: /attributes/1/name: "a" is the name of element 0 already`},
		{"name", cluster.Table{Columns: columns("ARR"), Values: []float64{1}}, cluster.Scaling{}, `cluster: columns: /attributes/0/name: must be lower-case letters, digits and _, not beginning with a digit, at most 63, not "ARR"`},
		{"scale", cluster.Table{Columns: columns("a"), Values: []float64{1}}, cluster.Scaling{Scale: "zscore"}, `cluster: scale: must be one of z_score, range, unscaled, not "zscore"`},
		{"missing how", cluster.Table{Columns: columns("a"), Values: []float64{1}}, cluster.Scaling{Missing: "zero"}, `cluster: missing: must be one of refuse, omit, not "zero"`},
		{"weights", cluster.Table{Columns: columns("a"), Values: []float64{1}}, cluster.Scaling{Weights: []float64{1, 1}}, `cluster: weights: are 2, not one to each of 1 columns`},
		{"weight 0", cluster.Table{Columns: columns("a"), Values: []float64{1}}, cluster.Scaling{Weights: []float64{0}}, `cluster: weight 0: must be above 0 and at most 1e+06, not 0`},
		{"weight NaN", cluster.Table{Columns: columns("a"), Values: []float64{1}}, cluster.Scaling{Weights: []float64{nan}}, `cluster: weight 0: must be above 0 and at most 1e+06, not NaN`},
	} {
		_, err := cluster.Prepare(c.table, c.with)
		says(t, c.name, err, c.want)
	}
	_, err := cluster.TableOf(columns("a", "b"), [][]float64{{1, 2}, {1}})
	says(t, "ragged", err, `cluster: row 1: has 1 values, not 2`)
}

func TestNeeds(t *testing.T) {
	nan := math.NaN()
	outcomes := []string{"find_faster", "share_safely"}
	got := must[cluster.Table](t)(cluster.Needs(outcomes, [][]float64{{5, 1}, {4, nan}}, [][]float64{{1, 5}, {nan, 2}}, 5))
	for i, want := range []float64{9, -3, nan, nan} {
		if x := got.Values[i]; x != want && !(math.IsNaN(x) && math.IsNaN(want)) {
			t.Errorf("value %d is %v, want %v", i, x, want)
		}
	}
	for _, c := range []struct {
		want             string
		importance, gets [][]float64
		top              int
	}{
		{`cluster: top: must be 2 to 100, not 1`, nil, nil, 1},
		{`cluster: satisfaction: has 1 rows, not 0`, nil, [][]float64{{1, 1}}, 5},
		{`cluster: row 0: has 1 and 2 answers, not 2`, [][]float64{{1}}, [][]float64{{1, 1}}, 5},
		{`cluster: row 0, column "share_safely": answer 6 is not 1 to 5`, [][]float64{{1, 5}}, [][]float64{{1, 6}}, 5},
		{`cluster: row 0, column "find_faster": answer 0 is not 1 to 5`, [][]float64{{0, 5}}, [][]float64{{1, 5}}, 5},
		{`cluster: row 0, column "find_faster": answer +Inf is not 1 to 5`, [][]float64{{math.Inf(1), 5}}, [][]float64{{1, 5}}, 5},
	} {
		_, err := cluster.Needs(outcomes, c.importance, c.gets, c.top)
		says(t, c.want, err, c.want)
	}
}

func TestBadOptions(t *testing.T) {
	p := prepare(t, tableOf(t, [][]float64{{1}, {1}, {2}}, "a"), cluster.Scaling{})
	for _, c := range []struct {
		k    int
		o    cluster.Options
		want string
	}{
		{0, cluster.Options{}, `cluster: k: must be 1 to 1000, not 0`},
		{-1, cluster.Options{}, `cluster: k: must be 1 to 1000, not -1`},
		{4, cluster.Options{}, `cluster: k: is 4, more than 3 points`},
		{3, cluster.Options{}, `cluster: k: is 3, more than there are distinct points`},
		{3, cluster.Options{From: [][]float64{{1}, {2}, {7}}}, `cluster: k: is 3, more than there are distinct points`},
		{2, cluster.Options{Starts: -1}, `cluster: starts: must be at least 0, not -1`},
		{2, cluster.Options{Passes: -1}, `cluster: passes: must be at least 0, not -1`},
		{2, cluster.Options{From: [][]float64{{1}}}, `cluster: from: has 1 centres, not 2`},
		{2, cluster.Options{From: [][]float64{{1}, {1, 2}}}, `cluster: from 1: has 2 numbers, not 1`},
		{2, cluster.Options{From: [][]float64{{1}, {math.NaN()}}}, `cluster: from 1, column "a": is NaN, not a number up to 2^53`},
		{2, cluster.Options{From: [][]float64{{1}, {-1e308}}}, `cluster: from 1, column "a": is -1e+308, not a number up to 2^53`},
	} {
		_, err := p.KMeans(c.k, c.o)
		says(t, c.want, err, c.want)
	}
	var zero cluster.Points
	_, err := zero.KMeans(1, cluster.Options{})
	says(t, "zero points", err, `cluster: k: is 1, more than 0 points`)
	_, err = zero.Link(cluster.Ward)
	says(t, "zero points", err, `cluster: table: has no points`)
	_, err = zero.Choose(cluster.Choosing{})
	says(t, "zero points", err, `cluster: table: has 0 points, which must be more than the greatest k, 8`)
}

func TestBadLabels(t *testing.T) {
	p := prepare(t, tableOf(t, [][]float64{{1}, {2}, {3}, {math.NaN()}}, "a"), cluster.Scaling{Missing: cluster.Omit})
	for _, c := range []struct {
		labels []int
		sample int
		want   string
	}{
		{[]int{0, 1, 1}, 0, `cluster: labels: are 3, not one to each of 4 rows`},
		{[]int{0, 1, -1, 0}, 0, `cluster: label of row 2: must be 0 to 3, not -1`},
		{[]int{0, 1, 4, 0}, 0, `cluster: label of row 2: must be 0 to 3, not 4`},
		{[]int{3, 3, 3, 0}, 0, `cluster: labels: have points in fewer than two clusters`},
		{[]int{0, 1, 1, 0}, -1, `cluster: sample: must be at least 0, not -1`},
	} {
		_, err := p.Silhouettes(c.labels, c.sample, 0)
		says(t, c.want, err, c.want)
	}
	_, err := p.Indices([]int{0, 1, 2, 2})
	says(t, "all apart", err, `cluster: labels: have one point in each cluster`)
	// Two means that are equal, and points at their means.
	p4 := prepare(t, tableOf(t, [][]float64{{0}, {1}, {2}, {1}}, "a"), cluster.Scaling{})
	if i := must[cluster.Indices](t)(p4.Indices([]int{0, 1, 0, 1})); i.DaviesBouldin != nil || i.CalinskiHarabasz == nil || *i.CalinskiHarabasz != 0 {
		t.Errorf("%+v", i)
	}
	if i := must[cluster.Indices](t)(p4.Indices([]int{0, 1, 2, 1})); i.Inertia != 0 || *i.DaviesBouldin != 0 || i.CalinskiHarabasz != nil {
		t.Errorf("%+v", i)
	}
	_, err = cluster.Compare([]int{0}, []int{0, 1})
	says(t, "lengths", err, `cluster: labels: are 1 and 2`)
	_, err = cluster.Compare([]int{0, -1}, []int{-1, 1})
	says(t, "nothing in common", err, `cluster: labels: have no row in common`)
	if got := must[cluster.Agreement](t)(cluster.Compare([]int{7, -1, 3}, []int{math.MaxInt, 1, 3})); got.Rows != 2 || got.AdjustedRand != 1 {
		t.Errorf("%+v", got)
	}
	_, err = p.Link("centroid")
	says(t, "linkage", err, `cluster: linkage: must be one of ward, average, complete, single, not "centroid"`)
	tree := must[cluster.Tree](t)(p.Link(cluster.Ward))
	for _, k := range []int{0, 4} {
		if _, err := tree.Cut(k); err == nil {
			t.Errorf("cut into %d", k)
		}
	}
	if diff := cmp.Diff([]int{0, 0, 1, -1}, must[[]int](t)(tree.Cut(2))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for want, tree := range map[string]cluster.Tree{
		`cluster: k: must be 1 to 0, not 1`:       {},
		`cluster: tree: has 0 merges of 2 points`: {Rows: []int{0, 1}, TableRows: 2},
		`cluster: merge 0: is of 0 and 2`:         {Rows: []int{0, 1}, TableRows: 2, Merges: []cluster.Merge{{A: 0, B: 2}}},
		`cluster: point 1: is row 2 of 2`:         {Rows: []int{0, 2}, TableRows: 2, Merges: []cluster.Merge{{A: 0, B: 1}}},
		`cluster: point 0: is row -1 of 2`:        {Rows: []int{-1, 0}, TableRows: 2, Merges: []cluster.Merge{{A: 0, B: 1}}},
	} {
		_, err := tree.Cut(1)
		says(t, want, err, want)
	}
	_, err = p.Anchor(cluster.Clustering{}, cluster.Clustering{})
	says(t, "anchor", err, `cluster: previous: has 0 clusters, not 1 to 1000`)
	_, err = p.Anchor(cluster.Clustering{Centers: [][]float64{{1}}}, cluster.Clustering{Centers: [][]float64{{1}}, Labels: []int{1}})
	says(t, "anchor", err, `cluster: next: has a label that is no cluster's`)
}

func TestBadChoosing(t *testing.T) {
	p := prepare(t, tableOf(t, [][]float64{{1}, {1}, {1}, {2}, {2}, {2}, {1}, {2}, {1}}, "a"), cluster.Scaling{})
	for _, c := range []struct {
		o    cluster.Choosing
		want string
	}{
		{cluster.Choosing{}, `cluster: k: is 3, more than there are distinct points`},
		{cluster.Choosing{Most: 9}, `cluster: table: has 9 points, which must be more than the greatest k, 9`},
		{cluster.Choosing{Most: 1}, `cluster: most: must be 2 to 50, not 1`},
		{cluster.Choosing{Rows: 2}, `cluster: rows: must be 3 to 100000, not 2`},
		{cluster.Choosing{Starts: -1}, `cluster: starts: must be at least 0, not -1`},
		{cluster.Choosing{Draws: 18}, `cluster: draws: must be 19 to 10000, not 18`},
		{cluster.Choosing{Level: math.NaN()}, `cluster: level: must be above 0 and below 1, not NaN`},
		{cluster.Choosing{Level: 0.01}, `cluster: level: 0.01 can't be reached with 39 draws`},
		{cluster.Choosing{Stability: 1.5}, `cluster: stability: must be above 0 and at most 1, not 1.5`},
	} {
		_, err := p.Choose(c.o)
		says(t, c.want, err, c.want)
	}
}

// TestEdges has tables that are small or strange and have an answer.
func TestEdges(t *testing.T) {
	one := prepare(t, tableOf(t, [][]float64{{3, 4}}, "a", "b"), cluster.Scaling{})
	got := must[cluster.Clustering](t)(one.KMeans(1, cluster.Options{}))
	if diff := cmp.Diff(cluster.Clustering{Labels: []int{0}, Sizes: []int{1}, Centers: [][]float64{{3, 4}}, Scaled: [][]float64{{0, 0}},
		Iterations: 2, Converged: true}, got); diff != "" {
		t.Errorf("one row (-want +got):\n%s", diff)
	}
	if tree := must[cluster.Tree](t)(one.Link(cluster.Single)); len(tree.Merges) != 0 {
		t.Errorf("one row: %+v", tree)
	}
	// A constant column counts for nothing, also where starts differ in it, under each scale.
	table := tableOf(t, [][]float64{{7, 0}, {7, 1}, {7, 10}, {7, 11}}, "same", "x")
	for _, scale := range []cluster.Scale{cluster.ZScore, cluster.Range, cluster.Unscaled} {
		p := prepare(t, table, cluster.Scaling{Scale: scale})
		c := must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{From: [][]float64{{1e6, 0}, {7, 10}}}))
		if !slices.Equal(c.Labels, []int{0, 0, 1, 1}) || !slices.Equal(c.Centers[1], []float64{7, 10.5}) || !slices.Equal(p.Constant(), []string{"same"}) {
			t.Errorf("%s: %+v", scale, c)
		}
	}
	// As large as numbers may be, and as far apart as weights make them.
	const most = 1 << 53
	p := prepare(t, tableOf(t, [][]float64{{-most, 1e-90}, {-most, 2e-90}, {most, 1e-90}, {most, 2e-90}}, "huge", "tiny"),
		cluster.Scaling{Scale: cluster.Unscaled, Weights: []float64{1e6, 1e-6}})
	c := must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{}))
	if c.Labels[0] != c.Labels[1] || c.Labels[2] != c.Labels[3] || c.Labels[0] == c.Labels[2] || math.IsNaN(c.Inertia) {
		t.Errorf("%+v", c)
	}
	for _, center := range c.Centers {
		if math.Abs(center[0]) != most {
			t.Errorf("centre %v", center)
		}
	}
	// Rows without a value are left out, wherever they are.
	p = prepare(t, tableOf(t, [][]float64{{math.NaN()}, {0}, {math.NaN()}, {9}}, "x"), cluster.Scaling{Missing: cluster.Omit})
	c = must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{From: [][]float64{{0}, {9}}}))
	if !slices.Equal(c.Labels, []int{-1, 0, -1, 1}) || p.Len() != 2 {
		t.Errorf("labels %v of %d points", c.Labels, p.Len())
	}
}

// TestCopies holds that points keep nothing that their caller can change.
func TestCopies(t *testing.T) {
	table := tableOf(t, [][]float64{{0}, {1}, {10}, {11}}, "x")
	p := prepare(t, table, cluster.Scaling{})
	want := must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{}))
	got := must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{}))
	table.Values[0], table.Columns[0].Name = 99, "y"
	got.Centers[0][0], got.Scaled[0][0], got.Labels[0] = 99, 99, 99
	if diff := cmp.Diff(want, must[cluster.Clustering](t)(p.KMeans(2, cluster.Options{}))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
