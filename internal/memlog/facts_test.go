package memlog_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/memlog"
	gocmp "github.com/google/go-cmp/cmp"
)

func at(minute int) time.Time { return time.Date(2026, 1, 1, 0, minute, 0, 0, time.UTC) }

func TestFacts(t *testing.T) {
	var f memlog.Facts[string, int]
	if _, ok := f.At("a", "k", at(9)); ok || f.Keys("a", cmp.Compare) != nil || f.Known("a", at(9), cmp.Compare) != nil {
		t.Error("something is known at the start")
	}
	f.Forget("a")
	f.Put("a", "k", at(10), 1, equal)
	f.Put("a", "k", at(20), 1, equal) // the same: no revision
	f.Put("a", "k", at(30), 2, equal)
	f.Put("a", "k", at(30), 3, equal) // recorded together: the later call is the later revision
	f.Put("a", "k", at(15), 9, equal) // recorded in the past: at its place
	f.Put("a", "k", at(15), 9, equal) // again
	f.Put("a", "k", at(25), 9, equal) // the same as was known then, and yet what At says must not hang on that
	f.Put("a", "k", at(22), 8, equal)
	f.Put("a", "b", at(11), 5, equal)
	for minute, want := range map[int]int{9: 0, 10: 1, 14: 1, 15: 9, 20: 9, 21: 9, 22: 8, 24: 8, 25: 9, 29: 9, 30: 3, 99: 3} {
		if got, ok := f.At("a", "k", at(minute)); got != want || ok != (want != 0) {
			t.Errorf("at %d: %d, %v; want %d", minute, got, ok, want)
		}
	}
	if got := f.Keys("a", cmp.Compare); !slices.Equal(got, []string{"b", "k"}) {
		t.Errorf("keys %v", got)
	}
	want := []memlog.Fact[string, int]{{"k", 1}}
	if diff := gocmp.Diff(want, f.Known("a", at(10), cmp.Compare)); diff != "" {
		t.Errorf("known at 10 (-want +got):\n%s", diff)
	}
	want = []memlog.Fact[string, int]{{"b", 5}, {"k", 9}}
	if diff := gocmp.Diff(want, f.Known("a", at(15), cmp.Compare)); diff != "" {
		t.Errorf("known at 15 (-want +got):\n%s", diff)
	}
	f.Forget("a")
	if _, ok := f.At("a", "k", at(99)); ok || f.Keys("a", cmp.Compare) != nil {
		t.Error("a is still there")
	}
}

// TestFactsLikeAList compares with a list of all that was put, but what repeats the latest.
func TestFactsLikeAList(t *testing.T) {
	type put struct {
		key, minute, value int
	}
	rng := rand.New(rand.NewPCG(17, 18))
	for range 300 {
		var f memlog.Facts[int, int]
		var puts []put
		// believed is the value of the last put among those with the latest recorded time at or before minute.
		believed := func(key, minute int) (int, bool) {
			value, best, found := 0, -1, false
			for _, p := range puts {
				if p.key == key && p.minute <= minute && p.minute >= best {
					value, best, found = p.value, p.minute, true
				}
			}
			return value, found
		}
		latest := func(key int) (minute int) {
			for _, p := range puts {
				if p.key == key {
					minute = max(minute, p.minute)
				}
			}
			return minute
		}
		for range 30 {
			p := put{rng.IntN(2), rng.IntN(12), rng.IntN(3)}
			if v, ok := believed(p.key, 99); ok && v == p.value && latest(p.key) <= p.minute {
				f.Put("s", p.key, at(p.minute), p.value, equal) // must change nothing
				continue
			}
			puts = append(puts, p)
			f.Put("s", p.key, at(p.minute), p.value, equal)
		}
		for key := range 2 {
			for minute := range 12 {
				want, known := believed(key, minute)
				if got, ok := f.At("s", key, at(minute)); got != want || ok != known {
					t.Fatalf("%v\nkey %d at %d: %d, %v; want %d, %v", puts, key, minute, got, ok, want, known)
				}
			}
		}
	}
}

func TestFactsSubjects(t *testing.T) {
	var f memlog.Facts[string, int]
	subjects := func(after string) []string { return slices.Collect(f.Subjects(after)) }
	if got := subjects(""); got != nil {
		t.Errorf("nothing is there, and yet %v", got)
	}
	for _, s := range []string{"b", "c", "a", "b"} {
		f.Put(s, "k", at(1), 1, equal)
		f.Put(s, "l", at(2), 2, equal)
	}
	f.Forget("nobody")
	if got := subjects(""); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("subjects %v", got)
	}
	if got := subjects("a"); !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("after a: %v", got)
	}
	f.Forget("b")
	if got := subjects(""); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("without b: %v", got)
	}
	f.Forget("a")
	f.Put("a", "k", at(1), 1, equal)
	f.Put("b", "k", at(1), 1, equal)
	var got []string
	for s := range f.Subjects("") { // a lock held while yielding would hang
		got = append(got, s)
		f.Put(s+"x", "k", at(1), 1, equal)
		f.Forget("c")
	}
	if !slices.Equal(got, []string{"a", "b"}) || !slices.Equal(subjects(""), []string{"a", "ax", "b", "bx"}) {
		t.Errorf("while changing: %v, and then %v", got, subjects(""))
	}
}

func TestConcurrentFacts(t *testing.T) {
	var f memlog.Facts[int, int]
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for i := range 200 {
				f.Put("s", w, at(i), i, equal)
				f.Known("s", at(i), cmp.Compare)
				for range f.Subjects("") {
				}
				f.Keys("s", cmp.Compare)
			}
		})
	}
	wg.Wait()
	for w := range 4 {
		if got, _ := f.At("s", w, at(150)); got != 150 {
			t.Errorf("key %d: %d", w, got)
		}
	}
}
