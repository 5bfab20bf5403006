package mining

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// Options say what a [Graph] makes of events.
type Options struct {
	Ending  Ending `json:"ending"`
	Once    bool   `json:"once,omitempty"`    // an activity counts once at one instant of an account: the others are repeats of it
	Medians bool   `json:"medians,omitempty"` // keeps every time between steps for medians: memory grows with events
}

// An Activity stands for an activity in one [Graph].
type Activity uint32

// A Graph sums the journeys of accounts: which activity follows which directly, how often and after what time, and which
// paths, or variants, there are. Its memory grows with variants and pairs of activities, not with accounts or events,
// unless medians are asked for. Graphs of parts of a log merge to that of the whole, the same to the bit in any order.
// The zero Graph is one with the zero [Options]. It is not safe for concurrent use while it is changed: give each
// goroutine one of its own, and merge them.
type Graph struct {
	index
	options  Options
	ends     []bool // activities that end a journey
	paths    paths
	edges    table
	spans    cell // of ended journeys, from first to last event
	events   int64
	repeated int64

	path []Activity // of the journey that is added
	at   []int64
}

// NewGraph returns an empty graph. It returns a *DataError if the options contradict themselves.
func NewGraph(o Options) (*Graph, error) {
	ending, err := o.Ending.complete()
	if err != nil {
		return nil, err
	}
	o.Ending = ending
	return &Graph{options: o}, nil
}

// Activity returns what stands for an activity in g, for [Graph.AddColumns]. It returns a *DataError if the name is not
// 1 to 256 bytes of UTF-8 without control characters.
func (g *Graph) Activity(name string) (Activity, error) {
	if a, ok := g.byName[name]; ok {
		return a, nil
	}
	if err := ident.Check(name); err != nil {
		return 0, wrong("activity", "%v", err)
	}
	return g.intern(name), nil
}

// intern gives a valid name its number.
func (g *Graph) intern(name string) Activity {
	a := g.of(name)
	if int(a) == len(g.ends) {
		g.ends = append(g.ends, g.options.Ending.All || slices.Contains(g.options.Ending.Activities, name))
	}
	return a
}

// Add adds the whole journey of an account, which is in no other call and no graph that is merged: that is not checked.
// It returns a *DataError, and changes nothing, if there is no event, a name or an instant can't be used, or an event is
// before the one before it.
func (g *Graph) Add(j Journey) error {
	if err := g.addJourney(j); err != nil {
		return err
	}
	return nil
}

func (g *Graph) addJourney(j Journey) (bad *DataError) {
	if g.at, bad = j.check(g.at[:0]); bad != nil {
		return bad
	}
	g.path = g.path[:0]
	for _, s := range j.Steps {
		g.path = append(g.path, g.intern(s.Activity))
	}
	g.add(g.path, g.at)
	return nil
}

// AddAll adds events that are sorted by the bytes of the account, and of one account by instant, as [Sort] leaves them.
// It holds one account's events at a time. What an account has wrong is in failed, and the others are added. The error is
// that of events, or a *DataError that names the place where accounts are not sorted: all before it is added.
func (g *Graph) AddAll(events iter.Seq2[Event, error]) (failed []*DataError, err error) {
	return addAll(events, g.addJourney)
}

func addAll(events iter.Seq2[Event, error], add func(Journey) *DataError) (failed []*DataError, err error) {
	for j, err := range Journeys(events) {
		if err != nil {
			return failed, err
		}
		if bad := add(j); bad != nil {
			failed = append(failed, bad)
		}
	}
	return failed, nil
}

