package segment

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// A Value is one fact: a number, a text, a flag or an instant, or none of them because it is NULL or failed.
// It is compact, copied freely, and compared with ==. The zero Value is NULL.
type Value struct {
	kind kind
	bits uint64 // a number's float64, a flag's 0 or 1, an instant's microseconds since 1970 in UTC
	text string // a text; why a fact failed
}

type kind uint8

const (
	nullKind kind = iota
	failedKind
	numberKind
	textKind
	flagKind
	timeKind
)

// noInstant stands for an instant outside of the years 1 to 9999, which Classify refuses.
const noInstant = math.MinInt64

// Number returns a number. It must be finite, and at most 2^53 either side of zero; Classify refuses others.
func Number(f float64) Value { return Value{kind: numberKind, bits: math.Float64bits(f + 0)} } // -0 becomes 0

// Text returns a text. It must be UTF-8 without NUL; Classify refuses others.
func Text(s string) Value { return Value{kind: textKind, text: s} }

// Flag returns a flag.
func Flag(b bool) Value {
	v := Value{kind: flagKind}
	if b {
		v.bits = 1
	}
	return v
}

// Time returns an instant, truncated to the microsecond. Classify refuses the zero time, which says that nobody set it
// (that is [Null]), and years outside of 1 to 9999.
func Time(t time.Time) Value {
	if instant.Check(t) != nil {
		return timeAt(noInstant)
	}
	return timeAt(instant.Micros(instant.Of(t)))
}

func timeAt(micros int64) Value { return Value{kind: timeKind, bits: uint64(micros)} }

// Null returns NULL: missing, or not applicable.
func Null() Value { return Value{} }

// Failed returns a fact that could not be had, and why. It is not NULL: an outage is not an absence.
// Of why it keeps the first 1024 bytes at most; NUL and what is not UTF-8 become U+FFFD.
func Failed(why string) Value {
	why = strings.ReplaceAll(strings.ToValidUTF8(why, "\uFFFD"), "\x00", "\uFFFD")
	if len(why) > maxText {
		end := maxText
		for !utf8.RuneStart(why[end]) {
			end--
		}
		why = why[:end]
	}
	return Value{kind: failedKind, text: why}
}

func (v *Value) number() float64 { return math.Float64frombits(v.bits) }
func (v *Value) micros() int64   { return int64(v.bits) }

// String returns the value as a literal of the condition language, NULL, or FAILED.
func (v Value) String() string {
	switch v.kind {
	case failedKind:
		return "FAILED"
	case numberKind:
		return numberText(v.number())
	case textKind:
		return quoted(v.text)
	case flagKind:
		return strings.ToUpper(strconv.FormatBool(v.bits == 1))
	case timeKind:
		return moment{us: v.micros()}.String()
	}
	return "NULL"
}

// numberText writes whole numbers without an exponent, and what is tiny with one.
func numberText(f float64) string {
	if a := math.Abs(f); a != 0 && a < 1e-6 {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func quoted(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// wireValue is a Value in JSON: exactly one of its fields is there.
type wireValue struct {
	Number *float64   `json:"number,omitempty"`
	Text   *string    `json:"text,omitempty"`
	Flag   *bool      `json:"flag,omitempty"`
	Time   *time.Time `json:"time,omitempty"`
	Failed *string    `json:"failed,omitempty"`
}

// MarshalJSON returns {"number":1}, {"text":"a"}, {"flag":true}, {"time":"…"}, {"failed":"why"} or null.
func (v Value) MarshalJSON() ([]byte, error) {
	var w wireValue
	switch v.kind {
	case nullKind:
		return []byte("null"), nil
	case failedKind:
		w.Failed = &v.text
	case numberKind:
		f := v.number()
		w.Number = &f
	case textKind:
		w.Text = &v.text
	case flagKind:
		b := v.bits == 1
		w.Flag = &b
	case timeKind:
		if v.micros() == noInstant {
			return nil, errors.New("segment: marshal value: the year is outside of 1 to 9999")
		}
		t := instant.FromMicros(v.micros())
		w.Time = &t
	}
	return canon.JSON(w)
}

// UnmarshalJSON reads what MarshalJSON writes. As in all records, it skips keys that it does not know.
func (v *Value) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		*v = Null()
		return nil
	}
	var w wireValue
	if err := strictjson.DecodeRecord(data, &w).Err("segment: read value"); err != nil {
		return err
	}
	var found []Value
	if w.Number != nil {
		found = append(found, Number(*w.Number))
	}
	if w.Text != nil {
		found = append(found, Text(*w.Text))
	}
	if w.Flag != nil {
		found = append(found, Flag(*w.Flag))
	}
	if w.Time != nil {
		found = append(found, Time(*w.Time))
	}
	if w.Failed != nil {
		found = append(found, Failed(*w.Failed))
	}
	if len(found) != 1 {
		return errors.New("segment: read value: must have exactly one of number, text, flag, time, failed")
	}
	*v = found[0]
	return nil
}
