package cluster

import "fmt"

// A DataError says what of a table, of options or of labels can't be used.
type DataError struct {
	Field   string // what is wrong, such as "k" or `row 7, column "arr"`; rows are counted from 0
	Message string // the cause
}

func (e *DataError) Error() string { return fmt.Sprintf("cluster: %s: %s", e.Field, e.Message) }

func wrong(field, format string, args ...any) error {
	return &DataError{Field: field, Message: fmt.Sprintf(format, args...)}
}
