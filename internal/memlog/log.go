package memlog

import (
	"iter"
	"slices"
	"sync"
)

// Log is an append-only list of items for each subject. The zero value is ready, and safe for concurrent use.
// Items are kept as they are given: what they point to is shared with the caller.
type Log[T any] struct {
	mu    sync.RWMutex
	items map[string][]T
	names index
}

// Append adds items to the subject's if it has exactly after of them. It reports true without a change if the subject
// already has these very items from position after on, as same tells, and false, which is a conflict, otherwise.
// The function same must not call the log.
func (l *Log[T]) Append(subject string, after int64, items []T, same func(a, b T) bool) (ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	held, known := l.items[subject]
	n := int64(len(held))
	switch {
	case after < 0 || after > n:
		return false
	case after < n:
		return int64(len(items)) <= n-after && slices.EqualFunc(held[after:after+int64(len(items))], items, same)
	case len(items) == 0:
		return true
	}
	if !known {
		if l.items == nil {
			l.items = make(map[string][]T)
		}
		l.names.add(subject)
	}
	l.items[subject] = append(held, items...)
	return true
}

// Len returns how many items the subject has.
func (l *Log[T]) Len(subject string) int64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return int64(len(l.items[subject]))
}

// Slice returns the subject's items from position from on, as they are now: later appends do not change it.
// The caller must not change its elements, and may append to it.
func (l *Log[T]) Slice(subject string, from int64) []T {
	l.mu.RLock()
	defer l.mu.RUnlock()
	held := l.items[subject]
	if from < 0 || from >= int64(len(held)) {
		return nil
	}
	return slices.Clip(held[from:])
}

// Last returns the subject's last item.
func (l *Log[T]) Last(subject string) (T, bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if held := l.items[subject]; len(held) > 0 {
		return held[len(held)-1], true
	}
	var none T
	return none, false
}

// Subjects yields the subjects strictly after the given one in byte order, those that were there when the range began
// and have not been forgotten since. It holds no lock while it yields, and each range over it lists anew.
func (l *Log[T]) Subjects(after string) iter.Seq[string] {
	return l.names.after(after, &l.mu, l.held)
}

func (l *Log[T]) held(subject string) bool {
	_, ok := l.items[subject]
	return ok
}

// Forget removes the subject: afterwards all reads are as if it had never been there. Slices already handed out stay.
func (l *Log[T]) Forget(subject string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held(subject) {
		delete(l.items, subject)
		l.names.remove(l.held)
	}
}
