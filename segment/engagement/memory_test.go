package engagement_test

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/customersuccess-go/customersuccess/segment/engagement/engagementtest"
)

func TestMemory(t *testing.T) {
	engagementtest.RunTouches(t, func(*testing.T) engagement.Touches { return new(engagement.Memory) })
}

func TestMemoryRefuses(t *testing.T) {
	var store engagement.Memory
	for _, c := range []struct {
		account string
		change  func(*engagement.Touch)
		want    string
	}{
		{"", func(*engagement.Touch) {}, `account "": account: is empty`},
		{"a\n", func(*engagement.Touch) {}, `account "a\n": account: contains the control character U+000A at byte 1`},
		{"a", func(t *engagement.Touch) { t.ID = "" }, `account "a": ID of touch "": is empty`},
		{"a", func(t *engagement.Touch) { t.ID = "\xff" }, `account "a": ID of touch "\xff": is not valid UTF-8`},
		{"a", func(t *engagement.Touch) { t.At = time.Time{} }, `account "a": time of touch "bad": is zero`},
		{"a", func(t *engagement.Touch) { t.Recorded = time.Time{} }, `account "a": recorded time of touch "bad": is zero`},
		{"a", func(t *engagement.Touch) { t.By = "\x00" }, `account "a": by of touch "bad": contains U+0000`},
		{"a", func(t *engagement.Touch) { t.Person = strings.Repeat("x", 1025) }, `account "a": person of touch "bad": has 1025 bytes, over 1024`},
	} {
		good, bad := recorded("good", 1), recorded("bad", 2)
		c.change(&bad)
		err := store.Record(t.Context(), c.account, good, bad)
		var data *engagement.DataError
		if !errors.As(err, &data) || err.Error() != "engagement: "+c.want {
			t.Errorf("got error %v, want %s", err, c.want)
		}
	}
	for account := range store.Touched(t.Context(), "") {
		t.Errorf("what was refused left account %q", account)
	}
}

func recorded(id string, d float64) engagement.Touch {
	return engagement.Touch{Format: 1, ID: id, At: day(d), Recorded: day(d)}
}

// TestMemoryForgets lets the records of many touches run beside forgets: each is there whole or not at all.
func TestMemoryForgets(t *testing.T) {
	var store engagement.Memory
	var batch []engagement.Touch
	for _, id := range strings.Split("abcdefghij", "") {
		batch = append(batch, recorded(id, 1))
	}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				if err := errors.Join(store.Record(t.Context(), "acme", batch...), store.Forget(t.Context(), "acme")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for range 200 {
		n := 0
		for _, err := range store.Made(t.Context(), "acme", time.Time{}, time.Time{}, time.Time{}) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != 0 && n != len(batch) {
			t.Fatalf("%d of %d touches are there", n, len(batch))
		}
	}
	wg.Wait()
	if got := slices.Collect(func(yield func(string) bool) {
		for account := range store.Touched(t.Context(), "") {
			yield(account)
		}
	}); got != nil {
		t.Errorf("after the last forget there is %q", got)
	}
}
