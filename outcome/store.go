package outcome

import (
	"context"
	"iter"
	"time"
)

// Plans keeps each account's plans. The host implements it over its own storage; outcometest.RunPlans tests it.
//
//   - [P1] Save stores p, whose Version is after+1, if the plan's stored version is exactly after (0: not there).
//   - [P2] If the stored plan is the same as p already, Save does nothing and returns nil.
//   - [P3] Otherwise Save returns ErrConflict (errors.Is) and changes nothing.
//   - [P4] Of concurrent Saves after one version, exactly one is stored.
//   - [P5] Load returns the plan as it was saved last, so that both have the same canonical JSON: finite floats come
//     back to the bit (but -0 may be 0). None is false, not an error. What the caller changes in what was given or
//     returned changes nothing stored.
//   - [P6] List gives an account's plans, as they were when the range began, in order of the bytes of their IDs; none is an
//     empty sequence.
//   - [P7] Planned gives the accounts with a plan whose ID is after the given one, each once, in order of their bytes.
//   - [P8] After Forget all reads are as if the account had never been seen, and the next version of each plan is 1.
//     It is of this store: a host forgets in every store that it uses.
//   - [P9] IDs are compared by bytes, never folded or trimmed.
//   - [P10] A caller may stop a sequence early, and may call the store while it ranges.
//   - [P11] Every method gives up with the context's error (errors.Is) when that is cancelled, a sequence over nothing
//     too, and is safe for concurrent use.
type Plans interface {
	Save(ctx context.Context, after int64, p Plan) error
	Load(ctx context.Context, account, plan string) (Plan, bool, error)
	List(ctx context.Context, account string) iter.Seq2[Plan, error]
	Planned(ctx context.Context, after string) iter.Seq2[string, error]
	Forget(ctx context.Context, account string) error
}

// Measurements keeps each account's measured values. The host implements it over its own storage;
// outcometest.RunMeasurements tests it.
//
//   - [M1] Put adds values, each under its natural key: account, measure and At.
//   - [M2] The same key with the content that is known at its Recorded already is a no-op, unless another revision was
//     recorded since; other content is a new revision. Of two recorded at one instant the later put counts.
//     The content is the value.
//   - [M3] Measured gives, in order of At, the last revision of each instant with from <= At < to that was recorded
//     at or before knownAt. A zero from, to or knownAt is no bound; others are given in whole microseconds.
//     None is an empty sequence, not an error.
//   - [M4] Values come back as they were put: instants to the microsecond, text to the byte, and finite floats come back
//     to the bit (but -0 may be 0). What the caller changes in what was given or returned changes nothing stored.
//   - [M5] After Forget all reads are as if the account had never been seen.
//   - [M6] IDs and names are compared by bytes, never folded or trimmed.
//   - [M7] A range is a snapshot: a Put while it runs does not change it. A caller may stop it early, and may call the
//     store while it ranges.
//   - [M8] Every method gives up with the context's error (errors.Is) when that is cancelled, a sequence over nothing
//     too, and is safe for concurrent use.
type Measurements interface {
	Put(ctx context.Context, account string, values ...Measurement) error
	Measured(ctx context.Context, account, measure string, from, to, knownAt time.Time) iter.Seq2[Measurement, error]
	Forget(ctx context.Context, account string) error
}
