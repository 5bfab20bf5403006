package engagement

import (
	"cmp"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/segment"
)

// budgets asks of each budget, and of the rest between asks, whether the cadences that go together keep to it.
func (v *verifier) budgets() {
	for i, program := range v.model.programs {
		for j := range program.Budgets {
			b := &program.Budgets[j]
			at := v.pointer(i, "budgets", j)
			holds := func(p *plan) bool { return p.Notice == "" && (b.Channel == "" || b.Channel == p.Channel) }
			if b.Per == PerAccount {
				v.load(b, at, fmt.Sprintf("budget %q lets", b.Name), holds)
				continue
			}
			for _, kind := range [...]Party{User, Sponsor, PartnerParty, Peer} {
				v.load(b, at, fmt.Sprintf("budget %q lets through to one %s", b.Name, kind), func(p *plan) bool { return p.To == kind && holds(p) })
			}
		}
	}
	asks := Budget{Most: 1, In: AskRest}
	v.load(&asks, "", "the rest between asks lets", func(p *plan) bool { return p.Ask != "" })
}

// A group is touches whose conditions go together, and of what facts and when they do.
type group struct {
	members []*plan
	facts   segment.FactMap
	at      int64
	after   int64 // when they can all have come due, after the program began
	yes, no []int // conditions
}

// join adds, in order, each touch whose conditions go with those of all before it. It asks for the whole list at once, and
// for its halves if that fails.
func (v *verifier) join(g *group, list []*plan) {
	if len(list) == 0 {
		return
	}
	yes, no, after := slices.Clone(g.yes), slices.Clone(g.no), g.after
	for _, p := range list {
		yes, no, after = append(yes, p.when), append(no, p.done, p.skip), max(after, p.earliest())
	}
	if facts, at, truth := v.solve(after, yes, no); truth == segment.True {
		*g = group{append(g.members, list...), facts, at, after, yes, no}
	} else if half := len(list) / 2; half > 0 {
		v.join(g, list[:half])
		v.join(g, list[half:])
	}
}

