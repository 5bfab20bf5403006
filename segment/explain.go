package segment

import (
	"math"
	"slices"
	"time"
)

// why marks the attributes whose facts make a condition true, or keep it from being true: whatever the others were, it
// would be so still. Of several reasons it takes the first, FALSE before UNKNOWN.
func (n *node) why(row Row, now int64, marks []bool) {
	if n.op > opOr {
		marks[n.attr] = true
		return
	}
	t := n.eval(row, now)
	if n.op == opAnd && t == True || n.op == opOr && t != True { // every part counts
		for i := range n.parts {
			n.parts[i].why(row, now, marks)
		}
		return
	}
	want := True
	if n.op == opAnd {
		want = False
		if t != False {
			want = Unknown
		}
	}
	if i := slices.IndexFunc(n.parts, func(part node) bool { return part.eval(row, now) == want }); i >= 0 {
		n.parts[i].why(row, now, marks)
	}
}

// unknown marks the NULL attributes that make an unknown condition so.
func (n *node) unknown(row Row, now int64, marks []bool) {
	if n.op > opOr {
		marks[n.attr] = true
		return
	}
	for i := range n.parts {
		if n.parts[i].eval(row, now) == Unknown {
			n.parts[i].unknown(row, now, marks)
		}
	}
}

// near returns the near misses of the rules before one, none of which is true, and of that one, which is if it is there: what
// would have made it not.
func (m *Model) near(row Row, now int64, rule int, segment string) (near, leave []NearMiss) {
	var list []NearMiss // both, in one piece of memory where they are few
	for i := range m.rules[:rule] {
		if m.def.Rules[i].Segment != segment {
			list = m.misses(list, row, now, i, false)
		}
	}
	n := len(list)
	if rule < len(m.rules) {
		list = m.misses(list, row, now, rule, true)
	}
	if n > 0 {
		near = list[:n:n]
	}
	if n < len(list) {
		leave = list[n:]
	}
	return near, leave
}

// misses appends the attributes of which another value alone would have changed whether a rule is true. It changes row only
// for as long as it runs.
func (m *Model) misses(list []NearMiss, row Row, now int64, rule int, isTrue bool) []NearMiss {
	r := &m.rules[rule]
	for k, attr := range r.reads {
		present := row[attr]
		if present.kind == failedKind {
			continue
		}
		row[attr] = Value{kind: failedKind}
		if r.when.eval(row, now) == failed { // else the fact alone changes nothing
			l := r.lines[k]
			if l.kind == nullKind {
				l = m.schema.line(attr, []*node{&r.when}, now)
			}
			need, by, ok := l.nearest(present, func(v Value) bool {
				row[attr] = v
				return (r.when.eval(row, now) == True) != isTrue
			})
			if ok {
				miss := NearMiss{Segment: m.def.Rules[rule].Segment, Rule: rule, Attribute: l.name, Need: need}
				if l.kind == timeKind {
					miss.ByTime = Duration(min(by, maxExact)) * Duration(time.Microsecond)
				} else {
					miss.By = by
				}
				if list == nil {
					list = make([]NearMiss, 0, 4)
				}
				list = append(list, miss)
			}
		}
		row[attr] = present
	}
	return list
}

// nearest describes where the line satisfies a condition, and how far a number, or an instant in microseconds, is from there:
// the range that is nearest to the present value, the lower one of two; of texts all that do; and NULL only where no value
// does.
func (l *line) nearest(present Value, holds func(Value) bool) (need string, by float64, ok bool) {
	var best, run []int
	closest := math.Inf(1)
	finish := func() {
		if len(run) == 0 {
			return
		}
		if d := l.distance(present, run); best == nil || d < closest {
			best, closest = run, d
		}
		run = nil
	}
	known := len(l.cells) - 1
	for i, c := range l.cells[:known] {
		if holds(c.value) {
			run = append(run, i)
		} else if l.ordered() {
			finish()
		}
	}
	finish()
	if best == nil {
		if !holds(Null()) {
			return "", 0, false
		}
		best, closest = []int{known}, 0
	}
	const most = 8 // texts
	return l.condition(best, most), closest, true
}

// distance returns how far a present number or instant is from a range of cells. It is 0 where nothing can be measured.
func (l *line) distance(present Value, run []int) float64 {
	if !l.ordered() || present.kind == nullKind {
		return 0
	}
	from, to := l.cells[run[0]], l.cells[run[len(run)-1]]
	above := to.cut
	if !to.on {
		above++
	}
	if l.kind == timeKind {
		us := present.micros()
		if us < from.value.micros() {
			return float64(l.cuts[from.cut].us - us)
		}
		return float64(us - l.cuts[above].us)
	}
	f := present.number()
	if f < from.value.number() {
		return l.cuts[from.cut].number - f
	}
	return f - l.cuts[above].number
}
