// Package health says whether a customer is well. A [Scorecard] is compiled into a [Model], and a Model scores an [Input]
// as of an instant.
//
//	card, err := health.Parse(document)      // or health.Starter(), or built in Go
//	model, err := health.Compile(card)       // every problem at once
//	score, err := model.Score(health.Input{
//		Account:  "acme",
//		Readings: health.ReadingMap{"nps": {Value: 9, At: asked}},
//	}, asOf)
//	fmt.Println(score.Band, score.Value, score.Low, score.High)
//
// # Model
//
// Success is experience and outcomes, and outcomes weigh more: happy customers without outcomes leave. A card is a tree
// of groups with measures as leaves. One evaluation is, with w the weights of the definition:
//
//	measure   f = 1 up to Fresh, 0 from Expire on, linear in between; c = curve(raw value), 0 to 100 points
//	          exclude, required:  l = f   v = c
//	          neutral n:          l = 1   v = f·c + (1-f)·n        worst: n = 0
//	group     l = max l of its members    v = Σ w·l·v / Σ w·l
//	score     Computed = v of all groups  part = v · Π w·l / Σ w·l of its group and of each above
//	Low       each measure with l = 1, v = f·c;  High: v = f·c + (1-f)·100
//	Coverage  each measure with l = 1, v = f
//
// A group's liveness is that of its freshest member, so that nothing leaves a group while one member is fresh, and
// nothing jumps when the last one expires. A measure that does not apply is as if it were not in the card, and so is a
// group of such measures alone.
//
// A reading that is missing, failed, expired or impossible is unknown, and not zero. A score is unknown, and then has no
// band but [Unknown], when a required measure has no live reading, when a group that must not be empty (by default one
// that names the outcome aspect) or the whole card has no live member, or when coverage is below the card's; in that
// order. In a group a neutral or worst member counts as live, but a card without one known reading is empty. What is
// known of an unknown score is in its Aspects, and in Low to High; [Score.Index] names it.
//
// Limits act on the whole: the highest floor, then the lowest cap, then one override. Low assumes that every cap on
// an unknown measure acts, High that none does and every floor does; for whatever the missing parts turn out to be, the
// value before an override lies between them.
//
// [Model.Settle] is the one place where the past enters: margins and dwells keep a band from flapping, and a Fall is found.
//
// Of scores that are there, [Explain] says why one became another, [Trend] how they move, and [Rollup] what parents of
// accounts come to. [Model.Levers] and [Model.Ask] say what would help and what to ask next. [Model.Verify] proves a card:
// it belongs into a test of the card, before the card is used. [Model.ScoreColumns] scores the columns of millions of
// accounts, with the bits of Score.
//
// # Events and risks
//
// A [Monitor] compares each evaluation with the record before it: a [Record] contains the events of what changed, and the
// risks as they are. A risk is opened by an [Alarm] of the card, or by the host with an [Act], such as when a sponsor has
// left; people own, mitigate and close it, and say whether the alarm was a true one. Firing again while it is open adds an
// occurrence and no event; firing after it was closed reopens it. An act is a record of its own.
//
// # Units
//
// Points go from 0 to 100, and 100 is always well. Every stored number of points is a multiple of 2^-20. The whole is
// computed from unrounded points and rounded once, half up; parts are its shares by largest remainder, ties in
// definition order; floors, limits, margins and overrides are rounded when they come in. So the parts sum to the
// whole with ==, and a card whose every measure is at 70 scores 70.
// Shares are 0 to 1; Coverage and MinCoverage have nine decimal places. Durations are elapsed time.
//
// # Determinism
//
// The same card and input give the same bytes on every platform: there is no clock, no order of a map and no fused
// arithmetic. In exact arithmetic the whole before rounding differs by less than 1e-9 points, so that the rounded one
// can differ, by one step, only where the exact value is that near to the middle between two steps.
//
// # Errors
//
// [InvalidError] is about a definition, [DataError] about one account's data, [RefusedError] about a rule;
// [ErrConflict], [ErrFormat] and [ErrUnknown] are found with errors.Is. Bad data never panics, and a reading that can't be used is no
// error: it counts as failed, with the cause.
//
// # Storage
//
// A [Monitor] reads from a [Source] and appends to a [History], which hosts implement over their own storage and test
// with package healthtest. [Memory] is both. A Source that is a [BulkSource] saves CheckAll a query for each account.
//
// # Concurrency
//
// A Model is immutable; all stores and the Monitor are safe for concurrent use; the package starts no goroutine.
//
// # JSON
//
// A definition is read strictly by [Parse]. Scores and records marshal to canonical bytes: fields in declaration order,
// instants in UTC with microseconds, null where a value is unknown. Readers of scores and records ignore unknown keys.
//
// # Sources
//
// Weighted means of normalised measures with fixed goalposts, and renormalised weights where values are missing: OECD
// and JRC, Handbook on Constructing Composite Indicators, 2008, steps 5 and 6. Largest remainders: Hamilton's method.
// Shares of causes: Shapley, A Value for n-Person Games, 1953. Slopes: Sen, Estimates of the Regression Coefficient Based
// on Kendall's Tau, Journal of the American Statistical Association 63, 1968.
package health
