package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
)

var update = flag.Bool("update", false, "write golden files")

// try runs the program in a folder of its own.
func try(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(context.Background(), args, &out, &errs, false)
	return code, out.String(), errs.String()
}

func file(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// The bundled sample gives the summary of the golden file, and a report.
func TestGoldenSummary(t *testing.T) {
	out := filepath.Join(t.TempDir(), "report.html")
	code, got, stderr := try(t, "-out", out)
	if code != done || stderr != "" {
		t.Fatalf("code %d, %s", code, stderr)
	}
	got = strings.ReplaceAll(got, out, "report.html")
	const golden = "testdata/summary.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("the summary differs from %s; -update writes it:\n%s", golden, got)
	}
	page, err := os.ReadFile(out)
	if err != nil || !bytes.Contains(page, []byte("1,869 of 7,043")) {
		t.Errorf("the report lacks its facts (%v)", err)
	}
}

func TestJSON(t *testing.T) {
	code, got, stderr := try(t, "-simulate", "200", "-json")
	if code != done || stderr != "" {
		t.Fatalf("code %d, %s", code, stderr)
	}
	var r analysis.Result
	if err := json.Unmarshal([]byte(got), &r); err != nil {
		t.Fatal(err)
	}
	if r.Totals.Accounts != 200 || r.Kind != "simulated" || r.Banner == "" || r.Backtest == nil || r.Outcomes == nil || r.Value == nil ||
		r.Booked == nil || len(r.Booked.Lines) == 0 || r.Opportunity == nil || len(r.Opportunity.Whole.Needs) == 0 || len(r.Rungs) != 3 {
		t.Errorf("%+v", r.Totals)
	}
}

// A simulated world written as CSV and read back says the same of the book.
func TestWriteAndRead(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "book")
	if code, _, stderr := try(t, "-simulate", "60", "-write", dir); code != done {
		t.Fatalf("code %d, %s", code, stderr)
	}
	read := func(args ...string) (r analysis.Result) {
		code, got, stderr := try(t, append(args, "-json")...)
		if code != done {
			t.Fatalf("%v: code %d, %s", args, code, stderr)
		}
		if err := json.Unmarshal([]byte(got), &r); err != nil {
			t.Fatal(err)
		}
		return r
	}
	made, folder := read("-simulate", "60"), read("-data", dir, "-as-of", "2026-01-01")
	if made.Totals.Accounts != folder.Totals.Accounts || !made.Totals.Monthly.Equal(folder.Totals.Monthly) ||
		made.Totals.Known != folder.Totals.Known || made.Totals.Left != folder.Totals.Left {
		t.Errorf("%+v\n%+v", made.Totals, folder.Totals)
	}
	sameAmount := cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })
	if diff := cmp.Diff([]any{made.Booked, made.Opportunity, made.Rungs}, []any{folder.Booked, folder.Opportunity, folder.Rungs}, sameAmount); diff != "" {
		t.Errorf("booked, opportunities, rungs (-simulated +folder):\n%s", diff)
	}
	for i, b := range made.Bands {
		if b.Band != folder.Bands[i].Band || b.Accounts != folder.Bands[i].Accounts || !b.Monthly.Equal(folder.Bands[i].Monthly) {
			t.Errorf("%+v, from the folder %+v", b, folder.Bands[i])
		}
	}
}

func TestExitCodes(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "r.html")
	good := filepath.Join(dir, "good")
	bad := filepath.Join(dir, "bad")
	empty := filepath.Join(dir, "empty")
	config := filepath.Join(dir, "config")
	for _, d := range []string{good, bad, empty, config} {
		if err := os.Mkdir(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	file(t, good, "accounts.csv", "account,since\nacme,2024-01-01\n")
	file(t, bad, "accounts.csv", "account,seats\nacme,5\nother,NaN\n")
	file(t, empty, "accounts.csv", "account\n")
	card := file(t, config, "scorecard.json", `{"format":1,"name":"","groups":[],"bands":[],"min_coverage":7,"nonsense":1}`)
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"help", []string{"-h"}, done, "-simulate 1000"},
		{"good", []string{"-data", good, "-as-of", "2026-01-01", "-out", out}, done, ""},
		{"bad rows", []string{"-data", bad, "-as-of", "2026-01-01", "-out", out}, badRows, "1 rows or accounts left out"},
		{"no account", []string{"-data", empty, "-out", out}, couldNot, "no account that can be read"},
		{"no folder", []string{"-data", filepath.Join(dir, "none"), "-out", out}, couldNot, "no such file"},
		{"a file", []string{"-data", card, "-out", out}, couldNot, "is a file; name the folder"},
		{"no accounts.csv", []string{"-data", config, "-out", out}, couldNot, "accounts.csv is not there"},
		{"bad date", []string{"-data", good, "-as-of", "tomorrow", "-out", out}, couldNot, `"tomorrow" is not a date`},
		{"bad option", []string{"-dta", good}, couldNot, "-h shows examples"},
		{"a stray word", []string{good}, couldNot, "is not an option"},
		{"both", []string{"-data", good, "-simulate", "5"}, couldNot, "name one of them"},
		{"bad definition", []string{"-config", config, "-out", out}, couldNot, "scorecard.json: health: invalid scorecard"},
		{"no place to write", []string{"-out", filepath.Join(dir, "none", "r.html")}, couldNot, "-out:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, _, stderr := try(t, c.args...)
			if code != c.code || !strings.Contains(stderr, c.says) {
				t.Errorf("code %d, %q; want %d, %q", code, stderr, c.code, c.says)
			}
		})
	}
	if left, err := filepath.Glob(filepath.Join(dir, ".report-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// Ten mistakes in one definition are all reported.
func TestTenMistakes(t *testing.T) {
	dir := t.TempDir()
	file(t, dir, "scorecard.json", `{"format":1,"name":"ten","groups":[{"name":"a","weight":-1,"measures":[
		{"name":"x","weight":1,"curve":{"kind":"wavy","knots":[{"x":0,"points":0}]}},
		{"name":"x","weight":0,"curve":{"kind":"points","knots":[{"x":1,"points":0},{"x":1,"points":101}]}},
		{"name":"y","weight":1,"curve":{"kind":"points","knots":[]},"missing":{"policy":"ignore"}}]}],
		"bands":[{"name":"red","floor":10},{"name":"red","floor":5}],"min_coverage":2,
		"limits":[{"measure":"z","when":"~","value":1,"kind":"cap","points":200,"reason":""}]}`)
	code, _, stderr := try(t, "-config", dir)
	if code != couldNot {
		t.Fatalf("code %d", code)
	}
	for _, place := range []string{"/groups/0/weight", "/groups/0/measures/0/curve/kind", "/groups/0/measures/1/name", "/groups/0/measures/1/weight",
		"/groups/0/measures/1/curve/knots/1", "/groups/0/measures/2/curve/knots", "/groups/0/measures/2/missing/policy", "/bands/0/floor",
		"/min_coverage", "/limits/0/measure", "/limits/0/when", "/limits/0/points", "/limits/0/reason"} {
		if !strings.Contains(stderr, place) {
			t.Errorf("%s is not reported: %s", place, stderr)
		}
	}
}
