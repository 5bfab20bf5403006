package ladder

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Climb says on which of the ladder's nodes an account stands. It may be confirmed on a higher rung and stalled on a
// lower one: each node stands by itself. Its JSON is canonical.
type Climb struct {
	Account  string         `json:"account"`
	AsOf     time.Time      `json:"as_of"`
	Ladder   string         `json:"ladder"` // name
	Digest   Digest         `json:"digest"` // of the ladder
	Currency string         `json:"currency"`
	Nodes    []NodeStanding `json:"nodes"` // by rung from below, then definition order
}

// MarshalJSON returns the canonical encoding.
func (c Climb) MarshalJSON() ([]byte, error) {
	type plain Climb
	return canon.JSON(plain(c))
}

// A Standing is how an account stands on a node.
type Standing string

// Standings.
const (
	StandingOpen      Standing = "open"    // no value is booked
	StandingStalled   Standing = "stalled" // value is booked, and what would confirm it is missing
	StandingConfirmed Standing = "confirmed"
)

// A NodeStanding is how an account stands on one node.
type NodeStanding struct {
	Node        string          `json:"node"`
	Rung        Rung            `json:"rung"`
	Stakeholder string          `json:"stakeholder,omitempty"`
	Budget      string          `json:"budget,omitempty"`
	Standing    Standing        `json:"standing"`
	Amount      decimal.Decimal `json:"amount"`            // booked on the node's benefits and not reversed, money
	Entry       string          `json:"entry,omitempty"`   // ID of the entry that confirms it, or that comes closest
	Source      string          `json:"source,omitempty"`  // of the entry
	Through     time.Time       `json:"through,omitzero"`  // end of the entry's period
	Missing     Why             `json:"missing,omitempty"` // what the entry lacks to confirm the node
	Needs       Evidence        `json:"needs"`             // class of evidence that confirms the node
	Opens       []Opening       `json:"opens,omitempty"`   // what the rung above holds, where it is not confirmed
}

// What a node lacks to be confirmed.
const (
	WhyNoValue  Why = "no_value"  // an entry above 0
	WhyEvidence Why = "evidence"  // evidence of the class that it needs
	WhyNoSource Why = "no_source" // a source that can be cited
)

// An Opening is a node that a climb leads to: where the links from a node lead, or, where there are none, the nodes of the
// next rung that has any.
type Opening struct {
	Node        string `json:"node"`
	Rung        Rung   `json:"rung"`
	Stakeholder string `json:"stakeholder,omitempty"`
	Budget      string `json:"budget,omitempty"`
}

// Climb says where an account stands by the entries that were recorded up to an instant, which are all of its ledger in
// order. An entry confirms its benefit's node if it is above 0, not reversed, of the class that the node needs or better,
// cites a source, and has not reached the age at which its class stops counting, from the end of its period on.
//
// Climb returns an error if the account's ID is not one, asOf is zero or beyond the year 9999, or an entry is of another
// account or currency or out of bounds (*DataError). Entries of benefits that the ladder does not have are left out.
func (m *Model) Climb(account string, entries []Entry, asOf time.Time) (Climb, error) {
	if err := ident.Check(account); err != nil {
		return Climb{}, &DataError{account, "account", err.Error()}
	}
	if err := instant.Given(asOf); err != nil {
		return Climb{}, &DataError{account, "as of", err.Error()}
	}
	asOf = instant.Of(asOf)
	var book book
	for i := range entries {
		e := &entries[i]
		if e.Account != account {
			return Climb{}, entryError(account, e.ID, fmt.Sprintf("is of account %q", e.Account))
		}
		if instant.Of(e.Recorded).After(asOf) {
			continue
		}
		if err := m.booked(e); err != nil {
			return Climb{}, err
		}
		book.read(e, false)
	}
	at := make([][]*Entry, len(m.def.Nodes))
	for i := range entries {
		e := &entries[i]
		if b, ok := m.plan.named[e.Benefit]; ok && !instant.Of(e.Recorded).After(asOf) && book.stands(e) {
			node := m.plan.nodes[m.plan.benefits[b].node]
			at[node] = append(at[node], e)
		}
	}
	c := Climb{Account: account, AsOf: asOf, Ladder: m.def.Name, Digest: m.digest, Currency: m.def.Currency}
	for i := range m.def.Nodes {
		c.Nodes = append(c.Nodes, m.stand(&m.def.Nodes[i], at[i], asOf))
	}
	confirmed := func(node int) bool { return c.Nodes[node].Standing == StandingConfirmed }
	for i := range c.Nodes {
		for _, above := range m.above(i) {
			if n := m.def.Nodes[above]; !confirmed(above) {
				c.Nodes[i].Opens = append(c.Nodes[i].Opens, Opening{n.Name, n.Rung, n.Stakeholder, n.Budget})
			}
		}
	}
	slices.SortStableFunc(c.Nodes, func(a, b NodeStanding) int { return cmp.Compare(rank(rungs, a.Rung), rank(rungs, b.Rung)) })
	for i := range c.Nodes {
		if err := bounded(c.Nodes[i].Amount); err != nil {
			return Climb{}, &DataError{account, fmt.Sprintf("node %q", c.Nodes[i].Node), err.Error()}
		}
	}
	return c, nil
}

