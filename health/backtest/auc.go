package backtest

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Point is a value and whether the customer was lost. A higher value is meant to be a healthier customer.
type Point struct {
	Value float64 // in any unit; NaN: unknown
	Lost  bool
}

// An AUC is the chance that a customer who was lost has a lower value than one who was kept, ties counting half.
type AUC struct {
	Known    bool    `json:"known"`    // there are both lost and kept ones; else the numbers are 0, and null in JSON
	Value    float64 `json:"value"`    // 0 to 1; 0.5 is no better than chance
	Variance float64 `json:"variance"` // of Value; 0 where fewer than two accounts are lost or kept
	Low      float64 `json:"low"`      // 95 % interval on the logit scale, to nine places; exact bounds where Value is 0 or 1
	High     float64 `json:"high"`     // 0 to 1
	Lost     int     `json:"lost"`     // decisions that count
	Kept     int     `json:"kept"`     // decisions that count
	Accounts int     `json:"accounts"` // that these are of; in Separate each point is one
}

// normal975 is the 0.975 quantile of the standard normal distribution.
const normal975 = 1.959963984540054

// Separate returns how well values tell lost from kept. NaN values are left out. It does not modify points, and their
// order does not matter. Fewer than two of a kind leave the variance undefined, and the interval is then [0, 1].
func Separate(points []Point) AUC {
	c := columnOf(points)
	return c.auc(c.rank())
}

func columnOf(points []Point) *column {
	c := &column{values: make([]float64, len(points)), lost: make([]bool, len(points))}
	for i, p := range points {
		c.values[i], c.lost[i] = p.Value, p.Lost
	}
	return c
}

func (c *column) auc(r *ranking) AUC {
	a := AUC{Lost: r.lost, Kept: r.kept}
	if r.lost == 0 || r.kept == 0 {
		return a
	}
	a.Known = true
	place := make([]int32, len(c.values))
	a.Value = float64(r.place(place)) / (2 * float64(r.lost) * float64(r.kept))
	s := c.spread(r, place, a.Value)
	a.Variance, a.Accounts = s.variance, s.accounts
	a.Low, a.High = 0, 1
	if s.lost >= 2 && s.kept >= 2 {
		a.Low, a.High = interval(a.Value, a.Variance, float64(min(s.lost, s.kept)))
	}
	return a
}

// interval is on the logit scale. At the ends the logit is infinite: the bound is that of Clopper and Pearson for as many
// pairs of their own as there can be, all on one side.
func interval(area, variance, pairs float64) (low, high float64) {
	low, high = 0, 1
	switch bound := math.Pow(0.025, 1/pairs); area {
	case 0:
		high = 1 - bound
	case 1:
		low = bound
	default:
		logit := math.Log(area / (1 - area))
		half := float64(normal975 * math.Sqrt(variance) / (area * (1 - area)))
		low, high = expit(logit-half), expit(logit+half)
	}
	return nine(low), nine(high)
}

// nine rounds to nine places, since logarithms differ among platforms in their last bits and verdicts compare.
func nine(x float64) float64 { return math.Round(x*1e9) / 1e9 }

func expit(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// MarshalJSON returns the canonical encoding. What is not known is null.
func (a AUC) MarshalJSON() ([]byte, error) {
	w := aucJSON{a.Known, &a.Value, &a.Variance, &a.Low, &a.High, a.Lost, a.Kept, a.Accounts}
	if !a.Known {
		w.Value, w.Variance, w.Low, w.High = nil, nil, nil, nil
	}
	return canon.JSON(w)
}

// aucJSON is an AUC whose numbers can be null.
type aucJSON struct {
	Known    bool     `json:"known"`
	Value    *float64 `json:"value"`
	Variance *float64 `json:"variance"`
	Low      *float64 `json:"low"`
	High     *float64 `json:"high"`
	Lost     int      `json:"lost"`
	Kept     int      `json:"kept"`
	Accounts int      `json:"accounts"`
}
