package house_test

var coreSamples = []sample{
	{check: "state", name: "constants in all but name", source: `package p

import (
	"errors"
	"fmt"
	"regexp"
	"slices"

	"github.com/shopspring/decimal"
)

var ErrConflict = errors.New("conflict")

var _ fmt.Stringer = kind("")

var (
	kinds  = []kind{"a", "b"}
	sizes  = [...]int{1, 2}
	points = map[kind]float64{"a": 1}
	word   = regexp.MustCompile("[a-z]+")
	whole  = decimal.New(1, 0)
	half   = float64(1) / 2
	parsers = map[string]func(string) int{"n": func(s string) int { return len(fmt.Sprint(s)) }}
)

type kind string

func (k kind) String() string { return string(k) }

func known(k kind) (float64, bool, bool) {
	for range sizes[1:] {
	}
	local := slices.Clone(kinds)
	local[0] = "c"
	return points[k] * half, slices.Contains(kinds, k), oneOf(k, kinds) && word.MatchString(string(kinds[0])) && whole.Sign() > 0
}

func oneOf(k kind, in []kind) bool {
	for _, x := range in[1:] {
		if x == k {
			return true
		}
	}
	return len(in) > 1 && oneOf(k, in[1:])
}
`},
	{check: "state", name: "declared", source: `package p

import (
	"math/rand/v2"
	"sync"
	"time"
)

var mu sync.Mutex // bad

var cache map[string]int // bad

var Default = 3 // bad

var start = time.Now() // bad

var seed = rand.Uint64() // bad

var size, names = load() // bad

func load() (int, []string) { return 0, nil }
`},
	{check: "state", name: "changed", source: `package p

import (
	"slices"
	"sync"
)

var (
	count = 0
	table = map[string]int{"a": 1}
	list  = []int{2, 1}
	array = [3]int{1, 2, 3}
	once  = &sync.Once{}
	row   = struct{ n int; inner []int }{1, nil}
	deep  = map[string][]int{"a": {1}}
)

func change(key string) {
	count++ // bad
	count = 1 // bad
	table[key] = 2 // bad
	delete(table, key) // bad
	slices.Sort(list) // bad
	list = append(list, 1) // bad
	copy(list, array[:]) // bad
	array[0]-- // bad
	p := &array[1] // bad
	some := array[1:] // bad
	some[0] = 1
	once.Do(func() {}) // bad
	row.n = *p // bad
	deep[key][0] = 1 // bad
	for count = range 3 { // bad
	}
	alias := table // bad
	alias[key] = 1
	_ = [][]int{list} // bad
	put(1, deep[key]) // bad
}

func put(x int, to []int) { to[0] = x }

func out() map[string]int { return table } // bad
`},
	{check: "clock", name: "arguments", source: `package p

import (
	"math/rand/v2"
	"time"
)

func window(asOf, other time.Time, w time.Duration, seed uint64) bool {
	r := rand.New(rand.NewPCG(seed, 1))
	return other.After(asOf.Add(-w)) && r.Float64() < time.Duration(1).Seconds() && asOf.UTC().Before(other)
}
`},
	{check: "clock", name: "the machine's", source: `package p

import (
	"context"
	"math/rand/v2"
	"os"
	"time"
)

func all(ctx context.Context, t time.Time, xs []int) {
	_ = time.Now() // bad
	_ = time.Since(t) // bad
	_ = time.Until(t) // bad
	_ = t.Local() // bad
	_ = t.In(time.Local) // bad
	time.Sleep(1) // bad
	_ = os.Getenv("HOME") // bad
	_ = rand.IntN(3) // bad
	rand.Shuffle(len(xs), nil) // bad
	_, _ = context.WithTimeout(ctx, 1) // bad
	now := time.Now // bad
	_ = now
}
`},
	{check: "clock", name: "the default of a service", file: "service.go", source: `package p

import "time"

type Options struct{ Now func() time.Time }

func start(o Options) time.Time {
	if o.Now == nil {
		o.Now = time.Now
	}
	return o.Now()
}

func hurried() time.Time { return time.Now() } // bad
`},
	{check: "flow", name: "plain", source: `package p

import "errors"

func MustParse(s string) int {
	if s == "" {
		panic("empty")
	}
	return len(s)
}

type T struct{}

func (T) init() error { return errors.New("panic") }
`},
	{check: "flow", name: "sideways", source: `package p

import "github.com/shopspring/decimal"

func init() {} // bad

func f(c chan int) {
	go f(c) // bad
	defer func() { _ = recover() }() // bad
	select { // bad
	case <-c:
	default:
	}
	if c == nil {
		panic("no channel") // bad
	}
	_ = decimal.RequireFromString("1") // bad
}
`},
	{check: "order", name: "sorted", source: `package p

import (
	"maps"
	"slices"
	"strings"
)

func f(m map[string]int, xs []string) (n int) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		n += m[k]
	}
	for range xs {
	}
	keys := slices.Collect(maps.Keys(m))
	slices.SortFunc(keys, strings.Compare)
	for k := range m { //det:sorted only deletes
		delete(m, k)
	}
	_ = maps.Clone(m)
	return n
}
`},
	{check: "order", name: "as it comes", source: `package p

import (
	"maps"
	"reflect"
	"slices"
	"sync"
)

type set map[string]bool

func f[M ~map[string]int](m M, s set, sm *sync.Map) {
	for range m { // bad
	}
	for range s { // bad
	}
	for k := range maps.Keys(s) { // bad
		_ = k
	}
	_ = slices.Collect(maps.Values(m)) // bad
	all := maps.All(m) // bad
	_ = all
	keys := slices.Collect(maps.Keys(s)) // bad
	keys[0] = "x"
	slices.Sort(keys)
	sm.Range(nil) // bad
	_ = reflect.ValueOf(m).MapKeys() // bad
	for range s { //det:sorted // bad
	}
}
`},
	{check: "fused", name: "rounded", source: `package p

import "math"

type point struct{ x, y float64 }

func f(a, b, c float64, n, m int, p point) float64 {
	const k = 2 * 3.5
	d := float64(a * b)
	q := a * b
	if q > c && n*m+1 > 2 {
		return (a*b)/c + k
	}
	p.x = float64(a * b)
	last := c
	last *= (b - last) / (b + last)
	e := (a + b) * (a - c)
	a = 2*b - 0.25*c - -1*c
	_ = math.Sqrt(e)
	return float64(a*b) + float64(float64(b*c)*a) - d + p.x
}
`},
	{check: "fused", name: "direct", source: `package p

type points float64

func f(a, b, c float64, p points) float64 {
	s := a*b + c // bad
	s += a * b // bad
	s -= (a * b) // bad
	t := c - -(a * b) // bad
	u := 3*p + 1 // bad
	return s + t + float64(u) + (c + float64(a*b)) - a*b*c // bad
}

func g[F ~float64](a, b F) F { return a + a*b } // bad
`},
	{check: "fused", name: "on the way", source: `package p

type part struct{ weight, value float64 }

func scale(a, b float64) float64 { return a * b }

func add(sum, x float64) float64 { return sum + x } // bad

func f(a, b, c float64, ps []part, xs []float64) float64 {
	v := a * b
	s := v + c // bad
	w := c
	w *= a
	s += w // bad
	s = s + scale(a, b) // bad
	p := part{weight: a * b}
	s += p.weight // bad
	ps[0].value = a * b
	s -= ps[1].value // bad
	xs[0] = a * b
	for i := range xs {
		s += xs[i] // bad
	}
	for range 2 {
		s += c // bad
		c *= a
	}
	return add(s, a*c)
}
`},
	{check: "approximate", name: "exact", source: `package p

import "math"

func f(x float64) float64 { return math.Sqrt(math.Abs(x)) * math.Pi }
`},
	{check: "approximate", name: "not exact", source: `package p

import "math"

func f(x float64) float64 {
	g := math.Log1p // bad
	return math.Pow(x, 2) + g(x) // bad
}
`},
	{check: "money", name: "steady", source: `package p

import "github.com/shopspring/decimal"

type line struct {
	Amount decimal.Decimal
	Other  *line
}

func f(a, b decimal.Decimal, l, m *line, byCurrency map[string]decimal.Decimal) (string, bool) {
	share := a.Mul(b).DivRound(decimal.NewFromInt(3), 2)
	return share.StringFixed(2), a.Equal(b) && l == m && a.Cmp(decimal.Decimal{}) > 0
}
`},
	{check: "money", name: "loose", source: `package p

import "github.com/shopspring/decimal"

type line struct{ Amount decimal.Decimal }

type pair [2]line

func f(a, b decimal.Decimal, l, m line, p, q pair) {
	_ = a.Div(b) // bad
	_ = decimal.Avg(a, b) // bad
	_ = decimal.NewFromFloat(1.5) // bad
	_, _ = a.PowInt32(2) // bad
	_ = a.String() // bad
	_ = a == b // bad
	_ = l != m // bad
	_ = p == q // bad
	_ = map[line]int{} // bad
	_ = decimal.Zero // bad
	decimal.DivisionPrecision = 3 // bad
}
`},
}
