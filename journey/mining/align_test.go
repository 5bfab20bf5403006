package mining_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/mining"
)

// mapOf compiles a map of phases of one letter each and moves such as "ab", "a." to leave and ".a" to return.
func mapOf(t testing.TB, phases string, moves ...string) *journey.Model {
	t.Helper()
	m := journey.Map{Format: 1, Name: "test"}
	for _, p := range phases {
		m.Phases = append(m.Phases, journey.Phase{Name: string(p)})
	}
	for i, move := range moves {
		mv := journey.Move{Name: strconv.Itoa(i), From: move[:1], To: move[1:], Kind: journey.Advance, Approver: "ann"}
		switch {
		case mv.From == ".":
			mv.From, mv.Kind = journey.Ended, journey.Return
		case mv.To == ".":
			mv.To, mv.Kind = journey.Ended, journey.Leave
		case mv.From == mv.To:
			mv.Kind = journey.Renew
		}
		m.Moves = append(m.Moves, mv)
	}
	model, err := journey.Compile(m)
	if err != nil {
		t.Fatal(err)
	}
	return model
}

func aligner(t testing.TB, m *journey.Model, o mining.AlignOptions) *mining.Aligner {
	t.Helper()
	a, err := mining.NewAligner(m, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// pairs writes an alignment: "a" fits, "+x" is extra, "-b" is missing, "x/b" is instead.
func pairs(x mining.Alignment) string {
	var out []string
	for _, p := range x.Pairs {
		out = append(out, map[mining.Fit]string{mining.Fits: p.Phase, mining.Extra: "+" + p.Activity, mining.Missing: "-" + p.Phase,
			mining.Instead: p.Activity + "/" + p.Phase}[p.Fit])
	}
	return strings.Join(out, " ")
}

func TestAlign(t *testing.T) {
	line := mapOf(t, "abcd", "ab", "bc", "cd", "d.")
	loop := mapOf(t, "abc", "ab", "bc", "cb", "b.", ".a")
	ended, open := mining.Ending{All: true}, mining.Ending{}
	for _, c := range []struct {
		name  string
		m     *journey.Model
		o     mining.AlignOptions
		path  string
		want  string
		cost  int64
		worst int64
	}{
		{"all there", line, mining.AlignOptions{Ending: ended}, "abcd", "a b c d", 0, 8},
		{"a phase skipped", line, mining.AlignOptions{Ending: ended}, "abd", "a b -c d", 1, 7},
		{"ended too early", line, mining.AlignOptions{Ending: ended}, "ab", "a b -c -d", 2, 6},
		{"open is not ended", line, mining.AlignOptions{Ending: open}, "ab", "a b", 0, 2},
		{"started late", line, mining.AlignOptions{Ending: open}, "cd", "-a -b c d", 2, 2},
		{"may start late", line, mining.AlignOptions{Ending: open, Starts: []string{"a", "c"}}, "cd", "c d", 0, 2},
		{"unknown activity", line, mining.AlignOptions{Ending: ended}, "abxcd", "a b +x c d", 1, 9},
		{"out of order", line, mining.AlignOptions{Ending: ended}, "acbd", "a +c b -c d", 2, 8},
		{"stays", line, mining.AlignOptions{Ending: open}, "aab", "a a b", 0, 3},
		{"strict", line, mining.AlignOptions{Ending: open, Strict: true}, "aab", "+a a b", 1, 3},
		{"instead", line, mining.AlignOptions{Ending: ended, Costs: mining.Costs{Instead: 1}}, "axcd", "a x/b c d", 1, 8},
		{"dear to miss", line, mining.AlignOptions{Ending: open, Costs: mining.Costs{Missing: 5}}, "ac", "a +c", 1, 2},
		{"round", loop, mining.AlignOptions{Ending: ended}, "abcbcb", "a b c b c b", 0, 8},
		{"ends at b", loop, mining.AlignOptions{Ending: ended}, "abc", "a b +c", 1, 5},
		{"returns", loop, mining.AlignOptions{Ending: ended}, "abab", "a b a b", 0, 6},
		{"one event", loop, mining.AlignOptions{Ending: ended}, "a", "a -b", 1, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, err := aligner(t, c.m, c.o).Align(of("acme", c.path))
			if err != nil {
				t.Fatal(err)
			}
			if pairs(x) != c.want || x.Cost != c.cost || x.Worst != c.worst {
				t.Errorf("got %s, %d of %d; want %s, %d of %d", pairs(x), x.Cost, x.Worst, c.want, c.cost, c.worst)
			}
			near(t, "fitness", x.Fitness, 1-float64(c.cost)/float64(c.worst))
		})
	}
}

// A twin knows a map by its moves alone.
type twin struct {
	costs  mining.Costs
	strict bool
	labels map[string]string // phases of an activity
	next   map[string]string // phases after one; "" is the start
	ends   string
}

// least tries every way through the map that is no longer than most, and all ways to lay the rest of a path along it.
// phase is the one that it is in.
func (w *twin) least(path, phase string, ended bool, most int) int64 {
	best := int64(1 << 40)
	if path == "" && (!ended || phase != "" && strings.Contains(w.ends, phase)) {
		best = 0
	}
	if path != "" {
		best = min(best, w.costs.Extra+w.least(path[1:], phase, ended, most))
		if !w.strict && phase != "" && strings.Contains(w.labels[path[:1]], phase) {
			best = min(best, w.least(path[1:], phase, ended, most))
		}
	}
	if most == 0 {
		return best
	}
	for _, next := range strings.Split(w.next[phase], "") {
		best = min(best, w.costs.Missing+w.least(path, next, ended, most-1))
		if path == "" {
			continue
		}
		if strings.Contains(w.labels[path[:1]], next) {
			best = min(best, w.least(path[1:], next, ended, most-1))
		} else if w.costs.Instead > 0 {
			best = min(best, w.costs.Instead+w.least(path[1:], next, ended, most-1))
		}
	}
	return best
}

func TestAlignAgainstAllWays(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	tried := 0
	for tried < 400 {
		phases := "abcd"[:1+r.IntN(3)]
		w := &twin{costs: mining.Costs{Extra: 1 + r.Int64N(3), Missing: 1 + r.Int64N(3), Instead: r.Int64N(4)}, strict: r.IntN(2) == 0,
			labels: make(map[string]string), next: map[string]string{"": "a"}}
		var moves []string
		for _, from := range strings.Split(phases, "") {
			for _, to := range strings.Split(phases, "") {
				if r.IntN(5) < 2 {
					moves, w.next[from] = append(moves, from+to), w.next[from]+to
				}
			}
		}
		if r.IntN(2) == 0 {
			end := phases[len(phases)-1:]
			moves, w.ends = append(moves, end+"."), end
		}
		for _, p := range strings.Split(phases, "") {
			if w.next[p] == "" && !strings.Contains(w.ends, p) {
				w.ends += p
			}
		}
		if w.ends == "" {
			w.ends = phases
		}
		var labels []mining.Label
		for _, activity := range strings.Split("xyz", "") {
			for _, p := range strings.Split(phases, "") {
				if r.IntN(2) == 0 {
					w.labels[activity] += p
					labels = append(labels, mining.Label{Activity: activity, Phase: p})
				}
			}
		}
		if len(labels) == 0 {
			continue
		}
		path := ""
		for range 1 + r.IntN(3) {
			path += "xyzu"[r.IntN(4):][:1]
		}
		ended := r.IntN(2) == 0
		m := mapOf(t, phases, moves...)
		a, err := mining.NewAligner(m, mining.AlignOptions{Activities: labels, Ending: mining.Ending{All: ended}, Strict: w.strict, Costs: w.costs})
		if err != nil {
			var refused *mining.RefusedError
			if !errors.As(err, &refused) {
				t.Fatal(err)
			}
			continue
		}
		tried++
		x, err := a.Align(of("acme", path))
		if err != nil {
			t.Fatal(err)
		}
		if want := w.least(path, "", ended, 7); x.Cost != want {
			t.Fatalf("%s along %v costs %d (%s), and a way costs %d", path, moves, x.Cost, pairs(x), want)
		}
		w.hold(t, x, path, ended)
	}
}

// hold holds an alignment to be one: the path's activities along a way that the moves allow, at the stated cost.
func (w *twin) hold(t *testing.T, x mining.Alignment, path string, ended bool) {
	t.Helper()
	var cost int64
	activities, phase := "", ""
	for _, p := range x.Pairs {
		activities += p.Activity
		cost += map[mining.Fit]int64{mining.Extra: w.costs.Extra, mining.Missing: w.costs.Missing, mining.Instead: w.costs.Instead}[p.Fit]
		if p.Phase == "" || p.Phase == phase && p.Fit == mining.Fits && !w.strict {
			continue
		}
		if !strings.Contains(w.next[phase], p.Phase) {
			t.Errorf("%s goes from %q to %q", pairs(x), phase, p.Phase)
		}
		if p.Fit == mining.Fits && !strings.Contains(w.labels[p.Activity], p.Phase) {
			t.Errorf("%s has %q fit %q", pairs(x), p.Activity, p.Phase)
		}
		phase = p.Phase
	}
	if activities != path || cost != x.Cost || ended && !strings.Contains(w.ends, phase) {
		t.Errorf("%s is no alignment of %s at %d", pairs(x), path, x.Cost)
	}
}

// The log of 1 391 journeys of van der Aalst, Process Mining, and the Levenshtein distances of its 21 paths by R's adist:
// laid along one path as a map, another costs what it takes to edit one into the other (reference/mining).
func TestEditDistances(t *testing.T) {
	var journeys []mining.Journey
	counts := make(map[string]string)
	for _, r := range rows(t, "aalst_Lfull_variants.csv", 21) {
		counts[r["trace"]] = r["count"]
		for i := range int(number(t, r["count"])) {
			journeys = append(journeys, of(fmt.Sprint(r["trace"], i), r["trace"]))
		}
	}
	g := graphOf(t, journeys...)
	if s := g.Summary(); s.Journeys != 1391 || s.Variants != 21 {
		t.Errorf("%+v", s)
	}
	for _, v := range g.Variants() {
		equal(t, text(v.Path), v.Ended, counts[text(v.Path)])
	}
	distances := rows(t, "aalst_Lfull_levenshtein_adist.csv", 21)
	for _, row := range distances {
		m := journey.Map{Format: 1, Name: "line"}
		var labels []mining.Label
		for i, activity := range row[""] {
			phase := strconv.Itoa(i)
			m.Phases = append(m.Phases, journey.Phase{Name: phase})
			labels = append(labels, mining.Label{Activity: string(activity), Phase: phase})
			if i > 0 {
				m.Moves = append(m.Moves, journey.Move{Name: "to " + phase, From: strconv.Itoa(i - 1), To: phase, Kind: journey.Advance})
			}
		}
		model, err := journey.Compile(m)
		if err != nil {
			t.Fatal(err)
		}
		a := aligner(t, model, mining.AlignOptions{Activities: labels, Ending: mining.Ending{All: true}, Strict: true, Costs: mining.Costs{Instead: 1}})
		for _, v := range g.Variants() {
			x, err := a.Align(of("acme", text(v.Path)))
			if err != nil {
				t.Fatal(err)
			}
			equal(t, text(v.Path)+" along "+row[""], x.Cost, row[text(v.Path)])
		}
	}
}

func TestConform(t *testing.T) {
	g := newGraph(t, mining.Options{Ending: mining.Ending{Activities: []string{"c", "x"}}})
	for i, path := range []string{"abc", "abc", "ac", "a", "ab", "abx", "xabcx"} {
		if err := g.Add(of(strconv.Itoa(i), path)); err != nil {
			t.Fatal(err)
		}
	}
	got, err := aligner(t, mapOf(t, "abc", "ab", "bc"), mining.AlignOptions{}).Conform(g)
	if err != nil {
		t.Fatal(err)
	}
	want := mining.Conformance{Journeys: 7, Fitting: 4, Cost: 5, Worst: 6 + 6 + 5 + 1 + 2 + 6 + 8,
		Misfits: []mining.Misfit{
			{Fit: mining.Extra, Activity: "x", Count: 3, Journeys: 2, Cost: 3},
			{Fit: mining.Missing, Phase: "b", Count: 1, Journeys: 1, Cost: 1},
			{Fit: mining.Missing, Phase: "c", Count: 1, Journeys: 1, Cost: 1},
		}, Unknown: []string{"x"}}
	want.Fitness, want.Mean = got.Fitness, got.Mean
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	near(t, "fitness of the log", got.Fitness, 1-5.0/34)
	near(t, "mean fitness", got.Mean, (4+4.0/5+4.0/6+6.0/8)/7)
}

func TestAlignAll(t *testing.T) {
	a := aligner(t, mapOf(t, "abc", "ab", "bc"), mining.AlignOptions{Ending: mining.Ending{Activities: []string{"c"}}})
	late := of("3", "ab")
	late.Steps[1].At = begin.Add(-1)
	all := events([]mining.Journey{of("1", "abc"), of("2", "ac"), late, of("4", "abc"), of("5", "a")})
	var got []string
	for item, err := range a.AlignAll(sequence(append(all, mining.Event{Account: "0"})...)) {
		switch {
		case err != nil:
			got = append(got, err.Error())
		case item.Err != nil:
			got = append(got, item.Err.Error())
		default:
			got = append(got, item.Account+": "+pairs(*item.Alignment))
		}
	}
	want := []string{"1: a b c", "2: a -b c",
		`mining: account "3": event 1: 2025-12-31T23:59:59.999999Z is before the event before it, 2026-01-01T00:00:00Z`,
		"4: a b c", "5: a", `mining: event 11: account "0" comes after "5": sort events by account`}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestAlignerRefuses(t *testing.T) {
	line := mapOf(t, "abc", "ab")
	for _, c := range []struct {
		name string
		m    *journey.Model
		o    mining.AlignOptions
		want string
	}{
		{"no map", nil, mining.AlignOptions{}, "mining: map: is nil"},
		{"a start", line, mining.AlignOptions{Starts: []string{"z"}}, `mining: starts: the map has no phase "z"`},
		{"a label", line, mining.AlignOptions{Activities: []mining.Label{{"x", "z"}}}, `mining: label 0: the map has no phase "z"`},
		{"a label twice", line, mining.AlignOptions{Activities: []mining.Label{{"x", "a"}, {"x", "a"}}}, `mining: label 1: activity "x" belongs to "a" already`},
		{"an activity", line, mining.AlignOptions{Activities: []mining.Label{{"", "a"}}}, "mining: label 0: activity is empty"},
		{"a cost", line, mining.AlignOptions{Costs: mining.Costs{Missing: -1}}, "mining: cost of missing: must be 0 to 1000000, not -1"},
		{"no end", mapOf(t, "abc", "ab", "ba"), mining.AlignOptions{}, "mining: refused by end: no way leads from the start of the map to an end; " +
			"needs a start from which a phase with a leave move or without a way on is reached"},
		{"an ending", line, mining.AlignOptions{Ending: mining.Ending{Quiet: -1}}, "mining: ending quiet: must be whole microseconds and not negative: -1ns"},
	} {
		if _, err := mining.NewAligner(c.m, c.o); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	a := aligner(t, line, mining.AlignOptions{})
	if _, err := a.Align(mining.Journey{Account: "acme"}); err == nil || err.Error() != `mining: account "acme": journey: has no events` {
		t.Error(err)
	}
	if _, err := a.Conform(new(mining.Graph)); err == nil || err.Error() != "mining: refused by events: the log has none; needs a journey" {
		t.Error(err)
	}
}

// A draft of a log without noise fits its own journeys but for what is done twice in a row.
func TestDraft(t *testing.T) {
	all := readLog(t, "running_log.csv", 42)
	g := mined(t, all)
	d, err := g.Draft(mining.DraftOptions{Name: "claims"})
	if err != nil {
		t.Fatal(err)
	}
	model, err := journey.Compile(d.Map)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := model.Annotate(d.Statistics); err != nil {
		t.Error(err)
	}
	var phases []string
	for _, p := range d.Map.Phases {
		phases = append(phases, p.Name)
	}
	if diff := cmp.Diff([]string{"register request", "examine casually", "check ticket", "examine thoroughly", "decide", "reinitiate request",
		"pay compensation", "reject request"}, phases); diff != "" {
		t.Errorf("phases (-want +got)\n%s", diff)
	}
	c, err := aligner(t, model, mining.AlignOptions{Activities: d.Activities, Strict: true}).Conform(g)
	if err != nil || c.Fitness != 1 || c.Mean != 1 || c.Fitting != 6 {
		t.Errorf("%v, %+v", err, c)
	}
}

func TestDraftNames(t *testing.T) {
	steps := func(activities ...string) mining.Journey {
		j := mining.Journey{Account: "acme"}
		for _, a := range activities {
			j.Steps = append(j.Steps, mining.Step{Activity: a, At: begin})
		}
		return j
	}
	g := graphOf(t, steps("a/b", "ended", "a to b", "c", "a", "b to c", "a"))
	d, err := g.Draft(mining.DraftOptions{Name: "odd"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journey.Compile(d.Map); err != nil {
		t.Error(err)
	}
	var got []string
	for _, p := range d.Map.Phases {
		got = append(got, p.Name)
	}
	if diff := cmp.Diff([]string{"phase 1", "phase 2", "a to b", "c", "a", "b to c"}, got); diff != "" {
		t.Errorf("phases (-want +got)\n%s", diff)
	}
	got = nil
	for _, m := range d.Map.Moves {
		got = append(got, fmt.Sprint(m.Name, ": ", m.Kind))
	}
	if diff := cmp.Diff([]string{"phase 1 to phase 2: advance", "phase 2 to a to b: advance", "a to b to c: advance", "c to a: advance",
		"move 1: advance", "b to c to a: regress", "a to ended: leave"}, got); diff != "" {
		t.Errorf("moves (-want +got)\n%s", diff)
	}
	for _, o := range []mining.DraftOptions{{}, {Name: "a/b"}, {Name: "x", Approver: " x"}, {Name: "x", Noise: 2}} {
		var bad *mining.DataError
		if _, err := g.Draft(o); !errors.As(err, &bad) {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if _, err := new(mining.Graph).Draft(mining.DraftOptions{Name: "x"}); err == nil {
		t.Error("a draft of nothing")
	}
}
