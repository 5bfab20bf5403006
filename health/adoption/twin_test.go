package adoption_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/health/adoption"
)

// randomEvents returns events of a few accounts in time order, some of them given twice and some outside the window of 28
// days.
func randomEvents(r *rand.Rand, n int) (out []adoption.Event) {
	for range n {
		out = append(out, adoption.Event{
			Account: fmt.Sprintf("account %d", r.IntN(3)), User: fmt.Sprintf("user %d", r.IntN(6)),
			Feature: featureName(r.IntN(9)), At: from.Add(time.Duration(r.IntN(30*24)-24) * time.Hour),
		})
		if r.IntN(5) == 0 {
			out = append(out, out[len(out)-1])
		}
	}
	slices.SortStableFunc(out, func(a, b adoption.Event) int { return a.At.Compare(b.At) })
	return out
}

func fill(t testing.TB, m *adoption.Model, events []adoption.Event) *adoption.Usage {
	t.Helper()
	u := usage(t, m)
	for _, e := range events {
		if err := u.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

// A twin keeps every event and looks through all of them for each figure.
type twin struct {
	plan    adoption.Plan
	account adoption.Account
	asOf    time.Time
	events  []adoption.Event // of the account in the window, none twice
}

func newTwin(p adoption.Plan, a adoption.Account, asOf time.Time, events []adoption.Event) twin {
	w := twin{plan: p, account: a, asOf: asOf}
	for _, e := range events {
		if e.Account == a.ID && !e.At.Before(from) && e.At.Before(from.AddDate(0, 0, 28)) && !slices.Contains(w.events, e) {
			w.events = append(w.events, e)
		}
	}
	return w
}

func (w twin) where(user, feature string) (out []adoption.Event) {
	for _, e := range w.events {
		if (user == "" || e.User == user) && (feature == "" || e.Feature == feature) {
			out = append(out, e)
		}
	}
	return out
}

// names returns what of picks from events, sorted, none twice.
func names(events []adoption.Event, pick func(adoption.Event) string) (out []string) {
	for _, e := range events {
		out = append(out, pick(e))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func byUser(e adoption.Event) string    { return e.User }
func byFeature(e adoption.Event) string { return e.Feature }
func byDay(e adoption.Event) string     { return e.At.Format(time.DateOnly) }

func share(part, whole int, why adoption.Reason) adoption.Ratio {
	if whole == 0 {
		return adoption.Ratio{Part: int64(part), Why: why}
	}
	v := float64(part) / float64(whole)
	return adoption.Ratio{Part: int64(part), Whole: int64(whole), Value: &v}
}

// days returns the calendar days that count.
func (w twin) days() (out []time.Time) {
	first := from
	if s := w.account.Since; s.After(first) {
		first = s.Truncate(24 * time.Hour)
		if len(w.events) > 0 && w.events[0].At.Before(first) {
			first = w.events[0].At.Truncate(24 * time.Hour)
		}
	}
	for day := first; !day.After(w.asOf) && day.Before(from.AddDate(0, 0, 28)); day = day.AddDate(0, 0, 1) {
		out = append(out, day)
	}
	return out
}

// done returns when the last step was reached by what events hold.
func done(moment adoption.Moment, events []adoption.Event) (at time.Time, ok bool) {
	for _, step := range moment.Steps {
		uses := slices.DeleteFunc(slices.Clone(events), func(e adoption.Event) bool { return e.Feature != step.Feature })
		if len(uses) < step.Uses {
			return at, false
		}
		if last := uses[step.Uses-1].At; last.After(at) {
			at = last
		}
	}
	return at, true
}

func (w twin) reach(at time.Time, ok bool, within health.Duration) adoption.Reach {
	r := adoption.Reach{State: adoption.Open}
	limit, seen := w.account.Since.Add(time.Duration(within)), w.asOf
	if end := from.AddDate(0, 0, 28).Add(-time.Microsecond); seen.After(end) {
		seen = end
	}
	if ok {
		took := health.Duration(max(0, at.Sub(w.account.Since)))
		r = adoption.Reach{State: adoption.Reached, At: &at, Took: &took}
	}
	if within > 0 && (ok && at.After(limit) || !ok && !seen.Before(limit)) {
		r.State = adoption.Missed
	}
	return r
}

func (w twin) assess() (a adoption.Adoption) {
	users, days := names(w.events, byUser), w.days()
	a = adoption.Adoption{Account: w.account.ID, AsOf: w.asOf, Users: len(users), Uses: int64(len(w.events)), Days: len(days)}
	a.Intensity = share(len(w.events), len(users), adoption.NoUsers)
	adopted, resolved, escalated := 0, 0, 0
	for _, f := range names(w.events, byFeature) {
		uses := w.where("", f)
		entitled := slices.Contains(w.account.Entitled, f)
		a.Features = append(a.Features, adoption.FeatureUse{
			Feature: f, Entitled: entitled, Uses: int64(len(uses)), Users: len(names(uses, byUser)), First: uses[0].At,
		})
		if entitled && len(uses) >= w.plan.MinUses {
			adopted++
		}
		if slices.Contains(w.plan.SelfService.Resolved, f) {
			resolved += len(uses)
		}
		if slices.Contains(w.plan.SelfService.Escalated, f) {
			escalated += len(uses)
		}
	}
	a.Breadth = share(adopted, len(w.account.Entitled), adoption.NoEntitlements)
	a.SelfService = share(resolved, resolved+escalated, adoption.NoQuestions)
	deep, worked, workdays, weeks, inWeeks, unlicensed := 0, 0, 0, 0, 0, 0
	work := func(day time.Time) bool { return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday }
	for _, day := range days {
		if work(day) {
			workdays++
		}
	}
	for _, user := range users {
		active := names(w.where(user, ""), byDay)
		if len(active) >= w.plan.MinDays {
			deep++
		}
		if !slices.Contains(w.account.Holders, user) {
			unlicensed++
		}
		week := map[int]int{}
		for i, day := range days {
			if !slices.Contains(active, day.Format(time.DateOnly)) {
				continue
			}
			if work(day) {
				worked++
			}
			if back := len(days) - 1 - i; back < len(days)/7*7 {
				week[back/7]++
			}
		}
		for _, n := range week {
			weeks, inWeeks = weeks+1, inWeeks+n
		}
	}
	a.Depth = share(deep, len(users), adoption.NoUsers)
	a.Stickiness = share(worked, len(users)*workdays, adoption.NoUsers)
	if workdays == 0 {
		a.Stickiness.Why = adoption.NoWorkdays
	}
	a.Frequency = share(inWeeks, weeks, adoption.NoUsers)
	if len(days) < 7 {
		a.Frequency.Why = adoption.UnderAWeek
	}
	seats := len(w.account.Holders)
	a.Penetration = share(len(users), seats, adoption.UnknownLicences)
	if w.account.Seats != nil {
		seats = *w.account.Seats
		a.Penetration = share(len(users), seats, adoption.NoLicences)
	}
	if seats > 0 || w.account.Seats != nil {
		a.Over = max(0, len(users)-seats)
	}
	if len(w.account.Holders) > 0 {
		a.Unlicensed = &unlicensed
	}
	running := 0
	for _, p := range w.plan.Processes {
		if !slices.Contains(w.account.Planned, p.Name) {
			continue
		}
		use := adoption.ProcessUse{Process: p.Name}
		for _, f := range p.Features {
			if uses := w.where("", f); len(uses) < p.Uses || len(names(uses, byUser)) < p.Users {
				use.Missing = append(use.Missing, f)
			}
		}
		if use.Running = use.Missing == nil; use.Running {
			running++
		}
		a.Processes = append(a.Processes, use)
	}
	a.Process = share(running, len(w.account.Planned), adoption.NothingPlanned)
	w.inTime(&a, users)
	for _, user := range slices.Compact(slices.Sorted(slices.Values(slices.Concat(users, w.account.Holders)))) {
		l := adoption.Lapse{User: user}
		if all := w.where(user, ""); len(all) > 0 {
			l.Last = &all[len(all)-1].At
		}
		for _, task := range w.plan.Tasks {
			if (len(w.account.Entitled) == 0 || slices.Contains(w.account.Entitled, task.Feature)) && len(w.where(user, task.Feature)) < task.Uses {
				l.Missing = append(l.Missing, task.Name)
			}
		}
		if len(l.Missing) > 0 {
			a.Reengage = append(a.Reengage, l)
		}
	}
	return a
}

// inTime fills what was reached from the account's start and the users' first uses on.
func (w twin) inTime(a *adoption.Adoption, users []string) {
	var unknown adoption.Reason
	if w.account.Since.IsZero() {
		unknown = adoption.UnknownStart
	} else if w.account.Since.Before(from) {
		unknown = adoption.BeganBefore
	}
	a.FirstUse = adoption.Reach{State: adoption.Unknown, Why: unknown}
	if unknown == "" {
		a.FirstUse = w.reach(time.Time{}, false, 0)
		if len(w.events) > 0 {
			a.FirstUse = w.reach(w.events[0].At, true, 0)
		}
	}
	for _, moment := range w.plan.Moments {
		m := adoption.MomentReach{Moment: moment.Name, Reach: adoption.Reach{State: adoption.Unknown, Why: unknown}, Users: adoption.Ratio{Why: unknown}}
		if unknown == "" {
			at, ok := done(moment, w.events)
			m.Reach = w.reach(at, ok, moment.Within)
			reached, up := 0, 0
			for _, user := range users {
				mine := w.where(user, "")
				limit := mine[0].At.Add(time.Duration(moment.Within))
				if limit.After(w.asOf) || !limit.Before(from.AddDate(0, 0, 28)) {
					continue
				}
				up++
				if at, ok := done(moment, mine); ok && !at.After(limit) {
					reached++
				}
			}
			m.Users = share(reached, up, adoption.NoUsers)
		}
		a.Moments = append(a.Moments, m)
	}
}

func randomAccount(r *rand.Rand, asOf time.Time) adoption.Account {
	a := adoption.Account{ID: fmt.Sprintf("account %d", r.IntN(4))}
	switch r.IntN(3) {
	case 0:
		a.Since = from.Add(time.Duration(r.IntN(int(asOf.Sub(from)/time.Hour)+1)) * time.Hour)
	case 1:
		a.Since = from.AddDate(0, -1, 0)
	}
	if r.IntN(2) == 0 {
		seats := r.IntN(4)
		a.Seats = &seats
	}
	for i := range 8 {
		if r.IntN(3) == 0 {
			a.Holders = append(a.Holders, fmt.Sprintf("user %d", i))
		}
		if r.IntN(2) == 0 {
			a.Entitled = append(a.Entitled, featureName(i))
		}
	}
	if r.IntN(4) == 0 {
		a.Holders, a.Entitled = nil, nil
	}
	for _, p := range plan().Processes {
		if r.IntN(2) == 0 {
			a.Planned = append(a.Planned, p.Name)
		}
	}
	return a
}

func TestTwin(t *testing.T) {
	m := compile(t, plan())
	for seed := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, 1))
		asOf := from.Add(time.Duration(r.IntN(35*24)) * time.Hour)
		events := slices.DeleteFunc(randomEvents(r, r.IntN(200)), func(e adoption.Event) bool { return e.At.After(asOf) })
		account := randomAccount(r, asOf)
		u := fill(t, m, events)
		got, err := m.Assess(u, account, asOf)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		want := newTwin(m.Plan(), account, asOf, events).assess()
		// Of the window's place the twin knows nothing but the number of days.
		want.Digest, want.From, want.To = m.Digest(), got.From, got.To
		if d := gocmp.Diff(want, got, emptyIsNil); d != "" {
			t.Fatalf("seed %d, as of %v: (-want +got)\n%s", seed, asOf, d)
		}
		if _, err := json.Marshal(got); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMerge: however events are spread over usages and in whatever order these are merged, the bytes are the same, and
// what comes back from them goes on as the whole does.
func TestMerge(t *testing.T) {
	m := compile(t, plan())
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 2))
		events := randomEvents(r, r.IntN(300))
		whole := fill(t, m, events)
		want := encoded(t, whole)
		parts := make([]*adoption.Usage, 1+r.IntN(4))
		spread := make([][]adoption.Event, len(parts))
		salt := r.IntN(1000)
		for _, e := range events { // what is repeated goes where it went before
			i := (int(e.At.Unix()/3600)*31 + len(e.Account)*7 + int(e.User[len(e.User)-1]) + salt) % len(parts)
			spread[i] = append(spread[i], e)
		}
		for i := range parts {
			parts[i] = fill(t, m, spread[i])
			if r.IntN(2) == 0 {
				parts[i] = decoded(t, encoded(t, parts[i]))
			}
		}
		for len(parts) > 1 {
			i, j := r.IntN(len(parts)), r.IntN(len(parts)-1)
			if j >= i {
				j++
			}
			before := encoded(t, parts[j])
			if err := parts[i].Merge(parts[j]); err != nil {
				t.Fatal(err)
			}
			if encoded(t, parts[j]) != before {
				t.Fatalf("seed %d: merging changed what was merged", seed)
			}
			parts = slices.Delete(parts, j, j+1)
		}
		if got := encoded(t, parts[0]); got != want {
			t.Fatalf("seed %d: merged bytes differ", seed)
		}
		later := adoption.Event{Account: "account 0", User: "user 0", Feature: featureName(1), At: from.AddDate(0, 0, 28).Add(-time.Second)}
		for _, u := range []*adoption.Usage{whole, parts[0]} {
			if err := u.Add(later); err != nil {
				t.Fatal(err)
			}
		}
		if encoded(t, whole) != encoded(t, parts[0]) {
			t.Fatalf("seed %d: what comes after a merge differs", seed)
		}
	}
}

