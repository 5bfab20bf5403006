package peer_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

// reference returns the path of a file of known answers, or skips.
func reference(t *testing.T, parts ...string) string {
	t.Helper()
	root := os.Getenv("CS_REFERENCE")
	if root == "" {
		root = "../../../shared/reference"
	}
	path := filepath.Join(append([]string{root}, parts...)...)
	if _, err := os.Stat(path); err != nil && os.Getenv("CS_REFERENCE") == "" {
		t.Skip("the known answers are not part of the project: ", err)
	}
	return path
}

func amounts(values ...string) []decimal.Decimal {
	var list []decimal.Decimal
	for _, v := range values {
		list = append(list, dec(v))
	}
	return list
}

func whole(values ...int64) []decimal.Decimal {
	var list []decimal.Decimal
	for _, v := range values {
		list = append(list, decimal.NewFromInt(v))
	}
	return list
}

func check(t *testing.T, r peer.Rules, values []decimal.Decimal) []peer.Rule {
	t.Helper()
	broken, err := r.Check(values)
	if err != nil {
		t.Fatal(err)
	}
	return broken
}

// TestScenario8Peers: with p = 30 the others must hide 30 of the largest, 100, from the second, 60.
func TestScenario8Peers(t *testing.T) {
	r := peer.Rules{K: 4, Percent: dec("30")}
	for _, tt := range []struct {
		name   string
		values []int64
		want   []peer.Rule
	}{
		{"40 hide the 100", []int64{100, 60, 20, 10, 5, 5}, nil},
		{"20 don't", []int64{100, 60, 10, 5, 5}, []peer.Rule{peer.PPercent}},
		{"30 do", []int64{100, 60, 10, 10, 10}, nil},
		{"four", []int64{100, 60, 20, 20}, []peer.Rule{peer.Minimum}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, check(t, r, whole(tt.values...))); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
			var list []peer.Contribution
			for i, v := range tt.values {
				list = append(list, plain(fmt.Sprint("c", i), fmt.Sprint(v)))
			}
			p := publish(t, list, nil, peer.Options{Rules: r})
			if published := len(p.Release.Groups) == 1; published != (tt.want == nil) {
				t.Errorf("published: %t", published)
			}
		})
	}
}

// TestHandbook has the examples of the Handbook on Statistical Disclosure Control, section 4.2.
func TestHandbook(t *testing.T) {
	p10 := peer.Rules{K: 2, Percent: dec("10")}
	dominance := func(n int, k string) peer.Rules {
		return peer.Rules{K: 2, Percent: dec("0.0001"), Dominance: []peer.Dominance{{N: n, Percent: dec(k)}}}
	}
	for _, tt := range []struct {
		name   string
		rules  peer.Rules
		values []decimal.Decimal
		want   []peer.Rule
	}{
		{"1: (1,90) finds it safe", dominance(1, "90"), whole(50000, 49000, 1000), nil},
		{"1: p = 10 does not", p10, whole(50000, 49000, 1000), []peer.Rule{peer.PPercent}},
		{"2: p = 10 finds it safe", p10, whole(52000, 50000, 8000), nil},
		{"2: (2,90.909) does not", dominance(2, "90.909"), whole(52000, 50000, 8000), []peer.Rule{peer.DominanceRule}},
		{"1b: two companies", p10, whole(10, 10), []peer.Rule{peer.Minimum, peer.PPercent}},
		{"1d: 51 companies, one with 99 %", p10, append(repeated("0.02", 50), dec("99")), []peer.Rule{peer.PPercent}},
		{"1d: by dominance", dominance(1, "90"), append(repeated("0.02", 50), dec("99")), []peer.Rule{peer.DominanceRule}},
		{"weights 4 and 7: the largest two are 100 each", p10, append(repeated("100", 4), repeated("10", 7)...), nil},
		{"a sample, p = 3", peer.Rules{K: 2, Percent: dec("3")}, whole(100, 100, 1, 1, 1), nil},
		{"a sample, p above 3", peer.Rules{K: 2, Percent: dec("3.0001")}, whole(100, 100, 1, 1, 1), []peer.Rule{peer.PPercent}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, check(t, tt.rules, tt.values)); diff != "" {
				t.Errorf("broken (-want +got):\n%s", diff)
			}
		})
	}
}

