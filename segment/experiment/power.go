package experiment

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// Sizing says how sure a trial should be. The zero value stands for a confidence of 0.95, a power of 0.8 and one treated
// arm. Where persons are the units and answer alike within an account, multiply sizes by the design effect
// 1 + (persons an account - 1) · correlation within accounts. Sizes are for each arm, a [Plan].Horizon is for all.
type Sizing struct {
	Confidence  float64 // 0.5 to 0.999999
	Power       float64 // above 0.5, at most 0.999: the chance to see the difference if it is there
	Comparisons int     // treated arms, 1 to 99, that share the risk of a false alarm
}

// A ShareSize is how many units each arm needs to tell one share from another.
type ShareSize struct {
	PerArm  int     // Pooled, rounded up
	Pooled  float64 // by the normal test under one share for both arms, which [CompareShares] uses
	Arcsine float64 // by Cohen's approximation, with the chance of a difference the wrong way round
	H       float64 // Cohen's effect size, |2 arcsin √to - 2 arcsin √from|
}

// SizeForShares returns how many units each arm needs to tell a share from another, both above 0 and below 1.
//
// SizeForShares returns a *DataError if the shares are equal or out of range, or more than 1e9 units would be needed,
// or for a Sizing out of its ranges.
func SizeForShares(from, to float64, s Sizing) (ShareSize, error) {
	alpha, beta, err := s.quantiles()
	if err != nil {
		return ShareSize{}, err
	}
	if err := shares(from, to); err != nil {
		return ShareSize{}, err
	}
	pooled, own := spreads(from, to)
	h := math.Abs(float64(angle(to)) - float64(angle(from)))
	root := (float64(alpha*pooled) + float64(beta*own)) / (to - from)
	size := ShareSize{Pooled: root * root, H: h}
	score := alpha + beta
	for range 4 { // the power has the other tail in it, by which each round comes closer a thousandfold or more
		other := stat.NormalCDF(-score - alpha)
		beyond, ok := stat.NormalQuantile(s.power() - other)
		if !ok {
			return ShareSize{}, wrong("power", "%v is too small", s.power())
		}
		score = alpha + beyond
	}
	size.Arcsine = 2 * (score / h) * (score / h)
	size.PerArm, err = up(size.Pooled)
	return size, err
}

// PowerForShares returns the chance to see that a share has become another with perArm units in each arm. Power of s is
// not used.
//
// PowerForShares returns a *DataError for what [SizeForShares] does, and if perArm is below 2.
func PowerForShares(from, to float64, perArm int, s Sizing) (float64, error) {
	alpha, _, err := s.quantiles()
	if err != nil {
		return 0, err
	}
	if err := shares(from, to); err != nil {
		return 0, err
	}
	if perArm < 2 {
		return 0, wrong("units an arm", "are %d, want at least 2", perArm)
	}
	pooled, own := spreads(from, to)
	score := float64(math.Abs(to-from)*math.Sqrt(float64(perArm))) - float64(alpha*pooled)
	return stat.NormalCDF(score / own), nil
}

// SizeForMeans returns how many units each arm needs to tell a difference of means, given the standard deviation of
// outcomes within an arm in the same unit: Guenther's approximation, within one of the exact size by noncentral t. A
// covariate that correlates by r with the outcome leaves sd·√(1-r²).
//
// SizeForMeans returns a *DataError if the difference is 0 or not finite, sd is not positive and finite, or more than
// 1e9 units would be needed, or for a Sizing out of its ranges.
func SizeForMeans(difference, sd float64, s Sizing) (int, error) {
	alpha, beta, err := s.quantiles()
	if err != nil {
		return 0, err
	}
	if err := effect(difference, sd); err != nil {
		return 0, err
	}
	root := (alpha + beta) * (sd / difference)
	return up(float64(2*root*root) + float64(alpha*alpha/4))
}

// PowerForMeans returns the chance to see a difference of means with perArm units in each arm: the inverse of
// [SizeForMeans]. Power of s is not used.
//
// PowerForMeans returns a *DataError for what [SizeForMeans] does, and if perArm is below 2.
func PowerForMeans(difference, sd float64, perArm int, s Sizing) (float64, error) {
	alpha, _, err := s.quantiles()
	if err != nil {
		return 0, err
	}
	if err := effect(difference, sd); err != nil {
		return 0, err
	}
	if perArm < 2 {
		return 0, wrong("units an arm", "are %d, want at least 2", perArm)
	}
	n := max(0, float64(perArm)-float64(alpha*alpha/4))
	return stat.NormalCDF(float64(math.Abs(difference/sd)*math.Sqrt(n/2)) - alpha), nil
}

// quantiles returns the normal quantiles of the two errors.
func (s Sizing) quantiles() (alpha, beta float64, err error) {
	if s.Comparisons == 0 {
		s.Comparisons = 1
	}
	if !(s.power() > 0.5 && s.power() <= 0.999) {
		return 0, 0, wrong("power", "%v is not above 0.5 and at most 0.999", s.Power)
	}
	if s.Comparisons < 1 || s.Comparisons > 99 {
		return 0, 0, wrong("comparisons", "are %d, want 1 to 99", s.Comparisons)
	}
	miss, err := missing(s.Confidence, s.Comparisons)
	if err != nil {
		return 0, 0, err
	}
	alpha, _ = normal(miss)
	beta, _ = normal(2 * (1 - s.power()))
	return alpha, beta, nil
}

func (s Sizing) power() float64 {
	if s.Power == 0 {
		return 0.8
	}
	return s.Power
}

func shares(from, to float64) error {
	if !(from > 0 && from < 1 && to > 0 && to < 1 && from != to) {
		return wrong("shares", "%v and %v are not two shares between 0 and 1", from, to)
	}
	return nil
}

func effect(difference, sd float64) error {
	if !finite(difference) || difference == 0 {
		return wrong("difference", "is %v", difference)
	}
	if !finite(sd) || !(sd > 0) {
		return wrong("standard deviation", "is %v", sd)
	}
	return nil
}

// spreads returns √n times the standard error of the difference: under one share for both arms, and each with its own.
func spreads(from, to float64) (pooled, own float64) {
	mean := (from + to) / 2
	return math.Sqrt(2 * mean * (1 - mean)), math.Sqrt(float64(from*(1-from)) + float64(to*(1-to)))
}

// up rounds a size up, to at least 2. What is a whole number but for rounding stays.
func up(n float64) (int, error) {
	if !(n <= 1e9) {
		return 0, wrong("difference", "is too small for any trial")
	}
	return max(2, int(math.Ceil(n*(1-1e-12)))), nil
}
