package amount

import (
	"cmp"
	"errors"
	"math/big"
	"math/bits"
	"slices"

	"github.com/shopspring/decimal"
)

// A Total is an exact sum of amounts, each of which must have an exponent from -18 to 18, as [Check] holds them to; the
// zero value is the sum of none. It is a value: a copy is independent.
//
// Adding the same amounts in any order and any grouping gives the same Total, and its Sum has the digits and the exponent
// that decimal's Add gives one by one from zero, unless the digits need over 127 bits.
type Total struct {
	// The sum is a multiple of 10^exp, and exp the least exponent that was added, at most 0. The multiple is wide, or if
	// that is nil the 128-bit two's complement integer of hi and lo.
	hi   int64
	lo   uint64
	exp  int32
	wide *big.Int // never changed in place, and only for what 128 bits don't hold
}

// powers are those of ten that 64 bits hold.
var powers = [...]uint64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19}

// Add adds an amount. It allocates only for one of over 18 digits at the exponent of the sum, or a sum of over 128 bits.
func (t *Total) Add(d decimal.Decimal) {
	up := d.Exponent() - t.exp
	if t.wide != nil || uint32(up) > maxExponent || d.NumDigits()+int(up) > maxExponent {
		t.Merge(totalOf(d))
		return
	}
	v := d.CoefficientInt64() * int64(powers[up]) // of at most 18 digits
	lo, carry := bits.Add64(t.lo, uint64(v), 0)
	hi := t.hi + v>>63 + int64(carry)
	if (hi^t.hi)&(hi^v>>63) < 0 { // both had the other sign
		t.Merge(totalOf(d))
		return
	}
	t.hi, t.lo = hi, lo
}

// AddUnit adds a whole number of 10^-places, 0 to 18 places.
func (t *Total) AddUnit(units int64, places int32) {
	lo, carry := bits.Add64(t.lo, uint64(units), 0)
	hi := t.hi + units>>63 + int64(carry)
	if t.exp != -places || t.wide != nil || (hi^t.hi)&(hi^units>>63) < 0 {
		t.Merge(Total{hi: units >> 63, lo: uint64(units), exp: -places})
		return
	}
	t.hi, t.lo = hi, lo
}

// AddUnits adds whole numbers of 10^-places, 0 to 18 places, such as amounts in minor units. It is the way for columns:
// a [decimal.Decimal] costs more to read than a number to add.
func (t *Total) AddUnits(units []int64, places int32) {
	for block := range slices.Chunk(units, 1<<30) {
		var high, low int64 // halves of 32 bits, of which neither sum overflows
		for _, u := range block {
			high += u >> 32
			low += u & (1<<32 - 1)
		}
		t.Merge(Total{hi: high >> 32, lo: uint64(high) << 32, exp: -places})
		t.Merge(Total{lo: uint64(low), exp: -places})
	}
}

// Merge adds another sum.
func (t *Total) Merge(u Total) {
	t.scale(u.exp)
	u.scale(t.exp)
	if t.wide == nil && u.wide == nil {
		lo, carry := bits.Add64(t.lo, u.lo, 0)
		hi := t.hi + u.hi + int64(carry)
		if (hi^t.hi)&(hi^u.hi) >= 0 {
			t.hi, t.lo = hi, lo
			return
		}
	}
	t.set(new(big.Int).Add(t.multiple(), u.multiple()))
}

// Neg returns the sum with its sign changed.
func (t Total) Neg() Total {
	if t.wide == nil && t.hi > -1<<63 {
		lo, borrow := bits.Sub64(0, t.lo, 0)
		t.hi, t.lo = -t.hi-int64(borrow), lo
		return t
	}
	t.set(new(big.Int).Neg(t.multiple()))
	return t
}

// Sign returns -1, 0 or 1.
func (t Total) Sign() int {
	switch {
	case t.wide != nil:
		return t.wide.Sign()
	case t.hi < 0:
		return -1
	case t.hi == 0 && t.lo == 0:
		return 0
	}
	return 1
}

// Cmp returns -1, 0 or 1 as t is less than, equal to or greater than u. Equal sums may have other exponents.
func (t Total) Cmp(u Total) int {
	t.scale(u.exp)
	u.scale(t.exp)
	if t.wide != nil || u.wide != nil {
		return t.multiple().Cmp(u.multiple())
	}
	return cmp.Or(cmp.Compare(t.hi, u.hi), cmp.Compare(t.lo, u.lo))
}

