package span_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/span"
)

func TestParse(t *testing.T) {
	const us = time.Microsecond
	for in, want := range map[string]time.Duration{
		"90d": 90 * span.Day, "2w": 14 * span.Day, "36h": 36 * time.Hour, "1d12h": 36 * time.Hour, "0s": 0, "-0s": 0, "0d": 0,
		"1w2d3h4m5s6ms7us": 9*span.Day + 3*time.Hour + 4*time.Minute + 5*time.Second + 6*time.Millisecond + 7*us,
		"-1h30m":           -90 * time.Minute, "5ms": 5 * time.Millisecond, "1m1ms": time.Minute + time.Millisecond, "007d": 7 * span.Day,
		"15250w1d23h47m16s854ms775us": math.MaxInt64 / us * us, "-9223372036854775us": -(math.MaxInt64 / us * us), "90m": 90 * time.Minute,
	} {
		if got, err := span.Parse(in); err != nil || got != want {
			t.Errorf("%s: got %v, %v; want %v", in, got, err, want)
		}
	}
	const series = "is not a series of integers with units, like 90d, 36h or 1h30m"
	for in, want := range map[string]string{
		"": "is empty", "-": "is empty", "0": series, "90": series, "d": series, "1.5h": "has the unknown unit \".\"", "1h30": series,
		"1d2w": "has its units not in falling order", "1h2h": "has its units not in falling order", "+1h": series, "--1h": series,
		"1 h": `has the unknown unit " h"`, "1H": `has the unknown unit "H"`, "1ns": `has the unknown unit "ns"`, "1y": `has the unknown unit "y"`,
		"1µs": `has the unknown unit "µs"`, "1h-30m": `has the unknown unit "h-"`, "P90D": series, "٣d": series,
		"15251w": "is longer than 292 years", "106751d23h47m16s854ms776us": "is longer than 292 years",
		"9223372036854775808s": "is longer than 292 years", "99999999999999999999w": "is longer than 292 years",
		strings.Repeat("0", 64) + "s": "has over 64 bytes",
	} {
		if got, err := span.Parse(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, %v; want an error with %q", in, got, err, want)
		}
	}
}

func TestFormat(t *testing.T) {
	for want, d := range map[string]time.Duration{
		"0s": 0, "1d": 24 * time.Hour, "14d": 2 * span.Week, "36h": 36 * time.Hour, "1h30m": 90 * time.Minute, "-90d": -90 * span.Day,
		"1us": time.Microsecond, "1s500ms": 1500 * time.Millisecond, "25h1us": 25*time.Hour + time.Microsecond, "-59s": -59 * time.Second,
		"2562047h47m16s854ms775us807ns": math.MaxInt64, "-2562047h47m16s854ms775us808ns": math.MinInt64, "1us500ns": 1500, "7ns": 7,
	} {
		if got := span.Format(d); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for d, ok := range map[time.Duration]bool{0: true, time.Microsecond: true, -time.Hour: true, 1: false, -1: false, 1001: false, math.MinInt64: false} {
		if err := span.Check(d); (err == nil) != ok {
			t.Errorf("%d ns: %v", int64(d), err)
		}
		// What Check refuses, Parse does not read either.
		if _, err := span.Parse(span.Format(d)); (err == nil) != ok {
			t.Errorf("%s: %v", span.Format(d), err)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 12))
	units := []time.Duration{span.Day, time.Hour, time.Minute, time.Second, time.Millisecond, time.Microsecond}
	for range 5000 {
		unit := units[rng.IntN(len(units))]
		d := time.Duration(rng.Int64()>>rng.IntN(60)) / unit * unit
		if rng.IntN(2) == 0 {
			d = -d
		}
		text := span.Format(d)
		if got, err := span.Parse(text); err != nil || got != d {
			t.Fatalf("%d ns was written %s and read as %d ns, %v", d, text, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"90d", "1d12h", "-1h30m", "0", "0s", "1d2w", "15250w1d23h47m16s854ms775us", "9223372036854775808us", "1µs"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := span.Parse(s)
		if err != nil {
			return
		}
		text := span.Format(d)
		if again, err := span.Parse(text); err != nil || again != d || span.Format(again) != text {
			t.Fatalf("%q is %d ns, written %q and read as %d ns, %v", s, d, text, again, err)
		}
		if strings.HasPrefix(s, "-") != (d < 0) && d != 0 {
			t.Fatalf("%q is %v", s, d)
		}
	})
}
