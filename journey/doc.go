// Package journey says where a customer is on the way to success, and what is next. A [Map] of phases and moves is
// compiled into a [Model]; an account's [Track] is the fold of its log; and a Model decides on the two as of an instant.
//
//	m, err := journey.Parse(document)                        // or journey.LAER(), or built in Go
//	model, err := journey.Compile(m)                         // every problem at once
//	track, err := journey.Replay(events, asOf, time.Time{})  // as known now
//	d, err := model.Decide(journey.Input{
//		Account: "acme", Track: track, Signals: journey.SignalMap{"sso": {Value: 1, At: seen}},
//	}, asOf)
//	fmt.Println(d.Phase, d.Events, d.Missing, d.Clock.State)
//
// # Model
//
// A journey is a loop of phases. Its log holds what happened, each event with when it happened and when it was recorded;
// the order of the log is that of recording. Of signals it holds the edges of needs alone: a need began to hold, its
// signal was lost or found, it ceased. So a track, whose size does not depend on how long the log is, answers for how
// long each need has held, in any phase.
//
// A decision takes these steps, each as of one inclusive instant:
//
//	observe   signals change the clocks of all needs of the map, whatever phase the account is in
//	move      the first declared move that is open is made, and so on from the phase that it leads to; each move at
//	          most once at one instant
//	prescribe what is missing and what is waited for in the phase that this leads to, and how its clock stands
//
// A need with the clock [Since, …), For and Stale is met at t if Since + For <= t, and its signal was known at
// Since + For or has become known since. It ends when its signal is known not to satisfy it, or at Unknown + Stale.
//
// A move is a fact. When late events show that it was not due, it stands, the decision disputes it, and says when it
// would have been due. For that each moved event holds its guards.
//
// As known then: known-at is a prefix of the log, since no event is recorded earlier than the one before it.
// [Replay] of that prefix is the track that was known; what has become known since does not shine through.
//
// What late events changed is told by [Changes] of two tracks.
//
// The status of the contract is another thing than the phase: [StatusOf] derives it from contracts.
//
// A log is pinned to the map that its last event is of, until a [Migration] takes it over to another: a phase in use
// can't vanish. An account with several journeys, one for each product, has a track of each, and a [RollUp] that
// declares how they make one stage.
//
// [Model.Verify] proves a map before it is published: what it finds comes with an account that shows it. [Model.SVG],
// [Model.Mermaid] and [Model.DOT] draw it, and [Model.Annotate] draws it with counts, stays and drop-off.
//
// A [Walk] keeps an account in memory between decisions. It answers, without allocation, whether anything has come: of
// many accounts that are looked at few have. For those it goes on, with the events to append.
//
// # Units
//
// Durations are elapsed time; a day is 24 hours. Instants are in UTC, truncated to microseconds.
//
// # Determinism
//
// The same log, map and input give the same bytes on every platform: there is no clock and no order of a map, and
// floats are only compared. Events that happened at one instant are folded as they were recorded.
//
// # Errors
//
// [InvalidError] is about a definition, [DataError] about one account's data, [RefusedError] about a rule;
// [ErrConflict] and [ErrFormat] are found with errors.Is. Bad data never panics. A signal that can't be used is unknown.
//
// # Storage
//
// A [Tracker] appends to a [Log], which hosts implement over their own storage and test with package journeytest.
// [Memory] is one. IDs of events derive from their content, so that a call repeated after a crash appends nothing.
//
// # Concurrency
//
// A Model is immutable; a Walk is for one goroutine at a time; all stores and the Tracker are safe for concurrent use; the package starts no goroutine.
//
// # Sources
//
// Strongly connected phases are found by Tarjan's algorithm (SIAM Journal on Computing 1, 1972), quickest ways by
// Dijkstra's (Numerische Mathematik 1, 1959).
//
// # JSON
//
// A definition is read strictly by [Parse]. Tracks, decisions and events marshal to canonical bytes: fields in
// declaration order, instants in UTC with microseconds. Readers of them ignore unknown keys.
package journey
