package portable_test

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment"
)

// A world is what can be known of one account at one instant. It answers for every name that a definition may use, the
// same on every platform, since each answer is drawn from the name alone. About one in eight is missing or failed.
type world struct {
	account string
	asOf    time.Time
	card    map[string]health.Measure
	scheme  map[string]segment.Attribute
	shares  []string // quantities between 0 and 1
}

// draw returns the randomness that belongs to a name.
func (w world) draw(name string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(w.account + "\x00" + w.asOf.Format(time.RFC3339) + "\x00" + name))
	return rand.New(rand.NewPCG(h.Sum64(), 1))
}

// at returns an instant in the 120 days before the world's, to the microsecond.
func (w world) at(r *rand.Rand) time.Time {
	return w.asOf.Add(-time.Duration(r.Int64N(120*24*3600*1e6)) * time.Microsecond)
}

// Reading lies within the measure's curve and a little beyond.
func (w world) Reading(measure string) (health.Reading, bool) {
	r := w.draw(measure)
	switch r.IntN(16) {
	case 0:
		return health.Reading{}, false
	case 1:
		return health.Reading{State: health.Failed, At: w.at(r), Why: "timeout"}, true
	}
	knots := w.card[measure].Curve.Knots
	low, high := knots[0].X, knots[len(knots)-1].X
	return health.Reading{Value: low + float64((high-low)*(float64(1.1*r.Float64())-0.02)), At: w.at(r)}, true
}

// Signal is a flag or a number.
func (w world) Signal(name string) (journey.Signal, bool) {
	r := w.draw(name)
	switch r.IntN(16) {
	case 0:
		return journey.Signal{}, false
	case 1:
		return journey.Signal{State: journey.Failed, At: w.at(r), Why: "timeout"}, true
	case 2, 3, 4:
		return journey.Signal{Value: r.Float64() * 100, At: w.at(r)}, true
	}
	return journey.Signal{Value: 1, At: w.at(r)}, true
}

// evidence is what people say of the map's milestones at the world's instant.
func (w world) evidence(m journey.Map, digest journey.Digest) (events []journey.Event) {
	for _, phase := range m.Phases {
		for _, milestone := range phase.Milestones {
			if w.draw("evidence "+milestone.Name).IntN(4) > 0 {
				continue
			}
			events = append(events, journey.Event{
				Format: journey.Format, ID: milestone.Name + w.asOf.Format(time.DateOnly), Account: w.account,
				Kind: journey.EvidenceGiven, Happened: w.asOf, Recorded: w.asOf, Digest: digest, Name: milestone.Name, By: "sam",
			})
		}
	}
	return events
}

// Fact is of the attribute's type and within what it allows.
func (w world) Fact(attribute string) (segment.Value, bool) {
	r, a := w.draw(attribute), w.scheme[attribute]
	switch r.IntN(16) {
	case 0:
		return segment.Null(), false
	case 1:
		return segment.Failed("timeout"), true
	}
	switch a.Type {
	case segment.TextType:
		if len(a.Values) == 0 {
			return segment.Text([]string{"", "EU", "Österreich"}[r.IntN(3)]), true
		}
		return segment.Text(a.Values[r.IntN(len(a.Values))]), true
	case segment.FlagType:
		return segment.Flag(r.IntN(2) == 1), true
	case segment.TimeType:
		return segment.Time(w.at(r)), true
	}
	low, high := 0.0, 250000.0
	if a.Min != nil {
		low = *a.Min
	}
	if a.Max != nil {
		high = min(high, *a.Max)
	}
	return segment.Number(low + float64((high-low)*r.Float64()*r.Float64())), true
}

// Measurement is a series of up to eight values.
func (w world) Measurement(measure string) ([]outcome.Measurement, bool) {
	r := w.draw(measure)
	n := r.IntN(9)
	ms := make([]outcome.Measurement, n)
	for i := range ms {
		at := w.at(r)
		ms[i] = outcome.Measurement{Measure: measure, At: at, Value: r.Float64() * 130, Recorded: at}
	}
	slices.SortFunc(ms, func(a, b outcome.Measurement) int { return a.At.Compare(b.At) })
	return ms, n > 0
}

// Quantity is a share of four digits or a number with cents.
func (w world) Quantity(name string) (ladder.Quantity, bool) {
	r := w.draw(name)
	switch r.IntN(24) {
	case 0:
		return ladder.Quantity{}, false
	case 1:
		return ladder.Quantity{State: ladder.Failed, At: w.at(r), Why: "timeout"}, true
	case 2:
		return ladder.Quantity{State: ladder.NotApplicable, At: w.at(r)}, true
	}
	v := decimal.New(r.Int64N(100000), -2)
	if slices.Contains(w.shares, name) {
		v = decimal.New(r.Int64N(10001), -4)
	}
	classes := []ladder.Evidence{ladder.Assumed, ladder.VendorClaimed, ladder.Measured, ladder.Corroborated, ladder.Confirmed, ladder.Audited}
	return ladder.Quantity{Value: v, At: w.at(r), Evidence: classes[r.IntN(len(classes))]}, true
}
