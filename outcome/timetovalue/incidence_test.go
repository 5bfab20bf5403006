package timetovalue_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func after(days int) time.Time { return start.AddDate(0, 0, days) }

func cases(value, left, waiting []int) (c []timetovalue.Case) {
	for i, d := range value {
		c = append(c, timetovalue.Case{Account: fmt.Sprint("v", i), From: start, Value: after(d)})
	}
	for i, d := range left {
		c = append(c, timetovalue.Case{Account: fmt.Sprint("l", i), From: start, Left: after(d)})
	}
	for i, d := range waiting {
		c = append(c, timetovalue.Case{Account: fmt.Sprint("w", i), From: start, Seen: after(d)})
	}
	return c
}

// Worked by hand. One minus Kaplan–Meier would say 103/175, the mean of those that arrived 25 days: both wrong.
func TestScenario6TimeToValue(t *testing.T) {
	in, err := timetovalue.Estimate(cases([]int{10, 20, 30, 40}, []int{15, 25}, []int{12, 35, 50, 50}))
	if err != nil {
		t.Fatal(err)
	}
	last := in.Steps[len(in.Steps)-1]
	want := timetovalue.Step{Day: 50, Value: 19.0 / 40, Left: 9.0 / 40, Waiting: 3.0 / 10, AtRisk: 2}
	for _, c := range []struct {
		name      string
		got, want float64
	}{{"day", last.Day, want.Day}, {"value", last.Value, want.Value}, {"left", last.Left, want.Left}, {"waiting", last.Waiting, want.Waiting}} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	if last.AtRisk != want.AtRisk || in.Valued != 4 || in.Left != 2 || in.Pending != 4 {
		t.Errorf("at risk %d, counts %d %d %d", last.AtRisk, in.Valued, in.Left, in.Pending)
	}
	if day, ok := in.Quantile(0.5); ok {
		t.Errorf("median %v; it was not reached", day)
	}
	// A tenth is reached on day 10, and no more before day 20.
	if day, ok := in.Quantile(0.1); !ok || day != 15 {
		t.Errorf("tenth by day %v, %v; want 15", day, ok)
	}
	if q, ok := in.QuantileInterval(0.5, 0.95); !ok || q.Day != nil || q.High != nil || q.Low == nil {
		t.Errorf("median %+v, %v", q, ok)
	}
	// 103/175 is what one minus Kaplan–Meier says, with those who left taken as last watched then.
	var censored []timetovalue.Case
	for _, c := range cases([]int{10, 20, 30, 40}, []int{15, 25}, []int{12, 35, 50, 50}) {
		if !c.Left.IsZero() {
			c.Seen, c.Left = c.Left, time.Time{}
		}
		censored = append(censored, c)
	}
	over, err := timetovalue.Estimate(censored)
	if err != nil {
		t.Fatal(err)
	}
	if got := over.Steps[len(over.Steps)-1].Value; math.Abs(got-103.0/175) > 1e-12 || got <= last.Value {
		t.Errorf("one minus Kaplan–Meier is %v, want 103/175, above %v", got, last.Value)
	}
	s, ok := in.Within(50, 0.95)
	if !ok || math.Abs(s.Value-19.0/40) > 1e-12 || !(s.Low < s.Value && s.Value < s.High) {
		t.Errorf("within 50 days: %+v, %v", s, ok)
	}
	if _, ok := in.Within(51, 0.95); ok {
		t.Error("nobody was watched for 51 days")
	}
}

// TestOrder: the order of cases changes no bit, and shares sum to 1.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		draw := func() (d []int) {
			for range 1 + r.IntN(20) {
				d = append(d, r.IntN(30))
			}
			return d
		}
		c := cases(draw(), draw(), draw())
		one, err := timetovalue.Estimate(c)
		if err != nil {
			t.Fatal(err)
		}
		r.Shuffle(len(c), func(i, j int) { c[i], c[j] = c[j], c[i] })
		other, err := timetovalue.Estimate(c)
		if err != nil || !reflect.DeepEqual(one, other) {
			t.Fatalf("another order gives another answer (%v)", err)
		}
		for _, s := range one.Steps {
			if math.Abs(s.Value+s.Left+s.Waiting-1) > 1e-12 {
				t.Fatalf("shares of day %v sum to %v", s.Day, s.Value+s.Left+s.Waiting)
			}
		}
	}
}

