package outcometest

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/outcome"
)

// brokenMeasurements is a Memory with some methods replaced.
type brokenMeasurements struct {
	outcome.Memory
	put      func(ctx context.Context, account string, values ...outcome.Measurement) error
	measured func(ctx context.Context, account, measure string, from, to, knownAt time.Time) iter.Seq2[outcome.Measurement, error]
	forget   func(ctx context.Context, account string) error
}

func (b *brokenMeasurements) Put(ctx context.Context, account string, values ...outcome.Measurement) error {
	if b.put != nil {
		return b.put(ctx, account, values...)
	}
	return b.Memory.Put(ctx, account, values...)
}

func (b *brokenMeasurements) Measured(
	ctx context.Context, account, measure string, from, to, knownAt time.Time,
) iter.Seq2[outcome.Measurement, error] {
	if b.measured != nil {
		return b.measured(ctx, account, measure, from, to, knownAt)
	}
	return b.Memory.Measured(ctx, account, measure, from, to, knownAt)
}

func (b *brokenMeasurements) Forget(ctx context.Context, account string) error {
	if b.forget != nil {
		return b.forget(ctx, account)
	}
	return b.Memory.Forget(ctx, account)
}

// onPut changes values on their way in.
func onPut(change func(*outcome.Measurement)) func() outcome.Measurements {
	return func() outcome.Measurements {
		b := new(brokenMeasurements)
		b.put = func(ctx context.Context, account string, values ...outcome.Measurement) error {
			values = slices.Clone(values)
			for i := range values {
				change(&values[i])
			}
			return b.Memory.Put(ctx, account, values...)
		}
		return b
	}
}

// onMeasured changes the bounds of a range.
func onMeasured(change func(from, to, knownAt *time.Time)) func() outcome.Measurements {
	return func() outcome.Measurements {
		b := new(brokenMeasurements)
		b.measured = func(
			ctx context.Context, account, measure string, from, to, knownAt time.Time,
		) iter.Seq2[outcome.Measurement, error] {
			change(&from, &to, &knownAt)
			return b.Memory.Measured(ctx, account, measure, from, to, knownAt)
		}
		return b
	}
}

