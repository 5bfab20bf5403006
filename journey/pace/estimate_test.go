package pace_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// random returns n stays of up to 60 days, a third of them watched late, that end in several ways or are open.
func random(r *rand.Rand, n int) []pace.Stay {
	kinds := []journey.MoveKind{journey.Advance, journey.Advance, journey.Regress, journey.Leave, "open"}
	list := make([]pace.Stay, n)
	for i := range list {
		list[i] = stay(1+r.IntN(60), kinds[r.IntN(len(kinds))])
		if r.IntN(3) == 0 {
			list[i].Watched = list[i].To.Add(-time.Duration(1+r.IntN(int(list[i].To.Sub(start).Hours()))) * time.Hour)
		}
		if list[i].Kind == journey.Advance {
			list[i].Next = []string{"grow", "renew"}[r.IntN(2)]
		}
	}
	return list
}

func TestDwell(t *testing.T) {
	d, err := pace.Estimate(stays(t, "aml", "x=Maintained"))
	if err != nil || d.N != 11 || d.Ended != 7 || d.Median == nil || *d.Median != 31 || d.Low == nil || *d.Low != 13 || d.High != nil {
		t.Errorf("%+v, %v, want a median of 31 above 13 without an upper end", d, err)
	}
	if d, err := pace.Estimate([]pace.Stay{stay(100, "open")}); err != nil || d.Median != nil || d.Ended != 0 {
		t.Errorf("%+v, %v: a stay that has not ended has no median", d, err)
	}
	if d, err := pace.Estimate(nil); err != nil || d.N != 0 || d.Median != nil || d.Low != nil {
		t.Errorf("%+v, %v", d, err)
	}
}

// TestUnknownClock: what was seen once, or began nobody knows when, is counted and estimates nothing.
func TestUnknownClock(t *testing.T) {
	midway := stay(40, journey.Advance)
	midway.From, midway.Watched = time.Time{}, start
	atOnce := stay(30, journey.Leave)
	atOnce.Watched = atOnce.To
	d, err := pace.Estimate([]pace.Stay{midway, atOnce, stay(0, "open"), stay(10, journey.Advance), stay(0, journey.Advance)})
	if err != nil || d.N != 5 || d.Ended != 4 || d.Unknown != 3 || d.Median == nil || *d.Median != 5 {
		t.Errorf("%+v, %v; want the middle of 0 and 10", d, err)
	}
}

// TestLateWatch: two that began on day 0 left on 10 and 20; three came under watch on day 50. With two at risk enough, the
// estimate starts on day 0; with three, on day 50, of stays that lasted until then; with four, never.
func TestLateWatch(t *testing.T) {
	list := []pace.Stay{stay(10, journey.Leave), stay(20, journey.Leave), stay(60, journey.Advance), stay(70, journey.Advance), stay(90, journey.Leave)}
	for i := 2; i < 5; i++ {
		list[i].Watched = after(50)
	}
	for _, c := range []struct {
		atRisk        int
		start, median float64 // negative: none
	}{{2, 0, 15}, {3, 50, 70}, {4, -1, -1}} {
		d := curve(t, pace.Options{AtRisk: c.atRisk}, list...).Dwell()
		if (d.Start == nil) != (c.start < 0) || d.Start != nil && *d.Start != c.start || (d.Median == nil) != (c.median < 0) || d.Median != nil && *d.Median != c.median {
			t.Errorf("%d at risk: %+v, want %+v", c.atRisk, d, c)
		}
	}
	c := curve(t, pace.Options{AtRisk: 3}, list...)
	if _, ok := c.Lasting(49); ok {
		t.Error("day 49 is before the start")
	}
	if s, ok := c.Lasting(60); !ok || math.Abs(s.Value-2.0/3) > 1e-15 {
		t.Errorf("%+v, %v", s, ok)
	}
	if at, ok := c.Start(); at != 50 || !ok {
		t.Errorf("start %v, %v", at, ok)
	}
	nothing := curve(t, pace.Options{AtRisk: 4}, list...)
	if _, ok := nothing.Lasting(60); ok {
		t.Error("nothing is known")
	}
	if q, ok := nothing.Quantile(journey.Leave, 0.5); !ok || q.Day != nil {
		t.Errorf("%+v, %v", q, ok)
	}
}

