package timetovalue_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/outcome/timetovalue"
)

// cohort is a random one with a median of about so many days; some leave, some wait.
func cohort(r *rand.Rand, n int, median float64) []timetovalue.Case {
	list := make([]timetovalue.Case, n)
	for i := range list {
		c := timetovalue.Case{Account: fmt.Sprint("account ", i), From: start}
		// Beside a rate of leaving of a tenth of that of value, half have value when e^(−1.1·t) is 0.45.
		at := -math.Log(r.Float64()) / 0.7259 * median
		gone := -math.Log(r.Float64()) / 0.07259 * median
		watched := median * (2 + 3*r.Float64())
		switch end := min(at, gone, watched); end {
		case at:
			c.Value = after(int(end))
		case gone:
			c.Left = after(int(end))
		default:
			c.Seen = after(int(end))
		}
		list[i] = c
	}
	return list
}

func compare(t testing.TB, before, after []timetovalue.Case, o timetovalue.Options) timetovalue.Comparison {
	t.Helper()
	c, err := timetovalue.Compare(before, after, o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCompare(t *testing.T) {
	r := rand.New(rand.NewPCG(84, 30))
	c := compare(t, cohort(r, 400, 84), cohort(r, 400, 30), timetovalue.Options{Seed: 1})
	const want = "median fell from 83.5 to 29 days, −65 % [−71, −54]"
	if got := c.String(); got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if c.P == nil || *c.P > 1e-6 || c.ShareP == nil || *c.ShareP > 1e-6 || *c.Share.Low < 0 || *c.Days.High > 0 {
		t.Errorf("the difference is not seen: %+v", c)
	}
	one := cohort(r, 200, 50)
	same := compare(t, one, one, timetovalue.Options{Seed: 1})
	if *same.Days.Value != 0 || *same.Days.Low > 0 || *same.Days.High < 0 || *same.Share.Value != 0 || *same.ShareP != 1 || same.ChiSquare > 1e-12 || *same.P < 0.99 {
		t.Errorf("a cohort differs from itself: %+v", same)
	}
}

// TestCompareText: what is not reached is said.
func TestCompareText(t *testing.T) {
	fast, slow := cases([]int{10, 10, 10}, nil, nil), cases([]int{20}, nil, []int{30, 30, 30})
	zero := cases([]int{0, 0}, nil, nil)
	for _, c := range []struct {
		name          string
		before, after []timetovalue.Case
		want          string
	}{
		{"neither", slow, slow, "median not reached before, nor after"},
		{"not before", slow, fast, "median not reached before, 10 days after"},
		{"not after", fast, slow, "median 10 days before, not reached after"},
		{"same", fast, fast, "median stayed at 10 days, 0 % [?, ?]"},
		{"rose", fast, cases([]int{10, 15, 20, 30}, nil, nil), "median rose from 10 to 17.5 days, 75 % [?, ?]"},
		{"from day 0", zero, fast, "median rose from 0 to 10 days"},
		{"nobody", nil, nil, "median not reached before, nor after"},
	} {
		if got := compare(t, c.before, c.after, timetovalue.Options{}).String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	// Twelve that are done against twelve that are not: after is later, nobody knows by how much.
	c := compare(t, cases(slices.Repeat([]int{10}, 12), nil, nil), cases(nil, nil, slices.Repeat([]int{50}, 12)), timetovalue.Options{})
	if c.Days.Value != nil || c.Days.High != nil {
		t.Errorf("days %+v", c.Days)
	}
}

// TestCompareTwin repeats the bootstrap by estimating each sample from its cases.
func TestCompareTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 32))
	for range 5 {
		sides := [2][]timetovalue.Case{cohort(r, 10+r.IntN(40), 40), cohort(r, 10+r.IntN(40), 20)}
		for k := range sides {
			for i := range sides[k] {
				c := &sides[k][i]
				end := slices.MaxFunc([]time.Time{c.Value, c.Left, c.Seen}, time.Time.Compare)
				if late := start.AddDate(0, 0, r.IntN(8)); i%3 == 0 && end.After(late.AddDate(0, 0, 1)) {
					c.Watched = late
				}
			}
			slices.SortStableFunc(sides[k], inTime)
		}
		o := timetovalue.Options{Seed: r.Uint64(), Resamples: 100, Confidence: 0.9}
		got := compare(t, sides[0], sides[1], o)
		source := stat.NewResampler(o.Seed)
		median := func(cases []timetovalue.Case) float64 {
			drawn, sample := make([]uint32, len(cases)), make([]timetovalue.Case, len(cases))
			source.Draw(drawn, len(cases))
			for i, k := range drawn {
				sample[i] = cases[k]
			}
			in, err := timetovalue.Estimate(sample)
			if err != nil {
				t.Fatal(err)
			}
			day, ok := in.Quantile(0.5)
			if !ok {
				return math.Inf(1)
			}
			return day
		}
		var shifts []float64
		for range o.Resamples {
			a := median(sides[0])
			b := median(sides[1])
			if math.IsInf(a, 1) && math.IsInf(b, 1) {
				t.Fatal("choose other cohorts: neither median is reached")
			}
			shifts = append(shifts, b-a)
		}
		slices.Sort(shifts)
		want, _ := stat.Percentiles(shifts, min(len(sides[0]), len(sides[1])), o.Confidence)
		if got.Days.Low == nil || got.Days.High == nil || *got.Days.Low != want.Low || *got.Days.High != want.High {
			t.Errorf("days %v to %v, want %v", got.Days.Low, got.Days.High, want)
		}
	}
}

