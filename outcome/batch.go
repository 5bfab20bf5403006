package outcome

import (
	"fmt"
	"iter"
	"time"
)

// An Item is one account's result in a batch. Err is nil, or the account's own failure.
type Item struct {
	Account    string
	Assessment *Assessment
	Err        error
}

// AssessAll assesses each input as it arrives. One account's failure sits in its Item; the sequence's error comes once,
// last, when inputs itself fails. Nothing of an account is kept once its Item is handed out, so that memory does not grow
// with the number of accounts. The result may be ranged over as often as inputs may.
func (m *Model) AssessAll(inputs iter.Seq2[Input, error], asOf time.Time) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		var e evaluation
		for in, err := range inputs {
			if err != nil {
				yield(Item{}, fmt.Errorf("outcome: assess accounts: %w", err))
				return
			}
			item := Item{Account: in.Account}
			if a, err := m.assess(&e, in, asOf); err != nil {
				item.Err = err
			} else {
				item.Assessment = &a
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}
