package health

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// An Event is something that happened to an account's health. Delivery is the host's, at least once:
// the ID derives from account, kind and version, and is the same each time.
type Event struct {
	ID       string    `json:"id"`
	Account  string    `json:"account"`
	Kind     EventKind `json:"kind"`
	At       time.Time `json:"at"`             // asOf of the evaluation, or At of the act
	From     string    `json:"from,omitempty"` // band before, or state of the risk before
	To       string    `json:"to,omitempty"`   // band after, or state of the risk after
	Points   float64   `json:"points"`         // value of the score
	Lost     float64   `json:"lost,omitempty"` // points, of ScoreFell
	Risk     string    `json:"risk,omitempty"` // ID, of what happened to a risk
	Category string    `json:"category,omitempty"`
}

// An EventKind says what happened.
type EventKind string

// Event kinds. Each tells of a transition: what stays as it is causes none.
const (
	BandSet           EventKind = "band_set"           // the first known band
	BandChanged       EventKind = "band_changed"       // the steadied band changed
	ScoreFell         EventKind = "score_fell"         // by the points of the card's Fall, within its time
	CoverageLost      EventKind = "coverage_lost"      // the score was known and is unknown
	OverrideExpired   EventKind = "override_expired"   // the override of the evaluation before has ended
	OverrideDisagrees EventKind = "override_disagrees" // the score's band is another than it would be without its override
	RiskOpened        EventKind = "risk_opened"
	RiskOwned         EventKind = "risk_owned"
	RiskMitigated     EventKind = "risk_mitigated"
	RiskClosed        EventKind = "risk_closed"
	RiskReopened      EventKind = "risk_reopened"
)

// event returns an event of a record.
func (r *Record) event(kind EventKind, from, to string) Event {
	return Event{
		ID: eventID(r.Score.Account, kind, r.Version), Account: r.Score.Account, Kind: kind, At: r.Score.AsOf,
		From: from, To: to, Points: r.Score.Value,
	}
}

// happened compares an evaluation with the record before it, the zero Record if there is none. Risks come after.
func (m *Model) happened(before *Record, r *Record) []Event {
	var events []Event
	was, is := before.Standing.Band, r.Standing.Band
	switch {
	case is == was || is == Unknown:
	case was == "" || was == Unknown:
		events = append(events, r.event(BandSet, "", is))
	default:
		events = append(events, r.event(BandChanged, was, is))
	}
	if r.Standing.Fell > 0 {
		e := r.event(ScoreFell, "", "")
		e.Lost = r.Standing.Fell
		events = append(events, e)
	}
	if before.Score.Known && !r.Score.Known {
		events = append(events, r.event(CoverageLost, before.Score.Band, Unknown))
	}
	if o := before.Score.Override; o != nil && !o.Until.After(r.Score.AsOf) {
		events = append(events, r.event(OverrideExpired, before.Score.Band, r.Score.Band))
	}
	if without, other := m.withoutOverride(&r.Score); other {
		// Under another card the bands of before are not known to this model: it counts as if they had agreed.
		_, already := m.withoutOverride(&before.Score)
		if !already || before.Score.Digest != m.digest || *before.Score.Override != *r.Score.Override {
			events = append(events, r.event(OverrideDisagrees, without, r.Score.Band))
		}
	}
	return events
}

// withoutOverride returns the band that a known score would have without its override, and whether that is another one.
func (m *Model) withoutOverride(s *Score) (band string, other bool) {
	if !s.Known || s.Override == nil {
		return s.Band, false
	}
	band = m.bands[m.band(s.Value-s.Overridden)].Name
	return band, band != s.Band
}

// eventID derives an ID of bounded length from a subject, a kind and a version.
func eventID(subject string, kind EventKind, version int64) string {
	return fmt.Sprintf("%s/%d/%s", kind, version, short(subject))
}

// short names a text in 32 hexadecimal digits.
func short(text string) string {
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("%x", sum[:16])
}
