package mining

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
)

// mostEvents is how many events one accumulator may hold, so that its sums don't overflow: a time is below 2^59
// microseconds, its square below 2^118.
const mostEvents = 1 << 53

// A sums holds how often something took time, and the exact sum, squares, least and most of that in microseconds. It is
// the same whatever the order in which times were added.
type sums struct {
	n             int64
	sum0, sum1    uint64 // the sum, lowest word first
	sq0, sq1, sq2 uint64 // the sum of squares, alike
	min, max      int64
}

// add adds a time that is not negative.
func (s *sums) add(us int64) {
	d := uint64(us)
	var c uint64
	s.sum0, c = bits.Add64(s.sum0, d, 0)
	s.sum1 += c
	hi, lo := bits.Mul64(d, d)
	s.sq0, c = bits.Add64(s.sq0, lo, 0)
	s.sq1, c = bits.Add64(s.sq1, hi, c)
	s.sq2 += c
	if s.n == 0 || us < s.min {
		s.min = us
	}
	s.max = max(s.max, us)
	s.n++
}

// later makes every time longer by us, which is not negative: that adds us for each to the sum, and us times the sums before
// and after to the squares.
func (s *sums) later(us int64) {
	d := uint64(us)
	x0, x1 := s.sum0, s.sum1
	hi, lo := bits.Mul64(uint64(s.n), d)
	var c uint64
	s.sum0, c = bits.Add64(s.sum0, lo, 0)
	s.sum1 += hi + c
	x0, c = bits.Add64(x0, s.sum0, 0)
	x1 += s.sum1 + c
	mid, low := bits.Mul64(x0, d)
	high, next := bits.Mul64(x1, d)
	mid, c = bits.Add64(mid, next, 0)
	high += c
	s.sq0, c = bits.Add64(s.sq0, low, 0)
	s.sq1, c = bits.Add64(s.sq1, mid, c)
	s.sq2 += high + c
	s.min += us
	s.max += us
}

// merge adds all times of another.
func (s *sums) merge(o *sums) {
	if o.n == 0 {
		return
	}
	var c uint64
	s.sum0, c = bits.Add64(s.sum0, o.sum0, 0)
	s.sum1, _ = bits.Add64(s.sum1, o.sum1, c)
	s.sq0, c = bits.Add64(s.sq0, o.sq0, 0)
	s.sq1, c = bits.Add64(s.sq1, o.sq1, c)
	s.sq2, _ = bits.Add64(s.sq2, o.sq2, c)
	if s.n == 0 || o.min < s.min {
		s.min = o.min
	}
	s.max = max(s.max, o.max)
	s.n += o.n
}

// whole returns a number of words, lowest first.
func whole(words ...uint64) *big.Int {
	z := new(big.Int)
	for _, w := range slices.Backward(words) {
		z.Lsh(z, 64).Or(z, new(big.Int).SetUint64(w))
	}
	return z
}

func (s *sums) total() *big.Int   { return whole(s.sum0, s.sum1) }
func (s *sums) squares() *big.Int { return whole(s.sq0, s.sq1, s.sq2) }

// spread returns n times the sum of squares less the square of the sum, which is n(n-1) times the sample variance.
func (s *sums) spread() *big.Int {
	v := new(big.Int).Mul(s.squares(), big.NewInt(s.n))
	return v.Sub(v, new(big.Int).Mul(s.total(), s.total()))
}

// possible reports whether there are times with these sums: what must hold of any.
func (s *sums) possible() bool {
	if s.n == 0 {
		return *s == sums{}
	}
	least := new(big.Int).Mul(big.NewInt(s.n), big.NewInt(s.min))
	most := new(big.Int).Mul(big.NewInt(s.n), big.NewInt(s.max))
	return s.n > 0 && s.n <= mostEvents && 0 <= s.min && s.min <= s.max && s.max < 1<<59 &&
		s.total().Cmp(least) >= 0 && s.total().Cmp(most) <= 0 && s.spread().Sign() >= 0 &&
		(s.min < s.max) == (s.spread().Sign() > 0)
}

// ratio returns num / den, rounded once.
func ratio(num, den *big.Int) float64 {
	f, _ := new(big.Rat).SetFrac(num, den).Float64()
	return f
}

// sd returns the sample standard deviation in microseconds; false: below two times.
func (s *sums) sd() (float64, bool) {
	if s.n < 2 {
		return 0, false
	}
	return math.Sqrt(ratio(s.spread(), new(big.Int).Mul(big.NewInt(s.n), big.NewInt(s.n-1)))), true
}

// Times tells how long something took, in seconds. What is undefined is nil.
type Times struct {
	Count  int64    `json:"count"`  // how often it was timed
	Sum    float64  `json:"sum"`    // exact before it was rounded once
	Mean   *float64 `json:"mean"`   // nil: nothing was timed
	SD     *float64 `json:"sd"`     // sample standard deviation, with Count-1; nil: below two times
	Min    *float64 `json:"min"`    // nil: nothing was timed
	Max    *float64 `json:"max"`    // likewise
	Median *float64 `json:"median"` // the mean of the two middle ones where Count is even; nil: not kept, or nothing was timed
}

// times reads sums, and the times themselves where they were kept.
func (s *sums) times(kept []int64) Times {
	million := big.NewInt(1e6)
	t := Times{Count: s.n, Sum: ratio(s.total(), million)}
	if s.n == 0 {
		return t
	}
	mean, low, high := ratio(s.total(), new(big.Int).Mul(big.NewInt(s.n), million)), seconds(s.min), seconds(s.max)
	t.Mean, t.Min, t.Max = &mean, &low, &high
	if sd, ok := s.sd(); ok {
		sd /= 1e6
		t.SD = &sd
	}
	if len(kept) > 0 {
		kept = slices.Sorted(slices.Values(kept))
		middle := float64(kept[(len(kept)-1)/2]+kept[len(kept)/2]) / 2e6
		t.Median = &middle
	}
	return t
}
