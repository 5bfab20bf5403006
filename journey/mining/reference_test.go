package mining_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey/mining"
)

// The running example of van der Aalst, Process Mining, and 100 journeys of the road traffic fines log, as pm4py
// 2.7.11.4 reads them (reference/mining).
func TestPublicLogs(t *testing.T) {
	for _, log := range []struct {
		name                                                        string
		events, activities, cases, edges, pairs, oriented, variants int
		rework, ends, deviations                                    int
		zeta                                                        string
	}{
		{"running", 42, 8, 6, 16, 39, 28, 6, 4, 3, 37, "1.0"},
		{"roadtraffic100", 390, 10, 100, 18, 44, 29, 10, 1, 4, 0, "6.0"},
	} {
		t.Run(log.name, func(t *testing.T) {
			table := func(what string, n int) []map[string]string { return rows(t, log.name+"_"+what+".csv", n) }
			all := readLog(t, log.name+"_log.csv", log.events)
			g := mined(t, all)

			nodes := make(map[string]mining.Node)
			for _, n := range g.Nodes() {
				nodes[n.Activity] = n
			}
			for _, r := range table("activity_counts", log.activities) {
				equal(t, r["activity"], nodes[r["activity"]].Events, r["events"])
			}
			if len(nodes) != log.activities {
				t.Errorf("there are %d activities", len(nodes))
			}
			starts, ends, reworked := 0, 0, 0
			for _, n := range nodes {
				starts += min(1, int(n.Starts))
				ends += min(1, int(n.Ends))
				reworked += min(1, int(n.Reworked))
			}
			for _, r := range table("start_end", log.ends) {
				n := nodes[r["activity"]]
				if r["kind"] == "start" {
					equal(t, "starts of "+r["activity"], n.Starts, r["count"])
				} else {
					equal(t, "ends of "+r["activity"], n.Ends, r["count"])
				}
			}
			if starts+ends != log.ends {
				t.Errorf("%d activities begin and %d end journeys", starts, ends)
			}
			for _, r := range table("rework_cases", log.rework) {
				equal(t, "rework of "+r["activity"], nodes[r["activity"]].Reworked, r["cases_with_rework"])
			}
			if reworked != log.rework {
				t.Errorf("%d activities are reworked", reworked)
			}

			edges := make(map[string]mining.Edge)
			for _, e := range g.Edges() {
				edges[key(e.From, e.To)] = e
			}
			if len(edges) != log.edges {
				t.Errorf("there are %d edges", len(edges))
			}
			for _, r := range table("dfg", log.edges) {
				equal(t, key(r["from"], r["to"]), edges[key(r["from"], r["to"])].Count(), r["count"])
			}
			for _, r := range table("performance_dfg_seconds", log.edges) {
				k := key(r["from"], r["to"])
				times := edges[k].Times
				near(t, "sum of "+k, times.Sum, number(t, r["sum"]))
				nearIf(t, "mean of "+k, times.Mean, r["mean"])
				nearIf(t, "median of "+k, times.Median, r["median"])
				nearIf(t, "min of "+k, times.Min, r["min"])
				nearIf(t, "max of "+k, times.Max, r["max"])
				nearIf(t, "SD of "+k, times.SD, r["stdev_sample"])
			}

			follows := make(map[string]int64)
			for _, f := range g.Follows() {
				follows[key(f.From, f.To)] = f.Count
			}
			for _, r := range table("eventually_follows", log.pairs) {
				equal(t, key(r["from"], r["to"]), follows[key(r["from"], r["to"])], r["count"])
			}
			if len(follows) != log.pairs {
				t.Errorf("%d pairs follow", len(follows))
			}

			variants := make(map[string]int64)
			for _, v := range g.Variants() {
				variants[strings.Join(v.Path, "|")] = v.Ended
			}
			for _, r := range table("variants", log.variants) {
				equal(t, r["variant"], variants[r["variant"]], r["count"])
			}
			if len(variants) != log.variants {
				t.Errorf("there are %d variants", len(variants))
			}

			durations := make(map[string]mining.Journey)
			for j, err := range mining.Journeys(sequence(all...)) {
				if err != nil {
					t.Fatal(err)
				}
				durations[j.Account] = j
			}
			for _, r := range table("case_durations", log.cases) {
				j := durations[r["case"]]
				equal(t, "events of "+r["case"], int64(len(j.Steps)), r["events"])
				near(t, "duration of "+r["case"], j.Duration(), number(t, r["duration_seconds"]))
			}
			testDependencies(t, g, table("dependency_formula_only", log.oriented))
			testProfile(t, all, table("temporal_profile_seconds", log.pairs), table("temporal_deviations_zeta"+log.zeta, log.deviations), number(t, log.zeta))
		})
	}
}

