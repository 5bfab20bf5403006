package segment

import "time"

// A Value is one fact: a number, a text, a flag or an instant, or none of them because it is NULL or failed.
// It is compact and copied freely. The zero Value is NULL.
type Value struct {
	kind uint8
	num  float64
	at   int64 // microseconds since 1970, UTC
	text string
}

// Number returns a number. It must be finite; Classify refuses others.
func Number(f float64) Value { panic("unbuilt") }

// Text returns a text.
func Text(s string) Value { panic("unbuilt") }

// Flag returns a flag.
func Flag(b bool) Value { panic("unbuilt") }

// Time returns an instant, truncated to the microsecond.
func Time(t time.Time) Value { panic("unbuilt") }

// Null returns NULL: missing, or not applicable.
func Null() Value { return Value{} }

// Failed returns a fact that could not be had, and why. It is not NULL: an outage is not an absence.
func Failed(why string) Value { panic("unbuilt") }

// String returns the value as a literal of the condition language, NULL, or FAILED.
func (v Value) String() string { panic("unbuilt") }

// MarshalJSON returns {"number":1}, {"text":"a"}, {"flag":true}, {"time":"…"}, {"failed":"why"} or null.
func (v Value) MarshalJSON() ([]byte, error) { panic("unbuilt") }

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Value) UnmarshalJSON(data []byte) error { panic("unbuilt") }
