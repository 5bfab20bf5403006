package survey_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health/survey"
)

// A twin is an estimate by the double sum over all pairs of votes, without a thought for speed.
type twin struct {
	n, accounts int
	value, se2  float64
	spread      float64 // of one vote
	effect      float64 // 1 / the effective number that weights leave
	w, y        []float64
	account     []string
}

func twinOf(def survey.Instrument, in survey.Input, s survey.Sample) (tw twin) {
	latest := map[[2]string]survey.Answer{}
	people := map[string]int{}
	for _, a := range in.Answers {
		key := [2]string{a.Account, a.Respondent}
		last, ok := latest[key]
		if a.At.Before(s.From) || !a.At.Before(s.To) || s.Group != "" && s.Group != a.Group || ok && last.At.After(a.At) {
			continue
		}
		if !ok {
			people[a.Account]++
		}
		latest[key] = a
	}
	worth := map[string]float64{}
	for _, w := range in.Worths {
		worth[w.Account] = w.Amount.InexactFloat64()
	}
	total := 0.0
	for key, a := range latest {
		weight := 1.0
		switch s.Weighting {
		case survey.ByAccount:
			weight = 1 / float64(people[key[0]])
		case survey.ByWorth:
			weight = worth[key[0]] / float64(people[key[0]])
		}
		if weight == 0 {
			continue
		}
		y := a.Value
		if def.Method != survey.Mean {
			y = 0
			fromBest := float64(def.High) - a.Value
			if def.Better == survey.Lower {
				fromBest = a.Value - float64(def.Low)
			}
			if fromBest < float64(def.Top) {
				y = 1
			} else if def.Method == survey.Net && fromBest > float64(def.High-def.Low-def.Bottom) {
				y = -1
			}
		}
		tw.account, tw.w, tw.y = append(tw.account, key[0]), append(tw.w, weight), append(tw.y, y)
		total += weight
	}
	tw.n = len(tw.w)
	seen := map[string]bool{}
	for i, a := range tw.account {
		seen[a] = true
		tw.value += tw.w[i] * tw.y[i] / total
	}
	tw.accounts = len(seen)
	for i := range tw.w {
		tw.spread += tw.w[i] * (tw.y[i] - tw.value) * (tw.y[i] - tw.value) / total
		for j := range tw.w {
			if tw.account[i] == tw.account[j] {
				tw.se2 += tw.w[i] * tw.w[j] * (tw.y[i] - tw.value) * (tw.y[j] - tw.value) / total / total
			}
		}
		tw.effect += tw.w[i] * tw.w[i] / total / total
	}
	g := float64(tw.accounts)
	tw.se2 *= g / (g - 1)
	return tw
}

func TestTwin(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		def := instruments()[r.IntN(6)]
		in := random(r, def, 2+r.IntN(12))
		s := quarter
		s.Weighting = []survey.Weighting{"", survey.ByRespondent, survey.ByAccount, survey.ByWorth}[r.IntN(4)]
		s.Group = []string{"", "", "adoption"}[r.IntN(3)]
		e, tw := estimate(t, compile(t, def), in, s), twinOf(def, in, s)
		if e.N != tw.n || e.Accounts != tw.accounts {
			t.Fatalf("seed %d: %d votes of %d accounts, want %d of %d", seed, e.N, e.Accounts, tw.n, tw.accounts)
		}
		if (e.Value == nil) != (tw.n == 0) {
			t.Fatalf("seed %d: value %v of %d votes", seed, e.Value, tw.n)
		}
		if tw.n == 0 {
			continue
		}
		near(t, "value", *e.Value, tw.value, 1e-12)
		if e.SE == nil || tw.n == tw.accounts {
			continue
		}
		se2 := max(tw.se2, tw.spread*tw.effect)
		near(t, "squared standard error", *e.SE**e.SE, se2, 1e-12)
		if tw.spread > 1e-9 {
			near(t, "effective", *e.Effective, tw.spread/se2, 1e-9*float64(tw.n))
		}
		if t.Failed() {
			t.Fatalf("seed %d: %s by %q", seed, def.Name, s.Weighting)
		}
	}
}

// TestOrder: the order of what is given changes no bit.
func TestOrder(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 2))
		def := instruments()[r.IntN(6)]
		in, m := random(r, def, 12), compile(t, def)
		s := quarter
		s.Weighting = survey.ByWorth
		before, err := m.Groups(in, s, to)
		if err != nil {
			t.Fatal(err)
		}
		text := encode(t, before)
		r.Shuffle(len(in.Answers), func(i, j int) { in.Answers[i], in.Answers[j] = in.Answers[j], in.Answers[i] })
		r.Shuffle(len(in.Worths), func(i, j int) { in.Worths[i], in.Worths[j] = in.Worths[j], in.Worths[i] })
		after, err := m.Groups(in, s, to)
		if err != nil {
			t.Fatal(err)
		}
		if got := encode(t, after); got != text {
			t.Fatalf("seed %d: %s\nthen %s", seed, text, got)
		}
	}
}

