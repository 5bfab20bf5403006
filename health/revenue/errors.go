package revenue

import (
	"errors"
	"fmt"
)

// ErrFormat says that an encoded [Tally] was written by a newer release than this.
var ErrFormat = errors.New("unknown format")

// A DataError says that one account's data is not a course of recurring revenue. Other accounts are not affected.
type DataError struct {
	Account string // ID of the account
	Field   string // what is wrong, such as "movement 3", counted from 0; "" is the whole
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("revenue: account %.256q: %s", e.Account, e.Message)
	}
	return fmt.Sprintf("revenue: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// A RefusedError says that the data can't carry what was asked of it.
type RefusedError struct {
	Rule    string // stable code of the rule, such as "losses"
	Message string // what the rule says of this request
	Needs   string // what would satisfy it, as a noun phrase
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("revenue: refused by %s: %s; needs %s", e.Rule, e.Message, e.Needs)
}
