package bench

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/stat"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

const (
	surveyRespondents = 10_000
	surveyOutcomes    = 100
	surveyResamples   = 1000
	surveySeed        = 1
	scoresWithin      = 1e-12
)

var surveyAsOf = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// A survey is the work of finding the interval of every outcome's score, by resampling those who answered.
type survey struct {
	respondents, outcomes, resamples int

	ratings   []opportunity.Rating
	answers   []uint8 // 1 for a 4 or a 5: of each respondent the importances, then the satisfactions
	landscape opportunity.Landscape
	scores    [][]float64 // by outcome and resample, of the bare loop
}

// newSurvey draws one in which respondents differ in how easily they agree, which correlates their answers.
func newSurvey(respondents, outcomes, resamples int) *survey {
	s := &survey{respondents: respondents, outcomes: outcomes, resamples: resamples, answers: make([]uint8, 2*outcomes*respondents)}
	r := newRand(8)
	leaning := make([]float64, outcomes)
	for j := range leaning {
		leaning[j] = r.Float64()
	}
	answer := func(easy float64, j int) int { return 1 + min(4, int(5*(0.3*easy+0.4*r.Float64()+0.3*leaning[j]))) }
	for i := range respondents {
		easy, id, row := r.Float64(), fmt.Sprintf("r%05d", i), s.answers[2*outcomes*i:][:2*outcomes]
		for j := range outcomes {
			x := opportunity.Rating{
				Respondent: id, Outcome: fmt.Sprintf("need %03d", j), At: surveyAsOf,
				Importance: answer(easy, j), Satisfaction: answer(1-easy, outcomes-1-j),
			}
			s.ratings = append(s.ratings, x)
			row[j], row[outcomes+j] = top(x.Importance), top(x.Satisfaction)
		}
	}
	return s
}

func top(answer int) uint8 {
	if answer >= 4 {
		return 1
	}
	return 0
}

// ours reads the ratings, and makes ranks, shares of bands and leads besides.
func (s *survey) ours() error { return s.evaluate(s.resamples) }

func (s *survey) evaluate(resamples int) error {
	ls, err := opportunity.Evaluate(s.ratings, surveyAsOf, opportunity.Options{Resamples: resamples, Seed: surveySeed})
	if err != nil {
		return err
	}
	s.landscape = ls[0]
	return nil
}

// resampling is ours with ten times the resamples, as the time of one time as many: so little is left in it of the reading
// of ratings, which the others are spared.
func (s *survey) resampling() (time.Duration, error) {
	d, err := timed(func() error { return s.evaluate(10 * s.resamples) })()
	return d / 10, err
}

// bare is the loop that anyone would write: it counts the rows that were drawn, and sorts the scores.
func (s *survey) bare() error {
	source, drawn := stat.NewResampler(surveySeed), make([]uint32, s.respondents)
	width := 2 * s.outcomes
	s.scores = make([][]float64, s.outcomes)
	for j := range s.scores {
		s.scores[j] = make([]float64, s.resamples)
	}
	counts := make([]uint32, width)
	for b := range s.resamples {
		source.Draw(drawn, s.respondents)
		clear(counts)
		for _, i := range drawn {
			for j, a := range s.answers[int(i)*width:][:width] {
				counts[j] += uint32(a)
			}
		}
		for j := range s.scores {
			importance := 10 * float64(counts[j]) / float64(s.respondents)
			satisfaction := 10 * float64(counts[s.outcomes+j]) / float64(s.respondents)
			s.scores[j][b] = importance + max(importance-satisfaction, 0)
		}
	}
	for _, scores := range s.scores {
		slices.Sort(scores)
	}
	return nil
}

// loop returns the bare loop as a contestant, once its intervals are ours.
func (s *survey) loop(tb testing.TB) contestant {
	tb.Helper()
	for _, f := range []func() error{s.ours, s.bare} {
		if err := f(); err != nil {
			tb.Fatal(err)
		}
	}
	if len(s.landscape.Needs) != s.outcomes {
		tb.Fatalf("%d needs, want %d", len(s.landscape.Needs), s.outcomes)
	}
	for _, n := range s.landscape.Needs {
		j, err := strconv.Atoi(n.Outcome[len("need "):])
		if err != nil {
			tb.Fatal(err)
		}
		i, ok := stat.Percentiles(slices.Clone(s.scores[j]), s.respondents, s.landscape.Confidence)
		if !ok {
			tb.Fatalf("no interval of %s", n.Outcome)
		}
		agree(tb, "the bare loop on "+n.Outcome, []float64{n.Score.Low, n.Score.High}, []float64{i.Low, i.High}, scoresWithin)
	}
	return contestant{name: "loop", goal: 2, run: timed(s.bare)}
}

// A gathering is how NumPy resamples: by gathering the rows that were drawn, or by one product of matrices, which takes
// memory for every resample at once.
type gathering string

const (
	gather  gathering = "gather"
	product gathering = "product"
)

// numpy returns NumPy as a contestant, once its scores are those of the bare loop. It is given what is drawn.
func (s *survey) numpy(tb testing.TB, python string, how gathering) contestant {
	tb.Helper()
	dir := tb.TempDir()
	source, drawn := stat.NewResampler(surveySeed), make([]uint32, s.respondents)
	var draws, answers []int64
	for range s.resamples {
		source.Draw(drawn, s.respondents)
		for _, i := range drawn {
			draws = append(draws, int64(i))
		}
	}
	for _, a := range s.answers {
		answers = append(answers, int64(a))
	}
	writeRaw(tb, dir, "draws.i64", draws)
	writeRaw(tb, dir, "answers.i64", answers)
	run := func() (time.Duration, error) {
		return runScript(python, "resample.py", dir, string(how), strconv.Itoa(s.respondents), strconv.Itoa(s.outcomes))
	}
	if _, err := run(); err != nil {
		tb.Fatal(err)
	}
	got := readRaw(tb, dir, "scores.f64", s.resamples)
	if len(got) != s.outcomes {
		tb.Fatalf("numpy has %d needs, want %d", len(got), s.outcomes)
	}
	for j := range got {
		agree(tb, fmt.Sprint("numpy on need ", j), s.scores[j], got[j], scoresWithin)
	}
	c := contestant{name: "numpy-" + string(how), run: run}
	if how == gather {
		c.goal = 1.0 / 5
	}
	return c
}

func TestResample(t *testing.T) {
	s := newSurvey(500, 10, 200)
	s.loop(t)
	t.Run("numpy", func(t *testing.T) {
		python, lacks := findPython("numpy")
		if lacks != "" {
			t.Skip(lacks)
		}
		s.numpy(t, python, gather)
		s.numpy(t, python, product)
	})
}

func BenchmarkResample(b *testing.B) {
	s := newSurvey(size(1000, surveyRespondents), surveyOutcomes, size(200, surveyResamples))
	others := []contestant{s.loop(b)}
	if python, lacks := findPython("numpy"); lacks != "" {
		b.Log("without NumPy: " + lacks)
	} else {
		others = append(others, s.numpy(b, python, gather), s.numpy(b, python, product))
	}
	b.Run("evaluate", func(b *testing.B) {
		compare(b, s.resamples, "resample", slices.Concat([]contestant{{name: "ours", run: timed(s.ours)}}, others)...)
	})
	b.Run("resample", func(b *testing.B) {
		compare(b, s.resamples, "resample", slices.Concat([]contestant{{name: "ours", run: s.resampling}}, others)...)
	})
}
