package engagement

import (
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Due returns what is due for an account as of an instant, which is inclusive: touches and events after it are not seen.
// The order in which what is in the input arrives does not matter. It does not modify or keep in.
//
// Due returns an error if (each a *DataError):
//   - the account's ID, or that of a person, is empty, longer than 256 bytes, or not plain UTF-8;
//   - asOf, Began, or another instant, or what follows from it, is outside of the years 1 to 9999; of these only Began and
//     the ends of a consent may be zero;
//   - a touch has no ID, or a text that can't be kept: over 1024 bytes, not UTF-8 or with a NUL;
//   - two anchors or starts have one name, two people one ID, or two touches one ID that differ in more than Recorded;
//   - a holiday is not a day of the calendar;
//   - a fact that a condition reads can't be evaluated.
//
// It returns ErrFormat if a touch's format is newer than [Format].
func (m *Model) Due(in Input, asOf time.Time) (Agenda, error) {
	var space scratch
	past, err := readPast(&in, asOf, m.byName, &space)
	if err != nil {
		return Agenda{}, err
	}
	a := Agenda{Account: in.Account, AsOf: instant.FromMicros(past.now), Program: m.name, Digest: m.digest}
	if len(m.programs) == 1 {
		a.Version = m.programs[0].Version
	}
	candidates, err := m.collect(&past, a.AsOf, space.candidates[:0])
	if err != nil {
		return Agenda{}, err
	}
	e := evaluation{model: m, past: past, candidates: candidates, order: byDue(candidates, space.order[:0])}
	e.decide(past.contacts(space.contacts[:0]))
	e.report(&a)
	return a, nil
}
