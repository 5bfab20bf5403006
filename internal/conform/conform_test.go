package conform

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// box is a store of one number. Its contract: B1, a new box is empty; B2, it gives back what was put.
type box interface {
	put(n int) error
	get() int
}

type good struct{ n int }

func (b *good) put(n int) error { b.n = n; return nil }
func (b *good) get() int        { return b.n }

type used struct{ good } // breaks B1

func (b *used) get() int { return b.n + 7 - 7*min(1, b.n) }

type deaf struct{ good } // breaks B2

func (b *deaf) put(int) error { return nil }

type angry struct{ good } // breaks B2 by a panic

func (b *angry) put(int) error { panic("no room") }

var errFull = errors.New("full")

type full struct{ good } // breaks B2 by an error

func (b *full) put(int) error { return errFull }

func boxCases() []Case[box] {
	return []Case[box]{
		{"B1", "new", func(_ context.Context, b box) error {
			if n := b.get(); n != 0 {
				return fmt.Errorf("holds %d", n)
			}
			return nil
		}},
		{"B2", "put and get", func(_ context.Context, b box) error {
			if err := b.put(3); err != nil {
				return err
			}
			if n := b.get(); n != 3 {
				return fmt.Errorf("got %d, want 3", n)
			}
			return nil
		}},
	}
}

func of(b box) func() (box, error) { return func() (box, error) { return b, nil } }

func TestRun(t *testing.T) {
	var names []string
	Run(t, func(t *testing.T) box {
		names = append(names, t.Name())
		return &good{}
	}, boxCases())
	if diff := cmp.Diff([]string{"TestRun/B1/new", "TestRun/B2/put_and_get"}, names); diff != "" {
		t.Errorf("names (-want +got):\n%s", diff)
	}
}

func TestCheck(t *testing.T) {
	ctx := t.Context()
	done, cancel := context.WithCancel(ctx)
	cancel()
	for name, tc := range map[string]struct {
		ctx  context.Context
		new  func() (box, error)
		want string
	}{
		"good":     {ctx, of(&good{}), ""},
		"one":      {ctx, of(&used{}), "clause B1: new: holds 7"},
		"two":      {ctx, of(&struct{ deaf }{deaf{good{5}}}), "clause B1: new: holds 5\nclause B2: put and get: got 5, want 3"},
		"panic":    {ctx, of(&angry{}), "clause B2: put and get: panic: no room"},
		"no store": {ctx, func() (box, error) { return nil, errFull }, "clause B1: new: new store: full\nclause B2: put and get: new store: full"},
		"canceled": {done, of(&good{}), "2 of 2 cases not run: context canceled"},
	} {
		got := ""
		if err := Check(tc.ctx, tc.new, boxCases()); err != nil {
			got = err.Error()
		}
		if got != tc.want {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
	if err := Check(ctx, of(&full{}), boxCases()); !errors.Is(err, errFull) {
		t.Errorf("%v does not wrap the store's error", err)
	}
}

func TestBroken(t *testing.T) {
	faults := []Fault[box]{
		{"B1", func() box { return &used{} }},
		{"B2", func() box { return &deaf{} }},
		{"B2", func() box { return &angry{} }},
	}
	Broken(t, boxCases(), faults)
	for name, tc := range map[string]struct {
		faults []Fault[box]
		want   []string
	}{
		"a clause without a store":        {faults[1:], []string{"clause B1 has no broken store"}},
		"no stores":                       {nil, []string{"clause B1 has no broken store", "clause B2 has no broken store"}},
		"a store that is whole":           {append(faults[:2:2], Fault[box]{"B1", func() box { return &good{} }}), []string{"broken store 2: no case of clause B1 fails"}},
		"a store that breaks another":     {append(faults[:2:2], Fault[box]{"B1", func() box { return &deaf{} }}), []string{"broken store 2: no case of clause B1 fails"}},
		"a clause that no case speaks of": {append(faults[:2:2], Fault[box]{"B3", func() box { return &deaf{} }}), []string{"broken store 2: no case of clause B3 fails"}},
	} {
		if diff := cmp.Diff(tc.want, blind(t.Context(), boxCases(), tc.faults)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got := blind(ctx, boxCases(), faults); len(got) != 3 || !strings.Contains(got[0], "no case of clause B1 fails") {
		t.Errorf("canceled: %v", got)
	}
}
