// Package span writes elapsed durations as people write them in definitions: "90d", "2w", "36h", "1h30m".
//
// A day is 24 hours and a week 7 days; months and years have no fixed length and do not occur.
package span

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Day and Week are elapsed time, not calendar time.
const (
	Day  = 24 * time.Hour
	Week = 7 * Day
)

// longest bounds the text in bytes. [Format] writes at most 30.
const longest = 64

type unit struct {
	name string
	size time.Duration
}

// units has the units that [Parse] reads, falling.
var units = [...]unit{
	{"w", Week}, {"d", Day}, {"h", time.Hour}, {"m", time.Minute},
	{"s", time.Second}, {"ms", time.Millisecond}, {"us", time.Microsecond},
}

var (
	errEmpty    = errors.New("a duration is empty; write it like 90d, 36h or 1h30m")
	errTooLong  = errors.New("a duration has over 64 bytes")
	errOverflow = errors.New("is longer than 292 years")
)

// Parse reads one or more integers with units, the units strictly falling: w, d, h, m, s, ms, us.
// A leading '-' makes the duration negative. A bare "0" is refused since it has no unit; "0s" is zero.
func Parse(s string) (time.Duration, error) {
	if s == "" || s == "-" {
		return 0, errEmpty
	}
	if len(s) > longest {
		return 0, errTooLong
	}
	rest, negative := strings.CutPrefix(s, "-")
	var sum time.Duration
	next := 0 // index of the largest unit that may come
	for rest != "" {
		digits := rest[:leading(rest, isDigit)]
		rest = rest[len(digits):]
		name := rest[:leading(rest, isLetter)]
		rest = rest[len(name):]
		if digits == "" || name == "" {
			return 0, fmt.Errorf("duration %q is not a series of integers with units, like 90d, 36h or 1h30m", s)
		}
		i := index(name)
		if i < 0 {
			return 0, fmt.Errorf("duration %q has the unknown unit %q; units are w, d, h, m, s, ms, us", s, name)
		}
		if i < next {
			return 0, fmt.Errorf("duration %q has its units not in falling order", s)
		}
		next = i + 1
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n > int64(math.MaxInt64-sum)/int64(units[i].size) {
			return 0, fmt.Errorf("duration %q %w", s, errOverflow)
		}
		sum += time.Duration(n) * units[i].size
	}
	if negative {
		sum = -sum
	}
	return sum, nil
}

// Format writes d so that [Parse] reads the same duration back: whole days if it has no smaller part ("14d"),
// else hours and the units below ("36h", "1h30m"), and "0s" for zero.
// A part below a microsecond, which [Check] refuses, is written in "ns", and Parse will not read it.
func Format(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b []byte
	left := uint64(d)
	if d < 0 {
		b = append(b, '-')
		left = -left
	}
	if left%uint64(Day) == 0 {
		return string(append(strconv.AppendUint(b, left/uint64(Day), 10), 'd'))
	}
	for _, u := range units[2:] {
		if n := left / uint64(u.size); n > 0 {
			b = append(strconv.AppendUint(b, n, 10), u.name...)
			left %= uint64(u.size)
		}
	}
	if left > 0 {
		b = append(strconv.AppendUint(b, left, 10), "ns"...)
	}
	return string(b)
}

// Check refuses a duration that is not a whole number of microseconds.
func Check(d time.Duration) error {
	if d%time.Microsecond != 0 {
		return fmt.Errorf("duration %v is not a whole number of microseconds", d)
	}
	return nil
}

func index(name string) int {
	for i, u := range units {
		if u.name == name {
			return i
		}
	}
	return -1
}

// leading counts the bytes at the start of s for which is holds.
func leading(s string, is func(byte) bool) int {
	for i := range len(s) {
		if !is(s[i]) {
			return i
		}
	}
	return len(s)
}

func isDigit(c byte) bool { return '0' <= c && c <= '9' }

func isLetter(c byte) bool { return !isDigit(c) }
