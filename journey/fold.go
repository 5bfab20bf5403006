package journey

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// fold changes t by the event that happened next. Events of needs, evidence and pauses that say nothing new change
// nothing.
func (t *Track) fold(e *Event) {
	t.settle(e.Happened)
	switch e.Kind {
	case Started:
		t.enter(e.Phase, e.Happened)
		t.Started = e.Happened
	case Moved:
		t.move(e)
	case JourneyEnded:
		t.leave(e.Happened)
		t.enter(Ended, e.Happened)
	case MapChanged:
		if e.Phase != "" {
			t.Phase = e.Phase
		}
	case NeedBegan, NeedLost, NeedFound, NeedCeased:
		t.needed(e)
	case EvidenceGiven:
		if i, found := t.evidence(e.Name, e.Role); !found {
			t.Evidence = insert(t.Evidence, i, Evidence{e.Name, e.By, e.Role, e.Note, e.Happened})
		}
	case EvidenceWithdrawn:
		t.drop(e.Name, e.Role)
	case PauseBegan:
		if t.underWay() && t.Paused.IsZero() {
			t.Paused = e.Happened
		}
	case PauseEnded:
		if !t.Paused.IsZero() {
			t.Stood += elapsed(latest(t.Paused, t.Since), e.Happened)
			t.Paused, t.Ran = time.Time{}, e.Happened
		}
	}
}

// follow brings t to where the events of a step lead, as far as a decision tells of it. That is where its moves lead, and
// only where a move was made too early all else, on which it hangs when that comes due. Lists that t shares stay as they are.
func (t *Track) follow(events []Event) {
	if slices.ContainsFunc(t.Passes, func(p Pass) bool { return len(p.Open) > 0 }) {
		*t = t.clone()
		for i := range events {
			t.fold(&events[i])
		}
		return
	}
	for i := range events {
		if e := &events[i]; e.Kind == Moved {
			t.arrive(e)
		}
	}
}

// insert is slices.Insert, which starts with room for more than one.
func insert[T any](list []T, i int, v T) []T {
	if cap(list) == 0 {
		list = make([]T, 0, 4)
	}
	return slices.Insert(list, i, v)
}

// underWay reports whether the account is in a phase.
func (t *Track) underWay() bool { return t.Phase != "" && t.Phase != Ended }

// enter puts the account into a phase.
func (t *Track) enter(phase string, at time.Time) {
	t.Phase, t.Since, t.Stood = phase, at, 0
	switch {
	case phase == Ended:
		t.Paused, t.Ran, t.Evidence = time.Time{}, time.Time{}, nil
	case t.Ran.IsZero():
		t.Ran = at
	}
}

// leave notes that the account left its phase.
func (t *Track) leave(at time.Time) {
	i, found := slices.BinarySearchFunc(t.Left, t.Phase, func(l Left, name string) int { return strings.Compare(l.Phase, name) })
	if !found {
		t.Left = insert(t.Left, i, Left{Phase: t.Phase})
	}
	t.Left[i].At = at
}

func (t *Track) move(e *Event) {
	i, found := t.pass(e.Name)
	if !found {
		t.Passes = insert(t.Passes, i, Pass{Move: e.Name})
	}
	p := &t.Passes[i]
	p.Count++
	p.At, p.Event = e.Happened, e.ID
	t.judge(p, e.Guards)
	if e.Move == Renew {
		t.Evidence = nil
	}
	t.drop(e.Name, "")
	t.leave(e.Happened)
	t.arrive(e)
}

// arrive enters the phase that a move leads to.
func (t *Track) arrive(e *Event) {
	if e.Move == Renew {
		t.Rounds++
	}
	t.enter(e.Phase, e.Happened)
}

func (t *Track) needed(e *Event) {
	i, found := t.needAt(e.Name)
	if !found {
		t.Needs = insert(t.Needs, i, NeedTime{Key: e.Name})
	}
	n := &t.Needs[i]
	holds := !n.Since.IsZero()
	switch {
	case e.Kind == NeedBegan && !holds:
		n.Since, n.Unknown, n.Ceased = e.Happened, time.Time{}, time.Time{}
	case e.Kind == NeedLost && n.Unknown.IsZero():
		n.Unknown = e.Happened
	case e.Kind == NeedFound:
		n.Unknown = time.Time{}
	case e.Kind == NeedCeased && e.Note == stillUnknown:
		if holds {
			n.Since, n.Ceased = time.Time{}, e.Happened
		}
	case e.Kind == NeedCeased:
		n.Since, n.Unknown, n.Ceased = time.Time{}, time.Time{}, e.Happened
	}
}

// need returns the state of a clock; the zero state is that of one never begun.
func (t *Track) need(key string) NeedTime {
	if i, found := t.needAt(key); found {
		return t.Needs[i]
	}
	return NeedTime{Key: key}
}

// fewNeeds is up to how many needs looking at each is faster than searching.
const fewNeeds = 8

