// Package instant brings points in time to the one form the module computes with: UTC, whole microseconds,
// no monotonic reading. Two such values are the same instant exactly when they are equal with ==.
package instant

import (
	"errors"
	"fmt"
	"time"
)

// Of returns t in UTC, truncated toward the past to whole microseconds. The zero time stays the zero time.
func Of(t time.Time) time.Time {
	t = t.UTC()
	if rest := t.Nanosecond() % 1000; rest > 0 {
		return t.Add(-time.Duration(rest))
	}
	return t
}

// Micros returns the microseconds from 1970-01-01 UTC to t, rounded toward the past.
// It is exact for every time that passes [Check].
func Micros(t time.Time) int64 {
	return t.UnixMicro()
}

// FromMicros is the inverse of [Micros].
func FromMicros(us int64) time.Time {
	return time.UnixMicro(us).UTC()
}

// The seconds from 1970-01-01 UTC to the first and the last of the years 1 to 9999.
const (
	firstSecond = -62135596800
	LastSecond  = 253402300799
)

// Check refuses times outside the years 1 to 9999 in UTC, which RFC 3339 can't write. The zero time passes.
func Check(t time.Time) error {
	if s := t.Unix(); s < firstSecond || s > LastSecond {
		return fmt.Errorf("year %d is outside 1 to 9999", t.UTC().Year())
	}
	return nil
}

// Given is Check for an instant that must be there.
func Given(t time.Time) error {
	if t.IsZero() {
		return errors.New("is zero")
	}
	return Check(t)
}
