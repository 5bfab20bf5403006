package journey

import (
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/customersuccess-go/customersuccess/internal/memlog"
)

// Memory keeps events in the process: a [Log].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	log memlog.Log[Event]
	mu  sync.Mutex                 // held while the log and the IDs change
	ids map[string]map[string]bool // of the events of each account
}

// Append adds events to an account's log, as [Log] says. It keeps copies.
func (m *Memory) Append(ctx context.Context, account string, after int64, events ...Event) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	held := 0
	for i := range events {
		if m.ids[account][events[i].ID] {
			held++
		}
	}
	if held == len(events) {
		return nil
	}
	own := make([]Event, len(events))
	for i := range events {
		own[i] = events[i].clone()
	}
	if held > 0 || !m.log.Append(account, after, own, func(a, b Event) bool { return false }) {
		return fmt.Errorf("journey: append to %q after %d: %w", account, after, ErrConflict)
	}
	if m.ids == nil {
		m.ids = make(map[string]map[string]bool)
	}
	if m.ids[account] == nil {
		m.ids[account] = make(map[string]bool)
	}
	for i := range events {
		m.ids[account][events[i].ID] = true
	}
	return nil
}

// Events gives copies of an account's events with a number above after, in order.
func (m *Memory) Events(ctx context.Context, account string, after int64) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		events := m.log.Slice(account, max(after, 0))
		for i := 0; ; i++ {
			if err := ctx.Err(); err != nil {
				yield(Event{}, err)
				return
			}
			if i == len(events) || !yield(events[i].clone(), nil) {
				return
			}
		}
	}
}

// Subjects gives the accounts after the given one in order of their bytes.
func (m *Memory) Subjects(ctx context.Context, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		if err := ctx.Err(); err != nil {
			yield("", err)
			return
		}
		for account := range m.log.Subjects(after) {
			if err := ctx.Err(); err != nil {
				yield("", err)
				return
			}
			if !yield(account, nil) {
				return
			}
		}
	}
}

// Forget removes an account.
func (m *Memory) Forget(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.log.Forget(account)
	delete(m.ids, account)
	return nil
}
