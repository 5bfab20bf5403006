package health_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
)

// group is a holding over two regions, of which one has an account that is not scored.
func holding() []health.Child {
	money := func(c health.Child, amount string) health.Child {
		c.Money, c.Currency = decimal.RequireFromString(amount), "EUR"
		return c
	}
	return []health.Child{
		money(health.Child{Account: "holding", Known: true, Value: 95, Band: "green"}, "0"),
		money(health.Child{Account: "north", Parent: "holding"}, "0"),
		money(health.Child{Account: "n1", Parent: "north", Known: true, Value: 40, Band: "red"}, "900.10"),
		money(health.Child{Account: "n2", Parent: "north", Known: true, Value: 80, Band: "green"}, "99.90"),
		money(health.Child{Account: "n3", Parent: "north"}, "5000"),
		money(health.Child{Account: "s1", Parent: "south", Known: true, Value: 60, Band: "amber"}, "1000"), // south is no account
		money(health.Child{Account: "s2", Parent: "south", Known: true, Value: 90, Band: "green"}, "0"),
		{Account: "alone", Known: true, Value: 10, Band: "red", Currency: "EUR"},
		money(health.Child{Account: "east", Parent: "holding"}, "0"),
		money(health.Child{Account: "e1", Parent: "east"}, "100"),
	}
}

func TestRollup(t *testing.T) {
	for _, c := range []struct {
		how  health.How
		want []string // east, holding, north, south
	}{
		{health.How{Method: health.RollMean}, []string{"east unknown 0+1", "holding 60 2+2", "north 60 2+1", "south 75 2+0"}},
		{health.How{Method: health.RollMoney}, []string{"east unknown 0+1", "holding 43.996 2+2", "north 43.996 2+1", "south 60 1+0"}},
		{health.How{Method: health.RollShare, Band: "green"}, []string{"east unknown 0+1", "holding 0.5 2+2", "north 0.5 2+1", "south 0.5 2+0"}},
		{health.How{Method: health.RollShare, Band: "blue"}, []string{"east unknown 0+1", "holding 0 2+2", "north 0 2+1", "south 0 2+0"}},
		{health.How{Method: health.RollWorst}, []string{"east unknown 0+1", "holding 40 2+2", "north 40 2+1", "south 60 2+0"}},
		{health.How{Method: health.RollOwn}, []string{"east unknown 0+1", "holding 95 2+2", "north unknown 2+1", "south unknown 2+0"}},
	} {
		children := holding()
		for range 3 {
			rolled, err := health.Rollup(children, c.how)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range rolled {
				value := "unknown"
				if r.Known {
					value = fmt.Sprint(math.Round(r.Value*1e4) / 1e4)
				}
				got = append(got, fmt.Sprintf("%s %s %d+%d", r.Account, value, r.Counted, r.Unknown))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%+v (-want +got):\n%s", c.how, diff)
			}
			slices.Reverse(children)
			children = append(children[3:], children[:3]...)
		}
	}
	text, err := json.Marshal([]health.Rolled{{Account: "a", Unknown: 2}, {Account: "b", Known: true, Value: 43.5, Counted: 1}})
	want := `[{"account":"a","known":false,"value":null,"counted":0,"unknown":2},{"account":"b","known":true,"value":43.5,"counted":1,"unknown":0}]`
	if err != nil || string(text) != want {
		t.Errorf("JSON %s, %v; want %s", text, err, want)
	}
}

