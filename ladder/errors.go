package ladder

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Sentinels that callers branch on with errors.Is.
var (
	// ErrConflict says that the account's ledger is not at the expected version: another writer was first.
	ErrConflict = errors.New("conflict")
	// ErrFormat says that the format of a definition or a stored entry is newer than this release knows.
	ErrFormat = errors.New("unknown format")
)

// A Problem is one mistake in a definition.
type Problem struct {
	Pointer string `json:"pointer"` // JSON Pointer (RFC 6901) into the definition; "" is the whole
	Message string `json:"message"`
}

// An InvalidError holds every problem of a definition, in document order.
type InvalidError struct {
	Problems []Problem
}

func (e *InvalidError) Error() string {
	return problem.Message("ladder: invalid ladder", len(e.Problems), func(i int) (string, string) {
		return e.Problems[i].Pointer, e.Problems[i].Message
	})
}

// A DataError says that one account's data can't be evaluated. Other accounts are not affected.
type DataError struct {
	Account string // ID of the account; "" where flows or ranges are given without one
	Field   string // what is wrong, such as `quantity "hours"`; "" is the whole input
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Account == "" && e.Field != "account" {
		return fmt.Sprintf("ladder: %s: %s", e.Field, e.Message)
	}
	if e.Field == "" {
		return fmt.Sprintf("ladder: account %.256q: %s", e.Account, e.Message)
	}
	return fmt.Sprintf("ladder: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// A RefusedError says that a rule of the domain forbids what was asked.
type RefusedError struct {
	Account string // ID of the account
	Rule    string // stable code of the rule, such as "overlap"
	Message string // what the rule says of this request
	Needs   string // what would satisfy it, a noun phrase
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("ladder: account %.256q: refused by %s: %s; needs %s", e.Account, e.Rule, e.Message, e.Needs)
}
