package health

import (
	"slices"
	"time"
)

// Settle folds a score into the account's standing: the band as the card's Steady lets it change.
// It is pure. A score that is not later than prev.AsOf changes nothing, so that settling twice at one instant does not.
// The zero Standing is that of an account never scored.
//
// Each edge between bands is passed by itself, at the edge plus or minus the margin, so that a fall through two bands may
// stop in the middle one. A dwell begins with the first score past an edge and ends with one that is not, or is unknown.
// A cap that acts brings the standing down to the cap's band at once, unless an override lifted the score above it.
//
// With a Fall, a score that is its points below the highest of the trailing window, both before any override and of one
// card, has fallen, and the window begins anew with it. Of more than 64 scores that none later reached, the lower of the
// two nearest in time is forgotten.
func (m *Model) Settle(prev Standing, s Score) Standing {
	if !prev.AsOf.IsZero() && !s.AsOf.After(prev.AsOf) {
		return prev
	}
	next := Standing{Band: prev.Band, Since: prev.Since, AsOf: s.AsOf, Unknown: !s.Known}
	m.fallen(&next, prev, s)
	if !s.Known {
		if prev.Band == "" {
			next.Band, next.Since = Unknown, s.AsOf
		}
		return next
	}
	from := m.bandNamed(prev.Band)
	to := m.band(s.Value)
	if from >= 0 { // else the first known score, or the first under a card without that band
		to = min(from, m.ceiling(s))
		to = m.steady(&next, prev, to, s)
	}
	if to != from {
		next.Band, next.Since = m.bands[to].Name, s.AsOf
	}
	return next
}

// steady returns the band that margins and dwells let the standing move to from band at, and notes in next what pends.
func (m *Model) steady(next *Standing, prev Standing, at int, s Score) int {
	to := m.past(at, s.Value)
	if to == at {
		return at
	}
	hold, since := m.card.Steady.Better, s.AsOf
	if to < at {
		hold = m.card.Steady.Worse
	}
	// Every score since PendingSince was past the nearer of the bands asked for.
	if p := m.bandNamed(prev.Pending); p >= 0 && p != at && (p < at) == (to < at) {
		since = prev.PendingSince
		if p < at {
			to = max(to, p)
		} else {
			to = min(to, p)
		}
	}
	pending := to
	if s.AsOf.Sub(since) >= time.Duration(hold.Dwell) {
		at, since = to, s.AsOf
		pending = m.past(at, s.Value)
	}
	if pending != at {
		next.Pending, next.PendingSince = m.bands[pending].Name, since
	}
	return at
}

// past returns the band behind the last edge that the value is past by its margin, seen from band at.
func (m *Model) past(at int, v float64) int {
	worse, better := m.margins[0], m.margins[1]
	to := at
	for to > 0 && v < m.bands[to].Floor && v <= m.bands[to].Floor-worse {
		to--
	}
	if to < at {
		return to
	}
	for to+1 < len(m.bands) && v >= m.bands[to+1].Floor+better {
		to++
	}
	return to
}

// ceiling returns the best band that the caps which act on a score of this card allow.
func (m *Model) ceiling(s Score) int {
	best := len(m.bands) - 1
	if s.Digest != m.digest || len(s.Parts) != len(m.measures) {
		return best
	}
	for i := range m.limits {
		l, p := &m.limits[i], &s.Parts[m.limits[i].measure]
		if l.Kind == Cap && s.Value <= l.Points && l.acts(p.Liveness, p.Reading.Value) {
			best = min(best, m.band(l.Points))
		}
	}
	return best
}

const maxPeaks = 64

// fallen notes in next whether the score has fallen, and from where a later one could.
func (m *Model) fallen(next *Standing, prev Standing, s Score) {
	if m.fall.Points == 0 {
		return
	}
	next.PeaksOf = s.Digest
	begin := s.AsOf.Add(-time.Duration(m.fall.Within))
	if prev.PeaksOf == s.Digest {
		for _, p := range prev.Peaks {
			if p.AsOf.After(begin) {
				next.Peaks = append(next.Peaks, p)
			}
		}
	}
	if !s.Known {
		return
	}
	now := Peak{AsOf: s.AsOf, Points: s.Value - s.Overridden}
	peaks := next.Peaks
	if len(peaks) > 0 && peaks[0].Points-now.Points >= m.fall.Points {
		next.Fell, peaks = peaks[0].Points-now.Points, nil
	}
	for len(peaks) > 0 && peaks[len(peaks)-1].Points <= now.Points {
		peaks = peaks[:len(peaks)-1]
	}
	next.Peaks = append(peaks, now)
	if len(next.Peaks) > maxPeaks {
		near := 1
		for i := 2; i < len(next.Peaks); i++ {
			if next.Peaks[i].AsOf.Sub(next.Peaks[i-1].AsOf) < next.Peaks[near].AsOf.Sub(next.Peaks[near-1].AsOf) {
				near = i
			}
		}
		next.Peaks = slices.Delete(next.Peaks, near, near+1)
	}
}
