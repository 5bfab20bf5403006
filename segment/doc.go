// Package segment says who a customer is, by rules that people write: a Scheme is compiled into a Model, and a Model
// classifies an Input. The first rule that matches wins.
//
//	model, err := segment.Compile(segment.Tiers())
//	facts := segment.FactMap{"arr": segment.Number(120000)}
//	verdict, err := model.Classify(segment.Input{Account: "acme", Facts: facts}, asOf)
//	// verdict.Segment is "strategic", verdict.Facts says why
//
// # Model
//
// A verdict looks at the present alone, and says by how much it would be another (Near, Leave). What the past changes
// is in [Model.Settle], a fold over verdicts: an edge that is entered at one value and left at another (Stay), moves
// that must have been due for a while (For) or wait for a person (Review), and pins. [Roster] does all of it over the
// host's storage: [Roster.Reviews] lists what waits for a person, who answers by [Roster.Approve] or [Roster.Decline],
// and [Periods] says who was where from when to when. [Model.Verify] proves a scheme before it is published: it finds
// gaps, dead, shadowed and overlapping rules, each with an account that shows it; [Satisfy] asks the same of conditions
// outside of a scheme. [Diff] says who would move, with money, [Model.Sensitivity] who stands near an edge, and
// [MeasureStability] how often memberships flap.
//
// # Conditions
//
// Conditions are boolean expressions of SQL, with SQL's three-valued logic:
//
//	condition  = and { OR and }
//	and        = not { AND not }
//	not        = { NOT } ( "(" condition ")" | predicate )
//	predicate  = attribute comparison constant | constant comparison attribute
//	           | attribute [ NOT ] BETWEEN constant AND constant
//	           | attribute [ NOT ] IN "(" constant { "," constant } ")"
//	           | attribute IS [ NOT ] NULL
//	           | attribute
//	comparison = "=" | "<>" | "<" | "<=" | ">" | ">="
//	constant   = [ "+" | "-" ] number | text | TRUE | FALSE
//	           | DATE 'YYYY-MM-DD' | TIMESTAMP 'YYYY-MM-DD HH:MM:SS[.ffffff]'
//	           | as_of [ ( "+" | "-" ) INTERVAL 'n ( day | days | hour | hours | minute | minutes )' ]
//	number     = digits [ "." digits ] [ ( "e" | "E" ) [ "+" | "-" ] digits ]
//	text       = "'" { any character, ' written twice } "'"
//
// Keywords are in any case, attributes in lower case. BETWEEN includes both bounds, of which the lesser comes first. DATE
// is midnight, and all times are in UTC. An attribute alone must be a flag. Texts and flags have no order, and texts are
// compared by bytes. A text must be one that its attribute allows. NULL stands after IS alone: a comparison with a fact
// that is NULL is UNKNOWN, which NOT leaves so, and a rule matches only if its condition is TRUE.
//
// A condition has at most 65 536 bytes, a text in it 1 024, and parentheses nest 100 deep.
//
// # Failed facts
//
// A fact that could not be had is not NULL, and has a truth of its own: AND is FALSE if a part is FALSE, else failed if a
// part is failed, else UNKNOWN if one is; OR is TRUE if a part is TRUE, else failed, else UNKNOWN; NOT leaves it failed.
// So FALSE AND failed is FALSE and TRUE OR failed is TRUE. A rule whose condition is failed stops the evaluation with the
// reason error, and the account stays where it is.
//
// # Units
//
// Numbers are finite float64 up to 2^53 either side of zero, in the attribute's unit. Instants are UTC, truncated to
// microseconds. Durations are elapsed time: a day is 24 hours.
//
// # Determinism
//
// The same scheme, input and asOf give the same bytes on every platform. Numbers are compared, never computed with, but
// for the distance in a near miss, which is one subtraction.
//
// # SQL
//
// [Model.SQL] and [Condition.SQL] write the same for a database. What it says of a row is what the evaluator says of the
// values in it, for columns of these types:
//
//	           PostgreSQL         SQLite                                   DuckDB
//	number     double precision   REAL                                     DOUBLE
//	text       text               TEXT                                     VARCHAR
//	flag       boolean            INTEGER: 0, 1                            BOOLEAN
//	time       timestamptz        INTEGER: microseconds since 1970 in UTC  TIMESTAMPTZ
//
// Columns are cast to these types, and texts collated by bytes, so that neither a session's settings nor a column's
// collation matters. Other types are not promised: a decimal has digits that a float64 has not, char(n) loses its blanks,
// a date or a timestamp without zone is of the session's zone. PostgreSQL takes NaN and infinities, and SQLite in any
// column anything: [Model.SQL] gives such rows no segment, for a bare condition they are the host's to keep out. SQLite
// keeps NaN as NULL. The text is UTF-8.
//
// # Errors
//
// A wrong scheme is an [InvalidError] with every problem, a wrong fact a [DataError] for that account alone, and what a
// rule of the domain forbids a [RefusedError].
//
// # Storage
//
// [Assignments] keeps an account's records, each with the verdict, the membership that followed and the events of that;
// [Memory] is one in the process. Package segmenttest tests a host's.
//
// An account is in one segment of a scheme. Overlapping memberships, as by size and by industry, are several schemes, each
// with a Roster and an Assignments of its own: the host hands out a store for each scheme, as it does for each tenant.
//
// # Concurrency
//
// Model, Condition, Memory and Roster are safe for concurrent use; all other types are plain data.
//
// # JSON
//
// A scheme:
//
//	{"format": 1, "name": "tiers", "for": "14d", "review": "down", "otherwise": "tech",
//	 "attributes": [{"name": "arr", "type": "number"}, {"name": "region", "type": "text", "values": ["EU", "US"]}],
//	 "rules": [{"segment": "strategic", "when": "arr >= 100000 AND region = 'EU'", "stay": {"while": "arr >= 85000"}}]}
//
// # Sources
//
// Three-valued logic: ISO/IEC 9075-2, boolean value expression; S. C. Kleene, Introduction to Metamathematics (1952),
// section 64, for AND, OR and NOT.
package segment
