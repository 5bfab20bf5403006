package analysis

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// separationColumns are the single columns that a snapshot's index is held against.
var separationColumns = []string{"tenure_months", "commitment_months", "monthly", "services_held", "paid_automatically"}

// A snapshotRow is what separation needs of one account.
type snapshotRow struct {
	group   string
	band    string
	value   float64 // NaN: unknown
	left    bool
	columns []float64 // NaN: unknown
}

func separate(rows []snapshotRow, by string) *Separation {
	s := &Separation{By: by,
		Caution: "One snapshot, no lead time: this is no backtest. It shows how far the index separates those who have left from those who have not, not whether it would have foretold it.",
		Overall: areaOf("index", rows, func(r snapshotRow) float64 { return r.value })}
	for _, g := range groups(rows) {
		within := slices.DeleteFunc(slices.Clone(rows), func(r snapshotRow) bool { return r.group != g })
		s.Within = append(s.Within, areaOf(g, within, func(r snapshotRow) float64 { return r.value }))
	}
	for i, name := range separationColumns {
		a := areaOf(name+" (lower is riskier)", rows, func(r snapshotRow) float64 { return r.columns[i] })
		if a.Known && a.Value < 0.5 {
			a.Name, a.Value, a.Low, a.High = name+" (higher is riskier)", 1-a.Value, 1-a.High, 1-a.Low
		}
		if a.Known {
			s.Columns = append(s.Columns, a)
		}
	}
	slices.SortStableFunc(s.Columns, func(a, b AUC) int { return cmp.Compare(b.Value, a.Value) })
	s.Verdict = "insufficient evidence, whatever the area"
	s.Words = append(s.Words, fmt.Sprintf("Overall area %.3f; within each %s it is lower: part of it is the %s itself.", s.Overall.Value, by, by))
	if lower := slices.ContainsFunc(s.Within, func(a AUC) bool { return a.Known && a.Value >= s.Overall.Value }); lower {
		s.Words = []string{fmt.Sprintf("Overall area %.3f.", s.Overall.Value)}
	}
	if len(s.Columns) > 0 {
		s.Words = append(s.Words, fmt.Sprintf("The best single column, %s, alone has %.3f.", plain(s.Columns[0].Name), s.Columns[0].Value))
	}
	return s
}

func groups(rows []snapshotRow) []string {
	var g []string
	for _, r := range rows {
		if !slices.Contains(g, r.group) {
			g = append(g, r.group)
		}
	}
	slices.Sort(g)
	return g
}

func areaOf(name string, rows []snapshotRow, value func(snapshotRow) float64) AUC {
	points := make([]backtest.Point, len(rows))
	for i, r := range rows {
		points[i] = backtest.Point{Value: value(r), Lost: r.left}
	}
	return area(name, backtest.Separate(points))
}

func area(name string, a backtest.AUC) AUC {
	return AUC{Name: name, Known: a.Known, Value: a.Value, Low: a.Low, High: a.High, Left: a.Lost, Kept: a.Kept}
}

// leftByBand counts who left in each band of each group.
func leftByBand(rows []snapshotRow, bands []string) []LeftRow {
	var out []LeftRow
	for _, g := range groups(rows) {
		for _, b := range bands {
			left, n := 0, 0
			for _, r := range rows {
				if r.group == g && r.band == b {
					n++
					if r.left {
						left++
					}
				}
			}
			if n > 0 {
				out = append(out, leftRow(g, b, left, n))
			}
		}
	}
	return out
}

// leftRow is a share with its 95 % Wilson interval (Wilson, Journal of the American Statistical Association 22, 1927).
func leftRow(group, band string, left, n int) LeftRow {
	const z = 1.959963984540054
	p, m := float64(left)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m)) / (1 + z*z/m)
	return LeftRow{Group: group, Band: band, Left: left, N: n, Share: p, Low: math.Max(middle-half, 0), High: math.Min(middle+half, 1)}
}
