package adoption

import (
	"errors"
	"fmt"
	"slices"
)

const (
	rowsPerUser = 24      // rows for each user that are spread at once
	minRows     = 1 << 16 // rows that are spread at once, for however few users
	maxGroups   = 1 << 10 // that rows are spread over
	inGroup     = 32      // rows that a group has on average, where there are several
	dense       = 16      // cells for each row of a group up to which all of them are touched
	ahead       = 128     // rows that are touched ahead of their turn, where there are more cells than that
)

// AddColumns adds events that lie in columns of equal length, in a fraction of the time of [Usage.Add]: row i is of
// users[i] and features[i], which u itself gave, at at[i] microseconds since 1970-01-01 UTC. It is fastest where columns
// hold several rows of each user, whose rows come in time order whatever their feature. Until it returns, it takes up to
// 384 bytes a user, or a megabyte if that is more. It returns a *DataError that names the first row that can't be added;
// the rows before it have been.
func (u *Usage) AddColumns(users []User, features []Feature, at []int64) error {
	if len(users) != len(at) || len(features) != len(at) {
		return dataError("", "columns", fmt.Errorf("have %d users, %d features and %d instants", len(users), len(features), len(at)))
	}
	var s spread
	for i := 0; i < len(at); {
		until := min(i+max(minRows, rowsPerUser*len(u.users)), len(at))
		s.begin(len(u.users), until-i)
		if n := u.sure(&s, users[i:until], features[i:until], at[i:until]); n > 0 {
			if i+n < until { // fewer groups will do
				s.begin(len(u.users), n)
				for _, user := range users[i : i+n] {
					s.starts[user>>s.shift+1]++
				}
			}
			s.fill(users[i:i+n], features[i:i+n], at[i:i+n])
			u.addSpread(&s)
			i += n
		}
		for until = min(i+ahead, until); i < until; i++ { // near a row that is not sure there may be more
			if int(users[i]) >= len(u.users) || int(features[i]) >= len(u.features) {
				return dataError("", fmt.Sprintf("row %d", i), errors.New("user or feature is not of this usage"))
			}
			if bad := u.addLate(users[i], features[i], at[i]); bad != nil {
				bad.Field = fmt.Sprintf("row %d: %s", i, bad.Field)
				return bad
			}
		}
	}
	return nil
}

// sure returns how many rows from the first on are sure to be added without an error, so that those of one user may be
// added before those of another: each is of a known user and feature, and not before another of its user. It counts the rows
// of each group.
func (u *Usage) sure(s *spread, users []User, features []Feature, at []int64) int {
	starts, shift := s.starts, s.shift
	for i, user := range users {
		if int(user) >= len(u.latest) || int(features[i]) >= len(u.features) {
			return i
		}
		if us := at[i]; u.window.holds(us) {
			if us < u.latest[user] {
				return i
			}
			u.latest[user] = us
		}
		starts[user>>shift+1]++
	}
	return len(users)
}

// A row is an event.
type row struct {
	at      int64
	user    User
	feature Feature
}

// A spread holds rows in groups by user, each in the order in which they came. In the order of rows nearly each of them
// would wait for main memory, since the tables of all users are larger than the processor's cache. Those of a group fit in
// it, and are brought there once for all of its rows.
type spread struct {
	rows   []row
	starts []int // how many rows the group before each has, until fill makes it where each begins
	ends   []int // of each group in rows
	shift  int   // from a user to a group
}

// begin makes room for rows of a number of users.
func (s *spread) begin(count, rows int) {
	groups := 1 + min(maxGroups, rows/inGroup)
	for s.shift = blockBits; count>>s.shift >= groups; {
		s.shift++
	}
	n := (count-1)>>s.shift + 2
	s.starts = slices.Grow(s.starts[:0], n)[:n]
	clear(s.starts)
}

// fill replaces what s holds by rows.
func (s *spread) fill(users []User, features []Feature, at []int64) {
	starts := s.starts
	s.rows = slices.Grow(s.rows[:0], len(at))[:len(at)]
	for i := range starts[1:] {
		starts[i+1] += starts[i]
	}
	for i, user := range users {
		next := &starts[user>>s.shift]
		s.rows[*next] = row{at[i], user, features[i]}
		*next++
	}
	s.ends = starts[:len(starts)-1] // each start has come to where the next one was
}

// addSpread adds rows that are sure.
func (u *Usage) addSpread(s *spread) {
	blocks, start := 1<<s.shift/blockUsers, 0
	for group, end := range s.ends {
		rows := s.rows[start:end]
		if start = end; len(rows) == 0 {
			continue
		}
		tables := u.tables[group*blocks : min((group+1)*blocks, len(u.tables))]
		if length(tables) <= dense*len(rows) {
			touchAll(tables)
			u.addSure(rows)
			continue
		}
		for some := range slices.Chunk(rows, ahead) {
			u.touch(some)
			u.addSure(some)
		}
	}
}

// addSure adds rows as add does. None of them is out of order.
func (u *Usage) addSure(rows []row) {
	words, uses := u.window.words(), u.uses
	for i := range rows {
		r := &rows[i]
		if r.at < u.dayFrom || r.at >= u.dayUntil {
			if !u.window.holds(r.at) {
				u.outside++
				continue
			}
			u.day = u.window.day(r.at)
			u.dayFrom, u.dayUntil = u.window.starts[u.day], u.window.starts[u.day+1]
		}
		c := u.tables[r.user/blockUsers].at(r.user, r.feature)
		if c.uses == 0 {
			c.first = r.at
		} else if r.at == c.last {
			u.repeated++
			continue
		}
		u.days[int(r.user)*words+u.day/64] |= 1 << (u.day % 64)
		c.uses++
		c.last = r.at
		uses++
		if int64(u.features[r.feature].kept) >= c.uses {
			u.early[pair{r.user, r.feature}] = append(u.early[pair{r.user, r.feature}], r.at)
		}
	}
	u.uses = uses
}

// length returns how many cells tables have, free or not.
func length(tables []table) (n int) {
	for i := range tables {
		n += len(tables[i].cells)
	}
	return n
}

// touchAll reads all cells one after the other, which is the fastest way to bring them into the cache. What it returns is of
// no use but keeps the reads from being left out.
//
//go:noinline
func touchAll(tables []table) (sum int64) {
	for _, t := range tables {
		for i := 0; i < len(t.cells); i += 2 { // the other one comes with it
			sum += t.cells[i].uses
		}
	}
	return sum
}

// touch reads where the search for the cell of each row begins, and what will be marked. The reads don't wait for each
// other, as those of add do. What it returns is of no use but keeps the reads from being left out.
//
//go:noinline
func (u *Usage) touch(rows []row) (sum uint64) {
	words := u.window.words()
	for _, r := range rows {
		sum += u.days[int(r.user)*words]
		if t := &u.tables[r.user/blockUsers]; len(t.cells) > 0 {
			sum += uint64(t.cells[t.place(r.user, r.feature)].uses)
		}
	}
	return sum
}
