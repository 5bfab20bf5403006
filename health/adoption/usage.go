package adoption

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// maxUses is how many uses one Usage may hold: sums of them are exact as floats.
const maxUses = 1 << 53

// An Event is one action of a user in the product.
type Event struct {
	Account string
	User    string // ID of the person within the account
	Feature string
	At      time.Time
}

// A User stands for a user of an account in one Usage.
type User uint32

// A Feature stands for a feature in one Usage.
type Feature uint32

// A Usage is what was done in a window of days. [Model.NewUsage] makes an empty one; the zero Usage serves only to be
// decoded into. Its memory grows with users, features and pairs of them that occur, not with events. It is not safe for
// concurrent use: fill one in each goroutine and merge them.
//
// Events of one user and feature come in time order, in which alone a repeated event can be told from a new one: at the
// instant of the one before it, it is the same event, which is counted as repeated and changes nothing else. An
// earlier one is refused. Among users and among features order does not matter.
type Usage struct {
	window   window
	kept     map[string]int // as in Model
	accounts []string
	users    []person
	features []feature
	byName   map[string]uint32 // position in accounts
	byUser   map[userKey]User
	byID     map[string]Feature
	days     []uint64         // a bit for each day on which a user was active, in whole words for each user
	latest   []int64          // no event of the user is later
	tables   []table          // of users in turn, blockUsers to each
	early    map[pair][]int64 // the earliest uses of features in kept, the first included
	uses     int64            // of all cells
	repeated int64
	outside  int64

	day      int // of the latest event, which begins and ends at
	dayFrom  int64
	dayUntil int64
}

// A person is a user's account, as a position in accounts, and ID.
type person struct {
	account uint32
	id      string
}

// A feature is what a Feature stands for.
type feature struct {
	id   string
	kept int // how many of the earliest uses are kept in early; 0: none
}

// A userKey finds a user by name, in one look-up.
type userKey struct{ account, id string }

// A pair is a user and a feature.
type pair struct {
	user    User
	feature Feature
}

// NewUsage returns an empty Usage of the calendar days in loc from the day of from on, 1 to 1100 of them. It returns a
// *DataError if an argument is missing or out of bounds.
func (m *Model) NewUsage(from time.Time, days int, loc *time.Location) (*Usage, error) {
	if err := instant.Given(from); err != nil {
		return nil, dataError("", "from", err)
	}
	if loc == nil {
		return nil, dataError("", "location", errors.New("is nil"))
	}
	if days < 1 || days > maxDays {
		return nil, dataError("", "days", fmt.Errorf("must be 1 to %d, not %d", maxDays, days))
	}
	w := newWindow(from, days, loc)
	if err := errors.Join(instant.Check(instant.FromMicros(w.from())), instant.Check(instant.FromMicros(w.to()))); err != nil {
		return nil, dataError("", "from", err)
	}
	return newUsage(w, m.kept), nil
}

// newUsage has no events yet; kept is never written to.
func newUsage(w window, kept map[string]int) *Usage {
	return &Usage{
		window: w, kept: kept,
		byName: make(map[string]uint32), byUser: make(map[userKey]User), byID: make(map[string]Feature),
		early: make(map[pair][]int64),
	}
}

// ready refuses the zero Usage.
func (u *Usage) ready() error {
	if len(u.window.starts) == 0 {
		return dataError("", "usage", errors.New("has no window: make it with NewUsage"))
	}
	return nil
}

// Add adds an event. One outside of the window is counted and leaves no other trace. It returns a *DataError, and
// changes nothing, if a name is blank or otherwise no ID, if At is zero, or if the event is out of order.
func (u *Usage) Add(e Event) error {
	if err := u.ready(); err != nil {
		return err
	}
	if err := instant.Given(e.At); err != nil {
		return dataError(e.Account, fmt.Sprintf("use of %q by %q", e.Feature, e.User), err)
	}
	at := instant.Micros(e.At)
	if !u.window.holds(at) {
		if err := checkNames(e.Account, e.User); err != nil {
			return err
		}
		if err := ident.Check(e.Feature); err != nil {
			return dataError(e.Account, "feature", err)
		}
		u.outside++
		return nil
	}
	user, err := u.User(e.Account, e.User)
	if err != nil {
		return err
	}
	f, err := u.Feature(e.Feature)
	if err != nil {
		return dataError(e.Account, "feature", ident.Check(e.Feature))
	}
	if bad := u.addLate(user, f, at); bad != nil {
		return bad
	}
	return nil
}

// checkNames holds the two names of a user to be IDs.
func checkNames(account, user string) error {
	if err := ident.Check(account); err != nil {
		return dataError("", "account", err)
	}
	return dataError(account, "user", ident.Check(user))
}

