package health

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// instantAt reads an instant of columns.
func instantAt(us int64) time.Time {
	if us == NoTime {
		return time.Time{}
	}
	return instant.FromMicros(us)
}

// row reads one row of columns as the input of one account.
func row(m *Model, in Columns, r int) Input {
	readings := ReadingMap{}
	for i, name := range m.Measures() {
		reading := Reading{Value: in.Values[i][r]}
		if in.At != nil && in.At[i] != nil {
			reading.At = instantAt(in.At[i][r])
		}
		code := CodeKnown
		if in.States != nil && in.States[i] != nil {
			code = in.States[i][r]
		} else if math.IsNaN(reading.Value) {
			code = CodeMissing
		}
		switch code {
		case CodeKnown:
		case CodeMissing:
			continue
		case CodeNotApplicable:
			reading.State = NotApplicable
		default:
			reading.State = Failed
		}
		readings[name] = reading
	}
	account := Input{Account: "acme", Readings: readings}
	if in.Since != nil {
		account.Since = instantAt(in.Since[r])
	}
	return account
}

// oddTimes are instants at the ends of what can be told.
var oddTimes = []int64{
	NoTime, NoTime + 1, yearOne - 1, yearOne, yearOne + 1, 0, math.MaxInt64,
	time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).UnixMicro(), time.Date(1700, 1, 1, 0, 0, 0, 0, time.UTC).UnixMicro(),
	noon.UnixMicro() - 1, noon.UnixMicro(), noon.UnixMicro() + 1,
}

func randomTime(r *rand.Rand, days int) int64 {
	if r.IntN(12) == 0 {
		return pick(r, oddTimes...)
	}
	return noon.UnixMicro() - r.Int64N(int64(days)*24*3600*1e6)
}

// randomColumns returns rows of values in all states and of all ages, some columns left out.
func randomColumns(r *rand.Rand, m *Model, rows int) Columns {
	var in Columns
	if r.IntN(4) > 0 {
		in.Since = make([]int64, rows)
		for i := range in.Since {
			in.Since[i] = randomTime(r, 300)
		}
	}
	in.At = make([][]int64, len(m.measures))
	if r.IntN(2) == 0 {
		in.States = make([][]uint8, len(m.measures))
	}
	for i := range m.measures {
		x := &m.measures[i]
		values := make([]float64, rows)
		for k := range values {
			values[k] = randomValue(r, x.curve)
			if len(x.byAge) > 0 {
				values[k] = randomValue(r, x.byAge[r.IntN(len(x.byAge))].Curve)
			}
			if r.IntN(8) == 0 {
				values[k] = pick(r, math.NaN(), math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.MaxFloat64, -math.MaxFloat64)
			}
		}
		in.Values = append(in.Values, values)
		if x.expire > 0 || r.IntN(2) == 0 {
			in.At[i] = make([]int64, rows)
			for k := range in.At[i] {
				in.At[i][k] = randomTime(r, 60)
			}
		}
		if in.States != nil && r.IntN(3) > 0 {
			in.States[i] = make([]uint8, rows)
			for k := range in.States[i] {
				in.States[i][k] = pick(r, CodeKnown, CodeKnown, CodeKnown, CodeKnown, CodeMissing, CodeNotApplicable, CodeFailed, 200)
			}
		}
	}
	return in
}

// newResults returns columns that hold nothing a result could be.
func newResults(rows int) Results {
	out := Results{
		Value: make([]float64, rows), Coverage: make([]float64, rows), Low: make([]float64, rows), High: make([]float64, rows),
		Band: make([]int32, rows), Bad: make([]bool, rows),
	}
	for i := range rows {
		out.Value[i], out.Coverage[i], out.Low[i], out.High[i], out.Band[i] = -7, -7, -7, -7, -7
	}
	return out
}

// gotRow and wantRow write one row of results as text that differs when a bit does: the shortest that is read back as
// the same number.
func gotRow(out Results, r int) string {
	return fmt.Sprint(out.Value[r], out.Coverage[r], out.Low[r], out.High[r], out.Band[r], out.Bad[r])
}

// wantRow scores the row through Score, and also says what became of it.
func wantRow(m *Model, in Columns, r int) (want, kind string, s Score) {
	s, err := m.Score(row(m, in, r), noon)
	switch {
	case err != nil:
		return "NaN NaN NaN NaN -1 true", "bad", s
	case !s.Known:
		return fmt.Sprint(math.NaN(), s.Coverage, s.Low, s.High, -1, false), string(s.Why), s
	case s.Limit != nil:
		kind = string(s.Limit.Kind)
	default:
		kind = "known"
	}
	return fmt.Sprint(s.Value, s.Coverage, s.Low, s.High, m.bandNamed(s.Band), false), kind, s
}

