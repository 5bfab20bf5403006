package memlog

import (
	"iter"
	"maps"
	"slices"
	"sort"
	"sync"
	"time"
)

// Facts keeps what is known from outside: for each subject and key the revisions of a value, in the order of the times
// at which they were recorded. The zero value is ready, and safe for concurrent use.
type Facts[K comparable, T any] struct {
	mu       sync.RWMutex
	subjects map[string]map[K][]revision[T]
	names    index
}

type revision[T any] struct {
	recorded time.Time
	value    T
}

// Fact is a key with the value that was known.
type Fact[K comparable, T any] struct {
	Key   K
	Value T
}

// Put records v under the key. If it is recorded last and is the same as the latest revision, nothing changes; else it
// is a new revision, after all that were recorded at or before its time. The function same must not call the facts.
func (f *Facts[K, T]) Put(subject string, key K, recorded time.Time, v T, same func(a, b T) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	keys := f.subjects[subject]
	revisions := keys[key]
	i := known(revisions, recorded)
	if i > 0 && (i == len(revisions) || revisions[i-1].recorded.Equal(recorded)) && same(revisions[i-1].value, v) {
		return
	}
	if keys == nil {
		if f.subjects == nil {
			f.subjects = make(map[string]map[K][]revision[T])
		}
		keys = make(map[K][]revision[T])
		f.subjects[subject] = keys
		f.names.add(subject)
	}
	keys[key] = slices.Insert(revisions, i, revision[T]{recorded, v})
}

// At returns the last revision that was recorded at or before knownAt.
func (f *Facts[K, T]) At(subject string, key K, knownAt time.Time) (T, bool) {
	f.mu.RLock()
	defer f.mu.RUnlock()
	revisions := f.subjects[subject][key]
	if i := known(revisions, knownAt); i > 0 {
		return revisions[i-1].value, true
	}
	var none T
	return none, false
}

// Known returns all that was known of the subject at knownAt, in one snapshot, with the keys in the order of cmp,
// which must tell all keys apart.
func (f *Facts[K, T]) Known(subject string, knownAt time.Time, cmp func(a, b K) int) []Fact[K, T] {
	f.mu.RLock()
	defer f.mu.RUnlock()
	keys := f.subjects[subject]
	var facts []Fact[K, T]
	for _, key := range slices.SortedFunc(maps.Keys(keys), cmp) {
		if i := known(keys[key], knownAt); i > 0 {
			facts = append(facts, Fact[K, T]{key, keys[key][i-1].value})
		}
	}
	return facts
}

// Keys returns the subject's keys, whenever they were recorded, in the order of cmp, which must tell all keys apart.
func (f *Facts[K, T]) Keys(subject string, cmp func(a, b K) int) []K {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return slices.SortedFunc(maps.Keys(f.subjects[subject]), cmp)
}

// Subjects yields the subjects strictly after the given one in byte order, as [Log.Subjects] does.
func (f *Facts[K, T]) Subjects(after string) iter.Seq[string] {
	return f.names.after(after, &f.mu, f.held)
}

func (f *Facts[K, T]) held(subject string) bool {
	_, ok := f.subjects[subject]
	return ok
}

// Forget removes the subject: afterwards all reads are as if it had never been there.
func (f *Facts[K, T]) Forget(subject string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.held(subject) {
		delete(f.subjects, subject)
		f.names.remove(f.held)
	}
}

// known returns how many of the revisions were recorded at or before t.
func known[T any](revisions []revision[T], t time.Time) int {
	return sort.Search(len(revisions), func(i int) bool { return revisions[i].recorded.After(t) })
}