// stand looks for the entry that confirms a node: of the best class, then the latest, then the lowest ID. What is
// missing is what the entries that come closest lack.
func (m *Model) stand(n *Node, entries []*Entry, asOf time.Time) NodeStanding {
	s := NodeStanding{
		Node: n.Name, Rung: n.Rung, Stakeholder: n.Stakeholder, Budget: n.Budget,
		Standing: StandingOpen, Missing: WhyNoValue, Needs: cmp.Or(n.Needs, Confirmed),
	}
	var sum amount.Total
	var left []*Entry
	for _, e := range entries {
		sum.Add(e.Amount)
		if e.Amount.Sign() > 0 {
			left = append(left, e)
		}
	}
	s.Amount = sum.Sum()
	if len(left) == 0 {
		return s
	}
	s.Standing, s.Missing = StandingStalled, ""
	for _, demand := range []struct {
		why Why
		met func(e *Entry) bool
	}{
		{WhyEvidence, func(e *Entry) bool { return rank(classes, e.Evidence) >= rank(classes, s.Needs) }},
		{WhyNoSource, func(e *Entry) bool { return e.Source != "" }},
		{WhyExpired, func(e *Entry) bool { return m.fresh(e, asOf) }},
	} {
		met := slices.DeleteFunc(slices.Clone(left), func(e *Entry) bool { return !demand.met(e) })
		if len(met) == 0 {
			s.Missing = demand.why
			break
		}
		left = met
	}
	best := slices.MinFunc(left, func(a, b *Entry) int {
		return cmp.Or(cmp.Compare(rank(classes, b.Evidence), rank(classes, a.Evidence)), b.To.Compare(a.To), strings.Compare(a.ID, b.ID))
	})
	s.Entry, s.Source, s.Through = best.ID, best.Source, instant.Of(best.To)
	if s.Missing == "" {
		s.Standing = StandingConfirmed
	}
	return s
}

// fresh reports whether an entry still counts.
func (m *Model) fresh(e *Entry, asOf time.Time) bool {
	class := rank(classes, e.Evidence)
	if class < 0 {
		return false
	}
	expire := m.plan.haircuts[class].Expire
	return expire == 0 || asOf.Sub(e.To) < time.Duration(expire)
}

// above returns the positions of the nodes that a climb from one leads to.
func (m *Model) above(node int) []int {
	var out []int
	for _, l := range m.def.Links {
		if m.plan.nodes[l.From] == node {
			out = append(out, m.plan.nodes[l.To])
		}
	}
	for r := rank(rungs, m.def.Nodes[node].Rung) + 1; len(out) == 0 && r < len(rungs); r++ {
		for i := range m.def.Nodes {
			if m.def.Nodes[i].Rung == rungs[r] {
				out = append(out, i)
			}
		}
	}
	return out
}
