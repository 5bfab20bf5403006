package peer

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// ErrFormat says that the format of a release or a record is newer than this release of the library knows. Find it with
// errors.Is.
var ErrFormat = errors.New("unknown format")

// A Problem is one mistake in a document.
type Problem struct {
	Pointer string `json:"pointer"` // JSON Pointer (RFC 6901) into the document; "" is the whole
	Message string `json:"message"`
}

// An InvalidError holds every problem of a release or a record.
type InvalidError struct {
	Problems []Problem
}

func (e *InvalidError) Error() string {
	return problem.Message("peer: invalid document", len(e.Problems), func(i int) (string, string) {
		return e.Problems[i].Pointer, e.Problems[i].Message
	})
}

// invalid returns the problems as an error, or nil without any.
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

// A DataError says that a contribution, or an argument, can't be used.
type DataError struct {
	Account string // ID of the account, or of the company; "" where an argument is wrong
	Field   string // what is wrong, such as "spend"
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Account == "" {
		return fmt.Sprintf("peer: %s: %s", e.Field, e.Message)
	}
	return fmt.Sprintf("peer: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// A RefusedError says that a release holds nothing that answers.
type RefusedError struct {
	Account string // ID of the account that asked
	Rule    string // stable code of the rule: "no_peers" or "currency"
	Message string // what the rule says of this request
	Needs   string // what would satisfy it, a noun phrase
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("peer: account %.256q: refused by %s: %s; needs %s", e.Account, e.Rule, e.Message, e.Needs)
}