// TestOrder: users and features may come in any order, each in its own time order, and in columns or by name.
func TestOrder(t *testing.T) {
	m := compile(t, plan())
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		events := randomEvents(r, 200)
		want := encoded(t, fill(t, m, events))
		slices.SortStableFunc(events, func(a, b adoption.Event) int {
			return cmp.Or(cmp.Compare(b.Feature, a.Feature), cmp.Compare(a.User, b.User))
		})
		if encoded(t, fill(t, m, events)) != want {
			t.Fatalf("seed %d: by feature the bytes differ", seed)
		}
		u := usage(t, m)
		var users []adoption.User
		var features []adoption.Feature
		var at []int64
		for _, e := range events {
			user, err := u.User(e.Account, e.User)
			if err != nil {
				t.Fatal(err)
			}
			feature, err := u.Feature(e.Feature)
			if err != nil {
				t.Fatal(err)
			}
			users, features, at = append(users, user), append(features, feature), append(at, e.At.UnixMicro())
		}
		if err := u.AddColumns(users, features, at); err != nil {
			t.Fatal(err)
		}
		if encoded(t, u) != want {
			t.Fatalf("seed %d: in columns the bytes differ", seed)
		}
	}
}

func encoded(t testing.TB, u *adoption.Usage) string {
	t.Helper()
	b, err := u.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func decoded(t testing.TB, data string) *adoption.Usage {
	t.Helper()
	var u adoption.Usage
	if err := u.UnmarshalBinary([]byte(data)); err != nil {
		t.Fatal(err)
	}
	return &u
}
