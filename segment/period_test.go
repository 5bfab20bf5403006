package segment_test

import (
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/segment"
)

// stay returns a record of a day, recorded so many days later. A blank segment is none.
func stay(letter string, since, at float64) segment.Record {
	r := segment.Record{Format: 1, Recorded: day(at), Verdict: segment.Verdict{Account: "acme", AsOf: day(at)}}
	r.Membership = segment.Membership{AsOf: day(at)}
	if letter != " " {
		r.Membership.Segment, r.Membership.Since = letter, day(since)
	}
	return r
}

func given(records ...segment.Record) iter.Seq2[segment.Record, error] {
	return func(yield func(segment.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestPeriods(t *testing.T) {
	type periods = []segment.Period
	for _, c := range []struct {
		name    string
		records []segment.Record
		want    periods
	}{
		{"nothing", nil, nil},
		{"still", []segment.Record{stay("a", 1, 1), stay("a", 1, 2)}, periods{{"a", day(1), time.Time{}}}},
		{"moved", []segment.Record{stay("a", 1, 1), stay("b", 2, 2), stay("b", 2, 3)}, periods{{"a", day(1), day(2)}, {"b", day(2), time.Time{}}}},
		{"in none at first, between and at last", []segment.Record{stay(" ", 0, 0), stay("a", 1, 1), stay(" ", 0, 2), stay("a", 3, 3), stay(" ", 0, 4)},
			periods{{"a", day(1), day(2)}, {"a", day(3), day(4)}}},
		{"from the middle on", []segment.Record{stay("a", 1, 5), stay("b", 6, 6)}, periods{{"a", day(1), day(6)}, {"b", day(6), time.Time{}}}},
		{"two words at one instant", []segment.Record{stay("a", 1, 1), stay("b", 2, 2), stay("c", 2, 2)}, periods{{"a", day(1), day(2)}, {"c", day(2), time.Time{}}}},
		{"and back at the same", []segment.Record{stay("a", 1, 1), stay("b", 2, 2), stay("a", 2, 2)}, periods{{"a", day(1), time.Time{}}}},
		{"out and back at the same", []segment.Record{stay("a", 1, 1), stay(" ", 2, 2), stay("a", 2, 2)}, periods{{"a", day(1), time.Time{}}}},
	} {
		got, err := segment.Periods(given(c.records...))
		if diff := cmp.Diff(c.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", c.name, err, diff)
		}
	}
}

func TestPeriodsRefuses(t *testing.T) {
	other, newer := stay("a", 2, 2), stay("a", 2, 2)
	other.Verdict.Account, newer.Format = "beta", 2
	var data *segment.DataError
	if _, err := segment.Periods(given(stay("a", 1, 1), other)); !errors.As(err, &data) || data.Account != "acme" {
		t.Errorf("of another account: got error %v", err)
	}
	_, err := segment.Periods(given(stay("a", 2, 2), stay("a", 1, 1)))
	if err == nil || err.Error() != `segment: account "acme": record: is as of an earlier instant than the one before it` {
		t.Errorf("out of order: got error %v", err)
	}
	if _, err := segment.Periods(given(newer)); !errors.Is(err, segment.ErrFormat) {
		t.Errorf("of format 2: got error %v", err)
	}
	lost := errors.New("cursor lost")
	got, err := segment.Periods(func(yield func(segment.Record, error) bool) {
		_ = yield(stay("a", 1, 1), nil) && yield(segment.Record{}, lost)
	})
	if got != nil || !errors.Is(err, lost) {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestPeriodsTwin keeps an account by a Roster with moves, pins and answers, and asks of each quarter of a day where it was: the
// periods say what the last record by then does, as known at each day too.
func TestPeriodsTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	moves := 0
	for range 150 {
		s := steady()
		s.For = segment.Duration(r.IntN(3)) * segment.Day
		var store segment.Memory
		now := day(0)
		roster := roster(t, s, &store, segment.Options{Now: func() time.Time { return now }})
		for d := range 30 {
			at := day(float64(d))
			now = at.Add(time.Duration(r.IntN(40)) * time.Hour)
			in := arr("acme", float64(r.IntN(4)*40))
			if r.IntN(6) == 0 {
				in.Facts = segment.FactMap{}
			}
			check(t, roster, in, at)
			if r.IntN(5) == 0 {
				p := segment.Pin{Segment: pick(r, []string{"strategic", "growth", "tech"}), By: "kim", Reason: "merger", From: at, Until: at.AddDate(0, 0, 1+r.IntN(3))}
				if _, err := roster.Pin(t.Context(), "acme", p); err != nil {
					t.Fatal(err)
				}
			}
			_, _ = roster.Approve(t.Context(), "acme", "kim", at) // where a move is pending
		}
		knownAt := time.Time{}
		if r.IntN(2) == 0 {
			knownAt = day(float64(r.IntN(30)))
		}
		var records []segment.Record
		for record, err := range store.Records(t.Context(), "acme", time.Time{}, time.Time{}, knownAt) {
			if err != nil {
				t.Fatal(err)
			}
			records = append(records, record)
		}
		periods, err := segment.Periods(store.Records(t.Context(), "acme", time.Time{}, time.Time{}, knownAt))
		if err != nil {
			t.Fatal(err)
		}
		moves += len(periods)
		for i, p := range periods {
			if p.Segment == "" || !p.To.IsZero() && !p.From.Before(p.To) || i > 0 && p.From.Before(periods[i-1].To) ||
				i > 0 && (periods[i-1].To.IsZero() || p.From.Equal(periods[i-1].To) && p.Segment == periods[i-1].Segment) {
				t.Fatalf("period %d of %v", i, periods)
			}
		}
		for q := -4; q < 4*31; q++ {
			at, want := day(float64(q)/4), ""
			for _, record := range records {
				if !record.Verdict.AsOf.After(at) {
					want = record.Membership.Segment
				}
			}
			got := ""
			if i := slices.IndexFunc(periods, func(p segment.Period) bool {
				return !at.Before(p.From) && (p.To.IsZero() || at.Before(p.To))
			}); i >= 0 {
				got = periods[i].Segment
			}
			if got != want {
				t.Fatalf("at %v the account is in %q, and by its periods %v in %q", at, want, periods, got)
			}
		}
	}
	if moves < 1000 {
		t.Errorf("only %d periods", moves)
	}
}
