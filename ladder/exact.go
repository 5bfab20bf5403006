package ladder

import (
	"math/big"
	"math/bits"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// unitPlaces is how many digits of claimed units are kept, cut off toward zero so that claims never exceed a capacity.
const unitPlaces = 9

// ratePlaces is how many digits the trace shows of the share of a period, rounded half to even.
const ratePlaces = 12

// halfEven divides exactly and rounds once, to places digits after the point, a half to the even neighbour.
// den must be above zero.
func halfEven(num, den decimal.Decimal, places int32) decimal.Decimal {
	if q, r, d, ok := divideSmall(num, den, places); ok {
		if r > d-r || r == d-r && q&1 == 1 {
			q++
		}
		return decimal.New(q*int64(num.Sign()), -places)
	}
	q, r, d := divide(num, den, places)
	r.Abs(r)
	r.Lsh(r, 1)
	if c := r.Cmp(d); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(int64(num.Sign())))
	}
	return decimal.NewFromBigInt(q, -places)
}

// truncated divides exactly and cuts off toward zero what is finer than places digits. den must be above zero.
func truncated(num, den decimal.Decimal, places int32) decimal.Decimal {
	if q, _, _, ok := divideSmall(num, den, places); ok {
		return decimal.New(q*int64(num.Sign()), -places)
	}
	q, _, _ := divide(num, den, places)
	return decimal.NewFromBigInt(q, -places)
}

// divideSmall is divide of |num| where 64 bits hold what is divided by, the quotient and the digits, and 128 what is
// divided: that is nearly always so, and allocates nothing.
func divideSmall(num, den decimal.Decimal, places int32) (q, r, d int64, ok bool) {
	if num.NumDigits() > 18 || den.NumDigits() > 18 {
		return 0, 0, 0, false
	}
	n, by := num.CoefficientInt64(), uint64(den.CoefficientInt64())
	hi, lo := uint64(0), uint64(max(n, -n))
	switch e := int64(num.Exponent()) - int64(den.Exponent()) + int64(places); {
	case e > 18 || e < -18:
		return 0, 0, 0, false
	case e >= 0:
		hi, lo = bits.Mul64(lo, tens[e])
	default:
		over, scaled := bits.Mul64(by, tens[-e])
		if over > 0 {
			return 0, 0, 0, false
		}
		by = scaled
	}
	if by >= 1<<62 || hi >= by {
		return 0, 0, 0, false
	}
	whole, rest := bits.Div64(hi, lo, by)
	return int64(whole), int64(rest), int64(by), whole < 1<<62
}

// tens are the powers of ten that 64 bits hold, up to 10^18.
var tens = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18}

// divide returns num/den in whole units of 10^-places, cut off toward zero, with the remainder r of the divisor d. Both
// are scaled to integers first, so that nothing is lost before the one division.
func divide(num, den decimal.Decimal, places int32) (q, r, d *big.Int) {
	n, d := num.Coefficient(), den.Coefficient()
	if e := int64(num.Exponent()) - int64(den.Exponent()) + int64(places); e >= 0 {
		n.Mul(n, powerOfTen(e))
	} else {
		d.Mul(d, powerOfTen(-e))
	}
	q, r = n.QuoRem(n, d, new(big.Int))
	return q, r, d
}

// powerOfTen returns 10^e; e is not negative.
func powerOfTen(e int64) *big.Int {
	if e > 18 {
		return new(big.Int).Exp(big.NewInt(10), big.NewInt(e), nil)
	}
	return new(big.Int).SetUint64(tens[e])
}

// A period is a statement's, or an entry's. What is for a basis counts num(basis)/den in it, exactly. All bases have
// the same den, so that units of any basis can be compared and subtracted before they are divided by it.
type period struct {
	months int64 // whole calendar months; 0: not whole
	micros int64
}

const (
	yearMonths = 12
	yearMicros = 365 * 24 * int64(time.Hour/time.Microsecond)
)

// newPeriod measures [from, to), which must be instants as [instant.Of] gives them, in order.
func newPeriod(from, to time.Time) period {
	p := period{micros: instant.Micros(to) - instant.Micros(from)}
	if from.Day() == to.Day() && sinceMidnight(from) == sinceMidnight(to) {
		p.months = int64(to.Year()-from.Year())*yearMonths + int64(to.Month()) - int64(from.Month())
	}
	return p
}

func sinceMidnight(t time.Time) time.Duration {
	h, m, s := t.Clock()
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute + time.Duration(s)*time.Second +
		time.Duration(t.Nanosecond())
}

// den is at most 365 days in microseconds.
func (p period) den() int64 {
	if p.months > 0 {
		return yearMonths
	}
	return yearMicros
}

// num fits: twelve times the microseconds of 9999 years are below 2^63.
func (p period) num(b Basis) int64 {
	n := p.months
	if n == 0 {
		n = p.micros
	}
	switch b {
	case RunRate:
		return n * 12
	case Annual:
		return n
	}
	return p.den()
}