// AddColumns is [Graph.AddAll] for events in columns of equal length, in a fraction of the time: row i is of accounts[i]
// and activities[i], which g itself gave, at at[i] microseconds since 1970-01-01 UTC. The columns hold whole accounts:
// the last one does not go on in the next call.
func (g *Graph) AddColumns(accounts []string, activities []Activity, at []int64) (failed []*DataError, err error) {
	if len(accounts) != len(at) || len(activities) != len(at) {
		return nil, wrong("columns", "have %d accounts, %d activities and %d instants", len(accounts), len(activities), len(at))
	}
	for from := 0; from < len(at); {
		account, before := accounts[from], int64(firstMicro)
		if from > 0 && account < accounts[from-1] {
			return failed, unsorted(from, account, accounts[from-1])
		}
		bad, row := checkName(account), from
		for ; row < len(at) && accounts[row] == account; row++ {
			us := at[row]
			if (us < before || us > lastMicro || uint(activities[row]) >= uint(len(g.names))) && bad == nil {
				bad = &DataError{account, fmt.Sprintf("event %d", row-from), g.whyNot(activities[row], us, before)}
			}
			before = us
		}
		if bad != nil {
			failed = append(failed, bad)
		} else {
			g.add(activities[from:row], at[from:row])
		}
		from = row
	}
	return failed, nil
}

// checkName holds the ID of an account to the rules.
func checkName(account string) *DataError {
	for i := range len(account) {
		if c := account[i]; c < ' ' || c > '~' || i >= ident.Longest {
			break
		} else if i == len(account)-1 {
			return nil // plain ASCII, as most are
		}
	}
	if err := ident.Check(account); err != nil {
		return wrong("account", "%v", err)
	}
	return nil
}

// The microseconds of the first instant after the zero time, and of the last one that can be written.
const (
	firstMicro = -62_135_596_800_000_000 + 1
	lastMicro  = 253_402_300_799_999_999
)

// whyNot says why an event can't be added.
func (g *Graph) whyNot(a Activity, us, before int64) string {
	switch {
	case uint(a) >= uint(len(g.names)):
		return "activity is not of this graph"
	case us < firstMicro || us > lastMicro:
		return fmt.Sprintf("instant %d µs is not in the years 1 to 9999", us)
	}
	return backwards(us, before).Error()
}

// add adds a journey that has been checked.
func (g *Graph) add(path []Activity, at []int64) {
	if g.options.Once {
		path, at = g.once(path, at)
	}
	at = at[:len(path)]
	hash, from, before := hashPath(0, path[0]), path[0], at[0]
	for i := 1; i < len(path); i++ {
		to, took := path[i], at[i]-before
		hash = hashPath(hash, to)
		c := g.edges.at(from, to)
		from, before = to, at[i]
		c.add(took)
		if g.options.Medians {
			c.kept = append(c.kept, took)
		}
	}
	last := len(path) - 1
	v := &g.paths.variants[g.paths.at(path, hash)]
	if g.ends[path[last]] || g.options.Ending.quiet(at[last]) {
		v.ended++
		took := at[last] - at[0]
		g.spans.add(took)
		if g.options.Medians {
			g.spans.kept = append(g.spans.kept, took)
		}
	} else {
		v.open++
	}
	g.events += int64(len(path))
}

// once leaves out activities that were there already at their instant, and counts them.
func (g *Graph) once(path []Activity, at []int64) ([]Activity, []int64) {
	var keptPath []Activity
	var keptAt []int64
	for i, a := range path {
		seen := false
		for k := len(keptAt) - 1; k >= 0 && keptAt[k] == at[i] && !seen; k-- {
			seen = keptPath[k] == a
		}
		if seen {
			g.repeated++
			continue
		}
		keptPath, keptAt = append(keptPath, a), append(keptAt, at[i])
	}
	return keptPath, keptAt
}

// Merge adds all that another graph holds, which stays as it is. The graphs have no account in common: that is not
// checked. It returns an error if their options differ.
func (g *Graph) Merge(o *Graph) error {
	a, b := g.options, o.options
	if !a.Ending.equal(b.Ending) || a.Once != b.Once || a.Medians != b.Medians {
		return errors.New("mining: merge graphs: the options differ")
	}
	if g.events+o.events > mostEvents {
		return fmt.Errorf("mining: merge graphs: over %d events", int64(mostEvents))
	}
	number := make([]Activity, len(o.names))
	for i, name := range o.names {
		number[i] = g.intern(name)
	}
	g.paths.merge(&o.paths, number)
	g.edges.merge(&o.edges, number)
	g.spans.merge(&o.spans.sums)
	g.spans.kept = append(g.spans.kept, o.spans.kept...)
	g.events += o.events
	g.repeated += o.repeated
	return nil
}