func TestRollupErrors(t *testing.T) {
	mean, money := health.How{Method: health.RollMean}, health.How{Method: health.RollMoney}
	eur := func(account, amount string) health.Child {
		return health.Child{Account: account, Money: decimal.RequireFromString(amount), Currency: "EUR"}
	}
	long := strings.Repeat("a", 99)
	for _, c := range []struct {
		name     string
		children []health.Child
		how      health.How
		want     string
	}{
		{"no method", nil, health.How{}, `health: roll up: method "" is none of mean, money, share_in_band, worst, own`},
		{"a share of no band", nil, health.How{Method: health.RollShare}, `health: roll up: method "share_in_band" with band ""`},
		{"a mean of a band", nil, health.How{Method: health.RollMean, Band: "red"}, `health: roll up: method "mean" with band "red"`},
		{"no account", []health.Child{{}}, mean, `health: account "": account: is empty`},
		{"twice", []health.Child{{Account: "a"}, {Account: "b"}, {Account: "a"}}, mean, `health: account "a": account: is there twice`},
		{"a parent with a tab", []health.Child{{Account: "a", Parent: "\t"}}, mean, `health: account "a": parent: contains the control character U+0009 at byte 0`},
		{"its own parent", []health.Child{{Account: "a", Parent: "a"}}, mean, `health: account "a": parent: the account is below itself: a, a`},
		{"a cycle beside a tree", []health.Child{{Account: "x", Parent: "c"}, {Account: "c", Parent: "b"}, {Account: "b", Parent: "d"}, {Account: "d", Parent: "c"}, {Account: "a"}}, mean,
			`health: account "b": parent: the account is below itself: b, d, c, b`},
		{"a long cycle of long names", []health.Child{{Account: long, Parent: "b"}, {Account: "b", Parent: "c"}, {Account: "c", Parent: "d"}, {Account: "d", Parent: "e"},
			{Account: "e", Parent: "f"}, {Account: "f", Parent: "g"}, {Account: "g", Parent: "h"}, {Account: "h", Parent: "i"}, {Account: "i", Parent: long}}, mean,
			fmt.Sprintf("health: account %q: parent: the account is below itself: %s…, b, c, d, e, f, g, h, …", long, long[:64])},
		{"NaN", []health.Child{{Account: "a", Known: true, Value: math.NaN()}}, mean, `health: account "a": value: NaN is outside of 0 to 100`},
		{"no band", []health.Child{{Account: "a", Known: true, Value: 1}}, health.How{Method: health.RollShare, Band: "red"}, `health: account "a": band: is empty`},
		{"negative", []health.Child{eur("a", "-1")}, money, `health: account "a": money: is negative`},
		{"out of bounds", []health.Child{eur("a", "1e19")}, money, `health: account "a": money: has the exponent 19, outside -18 to 18`},
		{"another currency than the first's", []health.Child{eur("a", "1"), {Account: "b", Currency: "USD"}}, money, `health: account "b": currency: "USD" is not "EUR", an ISO 4217 code that all have`},
		{"the first's alone is another", []health.Child{{Account: "a", Currency: "USD"}, eur("b", "1"), eur("c", "1")}, money, `health: account "b": currency: "EUR" is not "USD", an ISO 4217 code that all have`},
		{"another currency far down, of no money", []health.Child{eur("a", "1"), eur("b", "1"), eur("c", "1"), {Account: "d", Parent: "a", Currency: "JPY"}}, money,
			`health: account "d": currency: "JPY" is not "EUR", an ISO 4217 code that all have`},
		{"a currency folded", []health.Child{eur("a", "1"), {Account: "b", Currency: "eur"}}, money, `health: account "b": currency: "eur" is not "EUR", an ISO 4217 code that all have`},
		{"a currency left out", []health.Child{eur("a", "1"), {Account: "b"}}, money, `health: account "b": currency: "" is not "EUR", an ISO 4217 code that all have`},
		{"no currency of the world", []health.Child{{Account: "a", Currency: "EURO"}, {Account: "b", Currency: "EURO"}}, money, `health: account "a": currency: "EURO" is not "EURO", an ISO 4217 code that all have`},
		{"no currency", []health.Child{{Account: "a"}}, money, `health: account "a": currency: "" is not "", an ISO 4217 code that all have`},
	} {
		_, err := health.Rollup(c.children, c.how)
		var data *health.DataError
		if err == nil || err.Error() != c.want || errors.As(err, &data) != (len(c.children) > 0) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

// TestRollupCurrencies: money of several currencies is never summed, and is nobody's business where it is not looked at.
func TestRollupCurrencies(t *testing.T) {
	children := holding()
	for i := range children[1:] {
		mixed := slices.Clone(children)
		mixed[1+i].Currency = "USD"
		_, err := health.Rollup(mixed, health.How{Method: health.RollMoney})
		var data *health.DataError
		if !errors.As(err, &data) || data.Account != mixed[1+i].Account || data.Field != "currency" {
			t.Errorf("%q in another currency than the others: got %v", mixed[1+i].Account, err)
		}
		for _, how := range []health.How{{Method: health.RollMean}, {Method: health.RollShare, Band: "red"}, {Method: health.RollWorst}, {Method: health.RollOwn}} {
			want, err := health.Rollup(children, how)
			if err != nil {
				t.Fatal(err)
			}
			got, err := health.Rollup(mixed, how)
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%s with two currencies: %v (-want +got):\n%s", how.Method, err, diff)
			}
		}
	}
}

// TestRollupTwin rolls random forests up in exact arithmetic, by walking up from each leaf.
func TestRollupTwin(t *testing.T) {
	const unit = 1.0 / (1 << 20)
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 7))
		children := make([]health.Child, 1+r.IntN(40))
		parent := map[string]string{}
		parents := map[string]bool{}
		for i := range children {
			c := &children[i]
			*c = health.Child{
				Account: fmt.Sprint("a", i), Known: r.IntN(4) > 0, Value: float64(r.IntN(100<<20)) * unit, Band: "red",
				Money: decimal.New(int64(r.IntN(100000)), -2), Currency: "EUR",
			}
			if i > 0 && r.IntN(5) > 0 {
				c.Parent = fmt.Sprint("a", r.IntN(i))
				parent[c.Account], parents[c.Parent] = c.Parent, true
			}
		}
		sum, weight, n := map[string]*big.Rat{}, map[string]*big.Rat{}, map[string]int64{}
		for _, c := range children {
			if parents[c.Account] || !c.Known {
				continue
			}
			value, money := new(big.Rat).SetFloat64(c.Value), new(big.Rat).Set(c.Money.Rat())
			for at := parent[c.Account]; at != ""; at = parent[at] {
				if sum[at] == nil {
					sum[at], weight[at] = new(big.Rat), new(big.Rat)
				}
				sum[at].Add(sum[at], new(big.Rat).Mul(value, money))
				weight[at].Add(weight[at], money)
				if money.Sign() > 0 {
					n[at]++
				}
			}
		}
		r.Shuffle(len(children), func(i, j int) { children[i], children[j] = children[j], children[i] })
		rolled, err := health.Rollup(children, health.How{Method: health.RollMoney})
		if err != nil {
			t.Fatal(err)
		}
		if len(rolled) != len(parents) {
			t.Fatalf("seed %d: %d parents, want %d", seed, len(rolled), len(parents))
		}
		for _, x := range rolled {
			if int64(x.Counted) != n[x.Account] || x.Known != (n[x.Account] > 0) {
				t.Fatalf("seed %d: %+v, want %d counted", seed, x, n[x.Account])
			}
			if !x.Known {
				continue
			}
			exact := new(big.Rat).Quo(sum[x.Account], weight[x.Account])
			off := exact.Sub(exact, new(big.Rat).SetFloat64(x.Value))
			if off.Abs(off).Cmp(big.NewRat(1, 1<<21)) > 0 || math.Mod(x.Value, unit) != 0 {
				t.Fatalf("seed %d: %+v is off by %s", seed, x, off.FloatString(12))
			}
		}
	}
}

