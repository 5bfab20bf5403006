// Package engagement says what is owed to a customer next: a Program of touches is compiled into a Model, and a Model
// gives the agenda of an Input.
//
//	model, err := engagement.Compile(program, scheme.Attributes)
//	agenda, err := model.Due(engagement.Input{Account: "acme", Began: began, Touches: made, Events: seen}, asOf)
//	// agenda.Due is what to do now, agenda.Next what comes after
//
// # Model
//
// A touch has a cadence or a trigger. A cadence is due once, Every after the last touch of its name, or after the program
// began for the account. A trigger makes one task of each occurrence of an event, or of the anchor's date. What lies
// before the program began is not due, so that an account does not enter with a backlog.
//
// A task of a trigger is done by a touch with the task's ID. A touch of the same name with another ID, such as one that a
// person logged, does the earliest open task that was due at or before it.
//
// A condition holds a task back for as long as it is not TRUE; the task is suppressed then, and not lost.
//
// # Units
//
// Instants are UTC, truncated to microseconds. Durations are elapsed time: a day is 24 hours. Minutes are of the owner's
// time.
//
// # Determinism
//
// Due is a function of sets: the order in which touches, events and anchors are given does not matter, and what happened
// after asOf is not seen.
//
// # Errors
//
// A wrong program is an [InvalidError] with every problem, wrong data of an account a [DataError].
//
// # Storage
//
// [Touches] keeps what was done; [Memory] is one in the process. Package engagementtest tests a host's. Due needs the
// touches and events since the program began.
//
// # Concurrency
//
// Model and Memory are safe for concurrent use; all other types are plain data.
//
// # JSON
//
// A program:
//
//	{"format": 1, "name": "growth", "segment": "growth", "touches": [
//	  {"name": "review", "channel": "human", "owner": "csm", "every": "90d", "within": "2w", "when": "arr >= 50000", "minutes": 60},
//	  {"name": "welcome", "channel": "digital", "owner": "program", "on": {"event": "signed"}, "within": "1d"},
//	  {"name": "renewal", "channel": "human", "owner": "csm", "on": {"anchor": "renewal", "offset": "-90d"}}]}
package engagement
