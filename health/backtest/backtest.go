// Package backtest puts a scorecard on trial: the very definition that runs in production is scored as known a lead
// time before each decision, and held against what happened.
//
// # Model
//
// The unit is an exposed decision: a renewal that was due. [Score] evaluates the account as of the decision's instant
// less the lead time, from what was recorded by then, so that nothing from after it can leak in. [Judge] reports how
// well the scores tell what was lost from what was kept, and a [Verdict] that may be "not enough evidence".
// Separation in one snapshot, without a lead time, is no backtest: use [Separate] and say so.
//
// # Sources
//
// The area under the curve is the Mann–Whitney statistic with ties counted half; its variance is that of DeLong,
// DeLong and Clarke-Pearson (Biometrics 44, 1988), computed by mid-ranks as in Sun and Xu (IEEE Signal Processing
// Letters 21, 2014). The interval is on the logit scale (Pepe, The Statistical Evaluation of Medical Tests, 2003, 5.2).
//
// # Concurrency
//
// The functions keep no state and may be called concurrently.
package backtest

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Decision is a renewal that was due, and what came of it.
type Decision struct {
	Account string
	At      time.Time
	Lost    bool
	Rescued bool   // a play kept it: such decisions are left out of the trial, since a rescue makes a good alert look false
	Group   string // to report within, such as a contract type
}

// A Case is a decision with the score that was known a lead time before.
type Case struct {
	Decision
	Score health.Score
	Err   error // the account could not be scored
}

// Score scores each decision as known lead before it, which must be above zero. An account's own failure, that the
// source does not know it included, sits in its Case; the sequence's error comes once, last.
func Score(ctx context.Context, m *health.Model, s health.Source, decisions iter.Seq2[Decision, error], lead health.Duration) iter.Seq2[Case, error] {
	return func(yield func(Case, error) bool) {
		if lead <= 0 {
			yield(Case{}, fmt.Errorf("backtest: lead time %v is not above zero: that would be no forecast", lead))
			return
		}
		for d, err := range decisions {
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Case{}, fmt.Errorf("backtest: decisions: %w", err))
				return
			}
			c := Case{Decision: d}
			asOf := d.At.Add(-time.Duration(lead))
			in, ok, err := s.Input(ctx, d.Account, asOf, asOf)
			switch {
			case err != nil:
				c.Err = fmt.Errorf("backtest: read %q: %w", d.Account, err)
			case !ok:
				c.Err = fmt.Errorf("backtest: read %q: not known %v before the decision", d.Account, lead)
			default:
				c.Score, c.Err = m.Score(in, asOf)
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}

// A Point is a value and whether the customer was lost. A higher value is meant to be a healthier customer.
type Point struct {
	Value float64 // in any unit; NaN: unknown
	Lost  bool
}

// An AUC is the chance that a customer who was lost has a lower value than one who was kept, ties counting half.
type AUC struct {
	Known    bool    `json:"known"`    // there are both lost and kept ones; else the numbers are 0, and null in JSON
	Value    float64 `json:"value"`    // 0 to 1; 0.5 is no better than chance
	Variance float64 `json:"variance"` // of Value, by DeLong; 0 where fewer than two are lost or kept
	Low      float64 `json:"low"`      // 95 % interval on the logit scale, to nine places; exact bounds where Value is 0 or 1
	High     float64 `json:"high"`     // 0 to 1
	Lost     int     `json:"lost"`     // points that count
	Kept     int     `json:"kept"`     // points that count
}

// normal975 is the 0.975 quantile of the standard normal distribution.
const normal975 = 1.959963984540054

// Separate returns how well values tell lost from kept. NaN values are left out. It does not modify points.
// Fewer than two of a kind leave the variance undefined, and the interval is then [0, 1].
func Separate(points []Point) AUC {
	sorted := slices.DeleteFunc(slices.Clone(points), func(p Point) bool { return math.IsNaN(p.Value) })
	slices.SortStableFunc(sorted, func(a, b Point) int { return cmp.Compare(a.Value, b.Value) })
	var a AUC
	for _, p := range sorted {
		if p.Lost {
			a.Lost++
		} else {
			a.Kept++
		}
	}
	if a.Lost == 0 || a.Kept == 0 {
		return a
	}
	a.Known = true
	m, n := float64(a.Lost), float64(a.Kept)
	// For each lost one the share of kept above it, for each kept one the share of lost below it; ties half.
	var lost, kept []float64
	below, above := 0.0, n // lost below, kept above the present run of ties
	for i := 0; i < len(sorted); {
		j, l, k := i, 0.0, 0.0
		for ; j < len(sorted) && sorted[j].Value == sorted[i].Value; j++ {
			if sorted[j].Lost {
				l++
			} else {
				k++
			}
		}
		above -= k
		for ; i < j; i++ {
			if sorted[i].Lost {
				lost = append(lost, (above+k/2)/n)
			} else {
				kept = append(kept, (below+l/2)/m)
			}
		}
		below += l
	}
	sum := 0.0
	for _, v := range lost {
		sum += v
	}
	a.Value = sum / m
	a.Low, a.High = 0, 1
	if a.Lost < 2 || a.Kept < 2 {
		return a
	}
	a.Variance = spread(lost, a.Value)/m + spread(kept, a.Value)/n
	a.interval()
	return a
}

// spread is the sample variance about a mean that is known to be theirs.
func spread(values []float64, mean float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += float64((v - mean) * (v - mean))
	}
	return sum / float64(len(values)-1)
}

