package engagement

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/memlog"
)

// Memory keeps touches in the process: a [Touches].
// The zero value is ready and safe for concurrent use. It must not be copied after first use.
type Memory struct {
	revisions memlog.Log[Touch] // in the order in which they came
}

// Record adds touches, or revisions of them.
func (m *Memory) Record(ctx context.Context, account string, touches ...Touch) error {
	if err := ident.Check(account); err != nil {
		return &DataError{Account: account, Message: "the ID " + err.Error()}
	}
	for _, t := range touches {
		if err := ident.Check(t.ID); err != nil {
			return &DataError{Account: account, Field: fmt.Sprintf("touch %q", t.ID), Message: "the ID " + err.Error()}
		}
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		held := m.revisions.Slice(account, 0)
		latest := latestOf(held, time.Time{})
		var fresh []Touch
		for _, t := range touches {
			if last, ok := latest[t.ID]; !ok || !last.same(t) {
				fresh = append(fresh, t)
				latest[t.ID] = t
			}
		}
		// Another writer may have come in between: what it left is read again then.
		if m.revisions.Append(account, int64(len(held)), fresh, func(_, _ Touch) bool { return false }) {
			return nil
		}
	}
}

// latestOf returns by ID the revision that was recorded last, at or before knownAt if that is not zero.
func latestOf(revisions []Touch, knownAt time.Time) map[string]Touch {
	latest := make(map[string]Touch)
	for _, t := range revisions {
		last, ok := latest[t.ID]
		if (knownAt.IsZero() || !t.Recorded.After(knownAt)) && (!ok || !t.Recorded.Before(last.Recorded)) {
			latest[t.ID] = t
		}
	}
	return latest
}

// same compares two revisions but for when they were recorded.
func (t Touch) same(u Touch) bool {
	times := t.At.Equal(u.At) && t.Answered.Equal(u.Answered)
	t.At, t.Answered, t.Recorded = u.At, u.Answered, u.Recorded
	return times && t == u
}

// Made gives the account's touches within the bounds, in order of At and then of ID.
func (m *Memory) Made(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[Touch, error] {
	return func(yield func(Touch, error) bool) {
		var touches []Touch
		revisions := m.revisions.Slice(account, 0)
		latest := latestOf(revisions, knownAt)
		for _, t := range revisions {
			last, ok := latest[t.ID]
			delete(latest, t.ID) // each once
			if ok && (from.IsZero() || !last.At.Before(from)) && (to.IsZero() || last.At.Before(to)) {
				touches = append(touches, last)
			}
		}
		slices.SortFunc(touches, func(a, b Touch) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
		for _, t := range touches {
			if ctx.Err() != nil {
				break
			}
			if !yield(t, nil) {
				return
			}
		}
		if err := ctx.Err(); err != nil {
			yield(Touch{}, err)
		}
	}
}

// Touched gives the accounts with a touch, after the given one, in order of their bytes.
func (m *Memory) Touched(ctx context.Context, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for account := range m.revisions.Subjects(after) {
			if ctx.Err() != nil {
				break
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

// Forget removes all that is kept of the account.
func (m *Memory) Forget(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.revisions.Forget(account)
	return nil
}
