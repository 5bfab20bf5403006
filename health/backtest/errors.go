package backtest

import "fmt"

// A DataError says that a decision or an account can't be used as it is.
type DataError struct {
	Account string // ID of the account
	Field   string // what is wrong, such as "currency"; "" is the whole
	Message string // the cause
}

func (e *DataError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("backtest: account %.256q: %s", e.Account, e.Message)
	}
	return fmt.Sprintf("backtest: account %.256q: %s: %s", e.Account, e.Field, e.Message)
}

// dataError returns nil if err is.
func dataError(account, field string, err error) error {
	if err == nil {
		return nil
	}
	return &DataError{Account: account, Field: field, Message: err.Error()}
}

// A RefusedError says that the decisions can't carry what was asked of them.
type RefusedError struct {
	Rule    string // stable code of the rule, such as "losses"
	Message string // what the rule says of this request
	Needs   string // what would satisfy it, as a noun phrase
}

func (e *RefusedError) Error() string {
	return fmt.Sprintf("backtest: refused by %s: %s; needs %s", e.Rule, e.Message, e.Needs)
}
