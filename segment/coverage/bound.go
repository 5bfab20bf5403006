package coverage

import (
	"cmp"
	"slices"
)

const (
	sets = 2048 // classes that the bound tries as a set of people, at most
	deep = 64   // the greatest k of counting
)

// bound returns a burden an hour that the busiest person has at least, in every plan for the accounts that are assigned
// now and within the moves allowed. It is the greatest of these, each with its proof:
//
//	team       All burden is on all people with hours; one of them has at least the mean.
//	class      Accounts whose people are all in a set S are on S; one of S has at least the mean of S. S is each class.
//	largest    Whoever has an account has at least its burden, over at most the most hours of its class.
//	counting   Of the k·m + 1 largest accounts on m people one has k + 1, and these weigh at least as much as the
//	           k + 1 smallest of them, over at most the most hours.
//	continuity Who loses k accounts has the rest: no less than without the k largest. List this for each person and
//	           k = 0, 1, ...: at most limit of these are avoided, and the greatest other one is not.
//
// Sums of burdens and of ticks are whole numbers below 2⁵³, and division rounds monotonically. Thus rounding does not lift
// the bound over what a plan reaches.
func (d *desk) bound() float64 {
	most := make([]int64, len(d.classes)) // the largest burden of a class
	sum := make([]int64, len(d.classes))
	var all []int64
	homes := make([][]int64, len(d.people))
	for _, i := range d.open {
		if d.at[i] < 0 {
			continue
		}
		b, c := d.burden[i], d.of[i]
		most[c] = max(most[c], b)
		sum[c] += b
		all = append(all, b)
		if h := d.home[i]; h >= 0 {
			homes[h] = append(homes[h], b)
		}
	}
	slices.SortFunc(all, func(a, b int64) int { return cmp.Compare(b, a) })
	bound := max(d.counting(all), d.classBound(sum))
	for c := range d.classes {
		if most[c] > 0 {
			bound = max(bound, float64(most[c])/float64(d.classes[c].most))
		}
	}
	var rests []float64
	for p, list := range homes {
		rest := total(list)
		for _, b := range list {
			rests = append(rests, d.ratio(p, rest))
			rest -= b
		}
	}
	if len(rests) > d.limit {
		slices.Sort(rests)
		bound = max(bound, rests[len(rests)-1-d.limit])
	}
	return bound
}

// counting returns the bounds of team and counting, of burdens from the largest on.
func (d *desk) counting(all []int64) float64 {
	var sum, most int64
	m := 0
	for p := range d.people {
		if t := d.people[p].ticks; t > 0 {
			m++
			sum += t
			most = max(most, t)
		}
	}
	if m == 0 {
		return 0
	}
	bound := float64(total(all)) / float64(sum)
	for k := 1; k*m < len(all) && k <= deep; k++ {
		bound = max(bound, float64(total(all[k*m-k:k*m+1]))/float64(most))
	}
	return bound
}

// classBound returns the bound of classes, of those with the most burden if there are many.
func (d *desk) classBound(sum []int64) float64 {
	order := largest(sum)
	bound := 0.0
	for _, s := range order {
		if sum[s] == 0 {
			break
		}
		var on int64
		for _, c := range order {
			if d.classes[c].inside(&d.classes[s]) {
				on += sum[c]
			}
		}
		bound = max(bound, float64(on)/float64(d.classes[s].ticks))
	}
	return bound
}

// leftBound returns how many of the open accounts every plan leaves over at least, within the moves allowed. It is the
// greatest of these:
//
//	class      Of the accounts whose people are all in a set S, those with the least effort fit the hours of S together,
//	           and the others are over. S is each class, and all people.
//	continuity At most limit accounts leave a person, and of the rest those with the least effort fit.
//
// Accounts with more effort than one person of their class has hours are over in any case. Beside a best plan that is
// known, others leave at least as many, or more of those with a home.
func (d *desk) leftBound() int {
	var hours int64
	free := make([]int64, len(d.people))
	for p := range free {
		free[p] = d.people[p].ticks
		hours += free[p]
	}
	none, over := 0, -d.limit
	load := make([]int64, len(d.classes))
	var fit []int // accounts that fit somebody
	for _, i := range d.thrift {
		t := d.accounts[i].ticks
		if t > d.classes[d.of[i]].most {
			none++
			continue
		}
		fit = append(fit, i)
		load[d.of[i]] += t
		if h := d.home[i]; h >= 0 {
			if free[h] -= t; free[h] < 0 {
				over++
			}
		}
	}
	slices.SortStableFunc(fit, func(i, j int) int { return cmp.Compare(d.accounts[i].ticks, d.accounts[j].ticks) })
	bound := max(over, d.surplus(fit, hours, func(int) bool { return true }))
	order := largest(load)
	inside := make([]bool, len(d.classes))
	for _, s := range order {
		for c := range inside {
			inside[c] = d.classes[c].inside(&d.classes[s])
		}
		bound = max(bound, d.surplus(fit, d.classes[s].ticks, func(i int) bool { return inside[d.of[i]] }))
	}
	bound = none + max(bound, 0)
	if s := d.score(); d.proven && s.orphans < d.homed {
		bound = max(bound, min(s.left, s.orphans+1))
	} else if d.proven {
		bound = s.left
	}
	return bound
}

// surplus returns how many accounts of a list, which is by effort, are over when the first of them fill the hours.
func (d *desk) surplus(list []int, hours int64, counts func(account int) bool) (over int) {
	for _, i := range list {
		if counts(i) {
			if hours -= d.accounts[i].ticks; hours < 0 {
				over++
			}
		}
	}
	return over
}

// largest returns the classes with the greatest sums, at most as many as the bounds try.
func largest(sum []int64) []int {
	order := make([]int, len(sum))
	for c := range order {
		order[c] = c
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sum[b], sum[a]) })
	return order[:min(len(order), sets)]
}

func total(list []int64) (sum int64) {
	for _, x := range list {
		sum += x
	}
	return sum
}
