package acceleration

import "fmt"

// A DataError says that an account's data, or a plan, can't be.
type DataError struct {
	Account string // ID of the account; "" where the plan is wrong
	Field   string // what is wrong, such as `step "trained"` or "landmark"; "" is the account's ID
	Message string // the cause
}

func (e *DataError) Error() string {
	text := "acceleration: "
	if e.Account != "" || e.Field == "" {
		text += fmt.Sprintf("account %q: ", e.Account)
	}
	if e.Field != "" {
		text += e.Field + ": "
	}
	return text + e.Message
}

func argument(field, format string, args ...any) error {
	return &DataError{Field: field, Message: fmt.Sprintf(format, args...)}
}