// User returns what stands for a user in u, for [Usage.AddColumns]. It returns a *DataError if a name is no ID.
func (u *Usage) User(account, user string) (User, error) {
	if err := u.ready(); err != nil {
		return 0, err
	}
	if at, ok := u.byUser[userKey{account, user}]; ok {
		return at, nil
	}
	if err := checkNames(account, user); err != nil {
		return 0, err
	}
	a, known := u.byName[account]
	if !known {
		a = uint32(len(u.accounts))
		u.accounts = append(u.accounts, strings.Clone(account))
		u.byName[u.accounts[a]] = a
	}
	at, user := User(len(u.users)), strings.Clone(user)
	u.users = append(u.users, person{a, user})
	u.byUser[userKey{u.accounts[a], user}] = at
	u.days = append(u.days, make([]uint64, u.window.words())...)
	u.latest = append(u.latest, math.MinInt64)
	if int(at)%blockUsers == 0 {
		u.tables = append(u.tables, table{})
	}
	return at, nil
}

// Feature returns what stands for a feature in u, for [Usage.AddColumns]. It returns a *DataError if the name is no ID.
func (u *Usage) Feature(id string) (Feature, error) {
	if err := u.ready(); err != nil {
		return 0, err
	}
	if at, ok := u.byID[id]; ok {
		return at, nil
	}
	if err := ident.Check(id); err != nil {
		return 0, dataError("", "feature", err)
	}
	at, id := Feature(len(u.features)), strings.Clone(id)
	u.features = append(u.features, feature{id, u.kept[id]})
	u.byID[id] = at
	return at, nil
}

// addLate adds an event that may be before others of its user, which sure has not seen.
func (u *Usage) addLate(user User, f Feature, at int64) *DataError {
	bad := u.add(user, f, at)
	if bad == nil && u.window.holds(at) {
		u.latest[user] = max(u.latest[user], at)
	}
	return bad
}

// add adds an event of a user and a feature that u knows.
func (u *Usage) add(user User, f Feature, at int64) *DataError {
	if at < u.dayFrom || at >= u.dayUntil {
		if !u.window.holds(at) {
			u.outside++
			return nil
		}
		u.day = u.window.day(at)
		u.dayFrom, u.dayUntil = u.window.starts[u.day], u.window.starts[u.day+1]
	}
	c := u.cell(user, f)
	switch {
	case c.uses == 0:
		c.first = at
	case at == c.last:
		u.repeated++
		return nil
	case at < c.last:
		return u.disorder(c, at)
	}
	u.mark(user, u.day)
	c.uses++
	c.last = at
	u.uses++
	if int64(u.features[f].kept) >= c.uses {
		u.early[pair{user, f}] = append(u.early[pair{user, f}], at)
	}
	return nil
}

// cell returns the cell of a user and a feature, as [table.at] does.
func (u *Usage) cell(user User, f Feature) *cell { return u.tables[user/blockUsers].at(user, f) }

// mark notes that a user was active on a day.
func (u *Usage) mark(user User, day int) {
	u.days[int(user)*u.window.words()+day/64] |= 1 << (day % 64)
}

// disorder names the place of an event that is before the last one in its cell.
func (u *Usage) disorder(c *cell, at int64) *DataError {
	who := u.users[c.user]
	return &DataError{
		Account: u.accounts[who.account],
		Field:   fmt.Sprintf("use of %q by %q", u.features[c.feature].id, who.id),
		Message: fmt.Sprintf("%s is before %s, which was added already", written(at), written(c.last)),
	}
}

// written gives an instant as people read it.
func written(us int64) string { return instant.FromMicros(us).Format(time.RFC3339Nano) }

// active returns the days on which a user was active.
func (u *Usage) active(user User) []uint64 {
	n := u.window.words()
	return u.days[int(user)*n : int(user+1)*n]
}

// earliest returns the earliest uses in a cell, as many as are kept.
func (u *Usage) earliest(c *cell) []int64 {
	if u.features[c.feature].kept > 0 {
		return u.early[pair{c.user, c.feature}]
	}
	return []int64{c.first}
}

// Uses returns how many events u holds: those added less repeated ones and those outside of the window.
func (u *Usage) Uses() int64 { return u.uses }

// Repeated returns how many events were given again.
func (u *Usage) Repeated() int64 { return u.repeated }

// Outside returns how many events were outside of the window.
func (u *Usage) Outside() int64 { return u.outside }

// Accounts returns the accounts that have an event, sorted.
func (u *Usage) Accounts() []string {
	seen := make([]bool, len(u.accounts))
	for i, p := range u.users {
		if !blank(u.active(User(i))) {
			seen[p.account] = true
		}
	}
	var out []string
	for i, account := range u.accounts {
		if seen[i] {
			out = append(out, account)
		}
	}
	slices.Sort(out)
	return out
}

// blank reports whether no day is marked, which is so for users that have been named and have no event.
func blank(days []uint64) bool {
	for _, word := range days {
		if word != 0 {
			return false
		}
	}
	return true
}
