package adoption

import (
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

const (
	maxDays   = 1100 // of a window
	dayMicros = int64(24 * time.Hour / time.Microsecond)
)

// A window is a run of calendar days somewhere on earth.
type window struct {
	first  int64   // civil day, counted from 1970-01-01
	starts []int64 // microseconds at which each day starts, and the last ends; rising, a day may be empty
}

// newWindow takes the calendar of a location apart, so that no location is needed from there on.
func newWindow(from time.Time, days int, loc *time.Location) window {
	year, month, day := from.In(loc).Date()
	w := window{
		first:  time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / (dayMicros / 1e6),
		starts: make([]int64, days+1),
	}
	// A date that the location left out is empty: it starts where the next one does. There are never two in a row.
	next, _ := dayStart(year, month, day+days+1, loc)
	for i := days; i >= 0; i-- {
		if at, ok := dayStart(year, month, day+i, loc); ok {
			next = at
		}
		w.starts[i] = next
	}
	return w
}

// dayStart returns the first instant of a date, which is not always midnight: clocks may be set forward over it. It is
// false where the location left the date out. Of a date that comes twice the part that holds noon counts.
func dayStart(year int, month time.Month, day int, loc *time.Location) (int64, bool) {
	at := time.Date(year, month, day, 12, 0, 0, 0, loc)
	date := at.YearDay()
	if time.Date(year, month, day, 12, 0, 0, 0, time.UTC).YearDay() != date {
		return 0, false
	}
	for {
		hour, minute, second := at.Clock()
		sinceMidnight := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute +
			time.Duration(second)*time.Second + time.Duration(at.Nanosecond())
		midnight := at.Add(-sinceMidnight)
		changed, _ := at.ZoneBounds() // the clock runs evenly from here on
		if changed.IsZero() || changed.Before(midnight) {
			return instant.Micros(midnight), true
		}
		if before := changed.Add(-1); before.In(loc).YearDay() == date {
			at = before.In(loc)
			continue
		}
		return instant.Micros(changed), true
	}
}

func (w window) days() int   { return len(w.starts) - 1 }
func (w window) from() int64 { return w.starts[0] }
func (w window) to() int64   { return w.starts[len(w.starts)-1] }

// words is how many words a bit for each day takes.
func (w window) words() int { return (w.days() + 63) / 64 }

func (w window) holds(at int64) bool { return at >= w.from() && at < w.to() }

// day returns the day of an instant within the window. Days are so nearly of one length that the guess is right or next
// to it.
func (w window) day(at int64) int {
	i := min(int((at-w.from())/dayMicros), w.days()-1)
	for at < w.starts[i] {
		i--
	}
	for at >= w.starts[i+1] {
		i++
	}
	return i
}

// weekday returns the day of the week of a day of the window, 0 for Sunday.
func (w window) weekday(day int) int {
	return int(((w.first+int64(day)+4)%7 + 7) % 7) // 1970-01-01 was a Thursday
}

func (w window) equal(o window) bool { return w.first == o.first && slices.Equal(w.starts, o.starts) }
