package stat

import (
	"math"
	"math/bits"
	"math/rand/v2"
)

// A Resampler draws bootstrap samples. The same seed gives the same samples on every platform; it is not for concurrent use.
type Resampler struct{ source *rand.PCG }

// NewResampler returns one whose samples depend on seed alone.
func NewResampler(seed uint64) Resampler {
	return Resampler{rand.NewPCG(seed, 0x9e3779b97f4a7c15)}
}

// Draw fills drawn with numbers below n, with replacement, all equally likely. It reports whether n is above 0 and fits.
func (r Resampler) Draw(drawn []uint32, n int) bool {
	if n <= 0 || n > math.MaxInt32 {
		return false
	}
	// Lemire, Fast Random Integer Generation in an Interval, ACM Transactions on Modeling and Computer Simulation 29
	// (2019): the high half of a product is the number, and the low half tells the few products that would favour one.
	items := uint32(n)
	biased := -items % items
	for i := 0; i < len(drawn); {
		v := r.source.Uint64()
		high, low := bits.Mul32(uint32(v), items)
		drawn[i] = high
		if low >= biased {
			i++
		}
		if i == len(drawn) {
			break
		}
		high, low = bits.Mul32(uint32(v>>32), items)
		drawn[i] = high
		if low >= biased {
			i++
		}
	}
	return true
}

// Percentiles returns the percentile interval of a statistic of n items from its values over bootstrap samples of them, which
// are numbers or infinite, and which it reorders. It leaves out the same whole number of values at either end. Their share is
// smaller than 1 − confidence, by what a t distribution with n−1 degrees of freedom is wider than a normal one and a
// sample's deviation too small (Hesterberg, What Teachers Should Know About the Bootstrap, American Statistician 69 (2015),
// section 5.3). It needs two items.
func Percentiles(values []float64, n int, confidence float64) (Interval, bool) {
	t, ok := TQuantile(1-(1-confidence)/2, float64(n-1))
	if !ok || !(confidence > 0 && confidence < 1) || len(values) == 0 {
		return Interval{}, false
	}
	tail := NormalCDF(-t * math.Sqrt(float64(n)/float64(n-1)))
	out := min(int(float64(tail*float64(len(values)))), (len(values)-1)/2)
	low := nth(values, out)
	return Interval{low, nth(values[out:], len(values)-1-2*out)}, true
}

// nth returns the value that would be at k if x was sorted, and moves what is below it before and what is above it behind.
// Hoare, Algorithm 65: Find, Communications of the ACM 4 (1961).
func nth(x []float64, k int) float64 {
	for low, high := 0, len(x)-1; low < high; {
		pivot := x[low+(high-low)/2]
		i, j := low, high
		for i <= j {
			for x[i] < pivot {
				i++
			}
			for x[j] > pivot {
				j--
			}
			if i <= j {
				x[i], x[j] = x[j], x[i]
				i, j = i+1, j-1
			}
		}
		if k <= j {
			high = j
		} else if k >= i {
			low = i
		} else {
			break
		}
	}
	return x[k]
}
