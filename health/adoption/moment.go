package adoption

import (
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// moments says when the account first used the product, and when it reached each moment.
func (v *view) moments() {
	at, used := v.firstUse(v.cells)
	v.out.FirstUse = v.reach(at, used, nil)
	for _, moment := range v.model.def.Moments {
		at, done := v.completed(moment, v.cells)
		limit := v.start + time.Duration(moment.Within).Microseconds()
		r := MomentReach{Moment: moment.Name, Reach: v.reach(at, done, &limit)}
		r.Users = ratio(0, 0, v.unknown)
		if v.unknown == "" {
			r.Users = v.usersReach(moment)
		}
		v.out.Moments = append(v.out.Moments, r)
	}
}

// usersReach counts users whose time for a moment, from their first use on, is up.
func (v *view) usersReach(moment Moment) Ratio {
	var reached, up int64
	for _, cells := range v.cells {
		first, _ := v.firstUse([][]*cell{cells})
		limit := first + time.Duration(moment.Within).Microseconds()
		if limit > v.seen {
			continue
		}
		up++
		if at, done := v.completed(moment, [][]*cell{cells}); done && at <= limit {
			reached++
		}
	}
	return ratio(reached, up, NoUsers)
}

// reach says how far something is that was done at an instant, if it was, and has until limit, if there is one.
func (v *view) reach(at int64, done bool, limit *int64) Reach {
	if v.unknown != "" {
		return Reach{State: Unknown, Why: v.unknown}
	}
	r := Reach{State: Open}
	if done {
		when, took := instant.FromMicros(at), health.Duration(time.Duration(max(0, at-v.start))*time.Microsecond)
		r = Reach{State: Reached, At: &when, Took: &took}
	}
	if limit != nil && (done && at > *limit || !done && v.seen >= *limit) {
		r.State = Missed
	}
	return r
}

// firstUse returns the earliest use in the cells of users.
func (v *view) firstUse(users [][]*cell) (at int64, ok bool) {
	for _, cells := range users {
		for _, c := range cells {
			if !ok || c.first < at {
				at, ok = c.first, true
			}
		}
	}
	return at, ok
}

// completed returns when the last step of a moment was reached by the users, whose cells are given, together.
func (v *view) completed(moment Moment, users [][]*cell) (at int64, ok bool) {
	for i, step := range moment.Steps {
		feature, known := v.usage.byID[step.Feature]
		if !known {
			return 0, false
		}
		var earliest []int64 // those of all are among the earliest of each
		for _, cells := range users {
			for _, c := range cells {
				if c.feature == feature {
					earliest = append(earliest, v.usage.earliest(c)...)
				}
			}
		}
		if len(earliest) < step.Uses {
			return 0, false
		}
		slices.Sort(earliest)
		if last := earliest[step.Uses-1]; i == 0 || last > at {
			at = last
		}
	}
	return at, true
}

// reengage lists holders and users who have a task left.
func (v *view) reengage() {
	if len(v.model.def.Tasks) == 0 {
		return
	}
	entitled := make(map[string]bool, len(v.account.Entitled))
	for _, id := range v.account.Entitled {
		entitled[id] = true
	}
	tasks := slices.DeleteFunc(slices.Clone(v.model.def.Tasks), func(t Task) bool {
		return len(entitled) > 0 && !entitled[t.Feature]
	})
	if len(tasks) == 0 {
		return
	}
	for i, user := range v.users {
		v.lapse(v.usage.users[user].id, v.cells[i], tasks)
	}
	for _, id := range v.account.Holders {
		if _, active := v.find(id); !active {
			v.lapse(id, nil, tasks)
		}
	}
	slices.SortFunc(v.out.Reengage, func(a, b Lapse) int { return strings.Compare(a.User, b.User) })
}

// lapse notes a user with a task left; cells are what the user did.
func (v *view) lapse(user string, cells []*cell, tasks []Task) {
	l := Lapse{User: user}
	uses := make(map[string]int64, len(cells))
	for _, c := range cells {
		uses[v.usage.features[c.feature].id] = c.uses
		if last := instant.FromMicros(c.last); l.Last == nil || last.After(*l.Last) {
			l.Last = &last
		}
	}
	for _, t := range tasks {
		if uses[t.Feature] < int64(t.Uses) {
			l.Missing = append(l.Missing, t.Name)
		}
	}
	if len(l.Missing) > 0 {
		v.out.Reengage = append(v.out.Reengage, l)
	}
}
