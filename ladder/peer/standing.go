package peer

import (
	"fmt"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Standing is where a company stands among its peers, read off a release. All figures but Money are for each unit of
// spend. Its JSON is canonical.
type Standing struct {
	Company string          `json:"company"`
	Value   decimal.Decimal `json:"value"` // the company's own total, to a millionth
	Peers   Group           `json:"peers"` // the group that it is read against

	Low        int              `json:"low"`        // the released percentile at or below the value; 0 if it is below all
	High       int              `json:"high"`       // the next one above it; 100 if there is none
	Percentile *decimal.Decimal `json:"percentile"` // between Low and High in proportion, to a tenth; nil outside the released ones

	Best         *decimal.Decimal `json:"best"`         // in class, of mature peers; nil where no release of theirs has it
	BestOf       *Group           `json:"best_of"`      // the mature peers
	Leakage      *decimal.Decimal `json:"leakage"`      // Best less Value; below 0: the company is ahead
	Money        *decimal.Decimal `json:"money"`        // Leakage times the company's spend, rounded half to even to the minor unit
	Drivers      []Gap            `json:"drivers"`      // they sum to Best, Value and Leakage
	Capabilities []Gap            `json:"capabilities"` // likewise
}

// A Gap is the part of a leakage that lies in one driver or capability.
type Gap struct {
	Name    string          `json:"name"`    // "" is all that the mature peers' release does not name
	Best    decimal.Decimal `json:"best"`    // the best in class, parted as the mature peers' mean is
	Value   decimal.Decimal `json:"value"`   // the company's own
	Leakage decimal.Decimal `json:"leakage"` // Best less Value; a lead is shown as it is, below 0
}

// MarshalJSON returns the canonical encoding.
func (s Standing) MarshalJSON() ([]byte, error) {
	type plain Standing
	return canon.JSON(plain(s))
}

// Standing reads where a company stands off the release and the company's own values, given as the contributions of its
// accounts; whether they are in the release does not matter. Peers are the group that its cell belongs to; best in class
// is read off that of mature companies in the same segment, industry and size, or in what the release pools them with.
//
// Standing returns an error if:
//   - the contributions are wrong, none, or of several companies, or Money has too many digits for an amount (*DataError);
//   - they are in another currency than the release (*RefusedError, rule "currency");
//   - the release has no group that the cell belongs to (*RefusedError, rule "no_peers").
func (r Release) Standing(own ...Contribution) (Standing, error) {
	w, err := gather(own)
	if err != nil {
		return Standing{}, err
	}
	if len(w.firms) != 1 {
		return Standing{}, &DataError{"", "own", fmt.Sprintf("must be of one company, not %d", len(w.firms))}
	}
	f := w.firms[0]
	if r.Currency != w.currency {
		return Standing{}, &RefusedError{f.company, "currency", fmt.Sprintf("values are in %s, the release in %q", w.currency, r.Currency),
			"values in the currency of the release"}
	}
	at, ok := r.find(f.path)
	if !ok {
		return Standing{}, &RefusedError{f.company, "no_peers", "no group of the release holds its cell", "a release with more contributors"}
	}
	s := Standing{Company: f.company, Value: decimal.New(f.total, -places), Peers: r.Groups[at]}
	s.place()
	mature := f.path
	mature[0] = string(Mature)
	if at, ok = r.find(mature); !ok || r.Groups[at].Stage != Mature {
		return s, nil
	}
	g := r.Groups[at]
	i := slices.IndexFunc(g.Quantiles, func(q Quantile) bool { return q.Percent == r.Best })
	if i < 0 {
		return s, nil
	}
	best := g.Quantiles[i].Value
	leakage := best.Sub(s.Value)
	spend := decimal.Decimal{}
	for _, c := range own {
		spend = spend.Add(c.Spend)
	}
	minor, _ := amount.Minor(w.currency)
	money := leakage.Mul(spend).RoundBank(minor)
	if err := amount.Check(money); err != nil {
		return Standing{}, &DataError{f.company, "money", err.Error()}
	}
	s.Best, s.BestOf, s.Leakage, s.Money = &best, &g, &leakage, &money
	s.Drivers = f.gaps(best, g.Mean, g.Drivers, w.names[0], f.parts[0])
	s.Capabilities = f.gaps(best, g.Mean, g.Capabilities, w.names[1], f.parts[1])
	return s, nil
}

// place finds the value among the quantiles.
func (s *Standing) place() {
	s.High = 100
	var below *Quantile
	for i := range s.Peers.Quantiles {
		q := &s.Peers.Quantiles[i]
		if q.Value.Cmp(s.Value) <= 0 {
			below, s.Low = q, q.Percent
			continue
		}
		s.High = q.Percent
		if below != nil {
			width := decimal.NewFromInt(int64(q.Percent - below.Percent))
			way := s.Value.Sub(below.Value).Mul(width).DivRound(q.Value.Sub(below.Value), divided)
			percentile := decimal.NewFromInt(int64(below.Percent)).Add(way).RoundBank(1)
			s.Percentile = &percentile
		}
		return
	}
}

// gaps parts best in class as the mean of the mature peers is parted, and takes the firm's own values off.
func (f *firm) gaps(best, mean decimal.Decimal, means []Mean, names []string, own part) []Gap {
	rest, ownRest := mean, f.total
	gaps := make([]Gap, 0, len(means)+1)
	weights := make([]decimal.Decimal, 0, len(means)+1)
	for _, m := range means {
		g := Gap{Name: m.Name}
		if i, ok := slices.BinarySearch(names, m.Name); ok {
			g.Value = decimal.New(own[i], -places)
			ownRest -= own[i]
		}
		rest = rest.Sub(m.Value)
		gaps, weights = append(gaps, g), append(weights, m.Value)
	}
	gaps = append(gaps, Gap{Value: decimal.New(ownRest, -places)})
	weights = append(weights, rest) // a little below 0 by rounding counts as 0
	for i, share := range amount.Split(best, weights, places) {
		gaps[i].Best, gaps[i].Leakage = share, share.Sub(gaps[i].Value)
	}
	return gaps
}
