// Package amount guards decimals at the door and does the few operations on money that must not depend on the
// decimal package's settable variables.
//
// An amount is a decimal that passes [Check]: at most 127 bits of digits and an exponent from -18 to 18.
package amount

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"github.com/shopspring/decimal"
)

const (
	maxExponent = 18  // either way
	maxBits     = 127 // of the coefficient
	maxDigits   = 38  // that surely fit maxBits
	maxText     = 64  // bytes
)

var (
	errTooLong = errors.New("has over 64 bytes")
	errGrammar = errors.New("is not a decimal number, like -1250.75")
	errDigits  = errors.New("needs over 127 bits for its digits")
	errPower   = errors.New("has an exponent far outside -18 to 18")
)

// Parse reads a number written as in JSON ("-1250.75", "1e3"), at most 64 bytes of it, and checks it as [Check] does.
// The exponent is the one that remains when the point is taken away: "1.25" has -2. It reads all that [Text] writes
// of amounts.
func Parse(s string) (decimal.Decimal, error) {
	if len(s) > maxText {
		return decimal.Decimal{}, errTooLong
	}
	mantissa, power, hasPower := cutAny(s, "eE")
	whole, fraction, hasPoint := strings.Cut(mantissa, ".")
	digits := strings.TrimPrefix(whole, "-")
	if !isDigits(digits) || len(digits) > 1 && digits[0] == '0' || hasPoint && !isDigits(fraction) {
		return decimal.Decimal{}, errGrammar
	}
	exponent := 0
	if hasPower {
		unsigned := strings.TrimPrefix(strings.TrimPrefix(power, "+"), "-")
		if !isDigits(unsigned) || len(power)-len(unsigned) > 1 {
			return decimal.Decimal{}, errGrammar
		}
		n, err := strconv.ParseInt(power, 10, 16)
		if err != nil {
			return decimal.Decimal{}, errPower
		}
		exponent = int(n)
	}
	exponent -= len(fraction)
	if exponent < -maxExponent || exponent > maxExponent {
		return decimal.Decimal{}, errExponent(exponent)
	}
	text := whole + fraction
	// Whole amounts of many digits, as Text writes them: the zeros at the end go back to the exponent.
	for len(text) > maxDigits && text[len(text)-1] == '0' && exponent < maxExponent {
		text = text[:len(text)-1]
		exponent++
	}
	coefficient, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return decimal.Decimal{}, errGrammar
	}
	d := decimal.NewFromBigInt(coefficient, int32(exponent))
	if err := Check(d); err != nil {
		return decimal.Decimal{}, err
	}
	return d, nil
}

// Check refuses a decimal whose exponent is outside -18 to 18 or whose digits need over 127 bits, so that no
// arithmetic on what passes can grow without bound. The error reads on from the name of the field.
func Check(d decimal.Decimal) error {
	if e := d.Exponent(); e < -maxExponent || e > maxExponent {
		return errExponent(int(e))
	}
	if d.NumDigits() > maxDigits && d.Coefficient().BitLen() > maxBits { // few digits need no copy of them
		return errDigits
	}
	return nil
}

// Units returns the whole number of 10^-places, 0 to 18 places, that d is. It is false if d has a finer exponent, or over
// 18 digits at that of the units: then [Total] is the way.
func Units(d decimal.Decimal, places int32) (units int64, ok bool) {
	up := d.Exponent() + places
	if uint32(up) > maxExponent || d.NumDigits()+int(up) > maxExponent {
		return 0, false
	}
	return d.CoefficientInt64() * int64(powers[up]), true
}

// Text writes d without an exponent and without zeros at the end of its fraction, so that equal amounts have equal
// text. Of a decimal that [Check] refuses for its exponent it writes digits, "e" and the exponent.
func Text(d decimal.Decimal) string {
	return string(AppendText(nil, d))
}

// AppendText appends [Text] of d to dst.
func AppendText(dst []byte, d decimal.Decimal) []byte {
	coefficient := d.Coefficient()
	if coefficient.Sign() == 0 {
		return append(dst, '0')
	}
	exponent := int(d.Exponent())
	if exponent < -maxExponent || exponent > maxExponent {
		dst = append(coefficient.Append(dst, 10), 'e')
		return strconv.AppendInt(dst, int64(exponent), 10)
	}
	if coefficient.Sign() < 0 {
		dst = append(dst, '-')
		coefficient.Neg(coefficient)
	}
	var buf [maxText]byte
	digits := coefficient.Append(buf[:0], 10)
	for exponent < 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
		exponent++
	}
	if exponent >= 0 {
		dst = append(dst, digits...)
		return append(dst, zeros[:exponent]...)
	}
	point := len(digits) + exponent
	if point <= 0 {
		dst = append(dst, "0."...)
		dst = append(dst, zeros[:-point]...)
		return append(dst, digits...)
	}
	dst = append(dst, digits[:point]...)
	dst = append(dst, '.')
	return append(dst, digits[point:]...)
}

// zeros has as many as the largest exponent asks for.
const zeros = "000000000000000000"

// Round rounds d to places digits after the point, a half to the even neighbour. Its argument must pass [Check].
func Round(d decimal.Decimal, places int32) decimal.Decimal {
	return d.RoundBank(places)
}

func errExponent(e int) error {
	return fmt.Errorf("has the exponent %d, outside -%d to %d", e, maxExponent, maxExponent)
}

func cutAny(s, chars string) (before, after string, found bool) {
	i := strings.IndexAny(s, chars)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func isDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
