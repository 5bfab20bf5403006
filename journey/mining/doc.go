// Package mining tells which journeys customers really took, from any log of accounts, activities and instants, and how
// far they match a map.
//
//	graph, err := mining.NewGraph(mining.Options{Ending: mining.Ending{Activities: []string{"renewed", "left"}}})
//	mining.Sort(events)                                      // or sorted by the database
//	failed, err := graph.AddAll(sequence)                    // one account in memory at a time
//	graph.Edges()                                            // what follows what, how often, after what time
//	draft, err := graph.Draft(mining.DraftOptions{Name: "as seen"})
//	aligner, err := mining.NewAligner(model, mining.AlignOptions{})
//	conformance, err := aligner.Conform(graph)               // how far, and the deviations that cost most
//
// # Model
//
// A [Graph] sums journeys. It holds each distinct path with the number of accounts that took it, and the times of each pair
// of activities that followed directly: all else is read from these.
//
//	Variants, Nodes, Edges, Follows    paths; activities with starts, ends and rework; directly and eventually follows
//	Loops, Dependencies, Bottlenecks   ways round; what leads to what; where the time goes
//	TopVariants, TopEdges              the most common that make up a share
//	Draft, Chain                       a map to be edited; where journeys end, as an absorbing Markov chain
//
// An open journey is no ended one: [Ending] says which has ended, and by default none has. Open ones count where they
// stand ([Node].Open), add nothing to durations and to the ends of a [Chain], and need not have come to an end of a map.
//
// An [Aligner] takes a map as its phases and the moves between them, and finds by dynamic programming the way through it
// from which a journey deviates least: activities that have no place are extra, phases that were not seen are missing.
//
//	fitness = 1 - cost / cost of a journey and a map that have nothing in common
//
// A [Profile] holds the mean and the deviation of the time between any two activities of a journey, to find gaps that are
// too long. Means are over steps that were made: how long those will take that stand still is what package pace estimates.
//
// # Order
//
// Events come sorted by the bytes of the account, and within it by instant, so that a log larger than memory streams. Those
// of an account at one instant count in the order in which they come: which was first is not known, and nothing here
// makes it up. An account out of order ends the call with its place; events of one account out of order fail
// that account alone. An event that comes twice counts twice, unless Options.Once says that activities count once at an
// instant. The events of one account are in one call and one graph.
//
// # Units
//
// Instants are truncated to microseconds, whatever their offset. Times are seconds; durations of options are elapsed time.
//
// # Determinism
//
// Graphs and profiles hold integers alone. However a log is cut, ordered by account and merged, readings and encodings are
// the same to the bit. Means and deviations are exact before they are rounded; chains use + - * / alone.
//
// # Errors
//
// [DataError] names the account and the event, or the argument; [RefusedError] says what a map, a log or a chain lacks;
// [ErrFormat] is an encoding of a newer release. Bad data never panics.
//
// # Concurrency
//
// An [Aligner] and a [Chain] are immutable. A Graph or Profile may be read by many goroutines, or changed by one.
//
// # Sources
//
// Van der Aalst, Process Mining: Data Science in Action (2016): directly-follows graphs, dependency, alignments. Lawler, A
// Self-Avoiding Random Walk, Duke Mathematical Journal 47 (1980): loop erasure. Stertz, Mangler and Rinderle-Ma (2020):
// temporal profiles. Grinstead and Snell, Introduction to Probability (1997), chapter 11: absorbing chains.
// Known answers of the tests: public logs as read by pm4py, distances by R's adist, chains of Grinstead and Snell.
package mining