// A stay that was watched for less than a day was watched.
func TestShortWatch(t *testing.T) {
	s := pace.Stay{Account: "a", From: start, Watched: start.Add(77 * time.Hour), To: start.Add(93 * time.Hour), Ended: true}
	if d := curve(t, pace.Options{AtRisk: 1}, s).Dwell(); d.Median == nil || *d.Median != 3.875 {
		t.Errorf("%+v; want 3.875 days", d)
	}
	whole, err := pace.NewSample(journey.Day)
	if err != nil {
		t.Fatal(err)
	}
	if err := whole.Add(s); err != nil {
		t.Fatal(err)
	}
	if c, err := whole.Estimate(pace.Options{AtRisk: 1}); err != nil || *c.Dwell().Median != 4 || *c.Dwell().Start != 3 {
		t.Errorf("%+v, %v; want 4 whole days, watched from 3", c.Dwell(), err)
	}
}

// TestOdds: of twenty, one advances on each of days 1 to 10, five are open since day 12 and five leave on day 20. After day 5
// fifteen are at risk, of which five advance within five days.
func TestOdds(t *testing.T) {
	var list []pace.Stay
	for d := 1; d <= 10; d++ {
		list = append(list, stay(d, journey.Advance))
	}
	for range 5 {
		list = append(list, stay(12, "open"), stay(20, journey.Leave))
	}
	list = append(list, stay(3, "open"))
	c := curve(t, pace.Options{Class: "all", Minimum: 10}, list...)
	o, err := c.Odds(5, 5)
	if err != nil {
		t.Fatal(err)
	}
	if o.N != 15 || math.Abs(o.Next.Value-1.0/3) > 1e-15 || o.Next.Low <= 0.1 || o.Next.High >= 0.7 || o.Class != "all" {
		t.Errorf("%+v, want 5 of 15", o)
	}
	if o.Longer.Of != 6 || o.Longer.Value != 1.0/6 {
		t.Errorf("longer than %+v, want 1 of the 6 still in it", o.Longer)
	}
	if o, err := c.Odds(10, 5); err != nil || o.Next.Value != 0 || o.Next.Low != 0 || o.Next.High < 0.1 || o.N != 10 || o.Longer.Value != 1.0/6 {
		t.Errorf("%+v, %v: nobody advances after day 10, which is not sure", o, err)
	}
	for _, q := range []struct {
		day, within float64
		o           pace.Options
		want        string
	}{
		{12, 5, pace.Options{Class: "all", Minimum: 10}, "pace: refused by too_few: 5 stays are at risk after day 12; needs 10"},
		{20, 5, pace.Options{Class: "all", Minimum: 1}, "refused by too_few: 0 stays"},
		{5, 5, pace.Options{Minimum: 1}, "pace: class: is empty"},
		{math.NaN(), 5, pace.Options{Class: "all"}, "pace: day: NaN"},
		{5, 0, pace.Options{Class: "all"}, "pace: within: 0 is not above 0"},
		{5, math.Inf(1), pace.Options{Class: "all"}, "pace: within: +Inf"},
	} {
		if _, err := curve(t, q.o, list...).Odds(q.day, q.within); err == nil || !strings.Contains(err.Error(), q.want) {
			t.Errorf("%v, %v: %v, want %s", q.day, q.within, err, q.want)
		}
	}
	var refused *pace.RefusedError
	if _, err := curve(t, pace.Options{Class: "all", Minimum: 1}, stay(10, "open")).Odds(5, 30); !errors.As(err, &refused) || refused.Rule != "not_watched" {
		t.Errorf("%v", err)
	}
}

