package outcome

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/memlog"
)

// Memory keeps plans and measured values in the process: a [Plans] and a [Measurements].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	mu       sync.RWMutex
	plans    map[string]map[string]Plan                       // by account and ID
	measured map[string]*memlog.Facts[time.Time, Measurement] // by measure; subjects are accounts
}

// Save implements [Plans]. It refuses a plan with an ID that is none, or without a canonical JSON.
func (m *Memory) Save(ctx context.Context, after int64, p Plan) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, id := range []string{p.Account, p.ID} {
		if err := ident.Check(id); err != nil {
			return fmt.Errorf("ID %q %w", id, err)
		}
	}
	text, err := p.MarshalJSON()
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	stored, there := m.plans[p.Account][p.ID]
	if there && stored.Version == p.Version {
		if old, err := stored.MarshalJSON(); err == nil && bytes.Equal(old, text) {
			return nil
		}
	}
	if stored.Version != after || p.Version != after+1 {
		return fmt.Errorf("after %d: %w", after, ErrConflict)
	}
	if m.plans == nil {
		m.plans = make(map[string]map[string]Plan)
	}
	if m.plans[p.Account] == nil {
		m.plans[p.Account] = make(map[string]Plan)
	}
	m.plans[p.Account][p.ID] = copyPlan(p)
	return nil
}

// Load implements [Plans].
func (m *Memory) Load(ctx context.Context, account, plan string) (Plan, bool, error) {
	if err := ctx.Err(); err != nil {
		return Plan{}, false, err
	}
	m.mu.RLock()
	defer m.mu.RUnlock()
	p, ok := m.plans[account][plan]
	return copyPlan(p), ok, nil
}

// List implements [Plans].
func (m *Memory) List(ctx context.Context, account string) iter.Seq2[Plan, error] {
	return func(yield func(Plan, error) bool) {
		m.mu.RLock()
		plans := m.plans[account]
		ids := slices.Sorted(maps.Keys(plans))
		listed := make([]Plan, len(ids))
		for i, id := range ids {
			listed[i] = copyPlan(plans[id])
		}
		m.mu.RUnlock()
		memlog.WithContext(ctx, slices.Values(listed))(yield)
	}
}

// Planned implements [Plans].
func (m *Memory) Planned(ctx context.Context, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		m.mu.RLock()
		accounts := slices.Sorted(maps.Keys(m.plans))
		m.mu.RUnlock()
		first, there := slices.BinarySearch(accounts, after)
		if there {
			first++
		}
		memlog.WithContext(ctx, slices.Values(accounts[first:]))(yield)
	}
}

// Put implements [Measurements]. If one of the values is wrong none is added (*DataError).
func (m *Memory) Put(ctx context.Context, account string, values ...Measurement) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := ident.Check(account); err != nil {
		return &DataError{account, "account", err.Error()}
	}
	for _, v := range values {
		err := cmp.Or(ident.Check(v.Measure), named("at", instant.Given(v.At)), named("recorded", instant.Given(v.Recorded)))
		if err == nil && !finite(v.Value) {
			err = fmt.Errorf("the value at %s is %v", date(v.At), v.Value)
		}
		if err != nil {
			return &DataError{account, fmt.Sprintf("measure %q", v.Measure), err.Error()}
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range values {
		facts := m.measured[v.Measure]
		if facts == nil {
			if m.measured == nil {
				m.measured = make(map[string]*memlog.Facts[time.Time, Measurement])
			}
			facts = new(memlog.Facts[time.Time, Measurement])
			m.measured[v.Measure] = facts
		}
		v.At, v.Recorded = instant.Of(v.At), instant.Of(v.Recorded)
		facts.Put(account, v.At, v.Recorded, v, func(a, b Measurement) bool { return a.Value == b.Value })
	}
	return nil
}

// Measured implements [Measurements].
func (m *Memory) Measured(
	ctx context.Context, account, measure string, from, to, knownAt time.Time,
) iter.Seq2[Measurement, error] {
	return func(yield func(Measurement, error) bool) {
		m.mu.RLock()
		facts := m.measured[measure]
		m.mu.RUnlock()
		if knownAt.IsZero() {
			knownAt = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
		}
		var values []Measurement
		if facts != nil {
			for _, fact := range facts.Known(account, knownAt, time.Time.Compare) {
				if !fact.Key.Before(from) && (to.IsZero() || fact.Key.Before(to)) {
					values = append(values, fact.Value)
				}
			}
		}
		memlog.WithContext(ctx, slices.Values(values))(yield)
	}
}

// Forget implements [Plans] and [Measurements]: it removes both.
func (m *Memory) Forget(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.plans, account)
	for _, measure := range slices.Sorted(maps.Keys(m.measured)) {
		m.measured[measure].Forget(account)
	}
	return nil
}

// named puts the name of what is wrong before an error.
func named(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %w", what, err)
}
