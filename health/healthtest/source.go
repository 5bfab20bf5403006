package healthtest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/conform"
)

func sourceCases() []conform.Case[maker] {
	return []conform.Case[maker]{
		{Clause: "S1", Name: "the latest reading not after asOf", Run: givesLatest},
		{Clause: "S1", Name: "account and start", Run: givesStart},
		{Clause: "S2", Name: "as known then", Run: givesKnown},
		{Clause: "S2", Name: "revisions that arrive late", Run: givesLate},
		{Clause: "S3", Name: "an account never seen", Run: givesNone},
		{Clause: "S4", Name: "what was returned stays", Run: staysAsReturned},
		{Clause: "S4", Name: "what a caller changes", Run: keepsReadings},
		{Clause: "S4", Name: "calls from many goroutines", Run: readsConcurrently},
		{Clause: "S5", Name: "a cancelled context", Run: inputGivesUp},
		{Clause: "S6", Name: "accounts and measures are told apart by bytes", Run: readsApart},
		{Clause: "S6", Name: "readings come back to the bit", Run: readsBits},
	}
}

// row is a reading on day at, recorded a minute after day recorded.
func row(account, measure string, value float64, at, recorded int) Row {
	return Row{
		Account: account, Since: day(-100), Measure: measure,
		Reading: health.Reading{Value: value, At: day(at)}, Recorded: day(recorded).Add(time.Minute),
	}
}

// ask returns the input of an account, which must be known.
func ask(ctx context.Context, s health.Source, account string, asOf, knownAt time.Time) (health.Input, error) {
	in, ok, err := s.Input(ctx, account, asOf, knownAt)
	if err != nil {
		return in, fmt.Errorf("input of %q: %w", account, err)
	}
	if !ok {
		return in, fmt.Errorf("input of %q: got false, want an input", account)
	}
	if in.Readings == nil {
		return in, fmt.Errorf("input of %q: Readings is nil", account)
	}
	return in, nil
}

// value fails unless an input has this value for a measure; NaN stands for no reading.
func value(what string, in health.Input, measure string, want float64) error {
	r, ok := in.Readings.Reading(measure)
	switch {
	case math.IsNaN(want) && ok:
		return fmt.Errorf("%s: got %v for %q, want no reading", what, r.Value, measure)
	case !math.IsNaN(want) && (!ok || r.Value != want):
		return fmt.Errorf("%s: got %v, %v for %q, want %v", what, r.Value, ok, measure, want)
	}
	return nil
}

// never is later than all that the rows hold.
func never() time.Time { return day(10_000) }

func givesLatest(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{
		row("a", "nps", 3, 3, 3), row("a", "nps", 1, 1, 1), row("a", "nps", 2, 2, 9), row("a", "usage", 50, 2, 2),
	})
	if err != nil {
		return err
	}
	for _, c := range []struct {
		what       string
		asOf       time.Time
		nps, usage float64
	}{
		{"before all", day(1).Add(-time.Microsecond), math.NaN(), math.NaN()},
		{"asOf is inclusive", day(1), 1, math.NaN()},
		{"a day later", day(2), 2, 50},
		{"just before the third", day(3).Add(-time.Microsecond), 2, 50},
		{"at the third, though another was recorded later", day(3), 3, 50},
		{"long after", day(400), 3, 50},
	} {
		in, err := ask(ctx, s, "a", c.asOf, never())
		if err != nil {
			return err
		}
		for _, err := range []error{
			value(c.what, in, "nps", c.nps), value(c.what, in, "usage", c.usage), value(c.what, in, "other", math.NaN()),
		} {
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func givesStart(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1)})
	if err != nil {
		return err
	}
	in, err := ask(ctx, s, "a", day(5), never())
	if err != nil {
		return err
	}
	if in.Account != "a" || !in.Since.Equal(day(-100)) {
		return fmt.Errorf("got account %q since %v, want \"a\" since %v", in.Account, in.Since, day(-100))
	}
	return nil
}

func givesKnown(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{
		row("a", "nps", 7, 1, 1), row("a", "nps", 9, 1, 5), row("a", "nps", 8, 1, 3), // three revisions, in no order
		row("a", "nps", 2, 2, 6), // a later reading, recorded late
	})
	if err != nil {
		return err
	}
	minute := time.Minute
	for _, c := range []struct {
		what    string
		knownAt time.Time
		want    float64
	}{
		{"the first revision", day(1).Add(minute), 7},
		{"just before the second", day(3).Add(minute - time.Microsecond), 7},
		{"knownAt is inclusive", day(3).Add(minute), 8},
		{"the third", day(5).Add(minute), 9},
		{"the late reading", day(6).Add(minute), 2},
		{"no bound", time.Time{}, 2},
	} {
		in, err := ask(ctx, s, "a", day(4), c.knownAt)
		if err != nil {
			return err
		}
		if err := value(c.what, in, "nps", c.want); err != nil {
			return err
		}
	}
	return nil
}

