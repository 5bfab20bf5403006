package survival

import (
	"fmt"
	"math"
)

// An Observation is one subject under watch after Entry and until Time.
type Observation struct {
	Entry float64 // when the watch began; 0 is from the start, above 0 the subject is at risk only after Entry
	Time  float64 // when it ended: at least 0, and after an Entry above 0
	Cause int     // 0 is censored: it had not ended by Time; 1 and up are the causes of the end
}

// A DataError is an observation that can't be.
type DataError struct {
	Index  int // in the observations given
	Reason string
}

func (e *DataError) Error() string {
	return fmt.Sprintf("survival: observation %d: %s", e.Index, e.Reason)
}

// check returns what is wrong with o, whose cause may be up to highest, or "".
func (o Observation) check(highest int) string {
	switch {
	case math.IsNaN(o.Time) || math.IsInf(o.Time, 0):
		return fmt.Sprintf("time is %v", o.Time)
	case o.Time < 0:
		return fmt.Sprintf("time %v is negative", o.Time)
	case math.IsNaN(o.Entry) || math.IsInf(o.Entry, 0):
		return fmt.Sprintf("entry is %v", o.Entry)
	case o.Entry < 0:
		return fmt.Sprintf("entry %v is negative", o.Entry)
	case o.Entry > 0 && o.Entry >= o.Time:
		return fmt.Sprintf("entry %v is not before time %v", o.Entry, o.Time)
	case o.Cause < 0:
		return fmt.Sprintf("cause %d is negative", o.Cause)
	case o.Cause > highest:
		return fmt.Sprintf("cause %d is above %d", o.Cause, highest)
	}
	return ""
}

// FirstAtRisk returns the earliest time at which a curve can begin with at least minimum subjects at risk, or false where
// there is none. With late entries the first few at risk are so few that a curve from 0 may fall to 0 at once.
func FirstAtRisk(obs []Observation, minimum int) (float64, bool, error) {
	l, err := newTimeline(obs, pooled)
	if err != nil {
		return 0, false, err
	}
	early := l.n - len(l.entries)
	if early >= minimum {
		return 0, true, nil
	}
	for i, entry := range l.entries {
		for t, ok := l.peek(); ok && t <= entry; t, ok = l.peek() {
			l.take(t)
		}
		if early+i+1-l.left >= minimum {
			return entry, true, nil
		}
	}
	return 0, false, nil
}

// Landmark returns the observations of the subjects still under watch after at, none of them at risk before it. What is
// estimated from them is conditional on not having ended by then; times keep their origin. At 0 it returns all.
func Landmark(obs []Observation, at float64) []Observation {
	var later []Observation
	for _, o := range obs {
		if o.Time > at || at == 0 {
			o.Entry = max(o.Entry, at)
			later = append(later, o)
		}
	}
	return later
}