func repeated(v string, n int) []decimal.Decimal { return slices.Repeat([]decimal.Decimal{dec(v)}, n) }

// TestHandbookFile reads every row of the file that the examples above are from.
func TestHandbookFile(t *testing.T) {
	data, err := os.ReadFile(reference(t, "peer", "handbook_examples.json"))
	if err != nil {
		t.Fatal(err)
	}
	var rows []struct {
		ID       string
		X        int64
		Top      []int64
		Rules    map[string]string
		Estimate int64   `json:"upper_estimate_of_x1_by_second"`
		Over     float64 `json:"over_estimate_pct"`
		Pairs    []struct{ K, P float64 }

		Contributions [][2]int64
		Sampled       [][2]int64
		Total         int64 `json:"weighted_total"`
		Largest       []int64
		Unsafe        int64   `json:"unsafe_for_p_greater_than"`
		N             int     `json:"n"`
		Share         float64 `json:"share_of_largest"`
	}
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 7 {
		t.Fatalf("%d rows, want 7", len(rows))
	}
	for _, row := range rows {
		t.Run(row.ID, func(t *testing.T) {
			var weighted []decimal.Decimal
			for _, c := range append(row.Contributions, row.Sampled...) {
				weighted = append(weighted, repeated(fmt.Sprint(c[0]), int(c[1]))...)
			}
			switch {
			case len(row.Top) == 2:
				rest := row.X - row.Top[0] - row.Top[1]
				if got := row.Top[0] + rest; got != row.Estimate {
					t.Errorf("the second estimates %d, want %d", got, row.Estimate)
				}
				over := 100 * float64(rest) / float64(row.Top[0])
				if math.Abs(over-row.Over) > 0.05 {
					t.Errorf("%v %% too high, want %v", over, row.Over)
				}
				values := whole(row.Top[0], row.Top[1], rest)
				at := peer.Rules{K: 2, Percent: decimal.NewFromFloat(math.Floor(over*1e4) / 1e4)}
				if broken := check(t, at, values); broken != nil {
					t.Errorf("%v at p just below the estimate", broken)
				}
				at.Percent = at.Percent.Add(dec("0.001"))
				if broken := check(t, at, values); !slices.Equal(broken, []peer.Rule{peer.PPercent}) {
					t.Errorf("%v at p just above the estimate", broken)
				}
			case row.Pairs != nil:
				for _, pair := range row.Pairs {
					if p := 100 * (100 - pair.K) / pair.K; math.Abs(p-pair.P) > 0.005 {
						t.Errorf("k = %v gives p = %v, want %v", pair.K, p, pair.P)
					}
				}
			case weighted != nil:
				total := decimal.Sum(decimal.Decimal{}, weighted...)
				if !total.Equal(decimal.NewFromInt(row.Total)) {
					t.Errorf("total %v, want %d", total, row.Total)
				}
				if row.Unsafe > 0 {
					r := peer.Rules{K: 2, Percent: decimal.NewFromInt(row.Unsafe)}
					if broken := check(t, r, weighted); broken != nil {
						t.Errorf("%v at p = %d", broken, row.Unsafe)
					}
					r.Percent = r.Percent.Add(dec("0.0001"))
					if broken := check(t, r, weighted); broken == nil {
						t.Errorf("safe above p = %d", row.Unsafe)
					}
				}
			case row.Share > 0:
				rest := decimal.NewFromFloat(1-row.Share).Round(4).DivRound(decimal.NewFromInt(int64(row.N-1)), 8)
				values := append(slices.Repeat([]decimal.Decimal{rest}, row.N-1), decimal.NewFromFloat(row.Share))
				if broken := check(t, peer.Rules{}, values); !slices.Contains(broken, peer.PPercent) {
					t.Errorf("%v, want p %%", broken)
				}
			case row.N == 2:
				if broken := check(t, peer.Rules{K: 2}, whole(7, 7)); !slices.Contains(broken, peer.Minimum) {
					t.Errorf("%v, want the minimum", broken)
				}
			default:
				t.Error("a row of no known kind")
			}
		})
	}
}

