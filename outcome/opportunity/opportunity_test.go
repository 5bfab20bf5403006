package opportunity_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

// TestRankStability: at n = 41 a lead of half a point is no lead; at n = 4100 the same shares are one.
func TestRankStability(t *testing.T) {
	compare := func(times int) opportunity.Landscape {
		return evaluate(t, append(answers("a", 41*times, 30*times, 18*times), answers("b", 41*times, 30*times, 20*times)...), opportunity.Options{})
	}
	few, many := compare(1), compare(100)
	if got, want := few.Needs[0].Lead.String(), `not distinguishable from "b" at n = 41`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := few.Needs[1]; n.RankLow != 1 || n.RankHigh != 2 || n.Lead != nil {
		t.Errorf("the second of 41 ranks %d to %d, lead %v", n.RankLow, n.RankHigh, n.Lead)
	}
	if got, want := many.Needs[0].Lead.String(), `above "b" at n = 4100`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := many.Needs[1]; n.RankLow != 2 || n.RankHigh != 2 {
		t.Errorf("the second of 4100 ranks %d to %d", n.RankLow, n.RankHigh)
	}
}

// TestTies: equal scores share a rank and come in the order of their outcomes; neither leads.
func TestTies(t *testing.T) {
	l := evaluate(t, slices.Concat(answers("c", 50, 40, 20), answers("a", 50, 40, 20), answers("b", 50, 45, 5)), opportunity.Options{})
	var got []string
	var ranks []int
	for _, n := range l.Needs {
		got, ranks = append(got, n.Outcome), append(ranks, n.Rank)
	}
	if !slices.Equal(got, []string{"b", "a", "c"}) || !slices.Equal(ranks, []int{1, 2, 2}) {
		t.Errorf("%v rank %v", got, ranks)
	}
	if lead := l.Needs[1].Lead; lead.Difference.Value != 0 || lead.Distinguished {
		t.Errorf("a leads c: %+v", lead)
	}
}

// TestUnknown: too little to say is an answer.
func TestUnknown(t *testing.T) {
	for _, c := range []struct {
		name    string
		ratings []opportunity.Rating
		i, s, n int // answers
	}{
		{"one respondent", answers("x", 1, 1, 0), 1, 1, 1},
		{"nine respondents", answers("x", 9, 9, 0), 9, 9, 9},
		{"all don't know", slices.Repeat([]opportunity.Rating{rating(1, "x", 0, 0)}, 20), 0, 0, 0},
		{"no satisfaction", means("x", 30, 120, 0), 30, 0, 30},
	} {
		for _, m := range []opportunity.Method{opportunity.TopTwoBox, opportunity.Mean} {
			l := evaluate(t, c.ratings, opportunity.Options{Method: m})
			n := l.Needs[0]
			if n.Score.Known || n.Rank != 0 || n.Band != opportunity.Unknown || n.Lead != nil || n.BandShare != 0 {
				t.Errorf("%s, %s: %+v", c.name, m, n)
			}
			if n.Importance.N != c.i || n.Satisfaction.N != c.s || l.Respondents != c.n {
				t.Errorf("%s, %s: %d and %d answers of %d", c.name, m, n.Importance.N, n.Satisfaction.N, l.Respondents)
			}
		}
	}
	if ls, err := opportunity.Evaluate(nil, asked, opportunity.Options{}); err != nil || len(ls) != 0 {
		t.Errorf("nothing gives %v, %v", ls, err)
	}
	// What was asked for and nobody rated is there.
	l := evaluate(t, answers("x", 30, 20, 10), opportunity.Options{Outcomes: []string{"y"}})
	if len(l.Needs) != 2 || l.Needs[0].Outcome != "x" || !l.Needs[0].Latent || l.Needs[1].Outcome != "y" || l.Needs[1].Score.Known || l.Needs[1].Latent {
		t.Errorf("needs %+v", l.Needs)
	}
}