func TestBadCases(t *testing.T) {
	for _, c := range []struct {
		name string
		c    timetovalue.Case
		want string
	}{
		{"both", timetovalue.Case{Account: "a", From: start, Value: after(1), Left: after(2)}, `account "a": clock: reached value and left before it`},
		{"no end", timetovalue.Case{Account: "a", From: start}, `account "a": clock: from 2026-01-01T00:00:00Z to no time it does not run`},
		{"no anchor", timetovalue.Case{Account: "a", Value: after(1)}, "does not run"},
		{"backwards", timetovalue.Case{Account: "a", From: start, Value: after(-1)}, "does not run"},
		{"year 10000", timetovalue.Case{Account: "a", From: start, Value: start.AddDate(9000, 0, 0)}, "does not run"},
		{"before the watch", timetovalue.Case{Account: "a", From: start, Value: after(1), Watched: after(2)}, "it ends on 2026-01-02T00:00:00Z, before the watch begins on 2026-01-03T00:00:00Z"},
		{"no account", timetovalue.Case{From: start, Value: after(1)}, `account "": is empty`},
	} {
		_, err := timetovalue.Estimate([]timetovalue.Case{c.c})
		var bad *timetovalue.DataError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "timetovalue: account ") {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	var bad *timetovalue.DataError
	if _, err := timetovalue.EstimateBy(nil, "size"); !errors.As(err, &bad) || err.Error() != `timetovalue: grouping: "size" is unknown` {
		t.Errorf("grouping: %v", err)
	}
}

// TestEdges: each of these is a question with an answer.
func TestEdges(t *testing.T) {
	one := 1.0
	for _, c := range []struct {
		name   string
		cases  []timetovalue.Case
		median *float64
		within *timetovalue.Share // 1 day, at 95 %, to three places: Wilson, but for 2 of 4, exp(−exp(log(−log ½) ± 1.96·√3/3/log ½))
	}{
		{"none", nil, nil, nil},
		{"all censored", cases(nil, nil, []int{1, 2, 3}), nil, &timetovalue.Share{Value: 0, Low: 0, High: 0.658, AtRisk: 2}},
		{"one account", cases([]int{1}, nil, nil), &one, &timetovalue.Share{Value: 1, Low: 0.207, High: 1}},
		{"one waits", cases(nil, nil, []int{1}), nil, &timetovalue.Share{Value: 0, Low: 0, High: 1}},
		{"everybody left", cases(nil, []int{0, 1, 1}, nil), nil, &timetovalue.Share{Value: 0, Low: 0, High: 0.562}},
		{"all tie", cases([]int{1, 1, 1}, nil, nil), &one, &timetovalue.Share{Value: 1, Low: 0.438, High: 1}},
		{"value and leaving tie", cases([]int{1, 1}, []int{1, 1}, nil), &one, &timetovalue.Share{Value: 0.5, Low: 0.029, High: 0.873}},
		{"within the day", cases([]int{0, 0}, nil, nil), new(float64), &timetovalue.Share{Value: 1, Low: 0.342, High: 1}},
	} {
		in, err := timetovalue.Estimate(c.cases)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		q, ok := in.QuantileInterval(0.5, 0.95)
		if diff := cmp.Diff(c.median, q.Day); diff != "" || !ok {
			t.Errorf("%s: median, %v (-want +got):\n%s", c.name, ok, diff)
		}
		s, ok := in.Within(1, 0.95)
		if ok != (c.within != nil) {
			t.Errorf("%s: within a day %v", c.name, ok)
		} else if ok {
			c.within.Days = 1
			if diff := cmp.Diff(*c.within, s, cmpopts(0.001)); diff != "" {
				t.Errorf("%s: within a day (-want +got):\n%s", c.name, diff)
			}
		}
	}
}

func cmpopts(tolerance float64) cmp.Option {
	return cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) <= tolerance })
}

