package pace_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/pace"
)

// exponential returns the days of a stay with a mean.
func exponential(r *rand.Rand, mean float64) float64 { return -mean * math.Log(1-r.Float64()) }

func lasting(days float64) time.Time {
	return start.Add(time.Duration(days * float64(24*time.Hour))).Truncate(time.Microsecond)
}

// TestLeftTruncation: stays of 100 days on average, half of them of accounts imported after up to 150 days, of which only those
// still there are known. Their share that lasts 60 days is found within three standard errors over many worlds; taking
// the imported as watched from their start finds too many.
func TestLeftTruncation(t *testing.T) {
	const worlds = 200
	truth := math.Exp(-0.6)
	var right, naive []float64
	for seed := range worlds {
		r := rand.New(rand.NewPCG(uint64(seed), 21))
		var list, blind []pace.Stay
		for len(list) < 300 {
			days, entry := exponential(r, 100), 0.0
			if len(list)%2 == 0 {
				entry = 150 * r.Float64()
			}
			if days <= entry {
				continue // it left before the import: nobody knows of it
			}
			s := pace.Stay{Account: "a", From: start, To: lasting(days), Ended: true, Kind: journey.Advance}
			blind = append(blind, s)
			if entry > 0 {
				s.Watched = lasting(entry)
			}
			if s.Watched.Before(s.To) {
				list = append(list, s)
			}
		}
		a, ok1 := curve(t, pace.Options{}, list...).Lasting(60)
		b, ok2 := curve(t, pace.Options{}, blind...).Lasting(60)
		if !ok1 || !ok2 {
			t.Fatal("day 60 is unknown")
		}
		right, naive = append(right, a.Value), append(naive, b.Value)
	}
	mean, se := meanSE(right)
	if math.Abs(mean-truth) > 3*se {
		t.Errorf("%v lasts 60 days, want %v ± %v", mean, truth, se)
	}
	if mean, se := meanSE(naive); mean < truth+20*se {
		t.Errorf("taken as watched from their start %v lasts: the worlds are no trap", mean)
	}
}

func meanSE(x []float64) (mean, se float64) {
	sum, squares := 0.0, 0.0
	for _, v := range x {
		sum += v
	}
	mean = sum / float64(len(x))
	for _, v := range x {
		squares += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(squares/float64(len(x)-1)) / math.Sqrt(float64(len(x)))
}

// TestCoverage: intervals at 95 % of the median, of the chance to advance and of the odds hold the truth in 92 to 98 % of 500
// worlds of 100 stays each, in which leaving competes and a third is censored.
func TestCoverage(t *testing.T) {
	const worlds = 500
	// Advances come at a rate of 1/60 and leaving at 1/240 a day: by day t 0.8·(1 − e^(−t/48)) have advanced.
	byDay60, month := 0.8*(1-math.Exp(-60.0/48)), 0.8*(1-math.Exp(-30.0/48))
	median := 48 * math.Log(0.8/0.3)
	held := map[string]int{}
	for seed := range worlds {
		r := rand.New(rand.NewPCG(uint64(seed), 22))
		var list []pace.Stay
		for range 100 {
			advance, leave, watched := exponential(r, 60), exponential(r, 240), 200*r.Float64()
			s := pace.Stay{Account: "a", From: start, To: lasting(min(advance, leave, watched)), Ended: watched > min(advance, leave)}
			if s.Ended {
				s.Kind = journey.Leave
				if advance < leave {
					s.Kind = journey.Advance
				}
			}
			list = append(list, s)
		}
		c := curve(t, pace.Options{Class: "all", Minimum: 10}, list...)
		count := func(what string, low, high, truth float64) {
			if low <= truth && truth <= high {
				held[what]++
			}
		}
		p, _ := c.Ended(journey.Advance, 60)
		count("by day 60", p.Low, p.High, byDay60)
		o, err := c.Odds(20, 30)
		if err != nil {
			t.Fatal(err)
		}
		count("odds", o.Next.Low, o.Next.High, month)
		q, _ := c.Quantile(journey.Advance, 0.5)
		low, high := 0.0, math.Inf(1)
		if q.Low != nil {
			low = *q.Low
		}
		if q.High != nil {
			high = *q.High
		}
		count("median", low, high, median)
	}
	for _, what := range []string{"by day 60", "odds", "median"} {
		if share := float64(held[what]) / worlds; share < 0.92 || share > 0.98 {
			t.Errorf("the interval of %s holds the truth in %.3f", what, share)
		}
	}
}

// TestJSON: results come back as they were written, and are written alike.
func TestJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(23, 24))
	s := sample(t, random(r, 100)...)
	c, err := s.Estimate(pace.Options{Class: "all"})
	if err != nil {
		t.Fatal(err)
	}
	o, err := c.Odds(10, 10)
	if err != nil {
		t.Fatal(err)
	}
	again(t, o)
	again(t, c.Dwell())
	group := []pace.Group{{Name: "a", Sample: s}, {Name: "b", Sample: s}}
	comparison, err := pace.Compare(group, journey.Advance, 30, pace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again(t, comparison)
	m, err := pace.Matrix(group, 30, pace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again(t, m)
	f, err := pace.Funnel(group, 30, pace.Options{})
	if err != nil {
		t.Fatal(err)
	}
	again(t, f)
	plan, err := pace.Plan([]pace.Stage{stage(t, "land", 1, 2, 3)}, after(100), 0.6)
	if err != nil {
		t.Fatal(err)
	}
	again(t, plan)
}

func again[T any](t testing.TB, want T) {
	t.Helper()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got T
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
}