// inTime orders cases as the resamples number them.
func inTime(a, b timetovalue.Case) int {
	x, y := inDays(a), inDays(b)
	return slices.Compare(x[:], y[:])
}

// inDays is the clock of a case: when it ended, by what, and when its watch began.
func inDays(c timetovalue.Case) [3]int {
	day := func(t time.Time) int { return max(0, int(t.Sub(start)/(24*time.Hour))) }
	end, cause := c.Seen, 0
	if !c.Value.IsZero() {
		end, cause = c.Value, 1
	} else if !c.Left.IsZero() {
		end, cause = c.Left, 2
	}
	return [3]int{day(end), cause, day(c.Watched)}
}

// TestCompareInvariance: the order of cases changes no bit.
func TestCompareInvariance(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	before, after := cohort(r, 60, 40), cohort(r, 50, 20)
	want := compare(t, before, after, timetovalue.Options{Resamples: 100})
	for range 5 {
		r.Shuffle(len(before), func(i, j int) { before[i], before[j] = before[j], before[i] })
		r.Shuffle(len(after), func(i, j int) { after[i], after[j] = after[j], after[i] })
		if diff := cmp.Diff(want, compare(t, before, after, timetovalue.Options{Resamples: 100})); diff != "" {
			t.Fatalf("another order gives another answer (-want +got):\n%s", diff)
		}
	}
}

// TestCompareCoverage: how often the interval of the relative change at 95 % holds the truth, −50 %, over seeded simulations.
// It must be within three standard errors of what 4 000 with another seed measured.
func TestCompareCoverage(t *testing.T) {
	const simulations = 250
	for n, want := range map[int]float64{30: 0.9765, 100: 0.963} {
		r := rand.New(rand.NewPCG(uint64(n), 77))
		held := 0
		for s := range simulations {
			c := compare(t, cohort(r, n, 4000), cohort(r, n, 2000), timetovalue.Options{Seed: uint64(s), Resamples: 300})
			low, high := math.Inf(-1), math.Inf(1)
			if c.Relative.Low != nil {
				low = *c.Relative.Low
			}
			if c.Relative.High != nil {
				high = *c.Relative.High
			}
			if low <= -0.5 && -0.5 <= high {
				held++
			}
		}
		got := float64(held) / simulations
		if se := math.Sqrt(want * (1 - want) / simulations); math.Abs(got-want) > 3*se {
			t.Errorf("n = %d: covers %.4f, want %.4f ± %.4f", n, got, want, 3*se)
		}
	}
}

func TestCompareBadInput(t *testing.T) {
	good := cases([]int{1}, nil, nil)
	wrong := []timetovalue.Case{{Account: "a"}}
	for _, c := range []struct {
		name          string
		before, after []timetovalue.Case
		o             timetovalue.Options
		want          string
	}{
		{"before", wrong, good, timetovalue.Options{}, `account "a": clock`},
		{"after", good, wrong, timetovalue.Options{}, `account "a": clock`},
		{"days", good, good, timetovalue.Options{Days: -1}, `timetovalue: days: -1 is not 0 or more`},
		{"days NaN", good, good, timetovalue.Options{Days: math.NaN()}, `days: NaN`},
		{"confidence", good, good, timetovalue.Options{Confidence: 1}, `confidence: 1 is not between 0 and 1`},
		{"resamples", good, good, timetovalue.Options{Resamples: 5}, `resamples: 5 is outside 100 to 100000`},
	} {
		_, err := timetovalue.Compare(c.before, c.after, c.o)
		var bad *timetovalue.DataError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

func TestCompareJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	want := compare(t, cohort(r, 30, 40), cohort(r, 30, 20), timetovalue.Options{Resamples: 100})
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got timetovalue.Comparison
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
}
