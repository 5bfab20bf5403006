package engagement

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Instants between these seconds since 1970 are in the years 1 to 9999 and not zero.
const (
	earliest = -62_135_596_800
	latest   = 253_402_300_799
)

// unknown stands for an instant that nobody knows. It is before all others.
const unknown = -1 << 63

// A past is an Input made ready: checked, in order, and without what lies after now. Its lists lie in scratch where
// they are short.
type past struct {
	in      *Input
	subject subject
	now     int64
	began   int64   // or unknown
	byID    []made  // each ID once, those to come included
	touches []entry // of byID, those made by now, by time and then by ID
	tasks   bool    // one of those has an ID that may be a task's
	events  []named // by name, then by time; each once
	anchors []named // by name
	people  []*Person
}

// made is a touch with its instants in microseconds.
type made struct {
	of       *Touch
	at       int64
	answered int64 // or unknown, as of now
	plan     int   // position of the plan of its name; -1: none, or not looked up
	task     int   // position of the plan to whose task the ID belongs; -1: not found to be one
}

type named struct {
	name string
	at   int64
}

// An entry is the position of something in a list, with what it is sorted by. Sorting these moves less memory.
type entry struct {
	key int64
	at  int
}

// compare orders by key, then by position.
func (a entry) compare(b entry) int {
	if a.key != b.key {
		return cmp.Compare(a.key, b.key)
	}
	return a.at - b.at
}

// scratch holds what a usual account needs, so that it takes no memory of its own.
type scratch struct {
	subject         [longestTask]byte
	byID            [24]made
	ids, touches    [24]entry
	events, anchors [16]named
	people          [8]*Person
	candidates      [16]candidate
	order           [16]entry
	contacts        [24]contact
}

// A reader makes a past. It keeps the first error.
type reader struct {
	account string
	err     error
}

func (r *reader) fail(field string, err error) {
	if r.err == nil {
		r.err = dataError(r.account, field, err)
	}
}

// micros returns an instant that must be there.
func (r *reader) micros(t time.Time, what, name string) int64 {
	if s := t.Unix(); earliest < s && s < latest { // the quick way, for all but the edges
		return instant.Micros(t)
	}
	t = instant.Of(t)
	if err := instant.Given(t); err != nil {
		if name != "" {
			what = fmt.Sprintf("%s %q", what, name)
		}
		r.fail(what, err)
	}
	return instant.Micros(t)
}

// maybe returns an instant that may be absent.
func (r *reader) maybe(t time.Time, what, name string) int64 {
	if t.IsZero() {
		return unknown
	}
	return r.micros(t, what, name)
}

// readPast makes a past. Its parts return their lists, since what is stored through a pointer is moved to the heap.
// Plans have the positions of touches by name.
func readPast(in *Input, asOf time.Time, plans map[string]int, s *scratch) (past, error) {
	r := reader{account: in.Account}
	if err := ident.Check(in.Account); err != nil {
		r.fail("account", err)
	}
	p := past{in: in, now: r.micros(asOf, "as of", ""), began: r.maybe(in.Began, "began", "")}
	p.subject = append(append(s.subject[:0], in.Account...), 0)
	for i, start := range in.Starts {
		r.micros(start.At, "start of program", start.Program)
		if slices.ContainsFunc(in.Starts[:i], func(s Start) bool { return s.Program == start.Program }) {
			r.fail(fmt.Sprintf("start of program %q", start.Program), errTwice)
		}
	}
	p.events = s.events[:0]
	for _, e := range in.Events {
		if at := r.micros(e.At, "time of event", e.Name); at <= p.now {
			p.events = append(p.events, named{e.Name, at})
		}
	}
	slices.SortFunc(p.events, named.compare)
	p.events = slices.Compact(p.events)
	p.anchors = s.anchors[:0]
	for _, a := range in.Anchors {
		p.anchors = append(p.anchors, named{a.Name, r.micros(a.At, "time of anchor", a.Name)})
	}
	slices.SortFunc(p.anchors, named.compare)
	for i := range p.anchors[min(1, len(p.anchors)):] {
		if name := p.anchors[i].name; name == p.anchors[i+1].name {
			r.fail(fmt.Sprintf("anchor %q", name), errTwice)
		}
	}
	p.byID = r.touches(in.Touches, p.now, s.byID[:0], s.ids[:0])
	p.touches = s.touches[:0]
	for i := range p.byID {
		if t := &p.byID[i]; t.at <= p.now {
			if plan, ok := plans[t.of.Touch]; ok {
				t.plan = plan
			}
			p.touches = append(p.touches, entry{t.at, i})
			p.tasks = p.tasks || len(t.of.ID) == idLength
		}
	}
	slices.SortFunc(p.touches, entry.compare)
	p.people = r.people(in.People, s.people[:0])
	for _, c := range in.Consents {
		r.maybe(c.From, "begin of consent", c.Name)
		r.maybe(c.To, "end of consent", c.Name)
	}
	r.place(&in.Place)
	return p, r.err
}

