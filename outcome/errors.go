package outcome

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// Sentinels that callers branch on with errors.Is.
var (
	// ErrConflict says that the plan is not at the expected version: another writer was first.
	ErrConflict = errors.New("conflict")
	// ErrFormat says that the format of a template or a plan is newer than this release knows.
	ErrFormat = errors.New("unknown format")
)

// A Problem is one mistake in a definition.
type Problem struct {
	Pointer string `json:"pointer"` // JSON Pointer (RFC 6901) into the definition; "" is the whole
	Message string `json:"message"`
}

// An InvalidError holds every problem of a template, in document order, or of the terms in a proposal or an amendment.
type InvalidError struct {
	Problems []Problem
}

func (e *InvalidError) Error() string {
	return problem.Message("outcome: invalid definition", len(e.Problems), func(i int) (string, string) {
		return e.Problems[i].Pointer, e.Problems[i].Message
	})
}

// invalid turns a list that is not empty into an error.
func invalid(list problem.List) error {
	e := &InvalidError{Problems: make([]Problem, len(list))}
	for i, p := range list {
		e.Problems[i] = Problem(p)
	}
	return e
}

// A DataError says that one account's data can't be evaluated. Other accounts are not affected.
type DataError struct {
	Account string // ID of the account; "" where that is what is wrong, or the data is of many
	Field   string // what is wrong, such as `outcome "onboarding"`; "" is the whole input
	Message string // the cause
}

func (e *DataError) Error() string {
	switch {
	case e.Account == "":
		return fmt.Sprintf("outcome: %s: %s", e.Field, e.Message)
	case e.Field == "":
		return fmt.Sprintf("outcome: account %.256q: %s", e.Account, e.Message)
	}
	return fmt.Sprintf("outcome: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// A RefusedError says that a rule of the domain forbids what was asked.
type RefusedError struct {
	Account string // ID of the account; "" where a template is asked
	Rule    string // stable code of the rule, such as "in_order"
	Message string // what the rule says of this request
	Needs   string // what would satisfy it, a noun phrase
}

func (e *RefusedError) Error() string {
	if e.Account == "" {
		return fmt.Sprintf("outcome: refused by %s: %s; needs %s", e.Rule, e.Message, e.Needs)
	}
	return fmt.Sprintf("outcome: account %.256q: refused by %s: %s; needs %s", e.Account, e.Rule, e.Message, e.Needs)
}
