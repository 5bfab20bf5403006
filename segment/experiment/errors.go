package experiment

import "fmt"

// A DataError says that a trial, a plan, a count or an outcome can't be used.
type DataError struct {
	Unit    string // ID of the unit; "" where none is concerned or it is blank
	Field   string // what is wrong, such as `weight of arm "call"` or "confidence"
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Unit == "" {
		return fmt.Sprintf("experiment: %s: %s", e.Field, e.Message)
	}
	return fmt.Sprintf("experiment: unit %q: %s: %s", e.Unit, e.Field, e.Message)
}

// wrong makes a DataError that concerns no unit.
func wrong(field, format string, args ...any) error {
	return &DataError{Field: field, Message: fmt.Sprintf(format, args...)}
}