// TestOddsTwin holds the chance to its definition, (F(t+w) − F(t)) / S(t), of the estimate as a whole.
func TestOddsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	told := 0
	for range 200 {
		c := curve(t, pace.Options{Class: "x", AtRisk: 5, Minimum: 1}, random(r, 20+r.IntN(60))...)
		day, within := float64(r.IntN(40)), float64(1+r.IntN(15))
		o, err := c.Odds(day, within)
		if err != nil {
			continue
		}
		told++
		s, _ := c.Lasting(day)
		from, _ := c.Ended(journey.Advance, day)
		to, _ := c.Ended(journey.Advance, day+within)
		near(t, "chance", o.Next.Value, (to.Value-from.Value)/s.Value, 1e-12)
		if o.Next.Low > o.Next.Value || o.Next.High < o.Next.Value || o.Lasting != s {
			t.Errorf("%+v", o)
		}
	}
	if told < 100 {
		t.Errorf("%d told", told)
	}
}

// TestSums: what has not ended and what has, by kind, are all.
func TestSums(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 100 {
		c := curve(t, pace.Options{AtRisk: 1}, random(r, 1+r.IntN(50))...)
		for day := range 60 {
			s, ok := c.Lasting(float64(day))
			if !ok {
				continue
			}
			sum, last := s.Value, 0.0
			for _, kind := range c.Kinds() {
				e, ok := c.Ended(kind, float64(day))
				if !ok || e.Low > e.Value || e.High < e.Value || e.Low < 0 || e.High > 1 {
					t.Fatalf("%+v, %v", e, ok)
				}
				sum += e.Value
				last = max(last, e.Value)
			}
			near(t, "sum", sum, 1, 1e-12)
		}
	}
}

