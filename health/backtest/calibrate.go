package backtest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Calibration turns scores into chances of loss: a map that was fitted on an earlier window, and how it did on a later
// one. A score over 100 is no probability; only such a map makes one of it.
type Calibration struct {
	Cut     time.Time   `json:"cut"`
	Fitted  int         `json:"fitted"`  // decisions due before the cut
	Losses  int         `json:"losses"`  // of Fitted
	Between int         `json:"between"` // left out: due at or after the cut, scored before it, when the map was not there yet
	Repeat  int         `json:"repeat"`  // judged decisions of accounts that have one in Fitted too
	Map     []Block     `json:"map"`     // lowest values, highest risk, first
	Judged  Reliability `json:"judged"`  // decisions scored at or after the cut, one bin for each block
	Rescued Reliability `json:"rescued"` // those that a play rescued, and would make the map look wrong
}

// A Block is a range of values with one risk.
type Block struct {
	Low  float64 `json:"low"`  // lowest value fitted
	High float64 `json:"high"` // highest value fitted
	Risk float64 `json:"risk"` // chance of loss, 0 to 1
	N    int     `json:"n"`    // decisions fitted
	Lost int     `json:"lost"` // of N
}

// MarshalJSON returns the canonical encoding.
func (c Calibration) MarshalJSON() ([]byte, error) {
	type plain Calibration
	return canon.JSON(plain(c))
}

// Risk returns the chance of loss at a value: that of its block; between two blocks, that of the nearer one, and in the
// middle that of the lower. It returns false without a map, or for NaN.
func (c Calibration) Risk(value float64) (float64, bool) {
	i := c.block(value)
	if i < 0 || math.IsNaN(value) {
		return 0, false
	}
	return c.Map[i].Risk, true
}

func (c Calibration) block(value float64) int {
	i, _ := slices.BinarySearchFunc(c.Map, value, func(b Block, v float64) int { return cmp.Compare(b.High, v) })
	if i == len(c.Map) || i > 0 && value-c.Map[i-1].High <= c.Map[i].Low-value {
		return i - 1
	}
	return i
}

// Calibrate fits the antitonic map on the decisions that were due before the cut, and judges it on those that were scored
// at or after it. The map is the one of least squares among all that never rise with the value.
//
// Calibrate returns an error (*RefusedError) if one of the windows has fewer than MinDecisions decisions.
func (t *Trial) Calibrate(cut time.Time) (Calibration, error) {
	at := instant.Of(cut).UnixMicro()
	fit := t.pick(func(r *row) bool { return r.judged() && r.at < at })
	later := t.pick(func(r *row) bool { return r.judged() && r.asOf >= at })
	if n := min(len(fit), len(later)); n < MinDecisions {
		return Calibration{}, &RefusedError{
			Rule: "decisions", Message: fmt.Sprintf("%d decisions before the cut and %d scored after it", len(fit), len(later)),
			Needs: fmt.Sprintf("%d on either side", MinDecisions),
		}
	}
	all := t.pick((*row).judged)
	c := Calibration{Cut: instant.Of(cut), Fitted: len(fit), Between: len(all) - len(fit) - len(later)}
	seen := make([]bool, len(t.accounts.list))
	for _, i := range fit {
		r := &t.rows[i]
		seen[r.account] = true
		if r.lost {
			c.Losses++
		}
	}
	for _, i := range later {
		if seen[t.rows[i].account] {
			c.Repeat++
		}
	}
	c.Map = antitonic(t.scores(fit).rank())
	c.Judged = c.reliability(t, later)
	c.Rescued = c.reliability(t, t.pick(func(r *row) bool { return r.rescued && r.asOf >= at }))
	return c, nil
}

func (c *Calibration) reliability(t *Trial, rows []int32) Reliability {
	forecasts, bins := make([]Forecast, len(rows)), make([]int, len(rows))
	for i, at := range rows {
		r := &t.rows[at]
		k := c.block(r.value)
		forecasts[i] = Forecast{c.Map[k].Risk, r.lost}
		bins[i] = len(c.Map) - 1 - k
	}
	return tabulate(forecasts, bins, len(c.Map))
}

// antitonic pools equal values first, and then adjacent violators.
func antitonic(r *ranking) []Block {
	var x, y, w []float64
	var blocks []Block
	for i := 0; i < len(r.points); {
		end, lost, kept := r.run(i)
		n := lost + kept
		v := r.points[i].value
		x, y, w = append(x, v), append(y, -float64(lost)/float64(n)), append(w, float64(n))
		blocks = append(blocks, Block{Low: v, High: v, N: n, Lost: lost})
		i = end
	}
	var out []Block
	at := 0
	for _, end := range isotonic(y, w) {
		b := Block{Low: x[at], High: x[end-1]}
		for _, one := range blocks[at:end] {
			b.N += one.N
			b.Lost += one.Lost
		}
		b.Risk = float64(b.Lost) / float64(b.N)
		out = append(out, b)
		at = end
	}
	return out
}

// isotonic returns where the blocks end of the rising sequence nearest to y in weighted squares, each block's value being
// its weighted mean. It pools adjacent violators (Ayer, Brunk, Ewing, Reid and Silverman, Annals of Mathematical
// Statistics 26, 1955).
func isotonic(y, w []float64) (ends []int) {
	type block struct {
		mean, weight float64
		end          int
	}
	var blocks []block
	for i := range y {
		b := block{y[i], w[i], i + 1}
		for n := len(blocks); n > 0 && blocks[n-1].mean >= b.mean; n = len(blocks) {
			p := blocks[n-1]
			sum := float64(p.mean*p.weight) + float64(b.mean*b.weight)
			b.weight += p.weight
			b.mean = sum / b.weight
			blocks = blocks[:n-1]
		}
		blocks = append(blocks, b)
	}
	for _, b := range blocks {
		ends = append(ends, b.end)
	}
	return ends
}
