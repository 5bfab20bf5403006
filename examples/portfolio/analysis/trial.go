package analysis

import (
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// A trial judges backtest cases as they come, so that none need be kept.
type trial struct {
	cases  chan backtest.Case
	done   chan struct{}
	report backtest.Report
	err    error
	points []outcomePoint // for calibration
}

type outcomePoint struct {
	at      time.Time
	value   float64
	lost    bool
	rescued bool
}

func newTrial() *trial {
	t := &trial{cases: make(chan backtest.Case, batch), done: make(chan struct{})}
	go func() {
		defer close(t.done)
		t.report, t.err = backtest.Judge(func(yield func(backtest.Case, error) bool) {
			for c := range t.cases {
				if !yield(c, nil) {
					return
				}
			}
		})
		for range t.cases { // after an error nobody else takes them
		}
	}()
	return t
}

func (t *trial) add(c backtest.Case) {
	if c.Err == nil && c.Score.Known {
		t.points = append(t.points, outcomePoint{c.At, c.Score.Value, c.Lost, c.Rescued})
	}
	t.cases <- c
}

func (t *trial) end() (backtest.Report, error) {
	close(t.cases)
	<-t.done
	return t.report, t.err
}

// section turns a report into what is shown. bands are in the order of the card, worst first.
func (t *trial) section(r backtest.Report, bands []string) *Backtest {
	if r.Decisions+r.Unknown+r.Failed == 0 {
		return nil
	}
	b := &Backtest{LeadDays: int(leadTime / day), Decisions: r.Decisions, Lost: r.Lost, Rescued: r.Rescued,
		AUC: area("scorecard", r.AUC), Verdict: string(r.Verdict)}
	for _, m := range r.Measures {
		if len(b.Columns) < 6 {
			b.Columns = append(b.Columns, area(m.Measure, m.AUC))
		}
	}
	for _, band := range bands {
		i := slices.IndexFunc(r.Bands, func(x backtest.Rate) bool { return x.Band == band })
		if i >= 0 {
			b.Bands = append(b.Bands, leftRow("renewals due", band, r.Bands[i].Lost, r.Bands[i].N))
		}
	}
	b.Calibration = t.calibrate()
	b.Words = words(b, r)
	return b
}

func words(b *Backtest, r backtest.Report) []string {
	out := []string{fmt.Sprintf("%s renewals were due, %s were lost; each was scored from what was known %d days before.", counted(b.Decisions), counted(b.Lost), b.LeadDays)}
	if r.Unknown+r.Failed > 0 {
		out = append(out, fmt.Sprintf("%s more could not be scored then and are left out: %s unknown, %s not yet known or failed.", counted(r.Unknown+r.Failed), counted(r.Unknown), counted(r.Failed)))
	}
	out = append(out, "Customers who renewed more than once count once for each renewal; the interval takes those of one customer as a cluster.")
	switch r.Verdict {
	case backtest.Predictive:
		out = append(out, fmt.Sprintf("Predictive: a lost customer scored below a kept one in %.0f of 100 pairs, and the interval lies above one half.", 100*b.AUC.Value))
	case backtest.NotPredictive:
		out = append(out, "Not predictive: even the upper end of the interval is below 0.60. Don't act on this score.")
	default:
		out = append(out, "Not enough evidence to say whether the score predicts.")
	}
	if len(b.Columns) > 0 && b.AUC.Known && b.Columns[0].Value >= b.AUC.Value {
		out = append(out, fmt.Sprintf("The measure %s alone does as well or better (%.3f against %.3f): the scorecard adds nothing to it here.", plain(b.Columns[0].Name), b.Columns[0].Value, b.AUC.Value))
	}
	return out
}

// calibrate predicts the share lost in each fifth of the scores from the earlier half of the decisions and holds it
// against the later half; rescued accounts stand apart, under the prediction that they had.
func (t *trial) calibrate() []CalibrationRow {
	points := slices.Clone(t.points)
	slices.SortStableFunc(points, func(a, b outcomePoint) int { return a.at.Compare(b.at) })
	half := len(points) / 2
	if half < 50 {
		return nil
	}
	var values []float64
	for _, p := range points[:half] {
		if !p.rescued {
			values = append(values, p.value)
		}
	}
	slices.Sort(values)
	fifth := func(v float64) int {
		k := 0
		for k < 4 && v >= values[(k+1)*len(values)/5] {
			k++
		}
		return k
	}
	type tally struct{ lost, n int }
	var early, late, rescued [5]tally
	for i, p := range points {
		to := &late
		switch {
		case p.rescued && i < half:
			continue
		case p.rescued:
			to = &rescued
		case i < half:
			to = &early
		}
		k := fifth(p.value)
		to[k].n++
		if p.lost {
			to[k].lost++
		}
	}
	var rows []CalibrationRow
	for _, side := range []struct {
		tallies [5]tally
		rescued bool
	}{{late, false}, {rescued, true}} {
		for k, x := range side.tallies {
			if x.n == 0 || early[k].n == 0 {
				continue
			}
			r := leftRow("", "", x.lost, x.n)
			rows = append(rows, CalibrationRow{Predicted: float64(early[k].lost) / float64(early[k].n),
				Observed: r.Share, Low: r.Low, High: r.High, N: x.n, Rescued: side.rescued})
		}
	}
	return rows
}
