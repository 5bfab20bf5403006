package health

import (
	"fmt"
	"iter"
	"time"
)

// An Item is one account's result in a batch. Err is nil, or the account's own failure.
type Item struct {
	Account string
	Score   *Score  // from ScoreAll
	Record  *Record // from Monitor.CheckAll
	Input   *Input  // from Inputs; nil without an Err: the source does not know the account
	Err     error
}

// ScoreAll scores each input as it arrives. One account's failure sits in its Item; the sequence's error comes once,
// last, when inputs itself fails. The result may be ranged over as often as inputs may. It is pure and tells no observer:
// progress is what the caller has ranged over so far.
func (m *Model) ScoreAll(inputs iter.Seq2[Input, error], asOf time.Time) iter.Seq2[Item, error] {
	return func(yield func(Item, error) bool) {
		for in, err := range inputs {
			if err != nil {
				yield(Item{}, fmt.Errorf("health: score accounts: %w", err))
				return
			}
			item := Item{Account: in.Account}
			if score, err := m.Score(in, asOf); err != nil {
				item.Err = err
			} else {
				item.Score = &score
			}
			if !yield(item, nil) {
				return
			}
		}
	}
}
