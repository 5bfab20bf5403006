package ladder

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"sync"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/memlog"
)

// Memory keeps entries in the process: a [Ledger].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	mu  sync.Mutex // held to change anything
	log memlog.Log[Entry]
	at  map[string]map[string]int64 // position in the log, by account and ID of the entry
}

// Append implements [Ledger].
func (m *Memory) Append(ctx context.Context, account string, after int64, entries ...Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	at := make(map[string]int64, len(entries))
	held := 0
	for i, e := range entries {
		at[e.ID] = after + int64(i)
		same, err := m.holds(account, e)
		if err != nil {
			return fmt.Errorf("after %d: %w", after, err)
		}
		if same {
			held++
		}
	}
	if held == len(entries) {
		return nil
	}
	never := func(a, b Entry) bool { return false }
	if held > 0 || len(at) < len(entries) || !m.log.Append(account, after, entries, never) {
		return fmt.Errorf("after %d: %w", after, ErrConflict)
	}
	if m.at == nil {
		m.at = make(map[string]map[string]int64)
	}
	if m.at[account] == nil {
		m.at[account] = make(map[string]int64)
	}
	for _, e := range entries {
		m.at[account][e.ID] = at[e.ID]
	}
	return nil
}

// holds reports whether the account has the entry. Other content under its ID is a conflict.
func (m *Memory) holds(account string, e Entry) (bool, error) {
	i, ok := m.at[account][e.ID]
	if !ok {
		return false, nil
	}
	same, err := sameContent(m.log.Slice(account, i)[0], e)
	if err == nil && !same {
		err = ErrConflict
	}
	return same, err
}

// sameContent reports whether two entries have the same JSON.
func sameContent(a, b Entry) (bool, error) {
	x, err := canon.JSON(a)
	if err != nil {
		return false, err
	}
	y, err := canon.JSON(b)
	return bytes.Equal(x, y), err
}

// Entries implements [Ledger].
func (m *Memory) Entries(ctx context.Context, account string, after int64) iter.Seq2[Entry, error] {
	return memlog.WithContext(ctx, func(yield func(Entry) bool) {
		for _, e := range m.log.Slice(account, max(after, 0)) {
			if !yield(e) {
				return
			}
		}
	})
}

// Posted implements [Ledger].
func (m *Memory) Posted(ctx context.Context, after string) iter.Seq2[string, error] {
	return memlog.WithContext(ctx, m.log.Subjects(after))
}

// Forget implements [Ledger].
func (m *Memory) Forget(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.log.Forget(account)
	delete(m.at, account)
	return nil
}
