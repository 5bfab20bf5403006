package health

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Sentinels that callers branch on with errors.Is.
var (
	// ErrConflict says that the account's history is not at the expected version: another writer was first.
	ErrConflict = errors.New("conflict")
	// ErrFormat says that the format of a definition or of a stored record is newer than this release knows.
	ErrFormat = errors.New("unknown format")
	// ErrUnknown says that nothing is known of what was asked about.
	ErrUnknown = errors.New("unknown")
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
	return problem.Message("health: invalid scorecard", len(e.Problems), func(i int) (string, string) {
		return e.Problems[i].Pointer, e.Problems[i].Message
	})
}

// invalid returns the problems as an *InvalidError, or nil if there are none.
func invalid(list problem.List) error {
	if len(list) == 0 {
		return nil
	}
	e := &InvalidError{Problems: make([]Problem, len(list))}
	for i, p := range list {
		e.Problems[i] = Problem(p)
	}
	return e
}

// A DataError says that one account's data can't be evaluated. Other accounts are not affected.
type DataError struct {
	Account string // ID of the account
	Field   string // what is wrong, such as "as of" or `measure "logins"`; "" is the whole input
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("health: account %.256q: %s", e.Account, e.Message)
	}
	return fmt.Sprintf("health: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// A RefusedError says that a rule of the domain forbids what was asked.
type RefusedError struct {
	Account string // ID of the account
	Rule    string // stable code of the rule, such as "in_order"
	Message string // what the rule says of this request
	Needs   string // what would satisfy it, as a noun phrase
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("health: account %.256q: refused by %s: %s; needs %s", e.Account, e.Rule, e.Message, e.Needs)
}
