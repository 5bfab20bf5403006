package cluster_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

// The known answers were computed with scikit-learn 1.2.1 and SciPy 1.10.1.

func reference(t *testing.T, name string) string {
	t.Helper()
	return refdata.Reference(t, "../../../shared/reference", "cluster", name)
}

// numbers reads columns of a file of known answers, and holds its number of rows.
func numbers(t *testing.T, name string, want int, columns ...string) [][]float64 {
	t.Helper()
	rows := refdata.Rows(t, reference(t, name))
	if len(rows) != want {
		t.Fatalf("%s has %d rows, want %d", name, len(rows), want)
	}
	out := make([][]float64, len(rows))
	for i, r := range rows {
		for _, c := range columns {
			out[i] = append(out[i], refdata.Number(t, r[c]))
		}
	}
	return out
}

// within holds a number to a relative tolerance, or an absolute one below 1.
func within(t *testing.T, name string, got, want, tolerance float64) {
	t.Helper()
	if d := math.Abs(got - want); !(d <= tolerance*max(1, math.Abs(want))) {
		t.Errorf("%s: got %v, want %v", name, got, want)
	}
}

func iris(t *testing.T) (table cluster.Table, rows [][]float64, kinds []int) {
	t.Helper()
	rows = numbers(t, "iris.csv", 150, "sepal_length_cm", "sepal_width_cm", "petal_length_cm", "petal_width_cm")
	for _, r := range numbers(t, "iris.csv", 150, "target") {
		kinds = append(kinds, int(r[0]))
	}
	return tableOf(t, rows, "sepal_length", "sepal_width", "petal_length", "petal_width"), rows, kinds
}

