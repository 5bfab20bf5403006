package ladder_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// problems returns what an InvalidError lists.
func problems(t *testing.T, err error) []ladder.Problem {
	t.Helper()
	var invalid *ladder.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("got %v, want an InvalidError", err)
	}
	return invalid.Problems
}

// pointers returns the places of problems.
func pointers(list []ladder.Problem) (at []string) {
	for _, p := range list {
		at = append(at, p.Pointer)
	}
	return at
}

func TestCompileOneProblem(t *testing.T) {
	huge := decimal.New(1, 1_000_000_000)
	benefit := func(l *ladder.Ladder) *ladder.Benefit { return &l.Benefits[0] }
	for _, test := range []struct {
		name    string
		spoil   func(l *ladder.Ladder)
		pointer string
		message string // a part of it
	}{
		{"no format", func(l *ladder.Ladder) { l.Format = 0 }, "/format", "must be 1, not 0"},
		{"no name", func(l *ladder.Ladder) { l.Name = "" }, "/name", "is empty"},
		{"broken text", func(l *ladder.Ladder) { l.Version = "\xff" }, "/version", "is not valid UTF-8"},
		{"long text", func(l *ladder.Ladder) { l.Themes[0].Title = strings.Repeat("x", 1025) }, "/themes/0/title", "has 1025 bytes, over 1024"},
		{"no such currency", func(l *ladder.Ladder) { l.Currency = "EURO" }, "/currency", `"EURO" is not a currency`},
		{"gold", func(l *ladder.Ladder) { l.Currency = "XAU" }, "/currency", `"XAU" is not a currency`},
		{"theme twice", func(l *ladder.Ladder) { l.Themes[1].Name, l.Benefits[2].Theme = "efficiency", "" }, "/themes/1/name", `"efficiency" is the name of element 0 already`},
		{"name with a slash", func(l *ladder.Ladder) {
			l.Themes[0].Name = "a/b"
			l.Benefits[0].Theme = "a/b"
			l.Benefits[1].Theme = "a/b"
		}, "/themes/0/name", "contains '/'"},
		{"rung", func(l *ladder.Ladder) { l.Nodes[0].Rung = "Operational" }, "/nodes/0/rung", "did you mean \"operational\"?"},
		{"direction", func(l *ladder.Ladder) { l.Metrics[0].Better = "" }, "/metrics/0/better", "must be one of up, down"},
		{"base", func(l *ladder.Ladder) { l.Metrics[0].Base = huge }, "/metrics/0/base", "exponent 1000000000"},
		{"target", func(l *ladder.Ladder) { l.Metrics[0].Target = &huge }, "/metrics/0/target", "exponent 1000000000"},
		{"metric's node", func(l *ladder.Ladder) { l.Metrics[0].Node = "operation" }, "/metrics/0/node", `there is no node "operation": did you mean "operations"?`},
		{"capacity below 0", func(l *ladder.Ladder) { l.Pools[0].Capacity = *constant("-1") }, "/pools/0/capacity/value", "must not be negative, but is -1"},
		{"no capacity", func(l *ladder.Ladder) { l.Pools[0].Capacity = ladder.Term{} }, "/pools/0/capacity", "neither a value nor a quantity"},
		{"pool's basis", func(l *ladder.Ladder) { l.Pools[0].Basis = "" }, "/pools/0/basis", "must be one of annual"},
		{"no benefit", func(l *ladder.Ladder) { l.Benefits = nil }, "/benefits", "is empty"},
		{"benefit twice", func(l *ladder.Ladder) { l.Benefits[1].Name = "time saved" }, "/benefits/1/name", "is the name of element 0 already"},
		{"driver", func(l *ladder.Ladder) { benefit(l).Driver = "" }, "/benefits/0/driver", "must be one of"},
		{"saving", func(l *ladder.Ladder) { benefit(l).Saving = "hrad" }, "/benefits/0/saving", "did you mean \"hard\"?"},
		{"basis", func(l *ladder.Ladder) { benefit(l).Basis = "monthly" }, "/benefits/0/basis", "must be one of"},
		{"node", func(l *ladder.Ladder) { benefit(l).Node = "user" }, "/benefits/0/node", `there is no node "user": did you mean "users"?`},
		{"theme", func(l *ladder.Ladder) { benefit(l).Theme = "grwth" }, "/benefits/0/theme", "did you mean \"growth\"?"},
		{"no movement", func(l *ladder.Ladder) { benefit(l).Moved = nil }, "/benefits/0/moved", "is missing, and so is a metric"},
		{"two movements", func(l *ladder.Ladder) { benefit(l).Metric = "incidents" }, "/benefits/0/moved", "is given beside a metric"},
		{"metric", func(l *ladder.Ladder) { l.Benefits[1].Metric = "incident" }, "/benefits/1/metric", "did you mean \"incidents\"?"},
		{"count below 0", func(l *ladder.Ladder) { benefit(l).Times = append(benefit(l).Times, *constant("-3")) }, "/benefits/0/times/1/value", "must not be negative"},
		{"many counts", func(l *ladder.Ladder) { benefit(l).Times = make([]ladder.Term, 9) }, "/benefits/0/times", "has 9 terms, over 8"},
		{"value and quantity", func(l *ladder.Ladder) { benefit(l).Adoption.Value = ptr(dec("1")) }, "/benefits/0/adoption", "has both a value and a quantity"},
		{"attribution of 120 %", func(l *ladder.Ladder) { l.Benefits[1].Attribution = constant("1.2") }, "/benefits/1/attribution/value", "must be 0 to 1, not 1.2"},
		{"adoption below 0", func(l *ladder.Ladder) { benefit(l).Adoption = constant("-0.1") }, "/benefits/0/adoption/value", "must be 0 to 1, not -0.1"},
		{"attribution that varies", func(l *ladder.Ladder) { benefit(l).Attribution = quantity("ours") }, "/benefits/0/attribution/quantity", "must be a value"},
		{"quantity's name", func(l *ladder.Ladder) { benefit(l).Moved.Quantity = " hours" }, "/benefits/0/moved/quantity", "begins or ends with a space"},
		{"no unit value", func(l *ladder.Ladder) { benefit(l).UnitValue = ladder.Term{} }, "/benefits/0/unit_value", "neither a value nor a quantity"},
		{"digits", func(l *ladder.Ladder) { benefit(l).UnitValue = *constant("1234567890123456789012345678901234567891") }, "/benefits/0/unit_value/value", "digits"},
		{"no conversion", func(l *ladder.Ladder) { benefit(l).Conversion = nil }, "/benefits/0/conversion", "is missing"},
		{"no margin", func(l *ladder.Ladder) { l.Benefits[2].Margin = nil }, "/benefits/2/margin", "is missing"},
		{"pool", func(l *ladder.Ladder) { benefit(l).Pool = "hours" }, "/benefits/0/pool", `there is no pool "hours"`},
		{"attributions on a pool", func(l *ladder.Ladder) { l.Benefits[1].Pool, l.Benefits[1].Attribution = "team hours", nil }, "/benefits/1/pool", "sum to 1.5, over 1"},
		{"evidence", func(l *ladder.Ladder) { benefit(l).Evidence = "audit" }, "/benefits/0/evidence", "must be one of assumed"},
		{"link from nowhere", func(l *ladder.Ladder) { l.Links[0].From = "user" }, "/links/0/from", "did you mean \"users\"?"},
		{"link to nowhere", func(l *ladder.Ladder) { l.Links[0].To = "board" }, "/links/0/to", `there is no node "board"`},
		{"link down", func(l *ladder.Ladder) { l.Links[0] = ladder.Link{From: "company", To: "users", Share: dec("1")} }, "/links/0/to", `"users" is not on a higher rung than "company"`},
		{"link to itself", func(l *ladder.Ladder) { l.Links[0].To = "users" }, "/links/0/to", `"users" is not on a higher rung than "users"`},
		{"link twice", func(l *ladder.Ladder) {
			l.Links[0].Share, l.Links[1] = dec("0.5"), ladder.Link{From: "users", To: "operations", Share: dec("0.5")}
		}, "/links/1", "links the same nodes as element 0"},
		{"share of a link", func(l *ladder.Ladder) { l.Links[0].Share = dec("1.01") }, "/links/0/share", "must be 0 to 1, not 1.01"},
		{"shares from a node", func(l *ladder.Ladder) {
			l.Links = append(l.Links, ladder.Link{From: "users", To: "company", Share: dec("0.01")})
		}, "/links/2/share", `the shares from "users" sum to 1.01, over 1`},
		{"kind of cost", func(l *ladder.Ladder) { l.Costs[0].Kind = "license" }, "/costs/0/kind", "did you mean \"licence\"?"},
		{"amount of a cost", func(l *ladder.Ladder) { l.Costs[0].Amount = dec("1") }, "/costs/0/amount", "belongs into an input"},
		{"amount of a cost, huge", func(l *ladder.Ladder) { l.Costs[0].Amount = huge }, "/costs/0/amount", "belongs into an input"},
		{"class of a haircut", func(l *ladder.Ladder) { l.Haircuts[0].Class = "" }, "/haircuts/0/class", "must be one of"},
		{"haircut twice", func(l *ladder.Ladder) { l.Haircuts[1].Class = ladder.Assumed }, "/haircuts/1/class", `"assumed" has a haircut already`},
		{"haircut", func(l *ladder.Ladder) { l.Haircuts[0].Share = dec("2") }, "/haircuts/0/share", "must be 0 to 1, not 2"},
		{"expiry below 0", func(l *ladder.Ladder) { l.Haircuts[0].Expire = -ladder.Day }, "/haircuts/0/expire", "must not be negative"},
		{"expiry in nanoseconds", func(l *ladder.Ladder) { l.Haircuts[0].Expire = 1 }, "/haircuts/0/expire", "microseconds"},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := ladder.Starter()
			test.spoil(&l)
			_, err := ladder.Compile(l)
			list := problems(t, err)
			if len(list) != 1 || list[0].Pointer != test.pointer || !strings.Contains(list[0].Message, test.message) {
				t.Errorf("got %v, want %s: …%s…", list, test.pointer, test.message)
			}
		})
	}
}

