package bench

import (
	"database/sql/driver"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/vm"

	"github.com/customersuccess-go/customersuccess/segment"
)

var classifyAsOf = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)

// A classifying is the work of classifying accounts: five rules on four attributes, of whose values a tenth is unknown.
type classifying struct {
	model *segment.Model
	facts []customer
	rows  []segment.Row // the same, as our input
	rules []int8        // ours: the rule that matched, or their number
}

// A customer is a row as a Go program has it; the flags say what is known.
type customer struct {
	ARR, Seats                            float64
	Region                                string
	Trial                                 bool
	HasARR, HasSeats, HasRegion, HasTrial bool
}

func newClassifying(tb testing.TB, rows int) *classifying {
	tb.Helper()
	model, err := segment.Compile(segment.Scheme{
		Format: segment.Format, Name: "bench", Otherwise: "unknown",
		Attributes: []segment.Attribute{
			{Name: "arr", Type: segment.NumberType}, {Name: "seats", Type: segment.NumberType},
			{Name: "region", Type: segment.TextType}, {Name: "trial", Type: segment.FlagType},
		},
		Rules: []segment.Rule{
			{Segment: "trial", When: "trial"},
			{Segment: "strategic", When: "arr >= 100000 AND region IN ('EU', 'UK')"},
			{Segment: "enterprise", When: "arr >= 100000 OR seats >= 500"},
			{Segment: "growth", When: "arr BETWEEN 20000 AND 99999 AND seats > 10"},
			{Segment: "tech", When: "arr < 20000 OR seats <= 10"},
		},
	})
	if err != nil {
		tb.Fatal(err)
	}
	c := &classifying{model: model, facts: make([]customer, rows), rules: make([]int8, rows)}
	r := newRand(3)
	known := func() bool { return r.IntN(10) > 0 }
	for i := range c.facts {
		c.facts[i] = customer{
			ARR: float64(r.IntN(200_000)), Seats: float64(r.IntN(600)), Region: []string{"EU", "UK", "US", "APAC"}[r.IntN(4)], Trial: r.IntN(10) == 0,
			HasARR: known(), HasSeats: known(), HasRegion: known(), HasTrial: known(),
		}
	}
	return c
}

// row puts a customer's facts into a row.
func (c *customer) row(row segment.Row) {
	clear(row)
	if c.HasARR {
		row[0] = segment.Number(c.ARR)
	}
	if c.HasSeats {
		row[1] = segment.Number(c.Seats)
	}
	if c.HasRegion {
		row[2] = segment.Text(c.Region)
	}
	if c.HasTrial {
		row[3] = segment.Flag(c.Trial)
	}
}

// ours classifies rows that are there.
func (c *classifying) ours() error {
	for i, row := range c.rows {
		rule, err := c.model.ClassifyRow(row, classifyAsOf)
		if err != nil {
			return err
		}
		c.rules[i] = int8(rule)
	}
	return nil
}

// columns makes a row of each customer and classifies it.
func (c *classifying) columns() error {
	row := make(segment.Row, 4)
	for i := range c.facts {
		c.facts[i].row(row)
		rule, err := c.model.ClassifyRow(row, classifyAsOf)
		if err != nil {
			return err
		}
		c.rules[i] = int8(rule)
	}
	return nil
}

// ternary is the scheme as one expression of expr and cel alike. What is unknown makes a comparison false, which is as
// good as UNKNOWN where there is no NOT.
const ternary = `HasTrial && Trial ? 0 :
	HasARR && ARR >= 100000.0 && HasRegion && Region in ["EU", "UK"] ? 1 :
	HasARR && ARR >= 100000.0 || HasSeats && Seats >= 500.0 ? 2 :
	HasARR && ARR >= 20000.0 && ARR <= 99999.0 && HasSeats && Seats > 10.0 ? 3 :
	HasARR && ARR < 20000.0 || HasSeats && Seats <= 10.0 ? 4 : 5`

// agree ends the test unless another's rules are ours.
func (c *classifying) agree(tb testing.TB, who string, rule func(i int) (int, error)) {
	tb.Helper()
	for i, want := range c.rules {
		if got, err := rule(i); err != nil || got != int(want) {
			tb.Fatalf("%s: row %d %+v is of rule %d, %v, want %d", who, i, c.facts[i], got, err, want)
		}
	}
}

// over makes a contestant of a function that classifies one customer.
func (c *classifying) over(tb testing.TB, who string, goal float64, rule func(i int) (int, error)) contestant {
	tb.Helper()
	c.agree(tb, who, rule)
	return contestant{name: who, goal: goal, run: timed(func() error {
		for i := range c.facts {
			if _, err := rule(i); err != nil {
				return err
			}
		}
		return nil
	})}
}

// expr returns expr-lang/expr as a contestant: one program on typed fields, and one machine that is used again.
func (c *classifying) expr(tb testing.TB) contestant {
	tb.Helper()
	program, err := expr.Compile(ternary, expr.Env(customer{}), expr.AsInt())
	if err != nil {
		tb.Fatal(err)
	}
	var machine vm.VM
	return c.over(tb, "expr", 1.0/5, func(i int) (int, error) {
		out, err := machine.Run(program, &c.facts[i])
		if err != nil {
			return 0, err
		}
		return out.(int), nil
	})
}

