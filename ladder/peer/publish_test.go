package peer_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

// line is a group in one line: path, count, mean, quantiles.
func line(g peer.Group) string {
	text := fmt.Sprintf("%s/%s/%s/%s n=%d mean=%v", g.Stage, g.Segment, g.Industry, g.Size, g.Count, g.Mean)
	for _, q := range g.Quantiles {
		text += fmt.Sprintf(" %d:%v", q.Percent, q.Value)
	}
	return text
}

func lines(r peer.Release) []string {
	var list []string
	for _, g := range r.Groups {
		list = append(list, line(g))
	}
	return list
}

func TestPublishGroups(t *testing.T) {
	wide := []string{"1", "2", "3", "4", "5", "6", "7", "8"}
	for _, tt := range []struct {
		name     string
		list     []peer.Contribution
		want     []string
		withheld []peer.Rule
	}{
		{"one cell", cell("a", wide...), []string{"maturing/smb/retail/small n=8 mean=4.5"}, nil},
		{"nobody", nil, nil, nil},
		{"a group of one", cell("a", "5"), nil, []peer.Rule{peer.Minimum}},
		{"all values equal", cell("a", "5", "5", "5", "5", "5", "5", "5"), nil, []peer.Rule{peer.Spread}},
		{"all but one within p %", cell("a", "5", "5.1", "5.2", "5.3", "5.4", "5.1", "9"), nil, []peer.Rule{peer.Spread}},
		{"nobody gained anything", cell("a", "0", "0", "0", "0", "0"), nil, []peer.Rule{peer.Spread}},
		{"one dominates", cell("a", "1", "1.5", "2", "3", "4", "1000"), nil, []peer.Rule{peer.PPercent}},
		{"small siblings are pooled",
			slices.Concat(cell("a", wide...), in("smb", "retail", "m", cell("b", "2", "4", "6")), in("smb", "retail", "l", cell("c", "3", "5", "7"))),
			[]string{"maturing/smb/retail/ n=6 mean=4.5", "maturing/smb/retail/small n=8 mean=4.5"},
			[]peer.Rule{peer.Minimum, peer.Minimum}},
		{"a lone hidden cell takes its smallest sibling along, or a total would tell it",
			slices.Concat(cell("a", wide...), in("smb", "retail", "m", cell("b", "2", "4", "6")), in("smb", "retail", "l", cell("c", "3", "5", "7", "9", "11"))),
			[]string{"maturing/smb/retail/ n=8 mean=5.88", "maturing/smb/retail/small n=8 mean=4.5"},
			[]peer.Rule{peer.Complementary, peer.Minimum}},
		{"what is too small for its segment goes up",
			slices.Concat(cell("a", wide...), in("large", "steel", "m", cell("b", "2", "4", "6"))),
			[]string{"maturing/// n=11 mean=4.36 50:4.01"}, []peer.Rule{peer.Minimum, peer.Complementary}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := publish(t, tt.list, nil, peer.Options{})
			if diff := cmp.Diff(tt.want, lines(p.Release)); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
			var rules []peer.Rule
			for _, w := range p.Withheld {
				rules = append(rules, w.Rule)
			}
			if diff := cmp.Diff(tt.withheld, rules); diff != "" {
				t.Errorf("withheld (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCompaniesNotRecords: ten accounts of four companies are four contributors, in both senses: rules and counts.
func TestCompaniesNotRecords(t *testing.T) {
	var list []peer.Contribution
	for i := range 10 {
		c := plain(fmt.Sprint("company", i%4), fmt.Sprint(1+i%4*i))
		c.Account = fmt.Sprint("account", i)
		list = append(list, c)
	}
	if p := publish(t, list, nil, peer.Options{}); len(p.Release.Groups) > 0 || p.Withheld[0].Count != 4 {
		t.Errorf("%v, withheld %+v", lines(p.Release), p.Withheld)
	}
	more := plain("company4", "3")
	p := publish(t, append(list, more), nil, peer.Options{})
	if len(p.Release.Groups) != 1 || p.Release.Groups[0].Count != 5 {
		t.Fatalf("%v", lines(p.Release))
	}
	// The companies gained 1 + 1 + 1 by 3 accounts, 2 + 6 + 10 by 3, 5 + 13 by 2, 10 + 22 by 2, and 3: 1, 6, 9, 16 and 3
	// for each unit of spend.
	if got := p.Release.Groups[0].Mean; !got.Equal(dec("7")) {
		t.Errorf("mean %v, want 7", got)
	}
}

// TestTwoNames: IDs are never folded, but those that look like one company's are pointed out.
func TestTwoNames(t *testing.T) {
	list := cell("a", "1", "2", "3", "4", "5", "6")
	list[0].Company, list[1].Company, list[2].Company = "Acme, Inc.", "ACME Inc", "acme ink"
	p := publish(t, list, nil, peer.Options{})
	if diff := cmp.Diff([]peer.Alike{{Company: "ACME Inc", Other: "Acme, Inc."}}, p.Alike); diff != "" {
		t.Errorf("alike (-want +got):\n%s", diff)
	}
	if n := p.Release.Groups[0].Count; n != 6 {
		t.Errorf("%d companies, want 6", n)
	}
}

func TestPublishRefuses(t *testing.T) {
	good := cell("a", "1", "2", "3", "4", "5", "6")
	with := func(change func(c *peer.Contribution)) []peer.Contribution {
		list := slices.Clone(good)
		list[2].Values = slices.Clone(list[2].Values)
		change(&list[2])
		return list
	}
	for _, tt := range []struct {
		name string
		list []peer.Contribution
		want string
	}{
		{"mixed currencies", with(func(c *peer.Contribution) { c.Currency = "USD" }), `account "a02": currency: is USD, that of "a00" is EUR`},
		{"no currency", with(func(c *peer.Contribution) { c.Currency = "XXX" }), `account "a02": currency: "XXX" is not an ISO 4217 code with a minor unit`},
		{"zero spend", with(func(c *peer.Contribution) { c.Spend = decimal.Decimal{} }),
			`account "a02": spend: must be above 0: without spend the value for a unit of it is not known`},
		{"negative value", with(func(c *peer.Contribution) { c.Values[0].Amount = dec("-3") }),
			`account "a02": value 0: is negative: no rule on shares of a total protects it`},
		{"huge value", with(func(c *peer.Contribution) { c.Values[0].Amount = dec("1000001") }),
			`account "a02": values: are over a million for a unit of spend`},
		{"an exponent beyond bounds", with(func(c *peer.Contribution) { c.Values[0].Amount = dec("1e40") }), `account "a02": value 0: `},
		{"an account twice", with(func(c *peer.Contribution) { c.Account = "a03" }), `account "a03": account: is given twice`},
		{"a company in two cells", with(func(c *peer.Contribution) { c.Company, c.Size = "a03", "m" }),
			`account "a03": company: "a03" is in another cell with account "a02": a company stands in one`},
		{"no segment", with(func(c *peer.Contribution) { c.Segment = "" }), `account "a02": segment: is empty`},
		{"a driver that is no name", with(func(c *peer.Contribution) { c.Values[0].Driver = "a\x00" }), `account "a02": value 0: name: `},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := peer.Publish(january, april, tt.list, nil, peer.Options{})
			var data *peer.DataError
			if !errors.As(err, &data) || !strings.HasPrefix(err.Error(), "peer: "+tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
	for _, tt := range []struct {
		name string
		o    peer.Options
	}{
		{"percentile 0", peer.Options{Percentiles: []int{0}}},
		{"percentiles that fall", peer.Options{Percentiles: []int{50, 40}}},
		{"best of 100", peer.Options{Best: 100}},
		{"seven digits", peer.Options{Digits: 7}},
		{"K of 1", peer.Options{Rules: peer.Rules{K: 1}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var data *peer.DataError
			if _, err := peer.Publish(january, april, good, nil, tt.o); !errors.As(err, &data) {
				t.Errorf("%v, want a DataError", err)
			}
		})
	}
	var data *peer.DataError
	if _, err := peer.Publish(april, january, good, nil, peer.Options{}); !errors.As(err, &data) || data.Field != "period" {
		t.Errorf("%v, want a wrong period", err)
	}
	earlier := publish(t, good, nil, peer.Options{}).Record
	if _, err := peer.Publish(january, april.AddDate(0, 1, 0), good, &earlier, peer.Options{}); !errors.As(err, &data) || data.Field != "earlier record" {
		t.Errorf("%v, want a record of another period", err)
	}
}

// TestStable: a release stays as it is, to the byte, until enough companies have joined or left a group.
func TestStable(t *testing.T) {
	list := cell("a", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12")
	first := publish(t, list, nil, peer.Options{})
	again := func(name string, list []peer.Contribution, fresh bool, pending int) peer.Publication {
		t.Helper()
		p := publish(t, list, &first.Record, peer.Options{})
		if p.Fresh != fresh || p.Pending != pending {
			t.Errorf("%s: fresh %t with %d pending, want %t with %d", name, p.Fresh, p.Pending, fresh, pending)
		}
		if same := encode(t, p.Release) == encode(t, first.Release); same == fresh {
			t.Errorf("%s: the same release: %t\n%s", name, same, encode(t, p.Release))
		}
		if same := encode(t, p.Record) == encode(t, first.Record); same == fresh {
			t.Errorf("%s: the same record: %t", name, same)
		}
		return p
	}
	again("nothing new", list, false, 0)
	again("one joins", append(slices.Clip(list), plain("b", "99")), false, 1)
	again("one leaves", list[1:], false, 1)
	again("one restates", append(slices.Clip(list[1:]), plain("a00", "1.5")), false, 2)
	again("four join, of whom one could tell the others' sum", append(slices.Clip(list), cell("b", "3", "5", "7", "9")...), false, 4)
	again("five join, one far above", append(slices.Clip(list), cell("b", "1", "1", "1", "1", "99")...), false, 5)
	again("six join and one leaves", append(slices.Clip(list[1:]), cell("b", "3", "5", "7", "9", "11", "13")...), false, 7)
	alone := cell("b", "3", "5", "7", "9", "11", "13")
	for i := range alone[1:] {
		alone[i].Values[0].Driver = "risk_reduction"
	}
	again("six join, of whom one alone has the driver that is released", append(slices.Clip(list), alone...), false, 6)
	p := again("six join", append(slices.Clip(list), cell("b", "3", "5", "7", "9", "11", "13")...), true, 0)
	if g := p.Release.Groups[0]; p.Release.Number != 2 || g.Number != 2 || g.Count != 18 {
		t.Errorf("release %d, group %d of %d companies", p.Release.Number, g.Number, g.Count)
	}
	moved := slices.Clone(list)
	moved[3].Size = "m"
	again("one changes its size, and stays for the period", moved, false, 0)
	empty := publish(t, list[:3], nil, peer.Options{})
	if p := publish(t, list[:4], &empty.Record, peer.Options{}); p.Fresh || p.Release.Number != 1 || p.Pending != 4 {
		t.Errorf("still nothing: %+v", p)
	}
	if p := publish(t, list, &empty.Record, peer.Options{}); !p.Fresh || p.Release.Number != 2 || len(p.Release.Groups) != 1 {
		t.Errorf("after nothing: %+v", p)
	}
	reordered := slices.Clone(list)
	slices.Reverse(reordered)
	again("another order", reordered, false, 0)
}

// TestPublishProperties: on random worlds, everybody is in one group or nobody is in any, what is published does not
// depend on order, no quantile is anybody's value, and figures are near what they stand for.
func TestPublishProperties(t *testing.T) {
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 3))
		v := &village{Rand: r, shapes: [2]float64{0.8, 0.02}, parts: 3}
		list := v.companies(r.IntN(400))
		p := publish(t, list, nil, peer.Options{})
		shuffled := slices.Clone(list)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		q := publish(t, shuffled, nil, peer.Options{})
		if encode(t, q.Record) != encode(t, p.Record) {
			t.Fatalf("world %d: another order gives another record", seed)
		}
		count := 0
		for i, g := range p.Release.Groups {
			count += g.Count
			kept := p.Record.Kept[i]
			var totals []decimal.Decimal
			for _, m := range kept.Members {
				totals = append(totals, decimal.New(m.Total, -6))
			}
			slices.SortFunc(totals, decimal.Decimal.Cmp)
			half := g.Grid.Mul(dec("0.5"))
			mean := decimal.Sum(decimal.Decimal{}, totals...).DivRound(decimal.NewFromInt(int64(g.Count)), 12)
			if g.Mean.Sub(mean).Abs().Cmp(half.Add(dec("0.000001"))) > 0 {
				t.Fatalf("world %d: mean %v, released %v", seed, mean, g.Mean)
			}
			for _, q := range g.Quantiles {
				if slices.ContainsFunc(totals, q.Value.Equal) {
					t.Fatalf("world %d: quantile %v is somebody's value", seed, q)
				}
				exact := typeSeven(totals, q.Percent)
				if off := q.Value.Sub(exact); off.Cmp(half.Neg()) < 0 || off.Cmp(g.Grid.Mul(dec("3.5"))) > 0 {
					t.Fatalf("world %d: quantile %v, released %v on grid %v", seed, exact, q, g.Grid)
				}
			}
		}
		if count+p.Pending != len(list) || count > 0 && p.Pending > 0 {
			t.Fatalf("world %d: %d of %d companies in groups, %d pending", seed, count, len(list), p.Pending)
		}
		for _, total := range p.Release.Totals() {
			if total.Count <= 0 || total.Mean.Sign() < 0 {
				t.Fatalf("world %d: total %+v", seed, total)
			}
		}
	}
}

// typeSeven is Hyndman and Fan's type 7 in exact decimals.
func typeSeven(sorted []decimal.Decimal, percent int) decimal.Decimal {
	at := decimal.NewFromInt(int64(len(sorted) - 1)).Mul(decimal.New(int64(percent), -2))
	low := at.Floor()
	i := int(low.IntPart())
	if at.Equal(low) {
		return sorted[i]
	}
	return sorted[i].Add(at.Sub(low).Mul(sorted[i+1].Sub(sorted[i])))
}