func TestCompileAllProblems(t *testing.T) {
	l := ladder.Starter()
	l.Name = ""
	l.Currency = "eur"
	l.Nodes[2].Rung = "top"
	l.Metrics[0].Better = "left"
	l.Benefits[0].Node = "nobody"
	l.Benefits[0].Adoption = constant("2")
	l.Benefits[2].Margin = nil
	l.Links[0].Share = dec("-1")
	l.Costs[1].Name = "licence"
	l.Haircuts[4].Class = "sure"
	_, err := ladder.Compile(l)
	want := []string{
		"/name", "/currency", "/nodes/2/rung", "/metrics/0/better", "/benefits/0/node", "/benefits/0/adoption/value",
		"/benefits/2/margin", "/links/0/share", "/links/1/to", "/costs/1/name", "/haircuts/4/class",
	}
	if diff := cmp.Diff(want, pointers(problems(t, err))); diff != "" {
		t.Errorf("places (-want +got):\n%s", diff)
	}
	if _, err := ladder.Compile(ladder.Ladder{}); len(problems(t, err)) < 4 {
		t.Errorf("the zero ladder: %v", err)
	}
}

func TestCompileFormat(t *testing.T) {
	l := ladder.Starter()
	l.Format = ladder.Format + 1
	want := `ladder: compile ladder "starter": format 2: unknown format`
	if _, err := ladder.Compile(l); !errors.Is(err, ladder.ErrFormat) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	want = `ladder: parse ladder: format 2: unknown format`
	if _, err := ladder.Parse([]byte(`{"format": 2, "new": {"key": 1}}`)); !errors.Is(err, ladder.ErrFormat) || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestCompileHuge has 10 000 misspelt names among 10 000 long ones: it ends, since the search for near ones gives up.
func TestCompileHuge(t *testing.T) {
	l := ladder.Ladder{Format: 1, Name: "huge", Currency: "EUR"}
	for i := range 10_000 {
		name := strings.Repeat("x", 50) + string(rune('a'+i%26)) + string(rune(0x4e00+i))
		l.Nodes = append(l.Nodes, ladder.Node{Name: name, Rung: ladder.Operational})
		l.Benefits = append(l.Benefits, ladder.Benefit{Name: name, Node: "y" + name})
	}
	_, err := ladder.Compile(l)
	if list := problems(t, err); len(list) != 50_000 { // driver, basis, node, movement and unit value of each
		t.Errorf("%d problems", len(list))
	}
	l.Benefits = append(l.Benefits, ladder.Benefit{})
	_, err = ladder.Compile(l)
	if list := problems(t, err); len(list) != 1 || list[0].Message != "has 10001 elements, over 10000" {
		t.Errorf("got %d problems: %v", len(list), err)
	}
}

func TestCompileCopies(t *testing.T) {
	l := ladder.Starter()
	model := compile(t, l)
	change := func(l ladder.Ladder) {
		l.Themes[0].Name, l.Nodes[0].Name, l.Metrics[0].Name, l.Pools[0].Name = "x", "x", "x", "x"
		l.Links[0].From, l.Costs[0].Name, l.Haircuts[0].Class = "x", "x", "x"
		for i := range l.Benefits {
			b := &l.Benefits[i]
			for _, term := range []*ladder.Term{b.Moved, b.Adoption, b.Attribution, b.Conversion, b.Margin, &b.UnitValue} {
				if term != nil {
					term.Name, term.Quantity = "x", "x"
				}
				if term != nil && term.Value != nil {
					*term.Value = dec("7")
				}
			}
			for j := range b.Times {
				b.Times[j].Quantity = "x"
			}
			b.Name = "x"
		}
	}
	change(l)
	change(model.Ladder())
	names := model.Quantities()
	names[0] = "x"
	if diff := cmp.Diff(ladder.Starter(), model.Ladder()); diff != "" {
		t.Errorf("the model's ladder changed (-want +got):\n%s", diff)
	}
	want := []string{"team_hours", "hours_saved", "users", "adoption", "incidents", "incident_cost", "new_revenue"}
	if diff := cmp.Diff(want, model.Quantities()); diff != "" {
		t.Errorf("quantities (-want +got):\n%s", diff)
	}
}

func TestDigest(t *testing.T) {
	model := compile(t, ladder.Starter())
	const want = "sha256:"
	text := model.Digest().String()
	if !strings.HasPrefix(text, want) || len(text) != len(want)+64 {
		t.Errorf("digest %s", text)
	}
	l := ladder.Starter()
	l.Benefits[0].UnitValue = *constant("50.00") // another spelling of 50
	if compile(t, l).Digest() != model.Digest() {
		t.Error("50 and 50.00 have two digests")
	}
	l.Benefits[0].UnitValue = *constant("50.01")
	if compile(t, l).Digest() == model.Digest() {
		t.Error("50 and 50.01 have one digest")
	}
	var back ladder.Digest
	if err := back.UnmarshalText([]byte(text)); err != nil || back != model.Digest() {
		t.Errorf("read back %v, %v", back, err)
	}
}

func TestParse(t *testing.T) {
	for seed := range uint64(200) {
		l := randomLadder(rand.New(rand.NewPCG(seed, 5)))
		text, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ladder.Parse(text)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if compile(t, got).Digest() != compile(t, l).Digest() {
			t.Errorf("%s reads back as another ladder", text)
		}
	}
	starter, err := json.Marshal(ladder.Starter())
	if err != nil {
		t.Fatal(err)
	}
	got, err := ladder.Parse(starter)
	if diff := cmp.Diff(ladder.Starter(), got); err != nil || diff != "" {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, test := range []struct{ name, text, pointer string }{
		{"nothing", ``, ""},
		{"null", `null`, ""},
		{"trailing data", `{"format":1} {}`, ""},
		{"unknown key", `{"format":1,"curency":"EUR"}`, "/curency"},
		{"folded key", `{"format":1,"Name":"x"}`, "/Name"},
		{"key twice", `{"format":1,"name":"x","name":"y"}`, "/name"},
		{"exponent", `{"format":1,"links":[{"from":"a","to":"b","share":1e1000000000}]}`, "/links/0/share"},
		{"digits", `{"format":1,"links":[{"from":"a","to":"b","share":"1234567890123456789012345678901234567891"}]}`, "/links/0/share"},
		{"long number", `{"format":1,"links":[{"from":"a","to":"b","share":"0.` + strings.Repeat("0", 1000) + `"}]}`, "/links/0/share"},
		{"not a number", `{"format":1,"links":[{"from":"a","to":"b","share":"NaN"}]}`, "/links/0/share"},
		{"null amount", `{"format":1,"links":[{"from":"a","to":"b","share":null}]}`, "/links/0/share"},
		{"duration", `{"format":1,"haircuts":[{"class":"assumed","share":"0","expire":"1y"}]}`, "/haircuts/0/expire"},
		{"deep", strings.Repeat(`[`, 100_000), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := ladder.Parse([]byte(test.text))
			if list := problems(t, err); len(list) != 1 || list[0].Pointer != test.pointer {
				t.Errorf("got %v, want one problem at %q", list, test.pointer)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	starter, err := json.Marshal(ladder.Starter())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(starter)
	f.Add([]byte(`{"format":1,"name":"x","currency":"EUR","nodes":[],"benefits":[{"unit_value":{"value":"1e18"}}]}`))
	f.Add([]byte(`{"format":1,"metrics":[{"base":-0.000000000000000001,"target":null}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ladder.Parse(data)
		if err != nil {
			return
		}
		m, err := ladder.Compile(l)
		if err == nil {
			var data *ladder.DataError // its constants may multiply to a figure beyond all bounds
			_, err := m.Statement(ladder.Input{Account: "acme", From: epoch, To: epoch.AddDate(0, 1, 0)}, epoch)
			if err != nil && !errors.As(err, &data) {
				t.Fatal(err)
			}
		}
		if l.Nodes == nil || l.Benefits == nil {
			return // these lists are written as null, which is no list; such a ladder does not compile
		}
		text, err := json.Marshal(l)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ladder.Parse(text)
		if err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		if twice, err := json.Marshal(again); err != nil || string(twice) != string(text) {
			t.Fatalf("%v:\n%s\n%s", err, text, twice)
		}
	})
}
