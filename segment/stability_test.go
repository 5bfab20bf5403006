package segment_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

// history appends a membership for each letter, a day apart from day 0 on; a blank is out of all segments.
func history(t testing.TB, store segment.Assignments, account, letters string) {
	t.Helper()
	for i, letter := range letters {
		r := segment.Record{Format: 1, Version: int64(i + 1), Recorded: day(float64(i))}
		r.Verdict = segment.Verdict{Account: account, AsOf: day(float64(i))}
		r.Membership = segment.Membership{Segment: strings.TrimSpace(string(letter)), AsOf: day(float64(i))}
		if err := store.Append(t.Context(), account, int64(i), r); err != nil {
			t.Fatal(err)
		}
	}
}

func TestStability(t *testing.T) {
	for name, tc := range map[string]struct {
		accounts []string
		from, to float64
		want     segment.Stability
	}{
		"nobody":                    {nil, 0, 9, segment.Stability{}},
		"still":                     {[]string{"aaaa"}, 0, 9, segment.Stability{Accounts: 1}},
		"first entry":               {[]string{"  ab"}, 0, 9, segment.Stability{Accounts: 1, Moves: 1}},
		"back on the second day":    {[]string{"abba"}, 0, 9, segment.Stability{Accounts: 1, Moves: 2, Flaps: 1, Flapping: 1}},
		"back too late":             {[]string{"abbba"}, 0, 9, segment.Stability{Accounts: 1, Moves: 2}},
		"to and fro":                {[]string{"ababa"}, 0, 9, segment.Stability{Accounts: 1, Moves: 4, Flaps: 3, Flapping: 1}},
		"by a third":                {[]string{"abca"}, 0, 9, segment.Stability{Accounts: 1, Moves: 3, Flaps: 1, Flapping: 1}},
		"out and in":                {[]string{"a a"}, 0, 9, segment.Stability{Accounts: 1, Moves: 2, Flaps: 1, Flapping: 1}},
		"out twice is no flap":      {[]string{"a b "}, 0, 9, segment.Stability{Accounts: 1, Moves: 3}},
		"left before the span":      {[]string{"aba"}, 2, 9, segment.Stability{Accounts: 1, Moves: 1, Flaps: 1, Flapping: 1}},
		"moved before the span":     {[]string{"ababb"}, 4, 9, segment.Stability{Accounts: 1}},
		"not before the span":       {[]string{"abab"}, 5, 9, segment.Stability{}},
		"up to the span's end":      {[]string{"aba"}, 0, 2, segment.Stability{Accounts: 1, Moves: 1}},
		"accounts are kept apart":   {[]string{"ab", "ba", "aba"}, 0, 9, segment.Stability{Accounts: 3, Moves: 4, Flaps: 1, Flapping: 1}},
		"entered in the span again": {[]string{"a   a"}, 0, 9, segment.Stability{Accounts: 1, Moves: 2}},
	} {
		var store segment.Memory
		for i, letters := range tc.accounts {
			history(t, &store, string(rune('A'+i)), letters)
		}
		got, err := segment.MeasureStability(t.Context(), &store, 2*segment.Day, day(tc.from), day(tc.to))
		if err != nil || got != tc.want {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, tc.want)
		}
	}
	if rate, ok := (segment.Stability{Moves: 4, Flaps: 1}).FlapRate(); rate != 0.25 || !ok {
		t.Errorf("got rate %v, %t", rate, ok)
	}
	if _, ok := (segment.Stability{Accounts: 1}).FlapRate(); ok {
		t.Error("where nothing moved there is a rate")
	}
}

// TestStabilityTwin counts a second time: for each move, all pairs of days are looked at.
func TestStabilityTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		var store segment.Memory
		var want segment.Stability
		from, to, within := r.IntN(4), 4+r.IntN(6), 1+r.IntN(4)
		for a := range 4 {
			letters := make([]byte, 1+r.IntN(10))
			for i := range letters {
				letters[i] = pick(r, []byte("abb c"))
			}
			history(t, &store, string(rune('A'+a)), string(letters))
			flaps := 0
			if len(letters) > from {
				want.Accounts++
			}
			for i := max(1, from); i < min(to, len(letters)); i++ {
				if letters[i] == letters[i-1] || strings.TrimSpace(string(letters[:i])) == "" {
					continue
				}
				want.Moves++
				for j := i - 1; j > 0 && j >= i-within; j-- {
					if letters[i] != ' ' && letters[j-1] == letters[i] && letters[j] != letters[i] {
						flaps++
						break
					}
				}
			}
			want.Flaps += flaps
			want.Flapping += min(1, flaps)
		}
		got, err := segment.MeasureStability(t.Context(), &store, segment.Duration(within)*segment.Day, day(float64(from)), day(float64(to)))
		if err != nil || got != want {
			t.Fatalf("from %d to %d within %d: got %+v, %v, want %+v", from, to, within, got, err, want)
		}
	}
}

func TestStabilityRefuses(t *testing.T) {
	var store segment.Memory
	history(t, &store, "acme", "ab")
	for name, tc := range map[string]struct {
		within   segment.Duration
		from, to time.Time
		want     string
	}{
		"from":   {1, time.Time{}, day(1), "segment: from: is zero"},
		"to":     {1, day(0), time.Time{}, "segment: to: is zero"},
		"order":  {1, day(1), day(1), "segment: to: is not after from"},
		"within": {0, day(0), day(1), "segment: within: must be above 0"},
	} {
		if _, err := segment.MeasureStability(t.Context(), &store, tc.within, tc.from, tc.to); err == nil || err.Error() != tc.want {
			t.Errorf("%s: got error %v, want %s", name, err, tc.want)
		}
	}
	if _, err := segment.MeasureStability(t.Context(), nil, 1, day(0), day(1)); err == nil {
		t.Error("without a store there is no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := segment.MeasureStability(ctx, &store, 1, day(0), day(1)); !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want the context's", err)
	}
	newer := segment.Record{Format: 2, Version: 3, Verdict: segment.Verdict{Account: "acme", AsOf: day(2)}}
	if err := store.Append(t.Context(), "acme", 2, newer); err != nil {
		t.Fatal(err)
	}
	if _, err := segment.MeasureStability(t.Context(), &store, 1, day(0), day(9)); !errors.Is(err, segment.ErrFormat) {
		t.Errorf("got error %v, want ErrFormat", err)
	}
}
