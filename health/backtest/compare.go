package backtest

import (
	"errors"
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Comparison holds two numbers against each other on the same decisions.
type Comparison struct {
	Before     AUC     `json:"before"`
	After      AUC     `json:"after"`
	Difference float64 `json:"difference"` // After less Before, -1 to 1
	Error      float64 `json:"error"`      // standard error of Difference, by DeLong for correlated areas
	Low        float64 `json:"low"`        // 95 % interval of Difference, nine places; -1 and 1 where it is not known
	High       float64 `json:"high"`       // nine places
	Z          float64 `json:"z"`          // Difference over Error; 0 where Error is
	P          float64 `json:"p"`          // chance of so large a Z, either way, without any difference; 1 where Error is 0
	Left       int     `json:"left"`       // decisions that only one of the two knows: left out
}

// Compare holds two trials against each other, such as of the running scorecard and of the next one, on the decisions
// that both judged.
//
// Compare returns an error if a trial is nil, or if they do not agree on whether a decision was lost (*DataError).
func Compare(before, after *Trial) (Comparison, error) {
	if before == nil || after == nil {
		return Comparison{}, errors.New("backtest: compare: a trial is nil")
	}
	at := make(map[string]int32, len(after.accounts.list)) // account in after
	for i, name := range after.accounts.list {
		at[name] = int32(i)
	}
	rows := make(map[exposure]int32)
	judged := after.pick((*row).judged)
	for _, i := range judged {
		rows[exposure{after.rows[i].account, after.rows[i].at}] = i
	}
	var first, second []int32
	alone := 0
	for _, i := range before.pick((*row).judged) {
		b := &before.rows[i]
		name := before.accounts.list[b.account]
		account, known := at[name]
		j, both := rows[exposure{account, b.at}]
		if !known || !both {
			alone++
			continue
		}
		if after.rows[j].lost != b.lost {
			return Comparison{}, &DataError{Account: name, Field: "decision", Message: "was lost in one trial and kept in the other"}
		}
		first, second = append(first, i), append(second, j)
	}
	c := paired(before.scores(first), after.scores(second))
	c.Left += alone + len(judged) - len(second)
	return c, nil
}

// paired compares two columns of the same decisions, on those of which both are known, and forgets the others.
func paired(a, b *column) Comparison {
	var c Comparison
	for i := range a.values {
		if unknown := math.IsNaN(a.values[i]); unknown != math.IsNaN(b.values[i]) {
			c.Left++
			a.values[i], b.values[i] = math.NaN(), math.NaN()
		}
	}
	ra, rb := a.rank(), b.rank()
	c.Before, c.After = a.auc(ra), b.auc(rb)
	c.Low, c.High, c.P = -1, 1, 1
	if !c.Before.Known {
		return c
	}
	c.Difference = c.After.Value - c.Before.Value
	pa, pb := make([]int32, len(a.values)), make([]int32, len(a.values))
	ra.place(pa)
	rb.place(pb)
	for i := range pb {
		pb[i] -= pa[i]
	}
	s := a.spread(ra, pb, c.Difference)
	if s.lost < 2 || s.kept < 2 {
		return c
	}
	c.Error = math.Sqrt(s.variance)
	if c.Error == 0 && c.Difference != 0 { // both areas are at an end of their range, and say nothing of their spread
		return c
	}
	half := float64(normal975 * c.Error)
	c.Low, c.High = nine(c.Difference-half), nine(c.Difference+half)
	if c.Error > 0 {
		c.Z = c.Difference / c.Error
		c.P = 2 * stat.NormalCDF(-math.Abs(c.Z))
	}
	return c
}
