package timetovalue

import (
	"fmt"
	"math"
	"strconv"
)

// String says how the median changed, such as: median fell from 84 to 30 days, −64 % [−71, −52].
func (c Comparison) String() string {
	before, after := c.Before.Median.Day, c.After.Median.Day
	switch {
	case before == nil && after == nil:
		return "median not reached before, nor after"
	case before == nil:
		return fmt.Sprintf("median not reached before, %s days after", number(*after))
	case after == nil:
		return fmt.Sprintf("median %s days before, not reached after", number(*before))
	}
	text := fmt.Sprintf("median stayed at %s days", number(*before))
	if *before != *after {
		verb := "rose"
		if *after < *before {
			verb = "fell"
		}
		text = fmt.Sprintf("median %s from %s to %s days", verb, number(*before), number(*after))
	}
	if c.Relative.Value == nil {
		return text
	}
	return fmt.Sprintf("%s, %s %% [%s, %s]", text, percent(c.Relative.Value), percent(c.Relative.Low), percent(c.Relative.High))
}

// number prints days, of which a quantile may be half.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// percent prints a share rounded half away from zero, with a minus sign, and what is not bounded as a question mark.
func percent(v *float64) string {
	if v == nil {
		return "?"
	}
	switch p := math.Round(100 * *v); {
	case p < 0:
		return "−" + number(-p)
	default:
		return number(p + 0) // never −0
	}
}
