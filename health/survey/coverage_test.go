package survey_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/survey"
)

// rounds is how many samples a coverage is taken over: its standard error at 95 % is 0.0044.
const rounds = 2500

// A coverage counts how often intervals hold the truth.
type coverage struct{ interval, plain int }

func (c *coverage) add(i, plain *survey.Interval, truth float64) {
	if i != nil && i.Low <= truth && truth <= i.High {
		c.interval++
	}
	if plain != nil && plain.Low <= truth && truth <= plain.High {
		c.plain++
	}
}

// check wants the interval's coverage within three standard errors of 95 %.
func (c coverage) check(t *testing.T, what string) {
	t.Helper()
	got, plain := float64(c.interval)/rounds, float64(c.plain)/rounds
	t.Logf("%s: %.4f, plain %.4f", what, got, plain)
	margin := 3 * math.Sqrt(0.95*0.05/rounds)
	if math.Abs(got-0.95) > margin {
		t.Errorf("%s: coverage %.4f, want 0.95 within %.4f", what, got, margin)
	}
}

// draw returns 10, 7 or 0 with the chances of promoters and detractors.
func draw(r *rand.Rand, p, d float64) float64 {
	switch u := r.Float64(); {
	case u < p:
		return 10
	case u < p+d:
		return 0
	}
	return 7
}

// simulate returns votes with group "before" or "after" of accounts with people in them. An account's people share one
// draw with chance alike, which is then their correlation.
func simulate(r *rand.Rand, group string, accounts, people int, alike, p, d float64) (out []survey.Answer) {
	for a := range accounts {
		shared := draw(r, p, d)
		for h := range people {
			value := shared
			if r.Float64() >= alike {
				value = draw(r, p, d)
			}
			out = append(out, survey.Answer{
				Account: fmt.Sprint(group, a), Respondent: fmt.Sprint(h), Instrument: "nps", Group: group, Value: value, At: from,
			})
		}
	}
	return out
}

// TestCoverageNet: the adjusted interval holds what it says; the plain one falls short for small samples near the edge.
func TestCoverageNet(t *testing.T) {
	m := compile(t, survey.NPS())
	r := rand.New(rand.NewPCG(1, 3))
	for _, n := range []int{10, 30, 100} {
		var c, edge coverage
		for range rounds {
			// Chances from a range: at single ones the coverage of counts jumps about its mean.
			p, d := 0.2+0.3*r.Float64(), 0.1+0.3*r.Float64()
			e := estimate(t, m, survey.Input{Answers: simulate(r, "", n, 1, 0, p, d)}, quarter)
			c.add(e.Interval, e.Plain, p-d)
			e = estimate(t, m, survey.Input{Answers: simulate(r, "", n, 1, 0, 0.92, 0.03)}, quarter)
			edge.add(e.Interval, e.Plain, 0.92-0.03)
		}
		c.check(t, fmt.Sprintf("net of %d", n))
		if short := float64(edge.plain) / rounds; n == 10 && short > 0.75 {
			t.Errorf("the plain interval of 10 near the edge holds the truth in %.3f, which its comment says it does not", short)
		}
		if float64(edge.interval)/rounds < 0.93 {
			t.Errorf("net of %d near the edge: coverage %.4f", n, float64(edge.interval)/rounds)
		}
	}
}

// TestCoverageShare: Wilson's interval holds on average over shares, the plain one does not.
func TestCoverageShare(t *testing.T) {
	m := compile(t, func() survey.Instrument { i := survey.CSAT(5); i.Name = "nps"; i.Low, i.High = 0, 10; return i }())
	r := rand.New(rand.NewPCG(2, 3))
	for _, n := range []int{10, 50, 200} {
		var c coverage
		for range rounds {
			p := r.Float64()
			e := estimate(t, m, survey.Input{Answers: simulate(r, "", n, 1, 0, p, 0)}, quarter)
			c.add(e.Interval, e.Plain, p)
		}
		c.check(t, fmt.Sprintf("share of %d", n))
		if short := float64(c.plain) / rounds; n == 10 && short > 0.85 {
			t.Errorf("the plain interval of 10 holds the truth in %.3f, which its comment says it does not", short)
		}
	}
}

