package timetovalue

import (
	"errors"
	"fmt"
)

// ErrFormat says that an encoded [Sample] was written by a newer release than this.
var ErrFormat = errors.New("unknown format")

// A DataError says that an account's clock, or an argument, can't be.
type DataError struct {
	Account string // ID of the account; "" where an argument is wrong
	Field   string // what is wrong, such as `achievement "first report"`; "" is the account's ID
	Message string // the cause
}

func (e *DataError) Error() string {
	text := "timetovalue: "
	if e.Account != "" || e.Field == "" {
		text += fmt.Sprintf("account %.256q: ", e.Account)
	}
	if e.Field != "" {
		text += e.Field + ": "
	}
	return text + e.Message
}
