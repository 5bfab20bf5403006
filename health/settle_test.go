package health

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// steadyModel has bands red from 0, amber from 50, green from 75, and a cap at 60 where the flag is up.
func steadyModel(t testing.TB, steady Steady) *Model {
	t.Helper()
	direct := Curve{Points, []Knot{{0, 0}, {100, 100}}}
	m, err := Compile(Scorecard{
		Format: 1, Name: "steady", Steady: steady,
		Groups: []Group{{Name: "g", Weight: 1, Measures: []Measure{
			{Name: "v", Weight: 1, Curve: direct},
			{Name: "flag", Weight: minWeight, Curve: Curve{StepsLower, []Knot{{0, 0}}}},
		}}},
		Bands:  []Band{{"red", 0}, {"amber", 50}, {"green", 75}},
		Limits: []Limit{{Measure: "flag", When: GreaterEqual, Value: 1, Kind: Cap, Points: 60, Reason: "flag"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// onDay returns a score of a model as of a day. A NaN is an unknown one; flag raises the flag.
func onDay(t testing.TB, m *Model, d, v float64, flag bool) Score {
	t.Helper()
	readings := ReadingMap{"flag": {State: NotApplicable}}
	if !math.IsNaN(v) {
		readings["v"] = Reading{Value: v}
	}
	if flag {
		readings["flag"] = Reading{Value: 1}
	}
	if math.IsNaN(v) {
		readings = nil
	}
	s, err := m.Score(Input{Account: "a", Readings: readings}, noon.Add(time.Duration(d*24*float64(time.Hour))))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSettle(t *testing.T) {
	type step struct {
		day, v  float64
		flag    bool
		band    string // expected
		pending string
	}
	unknown := math.NaN()
	margin := Steady{Worse: Hold{Margin: 2}, Better: Hold{Margin: 3}}
	dwell := Steady{Worse: Hold{Margin: 2, Dwell: 3 * Day}, Better: Hold{Dwell: 10 * Day}}
	for _, c := range []struct {
		name   string
		steady Steady
		steps  []step
	}{
		{"at once", Steady{}, []step{
			{0, 80, false, "green", ""}, {1, 74.999, false, "amber", ""}, {2, 75, false, "green", ""}, {3, 10, false, "red", ""},
		}},
		{"the first known score sets the band", margin, []step{
			{0, unknown, false, "unknown", ""}, {1, unknown, false, "unknown", ""}, {2, 50, false, "amber", ""},
		}},
		{"an unknown score keeps the band", margin, []step{
			{0, 80, false, "green", ""}, {1, unknown, false, "green", ""}, {2, 74, false, "green", ""},
		}},
		{"past the edge by the margin", margin, []step{
			{0, 80, false, "green", ""}, {1, 73.001, false, "green", ""}, {2, 73, false, "amber", ""},
			{3, 77.999, false, "amber", ""}, {4, 78, false, "green", ""},
		}},
		{"each edge by itself", margin, []step{
			{0, 80, false, "green", ""}, {1, 49, false, "amber", ""}, {2, 48, false, "red", ""}, {3, 77, false, "amber", ""}, {4, 78, false, "green", ""},
		}},
		{"on an edge without a margin", Steady{}, []step{{0, 40, false, "red", ""}, {1, 50, false, "amber", ""}, {2, 50, false, "amber", ""}}},
		{"a dwell", dwell, []step{
			{0, 80, false, "green", ""}, {1, 60, false, "green", "amber"}, {3.99, 60, false, "green", "amber"}, {4, 60, false, "amber", ""},
			{5, 90, false, "amber", "green"}, {14.9, 90, false, "amber", "green"}, {15, 90, false, "green", ""},
		}},
		{"a dwell that is interrupted", dwell, []step{
			{0, 80, false, "green", ""}, {1, 60, false, "green", "amber"}, {2, 74, false, "green", ""}, {3, 60, false, "green", "amber"},
			{5, 60, false, "green", "amber"}, {6, 60, false, "amber", ""},
		}},
		{"a dwell that an unknown score interrupts", dwell, []step{
			{0, 80, false, "green", ""}, {1, 60, false, "green", "amber"}, {2, unknown, false, "green", ""}, {4, 60, false, "green", "amber"}, {7, 60, false, "amber", ""},
		}},
		{"falling on while it dwells", dwell, []step{
			{0, 80, false, "green", ""}, {1, 60, false, "green", "amber"}, {3, 20, false, "green", "amber"},
			{4, 20, false, "amber", "red"}, {6, 20, false, "amber", "red"}, {7, 20, false, "red", ""},
		}},
		{"recovering in part while it dwells", dwell, []step{
			{0, 80, false, "green", ""}, {1, 20, false, "green", "red"}, {3, 60, false, "green", "amber"}, {4, 60, false, "amber", ""},
		}},
		{"a veto acts at once", dwell, []step{
			{0, 80, false, "green", ""}, {1, 80, true, "amber", ""}, {2, 80, false, "amber", "green"}, {12, 80, false, "green", ""},
		}},
		{"a veto that does not decide acts at once too", dwell, []step{
			{0, 80, false, "green", ""}, {1, 20, true, "amber", "red"}, {3, 20, true, "amber", "red"}, {4, 20, true, "red", ""},
		}},
		{"a veto keeps what pends below it", dwell, []step{
			{0, 80, false, "green", ""}, {1, 20, false, "green", "red"}, {3, 20, true, "amber", "red"}, {4, 20, true, "red", ""},
		}},
		{"a veto above the standing is none", dwell, []step{{0, 30, false, "red", ""}, {1, 30, true, "red", ""}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := steadyModel(t, c.steady)
			var standing Standing
			for i, x := range c.steps {
				s := onDay(t, m, x.day, x.v, x.flag)
				next := m.Settle(standing, s)
				if next.Band != x.band || next.Pending != x.pending || next.Unknown != !s.Known || !next.AsOf.Equal(s.AsOf) {
					t.Fatalf("step %d, day %v at %v: got %+v, want band %q, pending %q", i, x.day, x.v, next, x.band, x.pending)
				}
				wantSince := standing.Since
				if next.Band != standing.Band {
					wantSince = s.AsOf
				}
				if !next.Since.Equal(wantSince) || next.PendingSince.IsZero() != (next.Pending == "") {
					t.Fatalf("step %d: since %v, want %v; pending %q since %v", i, next.Since, wantSince, next.Pending, next.PendingSince)
				}
				if diff := cmp.Diff(next, m.Settle(next, s)); diff != "" {
					t.Errorf("step %d settled twice (-once +twice):\n%s", i, diff)
				}
				for _, earlier := range []float64{0, 0.5} {
					if diff := cmp.Diff(next, m.Settle(next, onDay(t, m, x.day-earlier, 1, true))); diff != "" {
						t.Errorf("step %d, another score of %v days before (-want +got):\n%s", i, earlier, diff)
					}
				}
				standing = next
			}
		})
	}
}

// TestSettleOverride: a person's word over a veto has the last word, and a word is no veto.
func TestSettleOverride(t *testing.T) {
	m := steadyModel(t, Steady{Worse: Hold{Dwell: 5 * Day}})
	prev := m.Settle(Standing{}, onDay(t, m, 0, 80, false))
	over := func(kind OverrideKind, points float64, flag float64) Score {
		s, err := m.Score(Input{
			Account: "a", Readings: ReadingMap{"v": {Value: 80}, "flag": {Value: flag}},
			Overrides: []Override{{By: "kim", Reason: "call", Kind: kind, Points: points, From: noon, Until: noon.AddDate(0, 1, 0)}},
		}, noon.AddDate(0, 0, 1))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if got := m.Settle(prev, over(OverrideFloor, 90, 1)); got.Band != "green" {
		t.Errorf("lifted over the veto: %+v, want green", got)
	}
	if got := m.Settle(prev, over(OverrideCap, 20, 0)); got.Band != "green" || got.Pending != "red" {
		t.Errorf("lowered by a person: %+v, want green, red pending", got)
	}
	if got := m.Settle(prev, over(OverrideCap, 20, 1)); got.Band != "amber" || got.Pending != "red" {
		t.Errorf("lowered below the veto: %+v, want amber, red pending", got)
	}
}

// TestSettleOtherCard: a band that the card does not have is as no band.
func TestSettleOtherCard(t *testing.T) {
	m := steadyModel(t, Steady{Worse: Hold{Margin: 5, Dwell: 5 * Day}})
	got := m.Settle(Standing{Band: "gold", Since: noon, Pending: "silver", PendingSince: noon, AsOf: noon}, onDay(t, m, 1, 60, false))
	at := noon.AddDate(0, 0, 1)
	if diff := cmp.Diff(Standing{Band: "amber", Since: at, AsOf: at}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// TestSettleNoise: noise smaller than the margin never changes the band.
func TestSettleNoise(t *testing.T) {
	for seed := range uint64(200) {
		r := newRand(seed)
		margin := grid(0.1 + 5*r.Float64())
		m := steadyModel(t, Steady{Worse: Hold{Margin: margin}, Better: Hold{Margin: margin}})
		truth := pick(r, 50, 75, 49.9, 60*r.Float64()+20)
		standing := m.Settle(Standing{}, onDay(t, m, 0, truth, false))
		first := standing.Band
		for day := 1.0; day < 60; day++ {
			noise := (2*r.Float64() - 1) * (margin - 2*unit)
			if standing = m.Settle(standing, onDay(t, m, day, truth+noise, false)); standing.Band != first {
				t.Fatalf("seed %d: truth %v, noise %v, margin %v: %s became %s", seed, truth, noise, margin, first, standing.Band)
			}
		}
	}
}

// TestSettleHistory judges random histories by what the text says, without the fold's state: a band changes only if
// every score for the dwell was past the edge, and it does change when that is so for the same edge and direction.
func TestSettleHistory(t *testing.T) {
	changes, vetoes := 0, 0
	for seed := range uint64(400) {
		r := newRand(seed)
		steady := Steady{
			Worse:  Hold{Margin: float64(r.IntN(3)), Dwell: Duration(r.IntN(4)) * Day},
			Better: Hold{Margin: float64(r.IntN(3)), Dwell: Duration(r.IntN(4)) * Day},
		}
		m := steadyModel(t, steady)
		var scores []Score
		var standing Standing
		v := 60.0
		for day := range 40 {
			if r.IntN(3) == 0 {
				v = 100 * r.Float64()
			}
			x := v
			if r.IntN(12) == 0 {
				x = math.NaN()
			}
			flag := r.IntN(12) == 0
			s := onDay(t, m, float64(day), x, flag)
			scores = append(scores, s)
			prev := standing
			standing = m.Settle(prev, s)
			if !s.Known || prev.Band == "" || prev.Band == Unknown {
				continue
			}
			from, to := m.bandNamed(prev.Band), m.bandNamed(standing.Band)
			if flag {
				vetoes++
				if to > m.bandNamed("amber") {
					t.Fatalf("seed %d, day %d: a veto at 60 left the standing at %s", seed, day, standing.Band)
				}
				from = min(from, m.bandNamed("amber"))
			}
			past := func(s Score, edge int, worse bool) bool {
				floor := m.bands[edge].Floor
				if worse {
					return s.Known && s.Value < floor && s.Value <= floor-steady.Worse.Margin
				}
				return s.Known && s.Value >= floor+steady.Better.Margin
			}
			for edge := 1; edge < len(m.bands); edge++ {
				worse := to < edge && from >= edge
				better := to >= edge && from < edge
				if !worse && !better {
					continue
				}
				changes++
				dwell := steady.Better.Dwell
				if worse {
					dwell = steady.Worse.Dwell
				}
				days := int(dwell / Day)
				if day < days {
					t.Fatalf("seed %d, day %d: too early for a dwell of %d days", seed, day, days)
				}
				for _, s := range scores[day-days:] {
					if !past(s, edge, worse) {
						t.Fatalf("seed %d, day %d: %s became %s though the score was not past the edge on %v", seed, day, prev.Band, standing.Band, s.AsOf)
					}
				}
			}
			// The edge next to the band must give way when it was past for long enough.
			for _, worse := range []bool{true, false} {
				edge, dwell := to, steady.Worse.Dwell
				if !worse {
					edge, dwell = to+1, steady.Better.Dwell
				}
				days := int(dwell / Day)
				if edge == 0 || edge == len(m.bands) || day < days || to != from || from != m.bandNamed(prev.Band) || standing.Since.After(scores[day-days].AsOf) {
					continue
				}
				if !slices.ContainsFunc(scores[day-days:], func(s Score) bool { return !past(s, edge, worse) }) {
					t.Fatalf("seed %d, day %d: %+v stayed though every score was past the edge for %d days", seed, day, standing, days)
				}
			}
		}
	}
	if changes < 500 || vetoes < 200 {
		t.Errorf("only %d changes, %d vetoes", changes, vetoes)
	}
}

// TestSettleFall judges falls by what the text says: the highest known score of the window since the last fall.
func TestSettleFall(t *testing.T) {
	falls := 0
	for seed := range uint64(200) {
		r := newRand(seed)
		fall := Fall{Points: float64(1 + r.IntN(30)), Within: Duration(1+r.IntN(20)) * Day}
		card := steadyModel(t, Steady{}).Scorecard()
		card.Fall = fall
		m := mustModel(t, card)
		var scores []Score
		var standing Standing
		for day := range 60 {
			v := 100 * r.Float64()
			if r.IntN(8) == 0 {
				v = math.NaN()
			}
			s := onDay(t, m, float64(day), v, false)
			want := 0.0
			for _, before := range scores {
				if s.Known && s.AsOf.Sub(before.AsOf) < time.Duration(fall.Within) {
					want = max(want, before.Value-s.Value)
				}
			}
			if want < fall.Points {
				want = 0
			}
			if standing = m.Settle(standing, s); standing.Fell != want {
				t.Fatalf("seed %d, day %d: fell by %v, want %v", seed, day, standing.Fell, want)
			}
			if want > 0 {
				falls++
				scores = nil
			}
			if s.Known {
				scores = append(scores, s)
			}
		}
	}
	if falls < 500 {
		t.Errorf("only %d falls", falls)
	}
}

// TestSettleFallBounded: however often one looks, few scores are carried along, and a slow fall is found all the same.
func TestSettleFallBounded(t *testing.T) {
	card := steadyModel(t, Steady{}).Scorecard()
	card.Fall = Fall{Points: 50, Within: 30 * Day}
	m := mustModel(t, card)
	var standing Standing
	for i := range 1000 {
		before := slices.Clone(standing.Peaks)
		next := m.Settle(standing, onDay(t, m, float64(i)/100, 100-float64(i)/10, false))
		if diff := cmp.Diff(before, standing.Peaks); diff != "" {
			t.Fatalf("the standing of before changed:\n%s", diff)
		}
		if standing = next; len(standing.Peaks) > maxPeaks {
			t.Fatalf("%d peaks", len(standing.Peaks))
		}
		if fell := i == 500; (standing.Fell > 0) != fell {
			t.Fatalf("step %d: fell by %v", i, standing.Fell)
		}
	}
}

// TestSettleOften: how often one looks does not matter. Values that stay for whole days give the same standings at
// midnight whether they are looked at once a day or every few hours.
func TestSettleOften(t *testing.T) {
	for seed := range uint64(100) {
		r := newRand(seed)
		m := steadyModel(t, Steady{
			Worse:  Hold{Margin: 1, Dwell: Duration(r.IntN(4)) * Day},
			Better: Hold{Margin: 1, Dwell: Duration(r.IntN(4)) * Day},
		})
		var daily, often Standing
		v := 60.0
		for day := range 30 {
			if r.IntN(3) == 0 {
				v = 100 * r.Float64()
			}
			daily = m.Settle(daily, onDay(t, m, float64(day), v, false))
			for hour := 0.0; hour < 24; hour += 6 {
				often = m.Settle(often, onDay(t, m, float64(day)+hour/24, v, false))
				if hour == 0 && cmp.Diff(daily, often) != "" {
					t.Fatalf("seed %d, day %d: (-daily +often):\n%s", seed, day, cmp.Diff(daily, often))
				}
			}
		}
	}
}

// FuzzSettle folds any history: no panic, the band is one of the card's, and nothing changes twice.
func FuzzSettle(f *testing.F) {
	f.Add(uint64(1), []byte{1, 60, 80, 0, 255, 10})
	f.Fuzz(func(t *testing.T, seed uint64, history []byte) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := steadyModel(t, Steady{
			Worse:  Hold{Margin: float64(r.IntN(5)), Dwell: Duration(r.IntN(5)) * Day},
			Better: Hold{Margin: float64(r.IntN(5)), Dwell: Duration(r.IntN(5)) * Day},
		})
		var standing Standing
		for i, b := range history {
			v := float64(b)
			if b > 200 {
				v = math.NaN()
			}
			s := onDay(t, m, float64(i), v, b%7 == 0)
			standing = m.Settle(standing, s)
			if m.bandNamed(standing.Band) < 0 && standing.Band != Unknown {
				t.Fatalf("band %q", standing.Band)
			}
			if diff := cmp.Diff(standing, m.Settle(standing, s)); diff != "" {
				t.Fatal(fmt.Sprint("settled twice:\n", diff))
			}
		}
	})
}
