package outcometest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/outcome"
)

func measurementCases() []conform.Case[outcome.Measurements] {
	return []conform.Case[outcome.Measurements]{
		{Clause: "M1", Name: "values under their keys", Run: putByKey},
		{Clause: "M2", Name: "the same value again, and another", Run: putAgain},
		{Clause: "M2", Name: "values that arrive late", Run: putLate},
		{Clause: "M3", Name: "bounds of time", Run: measuredBounds},
		{Clause: "M3", Name: "as known then", Run: measuredKnown},
		{Clause: "M4", Name: "values come back whole", Run: measuredWhole},
		{Clause: "M4", Name: "the stored values are nobody else's", Run: putOwn},
		{Clause: "M5", Name: "nothing is left", Run: forgetMeasured},
		{Clause: "M6", Name: "near twins are different", Run: twinMeasured},
		{Clause: "M7", Name: "a range is a snapshot", Run: rangeMeasured},
		{Clause: "M8", Name: "a cancelled context", Run: cancelMeasured},
		{Clause: "M8", Name: "a cancelled context over nothing", Run: cancelNothing},
		{Clause: "M8", Name: "goroutines on one store", Run: raceMeasured},
	}
}

// value is a measured value, recorded at once.
func value(measure string, n int, v float64) outcome.Measurement {
	return outcome.Measurement{Measure: measure, At: at(n), Value: v, Recorded: at(n)}
}

// always reads all of a measure as known now.
func always(ctx context.Context, s outcome.Measurements, account, measure string) ([]outcome.Measurement, error) {
	return conform.Collect(s.Measured(ctx, account, measure, time.Time{}, time.Time{}, time.Time{}))
}

// sameValues compares to the microsecond and to the bit; 0 and -0 are one.
func sameValues(got []outcome.Measurement, want ...outcome.Measurement) error {
	same := func(a, b outcome.Measurement) bool {
		return a.Measure == b.Measure && a.At.Equal(b.At) && a.Value == b.Value && a.Recorded.Equal(b.Recorded)
	}
	if !slices.EqualFunc(got, want, same) {
		return fmt.Errorf("got %v, want %v", got, want)
	}
	return nil
}

func holds(ctx context.Context, s outcome.Measurements, account, measure string, want ...outcome.Measurement) error {
	got, err := always(ctx, s, account, measure)
	if err != nil {
		return fmt.Errorf("measure %q of %q: %w", measure, account, err)
	}
	if err := sameValues(got, want...); err != nil {
		return fmt.Errorf("measure %q of %q: %w", measure, account, err)
	}
	return nil
}

func putByKey(ctx context.Context, s outcome.Measurements) error {
	err := errors.Join(
		s.Put(ctx, "acme", value("m", 2, 2), value("m", 1, 1), value("n", 1, 10)),
		s.Put(ctx, "acme"),
		s.Put(ctx, "acme", value("m", 3, 3)),
		s.Put(ctx, "other", value("m", 1, 100)),
	)
	if err != nil {
		return fmt.Errorf("put: %w", err)
	}
	return errors.Join(
		holds(ctx, s, "acme", "m", value("m", 1, 1), value("m", 2, 2), value("m", 3, 3)),
		holds(ctx, s, "acme", "n", value("n", 1, 10)),
		holds(ctx, s, "other", "m", value("m", 1, 100)),
	)
}

func putAgain(ctx context.Context, s outcome.Measurements) error {
	first, again, revised, back := value("m", 1, 5), value("m", 1, 5), value("m", 1, 6), value("m", 1, 5)
	again.Recorded, revised.Recorded, back.Recorded = at(2), at(3), at(4)
	for _, step := range []struct{ put, want outcome.Measurement }{
		{first, first}, {first, first}, {again, first}, {revised, revised}, {back, back},
	} {
		if err := s.Put(ctx, "acme", step.put); err != nil {
			return fmt.Errorf("put: %w", err)
		}
		if err := holds(ctx, s, "acme", "m", step.want); err != nil {
			return fmt.Errorf("after %v: %w", step.put, err)
		}
	}
	corrected := back
	corrected.Value = 7
	if err := s.Put(ctx, "acme", corrected); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	if err := holds(ctx, s, "acme", "m", corrected); err != nil {
		return fmt.Errorf("two revisions recorded at one instant: %w", err)
	}
	return nil
}