func TestMeasurementsSuiteSeesFaults(t *testing.T) {
	ctx := context.Background()
	const tick = time.Microsecond
	conform.Broken(t, measurementCases(), []conform.Fault[outcome.Measurements]{
		{Clause: "M1", New: func() outcome.Measurements { // one of several
			b := new(brokenMeasurements)
			b.put = func(ctx context.Context, account string, values ...outcome.Measurement) error {
				return b.Memory.Put(ctx, account, values[:min(1, len(values))]...)
			}
			return b
		}},
		{Clause: "M2", New: func() outcome.Measurements { // the first value stays
			b := new(brokenMeasurements)
			b.put = func(ctx context.Context, account string, values ...outcome.Measurement) error {
				for _, v := range values {
					old, err := conform.Collect(b.Memory.Measured(ctx, account, v.Measure, v.At, v.At.Add(tick), time.Time{}))
					if err != nil || len(old) > 0 {
						continue
					}
					if err := b.Memory.Put(ctx, account, v); err != nil {
						return err
					}
				}
				return nil
			}
			return b
		}},
		{Clause: "M2", New: func() outcome.Measurements { // the same again moves the recorded time
			b := new(brokenMeasurements)
			b.put = func(ctx context.Context, account string, values ...outcome.Measurement) error {
				for _, v := range values {
					between := v
					between.Value++
					if err := b.Memory.Put(ctx, account, between, v); err != nil {
						return err
					}
				}
				return nil
			}
			return b
		}},
		{Clause: "M2", New: func() outcome.Measurements { // what is known then already is never a revision
			b := new(brokenMeasurements)
			b.put = func(ctx context.Context, account string, values ...outcome.Measurement) error {
				for _, v := range values {
					old, err := conform.Collect(b.Memory.Measured(ctx, account, v.Measure, v.At, v.At.Add(tick), v.Recorded))
					if err != nil {
						return err
					}
					if len(old) > 0 && old[0].Value == v.Value {
						continue
					}
					if err := b.Memory.Put(ctx, account, v); err != nil {
						return err
					}
				}
				return nil
			}
			return b
		}},
		{Clause: "M3", New: onMeasured(func(from, to, _ *time.Time) { // to is included
			if !to.IsZero() {
				*to = to.Add(tick)
			}
		})},
		{Clause: "M3", New: onMeasured(func(from, _, _ *time.Time) { // from is not
			if !from.IsZero() {
				*from = from.Add(tick)
			}
		})},
		{Clause: "M3", New: onMeasured(func(_, _, knownAt *time.Time) { *knownAt = time.Time{} })},
		{Clause: "M3", New: onMeasured(func(_, _, knownAt *time.Time) { // known before, not at
			if !knownAt.IsZero() {
				*knownAt = knownAt.Add(-tick)
			}
		})},
		{Clause: "M4", New: onPut(func(m *outcome.Measurement) { m.Value = float64(float32(m.Value/8) * 8) })},
		{Clause: "M4", New: onPut(func(m *outcome.Measurement) { m.At = m.At.Truncate(time.Millisecond) })},
		{Clause: "M4", New: func() outcome.Measurements { // holds what it was given until it is read
			b := new(brokenMeasurements)
			var mu sync.Mutex
			var held []func() error
			b.put = func(ctx context.Context, account string, values ...outcome.Measurement) error {
				mu.Lock()
				defer mu.Unlock()
				held = append(held, func() error { return b.Memory.Put(ctx, account, values...) })
				return nil
			}
			b.measured = func(
				ctx context.Context, account, measure string, from, to, knownAt time.Time,
			) iter.Seq2[outcome.Measurement, error] {
				mu.Lock()
				defer mu.Unlock()
				for _, put := range held {
					if err := put(); err != nil {
						return func(yield func(outcome.Measurement, error) bool) { yield(outcome.Measurement{}, err) }
					}
				}
				held = nil
				return b.Memory.Measured(ctx, account, measure, from, to, knownAt)
			}
			return b
		}},
		{Clause: "M5", New: func() outcome.Measurements {
			b := new(brokenMeasurements)
			b.forget = func(context.Context, string) error { return nil }
			return b
		}},
		{Clause: "M6", New: func() outcome.Measurements { // folds letters
			b := new(brokenMeasurements)
			b.put = func(ctx context.Context, account string, values ...outcome.Measurement) error {
				return b.Memory.Put(ctx, strings.ToLower(account), values...)
			}
			b.measured = func(
				ctx context.Context, account, measure string, from, to, knownAt time.Time,
			) iter.Seq2[outcome.Measurement, error] {
				return b.Memory.Measured(ctx, strings.ToLower(account), measure, from, to, knownAt)
			}
			return b
		}},
		{Clause: "M7", New: func() outcome.Measurements { // looks again at each step
			b := new(brokenMeasurements)
			b.measured = func(
				ctx context.Context, account, measure string, from, to, knownAt time.Time,
			) iter.Seq2[outcome.Measurement, error] {
				return func(yield func(outcome.Measurement, error) bool) {
					for next := from; ; {
						rest, err := conform.Collect(b.Memory.Measured(ctx, account, measure, next, to, knownAt))
						if err != nil {
							yield(outcome.Measurement{}, err)
						}
						if err != nil || len(rest) == 0 || !yield(rest[0], nil) {
							return
						}
						next = rest[0].At.Add(tick)
					}
				}
			}
			return b
		}},
		{Clause: "M8", New: func() outcome.Measurements {
			b := new(brokenMeasurements)
			b.put = func(_ context.Context, account string, values ...outcome.Measurement) error {
				return b.Memory.Put(ctx, account, values...)
			}
			return b
		}},
		{Clause: "M8", New: func() outcome.Measurements { // hears of it with the first value
			b := new(brokenMeasurements)
			b.measured = func(
				ctx context.Context, account, measure string, from, to, knownAt time.Time,
			) iter.Seq2[outcome.Measurement, error] {
				return late(ctx, b.Memory.Measured(context.WithoutCancel(ctx), account, measure, from, to, knownAt))
			}
			return b
		}},
		{Clause: "M8", New: func() outcome.Measurements {
			b := new(brokenMeasurements)
			b.measured = func(
				_ context.Context, account, measure string, from, to, knownAt time.Time,
			) iter.Seq2[outcome.Measurement, error] {
				return b.Memory.Measured(ctx, account, measure, from, to, knownAt)
			}
			return b
		}},
	})
}
