package coverage

import "fmt"

// A DataError says that an account, a person, an effort or a rule can't be used.
type DataError struct {
	Account string // ID of the account; "" where none is concerned or it is blank
	Field   string // what is wrong, such as `hours of person "ann"` or "max moves"
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Account == "" {
		return fmt.Sprintf("coverage: %s: %s", e.Field, e.Message)
	}
	return fmt.Sprintf("coverage: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}