// TestColumnsAsScore: ScoreColumns and Score give the same bits, for random cards and rows.
func TestColumnsAsScore(t *testing.T) {
	kinds := map[string]int{}
	for seed := range uint64(2000) {
		r := newRand(seed)
		card := randomCard(r)
		if seed%4 == 0 {
			plain(card.Groups)
		}
		m := compiled(t, card)
		rows := 1 + r.IntN(40)
		if seed%100 == 0 {
			rows = 1200 // several blocks
		}
		in, out := randomColumns(r, m, rows), newResults(rows)
		if err := m.ScoreColumns(&out, in, noon); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for i := range rows {
			want, kind, s := wantRow(m, in, i)
			if kinds[kind]++; gotRow(out, i) != want {
				t.Fatalf("seed %d, row %d: ScoreColumns gives %s, Score %s\n%+v", seed, i, gotRow(out, i), want, s)
			}
		}
	}
	for _, kind := range []string{"known", "bad", "cap", "floor", "required", "empty", "coverage"} {
		if kinds[kind] < 500 {
			t.Errorf("only %d rows are %s", kinds[kind], kind)
		}
	}
}

// plain takes from measures what makes their liveness other than 0 or 1.
func plain(groups []Group) {
	for i := range groups {
		plain(groups[i].Groups)
		for j := range groups[i].Measures {
			x := &groups[i].Measures[j]
			x.ByAge, x.NotBefore, x.Fresh, x.Expire = nil, 0, 0, 0
			if x.Missing.Policy != Required {
				x.Missing = Missing{}
			}
		}
	}
}

func compiled(t *testing.T, card Scorecard) *Model {
	t.Helper()
	m, err := Compile(card)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestYearOne(t *testing.T) {
	if got := (time.Time{}).UnixMicro(); got != yearOne {
		t.Errorf("the zero time is %d µs, want %d", got, int64(yearOne))
	}
}

// TestLookup: a lookup gives the bits of its curve, at the knots, beside them and far away.
func TestLookup(t *testing.T) {
	for seed := range uint64(1000) {
		r := newRand(seed)
		c := randomCurve(r)
		if r.IntN(3) == 0 { // more knots than a few
			x := c.Knots[len(c.Knots)-1].X
			for range r.IntN(40) {
				x += r.Float64() + 0.001
				c.Knots = append(c.Knots, Knot{x, fraction(r) * 100})
			}
		}
		if r.IntN(8) == 0 && !c.linear() {
			c.Knots = c.Knots[:1]
		}
		l := newLookup(&c)
		values := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), math.MaxFloat64, -math.MaxFloat64}
		for _, k := range c.Knots {
			values = append(values, k.X, math.Nextafter(k.X, math.Inf(1)), math.Nextafter(k.X, math.Inf(-1)), randomValue(r, c))
		}
		for _, x := range values {
			want, ok := c.at(x)
			if !ok || x-x != 0 {
				want = math.NaN()
			}
			if got := l.at(x); math.Float64bits(got+0) != math.Float64bits(want+0) && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("seed %d: %v of %+v is %v, want %v", seed, x, c, got, want)
			}
		}
	}
}

