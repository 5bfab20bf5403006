package revenue

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

var errParameters = errors.New("revenue: shifted beta-geometric: parameters must be above 0")

// An SBGFit is the model that makes what was seen most likely.
type SBGFit struct {
	Model         SBG     `json:"model"`
	LogLikelihood float64 `json:"log_likelihood"` // natural, of all customers
	Customers     int     `json:"customers"`      // at the start of the cohorts
	Losses        int     `json:"losses"`         // of them, within what was seen
}

// FitSBG fits the model by maximum likelihood. A cohort is how many customers began, how many made the first renewal,
// and so on: never rising, at least two numbers; cohorts may be of different length. It refuses cohorts that no such
// model fits best: without a renewal seen twice, without a loss, or whose retention does not rise with tenure.
//
// The parameters are the maximum to about 1e-9 and the same on every platform. The maximum is flat: of few customers they
// are uncertain even where the survival they give is not.
func FitSBG(cohorts [][]int) (SBGFit, error) {
	a, err := countAges(cohorts)
	if err != nil {
		return SBGFit{}, err
	}
	if len(a.kept) < 2 || a.kept[0] == 0 {
		return SBGFit{}, &RefusedError{Rule: "renewals", Message: "one renewal can't show how retention changes", Needs: "customers who came to a second renewal"}
	}
	if a.losses() == 0 {
		return SBGFit{}, &RefusedError{Rule: "losses", Message: "nobody left", Needs: "a customer who left"}
	}
	m, ok := a.top()
	if !ok {
		return SBGFit{}, &RefusedError{Rule: "rise", Message: "the likelihood has no maximum, for retention does not rise with tenure, or jumps to 1",
			Needs: "cohorts whose retention rises gradually"}
	}
	likelihood, err := a.logLikelihood(m)
	return SBGFit{Model: m, LogLikelihood: likelihood, Customers: int(a.customers), Losses: int(a.losses())}, err
}

// ages counts over cohorts, at each renewal from the first, who renewed and who left.
type ages struct {
	customers  float64
	kept, left []float64
}

// countAges adds up cohorts; counts are exact below 2^53.
func countAges(cohorts [][]int) (ages, error) {
	var a ages
	for i, c := range cohorts {
		if len(c) < 2 || len(c) > mostPayments {
			return ages{}, fmt.Errorf("revenue: cohort %d has %d numbers, outside 2 to %d", i, len(c), mostPayments)
		}
		for n := 1; n < len(c); n++ {
			if c[n] < 0 || c[n] > c[n-1] {
				return ages{}, fmt.Errorf("revenue: cohort %d: %d customers after renewal %d, of %d before", i, c[n], n, c[n-1])
			}
			if n > len(a.kept) {
				a.kept, a.left = append(a.kept, 0), append(a.left, 0)
			}
			a.kept[n-1] += float64(c[n])
			a.left[n-1] += float64(c[n-1] - c[n])
		}
		a.customers += float64(c[0])
	}
	if !(a.customers > 0) {
		return ages{}, errors.New("revenue: the cohorts have no customers")
	}
	return a, nil
}

func (a ages) losses() (n float64) {
	for _, l := range a.left {
		n += l
	}
	return n
}

// logLikelihood is of all renewals seen: each customer who came to one renewed or left.
func (a ages) logLikelihood(m SBG) (float64, error) {
	var counts, chances []float64
	for i := range a.kept {
		renew := m.retention(i + 1)
		counts = append(counts, a.kept[i], a.left[i])
		chances = append(chances, renew, 1-renew)
	}
	sum, ok := stat.LogLikelihood(counts, chances)
	if !ok {
		return 0, errParameters
	}
	return sum, nil
}

// top returns the parameters of the greatest likelihood. Its derivatives by α and β,
//
//	L/α - Σ n[i]/(α+β+i)   and   Σ kept[i]/(β+i) - Σ n[i]/(α+β+i)   over renewals i from 0, with L losses and n[i] = kept[i] + left[i],
//
// are both 0 at the top, so that there α = L / Σ kept[i]/(β+i). Along this curve the likelihood rises with β where the
// second is above 0; top finds where it turns to falling, and is false if that is nowhere within 2^-20 and 2^20.
func (a ages) top() (SBG, bool) {
	const widest = 1 << 20
	low := 1.0 / widest
	if _, rises := a.along(low); !rises {
		return SBG{}, false
	}
	for high := float64(2 * low); high <= widest; high = float64(2 * high) {
		if _, rises := a.along(high); !rises {
			return a.between(low, high), true
		}
		low = high
	}
	return SBG{}, false
}

// between halves the interval of β in which the likelihood turns until no float is within.
func (a ages) between(low, high float64) SBG {
	for {
		beta := low + float64((high-low)/2)
		m, rises := a.along(beta)
		switch {
		case beta <= low || beta >= high:
			return m
		case rises:
			low = beta
		default:
			high = beta
		}
	}
}

// along returns the point of the curve at β, and whether the likelihood rises there.
func (a ages) along(beta float64) (m SBG, rises bool) {
	var kept, seen float64
	for i, n := range a.kept {
		kept += n / (beta + float64(i))
	}
	m = SBG{Alpha: a.losses() / kept, Beta: beta}
	for i, n := range a.kept {
		seen += (n + a.left[i]) / (m.Alpha + m.Beta + float64(i))
	}
	return m, kept > seen
}
