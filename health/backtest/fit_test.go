package backtest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

func nanOf() float64    { return math.NaN() }
func infinite() float64 { return math.Inf(1) }

// fourCard has four measures in two groups, of which a person weighed each alike. noise must have been read.
func fourCard() health.Scorecard {
	return health.Scorecard{
		Format: 1, Name: "four", Version: "1",
		Groups: []health.Group{
			{Name: "outcome", Weight: 60, Aspect: health.Outcome, Measures: []health.Measure{measure("attainment", 3), measure("value", 3)}},
			{Name: "experience", Weight: 40, Aspect: health.Experience, Measures: []health.Measure{measure("usage", 5), measure("noise", 5)}},
		},
		Bands: []health.Band{{Name: "red"}, {Name: "green", Floor: 50}},
	}
}

// fourWorld is a world in which attainment counts three times as much as usage, and the others nothing: value is higher
// where customers are lost.
func fourWorld(t testing.TB, seed uint64, n int) (*health.Memory, []backtest.Decision) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 0))
	var s health.Memory
	var decisions []backtest.Decision
	for i := range n {
		account := fmt.Sprintf("a%05d", i)
		at := renewal.AddDate(0, 0, i%700)
		attainment, usage := 100*r.Float64(), 100*r.Float64()
		lost := r.Float64() < 1/(1+math.Exp(3-0.03*(100-attainment)-0.01*(100-usage)))
		value := 60 * r.Float64()
		if lost {
			value += 20
		}
		read := at.AddDate(0, 0, -100)
		readings := map[string]health.Reading{
			"attainment": {Value: attainment, At: read}, "usage": {Value: usage, At: read}, "value": {Value: value, At: read}, "noise": {Value: 100 * r.Float64(), At: read},
		}
		if err := s.Put(account, time.Time{}, read, readings); err != nil {
			t.Fatal(err)
		}
		decisions = append(decisions, backtest.Decision{Account: account, At: at, Lost: lost})
	}
	return &s, decisions
}

// Over many worlds the shares are, on average, those that made the losses.
func TestFitRecovers(t *testing.T) {
	const worlds = 12
	var sum, squares [4]float64
	for w := range uint64(worlds) {
		s, decisions := fourWorld(t, 100+w, 2400)
		f := must[backtest.Fitted](t)(backtest.Fit(context.Background(), fourCard(), s, all(decisions), lead))
		for i, x := range f.Weights {
			sum[i] += x.After
			squares[i] += x.After * x.After
		}
		if f.Validated.Difference < 0.05 || f.Validated.Low <= 0 || f.Verdict != backtest.Predictive {
			t.Errorf("world %d: %+v", w, f.Validated)
		}
		if f.Card.Groups[0].Measures[0].Name != "attainment" || len(f.Card.Groups[0].Measures) != 1 || f.Card.Version != "1 fitted" {
			t.Errorf("world %d: %+v", w, f.Card.Groups)
		}
	}
	// noise is never negative, so that its mean lies above 0, and takes from the others.
	for i, want := range []float64{75, 0, 25, 0} {
		mean := sum[i] / worlds
		se := math.Sqrt(max(squares[i]/worlds-mean*mean, 0) / (worlds - 1))
		near(t, fmt.Sprint("share of measure ", i), mean, want, 4*se+1.5)
	}
}

func TestFitOnce(t *testing.T) {
	s, decisions := fourWorld(t, 1, 2400)
	c := fourCard()
	c.Limits = []health.Limit{{Measure: "value", When: health.Less, Value: 1, Kind: health.Cap, Points: 40, Reason: "no value"}}
	f := must[backtest.Fitted](t)(backtest.Fit(context.Background(), c, s, all(decisions), lead))
	if f.Weights[1] != (backtest.Weight{Measure: "value", Before: 30, After: 0.1}) {
		t.Errorf("a measure that a limit reads has %+v", f.Weights[1])
	}
	if f.Weights[0].Before != 30 || f.Weights[2].Before != 20 || f.Decisions != 1800 || f.Losses < 500 {
		t.Errorf("%+v", f)
	}
	// What was due or scored before the cut is not in the validation.
	if n := f.Validated.After.Lost + f.Validated.After.Kept; n == 0 || n >= 600 {
		t.Errorf("validated on %d decisions", n)
	}
	m := compile(t, f.Card)
	if got := m.Scorecard().Groups[0].Weight + m.Scorecard().Groups[1].Weight; math.Abs(got-100.1) > 1e-9 {
		t.Errorf("weights sum to %v", got)
	}
	again := must[backtest.Fitted](t)(backtest.Fit(context.Background(), c, s, all(decisions), lead))
	one, two := must[[]byte](t)(json.Marshal(f)), must[[]byte](t)(json.Marshal(again))
	if diff := cmp.Diff(string(one), string(two)); diff != "" {
		t.Errorf("a second fit differs: %s", diff)
	}
}

