package mining_test

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/mining"
)

func TestSortKeepsTies(t *testing.T) {
	zone := time.FixedZone("", -5*3600)
	all := []mining.Event{
		{"b", "late", begin.Add(time.Hour)}, {"b", "x", begin}, {"a", "z", begin}, {"b", "c", begin.In(zone)}, {"b", "a", begin.Add(999)},
		{"a", "y", begin.Add(-time.Hour).In(zone)},
	}
	mining.Sort(all)
	var got []string
	for _, e := range all {
		got = append(got, e.Account+" "+e.Activity)
	}
	// Offsets don't matter, nor does what is below a microsecond, and ties stay as they were.
	if diff := cmp.Diff([]string{"a y", "a z", "b x", "b c", "b a", "b late"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	g := newGraph(t, mining.Options{})
	if failed, err := g.AddAll(sequence(all...)); err != nil || failed != nil {
		t.Fatal(failed, err)
	}
	if e := g.Edges()[0]; e.From != "a" || e.To != "late" || e.Times.Sum != 3600 {
		t.Errorf("%+v", e)
	}
	for j, err := range mining.Journeys(sequence(all...)) {
		if err != nil || j.Duration() != 3600 {
			t.Errorf("%+v, %v takes %v", j, err, j.Duration())
		}
	}
}

func TestBadJourneys(t *testing.T) {
	step := func(activity string, at time.Time) mining.Step { return mining.Step{Activity: activity, At: at} }
	for _, c := range []struct {
		name string
		j    mining.Journey
		want string
	}{
		{"no account", mining.Journey{Steps: []mining.Step{step("a", begin)}}, "mining: account: is empty"},
		{"no events", mining.Journey{Account: "acme"}, `mining: account "acme": journey: has no events`},
		{"no activity", mining.Journey{"acme", []mining.Step{step("a", begin), step("", begin)}}, `mining: account "acme": event 1: activity is empty`},
		{"no instant", mining.Journey{"acme", []mining.Step{step("a", time.Time{})}}, `mining: account "acme": event 0: instant is zero`},
		{"a negative clock", mining.Journey{"acme", []mining.Step{step("a", begin), step("b", begin.Add(-time.Hour))}},
			`mining: account "acme": event 1: 2025-12-31T23:00:00Z is before the event before it, 2026-01-01T00:00:00Z`},
		{"a far instant", mining.Journey{"acme", []mining.Step{step("a", begin.AddDate(9000, 0, 0))}}, `mining: account "acme": event 0: instant `},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, before := graphOf(t, of("birch", "ab")), encoded(t, graphOf(t, of("birch", "ab")))
			err := g.Add(c.j)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%v, want %s", err, c.want)
			}
			if encoded(t, g) != before {
				t.Error("the graph has changed")
			}
			var p mining.Profile
			if err := p.Add(c.j); err == nil || !strings.HasPrefix(err.Error(), c.want) || len(p.Gaps()) > 0 {
				t.Errorf("profile: %v, want %s", err, c.want)
			}
			if _, err := p.Deviations(c.j, 1); err == nil {
				t.Error("has deviations")
			}
		})
	}
}

// One bad account stops no other, and an account out of order stops the rest, by name and place.
func TestAddAllFails(t *testing.T) {
	late := of("b", "ab")
	late.Steps[1].At = begin.Add(-time.Hour)
	all := events([]mining.Journey{of("a", "ab"), late, of("c", "abc"), of("bb", "x")})
	g, want := newGraph(t, mining.Options{}), newGraph(t, mining.Options{})
	failed, err := g.AddAll(sequence(all...))
	if len(failed) != 1 || failed[0].Account != "b" || failed[0].Field != "event 1" {
		t.Errorf("failed: %v", failed)
	}
	if err == nil || err.Error() != `mining: event 7: account "bb" comes after "c": sort events by account` {
		t.Error(err)
	}
	if err := errors.Join(want.Add(of("a", "ab")), want.Add(of("c", "abc"))); err != nil || encoded(t, g) != encoded(t, want) {
		t.Error("holds something else, ", err)
	}
	broken := errors.New("line is down")
	_, err = g.AddAll(func(yield func(mining.Event, error) bool) {
		_ = yield(all[0], nil) && yield(mining.Event{}, broken)
	})
	if !errors.Is(err, broken) || err.Error() != "mining: read event 1: line is down" {
		t.Error(err)
	}
	if failed, err := new(mining.Graph).AddAll(sequence[mining.Event]()); failed != nil || err != nil {
		t.Error(failed, err)
	}
}

