package opportunity

import "fmt"

// A DataError says that a rating, or an argument, can't be evaluated.
type DataError struct {
	Respondent string // who rated; "" where an argument is wrong
	Field      string // what is wrong, such as `importance of "fewer rejects"`; "" is the respondent's ID
	Message    string // the cause
}

func (e *DataError) Error() string {
	text := "opportunity: "
	if e.Respondent != "" || e.Field == "" {
		text += fmt.Sprintf("respondent %.256q: ", e.Respondent)
	}
	if e.Field != "" {
		text += e.Field + ": "
	}
	return text + e.Message
}