func TestBadQuestions(t *testing.T) {
	in, err := timetovalue.Estimate(cases([]int{1, 2, 3}, nil, []int{4}))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range []float64{0, -1, 1.1, math.NaN()} {
		if day, ok := in.Quantile(p); ok {
			t.Errorf("share %v by day %v", p, day)
		}
		if q, ok := in.QuantileInterval(p, 0.95); ok {
			t.Errorf("share %v: %+v", p, q)
		}
	}
	for _, confidence := range []float64{0, 1, math.NaN()} {
		if q, ok := in.QuantileInterval(0.5, confidence); ok {
			t.Errorf("confidence %v: %+v", confidence, q)
		}
		if s, ok := in.Within(2, confidence); ok {
			t.Errorf("confidence %v: %+v", confidence, s)
		}
	}
	for _, days := range []float64{-1, math.NaN(), 5} {
		if s, ok := in.Within(days, 0.95); ok {
			t.Errorf("within %v days: %+v", days, s)
		}
	}
}

// TestWatched: who came under watch late is at risk only then, and who ended on that day says nothing.
func TestWatched(t *testing.T) {
	c := cases([]int{5, 20, 30}, nil, nil)
	c[1].Watched, c[2].Watched = after(10), after(30)
	in, err := timetovalue.Estimate(c)
	if err != nil {
		t.Fatal(err)
	}
	var atRisk []int
	for _, s := range in.Steps {
		atRisk = append(atRisk, s.AtRisk)
	}
	if !slices.Equal(atRisk, []int{1, 1}) || in.N != 3 || in.Unwatched != 1 || in.Valued != 3 {
		t.Errorf("at risk %v of %+v", atRisk, in)
	}
}

func TestEstimateBy(t *testing.T) {
	c := slices.Concat(cases([]int{10, 20}, nil, nil), cases([]int{5}, []int{6}, nil))
	for i := range c {
		c[i].Segment, c[i].Cohort = "small", "2026-Q1"
		if i%2 == 1 {
			c[i].Cohort = "2025-Q4"
		}
		if i > 1 {
			c[i].Segment = "large"
		}
	}
	for by, want := range map[timetovalue.Grouping][]string{
		timetovalue.BySegment:          {"large  2", "small  2"},
		timetovalue.ByCohort:           {" 2025-Q4 2", " 2026-Q1 2"},
		timetovalue.BySegmentAndCohort: {"large 2025-Q4 1", "large 2026-Q1 1", "small 2025-Q4 1", "small 2026-Q1 1"},
	} {
		groups, err := timetovalue.EstimateBy(c, by)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, g := range groups {
			got = append(got, fmt.Sprint(g.Segment, " ", g.Cohort, " ", g.Incidence.N))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", by, diff)
		}
	}
	c[0].Left = c[0].Value
	if _, err := timetovalue.EstimateBy(c, timetovalue.ByCohort); err == nil {
		t.Error("a wrong clock passes")
	}
}

// TestAllArrive: where everybody has value, on one day or on many, the share is 1, and neither the share nor its difference
// from another has a variance.
func TestAllArrive(t *testing.T) {
	var half []timetovalue.Case
	for i := range 20 {
		half = append(half, timetovalue.Case{Account: fmt.Sprint(i), From: start, Seen: after(100)})
		if i%2 == 0 {
			half[i].Value = after(i)
		}
	}
	for n := 1; n <= 60; n++ {
		for _, apart := range []int{0, 1} {
			var cases []timetovalue.Case
			for i := range n {
				cases = append(cases, timetovalue.Case{Account: fmt.Sprint(i), From: start, Value: after(5 + apart*i)})
			}
			in, err := timetovalue.Estimate(cases)
			if err != nil {
				t.Fatal(err)
			}
			last := in.Steps[len(in.Steps)-1]
			if last.Value != 1 || last.Waiting != 0 || last.Left != 0 {
				t.Errorf("%d, %d days apart: %+v at the end", n, apart, last)
			}
			want, _ := stat.Wilson(n, n, 0.95)
			s, ok := in.Within(90, 0.95)
			if !ok || s.Value != 1 || s.Low != want.Low || s.High != 1 {
				t.Errorf("%d, %d days apart: %+v, %v, want Wilson's %v", n, apart, s, ok, want)
			}
			c, err := timetovalue.Compare(half, cases, timetovalue.Options{Resamples: 100})
			if err != nil || c.Share.Value == nil || c.Share.Low != nil || c.Share.High != nil || c.ShareP != nil {
				t.Errorf("%d, %d days apart: share %+v, p %v, %v", n, apart, c.Share, c.ShareP, err)
			}
		}
	}
}
