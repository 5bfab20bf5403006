package experiment_test

import (
	"bytes"
	"fmt"
	"math"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/segment/experiment"
	"github.com/google/go-cmp/cmp"
)

func compile(t testing.TB, trial experiment.Trial) *experiment.Model {
	t.Helper()
	m, err := experiment.Compile(trial)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// halves is a trial of a call against a holdout.
func halves(seed string) experiment.Trial {
	return planned(experiment.Plan{Control: "holdout", Measure: experiment.Share, Better: experiment.Higher, Horizon: 4}, seed,
		experiment.Arm{Name: "holdout", Weight: 1}, experiment.Arm{Name: "call", Weight: 1})
}

// means is halves with numbers as outcomes.
func means(seed string) experiment.Trial {
	trial := halves(seed)
	trial.Plan.Measure = experiment.Mean
	return trial
}

func planned(p experiment.Plan, seed string, arms ...experiment.Arm) experiment.Trial {
	return experiment.Trial{Format: 1, Name: "renewal call", Seed: seed, Arms: arms, Plan: p}
}

// letters is a trial whose arms have letters for names; the first is the control.
func letters(seed string, weights ...int) experiment.Trial {
	var arms []experiment.Arm
	for i, w := range weights {
		arms = append(arms, experiment.Arm{Name: string(rune('a' + i)), Weight: w})
	}
	return planned(experiment.Plan{Control: "a", Measure: experiment.Mean, Better: experiment.Higher, Horizon: 2 * len(arms)}, seed, arms...)
}

// analyse analyses the outcomes of a trial that was not changed.
func analyse(t testing.TB, trial experiment.Trial, outcomes []experiment.Outcome) (experiment.Analysis, error) {
	t.Helper()
	m := compile(t, trial)
	return m.Analyse(m.Digest(), outcomes)
}

func assign(t testing.TB, m *experiment.Model, unit string) (string, bool) {
	t.Helper()
	arm, in, err := m.Assign(unit)
	if err != nil {
		t.Fatal(err)
	}
	return arm, in
}

func TestGoldenAssign(t *testing.T) {
	var out bytes.Buffer
	thirds, spring := letters("三つ", 1, 1, 1), halves("renewal")
	thirds.Coverage = 9000
	spring.Arms[1] = experiment.Arm{Name: "mail", Weight: 9}
	spring.Layer = &experiment.Layer{Name: "spring", From: 2500, To: 7500}
	for _, trial := range []experiment.Trial{halves("onboarding call"), thirds, spring} {
		m := compile(t, trial)
		fmt.Fprintln(&out, trial.Seed, m.Buckets())
		for i := range 40 {
			unit := fmt.Sprintf("Łódź %d 😀", i)
			arm, in := assign(t, m, unit)
			fmt.Fprintf(&out, "%s\t%q\t%t\n", unit, arm, in)
		}
	}
	golden.Check(t, "testdata/assign.txt", out.Bytes())
}

// TestSplit holds the split of many units to their buckets, and that of two trials to independence, by chi-square tests at
// 1 in a million; seeds and units that differ in their last byte alone are where a poor hash fails.
func TestSplit(t *testing.T) {
	const units = 60_000
	first, second := compile(t, letters("trial 1", 1, 1, 1)), compile(t, halves("trial 2"))
	counts, cells := map[string]int{}, map[string]int{}
	for i := range units {
		unit := fmt.Sprintf("account-%d", i)
		a, _ := assign(t, first, unit)
		b, _ := assign(t, second, unit)
		counts[a]++
		cells[a+b]++
	}
	r, err := experiment.CheckRatio([]int{counts["a"], counts["b"], counts["c"]}, first.Buckets())
	if err != nil || r.P < 1e-6 {
		t.Errorf("the split %v has p %v, %v", counts, r.P, err)
	}
	r, err = experiment.CheckRatio([]int{cells["aholdout"], cells["acall"], cells["bholdout"], cells["bcall"], cells["choldout"], cells["ccall"]},
		[]int{3333, 3333, 3333, 3333, 3334, 3334})
	if err != nil || r.P < 1e-6 {
		t.Errorf("the two splits %v have p %v, %v", cells, r.P, err)
	}
}

// TestCoverage: more coverage adds units and moves none.
func TestCoverage(t *testing.T) {
	trial := halves("grow")
	was := map[string]string{}
	for _, coverage := range []int{2, 500, 5000, 9999, 10_000} {
		trial.Coverage = coverage
		m := compile(t, trial)
		in := 0
		for i := range 5000 {
			unit := fmt.Sprint(i)
			arm, takesPart := assign(t, m, unit)
			if before, ok := was[unit]; ok && (!takesPart || arm != before) {
				t.Fatalf("coverage %d: unit %s was in %s and is in %s, %t", coverage, unit, before, arm, takesPart)
			}
			if takesPart {
				was[unit] = arm
				in++
			}
		}
		if share := float64(in) / 5000; math.Abs(share-float64(coverage)/experiment.Buckets) > 0.03 {
			t.Errorf("coverage %d takes in %v", coverage, share)
		}
	}
}

// TestLayer: trials with disjoint buckets of one layer share no unit, and together have all; the layer does not lean on
// the split.
func TestLayer(t *testing.T) {
	first, second := halves("one"), halves("two")
	first.Layer = &experiment.Layer{Name: "spring", From: 0, To: 4000}
	second.Layer = &experiment.Layer{Name: "spring", From: 4000, To: experiment.Buckets}
	a, b := compile(t, first), compile(t, second)
	first.Layer.To = experiment.Buckets // the model keeps its own
	first.Arms[0].Name = "changed"
	counts := []int{0, 0}
	for i := range 20_000 {
		unit := fmt.Sprint("u", i)
		arm, in1 := assign(t, a, unit)
		_, in2 := assign(t, b, unit)
		if in1 == in2 {
			t.Fatalf("unit %s is in both trials or in none: %t", unit, in1)
		}
		if in1 && arm == "holdout" {
			counts[0]++
		}
		if in1 && arm == "call" {
			counts[1]++
		}
	}
	r, err := experiment.CheckRatio(counts, a.Buckets())
	if err != nil || r.P < 1e-6 || math.Abs(float64(counts[0]+counts[1])-8000) > 400 {
		t.Errorf("%v: p %v, %v", counts, r.P, err)
	}
}

func TestBuckets(t *testing.T) {
	for name, tc := range map[string]struct {
		weights  []int
		coverage int
		want     []int
	}{
		"thirds":   {[]int{1, 1, 1}, 0, []int{3333, 3333, 3334}},
		"holdout":  {[]int{1, 9}, 0, []int{1000, 9000}},
		"coverage": {[]int{2, 3, 5}, 2000, []int{400, 600, 1000}},
		"large":    {[]int{100_000, 100_000}, 0, []int{5000, 5000}},
	} {
		trial := letters("s", tc.weights...)
		trial.Coverage = tc.coverage
		m := compile(t, trial)
		m.Buckets()[0] = -1
		if diff := cmp.Diff(tc.want, m.Buckets()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