func givesLate(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{
		row("a", "nps", 10, 0, 2), row("a", "nps", 20, 0, 6), // known from day 2 and from day 6
		row("a", "nps", 10, 0, 4), // what is known then, and no no-op: another revision was recorded since
		row("a", "nps", 5, 0, 3),
		row("a", "nps", 40, 0, 8), row("a", "nps", 30, 0, 8), // recorded at one instant
	})
	if err != nil {
		return err
	}
	for _, c := range []struct {
		day  int
		want float64
	}{{2, 10}, {3, 5}, {4, 10}, {5, 10}, {6, 20}, {8, 30}} {
		in, err := ask(ctx, s, "a", day(9), day(c.day).Add(time.Minute))
		if err != nil {
			return err
		}
		if err := value(fmt.Sprint("known on day ", c.day), in, "nps", c.want); err != nil {
			return err
		}
	}
	return nil
}

func givesNone(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1)})
	if err != nil {
		return err
	}
	for _, account := range []string{"b", "A", "a ", "a\u0301"} {
		if _, ok, err := s.Input(ctx, account, day(5), never()); ok || err != nil {
			return fmt.Errorf("input of %q: got %v, error %v, want false and no error", account, ok, err)
		}
	}
	return nil
}

func staysAsReturned(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1), row("a", "nps", 3, 3, 3), row("b", "nps", 8, 1, 1)})
	if err != nil {
		return err
	}
	first, err := ask(ctx, s, "a", day(2), never())
	if err != nil {
		return err
	}
	for _, account := range []string{"a", "b"} {
		if _, err := ask(ctx, s, account, day(9), never()); err != nil {
			return err
		}
	}
	return value("after other calls", first, "nps", 1)
}

// keepsReadings can see only readings of the type that most sources give.
func keepsReadings(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1)})
	if err != nil {
		return err
	}
	for range 2 {
		in, err := ask(ctx, s, "a", day(2), never())
		if err != nil {
			return err
		}
		if err := value("after a change of what was returned", in, "nps", 1); err != nil {
			return err
		}
		if readings, ok := in.Readings.(health.ReadingMap); ok {
			readings["nps"] = health.Reading{Value: 2, At: day(1)}
		}
	}
	return nil
}

func readsConcurrently(ctx context.Context, newSource maker) error {
	const workers = 8
	var rows []Row
	for w := range workers {
		rows = append(rows, row(fmt.Sprint("account ", w), "nps", float64(w), 1, 1))
	}
	s, err := newSource(rows)
	if err != nil {
		return err
	}
	errs := make([]error, workers)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for range 20 {
				in, err := ask(ctx, s, fmt.Sprint("account ", w), day(2), never())
				if err == nil {
					err = value("concurrent input", in, "nps", float64(w))
				}
				if err != nil {
					errs[w] = err
					return
				}
			}
		})
	}
	wait.Wait()
	return errors.Join(errs...)
}

func inputGivesUp(ctx context.Context, newSource maker) error {
	s, err := newSource([]Row{row("a", "nps", 1, 1, 1)})
	if err != nil {
		return err
	}
	for _, account := range []string{"a", "never seen"} {
		_, _, err := s.Input(ended(ctx), account, day(2), never())
		if err := gaveUp(fmt.Sprintf("input of %q", account), err); err != nil {
			return err
		}
	}
	return nil
}

func readsApart(ctx context.Context, newSource maker) error {
	var rows []Row
	for i, id := range ids() {
		rows = append(rows, row(id, "nps", float64(i), 1, 1), row("all", id, float64(i), 1, 1))
	}
	s, err := newSource(rows)
	if err != nil {
		return err
	}
	all, err := ask(ctx, s, "all", day(2), never())
	if err != nil {
		return err
	}
	for i, id := range ids() {
		in, err := ask(ctx, s, id, day(2), never())
		if err != nil {
			return err
		}
		if err := value(fmt.Sprintf("account %q", id), in, "nps", float64(i)); err != nil {
			return err
		}
		if err := value("account \"all\"", all, id, float64(i)); err != nil {
			return err
		}
	}
	return nil
}

func readsBits(ctx context.Context, newSource maker) error {
	want := []health.Reading{
		{Value: 0.1}, {Value: 5e-324}, {Value: -1.7976931348623157e308}, {Value: 1.0 / 3, State: health.Known},
		{State: health.NotApplicable, Why: "has no such module"}, {State: health.Failed, Why: "timeout: \"é\u2028\""},
	}
	var rows []Row
	for i := range want {
		want[i].At = day(1).Add(time.Duration(i) * time.Microsecond)
		r := row("a", fmt.Sprint("m", i), 0, 1, 1)
		r.Reading = want[i]
		rows = append(rows, r)
	}
	s, err := newSource(rows)
	if err != nil {
		return err
	}
	in, err := ask(ctx, s, "a", day(2), never())
	if err != nil {
		return err
	}
	for i, w := range want {
		got, ok := in.Readings.Reading(fmt.Sprint("m", i))
		if !ok || got.Value != w.Value || !got.At.Equal(w.At) || got.State != w.State || got.Why != w.Why {
			return fmt.Errorf("got %+v, %v, want %+v", got, ok, w)
		}
	}
	return nil
}