// An activation gives the fields of a customer to cel-go.
type activation struct{ customer *customer }

func (a *activation) Parent() cel.Activation { return nil }

func (a *activation) ResolveName(name string) (any, bool) {
	switch c := a.customer; name {
	case "ARR":
		return types.Double(c.ARR), true
	case "Seats":
		return types.Double(c.Seats), true
	case "Region":
		return types.String(c.Region), true
	case "Trial":
		return types.Bool(c.Trial), true
	case "HasARR":
		return types.Bool(c.HasARR), true
	case "HasSeats":
		return types.Bool(c.HasSeats), true
	case "HasRegion":
		return types.Bool(c.HasRegion), true
	case "HasTrial":
		return types.Bool(c.HasTrial), true
	}
	return nil, false
}

// cel returns cel-go as a contestant: one optimised program, with its own types as variables.
func (c *classifying) cel(tb testing.TB) contestant {
	tb.Helper()
	env, err := cel.NewEnv(
		cel.Variable("ARR", cel.DoubleType), cel.Variable("Seats", cel.DoubleType), cel.Variable("Region", cel.StringType),
		cel.Variable("Trial", cel.BoolType), cel.Variable("HasARR", cel.BoolType), cel.Variable("HasSeats", cel.BoolType),
		cel.Variable("HasRegion", cel.BoolType), cel.Variable("HasTrial", cel.BoolType),
	)
	if err != nil {
		tb.Fatal(err)
	}
	ast, issues := env.Compile(ternary)
	if issues.Err() != nil {
		tb.Fatal(issues.Err())
	}
	program, err := env.Program(ast, cel.EvalOptions(cel.OptOptimize))
	if err != nil {
		tb.Fatal(err)
	}
	var a activation
	return c.over(tb, "cel", 1.0/7, func(i int) (int, error) {
		a.customer = &c.facts[i]
		out, _, err := program.Eval(&a)
		if err != nil {
			return 0, err
		}
		return int(out.(types.Int)), nil
	})
}

// duck returns DuckDB as a contestant: the scheme's own SQL on one thread, over columns in memory.
func (c *classifying) duck(tb testing.TB) contestant {
	tb.Helper()
	db := openDuck(tb, 1)
	duckExec(tb, db, "CREATE TABLE accounts (arr DOUBLE, seats DOUBLE, region VARCHAR, trial BOOLEAN, ours VARCHAR)")
	scheme := c.model.Scheme()
	fillDuck(tb, db, "accounts", len(c.facts), 5, func(i int, values []driver.Value) {
		x := &c.facts[i]
		for k, v := range []struct {
			has   bool
			value driver.Value
		}{{x.HasARR, x.ARR}, {x.HasSeats, x.Seats}, {x.HasRegion, x.Region}, {x.HasTrial, x.Trial}} {
			if values[k] = nil; v.has {
				values[k] = v.value
			}
		}
		if values[4] = scheme.Otherwise; int(c.rules[i]) < len(scheme.Rules) {
			values[4] = scheme.Rules[c.rules[i]].Segment
		}
	})
	expression, err := c.model.SQL(segment.DuckDB, classifyAsOf)
	if err != nil {
		tb.Fatal(err)
	}
	agree(tb, "duckdb", []float64{0}, readDuck(tb, db, "SELECT count(*) FROM accounts WHERE ours IS DISTINCT FROM "+expression)[0], 0)
	query := "CREATE OR REPLACE TABLE verdicts AS SELECT " + expression + " AS segment FROM accounts"
	return contestant{name: "duckdb", goal: 2, run: timed(func() error {
		_, err := db.Exec(query)
		return err
	})}
}

func TestClassify(t *testing.T) {
	c := newClassifying(t, 5000)
	if n := testing.AllocsPerRun(10, func() {
		if err := c.columns(); err != nil {
			t.Fatal(err)
		}
	}); n > 1 {
		t.Errorf("%v allocations for %d rows, want the one row", n, len(c.facts))
	}
	c.expr(t)
	c.cel(t)
	c.duck(t)
}

func BenchmarkClassify(b *testing.B) {
	c := newClassifying(b, size(20_000, 200_000))
	for i := range c.facts {
		row := make(segment.Row, 4)
		c.facts[i].row(row)
		c.rows = append(c.rows, row)
	}
	ours := contestant{name: "ours", run: timed(c.ours)}
	if _, err := ours.run(); err != nil {
		b.Fatal(err)
	}
	compare(b, len(c.facts), "row", ours, c.expr(b), c.cel(b))
}

func BenchmarkClassifyColumns(b *testing.B) {
	c := newClassifying(b, size(200_000, 10_000_000))
	ours := contestant{name: "ours", run: timed(c.columns)}
	if _, err := ours.run(); err != nil {
		b.Fatal(err)
	}
	compare(b, len(c.facts), "row", ours, c.duck(b))
}
