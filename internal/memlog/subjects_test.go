package memlog

import (
	"testing"
	"time"
)

// TestForgottenNames forgets subjects that nobody lists: their names must not stay.
func TestForgottenNames(t *testing.T) {
	var l Log[int]
	var f Facts[int, int]
	same := func(a, b int) bool { return a == b }
	for range 1000 {
		l.Append("acme", 0, []int{1}, same)
		f.Put("acme", 1, time.Unix(1, 0), 1, same)
		l.Forget("acme")
		f.Forget("acme")
	}
	for name, x := range map[string]*index{"log": &l.names, "facts": &f.names} {
		if n := len(x.sorted) + len(x.added); n > 0 {
			t.Errorf("%s: %d names are left", name, n)
		}
	}
}
