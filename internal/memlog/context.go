package memlog

import (
	"context"
	"iter"
)

// WithContext yields what seq does until the context is done, and then its error. A done context is reported before the
// first value, and also where there is none.
func WithContext[T any](ctx context.Context, seq iter.Seq[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		if err := ctx.Err(); err != nil {
			yield(zero, err)
			return
		}
		for v := range seq {
			if err := ctx.Err(); err != nil {
				yield(zero, err)
				return
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}