var errTwice = errors.New("is there twice")

func (a named) compare(b named) int {
	return cmp.Or(strings.Compare(a.name, b.name), cmp.Compare(a.at, b.at))
}

// touches appends the touches by ID, each once, those to come included. In order it sorts them.
func (r *reader) touches(touches []Touch, now int64, list []made, order []entry) []made {
	for i := range touches {
		t := &touches[i]
		if t.Format > Format && r.err == nil { // whatever else is wrong with it by the rules of this one
			r.err = fmt.Errorf("engagement: due %q: touch %q: format %d: %w", r.account, t.ID, t.Format, ErrFormat)
		}
		t.check(r)
		order = append(order, entry{head(t.ID), i})
	}
	slices.SortFunc(order, func(a, b entry) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return strings.Compare(touches[a.at].ID, touches[b.at].ID)
	})
	for _, o := range order {
		t := &touches[o.at]
		if n := len(list); n > 0 && list[n-1].of.ID == t.ID {
			if !list[n-1].of.normal().same(t.normal()) {
				r.fail(fmt.Sprintf("touch %q", t.ID), errors.New("is there twice, and not the same"))
			}
			continue
		}
		m := made{t, instant.Micros(t.At), unknown, -1, -1}
		if !t.Answered.IsZero() {
			if answered := instant.Micros(t.Answered); answered <= now {
				m.answered = answered
			}
		}
		list = append(list, m)
	}
	return list
}

// head returns the first eight bytes of a text as a number: of two that differ the lesser text has the lesser.
func head(s string) int64 {
	var first [8]byte
	copy(first[:], s)
	return int64(binary.BigEndian.Uint64(first[:]) ^ 1<<63)
}

// people returns the people by ID.
func (r *reader) people(people []Person, list []*Person) []*Person {
	for i := range people {
		person := &people[i]
		if err := ident.Check(person.ID); err != nil {
			r.fail(fmt.Sprintf("person %q", person.ID), err)
		}
		if person.Place != nil {
			r.place(person.Place)
		}
		list = append(list, person)
	}
	slices.SortFunc(list, func(a, b *Person) int { return strings.Compare(a.ID, b.ID) })
	for i := range list[min(1, len(list)):] {
		if id := list[i].ID; id == list[i+1].ID {
			r.fail(fmt.Sprintf("person %q", id), errTwice)
		}
	}
	return list
}

func (r *reader) place(place *Place) {
	for _, d := range place.Holidays {
		if err := d.check(); err != nil {
			r.fail("holiday", err)
		}
	}
}

// start returns when a program began for the account, or unknown.
func (p *past) start(program string) int64 {
	for _, s := range p.in.Starts {
		if s.Program == program {
			return instant.Micros(s.At)
		}
	}
	return p.began
}

// occurrences returns those of a name, rising.
func occurrences(list []named, name string) []named {
	byName := func(n named, name string) int { return strings.Compare(n.name, name) }
	from, _ := slices.BinarySearchFunc(list, name, byName)
	to := from
	for to < len(list) && list[to].name == name {
		to++
	}
	return list[from:to]
}

// touch returns the touch of an ID that was made by now, or nil.
func (p *past) touch(id [idLength]byte) *made {
	low, high := 0, len(p.byID)
	for low < high { // slices.BinarySearchFunc would take memory for the ID
		if middle := (low + high) / 2; p.byID[middle].of.ID < string(id[:]) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low == len(p.byID) || p.byID[low].of.ID != string(id[:]) || p.byID[low].at > p.now {
		return nil
	}
	return &p.byID[low]
}
