package segment

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/memlog"
)

// Memory keeps memberships in the process: an [Assignments].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	records memlog.Log[Record]
}

// Append implements [Assignments].
func (m *Memory) Append(ctx context.Context, account string, after int64, r Record) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := ident.Check(account); err != nil {
		return dataError(account, "account", err)
	}
	if !m.records.Append(account, after, []Record{r.clone()}, sameRecord) {
		return fmt.Errorf("after %d: %w", after, ErrConflict)
	}
	return nil
}

func sameRecord(a, b Record) bool {
	x, errX := a.MarshalJSON()
	y, errY := b.MarshalJSON()
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// Last implements [Assignments].
func (m *Memory) Last(ctx context.Context, account string) (Record, bool, error) {
	if err := ctx.Err(); err != nil {
		return Record{}, false, err
	}
	r, ok := m.records.Last(account)
	return r.clone(), ok, nil
}

// Records implements [Assignments].
func (m *Memory) Records(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		for _, r := range m.records.Slice(account, 0) {
			if err := ctx.Err(); err != nil {
				yield(Record{}, err)
				return
			}
			at := r.Verdict.AsOf
			if !from.IsZero() && at.Before(from) || !to.IsZero() && !at.Before(to) ||
				!knownAt.IsZero() && r.Recorded.After(knownAt) {
				continue
			}
			if !yield(r.clone(), nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Record{}, err)
		}
	}
}

// Accounts implements [Assignments].
func (m *Memory) Accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for account := range m.records.Subjects(after) {
			if err := ctx.Err(); err != nil {
				yield("", err)
				return
			}
			if !yield(account, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield("", err)
		}
	}
}

// Forget implements [Assignments].
func (m *Memory) Forget(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.records.Forget(account)
	return nil
}