// TestOneVote: the latest answer in the sample counts, one before or after it does not.
func TestOneVote(t *testing.T) {
	in := survey.Input{}
	for _, a := range []struct {
		at    time.Time
		value float64
	}{{from.Add(-time.Microsecond), 10}, {from, 3}, {to.Add(-time.Microsecond), 8}, {to, 0}} {
		in.Answers = append(in.Answers, survey.Answer{Account: "acme", Respondent: "ann", Instrument: "nps", Value: a.value, At: a.at})
	}
	e := estimate(t, compile(t, survey.NPS()), in, quarter)
	if e.N != 1 || *e.Value != 0 || e.Top+e.Bottom != 0 {
		t.Errorf("%+v, want the passive answer alone", e)
	}
}

// TestExtremes: no vote is undefined; one account with several votes says nothing of others; votes that are all alike
// count as one an account.
func TestExtremes(t *testing.T) {
	m := compile(t, survey.NPS())
	if e := estimate(t, m, survey.Input{}, quarter); e.Value != nil || e.SE != nil || e.Interval != nil || e.Plain != nil || e.N != 0 {
		t.Errorf("without votes: %+v", e)
	}
	in := survey.Input{Answers: answers("nps", 10, 10, 10, 10, 10, 10)}
	for i := range in.Answers {
		in.Answers[i].Account, in.Answers[i].Respondent = "acme", string(rune('a'+i))
	}
	if e := estimate(t, m, in, quarter); *e.Value != 1 || e.Interval != nil || e.SE != nil {
		t.Errorf("one account: %+v", e)
	}
	in.Answers[0].Account = "other"
	if e := estimate(t, m, in, quarter); *e.Value != 1 || *e.Effective != 36.0/26 {
		t.Errorf("all alike: effective %v, want (1+5)²/(1+25)", *e.Effective)
	}
	s := quarter
	s.Weighting = survey.ByWorth
	if e := estimate(t, m, in, s); e.Value != nil || e.LeftOut != 6 || e.N != 0 {
		t.Errorf("without worth: %+v", e)
	}
}

// TestAgree: a group's estimate is the one that Groups gives, and a difference is that of its estimates, the same from
// the other side.
func TestAgree(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 6))
		def := instruments()[r.IntN(6)]
		in, m := random(r, def, 1+r.IntN(20)), compile(t, def)
		groups, err := m.Groups(in, quarter, to)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range groups {
			s := quarter
			s.Group = g.Group
			if got := encode(t, estimate(t, m, in, s)); got != encode(t, g) {
				t.Errorf("seed %d: Groups %s\nEstimate %s", seed, encode(t, g), got)
			}
		}
		before, after := quarter, quarter
		before.Group, after.To = "adoption", from.AddDate(0, 0, 20)
		d, err := m.Compare(in, before, after, to)
		if err != nil {
			t.Fatal(err)
		}
		back, err := m.Compare(in, after, before, to)
		if err != nil {
			t.Fatal(err)
		}
		if encode(t, d.Before) != encode(t, back.After) || encode(t, d.After) != encode(t, estimate(t, m, in, after)) || d.Shared != back.Shared {
			t.Errorf("seed %d: the estimates of a difference are others", seed)
		}
		if d.Interval == nil || back.Interval == nil {
			if d.Interval != back.Interval || d.Verdict != survey.Insufficient {
				t.Errorf("seed %d: interval %v, the other way %v: %s", seed, d.Interval, back.Interval, d.Verdict)
			}
			continue
		}
		near(t, "change", *d.Change, *d.After.Value-*d.Before.Value, 0)
		near(t, "the other way: se", *back.SE, *d.SE, 1e-12)
		near(t, "the other way: low", back.Interval.Low, -d.Interval.High, 1e-12)
		near(t, "the other way: high", back.Interval.High, -d.Interval.Low, 1e-12)
		if opposite := map[survey.Verdict]survey.Verdict{
			survey.Better: survey.Worse, survey.Worse: survey.Better, survey.Noise: survey.Noise,
		}; back.Verdict != opposite[d.Verdict] {
			t.Errorf("seed %d: %s, the other way %s", seed, d.Verdict, back.Verdict)
		}
	}
}

// TestFewShared: nine accounts that answer the same twice say too little of correlation to narrow an interval; ten do.
func TestFewShared(t *testing.T) {
	m := compile(t, survey.NPS())
	before, after := quarter, quarter
	before.Group, after.Group = "before", "after"
	for shared, narrows := range map[int]bool{9: false, 10: true} {
		values := []float64{10, 9, 3, 7, 10, 2, 8, 9, 10, 6}[:shared]
		in := survey.Input{Answers: answers("nps", values...)}
		for i := range in.Answers {
			in.Answers[i].Group = "before"
		}
		for _, a := range answers("nps", values...) {
			a.Group, a.At = "after", a.At.Add(time.Hour)
			in.Answers = append(in.Answers, a)
		}
		d, err := m.Compare(in, before, after, to)
		if err != nil {
			t.Fatal(err)
		}
		independent := math.Sqrt(2) * *d.Before.SE
		if got := *d.SE < 1e-6; d.Shared != shared || got != narrows || !narrows && math.Abs(*d.SE-independent) > 1e-12 {
			t.Errorf("%d shared: se %v, without correlation %v", d.Shared, *d.SE, independent)
		}
	}
}