func TestFitRefuses(t *testing.T) {
	s, decisions := fourWorld(t, 2, 1200)
	lost := func(n int) (few []backtest.Decision) {
		for _, d := range decisions {
			if d.Lost {
				n--
			}
			if !d.Lost || n >= 0 {
				few = append(few, d)
			}
		}
		return few
	}
	var onlyLost []backtest.Decision
	for i, d := range decisions {
		d.Lost = d.Lost || i >= 100
		onlyLost = append(onlyLost, d)
	}
	undated := lostSource{s}
	turned := make([]backtest.Decision, len(decisions))
	for i, d := range decisions {
		in, _, err := s.Input(context.Background(), d.Account, d.At, d.At)
		if err != nil {
			t.Fatal(err)
		}
		d.Lost = true
		for _, name := range []string{"attainment", "value", "usage", "noise"} {
			x, _ := in.Readings.Reading(name)
			d.Lost = d.Lost && x.Value > 20
		}
		turned[i] = d
	}
	sameDay := slices.Clone(decisions)
	for i := range sameDay {
		sameDay[i].At = renewal.AddDate(2, 0, 0)
	}
	for _, c := range []struct {
		name      string
		source    health.Source
		decisions []backtest.Decision
		rule      string
	}{
		{"all due on one day", s, sameDay, "times"},
		{"99 losses", s, lost(99), "losses"},
		{"few kept", s, onlyLost, "kept"},
		{"no dates", undated, decisions, "dates"},
		{"healthier where lost", s, turned, "signal"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := backtest.Fit(context.Background(), fourCard(), c.source, all(c.decisions), lead)
			var refused *backtest.RefusedError
			if !errors.As(err, &refused) || refused.Rule != c.rule {
				t.Errorf("%v, want a refusal by %s", err, c.rule)
			}
		})
	}
	if _, err := backtest.Fit(context.Background(), fourCard(), s, all(lost(100)), lead); err != nil {
		t.Errorf("100 losses: %v", err)
	}
	if _, err := backtest.Fit(context.Background(), health.Scorecard{}, s, all(decisions), lead); err == nil {
		t.Error("a card that does not compile")
	}
	if _, err := backtest.Fit(context.Background(), fourCard(), s, all(decisions), 0); err == nil {
		t.Error("no lead")
	}
}

// Where a measure is not known it counts as the card says, and an account without it is no better or worse for that.
func TestFitMissing(t *testing.T) {
	s, decisions := fourWorld(t, 5, 2400)
	for name, missing := range map[string]health.Missing{
		"exclude": {}, "worst": {Policy: health.Worst}, "neutral": {Policy: health.Neutral, Points: 50},
	} {
		c := fourCard()
		c.Groups[0].Measures[0].Missing = missing
		f := must[backtest.Fitted](t)(backtest.Fit(context.Background(), c, gapSource{s}, all(decisions), lead))
		// A third of the values of attainment are gone by chance: as the worst they hide what it says, else hardly.
		if after := f.Weights[0].After; name == "worst" && after > 60 || name != "worst" && after < 60 {
			t.Errorf("%s: %+v", name, f.Weights)
		}
		if f.Validated.After.Lost < 50 || f.Card.Groups[0].Measures[0].Missing != missing {
			t.Errorf("%s: %+v", name, f)
		}
	}
}

// A gapSource lacks attainment of every third account.
type gapSource struct{ health.Source }

func (s gapSource) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	in, ok, err := s.Source.Input(ctx, account, asOf, knownAt)
	if account[len(account)-1]%3 == 0 {
		in.Readings = gap{in.Readings}
	}
	return in, ok, err
}

type gap struct{ health.Readings }

func (r gap) Reading(name string) (health.Reading, bool) {
	x, ok := r.Readings.Reading(name)
	return x, ok && name != "attainment"
}

// A lostSource has lost the times of its readings.
type lostSource struct{ health.Source }

func (s lostSource) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	in, ok, err := s.Source.Input(ctx, account, asOf, knownAt)
	in.Readings = timeless{in.Readings}
	return in, ok, err
}

type timeless struct{ health.Readings }

func (r timeless) Reading(name string) (health.Reading, bool) {
	x, ok := r.Readings.Reading(name)
	x.At = time.Time{}
	return x, ok
}

// FuzzRegress: no small data makes the solver hang, and what it returns is the least: no coefficient can move alone.
func FuzzRegress(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, uint8(10))
	f.Add([]byte{0, 0, 0, 0, 255, 255}, uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, strength uint8) {
		var x [][]float64
		var lost []bool
		for ; len(data) >= 3 && len(x) < 100; data = data[3:] {
			x, lost = append(x, []float64{float64(data[0]) / 255, float64(data[1]) / 255}), append(lost, data[2]&1 == 1)
		}
		penalty := float64(strength)/10 + 0.1
		got, loss, ok := backtest.Regress(x, lost, penalty)
		if !ok {
			return // such as where all are lost, and the constant has no bound
		}
		at := func(c []float64) float64 {
			sum := penalty * (c[1]*c[1] + c[2]*c[2]) / 2
			for i := range x {
				s := c[0] + c[1]*x[i][0] + c[2]*x[i][1]
				if lost[i] {
					s = -s
				}
				sum += math.Log1p(math.Exp(s))
			}
			return sum
		}
		best := at(got)
		near(t, "loss", loss, best-penalty*(got[1]*got[1]+got[2]*got[2])/2, 1e-9*(1+best))
		for j := range got {
			for _, step := range []float64{-1e-3, 1e-3} {
				other := append([]float64(nil), got...)
				if other[j] += step; j > 0 && other[j] < 0 {
					continue
				}
				if at(other) < best-1e-9*(1+best) {
					t.Fatalf("%v is worse than %v", got, other)
				}
			}
		}
	})
}

func TestShares(t *testing.T) {
	for _, c := range []struct {
		beta []float64
		want []int
	}{
		{[]float64{1, 1, 1}, []int{334, 333, 333}},
		{[]float64{3, 0, 1}, []int{750, 0, 250}},
		{[]float64{1e-9, 1}, []int{0, 1000}},
	} {
		got, ok := backtest.Shares(c.beta)
		if diff := cmp.Diff(c.want, got); diff != "" || !ok {
			t.Errorf("%v (-want +got)\n%s", c.beta, diff)
		}
	}
	if _, ok := backtest.Shares([]float64{0, 0}); ok {
		t.Error("shares of nothing")
	}
}
