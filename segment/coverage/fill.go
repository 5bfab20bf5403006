package coverage

import "slices"

const (
	looks = 1 << 28 // accounts and people that fill looks at, at most; half of what is left each time
	links = 2       // accounts that change hands to make room for one
	trial = 64      // looks that it costs to try a link or a way home
)

// start gives accounts away. Where hours do not suffice it starts again with the least effort, so that more accounts get
// somebody, and takes the better of both.
func (d *desk) start() {
	d.keep()
	d.deal(d.open)
	first, at := d.score(), slices.Clone(d.at)
	if first.left == 0 {
		return
	}
	for _, i := range d.open {
		d.give(i, -1)
	}
	d.deal(d.thrift)
	if d.score().rest(first) >= 0 {
		d.restore(at)
	}
}

// deal gives away accounts in the order of the list, open or thrift: those with a home, and then the others what hours
// these leave.
func (d *desk) deal(list []int) {
	for _, n := range []int{d.homed, len(list)} {
		d.place(list[:n])
		d.fill(n)
	}
}

// keep leaves accounts with their holders, the smallest effort first, so that as many stay as can.
func (d *desk) keep() {
	for _, i := range d.thrift {
		if p := d.home[i]; p >= 0 && d.room(p, d.accounts[i].ticks) {
			d.give(i, p)
		}
	}
}

// place gives accounts that nobody has, in the order of the list, to their home if that has room, or else to whom it
// leaves with the least burden an hour. It looks at each person of the class, since people of unlike hours change places
// with every account; that is 50 000 000 divisions for 100 000 accounts and 500 people.
func (d *desk) place(list []int) (placed int) {
	for _, i := range list {
		if d.at[i] >= 0 {
			continue
		}
		best, least := -1, 0.0
		for _, p := range d.classes[d.of[i]].people {
			if !d.room(p, d.accounts[i].ticks) || d.moves+d.cost(i, p) > d.limit {
				continue
			}
			if p == d.home[i] {
				best = p
				break
			}
			v := d.ratio(p, d.weight[p]+d.burden[i])
			if best < 0 || v < least || v == least && len(d.held[p]) < len(d.held[best]) {
				best, least = p, v
			}
		}
		if best >= 0 {
			d.give(i, best)
			placed++
		}
	}
	return placed
}

// fill finds a person for those of the first n accounts that nobody has: one who has room, one who has room when up to
// links others change hands, or one who may take it when another goes home. Once all are asked, accounts that matter less
// are left over in turn. It ends when none of this helps, or looks run out.
func (d *desk) fill(n int) (changed bool) {
	spare := d.looks / 2
	d.looks -= spare
	defer func() { d.looks += spare }()
	for depth := 1; ; {
		switch {
		case d.place(d.open[:n]) > 0, d.squeeze(n, depth) > 0:
			changed, depth = true, 1
		case depth < links:
			depth++
		case d.recall(n) > 0, n == len(d.open) && d.replace() > 0:
			changed, depth = true, 1
		default:
			return changed
		}
	}
}

// squeeze places accounts that nobody has by moving up to depth others, those with the least effort first. Who comes
// after one like it, with less effort, that found no place is not asked again.
func (d *desk) squeeze(n, depth int) (placed int) {
	type kind struct{ class, home int }
	hopeless := make(map[kind]bool)
	for _, i := range d.thrift[:n] {
		k := kind{d.of[i], d.home[i]}
		if d.at[i] >= 0 || hopeless[k] {
			continue
		}
		if d.looks <= 0 {
			break
		}
		if d.accounts[i].ticks <= int64(depth+1)*d.widest() && d.insert(i, depth) {
			placed++
		} else {
			hopeless[k] = true
		}
	}
	return placed
}

// recall places accounts that nobody has, when moves are used up, each by giving another one back to its home.
func (d *desk) recall(n int) (placed int) {
	if d.moves < d.limit {
		return 0
	}
	away := func(j int) bool {
		h := d.home[j]
		return h >= 0 && d.at[j] >= 0 && d.at[j] != h && d.room(h, d.accounts[j].ticks)
	}
	back := slices.DeleteFunc(slices.Clone(d.open), func(j int) bool { return !away(j) })
	for _, i := range d.thrift[:n] {
		for _, j := range back {
			if d.at[i] >= 0 || d.looks <= 0 {
				break
			}
			if !away(j) {
				continue
			}
			d.looks -= trial + len(d.classes[d.of[i]].people)
			p := d.at[j]
			d.give(j, d.home[j])
			if d.place([]int{i}) > 0 {
				placed++
			} else {
				d.give(j, p)
			}
		}
	}
	return placed
}

// widest returns the most hours that somebody has left, in ticks.
func (d *desk) widest() (most int64) {
	d.looks -= len(d.people)
	for p := range d.people {
		most = max(most, d.people[p].ticks-d.ticks[p])
	}
	return most
}

// insert gives account i to the first person who then fits by giving away up to depth others.
func (d *desk) insert(i, depth int) bool {
	for _, p := range d.classes[d.of[i]].people {
		d.looks -= trial
		d.give(i, p)
		if d.relieve(p, depth) {
			return true
		}
		d.give(i, -1)
	}
	return false
}

// relieve gives away up to depth accounts, of person p and then of who takes one, until all have hours enough and moves
// are within the limit. Nobody else has too much. It changes nothing if it fails.
func (d *desk) relieve(p, depth int) bool {
	over := d.ticks[p] - d.people[p].ticks
	if over <= 0 {
		return d.moves <= d.limit
	}
	if depth == 0 || d.looks <= 0 || d.moves > d.limit+depth {
		return false
	}
	widest := d.widest()
	if over > int64(depth)*widest { // each link ends at somebody who takes at most that
		return false
	}
	d.looks -= len(d.held[p])
	for _, j := range slices.Clone(d.held[p]) {
		t := d.accounts[j].ticks
		if depth == 1 && (t < over || t > widest) {
			continue
		}
		people := d.classes[d.of[j]].people
		d.looks -= len(people)
		for _, q := range people {
			room := d.room(q, t)
			if q == p || depth == 1 && (!room || d.moves+d.cost(j, q) > d.limit) || t < over && !room {
				continue
			}
			d.looks -= trial
			d.give(j, q)
			next := q // whoever has too much
			if room {
				next = p
			}
			if d.relieve(next, depth-1) {
				return true
			}
			d.give(j, p)
		}
	}
	return false
}
