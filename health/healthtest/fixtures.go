package healthtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
)

// day returns an instant with microseconds that are not zero.
func day(n int) time.Time {
	return time.Date(2026, 1, 1, 8, 30, 15, 123_457_000, time.UTC).AddDate(0, 0, n)
}

// ids are accounts that differ in bytes, and that collations, trimming and folding take for one another. They are in
// order of their bytes.
func ids() []string {
	return []string{
		"A", "a", "a ", "a1", "a10", "a2",
		"e\u0301",                     // é as two characters
		"z", strings.Repeat("z", 256), // the longest
		"\u00e9", "\uff5e", "\U0001f600", // é as one; and two whose order in UTF-16 is the other way round
	}
}

// record returns a record with a field of each kind, that differs by account, version and salt.
func record(account string, version int64, salt float64) health.Record {
	asOf := day(int(version))
	return health.Record{
		Format: 1, Version: version, Recorded: asOf.Add(time.Minute),
		Score: health.Score{
			Account: account, AsOf: asOf, Since: day(-400), Card: "карта", Version: "1.0", Digest: health.Digest{1, 2, 255},
			Known: true, Value: 41.5, Computed: 62.25, Limited: -20.75, Band: "red", Coverage: 0.1,
			Aspects: []health.AspectScore{
				{Aspect: health.Outcome},
				{Aspect: health.Experience, Known: true, Value: 85, Coverage: 1},
			},
			Low: 34, High: 94,
			Parts: []health.Part{{
				Path: "experience/nps", Measure: "nps", Age: health.Duration(36 * time.Hour), Liveness: 0.30000000000000004,
				Reading: health.Reading{Value: salt, At: day(-2), Why: "\"quoted\", <b>, \u2028, \x7f"},
				OnCurve: 62.25, Weight: math.SmallestNonzeroFloat64, Points: 62.25,
			}},
			Limit: &health.Limit{
				Measure: "nps", When: health.Less, Value: math.Copysign(0, -1), Kind: health.Cap, Points: 41.5, Reason: "because",
			},
			Override: &health.Override{
				By: "someone", Reason: "a call", Kind: health.OverrideCap, Points: 50, From: day(-1), Until: day(30),
			},
		},
		Standing: health.Standing{
			Band: "amber", Since: day(-9), Pending: "red", PendingSince: day(-1).Add(time.Microsecond), AsOf: asOf,
			Fell: 12.5, Peaks: []health.Peak{{AsOf: day(-3), Points: 54}, {AsOf: asOf, Points: 41.5}}, PeaksOf: health.Digest{1, 2, 255},
		},
		Events: []health.Event{
			{
				ID: fmt.Sprintf("band_changed/%d", version), Account: account, Kind: health.BandChanged, At: asOf,
				From: "green", To: "amber", Points: 41.5,
			},
			{
				ID: fmt.Sprintf("risk_reopened/%d", version), Account: account, Kind: health.RiskReopened, At: asOf,
				From: "closed", To: "reopened", Points: 41.5, Lost: 12.5, Risk: "0123", Category: "sponsor_lost",
			},
		},
		Risks: []health.Risk{{
			ID: "0123", Source: health.FromCard, Category: "sponsor_lost", State: health.Reopened, Changed: asOf, Opened: asOf,
			Occurrences: 2, Last: asOf.Add(-time.Microsecond), Reason: "\"left\"", Owner: "someone", Alarm: health.FalseAlarm, Holds: true,
		}},
	}
}

// act returns the record of an act after record version-1: it keeps that one's score, and so its instant.
func act(account string, version int64) health.Record {
	r := record(account, version-1, float64(version-1))
	r.Version, r.Recorded = version, r.Recorded.Add(time.Second)
	r.Events = r.Events[1:]
	r.Act = &health.Act{
		Kind: health.Close, Source: health.FromCard, Category: "sponsor_lost", At: day(int(version)).Add(time.Microsecond),
		By: "someone", Reason: "a talk", Alarm: health.TrueAlarm,
	}
	return r
}

// unknown returns a record of an unknown score, which has nulls in JSON.
func unknown(account string, version int64) health.Record {
	r := record(account, version, 1)
	s := &r.Score
	s.Known, s.Value, s.Computed, s.Limited, s.Band, s.Why = false, 0, 0, 0, health.Unknown, "empty"
	s.Limit, s.Override, r.Events = nil, nil, nil
	r.Standing = health.Standing{Band: health.Unknown, Since: s.AsOf, AsOf: s.AsOf, Unknown: true}
	return r
}

// same compares what is stored, by its canonical JSON.
func same(what string, got, want health.Record) error {
	g, err := json.Marshal(got)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	if !bytes.Equal(g, w) {
		return fmt.Errorf("%s: got\n%s\nwant\n%s", what, g, w)
	}
	return nil
}

// fill appends records 1 to n of an account.
func fill(ctx context.Context, h health.History, account string, n int64) error {
	for v := int64(1); v <= n; v++ {
		if err := h.Append(ctx, account, v-1, record(account, v, float64(v))); err != nil {
			return fmt.Errorf("append %q, record %d: %w", account, v, err)
		}
	}
	return nil
}

// collect returns all that a sequence gives before its error.
func collect[T any](what string, seq iter.Seq2[T, error]) ([]T, error) {
	var all []T
	for x, err := range seq {
		if err != nil {
			return all, fmt.Errorf("%s: %w", what, err)
		}
		all = append(all, x)
	}
	return all, nil
}

// versions fails unless the sequence gives the records of these versions in this order.
func versions(what string, seq iter.Seq2[health.Record, error], want ...int64) error {
	records, err := collect(what, seq)
	if err != nil {
		return err
	}
	got := make([]int64, len(records))
	for i, r := range records {
		got[i] = r.Version
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		return fmt.Errorf("%s: got versions %v, want %v", what, got, want)
	}
	return nil
}

// conflict fails unless err is ErrConflict.
func conflict(what string, err error) error {
	if !errors.Is(err, health.ErrConflict) {
		return fmt.Errorf("%s: got error %v, want ErrConflict", what, err)
	}
	return nil
}

// patient runs f and gives up waiting after a while, so that a store which waits for itself fails instead of hanging.
func patient(f func() error) error {
	done := make(chan error, 1)
	go func() { done <- f() }()
	timer := time.NewTimer(30 * time.Second)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		return errors.New("no answer in 30 s: does the store hold a lock or a connection while it yields?")
	}
}

// ended returns a context that is cancelled.
func ended(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx
}

// gaveUp fails unless err is the context's.
func gaveUp(what string, err error) error {
	if !errors.Is(err, context.Canceled) {
		return fmt.Errorf("%s with a cancelled context: got error %v, want context.Canceled", what, err)
	}
	return nil
}
