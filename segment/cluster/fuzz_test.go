package cluster_test

import (
	"encoding/binary"
	"encoding/json"
	"math"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

// FuzzCluster gives any numbers to all that reads a table: an answer that keeps the rules, or an error, and no panic.
func FuzzCluster(f *testing.F) {
	bytes := func(numbers ...float64) []byte {
		var out []byte
		for _, x := range numbers {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(x))
		}
		return out
	}
	f.Add(bytes(0, 0, 0, 1, 5, 5, 5, 6), uint8(2), uint8(2), uint8(0), 1.0)
	f.Add(bytes(1e15, 1e-300, math.NaN(), 2, 1e308, math.Inf(1)), uint8(2), uint8(3), uint8(1), 1e-6)
	f.Add(bytes(-1<<53, 1<<53, 5e-324, 0, 1e-99), uint8(1), uint8(3), uint8(2), 1e6)
	f.Add(bytes(-1<<53, 1<<53, 3e6, 1), uint8(1), uint8(4), uint8(0), 1e6) // centres at the edge
	f.Add(bytes(1<<52, 2.5e-154, 3e-153), uint8(1), uint8(3), uint8(2), 1e6)
	f.Add(bytes(3, 3, 3, 3), uint8(1), uint8(2), uint8(4), 0.0)
	f.Fuzz(func(t *testing.T, data []byte, columns, k, how uint8, weight float64) {
		if columns == 0 || columns > 8 || len(data) > 2000 {
			return
		}
		table := cluster.Table{}
		for _, name := range named(int(columns)) {
			table.Columns = append(table.Columns, cluster.Column{Name: name})
		}
		for ; len(data) >= 8; data = data[8:] {
			table.Values = append(table.Values, math.Float64frombits(binary.LittleEndian.Uint64(data)))
		}
		s := cluster.Scaling{Scale: []cluster.Scale{cluster.ZScore, cluster.Range, cluster.Unscaled}[how%3], Weights: make([]float64, columns)}
		for j := range s.Weights {
			s.Weights[j] = 1
		}
		s.Weights[0] = weight
		if how >= 128 {
			s.Missing = cluster.Omit
		}
		p, err := cluster.Prepare(table, s)
		if err != nil {
			return
		}
		c, err := p.KMeans(int(k), cluster.Options{Seed: uint64(how), Starts: 2, Passes: 50})
		if err != nil {
			return
		}
		points := 0
		for _, n := range c.Sizes {
			points += n
		}
		if points != p.Len() || !(c.Inertia >= 0) || math.IsInf(c.Inertia, 0) {
			t.Fatalf("%d points, %+v", p.Len(), c)
		}
		for _, center := range c.Centers {
			for _, x := range center {
				if !(math.Abs(x) <= 1<<53) {
					t.Fatalf("centre %v", center)
				}
			}
		}
		if again, err := p.Anchor(c, c); err != nil || !c.Converged && len(again.Sizes) != len(c.Sizes) {
			t.Fatalf("%v, %+v", err, again)
		}
		if s, err := p.Silhouettes(c.Labels, 0, 0); err == nil && !(math.Abs(s.Mean) <= 1) {
			t.Fatalf("mean silhouette %v", s.Mean)
		}
		if i, err := p.Indices(c.Labels); err == nil {
			if _, err := json.Marshal(i); err != nil { // which numbers that are not finite would be
				t.Fatal(err)
			}
		}
		tree, err := p.Link([]cluster.Linkage{cluster.Ward, cluster.Average, cluster.Complete, cluster.Single}[how%4])
		if err != nil || math.IsNaN(tree.Cophenetic) {
			t.Fatalf("%v, cophenetic %v", err, tree.Cophenetic)
		}
		for i, m := range tree.Merges {
			if !(m.Height >= 0) || i > 0 && m.Height < tree.Merges[i-1].Height || m.A >= m.B {
				t.Fatalf("merges %+v", tree.Merges)
			}
		}
		if d, err := cluster.Describe(table, c, cluster.Naming{Name: "any", Boxes: int(how % 16)}); err == nil {
			holdDescription(t, table, c, d)
		}
	})
}

// FuzzCompare gives any labels to Compare, whose numbers stay within their bounds.
func FuzzCompare(f *testing.F) {
	f.Add([]byte{0, 0, 1, 1}, []byte{1, 1, 0, 0})
	f.Add([]byte{255, 0, 7}, []byte{3, 3, 3})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		labels := func(of []byte) (out []int) {
			for _, x := range of {
				out = append(out, int(int8(x)))
			}
			return out
		}
		if len(a) > 500 {
			return
		}
		x, err := cluster.Compare(labels(a), labels(b))
		if err != nil {
			return
		}
		y := must[cluster.Agreement](t)(cluster.Compare(labels(b), labels(a)))
		within(t, "adjusted rand the other way", y.AdjustedRand, x.AdjustedRand, 1e-12)
		within(t, "completeness the other way", y.Completeness, x.Homogeneity, 1e-12)
		within(t, "adjusted mutual the other way", y.AdjustedMutual, x.AdjustedMutual, 1e-9)
		for _, share := range []float64{x.Rand, x.FowlkesMallows, x.Mutual, x.Homogeneity, x.Completeness} {
			if !(share >= 0 && share <= 1+1e-12) {
				t.Fatalf("%+v", x)
			}
		}
		if !(x.AdjustedRand >= -0.5 && x.AdjustedRand <= 1) || !(x.AdjustedMutual <= 1+1e-9) {
			t.Fatalf("%+v", x)
		}
	})
}