// TestColumnsParts: parts of the rows, scored at once and with fewer results, are what the whole is.
func TestColumnsParts(t *testing.T) {
	const rows = 1000
	r := newRand(7)
	m := compiled(t, randomCard(r))
	in, want, got := randomColumns(r, m, rows), newResults(rows), newResults(rows)
	if err := m.ScoreColumns(&want, in, noon); err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for from := 0; from < rows; from += 300 {
		to := min(from+300, rows)
		part, out := in.Rows(from, to), got.Rows(from, to)
		wait.Go(func() {
			if err := m.ScoreColumns(&out, part, noon); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("in parts (-want +got):\n%s", diff)
	}
	some := Results{Low: make([]float64, rows)}
	if err := m.ScoreColumns(&some, in, noon); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Results{Low: want.Low}, some, cmpopts.EquateNaNs()); diff != "" {
		t.Errorf("with one result (-want +got):\n%s", diff)
	}
}

// TestColumnsOfNone: no row is no error.
func TestColumnsOfNone(t *testing.T) {
	m := compiled(t, Starter())
	in := Columns{Values: make([][]float64, len(m.measures)), At: make([][]int64, len(m.measures))}
	for i := range in.At {
		in.At[i] = []int64{}
	}
	if err := m.ScoreColumns(&Results{Value: []float64{}}, in, noon); err != nil {
		t.Error(err)
	}
}

func TestColumnsErrors(t *testing.T) {
	m := compiled(t, Scorecard{
		Format: 1, Name: "two", Bands: []Band{{"all", 0}},
		Groups: []Group{{Name: "g", Weight: 1, Measures: []Measure{
			{Name: "a", Weight: 1, Curve: Curve{Points, []Knot{{0, 0}, {10, 100}}}},
			{Name: "b", Weight: 1, Expire: Day, Curve: Curve{Points, []Knot{{0, 0}, {10, 100}}}},
		}}},
	})
	two, three := []float64{1, 2}, []float64{1, 2, 3}
	for _, c := range []struct {
		name string
		want string
		make func(out *Results, in *Columns, asOf *time.Time)
	}{
		{"as of", "as of is zero", func(_ *Results, _ *Columns, asOf *time.Time) { *asOf = time.Time{} }},
		{"no values", "values: 0 columns for 2 measures", func(_ *Results, in *Columns, _ *time.Time) { in.Values = nil }},
		{"values", `values of "b": 3 rows, and values of "a" have 2`, func(_ *Results, in *Columns, _ *time.Time) { in.Values[1] = three }},
		{"nil values", `values of "b": 0 rows, and values of "a" have 2`, func(_ *Results, in *Columns, _ *time.Time) { in.Values[1] = nil }},
		{"at", "at: 1 columns for 2 measures", func(_ *Results, in *Columns, _ *time.Time) { in.At = in.At[:1] }},
		{"at of one", `at of "a": 1 rows, and values of "a" have 2`, func(_ *Results, in *Columns, _ *time.Time) { in.At[0] = []int64{1} }},
		{"no at", `at of "b": there is none, and the measure expires`, func(_ *Results, in *Columns, _ *time.Time) { in.At = nil }},
		{"no at of one", `at of "b": there is none, and the measure expires`, func(_ *Results, in *Columns, _ *time.Time) { in.At[1] = nil }},
		{"states", "states: 3 columns for 2 measures", func(_ *Results, in *Columns, _ *time.Time) { in.States = make([][]uint8, 3) }},
		{"states of one", `states of "b": 0 rows, and values of "a" have 2`, func(_ *Results, in *Columns, _ *time.Time) { in.States = [][]uint8{nil, {}} }},
		{"since", `since: 3 rows, and values of "a" have 2`, func(_ *Results, in *Columns, _ *time.Time) { in.Since = make([]int64, 3) }},
		{"no result", "the results have no column", func(out *Results, _ *Columns, _ *time.Time) { *out = Results{} }},
		{"value", `result value: 3 rows, and values of "a" have 2`, func(out *Results, _ *Columns, _ *time.Time) { out.Value = three }},
		{"coverage", `result coverage: 3 rows, and values of "a" have 2`, func(out *Results, _ *Columns, _ *time.Time) { out.Coverage = three }},
		{"low", `result low: 3 rows, and values of "a" have 2`, func(out *Results, _ *Columns, _ *time.Time) { out.Low = three }},
		{"high", `result high: 3 rows, and values of "a" have 2`, func(out *Results, _ *Columns, _ *time.Time) { out.High = three }},
		{"band", `result band: 0 rows, and values of "a" have 2`, func(out *Results, _ *Columns, _ *time.Time) { out.Band = []int32{} }},
		{"bad", `result bad: 1 rows, and values of "a" have 2`, func(out *Results, _ *Columns, _ *time.Time) { out.Bad = []bool{true} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			out, asOf := newResults(2), noon
			in := Columns{Values: [][]float64{two, two}, At: [][]int64{nil, {NoTime, NoTime}}}
			c.make(&out, &in, &asOf)
			err := m.ScoreColumns(&out, in, asOf)
			if want := "health: score columns: " + c.want; err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
			if len(out.Value) > 0 && out.Value[0] != -7 && out.Value[0] != 1 {
				t.Errorf("wrote %v", out.Value)
			}
		})
	}
	in := Columns{Values: [][]float64{two, two}, At: [][]int64{nil, {NoTime, NoTime}}}
	if err := m.ScoreColumns(nil, in, noon); err == nil {
		t.Error("no results: no error")
	}
}

// TestColumnsAllocate: what is allocated does not depend on the rows.
func TestColumnsAllocate(t *testing.T) {
	r := newRand(3)
	m := compiled(t, randomCard(r))
	count := func(rows int) float64 {
		in, out := randomColumns(newRand(4), m, rows), newResults(rows)
		return testing.AllocsPerRun(5, func() {
			if err := m.ScoreColumns(&out, in, noon); err != nil {
				t.Fatal(err)
			}
		})
	}
	if few, many := count(300), count(30_000); few != many {
		t.Errorf("%v allocations for 300 rows, %v for 30000", few, many)
	}
}

// FuzzScoreColumns gives every measure of a random card one reading: no panic, and the bits of Score.
func FuzzScoreColumns(f *testing.F) {
	for i, at := range oddTimes {
		f.Add(uint64(i), float64(i), at, oddTimes[(i+3)%len(oddTimes)], uint8(i%5))
	}
	f.Fuzz(func(t *testing.T, seed uint64, value float64, at, since int64, code uint8) {
		m := compiled(t, randomCard(newRand(seed)))
		in, out := Columns{Since: []int64{since}}, newResults(1)
		for range m.measures {
			in.Values, in.At = append(in.Values, []float64{value}), append(in.At, []int64{at})
			in.States = append(in.States, []uint8{code})
		}
		if err := m.ScoreColumns(&out, in, noon); err != nil {
			t.Fatal(err)
		}
		if want, _, s := wantRow(m, in, 0); gotRow(out, 0) != want {
			t.Errorf("ScoreColumns gives %s, Score %s\n%+v", gotRow(out, 0), want, s)
		}
	})
}
