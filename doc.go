// Package customersuccess is the map of a module that reasons about the success of a vendor's customers.
// It exports nothing: import the package that answers your question.
//
//	health    is this customer well?           Scorecard -> Score
//	journey   where are they, what is next?    Map       -> Decision
//	outcome   what did they come for?          Plan      -> Assessment
//	segment   who are they, how do we engage?  Scheme    -> Verdict
//	ladder    what is it worth?                Ladder    -> Statement, Leakage
//
// The packages are independent of each other and share one plan. A definition is plain data, built in Go or read from
// JSON; Compile reports all that is wrong with it, or returns an immutable Model; the Model evaluates one Input as of
// an instant, and what is not in the input can't influence the result. A service (Monitor, Tracker, Planner, Roster,
// Books) loads, evaluates and saves through small store interfaces that the host implements and tests with the suite
// of the package (healthtest, journeytest, …).
//
// They meet in the host. One type of the host's can give the values that all five read:
//
//	type account struct{ row warehouse.Row }
//
//	func (a account) Reading(measure string) (health.Reading, bool)               { … }
//	func (a account) Signal(name string) (journey.Signal, bool)                   { … }
//	func (a account) Measurement(measure string) ([]outcome.Measurement, bool)    { … }
//	func (a account) Fact(attribute string) (segment.Value, bool)                 { … }
//	func (a account) Quantity(name string) (ladder.Quantity, bool)                { … }
//
// # Guarantees
//
//   - The parts of every number sum to it exactly.
//   - Unknown stays unknown: missing, zero, not applicable and failed are four things.
//   - The same input gives the same bytes on every platform: no clock, no map order, no fused arithmetic.
//   - Money is decimal, in one currency a sum, and counted once.
//
// # Compatibility
//
// Before v1 an exported name may change, and the changelog says so. A release that changes a number raises the format
// of the definition and keeps the old arithmetic for the old format.
package customersuccess