func TestMatrixAndFunnel(t *testing.T) {
	list := []pace.Stay{stay(10, journey.Advance), stay(20, journey.Advance), stay(30, journey.Regress), stay(40, journey.Leave), stay(50, "open"), stay(0, "open")}
	list[0].Next, list[1].Next, list[2].Next, list[3].Next = "grow", "renew", "land", journey.Ended
	group := []pace.Group{{Name: "adopt", Sample: sample(t, list...)}}
	m, err := pace.Matrix(group, 25, pace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r := m[0]; r.N != 6 || r.Ended != 4 || r.Open != 2 || r.Unknown != 1 || len(r.Cells) != 4 {
		t.Fatalf("%+v", r)
	}
	want := []struct {
		kind journey.MoveKind
		next string
		by   float64
	}{{journey.Advance, "grow", 0.2}, {journey.Advance, "renew", 0.2}, {journey.Leave, journey.Ended, 0}, {journey.Regress, "land", 0}}
	for i, w := range want {
		c := m[0].Cells[i]
		if c.Kind != w.kind || c.Next != w.next || c.N != 1 || c.Share.Of != 4 || c.Share.Value != 0.25 || c.Share.Low <= 0 || c.Share.High >= 1 {
			t.Errorf("%+v, want %+v", c, w)
		}
		near(t, "by day 25", c.By.Value, w.by, 1e-15)
	}
	f, err := pace.Funnel(group, 25, pace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	l := f[0]
	near(t, "by day 25", l.By.Value, 0.4, 1e-15)
	if l.Phase != "adopt" || l.N != 6 || l.Reached != 2 || l.Left != 2 || l.Unknown != 1 || l.Median.Day != nil || l.By.AtRisk != 3 {
		t.Errorf("%+v", l)
	}
	if f, err := pace.Funnel(group, 60, pace.Options{}); err != nil || f[0].By != nil {
		t.Errorf("%+v, %v: nobody was watched until day 60", f, err)
	}
}

func TestCompareCohorts(t *testing.T) {
	var quick, slow []pace.Stay
	for d := 1; d <= 20; d++ {
		quick, slow = append(quick, stay(d, journey.Advance)), append(slow, stay(3*d, journey.Advance))
	}
	c, err := pace.Compare([]pace.Group{{"slow", sample(t, slow...)}, {"quick", sample(t, quick...)}, {"quick too", sample(t, quick...)}}, journey.Advance, 15, pace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	q := c.Sides[1]
	if c.P == nil || *c.P > 1e-4 || c.DF != 2 || q.Longer.Value >= 0 || q.Longer.High > 0 || math.Abs(q.Often.Value-0.5) > 1e-15 || q.Often.Low < 0 || q.N != 20 || q.Ended != 20 {
		t.Errorf("%+v", c)
	}
	if diff := cmp.Diff(q.Longer, c.Sides[2].Longer); diff != "" {
		t.Error(diff)
	}
	// A cohort that is known from day 5 on only: both are compared among what lasted until then.
	var late []pace.Stay
	for _, s := range slow {
		if s.Watched = after(5); s.To.After(s.Watched) {
			late = append(late, s)
		}
	}
	c, err = pace.Compare([]pace.Group{{"quick", sample(t, quick...)}, {"late", sample(t, late...)}}, journey.Advance, 15, pace.Options{})
	if err != nil || c.Start != 5 || c.Sides[0].N != 15 || c.Sides[1].N != 19 {
		t.Fatalf("%+v, %v", c, err)
	}
	near(t, "share of the quick", c.Sides[0].Share.Value, 10.0/15, 1e-15)
	// All turned back: nothing is said of advances.
	back := []pace.Group{{"a", sample(t, stay(5, journey.Regress))}, {"b", sample(t, stay(6, journey.Regress))}}
	if c, err := pace.Compare(back, journey.Advance, 5, pace.Options{}); err != nil || c.P != nil || c.Sides[0].Ended != 0 || c.Sides[1].Often != nil {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestBadQuestions(t *testing.T) {
	one := []pace.Group{{"a", sample(t, stay(5, ""))}}
	two := append(one, one...)
	for name, err := range map[string]error{
		"pace: at risk: -1 is below 1":                   second(sample(t).Estimate(pace.Options{AtRisk: -1})),
		"pace: minimum: -1 is below 1":                   second(sample(t).Estimate(pace.Options{Minimum: -1})),
		"pace: confidence: 1 is not between 0 and 1":     second(sample(t).Estimate(pace.Options{Confidence: 1})),
		"pace: cohorts: 1 are below 2":                   second(pace.Compare(one, "", 5, pace.Options{})),
		"pace: days: NaN is not above 0":                 second(pace.Compare(two, "", math.NaN(), pace.Options{})),
		`pace: group "b": has no sample`:                 second(pace.Compare([]pace.Group{one[0], {Name: "b"}}, "", 5, pace.Options{})),
		"pace: days: 0 is not above 0":                   second(pace.Matrix(one, 0, pace.Options{})),
		"pace: days: -1 is not above 0":                  second(pace.Funnel(one, -1, pace.Options{})),
		"pace: step: 1ns is not a positive number of mi": second(pace.NewSample(1)),
	} {
		if err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%v, want %s", err, name)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestBadStays(t *testing.T) {
	late := stay(4, journey.Advance)
	late.Watched = after(5)
	kind := stay(4, "open")
	kind.Kind = journey.Advance
	far := stay(4, "")
	far.To = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	name := stay(4, "\x00")
	for what, bad := range map[string]pace.Stay{
		`account of stay 1: is empty`:                          {},
		`account "a": stay: has no end of its watch`:           {Account: "a", From: start},
		`account "a": stay: from 2026-01-02T00:00:00Z to 2026`: {Account: "a", From: after(1), To: start},
		`account "a": stay: from 2026-01-01T00:00:00Z to 2026`: late,
		`account "a": stay: has a kind of end and has not`:     kind,
		`account "a": stay: year 10000`:                        far,
		`account "a": stay: end contains the control`:          name,
	} {
		var s pace.Sample
		err := s.Add(stay(5, ""), bad)
		var wrong *pace.DataError
		if !errors.As(err, &wrong) || !strings.HasPrefix(err.Error(), "pace: "+what) || s.N() != 0 {
			t.Errorf("%v, want %s; %d added", err, what, s.N())
		}
	}
}
