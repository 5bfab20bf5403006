package experiment

import (
	"errors"
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/segment"
)

// ErrFormat says that a trial was written for a newer release than this. Find it with errors.Is.
var ErrFormat = errors.New("unknown format")

// An InvalidError holds every problem of a trial, in document order.
type InvalidError struct {
	Problems []segment.Problem
}

func (e *InvalidError) Error() string {
	return problem.Message("experiment: invalid trial", len(e.Problems), func(i int) (string, string) {
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

// A DataError says that a count, a number or an outcome can't be used.
type DataError struct {
	Unit    string // ID of the unit; "" where none is concerned or it is blank
	Field   string // what is wrong, such as "arm" or "confidence"
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Unit == "" {
		return fmt.Sprintf("experiment: %s: %s", e.Field, e.Message)
	}
	return fmt.Sprintf("experiment: unit %.256q: %s: %s", e.Unit, e.Field, e.Message)
}

// wrong makes a DataError that concerns no unit.
func wrong(field, format string, args ...any) error {
	return &DataError{Field: field, Message: fmt.Sprintf(format, args...)}
}