// TestRulesTwin checks the rules against their definitions in floats that are exact for such values, and that a group is
// published exactly when they hold; values are spread wide enough for the last rule to hold.
func TestRulesTwin(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	both := [2]int{}
	for range 3000 {
		n := 1 + r.IntN(9)
		values := make([]int64, n)
		for i := range values {
			values[i] = int64(i+1) * (1 + r.Int64N(60)) * (1 + r.Int64N(60))
		}
		rules := peer.Rules{K: 2 + r.IntN(3), Percent: decimal.NewFromInt(1 + r.Int64N(60)),
			Dominance: []peer.Dominance{{N: 1 + r.IntN(3), Percent: decimal.NewFromInt(50 + r.Int64N(50))}}}
		sorted := slices.Sorted(slices.Values(values))
		slices.Reverse(sorted)
		total, top := int64(0), int64(0)
		for i, v := range sorted {
			total += v
			if i < rules.Dominance[0].N {
				top += v
			}
		}
		second := int64(0)
		if n > 1 {
			second = sorted[1]
		}
		var want []peer.Rule
		if n < rules.K+1 {
			want = append(want, peer.Minimum)
		}
		if 100*(total-sorted[0]-second) < rules.Percent.IntPart()*sorted[0] {
			want = append(want, peer.PPercent)
		}
		if 100*top > rules.Dominance[0].Percent.IntPart()*total {
			want = append(want, peer.DominanceRule)
		}
		got := check(t, rules, whole(values...))
		if !slices.Equal(got, want) {
			t.Fatalf("%v under %+v: %v, want %v", values, rules, got, want)
		}
		var list []peer.Contribution
		for i, v := range values {
			list = append(list, plain(fmt.Sprint("c", i), fmt.Sprint(v)))
		}
		p := publish(t, list, nil, peer.Options{Rules: rules})
		if len(p.Release.Groups) > 0 && want != nil {
			t.Fatalf("%v under %+v is published", values, rules)
		}
		if len(p.Release.Groups) == 0 && want == nil && p.Withheld[0].Rule != peer.Spread {
			t.Fatalf("%v under %+v is withheld by %v", values, rules, p.Withheld)
		}
		both[len(p.Release.Groups)]++
	}
	if both[0] < 300 || both[1] < 300 {
		t.Errorf("%d withheld, %d published: one-sided", both[0], both[1])
	}
}

func TestRulesRefuse(t *testing.T) {
	for _, tt := range []struct {
		name   string
		rules  peer.Rules
		values []decimal.Decimal
		want   string
	}{
		{"negative value", peer.Rules{}, amounts("5", "-0.01"), "peer: value 1: is negative: no rule on shares of a total protects it"},
		{"K of 1", peer.Rules{K: 1}, nil, "peer: rules: K: must be 2 to 4000000, not 1"},
		{"negative p", peer.Rules{Percent: dec("-1")}, nil, "peer: rules: percent: must be above 0 to 1000 with at most four digits after the point"},
		{"p of five digits", peer.Rules{Percent: dec("0.00001")}, nil, "peer: rules: percent: must be above 0 to 1000 with at most four digits after the point"},
		{"dominance of none", peer.Rules{Dominance: []peer.Dominance{{Percent: dec("1")}}}, nil,
			"peer: rules: dominance 0: must have N of 1 or more and a percentage above 0 to 100 with at most four digits after the point"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.rules.Check(tt.values)
			var data *peer.DataError
			if !errors.As(err, &data) || err.Error() != tt.want {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
}