// TestRollupDeep: a chain of a hundred thousand accounts, and a cycle at its end.
func TestRollupDeep(t *testing.T) {
	const n = 100_000
	children := make([]health.Child, n)
	for i := range children {
		children[i] = health.Child{Account: fmt.Sprintf("a%06d", i), Parent: fmt.Sprintf("a%06d", i+1), Known: true, Value: 42}
	}
	rolled, err := health.Rollup(children, health.How{Method: health.RollMean})
	if err != nil || len(rolled) != n || rolled[n-1].Value != 42 || rolled[n-1].Counted != 1 {
		t.Fatalf("%d parents, %v; want %d at 42", len(rolled), err, n)
	}
	children[n-1].Parent = children[n/2].Account
	if _, err := health.Rollup(children, health.How{Method: health.RollMean}); err == nil || !strings.Contains(err.Error(), `"a050000": parent: the account is below itself`) {
		t.Errorf("got %v, want the cycle", err)
	}
}

// FuzzRollup rolls up any links: no panic, and what comes out is bounded by what went in.
func FuzzRollup(f *testing.F) {
	f.Add([]byte{0, 0, 1, 2, 3}, uint64(1))
	f.Add([]byte{1, 0}, uint64(2))
	f.Fuzz(func(t *testing.T, links []byte, seed uint64) {
		r := rand.New(rand.NewPCG(seed, 5))
		var children []health.Child
		for i, parent := range links {
			c := health.Child{Account: fmt.Sprint(i), Known: r.IntN(3) > 0, Value: 100 * r.Float64(), Band: "red", Money: decimal.New(r.Int64(), int32(r.IntN(37)-18)), Currency: "EUR"}
			if parent > 0 {
				c.Parent = fmt.Sprint(int(parent) - 1)
			}
			children = append(children, c)
		}
		for _, how := range []health.How{
			{Method: health.RollMean}, {Method: health.RollMoney}, {Method: health.RollWorst}, {Method: health.RollOwn}, {Method: health.RollShare, Band: "red"},
		} {
			rolled, err := health.Rollup(children, how)
			var data *health.DataError
			if err != nil && !errors.As(err, &data) {
				t.Fatal(err)
			}
			for _, x := range rolled {
				if !(x.Value >= 0 && x.Value <= 100) || x.Counted+x.Unknown > len(children) || !x.Known && x.Value != 0 {
					t.Fatalf("%+v", x)
				}
			}
		}
	})
}
