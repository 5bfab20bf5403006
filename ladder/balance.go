package ladder

import (
	"github.com/shopspring/decimal"
)

// A Balance is what is booked for an account: sums of entries, exact.
type Balance struct {
	Account  string          `json:"account"`
	Version  int64           `json:"version"` // entries in the ledger when it was summed
	Currency string          `json:"currency"`
	Amount   decimal.Decimal `json:"amount"`
	Lines    []BalanceLine   `json:"lines"` // by benefit in definition order, then class, best first
}

// A BalanceLine is what is booked of one benefit under one class of evidence.
type BalanceLine struct {
	Benefit  string          `json:"benefit"`
	Evidence Evidence        `json:"evidence"`
	Amount   decimal.Decimal `json:"amount"`
	Entries  int             `json:"entries"` // reversed ones and their reversals included
}
