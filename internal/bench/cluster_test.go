package bench

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

const (
	clusterRows    = 1_000_000
	clusterColumns = 10
	clusterCount   = 8
	clusterPasses  = 300
	inertiaWithin  = 1e-9 // a share of the inertia
)

// A clustering is k-means from eight given rows until no label changes.
type clustering struct {
	table  cluster.Table
	points *cluster.Points
	from   [][]float64
	result cluster.Clustering
}

// newClustering draws accounts of eight kinds of unequal size, normal with deviation 1 about kinds that are themselves drawn
// with deviation 1: they overlap such that about one account in six is nearer to the middle of another kind than to that of its own.
func newClustering(tb testing.TB, rows int) *clustering {
	tb.Helper()
	r := newRand(7)
	c := &clustering{table: cluster.Table{Values: make([]float64, 0, rows*clusterColumns)}}
	for j := range clusterColumns {
		c.table.Columns = append(c.table.Columns, cluster.Column{Name: fmt.Sprint("need_", j)})
	}
	var kinds [clusterCount][clusterColumns]float64
	for i := range kinds {
		for j := range kinds[i] {
			kinds[i][j] = r.NormFloat64()
		}
	}
	for range rows {
		kind := min(r.IntN(clusterCount), r.IntN(clusterCount))
		for _, middle := range kinds[kind] {
			c.table.Values = append(c.table.Values, middle+r.NormFloat64())
		}
	}
	for i := range clusterCount {
		at := i * (rows / clusterCount) * clusterColumns
		c.from = append(c.from, c.table.Values[at:at+clusterColumns])
	}
	var err error
	if c.points, err = cluster.Prepare(c.table, cluster.Scaling{Scale: cluster.Unscaled}); err != nil {
		tb.Fatal(err)
	}
	if err := c.ours(); err != nil {
		tb.Fatal(err)
	}
	return c
}

func (c *clustering) ours() (err error) {
	c.result, err = c.points.KMeans(clusterCount, cluster.Options{From: c.from, Passes: clusterPasses})
	return err
}

// sklearn returns scikit-learn with one of its algorithms as a contestant, once its labels and inertia are ours.
func (c *clustering) sklearn(tb testing.TB, python, algorithm string) contestant {
	tb.Helper()
	dir := tb.TempDir()
	writeRaw(tb, dir, "points.f64", c.table.Values)
	writeRaw(tb, dir, "starts.f64", slices.Concat(c.from...))
	rows := len(c.result.Labels)
	args := []string{algorithm, strconv.Itoa(rows), strconv.Itoa(clusterColumns), strconv.Itoa(clusterCount), strconv.Itoa(clusterPasses)}
	run := func() (time.Duration, error) { return runScript(python, "cluster.py", dir, args...) }
	if _, err := run(); err != nil {
		tb.Fatal(err)
	}
	labels := make([]float64, rows)
	for i, label := range c.result.Labels {
		labels[i] = float64(label)
	}
	agree(tb, algorithm+" labels", labels, readRaw(tb, dir, "labels.f64", rows)[0], 0)
	got := readRaw(tb, dir, "inertia.f64", 1)
	agree(tb, algorithm+" inertia", []float64{c.result.Inertia}, got[0], float64(inertiaWithin*c.result.Inertia))
	agree(tb, algorithm+" iterations", []float64{float64(c.result.Iterations)}, got[1], 0)
	return contestant{name: algorithm, goal: 1, run: run}
}

func TestCluster(t *testing.T) {
	python, lacks := findPython("sklearn")
	if lacks != "" {
		t.Skip(lacks)
	}
	c := newClustering(t, 3000)
	for _, algorithm := range []string{"lloyd", "elkan"} {
		c.sklearn(t, python, algorithm)
	}
}

// BenchmarkCluster has k-means alone, of rows that are scaled already.
func BenchmarkCluster(b *testing.B) {
	c := newClustering(b, size(30_000, clusterRows))
	contestants := []contestant{{name: "ours", run: timed(c.ours)}}
	if python, lacks := findPython("sklearn"); lacks != "" {
		b.Log("without scikit-learn: " + lacks)
	} else {
		contestants = append(contestants, c.sklearn(b, python, "lloyd"), c.sklearn(b, python, "elkan"))
	}
	b.Logf("%d iterations, sizes %v", c.result.Iterations, c.result.Sizes)
	compare(b, len(c.result.Labels), "row", contestants...)
}
