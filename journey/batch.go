package journey

import (
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
	panic("unbuilt")
}