func equal(t *testing.T, what string, got int64, want string) {
	t.Helper()
	if strconv.FormatInt(got, 10) != want {
		t.Errorf("%s: %d, want %s", what, got, want)
	}
}

func testDependencies(t *testing.T, g *mining.Graph, want []map[string]string) {
	t.Helper()
	got := make(map[string]float64)
	for _, d := range g.Dependencies(0) {
		got[key(d.From, d.To)] = d.Value
	}
	for _, r := range want {
		near(t, "dependency of "+key(r["from"], r["to"]), got[key(r["from"], r["to"])], number(t, r["dependency"]))
	}
	if len(got) != len(want) {
		t.Errorf("%d pairs have a dependency, want %d", len(got), len(want))
	}
}

func testProfile(t *testing.T, all []mining.Event, gaps, deviations []map[string]string, zeta float64) {
	t.Helper()
	var p mining.Profile
	if failed, err := p.AddAll(sequence(all...)); err != nil || len(failed) > 0 {
		t.Fatal(failed, err)
	}
	got := make(map[string]mining.Times)
	for _, x := range p.Gaps() {
		got[key(x.From, x.To)] = x.Times
	}
	for _, r := range gaps {
		k := key(r["from"], r["to"])
		nearIf(t, "mean of "+k, got[k].Mean, r["mean"])
		if got[k].Count > 1 {
			nearIf(t, "SD of "+k, got[k].SD, r["stdev"])
		} else if got[k].SD != nil || r["stdev"] != "0.0" { // the table has 0 for what one time can't tell
			t.Errorf("SD of %s is %v of one time", k, *got[k].SD)
		}
	}
	if len(got) != len(gaps) {
		t.Errorf("%d pairs are timed, want %d", len(got), len(gaps))
	}
	var found []string
	values := make(map[string]float64)
	for j, err := range mining.Journeys(sequence(all...)) {
		if err != nil {
			t.Fatal(err)
		}
		list, err := p.Deviations(j, zeta)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			k := fmt.Sprint(j.Account, ",", d.From, ",", d.To, ",", d.Took)
			found = append(found, k)
			values[k] = max(d.Zeta, -d.Zeta)
		}
	}
	var want []string
	for _, r := range deviations {
		k := fmt.Sprint(r["case"], ",", r["from"], ",", r["to"], ",", number(t, r["passed_seconds"]))
		want = append(want, k)
		near(t, k, values[k], number(t, r["deviation_in_sd"]))
	}
	slices.Sort(found)
	slices.Sort(want)
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("deviations (-want +got)\n%s", diff)
	}
}

// pm4py's heuristics net first drops edges below a twentieth of the most frequent ones of their activities.
func TestDependencyWithoutNoise(t *testing.T) {
	got := make(map[string]float64)
	for _, d := range mined(t, readLog(t, "roadtraffic100_log.csv", 390)).Dependencies(0.05) {
		got[key(d.From, d.To)] = d.Value
	}
	for _, r := range rows(t, "roadtraffic100_heuristics_dependency_pm4py.csv", 16) {
		near(t, key(r["from"], r["to"]), got[key(r["from"], r["to"])], number(t, r["dependency"]))
	}
}

