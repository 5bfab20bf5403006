package report

import (
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
)

const unknown = "unknown"

// count prints 7043 as 7,043.
func count(n int) string { return thousands(strconv.Itoa(n)) }

// of prints "1,869 of 7,043".
func of(n, all int) string { return count(n) + " of " + count(all) }

// plural prints "1 account" and "2 accounts".
func plural(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return count(n) + " " + one + "s"
}

// thousands puts commas into a plain decimal number.
func thousands(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, rest, dot := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if dot {
		rest = "." + rest
	}
	return sign + whole + rest
}

// places is the number of decimals of a currency's minor unit.
func places(currency string) int32 {
	switch currency {
	case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF":
		return 0
	case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND":
		return 3
	}
	return 2
}

// amount prints an amount in the currency's minor unit, halves away from zero, without the currency.
func amount(d decimal.Decimal, currency string) string {
	return thousands(d.StringFixed(places(currency)))
}

// money prints "USD 456,116.60", with a space that does not break.
func money(d decimal.Decimal, currency string) string {
	return join("\u00a0", currency, amount(d, currency))
}

// whole prints an amount to the unit, halves away from zero, for places where there is no room.
func whole(d decimal.Decimal) string { return thousands(d.StringFixed(0)) }

// fixed prints a number with so many decimals; what is no number is unknown.
func fixed(v float64, decimals int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return unknown
	}
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if strings.Trim(s, "-0.") == "" {
		s = strings.TrimPrefix(s, "-")
	}
	return thousands(s)
}

// points prints points, hours or days to one decimal.
func points(v float64) string { return fixed(v, 1) }

// percent prints a share, 0.2654 as 26.5%.
func percent(v float64) string {
	s := fixed(v*100, 1)
	if s == unknown {
		return s
	}
	return s + "%"
}

// part prints n/all as a share; nothing of nothing is unknown.
func part(n, all int) string {
	if all == 0 {
		return unknown
	}
	return percent(float64(n) / float64(all))
}

// ratio is a/b for pictures and shares; 0 where b is 0.
func ratio(a, b decimal.Decimal) float64 {
	if b.IsZero() {
		return 0
	}
	return a.DivRound(b, 9).InexactFloat64()
}

// rate prints a retention rate.
func rate(d *decimal.Decimal) string {
	if d == nil {
		return "undefined"
	}
	return d.Shift(2).StringFixed(1) + "%"
}

func date(t time.Time) string {
	if t.IsZero() {
		return unknown
	}
	return t.UTC().Format("2 Jan 2006")
}

// scored prints the value of a score, or the range that it lies in.
func scored(s health.Score) string {
	if s.Known {
		return points(s.Value)
	}
	return unknown + ", " + points(s.Low) + " to " + points(s.High)
}

// pretty makes a name of a definition readable: the last step of a path, without the prefix of features and without
// underscores.
func pretty(name string) string {
	name = name[strings.LastIndexByte(name, '/')+1:]
	return strings.ReplaceAll(strings.TrimPrefix(name, "usage_"), "_", " ")
}

// upper makes a sentence of a phrase.
func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// clean replaces what neither a terminal nor XML should be given: controls, and marks that turn the direction of text.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r), r == 0xfffe, r == 0xffff,
			r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069, r == 0x200e, r == 0x200f, r == 0x061c,
			r == 0x2028, r == 0x2029:
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(s, string(unicode.ReplacementChar)))
}

// wide says whether a rune takes two columns of a terminal: East Asian scripts and pictographs.
func wide(r rune) bool {
	return r >= 0x1100 && r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 ||
		r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x1f300 && r <= 0x1faff
}

// columns is how many columns of a terminal a text takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
		case wide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// cut shortens a text to so many columns, with an ellipsis where it had to.
func cut(s string, max int) string {
	if columns(s) <= max {
		return s
	}
	n := 0
	for i, r := range s {
		w := columns(string(r))
		if n+w > max-1 {
			return strings.TrimRight(s[:i], " ") + "…"
		}
		n += w
	}
	return s
}
