package segment_test

import (
	"errors"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/segmenttest"
)

func TestMemory(t *testing.T) {
	segmenttest.RunAssignments(t, func(*testing.T) segment.Assignments { return new(segment.Memory) })
}

func TestMemorySharesNothing(t *testing.T) {
	var store segment.Memory
	record := segment.Record{Format: 1, Version: 1, Verdict: segment.Verdict{Account: "acme", Stays: []string{"growth"}}}
	record.Membership.Pin = &segment.Pin{By: "kim"}
	if err := store.Append(t.Context(), "acme", 0, record); err != nil {
		t.Fatal(err)
	}
	spoil := func(r segment.Record) { r.Verdict.Stays[0], r.Membership.Pin.By = "spoilt", "spoilt" }
	spoil(record)
	got, _, err := store.Last(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	spoil(got)
	got, _, err = store.Last(t.Context(), "acme")
	if err != nil {
		t.Fatal(err)
	}
	if got.Verdict.Stays[0] != "growth" || got.Membership.Pin.By != "kim" {
		t.Errorf("the store's record changed with a caller's: %+v", got)
	}
}

func TestMemoryRefusesIDs(t *testing.T) {
	var store segment.Memory
	for _, id := range []string{"", "a\x00", "\xff"} {
		var data *segment.DataError
		if err := store.Append(t.Context(), id, 0, segment.Record{}); !errors.As(err, &data) || data.Field != "account" {
			t.Errorf("append to %q: got error %v, want a DataError", id, err)
		}
	}
	if err := store.Append(t.Context(), "acme", 3, segment.Record{}); !errors.Is(err, segment.ErrConflict) || err.Error() != "after 3: conflict" {
		t.Errorf("a gap: got error %v", err)
	}
}