// The Italian help desk: 4 580 tickets, none of which is open.
func TestHelpdesk(t *testing.T) {
	all := readLog(t, "helpdesk_tickets.csv", 21348)
	g := mined(t, all)
	edges := make(map[string]int64)
	for _, e := range g.Edges() {
		edges[key(e.From, e.To)] = e.Count()
	}
	for _, r := range rows(t, "helpdesk_dfg.csv", 55) {
		equal(t, key(r["from"], r["to"]), edges[key(r["from"], r["to"])], r["count"])
	}
	data, err := os.ReadFile(filepath.Join(reference(t, "mining"), "event_log_stats_pm4py.json"))
	if err != nil {
		t.Fatal(err)
	}
	var logs map[string]struct {
		Cases, Events        int64
		Activities, Variants int
		TopVariantCount      int64 `json:"top_variant_count"`
		Edges                int   `json:"dfg_edges"`
		Start, End           map[string]int64
		Duration             struct{ Mean, Median, Min, Max float64 } `json:"duration_seconds"`
		Top                  [][]any                                  `json:"dfg_top10"`
	}
	if err := json.Unmarshal(data, &logs); err != nil {
		t.Fatal(err)
	}
	want, s := logs["helpdesk"], g.Summary()
	if s.Journeys != want.Cases || s.Ended != want.Cases || s.Events != want.Events || s.Variants != want.Variants || len(edges) != want.Edges {
		t.Errorf("got %+v, and %d edges", s, len(edges))
	}
	if top := g.Variants()[0].Ended; top != want.TopVariantCount {
		t.Errorf("%d took the most common path", top)
	}
	near(t, "mean duration", *s.Duration.Mean, want.Duration.Mean)
	near(t, "median duration", *s.Duration.Median, want.Duration.Median)
	near(t, "shortest", *s.Duration.Min, want.Duration.Min)
	near(t, "longest", *s.Duration.Max, want.Duration.Max)
	start, end := make(map[string]int64), make(map[string]int64)
	for _, n := range g.Nodes() {
		if n.Starts > 0 {
			start[n.Activity] = n.Starts
		}
		if n.Ends > 0 {
			end[n.Activity] = n.Ends
		}
	}
	if len(g.Nodes()) != want.Activities {
		t.Errorf("there are %d activities", len(g.Nodes()))
	}
	if diff := cmp.Diff([]map[string]int64{want.Start, want.End}, []map[string]int64{start, end}); diff != "" {
		t.Errorf("starts and ends (-want +got)\n%s", diff)
	}
	for i, e := range g.TopEdges(1)[:len(want.Top)] {
		if got := fmt.Sprint([]any{e.From, e.To, e.Count()}); got != fmt.Sprint(want.Top[i]) {
			t.Errorf("edge %d is %s, want %v", i, got, want.Top[i])
		}
	}

	// The same in columns is the same to the bit, and so is what comes back from its encoding.
	columns := newGraph(t, mining.Options{Ending: mining.Ending{All: true}, Medians: true})
	addColumns(t, columns, all)
	if encoded(t, columns) != encoded(t, g) {
		t.Error("columns make another graph")
	}
	var back mining.Graph
	if err := back.UnmarshalBinary([]byte(encoded(t, g))); err != nil || encoded(t, &back) != encoded(t, g) {
		t.Errorf("comes back with other bytes, %v", err)
	}
	once := newGraph(t, mining.Options{Ending: mining.Ending{All: true}, Once: true})
	if _, err := once.AddAll(sequence(all...)); err != nil || once.Summary().Repeated != 127 || once.Summary().Events != 21348-127 {
		t.Errorf("%v, %+v", err, once.Summary())
	}
}

// addColumns adds sorted events in columns.
func addColumns(t testing.TB, g *mining.Graph, all []mining.Event) {
	t.Helper()
	var accounts []string
	var activities []mining.Activity
	var at []int64
	for _, e := range all {
		a, err := g.Activity(e.Activity)
		if err != nil {
			t.Fatal(err)
		}
		accounts, activities, at = append(accounts, e.Account), append(activities, a), append(at, e.At.UnixMicro())
	}
	if failed, err := g.AddColumns(accounts, activities, at); err != nil || len(failed) > 0 {
		t.Fatal(failed, err)
	}
}