// putLate puts 10 at 1, 20 at 5, then 10 at 3, which is no no-op, since it must not hang on what is put at 2.
func putLate(ctx context.Context, s outcome.Measurements) error {
	recorded := func(n int, v float64) outcome.Measurement {
		m := value("m", 0, v)
		m.Recorded = at(n)
		return m
	}
	first, later, between := recorded(1, 10), recorded(5, 20), recorded(3, 10)
	known := func(n int, want outcome.Measurement) error {
		got, err := conform.Collect(s.Measured(ctx, "acme", "m", time.Time{}, time.Time{}, at(n)))
		if err != nil {
			return err
		}
		if err := sameValues(got, want); err != nil {
			return fmt.Errorf("known at %v: %w", at(n), err)
		}
		return nil
	}
	if err := errors.Join(s.Put(ctx, "acme", first), s.Put(ctx, "acme", later), s.Put(ctx, "acme", between)); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	if err := errors.Join(known(1, first), known(3, between), known(5, later)); err != nil {
		return err
	}
	before := recorded(2, 5)
	if err := s.Put(ctx, "acme", before); err != nil {
		return fmt.Errorf("put: %w", err)
	}
	return errors.Join(known(1, first), known(2, before), known(3, between), known(5, later))
}

func measuredBounds(ctx context.Context, s outcome.Measurements) error {
	if err := holds(ctx, s, "acme", "m"); err != nil {
		return err
	}
	var all []outcome.Measurement
	for n := range 5 {
		all = append(all, value("m", n, float64(n)))
	}
	if err := s.Put(ctx, "acme", all...); err != nil {
		return err
	}
	const tick = time.Microsecond
	for _, c := range []struct {
		from, to time.Time
		first, n int // which of the values
	}{
		{time.Time{}, time.Time{}, 0, 5},
		{at(1), time.Time{}, 1, 4},
		{at(1).Add(tick), time.Time{}, 2, 3},
		{time.Time{}, at(3), 0, 3},
		{time.Time{}, at(3).Add(tick), 0, 4},
		{at(1), at(3), 1, 2},
		{at(3), at(3), 0, 0},
		{at(4), at(1), 0, 0},
		{at(9), time.Time{}, 0, 0},
	} {
		got, err := conform.Collect(s.Measured(ctx, "acme", "m", c.from, c.to, time.Time{}))
		if err != nil {
			return err
		}
		if err := sameValues(got, all[c.first:c.first+c.n]...); err != nil {
			return fmt.Errorf("from %v to %v: %w", c.from, c.to, err)
		}
	}
	return nil
}

func measuredKnown(ctx context.Context, s outcome.Measurements) error {
	early, late, revised := value("m", 1, 1), value("m", 2, 2), value("m", 1, 9)
	late.Recorded, revised.Recorded = at(5), at(7)
	if err := errors.Join(s.Put(ctx, "acme", revised), s.Put(ctx, "acme", late), s.Put(ctx, "acme", early)); err != nil {
		return fmt.Errorf("put, the latest known first: %w", err)
	}
	const tick = time.Microsecond
	for _, c := range []struct {
		known time.Time
		want  []outcome.Measurement
	}{
		{at(0), nil},
		{at(1), []outcome.Measurement{early}},
		{at(5).Add(-tick), []outcome.Measurement{early}},
		{at(5), []outcome.Measurement{early, late}},
		{at(7).Add(-tick), []outcome.Measurement{early, late}},
		{at(7), []outcome.Measurement{revised, late}},
	} {
		got, err := conform.Collect(s.Measured(ctx, "acme", "m", time.Time{}, time.Time{}, c.known))
		if err != nil {
			return err
		}
		if err := sameValues(got, c.want...); err != nil {
			return fmt.Errorf("known at %v: %w", c.known, err)
		}
	}
	return nil
}

func measuredWhole(ctx context.Context, s outcome.Measurements) error {
	negativeZero := 0.0
	negativeZero = -negativeZero
	var want []outcome.Measurement
	for n, v := range []float64{0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -123456789.123456789, 1 << 53, negativeZero} {
		m := value("Größe \U0001f600", n, v)
		m.Recorded = at(100 + n)
		want = append(want, m)
	}
	if err := s.Put(ctx, "acme", want...); err != nil {
		return err
	}
	return holds(ctx, s, "acme", "Größe \U0001f600", want...)
}

// putOwn changes the values that it gave.
func putOwn(ctx context.Context, s outcome.Measurements) error {
	given := []outcome.Measurement{value("m", 1, 1), value("m", 2, 2)}
	if err := s.Put(ctx, "acme", given...); err != nil {
		return err
	}
	given[1].Value = 77
	return holds(ctx, s, "acme", "m", value("m", 1, 1), value("m", 2, 2))
}

