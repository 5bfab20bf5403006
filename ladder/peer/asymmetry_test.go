package peer_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

// results are n random ones in so many industries; the mature are ahead by half a deviation.
func results(seed uint64, n, industries int) []peer.Result {
	r := rand.New(rand.NewPCG(seed, 9))
	var list []peer.Result
	for i := range n {
		industry := r.IntN(industries)
		x := peer.Result{Company: fmt.Sprintf("c%04d", i), Industry: fmt.Sprint("i", industry), Size: "s", Mature: r.IntN(2) == 0}
		x.Value = 3*float64(industry) + r.NormFloat64()
		if x.Mature {
			x.Value += 0.5
		}
		list = append(list, x)
	}
	return list
}

// cohorts are results of one industry and size.
func cohorts(mature, others []float64) []peer.Result {
	var list []peer.Result
	for i, v := range mature {
		list = append(list, peer.Result{Company: fmt.Sprint("m", i), Industry: "i", Size: "s", Mature: true, Value: v})
	}
	for i, v := range others {
		list = append(list, peer.Result{Company: fmt.Sprint("o", i), Industry: "i", Size: "s", Value: v})
	}
	return list
}

func compare(t *testing.T, list []peer.Result, o peer.AsymmetryOptions) peer.Asymmetry {
	t.Helper()
	a, err := peer.Compare(list, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestPermeability has the data of Hollander and Wolfe (1973), page 69, and what wilcox.test of R 4.2.2 gives with
// conf.int and exact: W = 35 of 50, p = 0.25441…, the estimate and the intervals.
func TestPermeability(t *testing.T) {
	list := cohorts([]float64{0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}, []float64{1.15, 0.88, 0.90, 0.74, 1.21})
	for _, tt := range []struct{ confidence, low, high float64 }{
		{0.80, -0.05, 0.70}, {0.90, -0.08, 0.72}, {0.95, -0.15, 0.76}, {0.99, -0.35, 1.01},
	} {
		a := compare(t, list, peer.AsymmetryOptions{Confidence: tt.confidence, Permutations: 99_999, Seed: 1})
		near(t, "difference", a.Difference, 0.305, 1e-12)
		near(t, "low", a.Low, tt.low, 1e-12)
		near(t, "high", a.High, tt.high, 1e-12)
		near(t, "effect", a.Effect, 2*35.0/50-1, 1e-12)
		near(t, "p", a.P, 0.25441225441225440, 0.006) // over four standard errors of 99 999 permutations
		if !a.Bounded || !a.Known || a.Mature != 10 || a.Others != 5 {
			t.Errorf("%+v", a)
		}
	}
}

// TestOzone has ozone in August against May from R's data set airquality, and what wilcox.test of R 4.2.2 gives without
// exact: W = 548.5 of 676, p = 0.000116, an estimate of 15, and an interval of 15.0 to 53.0 by its search.
func TestOzone(t *testing.T) {
	may := []float64{41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23, 45, 115, 37}
	august := []float64{39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73, 76, 118, 84, 85}
	a := compare(t, cohorts(august, may), peer.AsymmetryOptions{Permutations: 9999})
	near(t, "effect", a.Effect, 2*548.5/676-1, 1e-12)
	near(t, "difference", a.Difference, 32, 1e-12)
	near(t, "low", a.Low, 15, 0.5)
	near(t, "high", a.High, 53, 0.5)
	if a.P > 0.001 {
		t.Errorf("p = %v", a.P)
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s = %.17g, want %.17g", what, got, want)
	}
}

// TestExactInterval: by brute force over all ways to choose the mature, in two strata, the differences outside the
// interval have at most the chance that was allowed, and one more would have more.
func TestExactInterval(t *testing.T) {
	strata := [][2]int{{2, 3}, {3, 3}}
	list := []peer.Result{}
	r := rand.New(rand.NewPCG(4, 4))
	pairs := 0
	for i, s := range strata {
		pairs += s[0] * s[1]
		for k := range s[0] + s[1] {
			list = append(list, peer.Result{Company: fmt.Sprint(i, k), Industry: fmt.Sprint(i), Size: "s", Mature: k < s[0], Value: r.Float64()})
		}
	}
	// chances of each number of leads, by enumeration of who leads whom when the first in rank are chosen at will
	counts := []int{1}
	for _, s := range strata {
		one := make([]int, s[0]*s[1]+1)
		for set := range 1 << (s[0] + s[1]) {
			chosen, leads, below := 0, 0, 0
			for k := range s[0] + s[1] {
				if set>>k&1 == 1 {
					chosen++
					leads += below
				} else {
					below++
				}
			}
			if chosen == s[0] {
				one[leads]++
			}
		}
		next := make([]int, len(counts)+len(one)-1)
		for i, x := range counts {
			for j, y := range one {
				next[i+j] += x * y
			}
		}
		counts = next
	}
	all := 0
	for _, c := range counts {
		all += c
	}
	var differences []float64
	for _, x := range list {
		for _, y := range list {
			if x.Mature && !y.Mature && x.Industry == y.Industry {
				differences = append(differences, x.Value-y.Value)
			}
		}
	}
	slices.Sort(differences)
	for _, confidence := range []float64{0.5, 0.8, 0.9, 0.95, 0.98, 0.999} {
		rank, sum := 0, 0
		for ; float64(sum+counts[rank])/float64(all) <= (1-confidence)/2; rank++ {
			sum += counts[rank]
		}
		a := compare(t, list, peer.AsymmetryOptions{Confidence: confidence})
		if a.Bounded != (rank > 0) {
			t.Fatalf("confidence %v: bounded %t, rank %d", confidence, a.Bounded, rank)
		}
		if rank > 0 && (a.Low != differences[rank-1] || a.High != differences[pairs-rank]) {
			t.Errorf("confidence %v: %v to %v, want %v to %v", confidence, a.Low, a.High, differences[rank-1], differences[pairs-rank])
		}
	}
}

// TestStratifiedAgainstPooled: where industries differ and the mature are in the better one, pooling sees an effect that
// is none.
func TestStratifiedAgainstPooled(t *testing.T) {
	var list []peer.Result
	for i := range 60 {
		rich := i%2 == 0
		x := peer.Result{Company: fmt.Sprint("c", i), Industry: "poor", Size: "s", Value: float64(i * 37 % 60), Mature: i%10 == 1}
		if rich {
			x.Industry, x.Value, x.Mature = "rich", x.Value+100, i%10 != 0
		}
		list = append(list, x)
	}
	s := compare(t, list, peer.AsymmetryOptions{Minimum: 5})
	p := compare(t, list, peer.AsymmetryOptions{Minimum: 5, Design: peer.Pooled})
	if !(p.Difference > 50 && p.P < 0.01 && math.Abs(s.Difference) < 20 && s.P > 0.05) {
		t.Errorf("stratified %+v, pooled %+v", s, p)
	}
	if diff := cmp.Diff([]peer.Caution{peer.Observed, peer.Composition}, p.Cautions); diff != "" {
		t.Errorf("pooled cautions (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]peer.Caution{peer.Observed}, s.Cautions); diff != "" {
		t.Errorf("stratified cautions (-want +got):\n%s", diff)
	}
}

func TestCautions(t *testing.T) {
	two := cohorts([]float64{1, 2}, []float64{3, 4})
	two[0].Industry, two[1].Industry = "other", "other"
	for _, tt := range []struct {
		name  string
		list  []peer.Result
		known bool
		want  []peer.Caution
	}{
		{"nobody", nil, false, []peer.Caution{peer.Observed, peer.NoCounterparts}},
		{"one cohort", cohorts([]float64{1, 2, 3}, nil), false, []peer.Caution{peer.Observed, peer.NoCounterparts}},
		{"no industry in common", two, false, []peer.Caution{peer.Observed, peer.NoCounterparts}},
		{"few", cohorts([]float64{1, 2, 3}, []float64{1, 2, 3}), true, []peer.Caution{peer.Observed, peer.Few}},
		{"all equal", cohorts(make([]float64, 20), make([]float64, 20)), true, []peer.Caution{peer.Observed}},
		{"left out", append(cohorts(make([]float64, 20), make([]float64, 20)), elsewhere(6)...), true, []peer.Caution{peer.Observed, peer.LeftOut}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := compare(t, tt.list, peer.AsymmetryOptions{})
			if diff := cmp.Diff(tt.want, a.Cautions); diff != "" || a.Known != tt.known {
				t.Errorf("known %t, cautions (-want +got):\n%s", a.Known, diff)
			}
			for _, c := range a.Cautions {
				if c.String() == string(c) {
					t.Errorf("%q says nothing", c)
				}
			}
			if tt.name == "all equal" && (a.P != 1 || a.Effect != 0 || a.Difference != 0 || a.Bounded) {
				t.Errorf("%+v", a)
			}
		})
	}
}

// elsewhere are mature companies without a counterpart.
func elsewhere(n int) []peer.Result {
	list := cohorts(make([]float64, n), nil)
	for i := range list {
		list[i].Company, list[i].Size = fmt.Sprint("e", i), "large"
	}
	return list
}

// TestCompareHolds: order does not matter, swapping the cohorts changes signs alone, and a shift of the mature shifts
// the difference and its interval.
func TestCompareHolds(t *testing.T) {
	for seed := range uint64(30) {
		list := results(seed, 40, 3)
		a := compare(t, list, peer.AsymmetryOptions{Permutations: 199})
		mixed, swapped, shifted := slices.Clone(list), slices.Clone(list), slices.Clone(list)
		slices.Reverse(mixed)
		for i := range list {
			swapped[i].Mature = !list[i].Mature
			if list[i].Mature {
				shifted[i].Value += 16
			}
		}
		if diff := cmp.Diff(a, compare(t, mixed, peer.AsymmetryOptions{Permutations: 199})); diff != "" {
			t.Fatalf("another order (-want +got):\n%s", diff)
		}
		b := compare(t, swapped, peer.AsymmetryOptions{Permutations: 199})
		if b.Effect != -a.Effect || b.Low != -a.High || b.High != -a.Low || math.Abs(a.Difference+b.Difference) > 1e-12 {
			t.Fatalf("swapped: %+v, was %+v", b, a)
		}
		c := compare(t, shifted, peer.AsymmetryOptions{Permutations: 199})
		near(t, "shifted difference", c.Difference-a.Difference, 16, 1e-9)
		near(t, "shifted low", c.Low-a.Low, 16, 1e-9)
		if !(a.Low <= a.Difference && a.Difference <= a.High) || a.P <= 0 || a.P > 1 {
			t.Fatalf("%+v", a)
		}
	}
}

// TestPermutationLevel: without an effect a p-value of at most 0.1 comes up in a tenth of the samples; 400 samples are
// within four standard errors, 0.06, of it.
func TestPermutationLevel(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	low := 0
	for i := range 400 {
		list := results(uint64(i), 24, 2)
		for k := range list {
			list[k].Value = r.NormFloat64()
		}
		if compare(t, list, peer.AsymmetryOptions{Permutations: 199, Seed: uint64(i)}).P <= 0.1 {
			low++
		}
	}
	near(t, "share of small p-values", float64(low)/400, 0.1, 0.06)
}

func TestCompareRefuses(t *testing.T) {
	bad := func(change func(x *peer.Result)) []peer.Result {
		list := cohorts([]float64{1, 2}, []float64{3})
		change(&list[1])
		return list
	}
	fine := peer.AsymmetryOptions{}
	for _, tt := range []struct {
		name string
		list []peer.Result
		o    peer.AsymmetryOptions
	}{
		{"NaN", bad(func(x *peer.Result) { x.Value = math.NaN() }), fine},
		{"infinite", bad(func(x *peer.Result) { x.Value = math.Inf(1) }), fine},
		{"twice", bad(func(x *peer.Result) { x.Company = "m0" }), fine},
		{"no industry", bad(func(x *peer.Result) { x.Industry = "" }), fine},
		{"differences overflow", cohorts([]float64{math.MaxFloat64}, []float64{-math.MaxFloat64}), fine},
		{"design", nil, peer.AsymmetryOptions{Design: "matched"}},
		{"confidence", nil, peer.AsymmetryOptions{Confidence: 1}},
		{"permutations", nil, peer.AsymmetryOptions{Permutations: 5}},
		{"minimum", nil, peer.AsymmetryOptions{Minimum: -1}},
		{"too many pairs", cohorts(make([]float64, 5000), make([]float64, 5000)), fine},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var data *peer.DataError
			if _, err := peer.Compare(tt.list, tt.o); !errors.As(err, &data) {
				t.Errorf("%v, want a DataError", err)
			}
		})
	}
}