func tableOf(t testing.TB, rows [][]float64, names ...string) cluster.Table {
	t.Helper()
	var columns []cluster.Column
	for _, n := range names {
		columns = append(columns, cluster.Column{Name: n})
	}
	out, err := cluster.TableOf(columns, rows)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func prepare(t testing.TB, table cluster.Table, s cluster.Scaling) *cluster.Points {
	t.Helper()
	p, err := cluster.Prepare(table, s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// must ends the test at an error.
func must[T any](t testing.TB) func(v T, err error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestIris holds k-means from fixed rows, cut hierarchies and what is said of them, every row of clustering_expected.csv
// with its files of labels, silhouettes and centres.
func TestIris(t *testing.T) {
	table, rows, kinds := iris(t)
	expected := refdata.Rows(t, reference(t, "clustering_expected.csv"))
	if len(expected) != 10 {
		t.Fatalf("%d rows, want 10", len(expected))
	}
	points := map[string]*cluster.Points{
		"raw": prepare(t, table, cluster.Scaling{Scale: cluster.Unscaled}), "zscore": prepare(t, table, cluster.Scaling{}),
	}
	for _, w := range expected {
		name := w["scale"] + "_k" + w["k"]
		p, k := points[w["scale"]], int(refdata.Number(t, w["k"]))
		linkage, hierarchy := strings.CutPrefix(w["init_rows"], "hier-")
		t.Run(name+" "+w["init_rows"], func(t *testing.T) {
			var labels []int
			if hierarchy {
				tree := must[cluster.Tree](t)(p.Link(cluster.Linkage(linkage)))
				within(t, "cophenetic", tree.Cophenetic, refdata.Number(t, w["cophenetic"]), 1e-10)
				labels = must[[]int](t)(tree.Cut(k))
				if got := text(slices.Sorted(slices.Values(sizes(labels, k)))); got != w["sizes"] {
					t.Errorf("sizes %s, want %s", got, w["sizes"])
				}
			} else {
				labels = holdKMeans(t, p, w, rows, k, "iris_"+name)
			}
			indices := must[cluster.Indices](t)(p.Indices(labels))
			within(t, "davies bouldin", *indices.DaviesBouldin, refdata.Number(t, w["davies_bouldin"]), 1e-10)
			within(t, "calinski harabasz", *indices.CalinskiHarabasz, refdata.Number(t, w["calinski_harabasz"]), 1e-10)
			within(t, "silhouette", must[cluster.Silhouettes](t)(p.Silhouettes(labels, 0, 0)).Mean, refdata.Number(t, w["silhouette"]), 1e-10)
			agreement := must[cluster.Agreement](t)(cluster.Compare(kinds, labels))
			within(t, "adjusted rand", agreement.AdjustedRand, refdata.Number(t, w["ari_vs_target"]), 1e-12)
			if !hierarchy {
				within(t, "inertia of labels", indices.Inertia, refdata.Number(t, w["inertia"]), 1e-10)
				within(t, "rand", agreement.Rand, refdata.Number(t, w["rand_vs_target"]), 1e-12)
				within(t, "mutual", agreement.Mutual, refdata.Number(t, w["nmi_arith"]), 1e-12)
				within(t, "adjusted mutual", agreement.AdjustedMutual, refdata.Number(t, w["ami"]), 1e-10)
				within(t, "fowlkes mallows", agreement.FowlkesMallows, refdata.Number(t, w["fmi"]), 1e-12)
			}
		})
	}
}

// holdKMeans compares k-means with a row of the table and its files, and returns the labels.
func holdKMeans(t *testing.T, p *cluster.Points, w map[string]string, rows [][]float64, k int, files string) []int {
	t.Helper()
	var from [][]float64
	for _, row := range strings.Fields(w["init_rows"]) {
		from = append(from, rows[int(refdata.Number(t, row))])
	}
	got := must[cluster.Clustering](t)(p.KMeans(k, cluster.Options{From: from}))
	within(t, "inertia", got.Inertia, refdata.Number(t, w["inertia"]), 1e-10)
	if want := int(refdata.Number(t, w["n_iter"])); got.Iterations != want || !got.Converged {
		t.Errorf("%d iterations, converged %v, want %d", got.Iterations, got.Converged, want)
	}
	if s := text(got.Sizes); s != w["sizes"] {
		t.Errorf("sizes %s, want %s", s, w["sizes"])
	}
	silhouettes := must[cluster.Silhouettes](t)(p.Silhouettes(got.Labels, 0, 0))
	for i, r := range numbers(t, files+"_labels.csv", 150, "label", "silhouette") {
		if got.Labels[i] != int(r[0]) {
			t.Errorf("row %d has label %d, want %v", i, got.Labels[i], r[0])
		}
		within(t, "silhouette of row", silhouettes.Values[i], r[1], 1e-10)
	}
	for i, r := range numbers(t, files+"_centers.csv", k, "0", "1", "2", "3") {
		for j, x := range r {
			within(t, "centre", got.Scaled[i][j], x, 1e-12)
			if w["scale"] == "raw" {
				within(t, "centre in its units", got.Centers[i][j], x, 1e-12)
			}
		}
	}
	// The least inertia of 200 starts there, each of which draws several points for a centre and keeps the best.
	best := must[cluster.Clustering](t)(p.KMeans(k, cluster.Options{Seed: 1, Starts: 1000}))
	within(t, "best inertia", best.Inertia, refdata.Number(t, w["best_inertia_200_restarts"]), 1e-10)
	return got.Labels
}

func sizes(labels []int, k int) []int {
	out := make([]int, k)
	for _, l := range labels {
		out[l]++
	}
	return out
}

func text(numbers []int) string {
	var out []string
	for _, n := range numbers {
		out = append(out, strconv.Itoa(n))
	}
	return strings.Join(out, " ")
}

// TestLinkages holds the last 20 merges under each linkage, heights and sizes and which clusters merge.
func TestLinkages(t *testing.T) {
	table, _, _ := iris(t)
	p := prepare(t, table, cluster.Scaling{})
	for _, by := range []cluster.Linkage{cluster.Ward, cluster.Average, cluster.Complete, cluster.Single} {
		tree := must[cluster.Tree](t)(p.Link(by))
		if len(tree.Merges) != 149 {
			t.Fatalf("%s: %d merges", by, len(tree.Merges))
		}
		for i, w := range numbers(t, "iris_zscore_linkage_"+string(by)+"_last20.csv", 20, "a", "b", "height", "size") {
			m := tree.Merges[129+i]
			within(t, string(by)+" height", m.Height, w[2], 1e-10)
			if m.A != int(w[0]) || m.B != int(w[1]) || m.Size != int(w[3]) {
				t.Errorf("%s, merge %d: got %+v, want %v", by, i, m, w)
			}
		}
	}
}

func TestAgreementCases(t *testing.T) {
	var cases []struct {
		A, B                []int
		ARI, Rand, NMI, AMI float64
		HCV                 [3]float64
	}
	readJSON(t, "ari_cases.json", &cases)
	if len(cases) != 8 {
		t.Fatalf("%d cases, want 8", len(cases))
	}
	for _, c := range cases {
		got := must[cluster.Agreement](t)(cluster.Compare(c.A, c.B))
		within(t, "adjusted rand", got.AdjustedRand, c.ARI, 1e-12)
		within(t, "rand", got.Rand, c.Rand, 1e-12)
		within(t, "mutual", got.Mutual, c.NMI, 1e-12)
		within(t, "adjusted mutual", got.AdjustedMutual, c.AMI, 1e-12)
		within(t, "homogeneity", got.Homogeneity, c.HCV[0], 1e-12)
		within(t, "completeness", got.Completeness, c.HCV[1], 1e-12)
		v := 0.0 // the harmonic mean of the two, which is the mutual information by the mean of the entropies
		if sum := got.Homogeneity + got.Completeness; sum > 0 {
			v = 2 * got.Homogeneity * got.Completeness / sum
		}
		within(t, "v measure", v, c.HCV[2], 1e-12)
	}
}

func TestEmptyCluster(t *testing.T) {
	var c struct {
		X, Init, Centers [][]float64
		Labels           []int
		Inertia          float64
	}
	readJSON(t, "empty_cluster_case.json", &c)
	p := prepare(t, tableOf(t, c.X, "x"), cluster.Scaling{Scale: cluster.Unscaled})
	got := must[cluster.Clustering](t)(p.KMeans(len(c.Init), cluster.Options{From: c.Init}))
	if diff := cmp.Diff(c.Labels, got.Labels); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(c.Centers, got.Centers); diff != "" {
		t.Errorf("centres (-want +got):\n%s", diff)
	}
	within(t, "inertia", got.Inertia, c.Inertia, 0)
}

func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Clean(reference(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, into); err != nil {
		t.Fatal(err)
	}
}

// TestRuspini holds the silhouettes of the four clusters that everybody finds: 0.74 in Rousseeuw (1987), and what the R
// package cluster 2.1.4 has for the same partition.
func TestRuspini(t *testing.T) {
	rows := numbers(t, "ruspini.csv", 75, "x", "y")
	p := prepare(t, tableOf(t, rows, "x", "y"), cluster.Scaling{Scale: cluster.Unscaled})
	got := must[cluster.Clustering](t)(p.KMeans(4, cluster.Options{Seed: 1}))
	within(t, "silhouette", must[cluster.Silhouettes](t)(p.Silhouettes(got.Labels, 0, 0)).Mean, 0.73765699088066139, 1e-10)
	choice := must[cluster.Choice](t)(p.Choose(cluster.Choosing{}))
	if choice.K != 4 || choice.Verdict != cluster.Structure {
		t.Errorf("%+v", choice)
	}
}
