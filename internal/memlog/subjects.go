// Package memlog holds what the Memory stores share: a log for each subject, and facts with revisions.
package memlog

import (
	"iter"
	"slices"
	"sort"
	"sync"
)

// index keeps the names of subjects sorted, and sorts only when they are listed. Its owner guards it with a lock.
type index struct {
	sorted []string // never changed in place: readers hold it without a lock
	added  []string // since sorted was made
	gone   int      // how often one of sorted or added was forgotten since
}

func (x *index) add(name string) { x.added = append(x.added, name) }

// remove takes in that a name is held no more. Names that nobody lists are let go once half of them may be gone.
func (x *index) remove(held func(name string) bool) {
	if x.gone++; 2*x.gone >= len(x.sorted)+len(x.added) {
		x.list(held)
	}
}

// after yields the names strictly after the given one that are held, in byte order. It takes the owner's lock itself,
// and holds it neither before it is ranged over nor while it yields.
func (x *index) after(name string, mu *sync.RWMutex, held func(name string) bool) iter.Seq[string] {
	return func(yield func(string) bool) {
		mu.Lock()
		names := x.list(held)
		mu.Unlock()
		first := sort.Search(len(names), func(i int) bool { return names[i] > name })
		for _, next := range names[first:] {
			mu.RLock()
			there := held(next)
			mu.RUnlock()
			if there && !yield(next) {
				return
			}
		}
	}
}

// list returns all names in byte order. The caller must not change the slice.
func (x *index) list(held func(name string) bool) []string {
	if len(x.added) == 0 && x.gone == 0 {
		return x.sorted
	}
	slices.Sort(x.added)
	merged := make([]string, 0, len(x.sorted)+len(x.added))
	old, fresh := x.sorted, x.added
	for len(old) > 0 && len(fresh) > 0 {
		if old[0] <= fresh[0] {
			merged, old = append(merged, old[0]), old[1:]
		} else {
			merged, fresh = append(merged, fresh[0]), fresh[1:]
		}
	}
	merged = append(append(merged, old...), fresh...)
	if x.gone > 0 {
		// A subject that was forgotten and came back is in both.
		merged = slices.DeleteFunc(slices.Compact(merged), func(name string) bool { return !held(name) })
	}
	x.sorted, x.added, x.gone = merged, nil, 0
	return merged
}
