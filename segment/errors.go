package segment

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Sentinels that callers branch on with errors.Is.
var (
	// ErrConflict says that the account's history is not at the expected version: another writer was first.
	ErrConflict = errors.New("conflict")
	// ErrFormat says that a definition's or a record's format is newer than this release knows.
	ErrFormat = errors.New("unknown format")
)

// A Problem is one mistake in a definition.
type Problem struct {
	Pointer string `json:"pointer"` // JSON Pointer (RFC 6901) into the definition; "" is the whole
	Message string `json:"message"`
}

// An InvalidError holds every problem of a scheme or of a condition, in document order.
type InvalidError struct {
	Problems []Problem
}

func (e *InvalidError) Error() string {
	return problem.Message("segment: invalid definition", len(e.Problems), func(i int) (string, string) {
		return e.Problems[i].Pointer, e.Problems[i].Message
	})
}

// A DataError says that one account's data can't be evaluated. Other accounts are not affected.
type DataError struct {
	Account string // ID of the account; "" where the call does not know it
	Field   string // what is wrong, such as `attribute "arr"`; "" is the whole input
	Message string // the cause
}

func (e *DataError) Error() string {
	message := "segment: "
	if e.Account != "" {
		message += fmt.Sprintf("account %.256q: ", e.Account)
	}
	if e.Field != "" {
		message += e.Field + ": "
	}
	return message + e.Message
}

// dataError returns nil if err is.
func dataError(account, field string, err error) error {
	if err == nil {
		return nil
	}
	return &DataError{Account: account, Field: field, Message: err.Error()}
}

// A RefusedError says that a rule of the domain forbids what was asked.
type RefusedError struct {
	Account string // ID of the account
	Rule    string // stable code of the rule, such as "in_order"
	Message string // what the rule says of this request
	Needs   string // what would satisfy it, a noun phrase
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("segment: account %.256q: refused by %s: %s; needs %s", e.Account, e.Rule, e.Message, e.Needs)
}
