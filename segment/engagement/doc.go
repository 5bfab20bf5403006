// Package engagement says what is owed to a customer next: a Program of touches is compiled into a Model, and a Model
// gives the agenda of an Input.
//
//	model, err := engagement.Compile(program, scheme.Attributes)
//	agenda, err := model.Due(engagement.Input{Account: "acme", Began: began, Touches: made, Events: seen}, asOf)
//	// agenda.Due is what to do now, agenda.Next what comes after
//
// # Model
//
// A touch has a cadence or a trigger. A cadence is due once, Every after the last touch of its name, or after the
// program began for the account; so it is too where the last touch is so old that this would be before the program
// began. A trigger makes one task of each occurrence of an event, be it a moment of truth that the customer goes
// through, or of the anchor's date. What lies before the program began is not due, so that an account does not enter
// with a backlog.
//
// A task of a trigger is done by a touch with the task's ID. A touch of the same name with another ID, such as one that a
// person logged, does the earliest open task that was due at or before it. [Task.Made] gives the touch of a task.
//
// A touch with Escalate is tried again while nobody answers, and then on other channels. An answer is what the host says
// it is, in [Touch].Answered: mail clients open mail by themselves. Any answer to one of the tries ends them.
//
// A playbook is a program that is Ordered: its touches have one trigger, and for each occurrence of it each waits until
// those before it are made, or done or skipped by a condition.
//
// What is due may be suppressed: by its condition, an open step of the playbook, a trial's holdout, the lack of a person or
// of consent, a budget, an earlier ask, quiet times and holidays. It is not lost then: it stays on the agenda, with the
// reason and, where that is known, the instant of its release. [Join] puts several programs under the budgets and quiet
// times of all. Of the people of a kind a task goes to the first by ID whom nothing holds it back from, else to the one
// who is free first. A consent must be the person's own.
//
// Advocacy is asked for by a touch with Ask: it must have a When, which says that all is well, such as by the account's
// health and the attainment of its outcomes, and no account is asked twice within [AskRest].
//
// [Model.Verify] finds what is hardly meant before a program is published, such as touches that never come due, levels that
// nobody reaches and budgets that cadences can't keep, each with an account that shows it.
//
// [Promises] folds what is owed to the customer, a [Scorer] scores interactions, and [Model.Effort] says what a program
// will take.
//
// # Units
//
// Instants are UTC, truncated to microseconds. Durations are elapsed time: a day is 24 hours. Quiet times are of the wall
// clock at the place that the host gives; what the clock leaves out or has twice is as package time has it. Minutes are of
// the owner's time. The service level of a touch that comes due in a quiet time begins when that ends.
//
// # Determinism
//
// Due is a function of sets: the order in which touches, events, people and all else are given does not matter, and what
// happened after asOf is not seen. Nothing is read but the arguments; a time zone is the host's.
//
// # Errors
//
// A wrong program is an [InvalidError] with every problem, wrong data of an account a [DataError].
//
// # Storage
//
// [Touches] keeps what was done; [Memory] is one in the process. Package engagementtest tests a host's. Due needs the
// touches and events since the program began, and the touches of the longest window of a budget, and of [AskRest].
//
// # Concurrency
//
// Model, Scorer and Memory are safe for concurrent use; all other types are plain data.
//
// # JSON
//
// A program:
//
//	{"format": 1, "name": "growth", "segment": "growth", "touches": [
//	  {"name": "review", "channel": "human", "owner": "csm", "every": "90d", "within": "2w", "when": "arr >= 50000", "minutes": 60},
//	  {"name": "welcome", "channel": "digital", "owner": "program", "on": {"event": "signed"}, "needs": "news",
//	   "escalate": [{"after": 3, "wait": "3d", "channel": "human", "owner": "csm"}]},
//	  {"name": "renewal", "channel": "human", "owner": "csm", "to": "sponsor", "on": {"anchor": "renewal", "offset": "-90d"}}],
//	 "budgets": [{"name": "fortnight", "per": "account", "most": 3, "in": "2w"}],
//	 "quiet": [{"name": "night", "from": "20:00", "to": "08:00", "days": ["sat", "sun"], "holidays": true}]}
//
// A scoring:
//
//	{"format": 1, "name": "engaged", "full": 40, "ages": [{"within": "30d", "share": 1}, {"within": "90d", "share": 0.5}],
//	 "worths": [{"direction": "inbound", "points": 8}, {"channel": "human", "answered": true, "points": 4}]}
//
// # Sources
//
// The long run of a cadence in [Model.Effort]: the renewal reward theorem, S. M. Ross, Introduction to Probability Models,
// section 7.4.
package engagement
