package acceleration

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// A DataError says that an account's data, or a plan, can't be.
type DataError struct {
	Account string // ID of the account; "" where the plan is wrong, or the ID itself
	Field   string // what is wrong, such as `step "trained"` or "landmark" or "account of stay 3", counted from 0
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Account == "" {
		return fmt.Sprintf("acceleration: %s: %s", e.Field, e.Message)
	}
	return fmt.Sprintf("acceleration: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// identified holds the ID of an account to the rules. What says where it is, and i which of them, counted from 0.
func identified(id, what string, i int) error {
	if err := ident.Check(id); err != nil {
		return argument(fmt.Sprintf("%s %d", what, i), "%s", err)
	}
	return nil
}

func argument(field, format string, args ...any) error {
	return &DataError{Field: field, Message: fmt.Sprintf(format, args...)}
}
