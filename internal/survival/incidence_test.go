package survival_test

import (
	"math"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/internal/survival"
)

func smallCompeting(t *testing.T) []survival.Observation {
	t.Helper()
	var obs []survival.Observation
	for _, row := range rows(t, "small_competing_input.csv") {
		obs = append(obs, survival.Observation{Time: number(t, row["time"]), Cause: count(t, row["event"])})
	}
	return obs
}

// TestAalenJohansen holds the probabilities and counts of R's survfit; its standard errors are of another kind.
func TestAalenJohansen(t *testing.T) {
	x := incidence(t, smallCompeting(t), 2)
	want := rows(t, "aj_small_competing.csv")
	if len(x.Times) != len(want) || x.N != 12 {
		t.Fatalf("%d times of %d, want %d of 12", len(x.Times), x.N, len(want))
	}
	for i, row := range want {
		advance, churn := x.ByCause[0], x.ByCause[1]
		if x.Times[i] != number(t, row["time"]) || x.AtRisk[i] != count(t, row["nrisk_s0"]) ||
			advance.Events[i] != count(t, row["nevent_advance"]) || churn.Events[i] != count(t, row["nevent_churn"]) {
			t.Errorf("counts at %v differ from %v", x.Times[i], row)
		}
		near(t, "waiting", x.Survival[i], number(t, row["p_s0"]), 1e-12)
		near(t, "advanced", advance.Cumulative[i], number(t, row["p_advance"]), 1e-12)
		near(t, "churned", churn.Cumulative[i], number(t, row["p_churn"]), 1e-12)
	}
}

// TestCuminc holds the estimates and Aalen's variances of cmprsk, whose curves list each step by its foot and its head.
func TestCuminc(t *testing.T) {
	x := incidence(t, smallCompeting(t), 2)
	type point struct {
		cause int
		at    float64
	}
	heads := map[point]map[string]string{}
	for _, row := range rows(t, "cuminc_small_competing_cmprsk.csv") {
		cause := count(t, strings.TrimPrefix(row["curve"], "1 "))
		at := number(t, row["time"])
		heads[point{cause, at}] = row
		if p, _ := x.Cumulative(cause, math.Nextafter(at, -1)); at > 0 {
			head, _ := x.Cumulative(cause, at)
			if est := number(t, row["est"]); math.Abs(est-p) > 1e-12 && math.Abs(est-head) > 1e-12 {
				t.Errorf("cause %d at %v: %v is neither the foot %v nor the head %v", cause, at, est, p, head)
			}
		}
	}
	for at, row := range heads {
		p, ok := x.Cumulative(at.cause, at.at)
		same(t, "estimate", p, ok, row["est"], 1e-12)
		se, ok := x.SE(at.cause, at.at)
		same(t, "variance", se*se, ok, row["var"], 1e-12)
	}
}

// timeToValue is the scenario: value at 10, 20, 30, 40; left at 15, 25; waiting at 12, 35, 50, 50 days.
func timeToValue() []survival.Observation {
	return []survival.Observation{
		{Time: 10, Cause: 1}, {Time: 20, Cause: 1}, {Time: 30, Cause: 1}, {Time: 40, Cause: 1},
		{Time: 15, Cause: 2}, {Time: 25, Cause: 2},
		{Time: 12}, {Time: 35}, {Time: 50}, {Time: 50},
	}
}

func TestTimeToValue(t *testing.T) {
	obs := timeToValue()
	x := incidence(t, obs, 2)
	value, ok1 := x.Cumulative(1, 50)
	left, ok2 := x.Cumulative(2, 50)
	waiting, ok3 := x.Waiting(50)
	if !ok1 || !ok2 || !ok3 {
		t.Error("day 50 is unknown")
	}
	near(t, "value", value, 19.0/40, 1e-15)
	near(t, "left", left, 9.0/40, 1e-15)
	near(t, "waiting", waiting, 3.0/10, 1e-15)
	if median, ok := x.Quantile(1, 0.5); ok {
		t.Errorf("the median is reached: %v", median)
	}
	if r, ok := x.QuantileInterval(1, 0.5, 0.95, survival.LogLog); !ok || !r.LowKnown || r.HighKnown {
		t.Errorf("the interval of the median is %+v, %v", r, ok)
	}
	// Both wrong: those who left as censored, and the mean of the finished.
	censored := timeToValue()
	var finished []float64
	for i, o := range obs {
		if o.Cause != 1 {
			censored[i].Cause = 0
			continue
		}
		finished = append(finished, o.Time)
	}
	survived, ok := curve(t, censored).Survival(50)
	if !ok {
		t.Error("day 50 is unknown")
	}
	near(t, "one minus Kaplan–Meier", 1-survived, 103.0/175, 1e-15)
	if mean, ok := stat.Mean(finished); !ok || mean != 25 {
		t.Errorf("the mean of the finished = %v, %v, want 25", mean, ok)
	}
}

