package engagement

import (
	"context"
	"iter"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/memlog"
)

// Memory keeps touches in the process: a [Touches].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	mu      sync.RWMutex                // so that one Record is seen whole
	touches memlog.Facts[string, Touch] // by ID
}

// Record implements [Touches]. If a touch can't be kept none is recorded (*DataError): its ID is wrong, At or Recorded is
// missing, an instant is outside of the years 1 to 9999, or a text has over 1024 bytes, a NUL or what is not UTF-8.
func (m *Memory) Record(ctx context.Context, account string, touches ...Touch) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := ident.Check(account); err != nil {
		return dataError(account, "account", err)
	}
	normal := make([]Touch, len(touches))
	for i := range touches {
		normal[i] = touches[i].normal()
		r := reader{account: account}
		normal[i].check(&r)
		r.micros(normal[i].Recorded, "recorded time of touch", normal[i].ID)
		if r.err != nil {
			return r.err
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range normal {
		m.touches.Put(account, t.ID, t.Recorded, t, Touch.same)
	}
	return nil
}

// Made implements [Touches].
func (m *Memory) Made(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[Touch, error] {
	if knownAt.IsZero() {
		knownAt = time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC)
	}
	return func(yield func(Touch, error) bool) {
		var made []Touch
		m.mu.RLock()
		known := m.touches.Known(account, knownAt, strings.Compare)
		m.mu.RUnlock()
		for _, f := range known {
			if !f.Value.At.Before(from) && (to.IsZero() || f.Value.At.Before(to)) {
				made = append(made, f.Value)
			}
		}
		slices.SortFunc(made, Touch.compare)
		memlog.WithContext(ctx, slices.Values(made))(yield)
	}
}

// Touched implements [Touches].
func (m *Memory) Touched(ctx context.Context, after string) iter.Seq2[string, error] {
	return memlog.WithContext(ctx, m.touches.Subjects(after))
}

// Forget implements [Touches].
func (m *Memory) Forget(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.touches.Forget(account)
	return nil
}