func TestAddColumnsFails(t *testing.T) {
	g := newGraph(t, mining.Options{})
	a, err := g.Activity("a")
	if err != nil {
		t.Fatal(err)
	}
	failed, err := g.AddColumns([]string{"a", "a", "b", "c", "", "d", "e", "a"}, []mining.Activity{a, a, a, math.MaxUint32, a, a, a, a},
		[]int64{5, 4, 1, 1, 1, math.MinInt64, math.MaxInt64, 0})
	var got []string
	for _, e := range failed {
		got = append(got, e.Error())
	}
	if diff := cmp.Diff([]string{
		`mining: account "a": event 1: 1970-01-01T00:00:00.000004Z is before the event before it, 1970-01-01T00:00:00.000005Z`,
		`mining: account "c": event 0: activity is not of this graph`,
	}, got); err == nil || err.Error() != `mining: event 4: account "" comes after "c": sort events by account` || diff != "" {
		t.Errorf("%v; failed (-want +got)\n%s", err, diff)
	}
	failed, err = g.AddColumns([]string{"", "d", "e"}, []mining.Activity{a, a, a}, []int64{0, math.MinInt64, math.MaxInt64})
	if err != nil || len(failed) != 3 || failed[0].Error() != "mining: account: is empty" ||
		failed[1].Error() != `mining: account "d": event 0: instant -9223372036854775808 µs is not in the years 1 to 9999` {
		t.Error(failed, err)
	}
	if _, err := g.AddColumns([]string{"a"}, nil, nil); err == nil || err.Error() != "mining: columns: have 1 accounts, 0 activities and 0 instants" {
		t.Error(err)
	}
	if _, err := g.Activity("a\n"); err == nil {
		t.Error("a line break is a name")
	}
	if s := g.Summary(); s.Journeys != 1 || s.Ended != 0 {
		t.Errorf("%+v", s)
	}
}