func forgetMeasured(ctx context.Context, s outcome.Measurements) error {
	revised := value("m", 1, 2)
	revised.Recorded = at(2)
	err := errors.Join(
		s.Put(ctx, "acme", value("m", 1, 1), value("n", 1, 1)),
		s.Put(ctx, "acme", revised),
		s.Put(ctx, "other", value("m", 1, 3)),
		s.Forget(ctx, "acme"), s.Forget(ctx, "acme"), s.Forget(ctx, "never seen"),
		holds(ctx, s, "acme", "m"),
		holds(ctx, s, "acme", "n"),
		holds(ctx, s, "other", "m", value("m", 1, 3)),
	)
	if err != nil {
		return err
	}
	later := value("m", 1, 4)
	later.Recorded = at(9)
	if err := s.Put(ctx, "acme", later); err != nil {
		return err
	}
	return holds(ctx, s, "acme", "m", later)
}

func twinMeasured(ctx context.Context, s outcome.Measurements) error {
	for i, account := range ids() {
		for k, measure := range ids() {
			if err := s.Put(ctx, account, value(measure, 1, float64(10*i+k))); err != nil {
				return fmt.Errorf("put measure %q of %q: %w", measure, account, err)
			}
		}
	}
	for i, account := range ids() {
		for k, measure := range ids() {
			if err := holds(ctx, s, account, measure, value(measure, 1, float64(10*i+k))); err != nil {
				return err
			}
		}
	}
	return nil
}

func rangeMeasured(ctx context.Context, s outcome.Measurements) error {
	want := []outcome.Measurement{value("m", 1, 1), value("m", 3, 3), value("m", 5, 5)}
	if err := s.Put(ctx, "acme", want...); err != nil {
		return err
	}
	var got []outcome.Measurement
	for m, err := range s.Measured(ctx, "acme", "m", time.Time{}, time.Time{}, time.Time{}) {
		if err != nil {
			return err
		}
		if len(got) == 0 {
			revised := value("m", 5, 6)
			revised.Recorded = at(9)
			if err := s.Put(ctx, "acme", value("m", 2, 2), revised, value("m", 7, 7)); err != nil {
				return fmt.Errorf("put while ranging: %w", err)
			}
		}
		got = append(got, m)
	}
	if err := sameValues(got, want...); err != nil {
		return fmt.Errorf("values put during the range: %w", err)
	}
	n := 0
	for _, err := range s.Measured(ctx, "acme", "m", time.Time{}, time.Time{}, time.Time{}) {
		if err != nil {
			return err
		}
		if n++; n == 2 {
			break
		}
	}
	if again, err := always(ctx, s, "acme", "m"); err != nil || len(again) != 5 {
		return fmt.Errorf("after a range that was stopped: got %d values and error %v, want 5", len(again), err)
	}
	return nil
}

func cancelMeasured(ctx context.Context, s outcome.Measurements) error {
	if err := s.Put(ctx, "acme", value("m", 1, 1)); err != nil {
		return err
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, measuredErr := always(ended, s, "acme", "m")
	for _, call := range []struct {
		name string
		err  error
	}{
		{"Put", s.Put(ended, "acme", value("m", 2, 2))},
		{"Measured", measuredErr},
		{"Forget", s.Forget(ended, "acme")},
	} {
		if !errors.Is(call.err, context.Canceled) {
			return fmt.Errorf("%s: got %v, want context.Canceled", call.name, call.err)
		}
	}
	return holds(ctx, s, "acme", "m", value("m", 1, 1))
}

func cancelNothing(ctx context.Context, s outcome.Measurements) error {
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := always(ended, s, "acme", "m"); !errors.Is(err, context.Canceled) {
		return fmt.Errorf("call of Measured: got %v, want context.Canceled", err)
	}
	return nil
}

func raceMeasured(ctx context.Context, s outcome.Measurements) error {
	errs := together(func(i int) error {
		for n := range 10 {
			if err := s.Put(ctx, "acme", value("m", 10*i+n, float64(i)), value(fmt.Sprint("m", i), n, 1)); err != nil {
				return err
			}
			if _, err := always(ctx, s, "acme", "m"); err != nil {
				return err
			}
		}
		return s.Forget(ctx, fmt.Sprint("nobody ", i))
	})
	got, err := always(ctx, s, "acme", "m")
	if len(got) != 10*writers {
		err = errors.Join(err, fmt.Errorf("got %d values, want %d", len(got), 10*writers))
	}
	return errors.Join(append(errs, err)...)
}