// TestSameAnswers: resamples of ten equal answers are all equal, yet ten people do not settle what all customers say.
func TestSameAnswers(t *testing.T) {
	n := evaluate(t, answers("x", 10, 10, 0), opportunity.Options{}).Needs[0]
	if n.Score.Value != 20 || n.Score.High != 20 || n.Score.Low > 12 {
		t.Errorf("score %+v", n.Score)
	}
	if m := evaluate(t, answers("x", 10, 10, 0), opportunity.Options{Method: opportunity.Mean}).Needs[0]; m.Score.Value != 9 || m.Importance.Low > 4.2 || m.Importance.High != 5 {
		t.Errorf("mean: %+v", m)
	}
	one := evaluate(t, answers("x", 1, 1, 0), opportunity.Options{Minimum: 1}).Needs[0]
	if !one.Score.Known || one.Score.High-one.Score.Low < 10 {
		t.Errorf("one respondent, as asked for: %+v", one.Score)
	}
}

// TestStream: the latest answer by then counts, a missing one leaves the one before, and the rest is not seen.
func TestStream(t *testing.T) {
	at := func(r opportunity.Rating, days int) opportunity.Rating {
		r.At = asked.AddDate(0, 0, days)
		return r
	}
	base := answers("x", 20, 10, 10) // importance and satisfaction 5 and 5
	changed := append(slices.Clone(base),
		at(rating(0, "x", 1, 0), -1),   // before what is known
		at(rating(10, "x", 5, 0), -40), // an older answer
		at(rating(1, "x", 0, 1), 1),    // after asOf
	)
	o := opportunity.Options{}
	if diff := cmp.Diff(evaluate(t, base, o), evaluate(t, changed, o)); diff != "" {
		t.Errorf("older and later answers count (-want +got):\n%s", diff)
	}
	later, err := opportunity.Evaluate(append(changed, at(rating(2, "x", 2, 0), 1)), asked.AddDate(0, 0, 1), o)
	if err != nil {
		t.Fatal(err)
	}
	if n := later[0].Needs[0]; n.Satisfaction.Value != 4.5 || n.Importance.Value != 4.5 {
		t.Errorf("importance %v and satisfaction %v a day later, want 4.5", n.Importance.Value, n.Satisfaction.Value)
	}
	windowed, err := opportunity.Evaluate(append(base, at(rating(30, "x", 5, 5), -10)), asked, opportunity.Options{Window: 10 * 24 * time.Hour, Minimum: 1})
	if err != nil {
		t.Fatal(err)
	}
	if windowed[0].Respondents != 20 {
		t.Errorf("%d respondents, want 20: a window does not hold its beginning", windowed[0].Respondents)
	}
}

// TestServices: satisfaction is with a service, importance is not.
func TestServices(t *testing.T) {
	ratings := answers("x", 20, 15, 5)
	for i := range ratings {
		ratings[i].Service = "theirs"
	}
	n := evaluate(t, ratings, opportunity.Options{Service: "ours"}).Needs[0]
	if n.Importance.Value != 7.5 || n.Satisfaction.Known || n.Satisfaction.N != 0 {
		t.Errorf("%+v", n)
	}
	if n := evaluate(t, ratings, opportunity.Options{Service: "theirs"}).Needs[0]; n.Score.Value != 12.5 {
		t.Errorf("%+v", n)
	}
}

