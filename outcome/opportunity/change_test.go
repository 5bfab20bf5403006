package opportunity_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

const day = 24 * time.Hour

// shifted moves ratings in time.
func shifted(ratings []opportunity.Rating, by time.Duration) []opportunity.Rating {
	ratings = slices.Clone(ratings)
	for i := range ratings {
		ratings[i].At = ratings[i].At.Add(by)
	}
	return ratings
}

func TestTrack(t *testing.T) {
	before := slices.Concat(answers("faster", 200, 180, 60), answers("safer", 200, 150, 100), answers("gone", 50, 40, 10), answers("rare", 5, 5, 1))
	after := slices.Concat(answers("faster", 200, 180, 170), answers("safer", 200, 151, 99), answers("raised later", 60, 50, 5), answers("rare", 60, 50, 5))
	ratings := append(shifted(before, -90*day), after...)
	o := opportunity.Options{Window: 30 * day, Outcomes: []string{"safer", "faster", "gone", "rare"}}
	trends, err := opportunity.Track(ratings, asked.Add(-80*day), asked, o)
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		outcome       string
		latent        bool
		before, after float64
		turn          opportunity.Turn
	}{
		{"safer", false, 10, 10.15, opportunity.Unclear},
		{"faster", false, 15, 9.5, opportunity.Fell},
		{"gone", false, 14, 0, opportunity.Faded},
		{"rare", false, 0, 15.833333333333334, opportunity.Uncertain},
		{"raised later", true, 0, 15.833333333333334, opportunity.Emerged},
	}
	if len(trends) != 1 || len(trends[0].Changes) != len(want) {
		t.Fatalf("%+v", trends)
	}
	for i, c := range trends[0].Changes {
		w := want[i]
		if c.Outcome != w.outcome || c.Latent != w.latent || c.Before.Value != w.before || c.After.Value != w.after || c.Turn != w.turn {
			t.Errorf("got %+v, want %+v", c, w)
		}
		if c.Shift.Known && !(c.Shift.Low <= c.Shift.Value && c.Shift.Value <= c.Shift.High) {
			t.Errorf("%s: shift %+v", c.Outcome, c.Shift)
		}
	}
	// The same respondents answered twice: what they did not change does not blur the shift.
	again, err := opportunity.Track(append(shifted(before, -90*day), before...), asked.Add(-80*day), asked, o)
	if err != nil {
		t.Fatal(err)
	}
	if s := again[0].Changes[0].Shift; s.Low != 0 || s.High != 0 || again[0].Changes[0].Turn != opportunity.Unclear {
		t.Errorf("nothing changed, and yet %+v", again[0].Changes[0])
	}
	// The other way round a fall is a rise.
	back, err := opportunity.Track(append(shifted(after, -90*day), before...), asked.Add(-80*day), asked, o)
	if err != nil {
		t.Fatal(err)
	}
	if c := back[0].Changes[1]; c.Turn != opportunity.Rose || c.Shift.Value != 5.5 {
		t.Errorf("%+v", c)
	}
}

// TestTrackScores: both scores are those that Evaluate gives.
func TestTrackScores(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	ratings := append(shifted(survey(r, 40, 6, 0.2), -50*day), survey(r, 40, 6, 0.2)...)
	o := opportunity.Options{Resamples: 100}
	trends, err := opportunity.Track(ratings, asked.Add(-40*day), asked, o)
	if err != nil {
		t.Fatal(err)
	}
	early, err := opportunity.Evaluate(ratings, asked.Add(-40*day), o)
	if err != nil {
		t.Fatal(err)
	}
	late := evaluate(t, ratings, o)
	score := func(l opportunity.Landscape, outcome string) float64 {
		i := slices.IndexFunc(l.Needs, func(n opportunity.Need) bool { return n.Outcome == outcome })
		return l.Needs[i].Score.Value
	}
	for _, c := range trends[0].Changes {
		if c.Before.Value != score(early[0], c.Outcome) || c.After.Value != score(late, c.Outcome) {
			t.Errorf("%+v, want %v and %v", c, score(early[0], c.Outcome), score(late, c.Outcome))
		}
	}
}

func TestTrackBadInput(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to time.Time
		want     string
	}{
		{"no from", time.Time{}, asked, "opportunity: from: is zero"},
		{"no to", asked, time.Time{}, "opportunity: to: is zero"},
		{"backwards", asked, asked.Add(time.Nanosecond), "opportunity: to: is not after from"},
	} {
		if _, err := opportunity.Track(nil, c.from, c.to, opportunity.Options{}); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
}

