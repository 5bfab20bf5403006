package instant_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

func TestOf(t *testing.T) {
	zone := time.FixedZone("", -7*3600)
	for name, tc := range map[string]struct{ in, want time.Time }{
		"zero":              {time.Time{}, time.Time{}},
		"zero elsewhere":    {time.Time{}.In(zone), time.Time{}},
		"whole":             {time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC), time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)},
		"zone":              {time.Date(2026, 1, 1, 20, 4, 5, 6999, zone), time.Date(2026, 1, 2, 3, 4, 5, 6000, time.UTC)},
		"before 1970":       {time.Unix(-1, 999_999_999), time.Unix(-1, 999_999_000).UTC()},
		"just before 1970":  {time.Unix(0, -1), time.Unix(0, -1000).UTC()},
		"before year 1":     {time.Time{}.Add(-1), time.Date(0, 12, 31, 23, 59, 59, 999_999_000, time.UTC)},
		"far before year 1": {time.Date(-400, 1, 1, 0, 0, 0, 1, time.UTC), time.Date(-400, 1, 1, 0, 0, 0, 0, time.UTC)},
	} {
		if got := instant.Of(tc.in); got != tc.want { // == on purpose: location and monotonic reading count
			t.Errorf("%s: got %#v, want %#v", name, got, tc.want)
		}
	}
	clock := time.Now()
	for name, whole := range map[string]time.Time{ // nothing to cut, and yet a form that == would tell apart
		"monotonic": clock.Add(-time.Duration(clock.Nanosecond() % 1000)),
		"local":     time.UnixMicro(1),
		"zone UTC":  time.UnixMicro(1).In(time.FixedZone("UTC", 0)),
	} {
		if got := instant.Of(whole); got != instant.FromMicros(instant.Micros(whole)) {
			t.Errorf("%s: %#v became %#v", name, whole, got)
		}
	}
	now := time.Now()
	if got := instant.Of(now); got != instant.Of(now.Round(0)) || got.After(now) || now.Sub(got) >= time.Microsecond {
		t.Errorf("%v became %v", now, got)
	}
}

func TestMicros(t *testing.T) {
	for us, want := range map[int64]time.Time{
		0: time.Unix(0, 0).UTC(), -1: time.Unix(0, -1000).UTC(), 1: time.Unix(0, 1000).UTC(),
		-62135596800000000: {}, // seconds from year 1 to 1970 in the proleptic Gregorian calendar: 719162 days
		253402300799999999: time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC),
	} {
		if got := instant.FromMicros(us); got != want || instant.Micros(got) != us {
			t.Errorf("%d: got %#v and back %d", us, got, instant.Micros(got))
		}
	}
	rng := rand.New(rand.NewPCG(13, 14))
	for range 5000 {
		t0 := time.Unix(rng.Int64N(315537897600)-62135596800, rng.Int64N(1e9))
		if got := instant.FromMicros(instant.Micros(t0)); got != instant.Of(t0) {
			t.Fatalf("%v: got %v", t0, got)
		}
	}
}

func TestCheck(t *testing.T) {
	zone := time.FixedZone("", 3600)
	for name, tc := range map[string]struct {
		in time.Time
		ok bool
	}{
		"zero":                      {time.Time{}, true},
		"last":                      {time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC), true},
		"after":                     {time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), false},
		"before":                    {time.Time{}.Add(-1), false},
		"year 1 there, 0 in UTC":    {time.Date(1, 1, 1, 0, 0, 0, 0, zone), false},
		"year 10000 there, not UTC": {time.Date(10000, 1, 1, 0, 0, 0, 0, zone), true},
	} {
		if err := instant.Check(tc.in); (err == nil) != tc.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestGiven(t *testing.T) {
	for _, c := range []struct {
		t    time.Time
		want string
	}{
		{time.Time{}, "is zero"},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), "year 10000 is outside 1 to 9999"},
		{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), ""},
	} {
		got := ""
		if err := instant.Given(c.t); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("Given(%v): %q, want %q", c.t, got, c.want)
		}
	}
}