// TestCoverageMean: Student's interval of a mean of ten.
func TestCoverageMean(t *testing.T) {
	m := compile(t, survey.Instrument{Format: 1, Name: "nps", Method: survey.Mean, Better: survey.Higher, Low: 0, High: 10})
	r := rand.New(rand.NewPCG(3, 3))
	for _, n := range []int{10, 50} {
		var c coverage
		for range rounds {
			in := survey.Input{Answers: answers("nps", make([]float64, n)...)}
			for i := range in.Answers {
				in.Answers[i].Value = float64(r.IntN(11))
			}
			e := estimate(t, m, in, quarter)
			c.add(e.Interval, e.Plain, 5)
		}
		c.check(t, fmt.Sprintf("mean of %d", n))
	}
}

// TestCoverageClusters: eight people an account who answer alike are no eight accounts. Taken as if they were, the
// interval holds the truth in two of three samples.
func TestCoverageClusters(t *testing.T) {
	m := compile(t, survey.NPS())
	r := rand.New(rand.NewPCG(4, 3))
	var c, naive coverage
	effective := 0.0
	for range rounds {
		p, d := 0.25+0.2*r.Float64(), 0.15+0.2*r.Float64()
		in := survey.Input{Answers: simulate(r, "", 30, 8, 0.5, p, d)}
		e := estimate(t, m, in, quarter)
		c.add(e.Interval, e.Plain, p-d)
		effective += *e.Effective / rounds
		for i := range in.Answers {
			in.Answers[i].Account += in.Answers[i].Respondent
		}
		e = estimate(t, m, in, quarter)
		naive.add(e.Interval, e.Plain, p-d)
	}
	c.check(t, "30 accounts of 8")
	// Two people of one account agree through the shared draw with chance ½·½: the design effect is 1 + 7·¼.
	near(t, "mean effective votes", effective, 240/(1+7*0.25), 5)
	if got := float64(naive.interval) / rounds; got > 0.8 {
		t.Errorf("without clusters: coverage %.3f, so that the test shows nothing", got)
	}
}

// TestCoverageChange: where nothing changed the verdict is noise in 95 of 100, and a panel that answers twice is seen
// to: the interval that knows is narrower and still holds.
func TestCoverageChange(t *testing.T) {
	m := compile(t, survey.NPS())
	r := rand.New(rand.NewPCG(5, 3))
	before, after := quarter, quarter
	before.Group, after.Group = "before", "after"
	widths := map[bool]float64{}
	for _, panel := range []bool{false, true} {
		var c coverage
		noise, width := 0, 0.0
		for range rounds {
			p, d := 0.25+0.2*r.Float64(), 0.15+0.2*r.Float64()
			in := survey.Input{Answers: simulate(r, "before", 60, 1, 0, p, d)}
			second := simulate(r, "after", 60, 1, 0, p, d)
			for i := range second {
				if panel {
					second[i].Account, second[i].Respondent = in.Answers[i].Account, "bob"
					if r.Float64() < 0.6 {
						second[i].Value = in.Answers[i].Value
					}
				}
			}
			in.Answers = append(in.Answers, second...)
			diff, err := m.Compare(in, before, after, to)
			if err != nil {
				t.Fatal(err)
			}
			if diff.Verdict == survey.Noise {
				noise++
			}
			c.add(diff.Interval, diff.Plain, 0)
			width += (diff.Interval.High - diff.Interval.Low) / rounds
		}
		c.check(t, fmt.Sprintf("change, panel %v", panel))
		if noise != c.interval {
			t.Errorf("%d verdicts of noise, %d intervals that hold zero", noise, c.interval)
		}
		widths[panel] = width
	}
	// Six in ten repeat themselves: the variance of the change falls to four tenths.
	near(t, "width of a panel's interval to that of others", widths[true]/widths[false], math.Sqrt(0.4), 0.02)
}