// TestOneCause holds the incidence of a single cause to one minus Kaplan–Meier, with which it shares its quantiles.
func TestOneCause(t *testing.T) {
	obs := strata(t, "lung", "")
	c, x := curve(t, obs), incidence(t, obs, 1)
	for i, s := range c.Steps {
		near(t, "incidence", x.ByCause[0].Cumulative[i], 1-s.Survival, 1e-12)
		if x.Survival[i] != s.Survival || x.Times[i] != s.Time || x.AtRisk[i] != s.AtRisk || x.Censored[i] != s.Censored {
			t.Errorf("step %d differs from %+v", i, s)
		}
	}
	for _, p := range []float64{0.1, 0.25, 0.5, 0.75, 0.9} {
		want, _ := c.Quantile(p)
		if got, ok := x.Quantile(1, p); !ok || got != want {
			t.Errorf("Quantile(%v) = %v, %v, want %v", p, got, ok, want)
		}
	}
}

// TestIncidenceIntervals checks one interval of each kind by hand. At 1, one of twelve has advanced: F = 1/12 with variance
// 1/144, so log F has standard error 1.
func TestIncidenceIntervals(t *testing.T) {
	x := incidence(t, smallCompeting(t), 2)
	z, _ := stat.NormalQuantile(0.975)
	f := 1.0 / 12
	for _, tt := range []struct {
		scale     survival.Scale
		low, high float64
	}{
		{"", math.Pow(f, math.Exp(-z/math.Log(f))), math.Pow(f, math.Exp(z/math.Log(f)))},
		{survival.LogLog, math.Pow(f, math.Exp(-z/math.Log(f))), math.Pow(f, math.Exp(z/math.Log(f)))},
		{survival.Log, f * math.Exp(-z), f * math.Exp(z)},
		{survival.Plain, 0, f + z/12},
	} {
		i, ok := x.Interval(1, 1, 0.95, tt.scale)
		if !ok {
			t.Fatalf("%s: undefined", tt.scale)
		}
		near(t, "low", i.Low, tt.low, 1e-12)
		near(t, "high", i.High, tt.high, 1e-12)
	}
}

func TestUndefinedIncidences(t *testing.T) {
	x := incidence(t, timeToValue(), 2)
	for _, cause := range []int{0, 3, -1} {
		_, p := x.Cumulative(cause, 20)
		_, se := x.SE(cause, 20)
		_, limits := x.Interval(cause, 20, 0.95, "")
		_, median := x.Quantile(cause, 0.1)
		_, around := x.QuantileInterval(cause, 0.1, 0.95, "")
		if p || se || limits || median || around {
			t.Errorf("cause %d answers", cause)
		}
	}
	for _, at := range []float64{-1, 51, math.NaN()} {
		p, known := x.Cumulative(1, at)
		_, waiting := x.Waiting(at)
		_, se := x.SE(1, at)
		if _, limits := x.Interval(1, at, 0.95, ""); known || waiting || se || limits {
			t.Errorf("at %v: %v is known", at, p)
		}
	}
	if p, ok := x.Cumulative(2, 12); p != 0 || !ok {
		t.Errorf("before the first: %v, %v", p, ok)
	}
	if i, ok := x.Interval(2, 12, 0.95, survival.Plain); ok {
		t.Errorf("an interval before the first end: %v", i)
	}
	if i, ok := x.Interval(1, 20, 1, ""); ok {
		t.Errorf("an interval with certainty: %v", i)
	}
	if r, ok := x.QuantileInterval(1, 0.5, 0.95, "logit"); ok {
		t.Errorf("an interval on an unknown scale: %v", r)
	}
	empty := incidence(t, nil, 2)
	if _, ok := empty.Waiting(0); ok {
		t.Error("an empty incidence answers")
	}
	if _, ok := empty.Quantile(1, 0.5); ok {
		t.Error("an empty incidence has a median")
	}
	done := incidence(t, []survival.Observation{{Time: 1, Cause: 1}, {Time: 2, Cause: 2}}, 2)
	if p, ok := done.Cumulative(2, 99); p != 0.5 || !ok {
		t.Errorf("after all ended: %v, %v, want 0.5", p, ok)
	}
}
