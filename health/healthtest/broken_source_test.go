package healthtest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/conform"
)

// source is a Source with one fault.
type source struct {
	health.Source
	fold     func(string) string
	ask      func(asOf, knownAt time.Time) (time.Time, time.Time)
	reading  func(health.Reading) health.Reading
	noGiveUp bool
	mustKnow bool
	since    time.Time
}

func (s *source) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	if s.noGiveUp {
		ctx = context.WithoutCancel(ctx)
	}
	if s.fold != nil {
		account = s.fold(account)
	}
	if s.ask != nil {
		asOf, knownAt = s.ask(asOf, knownAt)
	}
	in, ok, err := s.Source.Input(ctx, account, asOf, knownAt)
	if err != nil {
		return in, ok, err
	}
	if s.mustKnow && !ok {
		return in, false, errors.New("no such account")
	}
	readings, _ := in.Readings.(health.ReadingMap)
	for name, r := range readings {
		if s.reading != nil {
			readings[name] = s.reading(r)
		}
	}
	if !s.since.IsZero() {
		in.Since = s.since
	}
	return in, ok, nil
}

func TestSourceSuiteSees(t *testing.T) {
	fault := func(clause string, s source) conform.Fault[maker] {
		return conform.Fault[maker]{Clause: clause, New: func() maker {
			return func(rows []Row) (health.Source, error) {
				inner, err := memoryOf(rows)
				broken := s
				broken.Source = inner
				return &broken, err
			}
		}}
	}
	conform.Broken(t, sourceCases(), []conform.Fault[maker]{
		fault("S1", source{ask: func(_, knownAt time.Time) (time.Time, time.Time) { return day(9999), knownAt }}),
		fault("S1", source{ask: func(asOf, knownAt time.Time) (time.Time, time.Time) { return asOf.Add(-1000), knownAt }}),
		fault("S1", source{since: day(3)}),
		fault("S2", source{ask: func(asOf, _ time.Time) (time.Time, time.Time) { return asOf, never() }}),
		fault("S2", source{ask: func(asOf, knownAt time.Time) (time.Time, time.Time) { return asOf, knownAt.Add(-1000) }}),
		fault("S3", source{mustKnow: true}),
		fault("S5", source{noGiveUp: true}),
		fault("S6", source{fold: strings.TrimSpace}),
		fault("S6", source{fold: strings.ToLower}),
		fault("S6", source{reading: func(r health.Reading) health.Reading {
			r.Value = float64(float32(r.Value))
			return r
		}}),
		fault("S6", source{reading: func(r health.Reading) health.Reading {
			r.At = r.At.Truncate(time.Millisecond)
			return r
		}}),
		{Clause: "S2", New: func() maker { // a repeat of what is known then is never kept
			return func(rows []Row) (health.Source, error) {
				var kept []Row
				for _, r := range rows {
					known := -1
					for i, k := range kept {
						if k.Account == r.Account && k.Measure == r.Measure && k.Reading.At.Equal(r.Reading.At) &&
							!k.Recorded.After(r.Recorded) && (known < 0 || !k.Recorded.Before(kept[known].Recorded)) {
							known = i
						}
					}
					if known < 0 || kept[known].Reading != r.Reading {
						kept = append(kept, r)
					}
				}
				return memoryOf(kept)
			}
		}},
		{Clause: "S2", New: func() maker { // of two at one instant the first
			return func(rows []Row) (health.Source, error) {
				slices.Reverse(rows)
				return memoryOf(rows)
			}
		}},
		{Clause: "S4", New: func() maker {
			return func(rows []Row) (health.Source, error) {
				inner, err := memoryOf(rows)
				return &caching{Source: inner, inputs: make(map[string]health.Input)}, err
			}
		}},
		{Clause: "S4", New: func() maker {
			return func(rows []Row) (health.Source, error) {
				inner, err := memoryOf(rows)
				return &reusing{Source: inner}, err
			}
		}},
	})
}

// caching hands out one input again and again.
type caching struct {
	health.Source
	mu     sync.Mutex
	inputs map[string]health.Input
}

func (c *caching) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if in, ok := c.inputs[account]; ok {
		return in, true, nil
	}
	in, ok, err := c.Source.Input(ctx, account, asOf, knownAt)
	if ok {
		c.inputs[account] = in
	}
	return in, ok, err
}

// reusing hands out the same readings each time, with new content.
type reusing struct {
	health.Source
	last cell
}

type cell struct {
	mu sync.Mutex
	in health.Input
}

func (c *cell) Reading(measure string) (health.Reading, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.in.Readings.Reading(measure)
}

func (r *reusing) Input(ctx context.Context, account string, asOf, knownAt time.Time) (health.Input, bool, error) {
	in, ok, err := r.Source.Input(ctx, account, asOf, knownAt)
	if ok {
		r.last.mu.Lock()
		r.last.in = in
		r.last.mu.Unlock()
		in.Readings = &r.last
	}
	return in, ok, err
}
