package mining

import (
	"errors"
	"fmt"
)

// ErrFormat says that a [Graph] or [Profile] was encoded by a newer release than this. Find it with errors.Is.
var ErrFormat = errors.New("unknown format")

// A DataError says that an event, an account's journey, an encoding or an argument can't be used. Other accounts are not
// affected.
type DataError struct {
	Account string // ID of the account; "" where none is concerned
	Field   string // what is wrong, such as "event 3", counted from 0 in the account's journey
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Account == "" {
		return fmt.Sprintf("mining: %s: %s", e.Field, e.Message)
	}
	return fmt.Sprintf("mining: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// A RefusedError says that a map, a log or a chain can't carry what was asked of it.
type RefusedError struct {
	Rule    string // stable code of the rule, such as "absorbing"
	Message string // what the rule says of this request
	Needs   string // what would satisfy it, a noun phrase
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("mining: refused by %s: %s; needs %s", e.Rule, e.Message, e.Needs)
}

// wrong is an argument that can't be used.
func wrong(field, format string, args ...any) *DataError {
	return &DataError{Field: field, Message: fmt.Sprintf(format, args...)}
}
