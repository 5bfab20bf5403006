package pace

import (
	"errors"
	"fmt"
)

// ErrFormat says that an encoded [Sample] was written by a newer release than this.
var ErrFormat = errors.New("unknown format")

// A DataError says that an account's stay, or an argument, can't be.
type DataError struct {
	Account string // ID of the account; "" where an argument is wrong, or the ID itself
	Field   string // what is wrong, such as "stay", "confidence" or "account of stay 3", counted from 0
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Account == "" {
		return fmt.Sprintf("pace: %s: %s", e.Field, e.Message)
	}
	return fmt.Sprintf("pace: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

func argument(field, format string, args ...any) error {
	return &DataError{Field: field, Message: fmt.Sprintf(format, args...)}
}

// A RefusedError says that the stays can't carry what was asked of them.
type RefusedError struct {
	Rule    string // stable code of the rule, such as "too_few"
	Message string // what the rule says of this request
	Needs   string // what would satisfy it, a noun phrase
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("pace: refused by %s: %s; needs %s", e.Rule, e.Message, e.Needs)
}
