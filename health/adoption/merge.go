package adoption

import (
	"errors"
	"maps"
	"slices"
)

// Merge adds what o holds to u and leaves o as it was. The result does not depend on how events were spread over usages
// or on the order of merging, to the bit of its encoding, as long as no event is in two of them: spread them by a function
// of the event, such as its account or its day. After a merge u takes events that are in order with all it holds.
//
// It returns a *DataError, and changes nothing, if o is u, is of another window or of a plan with other steps, or if
// there are more than 2⁵³ uses.
func (u *Usage) Merge(o *Usage) error {
	if err := u.ready(); err != nil {
		return err
	}
	switch {
	case o == u:
		return dataError("", "usage", errors.New("can't be merged with itself"))
	case !u.window.equal(o.window):
		return dataError("", "usage", errors.New("is of another window of days"))
	case !maps.Equal(u.kept, o.kept):
		return dataError("", "usage", errors.New("is of a plan with other steps"))
	case o.uses > maxUses-u.uses || o.repeated > maxUses-u.repeated || o.outside > maxUses-u.outside:
		return dataError("", "usage", errors.New("has more than 2^53 events with the other"))
	}
	users := make([]User, len(o.users))
	for i, p := range o.users {
		theirs := o.active(User(i))
		if blank(theirs) {
			continue
		}
		at, err := u.User(o.accounts[p.account], p.id)
		if err != nil {
			return err // o holds IDs only
		}
		users[i] = at
		u.latest[at] = max(u.latest[at], o.latest[i])
		for k, word := range theirs {
			u.active(at)[k] |= word
		}
	}
	features := make([]Feature, len(o.features))
	for i, f := range o.features {
		at, err := u.Feature(f.id)
		if err != nil {
			return err // o holds IDs only
		}
		features[i] = at
	}
	for _, t := range o.tables {
		for i := range t.cells {
			if c := &t.cells[i]; c.uses > 0 {
				u.mergeCell(o, c, users[c.user], features[c.feature])
			}
		}
	}
	u.uses += o.uses
	u.repeated += o.repeated
	u.outside += o.outside
	return nil
}

// mergeCell adds a cell of o to that of a user and a feature.
func (u *Usage) mergeCell(o *Usage, c *cell, user User, f Feature) {
	mine := u.cell(user, f)
	if mine.uses == 0 {
		mine.first, mine.last = c.first, c.last
	}
	mine.uses += c.uses
	mine.first, mine.last = min(mine.first, c.first), max(mine.last, c.last)
	if kept := u.features[f].kept; kept > 0 {
		key := pair{user, f}
		both := slices.Concat(u.early[key], o.earliest(c))
		slices.Sort(both)
		u.early[key] = both[:min(kept, len(both))]
	}
}
