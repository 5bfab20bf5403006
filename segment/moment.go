package segment

import (
	"fmt"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

const (
	microsPerMinute = int64(time.Minute / time.Microsecond)
	microsPerHour   = 60 * microsPerMinute
	microsPerDay    = 24 * microsPerHour
)

// A moment is a time constant of a condition: an instant, or one relative to as_of.
type moment struct {
	relative bool
	us       int64 // microseconds since 1970, or since as_of
}

// at returns the moment in microseconds since 1970 when it is now.
func (m moment) at(now int64) int64 {
	if m.relative {
		return now + m.us
	}
	return m.us
}

// String returns the moment as a literal of the condition language.
func (m moment) String() string {
	if !m.relative {
		return timeText(m.us)
	}
	us, sign := m.us, "+"
	if us < 0 {
		us, sign = -us, "-"
	}
	n, unit := us/microsPerMinute, "minutes"
	switch {
	case us == 0:
		return "as_of"
	case us%microsPerDay == 0:
		n, unit = us/microsPerDay, "days"
	case us%microsPerHour == 0:
		n, unit = us/microsPerHour, "hours"
	}
	return fmt.Sprintf("as_of %s INTERVAL '%d %s'", sign, n, unit)
}

func timeText(us int64) string {
	t := instant.FromMicros(us)
	switch {
	case us%microsPerDay == 0:
		return t.Format("DATE '2006-01-02'")
	case us%int64(time.Second/time.Microsecond) == 0:
		return t.Format("TIMESTAMP '2006-01-02 15:04:05'")
	}
	return t.Format("TIMESTAMP '2006-01-02 15:04:05.000000'")
}
