package segment

import (
	"iter"
	"time"
)

// A Period is a stay in a segment, in [From, To).
type Period struct {
	Segment string    `json:"segment"`
	From    time.Time `json:"from"`
	To      time.Time `json:"to,omitzero"` // zero: still, as of the last record
}

// Periods folds the records of one account, in the order in which [Assignments] gives them, into its stays in segments, each
// as long as it lasted, rising. While it was in no segment there is none. Of records as of one instant the last counts.
// What was known at an instant are the periods of the records that Records gives of that knownAt.
//
// Where the first record is not the account's first, the period that it is in begins at its Since.
//
// Periods returns the error of the sequence, or one for a record that is of another account than the first or as of an
// earlier instant than the one before it (*DataError), or whose format is newer than [Format] (ErrFormat).
func Periods(records iter.Seq2[Record, error]) ([]Period, error) {
	var periods []Period
	var account string
	var before time.Time
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if account == "" {
			account = r.Verdict.Account
		}
		if err := readable("fold", account, "record", r); err != nil {
			return nil, err
		}
		if r.Verdict.AsOf.Before(before) {
			return nil, &DataError{Account: account, Field: "record", Message: "is as of an earlier instant than the one before it"}
		}
		first := before.IsZero()
		before = r.Verdict.AsOf
		since := before
		if m := &r.Membership; first && m.Since.Before(since) {
			since = m.Since
		}
		periods = extended(periods, r.Membership.Segment, since)
	}
	return periods, nil
}

// extended adds that an account is in a segment from an instant on.
func extended(periods []Period, segment string, at time.Time) []Period {
	last := len(periods) - 1
	if last >= 0 && periods[last].To.IsZero() {
		p := &periods[last]
		if p.Segment == segment {
			return periods
		}
		if p.To = at; p.From.Equal(at) {
			periods, last = periods[:last], last-1
		}
	}
	switch {
	case segment == "":
	case last >= 0 && periods[last].Segment == segment && periods[last].To.Equal(at):
		periods[last].To = time.Time{}
	default:
		periods = append(periods, Period{Segment: segment, From: at})
	}
	return periods
}
