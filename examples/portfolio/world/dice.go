package world

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// A topic gives each kind of fact of an account randomness of its own, so that a change to one leaves the others as they are.
type topic uint64

const (
	ofProfile topic = iota + 1
	ofHealth
	ofPlanted
	ofContracts
	ofUsage
	ofSurveys
	ofTickets
	ofMilestones
	ofOutcomes
	ofPromises
	ofTouches
	ofValue
	ofLevels
	ofLedger
	ofRatings
)

// A dice is randomness of one topic of one account. All that it gives comes from integers by + - * / alone, which
// every platform computes alike.
type dice struct{ source rand.PCG }

func throw(seed uint64, index int, about topic) dice {
	var d dice
	d.source.Seed(mix(seed^mix(uint64(index))), mix(seed+uint64(about)))
	return d
}

// mix is the finalizer of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014):
// near numbers become far ones.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// uniform is in [0, 1).
func (d *dice) uniform() float64 { return float64(d.source.Uint64()>>11) / (1 << 53) }

// chance is true with the given probability.
func (d *dice) chance(p float64) bool { return d.uniform() < p }

// between is a whole number from low to high, both included.
func (d *dice) between(low, high int) int {
	hi, _ := bits.Mul64(d.source.Uint64(), uint64(high-low+1))
	return low + int(hi)
}

// bell is nearly normal, with mean 0 and standard deviation 1: eight 16-bit numbers in sum, standardized.
func (d *dice) bell() float64 {
	const mean, deviation = 8 * 65535 / 2, 53509.91992145008 // sqrt(8 * (65536² - 1) / 12)
	sum := -mean
	for range 2 {
		x := d.source.Uint64()
		sum += int(x&0xffff) + int(x>>16&0xffff) + int(x>>32&0xffff) + int(x>>48)
	}
	return float64(sum) / deviation
}

// deciles are a distribution, by its least value, its nine deciles and its greatest; linear in between.
type deciles [11]float64

func (d *dice) from(q *deciles) float64 {
	x := float64(10 * d.uniform())
	k := int(x)
	return q[k] + float64((x-float64(k))*(q[k+1]-q[k]))
}

// pick is one of the given texts.
func (d *dice) pick(texts []string) string { return texts[d.between(0, len(texts)-1)] }

// clamp holds x within low and high.
func clamp(x, low, high float64) float64 { return max(low, min(x, high)) }

// rounded is x to the nearest multiple of 1/parts, half up.
func rounded(x, parts float64) float64 { return math.Floor(float64(x*parts)+0.5) / parts }
