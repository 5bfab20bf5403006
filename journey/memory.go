package journey

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/memlog"
)

// Memory keeps events in the process: a [Log].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	mu  sync.Mutex // held to change anything
	log memlog.Log[Event]
	at  map[eventKey]int64 // position in the account's log
}

type eventKey struct{ account, id string }

// Append implements [Log].
func (m *Memory) Append(ctx context.Context, account string, after int64, events ...Event) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	held := 0
	distinct := make(map[string]bool)
	for i := range events {
		there, err := m.holds(account, &events[i])
		if err != nil {
			return fmt.Errorf("after %d: %w", after, err)
		}
		if there {
			held++
		}
		distinct[events[i].ID] = true
	}
	if held == len(events) {
		return nil
	}
	own := make([]Event, len(events))
	for i := range events {
		own[i] = events[i].clone()
	}
	never := func(a, b Event) bool { return false }
	if held > 0 || len(distinct) < len(events) || !m.log.Append(account, after, own, never) {
		return fmt.Errorf("after %d: %w", after, ErrConflict)
	}
	if m.at == nil {
		m.at = make(map[eventKey]int64)
	}
	for i := range events {
		m.at[eventKey{account, events[i].ID}] = after + int64(i)
	}
	return nil
}

// holds reports whether the account has the event, whenever it was recorded. Other content under its ID is a conflict.
func (m *Memory) holds(account string, e *Event) (bool, error) {
	i, ok := m.at[eventKey{account, e.ID}]
	if !ok {
		return false, nil
	}
	same, err := sameContent(m.log.Slice(account, i)[0], *e)
	if err == nil && !same {
		err = ErrConflict
	}
	return same, err
}

// sameContent reports whether two events have the same JSON, but for when they were recorded.
func sameContent(a, b Event) (bool, error) {
	a.Recorded, b.Recorded = time.Time{}, time.Time{}
	x, err := canon.JSON(a)
	if err != nil {
		return false, err
	}
	y, err := canon.JSON(b)
	return bytes.Equal(x, y), err
}

// Events implements [Log].
func (m *Memory) Events(ctx context.Context, account string, after int64) iter.Seq2[Event, error] {
	return memlog.WithContext(ctx, func(yield func(Event) bool) {
		for _, e := range m.log.Slice(account, max(after, 0)) {
			if !yield(e.clone()) {
				return
			}
		}
	})
}

// Subjects implements [Log].
func (m *Memory) Subjects(ctx context.Context, after string) iter.Seq2[string, error] {
	return memlog.WithContext(ctx, m.log.Subjects(after))
}

// Forget implements [Log].
func (m *Memory) Forget(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.log.Slice(account, 0) {
		delete(m.at, eventKey{account, e.ID})
	}
	m.log.Forget(account)
	return nil
}
