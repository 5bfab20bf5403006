package adoption

import (
	"errors"
	"math/bits"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A view is one account's usage as of an instant.
type view struct {
	model   *Model
	index   *index
	usage   *Usage
	account Account
	asOf    int64
	seen    int64 // the last instant of which is known what was done
	users   []User
	cells   [][]*cell // of each user
	from    int       // first day that counts
	until   int       // the day after the last
	start   int64     // of the relationship; within the window or after it
	unknown Reason    // why start is not known; "": it is
	out     Adoption
}

// assess computes the figures of one account; what they share is found first.
func (m *Model) assess(x *index, a Account, asOf time.Time) (Adoption, error) {
	if err := m.check(&a, asOf); err != nil {
		return Adoption{}, err
	}
	v := view{model: m, index: x, usage: x.usage, account: a, asOf: instant.Micros(asOf), users: x.usersOf(a.ID)}
	v.seen = min(v.asOf, x.usage.window.to()-1)
	v.out = Adoption{Account: a.ID, AsOf: asOf, Digest: m.digest, Users: len(v.users)}
	v.gather()
	latest := v.asOf
	for _, c := range x.cells {
		v.out.Uses += c.uses
		latest = max(latest, c.last)
	}
	if latest > v.asOf {
		return Adoption{}, dataError(a.ID, "usage", errors.New("the latest event, at "+written(latest)+", is after as of"))
	}
	v.days()
	v.features()
	v.people()
	v.calendar()
	v.processes()
	v.moments()
	v.reengage()
	return v.out, nil
}

// gather finds the cells of the users.
func (v *view) gather() {
	v.cells = make([][]*cell, len(v.users))
	all := v.index.cells[:0]
	for i, user := range v.users {
		start := len(all)
		all = v.index.cellsOf(all, user)
		v.cells[i] = all[start:]
	}
	v.index.cells = all
}

// find returns where an active user is in users.
func (v *view) find(id string) (int, bool) {
	return slices.BinarySearchFunc(v.users, id, func(u User, id string) int { return strings.Compare(v.usage.users[u].id, id) })
}

// ratio is undefined, for the reason, where there is no whole.
func ratio(part, whole int64, why Reason) Ratio {
	if whole == 0 {
		return Ratio{Part: part, Why: why}
	}
	value := float64(part) / float64(whole)
	return Ratio{Part: part, Whole: whole, Value: &value}
}

// days finds the days that count, and whether the account began among them.
func (v *view) days() {
	w := v.usage.window
	v.until = w.days()
	if w.holds(v.asOf) {
		v.until = w.day(v.asOf) + 1
	}
	switch since := instant.Micros(instant.Of(v.account.Since)); {
	case v.account.Since.IsZero():
		v.unknown = UnknownStart
	case since < w.from():
		v.unknown = BeganBefore
	case !w.holds(since):
		v.start, v.from = since, v.until
	default:
		v.start, v.from = since, w.day(since)
	}
	for _, user := range v.users {
		for k, word := range v.usage.active(user) {
			if word != 0 {
				v.from = min(v.from, 64*k+bits.TrailingZeros64(word))
				break
			}
		}
	}
	v.out.Days = v.until - v.from
	v.out.From, v.out.To = instant.FromMicros(w.starts[v.from]), instant.FromMicros(w.starts[v.until])
}

// features sums uses over users.
func (v *view) features() {
	x := v.index
	for _, id := range v.account.Entitled {
		if f, ok := v.usage.byID[id]; ok {
			x.sums[x.rank[f]].entitled = true
		}
	}
	for _, c := range x.cells {
		rank := x.rank[c.feature]
		s := &x.sums[rank]
		if s.users == 0 {
			x.used[rank/64] |= 1 << (rank % 64)
			s.first = c.first
		}
		s.uses += c.uses
		s.users++
		s.first = min(s.first, c.first)
	}
	adopted := int64(0)
	v.out.Features = slices.Grow(v.out.Features, int(marked(x.used, 0, len(x.order)))) // nil where there are none
	for k, word := range x.used {
		for ; word != 0; word &= word - 1 {
			rank := 64*k + bits.TrailingZeros64(word)
			s := x.sums[rank]
			v.out.Features = append(v.out.Features, FeatureUse{
				Feature: v.usage.features[x.order[rank]].id, Entitled: s.entitled,
				Uses: s.uses, Users: s.users, First: instant.FromMicros(s.first),
			})
			if s.entitled && s.uses >= int64(v.model.def.MinUses) {
				adopted++
			}
			x.sums[rank] = featureSum{}
		}
	}
	clear(x.used)
	for _, id := range v.account.Entitled {
		if f, ok := v.usage.byID[id]; ok {
			x.sums[x.rank[f]].entitled = false
		}
	}
	v.out.Breadth = ratio(adopted, int64(len(v.account.Entitled)), NoEntitlements)
	if s := v.model.def.SelfService; s == nil {
		v.out.SelfService = ratio(0, 0, NotDeclared)
	} else {
		resolved := v.sum(s.Resolved)
		v.out.SelfService = ratio(resolved, resolved+v.sum(s.Escalated), NoQuestions)
	}
}

// used returns how the account uses a feature; zeros if it does not.
func (v *view) used(feature string) FeatureUse {
	i, ok := slices.BinarySearchFunc(v.out.Features, feature, func(f FeatureUse, id string) int { return strings.Compare(f.Feature, id) })
	if !ok {
		return FeatureUse{}
	}
	return v.out.Features[i]
}

// sum returns the uses of several features.
func (v *view) sum(features []string) (uses int64) {
	for _, f := range features {
		uses += v.used(f).Uses
	}
	return uses
}

// people counts users against each other and against licences.
func (v *view) people() {
	users := int64(len(v.users))
	v.out.Intensity = ratio(v.out.Uses, users, NoUsers)
	deep := int64(0)
	for _, user := range v.users {
		days := 0
		for _, word := range v.usage.active(user) {
			days += bits.OnesCount64(word)
		}
		if days >= v.model.def.MinDays {
			deep++
		}
	}
	v.out.Depth = ratio(deep, users, NoUsers)
	if len(v.account.Holders) > 0 {
		unlicensed := len(v.users)
		for _, id := range v.account.Holders {
			if _, active := v.find(id); active {
				unlicensed--
			}
		}
		v.out.Unlicensed = &unlicensed
	}
	seats := len(v.account.Holders)
	switch {
	case v.account.Seats != nil:
		seats = *v.account.Seats
	case seats == 0:
		v.out.Penetration = ratio(users, 0, UnknownLicences)
		return
	}
	v.out.Penetration = ratio(users, int64(seats), NoLicences)
	v.out.Over = max(0, len(v.users)-seats)
}

// marked returns how many bits are set from one on until before another.
func marked(words []uint64, from, until int) (n int64) {
	for k := from / 64; 64*k < until; k++ {
		word := words[k] >> max(0, from-64*k) << max(0, from-64*k)
		if rest := until - 64*k; rest < 64 {
			word &= 1<<rest - 1
		}
		n += int64(bits.OnesCount64(word))
	}
	return n
}

// calendar counts days and weeks.
func (v *view) calendar() {
	work := make([]uint64, v.usage.window.words())
	workdays, worked, weeks, inWeeks := int64(0), int64(0), int64(0), int64(0)
	for day := v.from; day < v.until; day++ {
		if v.model.work[v.usage.window.weekday(day)] {
			work[day/64] |= 1 << (day % 64)
			workdays++
		}
	}
	whole := (v.until - v.from) / 7
	for _, user := range v.users {
		for k, word := range v.usage.active(user) {
			worked += int64(bits.OnesCount64(word & work[k]))
		}
		for week := range whole {
			first := v.until - 7*(week+1)
			if days := marked(v.usage.active(user), first, first+7); days > 0 {
				weeks++
				inWeeks += days
			}
		}
	}
	v.out.Frequency = ratio(inWeeks, weeks, NoUsers)
	if whole == 0 {
		v.out.Frequency = ratio(0, 0, UnderAWeek)
	}
	v.out.Stickiness = ratio(worked, int64(len(v.users))*workdays, NoUsers)
	if workdays == 0 {
		v.out.Stickiness.Why = NoWorkdays
	}
}

// processes tells which of the planned ones run.
func (v *view) processes() {
	running, planned := int64(0), int64(len(v.account.Planned))
	for _, p := range v.model.def.Processes {
		if !slices.Contains(v.account.Planned, p.Name) {
			continue
		}
		use := ProcessUse{Process: p.Name}
		for _, id := range p.Features {
			if f := v.used(id); f.Uses < int64(p.Uses) || f.Users < p.Users {
				use.Missing = append(use.Missing, id)
			}
		}
		if use.Running = len(use.Missing) == 0; use.Running {
			running++
		}
		v.out.Processes = append(v.out.Processes, use)
	}
	v.out.Process = ratio(running, planned, NothingPlanned)
}
