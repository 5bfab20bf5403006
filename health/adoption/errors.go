package adoption

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// ErrFormat says that the format of a plan or of encoded usage is newer than this release knows. Find it with errors.Is.
var ErrFormat = errors.New("unknown format")

// An InvalidError holds every problem of a plan, in document order.
type InvalidError struct {
	Problems []health.Problem
}

func (e *InvalidError) Error() string {
	return problem.Message("adoption: invalid plan", len(e.Problems), func(i int) (string, string) {
		return e.Problems[i].Pointer, e.Problems[i].Message
	})
}

// invalid returns the problems as an *InvalidError, or nil if there are none.
func invalid(list problem.List) error {
	if len(list) == 0 {
		return nil
	}
	e := &InvalidError{}
	for _, p := range list {
		e.Problems = append(e.Problems, health.Problem(p))
	}
	return e
}

// A DataError says that an event, encoded usage or one account's data can't be used. Other accounts are not affected.
type DataError struct {
	Account string // ID of the account; "" where none is concerned or it is blank
	Field   string // what is wrong, such as `use of "export" by "ann"` or "as of"
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Account == "" {
		return fmt.Sprintf("adoption: %s: %s", e.Field, e.Message)
	}
	return fmt.Sprintf("adoption: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// dataError returns nil if err is.
func dataError(account, field string, err error) error {
	if err == nil {
		return nil
	}
	return &DataError{Account: account, Field: field, Message: err.Error()}
}