func TestSegments(t *testing.T) {
	a, b := answers("x", 20, 20, 5), answers("x", 20, 10, 10)
	for i := range b {
		a[i].Segment, b[i].Segment = "small", "large"
	}
	ls, err := opportunity.Evaluate(append(a, b...), asked, opportunity.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if len(ls) != 2 || ls[0].Segment != "large" || ls[0].Needs[0].Score.Value != 5 || ls[1].Needs[0].Score.Value != 17.5 {
		t.Errorf("%+v", ls)
	}
}

// TestInvariance: the order of ratings and repeated ones change no bit; another seed changes intervals only.
func TestInvariance(t *testing.T) {
	r := rand.New(rand.NewPCG(21, 22))
	for range 20 {
		ratings := survey(r, 5+r.IntN(60), 1+r.IntN(8), 0.3)
		o := opportunity.Options{Resamples: 100, Minimum: 1, Seed: r.Uint64()}
		want := evaluate(t, ratings, o)
		shuffled := append(slices.Clone(ratings), ratings[:len(ratings)/3]...)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(want, evaluate(t, shuffled, o)); diff != "" {
			t.Fatalf("another order gives another answer (-want +got):\n%s", diff)
		}
		o.Seed++
		for i, n := range evaluate(t, ratings, o).Needs {
			if n.Score.Value != want.Needs[i].Score.Value || n.Rank != want.Needs[i].Rank {
				t.Fatalf("another seed moves %+v", n)
			}
		}
		checkNeeds(t, want)
	}
}

// checkNeeds holds a landscape to what is true of all.
func checkNeeds(t *testing.T, l opportunity.Landscape) {
	t.Helper()
	bottom, top := 0.0, 10.0
	if l.Method == opportunity.Mean {
		bottom, top = 1, 5
	}
	within := func(what string, e opportunity.Estimate, low, high float64) {
		t.Helper()
		const rounding = 1e-9
		if e.Known && !(low-rounding <= e.Low && e.Low <= e.Value+rounding && e.Value <= e.High+rounding && e.High <= high+rounding) {
			t.Errorf("%s %+v is not in order within %v to %v", what, e, low, high)
		}
		if !e.Known && (e.Value != 0 || e.Low != 0 || e.High != 0) {
			t.Errorf("%s %+v is unknown and has a value", what, e)
		}
	}
	for i, n := range l.Needs {
		within("importance", n.Importance, bottom, top)
		within("satisfaction", n.Satisfaction, bottom, top)
		within("score", n.Score, bottom, 2*top-bottom)
		if n.Score.Known && !(1 <= n.RankLow && n.RankLow <= n.Rank && n.Rank <= n.RankHigh && n.RankHigh <= len(l.Needs)) {
			t.Errorf("ranks %d %d %d", n.RankLow, n.Rank, n.RankHigh)
		}
		if n.Lead != nil && (n.Lead.Difference.Value < 0 || n.Lead.Over != l.Needs[i+1].Outcome) {
			t.Errorf("lead %+v", n.Lead)
		}
		if n.BandShare < 0 || n.BandShare > 1 {
			t.Errorf("band share %v", n.BandShare)
		}
	}
}

func TestBadInput(t *testing.T) {
	good := rating(1, "x", 3, 3)
	with := func(change func(*opportunity.Rating)) []opportunity.Rating {
		bad := good
		change(&bad)
		return []opportunity.Rating{good, bad}
	}
	fine := []opportunity.Rating{good}
	for _, c := range []struct {
		name    string
		ratings []opportunity.Rating
		o       opportunity.Options
		want    string
	}{
		{"importance 6", with(func(r *opportunity.Rating) { r.Importance = 6 }), opportunity.Options{}, `respondent "r0001": importance of "x": 6 is outside 1 to 5`},
		{"satisfaction −1", with(func(r *opportunity.Rating) { r.Satisfaction = -1 }), opportunity.Options{}, `respondent "r0001": satisfaction with "x": -1 is outside 1 to 5`},
		{"no respondent", with(func(r *opportunity.Rating) { r.Respondent = "" }), opportunity.Options{}, `respondent "": is empty`},
		{"no outcome", with(func(r *opportunity.Rating) { r.Outcome = "" }), opportunity.Options{}, `respondent "r0001": outcome: is empty`},
		{"segment", with(func(r *opportunity.Rating) { r.Segment = "\x00" }), opportunity.Options{}, `segment: contains the control character`},
		{"service", with(func(r *opportunity.Rating) { r.Service = "\xff" }), opportunity.Options{}, `service: is not valid UTF-8`},
		{"no time", with(func(r *opportunity.Rating) { r.At = time.Time{} }), opportunity.Options{}, `time of "x": is zero`},
		{"later and outside", with(func(r *opportunity.Rating) { r.At, r.Importance = asked.AddDate(1, 0, 0), 9 }), opportunity.Options{}, `9 is outside`},
		{"two importances", with(func(r *opportunity.Rating) { r.Importance, r.Service = 4, "theirs" }), opportunity.Options{}, `respondent "r0001": outcome "x": two different answers at one instant`},
		{"two satisfactions", with(func(r *opportunity.Rating) { r.Satisfaction = 4 }), opportunity.Options{}, `two different answers at one instant`},
		{"method", fine, opportunity.Options{Method: "median"}, `opportunity: method: "median" is unknown`},
		{"window", fine, opportunity.Options{Window: -1}, `window: -1ns is negative`},
		{"minimum", fine, opportunity.Options{Minimum: -1}, `minimum: -1 is negative`},
		{"confidence", fine, opportunity.Options{Confidence: 1}, `confidence: 1 is not between 0 and 1`},
		{"confidence NaN", fine, opportunity.Options{Confidence: math.NaN()}, `confidence: NaN is not between 0 and 1`},
		{"few resamples", fine, opportunity.Options{Resamples: 99}, `resamples: 99 is outside 100 to 100000`},
		{"outcome twice", fine, opportunity.Options{Outcomes: []string{"x", "x"}}, `outcome "x": is there twice`},
		{"outcome empty", fine, opportunity.Options{Outcomes: []string{""}}, `outcome "": is empty`},
		{"option's service", fine, opportunity.Options{Service: "\n"}, `service: contains the control character`},
		{"too many scores", fine, opportunity.Options{Resamples: 100_000, Outcomes: names(1000)}, `segment "": 1001 outcomes times 100000 resamples are over 16777216`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := opportunity.Evaluate(c.ratings, asked, c.o)
			var bad *opportunity.DataError
			if !errors.As(err, &bad) || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "opportunity: ") {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
	contradicted := with(func(r *opportunity.Rating) { r.Importance = 4 })
	settled := good
	settled.Importance, settled.At = 5, good.At.Add(time.Microsecond)
	l, err := opportunity.Evaluate(append(contradicted, settled), asked.AddDate(1, 0, 0), opportunity.Options{Minimum: 1, Method: opportunity.Mean})
	if err != nil || l[0].Needs[0].Importance.Value != 5 {
		t.Errorf("a contradiction that a later answer settled: %+v, %v", l, err)
	}
	if _, err := opportunity.Evaluate(fine, time.Time{}, opportunity.Options{}); err == nil || err.Error() != "opportunity: as of: is zero" {
		t.Errorf("zero as of: %v", err)
	}
}

func names(n int) []string {
	var list []string
	for i := range n {
		list = append(list, "n"+strings.Repeat("i", i%200)+string(rune('a'+i/200)))
	}
	return list
}

// FuzzEvaluate: whatever is rated, there is an answer that holds together, or a DataError.
func FuzzEvaluate(f *testing.F) {
	f.Add([]byte("abcdefghijklmnop"), uint64(1), false)
	f.Add([]byte{0, 0, 0, 5, 5, 1, 0, 0, 6, 5, 2, 1, 1, 1, 1}, uint64(2), true)
	f.Fuzz(func(t *testing.T, data []byte, seed uint64, mean bool) {
		var ratings []opportunity.Rating
		for ; len(data) >= 5 && len(ratings) < 300; data = data[5:] {
			r := rating(int(data[0]%20), string('a'+rune(data[1]%4)), int(data[2]%7)-int(data[2]>>7), int(data[3]%6))
			r.At = asked.Add(time.Duration(int(data[4]%8)-6) * time.Hour)
			r.Service = strings.Repeat("s", int(data[4]>>6))
			ratings = append(ratings, r)
		}
		o := opportunity.Options{Resamples: 100, Minimum: 1, Seed: seed, Window: time.Duration(seed%5) * time.Hour}
		if mean {
			o.Method = opportunity.Mean
		}
		ls, err := opportunity.Evaluate(ratings, asked, o)
		var bad *opportunity.DataError
		if err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		for _, l := range ls {
			checkNeeds(t, l)
		}
		if _, err := opportunity.Track(ratings, asked.Add(-3*time.Hour), asked, o); err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		ws, err := opportunity.Weigh(ratings, opportunity.Alternative{Service: "s", Cost: float64(seed % 3)}, asked, o)
		if err != nil && !errors.As(err, &bad) {
			t.Fatal(err)
		}
		for _, w := range ws {
			checkSwitch(t, w)
		}
	})
}
