package rfm

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/segment"
)

// ErrFormat says that a grid or an encoded [Tally] was written for a newer release than this. Find it with errors.Is.
var ErrFormat = errors.New("unknown format")

// An InvalidError holds every problem of a grid, in document order.
type InvalidError struct {
	Problems []segment.Problem
}

func (e *InvalidError) Error() string {
	return problem.Message("rfm: invalid grid", len(e.Problems), func(i int) (string, string) {
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
		e.Problems = append(e.Problems, segment.Problem(p))
	}
	return e
}

// A DataError says that a transaction can't be counted. Other transactions are not affected.
type DataError struct {
	Account string // ID of the account; "" where none is concerned or it is blank
	Field   string // what is wrong, such as "amount" or "row 7", counted from 0
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Account == "" {
		return fmt.Sprintf("rfm: %s: %s", e.Field, e.Message)
	}
	return fmt.Sprintf("rfm: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}
