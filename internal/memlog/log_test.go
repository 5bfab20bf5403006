package memlog_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/memlog"
	"github.com/google/go-cmp/cmp"
)

func equal(a, b int) bool { return a == b }

func TestAppend(t *testing.T) {
	var l memlog.Log[int]
	steps := []struct {
		name  string
		after int64
		items []int
		ok    bool
		held  []int
	}{
		{"nothing to nobody", 0, nil, true, nil},
		{"after what is not there", 1, []int{1}, false, nil},
		{"negative", -1, []int{1}, false, nil},
		{"first", 0, []int{1, 2}, true, []int{1, 2}},
		{"again", 0, []int{1, 2}, true, []int{1, 2}},
		{"its beginning again", 0, []int{1}, true, []int{1, 2}},
		{"its end again", 1, []int{2}, true, []int{1, 2}},
		{"next", 2, []int{3}, true, []int{1, 2, 3}},
		{"the first again, later", 0, []int{1, 2}, true, []int{1, 2, 3}},
		{"other content", 2, []int{4}, false, []int{1, 2, 3}},
		{"half of it is there", 2, []int{3, 4}, false, []int{1, 2, 3}},
		{"nothing at the end", 3, nil, true, []int{1, 2, 3}},
		{"nothing in the middle", 1, nil, true, []int{1, 2, 3}},
		{"a gap", 4, []int{5}, false, []int{1, 2, 3}},
	}
	for _, s := range steps {
		if ok := l.Append("a", s.after, s.items, equal); ok != s.ok {
			t.Errorf("%s: %v", s.name, ok)
		}
		if got := l.Slice("a", 0); !slices.Equal(got, s.held) || l.Len("a") != int64(len(s.held)) {
			t.Errorf("%s: holds %v, %d", s.name, got, l.Len("a"))
		}
		last, ok := l.Last("a")
		if ok != (len(s.held) > 0) || ok && last != s.held[len(s.held)-1] {
			t.Errorf("%s: last is %d, %v", s.name, last, ok)
		}
	}
}

func TestSlice(t *testing.T) {
	var l memlog.Log[int]
	l.Append("a", 0, []int{1, 2, 3}, equal)
	for from, want := range map[int64][]int{-1: nil, 0: {1, 2, 3}, 2: {3}, 3: nil, 1 << 40: nil} {
		if got := l.Slice("a", from); !slices.Equal(got, want) {
			t.Errorf("from %d: %v", from, got)
		}
	}
	snapshot := l.Slice("a", 0)
	_ = append(snapshot, 99) // must not reach into the log
	l.Append("a", 3, []int{4, 5}, equal)
	if got := l.Slice("a", 0); !slices.Equal(got, []int{1, 2, 3, 4, 5}) || len(snapshot) != 3 {
		t.Errorf("log %v, snapshot %v", got, snapshot)
	}
	l.Forget("a")
	l.Append("a", 0, []int{7, 8, 9}, equal)
	if !slices.Equal(snapshot, []int{1, 2, 3}) {
		t.Errorf("the snapshot became %v", snapshot)
	}
}

func TestForget(t *testing.T) {
	var l memlog.Log[int]
	l.Forget("nobody")
	for _, s := range []string{"a", "b", "c"} {
		l.Append(s, 0, []int{1}, equal)
	}
	l.Forget("b")
	if _, ok := l.Last("b"); ok || l.Len("b") != 0 || l.Slice("b", 0) != nil || l.Append("b", 1, []int{2}, equal) {
		t.Error("b is still there")
	}
	if got := slices.Collect(l.Subjects("")); !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("subjects %v", got)
	}
	l.Forget("a")
	l.Append("a", 0, []int{1}, equal)
	l.Append("b", 0, []int{1}, equal)
	if got := slices.Collect(l.Subjects("")); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("subjects that came back: %v", got)
	}
}

