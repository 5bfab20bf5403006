package engagement

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// ErrFormat says that a definition's or a touch's format is newer than this release knows. Find it with errors.Is.
var ErrFormat = errors.New("unknown format")

// A Problem is one mistake in a definition.
type Problem struct {
	Pointer string `json:"pointer"` // JSON Pointer (RFC 6901) into the definition; "" is the whole
	Message string `json:"message"`
}

// An InvalidError holds every problem of a program, a scoring or an expectation, in document order.
type InvalidError struct {
	Problems []Problem
}

func (e *InvalidError) Error() string {
	return problem.Message("engagement: invalid definition", len(e.Problems), func(i int) (string, string) {
		return e.Problems[i].Pointer, e.Problems[i].Message
	})
}

// A DataError says that one account's data can't be evaluated. Other accounts are not affected.
type DataError struct {
	Account string // ID of the account
	Field   string // what is wrong, such as `time of event "renewal"`; "" is the whole input
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("engagement: account %.256q: %s", e.Account, e.Message)
	}
	return fmt.Sprintf("engagement: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// dataError returns nil if err is.
func dataError(account, field string, err error) error {
	if err == nil {
		return nil
	}
	return &DataError{Account: account, Field: field, Message: err.Error()}
}