func TestAccountNames(t *testing.T) {
	g := newGraph(t, mining.Options{})
	a, err := g.Activity("a")
	if err != nil {
		t.Fatal(err)
	}
	accounts := []string{"a\n", "b c", strings.Repeat("c", 257), "\u00e9tude"}
	failed, err := g.AddColumns(accounts, []mining.Activity{a, a, a, a}, []int64{1, 1, 1, 1})
	if err != nil || len(failed) != 2 || g.Summary().Journeys != 2 {
		t.Errorf("%v, %v", failed, err)
	}
	for _, name := range accounts { // one by one it is the same
		if err := g.Add(of(name, "a")); (err == nil) != (name == accounts[1] || name == accounts[3]) {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// A caller may stop a sequence early.
func TestStopEarly(t *testing.T) {
	all := events([]mining.Journey{of("1", "a"), of("2", "a"), of("3", "a")})
	n := 0
	for range mining.Journeys(sequence(all...)) {
		n++
		break
	}
	for range aligner(t, mapOf(t, "a"), mining.AlignOptions{}).AlignAll(sequence(all...)) {
		n++
		break
	}
	if n != 2 || (mining.Journey{}).Duration() != 0 {
		t.Errorf("%d items", n)
	}
}

func TestEndings(t *testing.T) {
	quiet := mining.Ending{Quiet: 2 * journey.Day, AsOf: begin.AddDate(0, 0, 2)}
	late := of("acme", "a")
	late.Steps[0].At = begin.Add(time.Microsecond)
	for _, c := range []struct {
		name string
		e    mining.Ending
		j    mining.Journey
		want bool
	}{
		{"the zero ending knows of none", mining.Ending{}, of("acme", "ab"), false},
		{"all", mining.Ending{All: true}, of("acme", "ab"), true},
		{"by the last activity", mining.Ending{Activities: []string{"x", "b"}}, of("acme", "ab"), true},
		{"not by an earlier one", mining.Ending{Activities: []string{"a"}}, of("acme", "ab"), false},
		{"quiet for exactly as long", quiet, of("acme", "a"), true},
		{"a microsecond less", quiet, late, false},
		{"no event", mining.Ending{All: true}, mining.Journey{}, false},
	} {
		if got := c.e.Ended(c.j); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if len(c.j.Steps) == 0 {
			continue
		}
		g := newGraph(t, mining.Options{Ending: c.e})
		if err := g.Add(c.j); err != nil || (g.Summary().Ended == 1) != c.want {
			t.Errorf("%s: %v, %+v", c.name, err, g.Summary())
		}
	}
	for _, e := range []mining.Ending{
		{All: true, Quiet: 1000, AsOf: begin}, {All: true, Activities: []string{"a"}}, {Quiet: 1000}, {AsOf: begin}, {Quiet: 1, AsOf: begin},
		{Activities: []string{""}}, {Activities: []string{"a", "a"}}, {Quiet: 1000, AsOf: begin.AddDate(9000, 0, 0)},
	} {
		var bad *mining.DataError
		if _, err := mining.NewGraph(mining.Options{Ending: e}); !errors.As(err, &bad) {
			t.Errorf("%+v: %v", e, err)
		}
	}
}

// Open journeys count where they stand, and end nowhere.
func TestOpenIsApart(t *testing.T) {
	g := newGraph(t, mining.Options{Ending: mining.Ending{Activities: []string{"c"}}})
	for _, j := range []mining.Journey{of("1", "abc"), of("2", "ab"), of("3", "ab"), of("4", "a")} {
		if err := g.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	s := g.Summary()
	if s.Ended != 1 || s.Journeys != 4 || s.Duration.Count != 1 || *s.Duration.Mean != 7200 || s.Duration.SD != nil || s.Duration.Median != nil {
		t.Errorf("%+v", s)
	}
	if diff := cmp.Diff([]mining.Node{{"a", 4, 4, 0, 4, 0, 1}, {"b", 3, 3, 0, 0, 0, 2}, {"c", 1, 1, 0, 0, 1, 0}}, g.Nodes()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestOnce(t *testing.T) {
	g := newGraph(t, mining.Options{Once: true})
	j := mining.Journey{Account: "acme"}
	for _, a := range "abab" {
		j.Steps = append(j.Steps, mining.Step{Activity: string(a), At: begin})
	}
	j.Steps = append(j.Steps, mining.Step{Activity: "a", At: begin.Add(time.Hour)})
	if err := g.Add(j); err != nil {
		t.Fatal(err)
	}
	if s := g.Summary(); s.Repeated != 2 || s.Events != 3 || text(g.Variants()[0].Path) != "aba" {
		t.Errorf("%+v", s)
	}
}

func TestTops(t *testing.T) {
	g := graphOf(t, of("1", "ab"), of("2", "ab"), of("3", "ab"), of("4", "ac"), of("5", "ac"), of("6", "ad"), of("7", "ae"), of("8", "af"))
	for _, c := range []struct {
		share float64
		want  string
	}{
		{math.Inf(-1), ""}, {0, ""}, {0.1, "ab"}, {0.375, "ab"}, {0.376, "ab ac"}, {0.625, "ab ac"}, {0.63, "ab ac ad ae af"}, {1, "ab ac ad ae af"},
		{2, "ab ac ad ae af"}, {math.NaN(), "ab ac ad ae af"},
	} {
		var variants, edges []string
		for _, v := range g.TopVariants(c.share) {
			variants = append(variants, text(v.Path))
		}
		for _, e := range g.TopEdges(c.share) {
			edges = append(edges, e.From+e.To)
		}
		if strings.Join(variants, " ") != c.want || strings.Join(edges, " ") != c.want {
			t.Errorf("%v: %v and %v, want %s", c.share, variants, edges, c.want)
		}
	}
	if len(new(mining.Graph).TopVariants(1)) > 0 {
		t.Error("an empty graph has variants")
	}
}

func TestLoops(t *testing.T) {
	g := graphOf(t, of("1", "abab"), of("2", "abcbaa"), of("3", "aa"), of("4", "abcabc"))
	want := []mining.Loop{{[]string{"a"}, 2, 2}, {[]string{"a", "b"}, 2, 2}, {[]string{"b", "c"}, 1, 1}, {[]string{"a", "b", "c"}, 1, 1}}
	if diff := cmp.Diff(want, g.Loops()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestBottlenecks(t *testing.T) {
	slow := of("3", "ab")
	slow.Steps[1].At = begin.Add(5 * time.Hour)
	list := graphOf(t, of("1", "abc"), of("2", "ab"), slow).Bottlenecks()
	if len(list) != 2 || list[0].To != "b" || list[0].Share != 7.0/8 || list[1].Share != 1.0/8 {
		t.Errorf("%+v", list)
	}
	still := mining.Journey{Account: "1", Steps: []mining.Step{{"a", begin}, {"b", begin}}}
	if e := graphOf(t, still).Edges()[0]; e.Share != 0 || *e.Times.Mean != 0 || e.Count() != 1 {
		t.Errorf("%+v", e)
	}
}

// Accounts that take known paths take no memory.
func TestMemoryIsOfPaths(t *testing.T) {
	g := newGraph(t, mining.Options{Ending: mining.Ending{All: true}})
	all := events([]mining.Journey{of("1", "abcab"), of("2", "ab"), of("3", "c")})
	addColumns(t, g, all)
	a, err := g.Activity("a")
	if err != nil {
		t.Fatal(err)
	}
	b, err := g.Activity("b")
	if err != nil {
		t.Fatal(err)
	}
	accounts, activities, at := []string{"4", "4", "5", "5"}, []mining.Activity{a, b, a, b}, []int64{1, 2, 5, 9}
	if n := testing.AllocsPerRun(100, func() {
		if failed, err := g.AddColumns(accounts, activities, at); err != nil || failed != nil {
			t.Fatal(failed, err)
		}
	}); n > 0 {
		t.Errorf("allocates %v times", n)
	}
}

func TestEmpty(t *testing.T) {
	var g mining.Graph
	var p mining.Profile
	if s := g.Summary(); s.Journeys != 0 || s.Duration.Mean != nil || s.Duration.Sum != 0 {
		t.Errorf("%+v", s)
	}
	if n := len(g.Nodes()) + len(g.Edges()) + len(g.Variants()) + len(g.Follows()) + len(g.Loops()) + len(g.Dependencies(0)) + len(p.Gaps()); n > 0 {
		t.Errorf("%d readings of nothing", n)
	}
	if err := errors.Join(g.Merge(new(mining.Graph)), p.Merge(new(mining.Profile)), g.Add(of("1", "a")), p.Add(of("1", "a"))); err != nil {
		t.Error(err)
	}
	if s := g.Summary(); s.Journeys != 1 || len(g.Edges()) > 0 || len(p.Gaps()) > 0 {
		t.Errorf("one event is %+v", s)
	}
}

func TestMergeRefuses(t *testing.T) {
	g := newGraph(t, mining.Options{})
	for _, o := range []mining.Options{{Once: true}, {Medians: true}, {Ending: mining.Ending{All: true}}} {
		if err := g.Merge(newGraph(t, o)); err == nil || err.Error() != "mining: merge graphs: the options differ" {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestProfileMeasuresByWhatItHas(t *testing.T) {
	var p mining.Profile
	for _, j := range []mining.Journey{of("1", "ab"), of("2", "ab"), of("3", "ac")} {
		if err := p.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	late := of("4", "abcx")
	late.Steps[1].At, late.Steps[2].At, late.Steps[3].At = begin.Add(50*time.Hour), begin.Add(50*time.Hour), begin.Add(50*time.Hour)
	if got, err := p.Deviations(late, 0); err != nil || len(got) > 0 { // b always took an hour, and c came once
		t.Errorf("%+v, %v", got, err)
	}
	two := of("5", "ab")
	two.Steps[1].At = begin.Add(4 * time.Hour)
	if err := p.Add(two); err != nil {
		t.Fatal(err)
	}
	got, err := p.Deviations(late, 3)
	if err != nil || len(got) != 1 {
		t.Fatalf("%+v, %v", got, err)
	}
	near(t, "zeta", got[0].Zeta, 48/math.Sqrt(3)) // mean 2 h, deviations -1, -1, 2
	got[0].Zeta = 0
	if diff := cmp.Diff(mining.Deviation{From: "a", To: "b", Last: 1, Took: 180000}, got[0]); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	for _, zeta := range []float64{-1, math.NaN()} {
		if _, err := p.Deviations(late, zeta); err == nil {
			t.Errorf("zeta %v", zeta)
		}
	}
}