// rivals are two needs rated with our service and with theirs, by 200 respondents each.
//
//	         importance  ours  theirs
//	fast     8           4     9
//	safe     4           9     6
//
// Ours is worth (8·4 + 4·9)/12 = 17/3, theirs (8·9 + 4·6)/12 = 8: a gap of 7/3.
func rivals() []opportunity.Rating {
	with := func(service string, list []opportunity.Rating) []opportunity.Rating {
		for i := range list {
			list[i].Service = service
		}
		return list
	}
	return slices.Concat(
		with("ours", answers("fast", 200, 160, 80)), with("theirs", answers("fast", 200, 160, 180)),
		with("ours", answers("safe", 200, 80, 180)), with("theirs", answers("safe", 200, 80, 120)),
		with("ours", answers("unrated by theirs", 200, 80, 180)),
	)
}

func weigh(t *testing.T, cost float64) opportunity.Switch {
	t.Helper()
	ws, err := opportunity.Weigh(rivals(), opportunity.Alternative{Service: "theirs", Cost: cost}, asked, opportunity.Options{Service: "ours"})
	if err != nil {
		t.Fatal(err)
	}
	checkSwitch(t, ws[0])
	return ws[0]
}

func TestWeigh(t *testing.T) {
	w := weigh(t, 0.5)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"ours", w.Ours.Value, 17.0 / 3},
		{"theirs", w.Theirs.Value, 8},
		{"gap", w.Gap.Value, 7.0 / 3},
		{"net", w.Net.Value, 11.0 / 6},
		{"part of fast", w.Parts[0].Points, 10.0 / 3},
		{"part of safe", w.Parts[1].Points, -1},
		{"net low", w.Net.Low, w.Gap.Low - 0.5},
	} {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s = %v, want %v", c.name, c.got, c.want)
		}
	}
	if !slices.Equal(w.Missing, []string{"unrated by theirs"}) {
		t.Errorf("missing %v", w.Missing)
	}
	for cost, want := range map[float64]opportunity.Pull{0: opportunity.Switches, 2.3: opportunity.Open, 5: opportunity.Stays} {
		if got := weigh(t, cost).Pull; got != want {
			t.Errorf("at a cost of %v: %s, want %s", cost, got, want)
		}
	}
}

// checkSwitch holds a comparison to what is true of all: the parts sum to the gap with ==.
func checkSwitch(t *testing.T, w opportunity.Switch) {
	t.Helper()
	points := make([]float64, len(w.Parts))
	for i, p := range w.Parts {
		points[i] = p.Points
	}
	if sum, _ := stat.Sum(points); w.Gap.Known && (sum != w.Gap.Value || w.Net.Value != w.Gap.Value-w.Cost) {
		t.Errorf("parts sum to %v, gap %v, net %v", sum, w.Gap.Value, w.Net.Value)
	}
	for _, e := range []opportunity.Estimate{w.Ours, w.Theirs, w.Gap, w.Net} {
		if e.Known && !(e.Low <= e.Value+1e-9 && e.Value <= e.High+1e-9) {
			t.Errorf("%+v is not in order", e)
		}
	}
	if !w.Gap.Known && w.Pull != opportunity.Open {
		t.Errorf("nothing is known, and yet %s", w.Pull)
	}
}

func TestWeighBadInput(t *testing.T) {
	o := opportunity.Options{Service: "ours"}
	for _, c := range []struct {
		name string
		a    opportunity.Alternative
		want string
	}{
		{"itself", opportunity.Alternative{Service: "ours"}, "opportunity: alternative: is the service itself"},
		{"name", opportunity.Alternative{Service: "\n"}, "opportunity: alternative: contains the control character U+000A at byte 0"},
		{"negative", opportunity.Alternative{Cost: -1}, "opportunity: cost: is negative or not finite"},
		{"no number", opportunity.Alternative{Cost: math.NaN()}, "opportunity: cost: is negative or not finite"},
		{"infinite", opportunity.Alternative{Cost: math.Inf(1)}, "opportunity: cost: is negative or not finite"},
	} {
		if _, err := opportunity.Weigh(nil, c.a, asked, o); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := opportunity.Weigh(nil, opportunity.Alternative{}, time.Time{}, o); err == nil || err.Error() != "opportunity: as of: is zero" {
		t.Errorf("zero as of: %v", err)
	}
}