func (t *Track) needAt(key string) (int, bool) {
	if len(t.Needs) <= fewNeeds {
		for i := range t.Needs {
			if t.Needs[i].Key == key {
				return i, true
			}
		}
	}
	return slices.BinarySearchFunc(t.Needs, key, func(n NeedTime, key string) int { return strings.Compare(n.Key, key) })
}

func (t *Track) evidence(name, role string) (int, bool) {
	return slices.BinarySearchFunc(t.Evidence, name, func(v Evidence, name string) int {
		return cmp.Or(strings.Compare(v.Name, name), strings.Compare(v.Role, role))
	})
}

// inOrder reports whether the lists that are searched are sorted.
func (t *Track) inOrder() bool {
	return slices.IsSortedFunc(t.Needs, func(a, b NeedTime) int { return strings.Compare(a.Key, b.Key) }) &&
		slices.IsSortedFunc(t.Evidence, func(a, b Evidence) int {
			return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(a.Role, b.Role))
		}) &&
		slices.IsSortedFunc(t.Passes, func(a, b Pass) int { return strings.Compare(a.Move, b.Move) }) &&
		slices.IsSortedFunc(t.Left, func(a, b Left) int { return strings.Compare(a.Phase, b.Phase) })
}

// drop removes evidence of a name; role "" is any.
func (t *Track) drop(name, role string) {
	t.Evidence = slices.DeleteFunc(t.Evidence, func(v Evidence) bool {
		return v.Name == name && (role == "" || v.Role == role)
	})
}

func (t *Track) pass(name string) (int, bool) {
	return slices.BinarySearchFunc(t.Passes, name, func(p Pass, name string) int { return strings.Compare(p.Move, name) })
}

// metAt returns when a need with this clock is met if it goes on holding; false: it does not hold, or its signal was
// unknown when it would have been met.
func (t NeedTime) metAt(held Duration) (time.Time, bool) {
	if t.Since.IsZero() {
		return time.Time{}, false
	}
	at := t.Since.Add(time.Duration(held))
	return at, t.Unknown.IsZero() || at.Before(t.Unknown)
}

// attested returns since when evidence of the name has stood; role "" is any.
func (t *Track) attested(name, role string) (at time.Time, ok bool) {
	i, _ := t.evidence(name, role)
	for ; i < len(t.Evidence) && t.Evidence[i].Name == name && (role == "" || t.Evidence[i].Role == role); i++ {
		if v := t.Evidence[i].At; !ok || v.Before(at) {
			at, ok = v, true
		}
	}
	return at, ok
}

// judge tells whether a move that is being made is due, as known.
func (t *Track) judge(p *Pass, guards []Guard) {
	var room [4]Guard
	at, open := t.due(room[:0], guards, p.At)
	if at.After(p.At) || at.IsZero() && len(open) > 0 {
		p.DueAt, p.Open = time.Time{}, cloneGuards(open)
		return
	}
	p.DueAt, p.Open = latest(at, t.Since), nil
}

// due returns when all guards are passed if needs go on holding, zero if that can't be said; and appends the guards
// that evidence had not opened by the time of the move, which may close again or open later.
func (t *Track) due(to, guards []Guard, made time.Time) (at time.Time, open []Guard) {
	all := true
	open = to
	for _, g := range guards {
		met, ok := g.After, len(g.Needs) > 0 || g.Name == ""
		for _, n := range g.Needs {
			m, holds := t.need(needKey(n)).metAt(n.For)
			met, ok = latest(met, m), ok && holds
		}
		if g.Name != "" {
			if v, stands := t.attested(g.Name, g.Role); stands {
				if !ok || v.Before(met) {
					met = latest(v, g.After)
				}
				if at = latest(at, met); met.After(made) {
					open = append(open, Guard{After: met})
				}
				continue
			}
		}
		at, all = latest(at, met), all && ok
		open = append(open, g)
	}
	if !all {
		at = time.Time{}
	}
	return at, open
}

// settle notes, before something happens, which of the moves that were made too early have come due.
func (t *Track) settle(before time.Time) {
	for i := range t.Passes {
		p := &t.Passes[i]
		if len(p.Open) == 0 {
			continue
		}
		var room [4]Guard
		if at, _ := t.due(room[:0], p.Open, p.At); !at.IsZero() && at.Before(before) {
			p.DueAt, p.Open = at, nil
		} else {
			p.Open[0].After = latest(p.Open[0].After, before)
		}
	}
}

// dueBy returns since when all that a move was made on has been so, as known at asOf; zero: it has not been.
func (t *Track) dueBy(p *Pass, asOf time.Time) time.Time {
	if len(p.Open) == 0 {
		return p.DueAt
	}
	var room [4]Guard
	if at, _ := t.due(room[:0], p.Open, p.At); !at.After(asOf) {
		return at
	}
	return time.Time{}
}
