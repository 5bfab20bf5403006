package strictjson

import (
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// expect reports whether the next value begins with first; else it adds a problem and moves past the value.
func (d *decoder) expect(first byte, want string) bool {
	if d.peek() == first {
		return true
	}
	d.refuse(want)
	return false
}

func (d *decoder) refuse(want string) {
	got := kind(d.peek())
	d.skip()
	d.addf("must be %s, not %s", want, got)
}

// kind names the kind of value that begins with b.
func kind(b byte) string {
	switch b {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a string"
	case 't', 'f':
		return "a boolean"
	case 'n':
		return "null"
	}
	return "a number"
}

func (d *decoder) string(want string) (string, bool) {
	if !d.expect('"', want) {
		return "", false
	}
	s, ok := unquote(d.skip())
	if !ok {
		d.addf("is not valid UTF-8: %s", quote(s))
	}
	return s, ok
}

func (d *decoder) bool(v reflect.Value) {
	switch b := d.peek(); b {
	case 't', 'f':
		d.skip()
		v.SetBool(b == 't')
	default:
		d.refuse("true or false")
	}
}

// number returns the text of the next value if that is a number of bearable length.
func (d *decoder) number(want string) (string, bool) {
	if b := d.peek(); b != '-' && !isDigit(b) {
		d.refuse(want)
		return "", false
	}
	text := d.skip()
	if len(text) > maxNumber {
		d.addf("is a number of %d bytes, over %d", len(text), maxNumber)
		return "", false
	}
	return string(text), true
}

func (d *decoder) int(v reflect.Value) {
	text, ok := d.number("a whole number")
	if !ok {
		return
	}
	n, err := strconv.ParseInt(text, 10, v.Type().Bits())
	if err != nil {
		d.notWhole(text, v)
		return
	}
	v.SetInt(n)
}

func (d *decoder) uint(v reflect.Value) {
	text, ok := d.number("a whole number")
	if !ok {
		return
	}
	n, err := strconv.ParseUint(text, 10, v.Type().Bits())
	if err != nil {
		d.notWhole(text, v)
		return
	}
	v.SetUint(n)
}

func (d *decoder) notWhole(text string, v reflect.Value) {
	if strings.ContainsAny(text, ".eE") {
		d.addf("must be a whole number without a fraction or an exponent, not %s", text)
		return
	}
	d.addf("%s does not fit %v", text, v.Kind())
}

func (d *decoder) float(v reflect.Value) {
	text, ok := d.number("a number")
	if !ok {
		return
	}
	f, err := strconv.ParseFloat(text, v.Type().Bits())
	if err != nil {
		d.addf("%s does not fit %v", text, v.Kind())
		return
	}
	v.SetFloat(f + 0) // -0 becomes 0
}

func (d *decoder) decimal(v reflect.Value) {
	var text string
	var ok bool
	if d.peek() == '"' {
		text, ok = d.string("a decimal number")
	} else {
		text, ok = d.number("a decimal number")
	}
	if !ok {
		return
	}
	value, err := amount.Parse(text)
	if err != nil {
		d.addf("%s %v", quote(text), err)
		return
	}
	v.Set(reflect.ValueOf(value))
}

func (d *decoder) time(v reflect.Value) {
	text, ok := d.string("a time as in RFC 3339")
	if !ok {
		return
	}
	t, err := time.Parse(time.RFC3339, text)
	switch {
	case err != nil || !hasShape(text):
		d.addf("%s is not a time as in RFC 3339, like 2026-01-31T08:00:00Z", quote(text))
		return
	case instant.Check(t) != nil:
		d.addf("%s: %v", quote(text), instant.Check(t))
		return
	}
	v.Set(reflect.ValueOf(instant.Of(t)))
}

// hasShape refuses what time.Parse takes beyond RFC 3339: an hour of one digit, a comma before the fraction,
// an offset of a day and more.
func hasShape(s string) bool {
	const seconds = "2006-01-02T15:04:05"
	if len(s) <= len(seconds) || s[len("2006-01-02T1")] == ':' || s[len(seconds)] == ',' {
		return false
	}
	if s[len(s)-1] == 'Z' {
		return true
	}
	offset := s[len(s)-len("07:00"):]
	return offset[:2] < "24" && offset[3:] < "60"
}

// isPart reports whether a rune stands for bytes of one that was cut.
func isPart(r rune) bool { return r == utf8.RuneError }

// quote quotes s for a message and shortens it if it is long.
func quote(s string) string {
	const longest = 64
	if len(s) > longest {
		return strconv.Quote(strings.TrimRightFunc(s[:longest], isPart)) + "..."
	}
	return strconv.Quote(s)
}