// Sum returns the sum, exactly. If its digits need over 127 bits, zeros at their end are left to the exponent, so that it
// passes [Check] if its value can.
func (t Total) Sum() decimal.Decimal {
	if t.wide == nil && t.hi == int64(t.lo)>>63 {
		return decimal.New(int64(t.lo), t.exp)
	}
	digits, exponent := t.multiple(), t.exp
	for ten := big.NewInt(10); digits.BitLen() > maxBits && exponent < maxExponent; exponent++ {
		fewer, last := new(big.Int).QuoRem(digits, ten, new(big.Int))
		if last.Sign() != 0 {
			break
		}
		digits = fewer
	}
	return decimal.NewFromBigInt(digits, exponent)
}

// longestTotal is how many bytes the multiple of an encoded total may have: that of 2^64 amounts needs 39.
const longestTotal = 48

var errTotal = errors.New("is not an encoded total")

// AppendBinary appends the encoding of the sum to dst: the digits after the point, the number of bytes of the multiple
// with 128 added for a negative one, and the bytes, most significant first. Equal bytes are equal sums of one exponent.
func (t Total) AppendBinary(dst []byte) []byte {
	multiple := t.multiple()
	magnitude := multiple.Bytes()
	size := byte(len(magnitude))
	if multiple.Sign() < 0 {
		size |= 128
	}
	return append(append(dst, byte(-t.exp), size), magnitude...)
}

// ReadTotal reads what [Total.AppendBinary] wrote at the start of src, and returns what follows it.
func ReadTotal(src []byte) (Total, []byte, error) {
	if len(src) < 2 || src[0] > maxExponent {
		return Total{}, nil, errTotal
	}
	t := Total{exp: -int32(src[0])}
	size, negative := int(src[1]&127), src[1]&128 != 0
	src = src[2:]
	if size > longestTotal || size > len(src) || size == 0 && negative || size > 0 && src[0] == 0 {
		return Total{}, nil, errTotal
	}
	multiple := new(big.Int).SetBytes(src[:size])
	if negative {
		multiple.Neg(multiple)
	}
	t.set(multiple)
	return t, src[size:], nil
}

// totalOf is the sum of one amount.
func totalOf(d decimal.Decimal) Total {
	t := Total{exp: d.Exponent()}
	if d.NumDigits() <= maxExponent {
		v := d.CoefficientInt64()
		t.hi, t.lo = v>>63, uint64(v)
	} else {
		t.set(d.Coefficient())
	}
	t.scale(0)
	return t
}

// scale lowers the exponent to at most exponent, keeping the sum.
func (t *Total) scale(exponent int32) {
	up := t.exp - exponent
	if up <= 0 {
		return
	}
	t.exp = exponent
	if t.hi == 0 && t.lo == 0 && t.wide == nil {
		return
	}
	if v := int64(t.lo); t.wide == nil && t.hi == v>>63 && up <= maxExponent {
		t.hi, t.lo = times(v, powers[up])
		return
	}
	factor := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(up)), nil)
	t.set(factor.Mul(factor, t.multiple()))
}

// multiple returns the multiple as an integer that the caller must not change.
func (t Total) multiple() *big.Int {
	if t.wide != nil {
		return t.wide
	}
	m := big.NewInt(t.hi)
	m.Lsh(m, 64)
	return m.Add(m, new(big.Int).SetUint64(t.lo))
}

// set makes m the multiple. It keeps m.
func (t *Total) set(m *big.Int) {
	t.hi, t.lo, t.wide = 0, 0, m
	if n := m.BitLen(); n <= 127 {
		magnitude := new(big.Int).Abs(m)
		t.lo = magnitude.Uint64()
		t.hi = int64(magnitude.Rsh(magnitude, 64).Uint64())
		t.wide = nil
		if m.Sign() < 0 {
			lo, borrow := bits.Sub64(0, t.lo, 0)
			t.hi, t.lo = -t.hi-int64(borrow), lo
		}
	}
}

// times returns v times factor, at most 10^18, as an integer of 128 bits.
func times(v int64, factor uint64) (hi int64, lo uint64) {
	if v >= 0 {
		h, l := bits.Mul64(uint64(v), factor)
		return int64(h), l
	}
	h, l := bits.Mul64(-uint64(v), factor)
	l, borrow := bits.Sub64(0, l, 0)
	return -int64(h) - int64(borrow), l
}
