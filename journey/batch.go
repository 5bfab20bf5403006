package journey

import (
	"fmt"
	"iter"
	"time"
)

// An Item is one account's result in a batch. Err is nil, or the account's own failure.
type Item struct {
	Account  string
	Decision *Decision
	Err      error
}

// DecideAll decides each input as it arrives. One account's failure sits in its Item; the sequence's error comes once,
// last, when inputs itself fails. The result may be ranged over as often as inputs may.
func (m *Model) DecideAll(inputs iter.Seq2[Input, error], asOf time.Time) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for in, err := range inputs {
			if err != nil {
				yield(Item{}, fmt.Errorf("journey: decide accounts: %w", err))
				return
			}
			item := Item{Account: in.Account}
			if d, err := m.Decide(in, asOf); err != nil {
				item.Err = err
			} else {
				item.Decision = &d
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}
