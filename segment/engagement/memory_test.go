package engagement_test

import (
	"errors"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/customersuccess-go/customersuccess/segment/engagement/engagementtest"
)

func TestMemory(t *testing.T) {
	engagementtest.RunTouches(t, func(*testing.T) engagement.Touches { return new(engagement.Memory) })
}

func TestMemoryRefusesIDs(t *testing.T) {
	var store engagement.Memory
	for _, c := range []struct{ account, touch string }{{"", "a"}, {"a\n", "a"}, {"a", ""}, {"a", "\xff"}} {
		var data *engagement.DataError
		if err := store.Record(t.Context(), c.account, engagement.Touch{ID: c.touch}); !errors.As(err, &data) {
			t.Errorf("touch %q of account %q: got error %v, want a DataError", c.touch, c.account, err)
		}
	}
}
