package memlog_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/memlog"
)

func TestWithContext(t *testing.T) {
	for name, tc := range map[string]struct {
		in, want []int
		cancel   int // after so many values; -1: never
		err      error
	}{
		"all":                 {[]int{1, 2, 3}, []int{1, 2, 3}, -1, nil},
		"none":                {nil, nil, -1, nil},
		"cancelled before":    {[]int{1, 2, 3}, nil, 0, context.Canceled},
		"cancelled, and none": {nil, nil, 0, context.Canceled},
		"cancelled within":    {[]int{1, 2, 3}, []int{1, 2}, 2, context.Canceled},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		if tc.cancel == 0 {
			cancel()
		}
		var got []int
		var last error
		for v, err := range memlog.WithContext(ctx, slices.Values(tc.in)) {
			if last = err; err != nil {
				continue
			}
			if got = append(got, v); len(got) == tc.cancel {
				cancel()
			}
		}
		cancel()
		if !slices.Equal(got, tc.want) || !errors.Is(last, tc.err) {
			t.Errorf("%s: got %v and %v, want %v and %v", name, got, last, tc.want, tc.err)
		}
	}
	for v := range memlog.WithContext(t.Context(), slices.Values([]int{1, 2})) {
		if v == 2 {
			t.Error("went on after it was left")
		}
		break
	}
}
