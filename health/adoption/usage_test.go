package adoption_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health/adoption"
)

// TestMemory: a hundred times the events of the same users and features need not one allocation more, and no longer
// encoding than their greater numbers do.
func TestMemory(t *testing.T) {
	m := compile(t, plan())
	u := usage(t, m)
	at := from
	round := func() {
		for i := range 2000 {
			at = at.Add(time.Millisecond)
			e := adoption.Event{Account: "acme", User: names500[i%500], Feature: names500[i%7], At: at}
			if err := u.Add(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 10 {
		round()
	}
	before := len(encoded(t, u))
	if n := testing.AllocsPerRun(1000, round); n != 0 {
		t.Errorf("%v allocations for 2000 events of known users", n)
	}
	if after := len(encoded(t, u)); after > before+before/2 {
		t.Errorf("the encoding grew from %d to %d bytes", before, after)
	}
	if u.Uses() < 2_000_000 {
		t.Errorf("%d uses", u.Uses())
	}
}

var names500 = func() (out [500]string) {
	for i := range out {
		out[i] = fmt.Sprintf("name %d", i)
	}
	return out
}()

// TestMemoryByPairs bounds what a pair of user and feature costs.
func TestMemoryByPairs(t *testing.T) {
	m := compile(t, plan())
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	u := usage(t, m)
	const users, features = 5000, 40
	for i := range users {
		for f := range features {
			if err := u.Add(adoption.Event{Account: "acme", User: fmt.Sprint(i), Feature: featureName(f), At: from}); err != nil {
				t.Fatal(err)
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	each := float64(after.HeapAlloc-before.HeapAlloc) / (users * features)
	t.Logf("%.0f bytes a pair", each)
	if each > 120 {
		t.Errorf("%.0f bytes a pair of user and feature, want at most 120", each)
	}
	runtime.KeepAlive(u)
}

// TestDays: a day is one of the location, also where its clocks change and where a day was left out.
func TestDays(t *testing.T) {
	m := compile(t, plan())
	for _, c := range []struct {
		zone  string
		first time.Time
		days  int
	}{
		{"Europe/Berlin", time.Date(2026, 3, 20, 12, 0, 0, 0, time.UTC), 20},
		{"America/Sao_Paulo", time.Date(2018, 10, 28, 12, 0, 0, 0, time.UTC), 20}, // no midnight on 4 November
		{"America/Sao_Paulo", time.Date(2018, 2, 10, 12, 0, 0, 0, time.UTC), 20},  // 23:00 of 17 February twice
		{"America/Havana", time.Date(2025, 10, 28, 12, 0, 0, 0, time.UTC), 20},    // midnight of 2 November twice
		{"Pacific/Apia", time.Date(2011, 12, 20, 12, 0, 0, 0, time.UTC), 20},      // no 30 December
		{"Asia/Kathmandu", time.Date(1969, 12, 20, 12, 0, 0, 0, time.UTC), 30},
	} {
		loc, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		u, err := m.NewUsage(c.first, c.days, loc)
		if err != nil {
			t.Fatal(err)
		}
		work := map[string]bool{}
		outside := int64(0)
		first, end := c.first.In(loc).Format(time.DateOnly), c.first.In(loc).AddDate(0, 0, c.days).Format(time.DateOnly)
		asOf := c.first.AddDate(0, 0, c.days+2)
		for at := c.first.AddDate(0, 0, -2); at.Before(asOf); at = at.Add(13 * time.Minute) {
			day := at.In(loc).Format(time.DateOnly)
			if day < first || day >= end {
				outside++
			} else if w := at.In(loc).Weekday(); w != time.Saturday && w != time.Sunday {
				work[day] = true
			}
			// Each date is a user, who must not be active on two days.
			if err := u.Add(adoption.Event{Account: "acme", User: day, Feature: "x", At: at}); err != nil {
				t.Fatal(err)
			}
		}
		u = decoded(t, encoded(t, u)) // without the location
		a, err := m.Assess(u, adoption.Account{ID: "acme"}, asOf)
		if err != nil {
			t.Fatal(err)
		}
		if a.Stickiness.Part != int64(len(work)) || a.Depth.Part != 0 || a.Days != c.days || u.Outside() != outside {
			t.Errorf("%s: %d workdays of %d, %d users on two days, %d outside; want %d, %d, 0, %d",
				c.zone, a.Stickiness.Part, a.Days, a.Depth.Part, u.Outside(), len(work), c.days, outside)
		}
		if !a.From.Equal(time.Date(c.first.In(loc).Year(), c.first.In(loc).Month(), c.first.In(loc).Day(), 0, 0, 0, 0, loc)) {
			t.Errorf("%s: from %v", c.zone, a.From.In(loc))
		}
	}
}

func TestBadEvents(t *testing.T) {
	m := compile(t, plan())
	good := adoption.Event{Account: "acme", User: "ann", Feature: "export", At: from.Add(time.Hour)}
	for _, c := range []struct {
		name   string
		spoil  func(e *adoption.Event)
		wanted string
	}{
		{"account", func(e *adoption.Event) { e.Account = "" }, `adoption: account: is empty`},
		{"user", func(e *adoption.Event) { e.User = "" }, `adoption: account "acme": user: is empty`},
		{"feature", func(e *adoption.Event) { e.Feature = "a\n" }, `adoption: account "acme": feature: contains the control character U+000A at byte 1`},
		{"instant", func(e *adoption.Event) { e.At = time.Time{} }, `adoption: account "acme": use of "export" by "ann": is zero`},
		{"year", func(e *adoption.Event) { e.At = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC) }, `adoption: account "acme": use of "export" by "ann": year 12026 is outside 1 to 9999`},
		{"order", func(e *adoption.Event) { e.At = from }, `adoption: account "acme": use of "export" by "ann": 2026-02-01T00:00:00Z is before 2026-02-01T01:00:00Z, which was added already`},
		{"blank and outside", func(e *adoption.Event) { e.User, e.At = "", from.AddDate(1, 0, 0) }, `adoption: account "acme": user: is empty`},
	} {
		u := fill(t, m, []adoption.Event{good})
		before := encoded(t, u)
		e := good
		c.spoil(&e)
		err := u.Add(e)
		var bad *adoption.DataError
		if !errors.As(err, &bad) || err.Error() != c.wanted {
			t.Errorf("%s: got  %v\nwant %s", c.name, err, c.wanted)
		}
		if encoded(t, u) != before {
			t.Errorf("%s: the event left a trace", c.name)
		}
	}
	u := fill(t, m, []adoption.Event{good, good, good})
	if u.Uses() != 1 || u.Repeated() != 2 {
		t.Errorf("%d uses, %d repeated; want 1 and 2", u.Uses(), u.Repeated())
	}
	if err := u.Add(adoption.Event{Account: "z", User: "ann", Feature: "export", At: from.Add(-time.Microsecond)}); err != nil || u.Outside() != 1 {
		t.Errorf("before the window: %v, %d outside", err, u.Outside())
	}
	if got := u.Accounts(); len(got) != 1 || got[0] != "acme" {
		t.Errorf("accounts %v: an event outside the window left a trace", got)
	}
}

func TestBadColumns(t *testing.T) {
	m := compile(t, plan())
	u := usage(t, m)
	ann, err := u.User("acme", "ann")
	if err != nil {
		t.Fatal(err)
	}
	x, err := u.Feature("x")
	if err != nil {
		t.Fatal(err)
	}
	us := from.UnixMicro()
	for _, c := range []struct {
		users    []adoption.User
		features []adoption.Feature
		at       []int64
		wanted   string
	}{
		{[]adoption.User{ann}, nil, nil, `adoption: columns: have 1 users, 0 features and 0 instants`},
		{[]adoption.User{ann, 9}, []adoption.Feature{x, x}, []int64{us, us}, `adoption: row 1: user or feature is not of this usage`},
		{[]adoption.User{ann}, []adoption.Feature{9}, []int64{us}, `adoption: row 0: user or feature is not of this usage`},
		{
			[]adoption.User{ann, ann, ann},
			[]adoption.Feature{x, x, x},
			[]int64{us + 1, math.MaxInt64, us},
			`adoption: account "acme": row 2: use of "x" by "ann": 2026-02-01T00:00:00Z is before 2026-02-01T00:00:00.000001Z, which was added already`,
		},
	} {
		if err := u.AddColumns(c.users, c.features, c.at); err == nil || err.Error() != c.wanted {
			t.Errorf("got  %v\nwant %s", err, c.wanted)
		}
	}
	if u.Outside() != 1 || u.Uses() != 2 {
		t.Errorf("%d outside and %d uses, want the rows before the bad ones: 1 and 2", u.Outside(), u.Uses())
	}
}

func TestBadUsages(t *testing.T) {
	m := compile(t, plan())
	other := plan()
	other.Moments[0].Steps[0].Uses = 9
	longer, err := m.NewUsage(from, 29, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	u := usage(t, m)
	for name, c := range map[string]struct {
		err    error
		wanted string
	}{
		"itself":          {u.Merge(u), "adoption: usage: can't be merged with itself"},
		"window":          {u.Merge(longer), "adoption: usage: is of another window of days"},
		"zero":            {u.Merge(&adoption.Usage{}), "adoption: usage: is of another window of days"},
		"into zero":       {new(adoption.Usage).Merge(u), "adoption: usage: has no window: make it with NewUsage"},
		"plan":            {u.Merge(usage(t, compile(t, other))), "adoption: usage: is of a plan with other steps"},
		"add to zero":     {new(adoption.Usage).Add(adoption.Event{At: from}), "adoption: usage: has no window: make it with NewUsage"},
		"encode zero":     {second(new(adoption.Usage).MarshalBinary()), "adoption: usage: has no window: make it with NewUsage"},
		"user of zero":    {second(new(adoption.Usage).User("a", "b")), "adoption: usage: has no window: make it with NewUsage"},
		"feature of zero": {second(new(adoption.Usage).Feature("a")), "adoption: usage: has no window: make it with NewUsage"},
		"bad feature":     {second(u.Feature("")), "adoption: feature: is empty"},
		"columns":         {new(adoption.Usage).AddColumns([]adoption.User{0}, []adoption.Feature{0}, []int64{0}), "adoption: row 0: user or feature is not of this usage"},
		"no day":          {second(m.NewUsage(from, 0, time.UTC)), "adoption: days: must be 1 to 1100, not 0"},
		"no location":     {second(m.NewUsage(from, 1, nil)), "adoption: location: is nil"},
		"no from":         {second(m.NewUsage(time.Time{}, 1, time.UTC)), "adoption: from: is zero"},
		"assess zero":     {second(m.Assess(new(adoption.Usage), adoption.Account{ID: "a"}, from)), "adoption: usage: has no window: make it with NewUsage"},
		"too few kept":    {second(compile(t, other).Assess(u, adoption.Account{ID: "a"}, from)), `adoption: usage: keeps 3 uses of "feature-001", where the plan has a step of 9`},
		"no as of":        {second(m.Assess(u, adoption.Account{ID: "a"}, time.Time{})), "adoption: as of: is zero"},
		"early as of":     {second(m.Assess(u, adoption.Account{ID: "a"}, from.Add(-1))), "adoption: as of: is before the window"},
	} {
		if c.err == nil || c.err.Error() != c.wanted {
			t.Errorf("%s: got  %v\nwant %s", name, c.err, c.wanted)
		}
	}
	if _, err := m.NewUsage(time.Date(9999, 12, 30, 0, 0, 0, 0, time.UTC), 9, time.UTC); err == nil || !strings.Contains(err.Error(), "year 10000") {
		t.Errorf("past the years: %v", err)
	}
	if _, err := compile(t, plan()).Assess(usage(t, compile(t, other)), adoption.Account{ID: "a"}, from); err != nil {
		t.Errorf("a usage that keeps more is of use: %v", err)
	}
}

func second[T any](_ T, err error) error { return err }

// TestManyUses: totals above 2⁵³ are refused.
func TestManyUses(t *testing.T) {
	m := compile(t, plan())
	u := fill(t, m, randomEvents(rand.New(rand.NewPCG(1, 1)), 50))
	for range 60 {
		if err := u.Merge(decoded(t, encoded(t, u))); err != nil {
			if !strings.Contains(err.Error(), "2^53") || u.Uses() > 1<<53 {
				t.Errorf("%v after %d uses", err, u.Uses())
			}
			decoded(t, encoded(t, u))
			return
		}
	}
	t.Error("no merge was refused")
}
