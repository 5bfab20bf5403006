package ladder_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

var epoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

func constant(s string) *ladder.Term {
	d := dec(s)
	return &ladder.Term{Value: &d}
}

func quantity(name string) *ladder.Term { return &ladder.Term{Quantity: name} }

func compile(tb interface {
	Helper()
	Fatal(...any)
}, l ladder.Ladder) *ladder.Model {
	tb.Helper()
	m, err := ladder.Compile(l)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// pick returns one of the words.
func pick[T any](r *rand.Rand, words ...T) T { return words[r.IntN(len(words))] }

// randomDecimal has up to digits digits, a few of them after the point.
func randomDecimal(r *rand.Rand, limit int64) decimal.Decimal {
	return decimal.New(r.Int64N(limit), -r.Int32N(5))
}

// randomShare is 0 to 1.
func randomShare(r *rand.Rand) decimal.Decimal { return decimal.New(r.Int64N(1001), -3) }

func randomTerm(r *rand.Rand, name string, value decimal.Decimal) *ladder.Term {
	if r.IntN(3) == 0 {
		return quantity(name)
	}
	return &ladder.Term{Value: &value}
}

var (
	rungs    = []ladder.Rung{ladder.Operational, ladder.Departmental, ladder.Enterprise}
	bases    = []ladder.Basis{ladder.Annual, ladder.RunRate, ladder.OneOff}
	classes  = []ladder.Evidence{ladder.Assumed, ladder.VendorClaimed, ladder.Measured, ladder.Corroborated, ladder.Confirmed, ladder.Audited}
	drivers  = []ladder.Driver{ladder.CostReduction, ladder.CostAvoidance, ladder.Productivity, ladder.RiskReduction, ladder.RevenueGrowth, ladder.TimeToMarket}
	amounts  = []string{"hours", "pool0", "pool1", "metric0", "metric1", "users"} // quantities that are no share
	shares   = []string{"adoption", "attribution", "conversion", "margin"}
	currency = []string{"EUR", "JPY", "KWD"}
)

// randomLadder returns a ladder that compiles.
func randomLadder(r *rand.Rand) ladder.Ladder {
	l := ladder.Ladder{Format: 1, Name: fmt.Sprintf("ladder %d", r.IntN(1000)), Currency: pick(r, currency...)}
	l.Themes = []ladder.Theme{{Name: "growth"}, {Name: "thrift"}}
	for i := range 1 + r.IntN(5) {
		l.Nodes = append(l.Nodes, ladder.Node{
			Name: fmt.Sprintf("node %d", i), Rung: pick(r, rungs...), Stakeholder: pick(r, "", "lead", "chief"),
		})
	}
	for i := range 2 {
		l.Metrics = append(l.Metrics, ladder.Metric{
			Name: fmt.Sprintf("metric%d", i), Better: pick(r, ladder.Up, ladder.Down), Base: randomDecimal(r, 1e6),
		})
		name := fmt.Sprintf("pool%d", i)
		l.Pools = append(l.Pools, ladder.Pool{
			Name: name, Capacity: *randomTerm(r, name, randomDecimal(r, 1e7)), Basis: pick(r, bases...),
		})
	}
	for i := range 1 + r.IntN(8) {
		l.Benefits = append(l.Benefits, randomBenefit(r, fmt.Sprintf("benefit %d", i), &l))
	}
	l.Links = randomLinks(r, l.Nodes)
	l.Costs = []ladder.Cost{{Name: "licence", Kind: ladder.Licence}, {Name: "work", Kind: ladder.Internal}}
	for _, class := range classes {
		if r.IntN(2) == 0 {
			l.Haircuts = append(l.Haircuts, ladder.Haircut{
				Class: class, Share: randomShare(r), Expire: ladder.Duration(r.IntN(3)) * 100 * ladder.Day,
			})
		}
	}
	return l
}

func randomBenefit(r *rand.Rand, name string, l *ladder.Ladder) ladder.Benefit {
	b := ladder.Benefit{
		Name: name, Driver: pick(r, drivers...), Saving: pick(r, "", ladder.Hard, ladder.Soft), Basis: pick(r, bases...),
		Node: pick(r, l.Nodes...).Name, Theme: pick(r, "", "growth", "thrift"),
		UnitValue: *randomTerm(r, "users", randomDecimal(r, 1e5)),
		Evidence:  pick(r, append(classes, "")...),
	}
	if r.IntN(2) == 0 {
		b.Metric = pick(r, l.Metrics...).Name
	} else {
		moved := randomDecimal(r, 1e6).Sub(decimal.New(1000, 0))
		b.Moved = randomTerm(r, "hours", moved)
	}
	for range r.IntN(3) {
		b.Times = append(b.Times, *randomTerm(r, "users", randomDecimal(r, 1e4)))
	}
	if r.IntN(2) == 0 {
		b.Adoption = randomTerm(r, "adoption", randomShare(r))
	}
	switch r.IntN(3) {
	case 0: // each of at most eight claims at most an eighth
		b.Pool = pick(r, l.Pools...).Name
		b.Attribution = &ladder.Term{Value: ptr(decimal.New(r.Int64N(126), -3))}
	case 1:
		b.Attribution = randomTerm(r, "attribution", randomShare(r))
	}
	if b.Driver == ladder.Productivity || r.IntN(4) == 0 {
		b.Conversion = randomTerm(r, "conversion", randomShare(r))
	}
	if b.Driver == ladder.RevenueGrowth || b.Driver == ladder.TimeToMarket || r.IntN(4) == 0 {
		b.Margin = randomTerm(r, "margin", randomShare(r))
	}
	return b
}

// randomLinks gives each pair of nodes on rising rungs at most a fifth of the lower one's value.
func randomLinks(r *rand.Rand, nodes []ladder.Node) []ladder.Link {
	height := map[ladder.Rung]int{ladder.Operational: 0, ladder.Departmental: 1, ladder.Enterprise: 2}
	var links []ladder.Link
	for _, from := range nodes {
		for _, to := range nodes {
			if height[from.Rung] < height[to.Rung] && r.IntN(2) == 0 {
				links = append(links, ladder.Link{From: from.Name, To: to.Name, Share: decimal.New(r.Int64N(201), -3)})
			}
		}
	}
	r.Shuffle(len(links), func(i, j int) { links[i], links[j] = links[j], links[i] })
	return links
}

// randomInput has most quantities, in all states.
func randomInput(r *rand.Rand) (in ladder.Input, asOf time.Time) {
	asOf = epoch.AddDate(1, 0, 0)
	in = ladder.Input{Account: "acme", From: epoch.AddDate(0, r.IntN(6), r.IntN(28))}
	if r.IntN(2) == 0 {
		in.To = in.From.AddDate(0, 1+r.IntN(18), 0)
	} else {
		in.To = in.From.Add(time.Duration(1+r.Int64N(1e9)) * time.Millisecond)
	}
	quantities := ladder.QuantityMap{}
	put := func(name string, value decimal.Decimal) {
		q := ladder.Quantity{Value: value, At: asOf.Add(time.Hour - time.Duration(r.Int64N(250*24))*time.Hour)}
		q.Evidence = pick(r, append(classes, "")...)
		switch r.IntN(20) {
		case 0:
			return
		case 1:
			q.State, q.Why = ladder.Failed, "no answer"
		case 2:
			q.State = ladder.NotApplicable
		case 3:
			q.At = time.Time{}
		}
		quantities[name] = q
	}
	for _, name := range amounts {
		put(name, randomDecimal(r, 1e6))
	}
	for _, name := range shares {
		put(name, randomShare(r))
	}
	in.Quantities = quantities
	for range r.IntN(3) {
		in.Costs = append(in.Costs, ladder.Cost{Name: pick(r, "licence", "work"), Amount: randomDecimal(r, 1e7)})
	}
	return in, asOf
}

func ptr[T any](v T) *T { return &v }