// load asks whether a budget lets cadences through that all come due at once, and were kept until then.
func (v *verifier) load(b *Budget, pointer, lets string, holds func(*plan) bool) {
	var list []*plan
	for i := range v.model.plans {
		if p := &v.model.plans[i]; p.On == nil && holds(p) && v.states[i].can == segment.True && !v.states[i].dead {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(p, q *plan) int { return cmp.Compare(p.Every, q.Every) })
	var g group
	v.join(&g, list)
	list = g.members
	in, window := v.account(g.facts), time.Duration(b.In).Microseconds()
	rate, most := new(big.Rat), int64(0) // touches in a window: in the long run, and at most
	var names []string
	for _, p := range list {
		every := time.Duration(p.Every).Microseconds()
		rate.Add(rate, big.NewRat(window, every))
		most += (window-1)/every + 1
		names = append(names, fmt.Sprintf("%q", p.Name))
	}
	if most <= int64(b.Most) {
		return
	}
	at, ok := v.open(list, g.at)
	for _, p := range list {
		every := time.Duration(p.Every).Microseconds()
		for made := at - every; ok; made -= every {
			if ok = instant.Given(instant.FromMicros(made)) == nil; ok {
				in.Touches = append(in.Touches, p.touch(0, made, true))
			}
			if made-every <= at-window || len(in.Touches) > b.Most+len(list) {
				break
			}
		}
	}
	if rate.Cmp(big.NewRat(int64(b.Most), 1)) <= 0 {
		if ok {
			v.walk(in, at, 2*len(list)+2)
		}
		return
	}
	if pointer == "" {
		pointer = v.place(list[len(list)-1], "ask")
	}
	if n := len(names) - 8; n > 0 {
		names = append(names[:8], fmt.Sprintf("%d more", n))
	}
	perWindow, _ := rate.Float64()
	message := fmt.Sprintf("%s %d in %s through, and the cadences of %s ask for %.3g", lets, b.Most, b.In, strings.Join(names, ", "), perWindow)
	if ok && (at == g.at || v.held(&in, at)) {
		v.add(OverBudget, pointer, message, &in, at)
	} else {
		v.add(OverBudget, pointer, message, nil, 0)
	}
}

// held reports whether a budget, or the rest between asks, holds something back. When quiet times are over, the conditions
// may be too.
func (v *verifier) held(in *Input, at int64) bool {
	v.looks += v.model.looks(in)
	a, err := v.model.Due(*in, instant.FromMicros(at))
	return err == nil && slices.ContainsFunc(a.Suppressed, func(t Task) bool { return t.Why == HeldByBudget || t.Why == HeldByAsk })
}

// looks bounds the work of an agenda: each touch, made or to be made, meets each budget.
func (m *Model) looks(in *Input) int { return (len(m.plans) + len(in.Touches)) * (1 + len(m.budgets)) }

// open returns the first instant from one on at which touches may all be made at once, as far as quiet times go.
func (v *verifier) open(list []*plan, at int64) (int64, bool) {
	for range maxLevels {
		begin := at
		for _, p := range list {
			end, _, _, ok := v.model.awake(at, p.Channel, &Place{})
			if at = end; !ok {
				return 0, false
			}
		}
		if at == begin {
			return at, true
		}
	}
	return 0, false
}

// triggers lets each trigger occur once, for all the touches on it that go together.
func (v *verifier) triggers() {
	for i := range v.model.plans {
		first := &v.model.plans[i]
		like := func(p plan) bool {
			return p.On != nil && p.On.Event == first.On.Event && p.On.Anchor == first.On.Anchor
		}
		if first.On == nil || slices.ContainsFunc(v.model.plans[:i], like) {
			continue
		}
		var list []*plan
		promised, begin := false, int64(1<<62)
		for j := i; j < len(v.model.plans); j++ {
			if p := &v.model.plans[j]; like(*p) && v.states[j].can == segment.True && !v.states[j].dead {
				list = append(list, p)
				promised = promised || p.Within > 0
				begin = min(begin, time.Duration(p.On.Offset).Microseconds())
			}
		}
		if !promised {
			continue
		}
		var g group
		v.join(&g, list)
		in := v.account(g.facts)
		if occurs := g.at - begin; len(g.members) > 0 && instant.Given(instant.FromMicros(occurs)) == nil {
			first.occur(&in, occurs)
			v.walk(in, g.at, 2*len(g.members)+2)
		}
	}
}

// walk makes and answers what is due from an instant on as soon as it may be, so many times, and reports what is late.
func (v *verifier) walk(in Input, at int64, rounds int) {
	for ; rounds > 0 && !v.cut() && at <= instant.Micros(v.to); rounds-- {
		now := instant.FromMicros(at)
		v.looks += v.model.looks(&in)
		a, err := v.model.Due(in, now)
		if err != nil {
			return
		}
		for _, task := range a.Due {
			p := &v.model.plans[v.model.byName[task.Touch]]
			if !task.Overdue || p.Within == 0 || v.late[p.index] {
				continue
			}
			v.late[p.index] = true
			witness := in
			witness.Touches = slices.Clone(in.Touches)
			v.add(Late, v.place(p, "within"), fmt.Sprintf("%q is overdue by the time that it may be made, though all else is made at once", p.Name), &witness, at)
		}
		for _, task := range a.Due {
			made := task.Made("", now, now)
			made.Answered = now
			in.Touches = append(in.Touches, made)
		}
		switch {
		case len(a.Due) > 0: // what is next is asked for once that is made
		case a.Next == nil:
			return
		case a.Next.Until.After(a.Next.Due):
			at = instant.Micros(a.Next.Until)
		default:
			at = instant.Micros(a.Next.Due)
		}
	}
}