// TestSubjectsWhileChanging changes the log from inside a range, which a lock held while yielding would hang.
func TestSubjectsWhileChanging(t *testing.T) {
	var l memlog.Log[int]
	for i := range 10 {
		l.Append(fmt.Sprint(i), 0, []int{i}, equal)
	}
	var got []string
	all := l.Subjects("2")
	for s := range all {
		got = append(got, s)
		l.Append(s+"x", 0, []int{0}, equal)
		l.Forget("5")
	}
	if want := []string{"3", "4", "6", "7", "8", "9"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	got = nil
	for s := range all {
		if got = append(got, s); len(got) == 2 {
			break
		}
	}
	if want := []string{"3", "3x"}; !slices.Equal(got, want) {
		t.Errorf("a second range: got %v, want %v", got, want)
	}
	if got := slices.Collect(l.Subjects("9x")); got != nil {
		t.Errorf("after the last: %v", got)
	}
}

// TestLikeAMap compares random work with a plain map that is sorted for each listing.
func TestLikeAMap(t *testing.T) {
	rng := rand.New(rand.NewPCG(15, 16))
	var l memlog.Log[int]
	twin := map[string][]int{}
	for range 20_000 {
		s := string([]byte{byte(rng.IntN(256)), byte(rng.IntN(4))})
		switch rng.IntN(8) {
		case 0:
			l.Forget(s)
			delete(twin, s)
		case 1:
			if rng.IntN(20) > 0 {
				continue
			}
			var want []string
			for name := range twin {
				if name > s {
					want = append(want, name)
				}
			}
			slices.Sort(want)
			if diff := cmp.Diff(want, slices.Collect(l.Subjects(s))); diff != "" {
				t.Fatalf("after %q (-want +got):\n%s", s, diff)
			}
		default:
			n := int64(len(twin[s]))
			if !l.Append(s, n, []int{rng.Int()}, equal) {
				t.Fatalf("%q: conflict at %d", s, n)
			}
			twin[s] = l.Slice(s, 0)
		}
	}
}

// TestConcurrentAppend lets writers race for each position: each is won once.
func TestConcurrentAppend(t *testing.T) {
	var l memlog.Log[int]
	var wg sync.WaitGroup
	wins := make([]int, 4)
	for w := range wins {
		wg.Go(func() {
			for i := range 500 {
				if l.Append("a", int64(i), []int{w}, func(a, b int) bool { return false }) {
					wins[w]++
				}
				l.Append(fmt.Sprint(w, i%50), int64(i/50), []int{i}, equal)
				for range l.Subjects("3") {
					l.Len("a")
				}
			}
		})
	}
	wg.Wait()
	total := 0
	for w, n := range wins {
		count := 0
		for _, item := range l.Slice("a", 0) {
			if item == w {
				count++
			}
		}
		if total += n; count != n {
			t.Errorf("writer %d won %d times and is there %d times", w, n, count)
		}
	}
	if int64(total) != l.Len("a") || len(slices.Collect(l.Subjects(""))) != 201 {
		t.Errorf("%d wins, %d items, %d subjects", total, l.Len("a"), len(slices.Collect(l.Subjects(""))))
	}
}

func BenchmarkLog(b *testing.B) {
	const n = 200_000
	names := make([]string, n)
	for i := range names {
		names[i] = fmt.Sprintf("account-%08x", uint32(i)*2654435761)
	}
	fill := func() *memlog.Log[int] {
		var l memlog.Log[int]
		for _, name := range names {
			l.Append(name, 0, []int{1}, equal)
		}
		return &l
	}
	b.Run("fill 200000 subjects", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			fill()
		}
	})
	l := fill()
	b.Run("list 200000 subjects", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for range l.Subjects("") {
			}
		}
	})
	b.Run("page of 100 after a new subject", func(b *testing.B) {
		b.ReportAllocs()
		i := 0
		for b.Loop() {
			i++
			l.Append(fmt.Sprint(i), 0, []int{1}, equal)
			left := 100
			for range l.Subjects("account-8") {
				if left--; left == 0 {
					break
				}
			}
		}
	})
}