func (a *AUC) interval() {
	// At the ends the logit is infinite: the bound is that of Clopper and Pearson for as many pairs of their own
	// as there are, the smaller count, all on one side.
	bound := math.Pow(0.025, 1/math.Min(float64(a.Lost), float64(a.Kept)))
	switch a.Value {
	case 0:
		a.High = 1 - bound
	case 1:
		a.Low = bound
	default:
		logit := math.Log(a.Value / (1 - a.Value))
		half := normal975 * math.Sqrt(a.Variance) / (a.Value * (1 - a.Value))
		a.Low, a.High = expit(logit-half), expit(logit+half)
	}
	a.Low, a.High = nine(a.Low), nine(a.High)
}

// nine rounds to nine places, since logarithms differ among platforms in their last bits and verdicts compare.
func nine(x float64) float64 { return math.Round(x*1e9) / 1e9 }

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// MarshalJSON returns the canonical encoding.
func (a AUC) MarshalJSON() ([]byte, error) {
	type plain AUC
	if a.Known {
		return canon.JSON(plain(a))
	}
	return canon.JSON(struct {
		Known    bool     `json:"known"`
		Value    *float64 `json:"value"`
		Variance *float64 `json:"variance"`
		Low      *float64 `json:"low"`
		High     *float64 `json:"high"`
		Lost     int      `json:"lost"`
		Kept     int      `json:"kept"`
	}{Lost: a.Lost, Kept: a.Kept})
}

// A Verdict says what a trial shows.
type Verdict string

// Verdicts.
const (
	Insufficient  Verdict = "insufficient_evidence"
	NotPredictive Verdict = "not_predictive"
	Predictive    Verdict = "predictive"
)

// What a verdict needs, and the area below which a scorecard is called not predictive.
const (
	MinDecisions = 30
	MinEach      = 10 // of lost and of kept
	LeastAUC     = 0.60
)

// Verdict returns, in this order: Insufficient below MinDecisions or MinEach; NotPredictive when the interval's upper
// end is below LeastAUC; Predictive when its lower end is above one half; else Insufficient.
func (a AUC) Verdict() Verdict {
	switch {
	case a.Lost+a.Kept < MinDecisions || a.Lost < MinEach || a.Kept < MinEach:
		return Insufficient
	case a.High < LeastAUC:
		return NotPredictive
	case a.Low > 0.5:
		return Predictive
	}
	return Insufficient
}

// A Report is what came of a trial.
type Report struct {
	Decisions int       `json:"decisions"` // that were judged
	Lost      int       `json:"lost"`      // of Decisions
	Rescued   int       `json:"rescued"`   // left out
	Unknown   int       `json:"unknown"`   // left out: the score was unknown
	Failed    int       `json:"failed"`    // left out: the account could not be scored
	AUC       AUC       `json:"auc"`
	Verdict   Verdict   `json:"verdict"`
	Bands     []Rate    `json:"bands"`    // in order of first appearance
	Measures  []Measure `json:"measures"` // by area, best first; ties in the card's order
}

// A Rate is how many of a band's decisions were lost.
type Rate struct {
	Band string `json:"band"`
	Lost int    `json:"lost"` // of N
	N    int    `json:"n"`    // decisions in the band
}

// A Measure is how well one measure's points alone would have told, over the decisions at which it was live.
type Measure struct {
	Measure string `json:"measure"`
	AUC     AUC    `json:"auc"`
}

// Judge reports on scored decisions. An account may appear once for each instant; a repetition is an error, as is a
// sequence that fails.
func Judge(cases iter.Seq2[Case, error]) (Report, error) {
	var r Report
	type exposure struct {
		account string
		at      int64
	}
	seen := make(map[exposure]bool)
	var points []Point
	var names []string
	single := make(map[string][]Point)
	for c, err := range cases {
		if err != nil {
			return Report{}, fmt.Errorf("backtest: judge: %w", err)
		}
		e := exposure{c.Account, c.At.UnixMicro()}
		if seen[e] {
			return Report{}, fmt.Errorf("backtest: account %q: decision of %v is there twice", c.Account, c.At)
		}
		seen[e] = true
		switch {
		case c.Err != nil:
			r.Failed++
			continue
		case c.Rescued:
			r.Rescued++
			continue
		case !c.Score.Known:
			r.Unknown++
			continue
		}
		r.Decisions++
		i := slices.IndexFunc(r.Bands, func(b Rate) bool { return b.Band == c.Score.Band })
		if i < 0 {
			i, r.Bands = len(r.Bands), append(r.Bands, Rate{Band: c.Score.Band})
		}
		r.Bands[i].N++
		if c.Lost {
			r.Lost++
			r.Bands[i].Lost++
		}
		points = append(points, Point{c.Score.Value, c.Lost})
		for _, p := range c.Score.Parts {
			if _, ok := single[p.Measure]; !ok {
				names, single[p.Measure] = append(names, p.Measure), nil
			}
			if p.Liveness > 0 {
				single[p.Measure] = append(single[p.Measure], Point{p.OnCurve, c.Lost})
			}
		}
	}
	r.AUC = Separate(points)
	r.Verdict = r.AUC.Verdict()
	for _, name := range names {
		if a := Separate(single[name]); a.Known {
			r.Measures = append(r.Measures, Measure{name, a})
		}
	}
	slices.SortStableFunc(r.Measures, func(a, b Measure) int { return cmp.Compare(b.AUC.Value, a.AUC.Value) })
	return r, nil
}
