package mining_test

import (
	"encoding/csv"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
	"github.com/customersuccess-go/customersuccess/journey/mining"
)

var begin = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// of makes a journey of activities of one letter each, an hour apart.
func of(account, path string) mining.Journey {
	j := mining.Journey{Account: account}
	for i, r := range path {
		j.Steps = append(j.Steps, mining.Step{Activity: string(r), At: begin.Add(time.Duration(i) * time.Hour)})
	}
	return j
}

// sequence gives its arguments one after another.
func sequence[T any](items ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, x := range items {
			if !yield(x, nil) {
				return
			}
		}
	}
}

func newGraph(t testing.TB, o mining.Options) *mining.Graph {
	t.Helper()
	g, err := mining.NewGraph(o)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// graphOf adds journeys, all of which have ended.
func graphOf(t testing.TB, journeys ...mining.Journey) *mining.Graph {
	t.Helper()
	g := newGraph(t, mining.Options{Ending: mining.Ending{All: true}, Medians: true})
	for _, j := range journeys {
		if err := g.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

// events takes journeys apart.
func events(journeys []mining.Journey) []mining.Event {
	var out []mining.Event
	for _, j := range journeys {
		for _, s := range j.Steps {
			out = append(out, mining.Event{Account: j.Account, Activity: s.Activity, At: s.At})
		}
	}
	return out
}

func encoded(t testing.TB, v interface{ MarshalBinary() ([]byte, error) }) string {
	t.Helper()
	data, err := v.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// near holds closed forms to a relative 1e-12.
func near(t testing.TB, what string, got, want float64) {
	t.Helper()
	if !(math.Abs(got-want) <= 1e-12*max(1, math.Abs(want))) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// nearIf is near for what may be undefined, which is "nan" in tables.
func nearIf(t testing.TB, what string, got *float64, want string) {
	t.Helper()
	switch {
	case (got == nil) != (want == "nan"):
		t.Errorf("%s = %v, want %s", what, got, want)
	case got != nil:
		near(t, what, *got, number(t, want))
	}
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	return refdata.Number(t, s)
}

// reference returns a folder of known answers that are not part of the project.
func reference(t testing.TB, folder string) string {
	t.Helper()
	dir := refdata.Reference(t, "../../../shared/reference", folder)
	return dir
}

// rows reads a table of known answers, which has that many rows.
func rows(t testing.TB, name string, want int) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join(reference(t, "mining"), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	out := make([]map[string]string, 0, len(all))
	for _, r := range all[1:] {
		m := make(map[string]string)
		for i, v := range r {
			m[all[0][i]] = v
		}
		out = append(out, m)
	}
	if len(out) != want {
		t.Fatalf("%s has %d rows, want %d", name, len(out), want)
	}
	return out
}

// readLog reads a public log, sorted.
func readLog(t testing.TB, name string, want int) []mining.Event {
	t.Helper()
	var out []mining.Event
	for _, r := range rows(t, name, want) {
		at, err := time.Parse(time.RFC3339, r["timestamp"])
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, mining.Event{Account: r["case"], Activity: r["activity"], At: at})
	}
	mining.Sort(out)
	return out
}

// mined adds a log whose journeys have all ended.
func mined(t testing.TB, log []mining.Event) *mining.Graph {
	t.Helper()
	g := newGraph(t, mining.Options{Ending: mining.Ending{All: true}, Medians: true})
	if failed, err := g.AddAll(sequence(log...)); err != nil || len(failed) > 0 {
		t.Fatal(failed, err)
	}
	return g
}

// key joins the two ends of an edge.
func key(from, to string) string { return from + " > " + to }

// text writes a path of letters.
func text(path []string) string { return strings.Join(path, "") }
