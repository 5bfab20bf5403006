package backtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// An Exposed is an account as a definition is about to meet it.
type Exposed struct {
	Input    health.Input
	Last     health.Record   // of its history; zero: never scored
	Money    decimal.Decimal // at stake, such as a year's revenue; not negative
	Currency string          // ISO 4217, one for all; empty: the money is not known
}

// Changes is what publishing a definition would do at an instant.
type Changes struct {
	Before   health.Digest   `json:"before"`
	After    health.Digest   `json:"after"`
	AsOf     time.Time       `json:"as_of"`
	Accounts int             `json:"accounts"` // that both definitions could score
	Failed   int             `json:"failed"`   // that one of them could not, or whose money is wrong
	Currency string          `json:"currency,omitempty"`
	Money    decimal.Decimal `json:"money"`    // of Currency, of the accounts that would change band
	Moves    []Move          `json:"moves"`    // by band before, then after, in the cards' order
	Changed  []Changed       `json:"changed"`  // accounts that would change band, in order of ID
	Alerts   []Alert         `json:"alerts"`   // that the new definition would fire, in order of ID
	Silenced []Alert         `json:"silenced"` // that the running one would fire, and the new one would not, in order of ID
	Errors   []error         `json:"-"`        // of Failed, as they came; at most 100
}

// A Move is the accounts that go from one band to another.
type Move struct {
	From     string          `json:"from"`
	To       string          `json:"to"`
	Accounts int             `json:"accounts"` // number of them
	Money    decimal.Decimal `json:"money"`    // of Currency
}

// A Changed account has another steadied band under the new definition than under the running one.
type Changed struct {
	Account string          `json:"account"`
	From    string          `json:"from"`   // band under the running definition
	To      string          `json:"to"`     // band under the new one
	Before  float64         `json:"before"` // points, 0 to 100; 0 where From is unknown
	After   float64         `json:"after"`  // points, 0 to 100; 0 where To is unknown
	Money   decimal.Decimal `json:"money"`  // of Currency
}

// An Alert is an event that a definition would cause, other than an account's first band.
type Alert struct {
	Account string           `json:"account"`
	Kind    health.EventKind `json:"kind"`
	From    string           `json:"from,omitempty"` // as in health.Event
	To      string           `json:"to,omitempty"`
	Risk    string           `json:"risk,omitempty"` // category, of what happens to a risk
	Also    bool             `json:"also"`           // the other definition would cause the same
}

// MarshalJSON returns the canonical encoding.
func (c Changes) MarshalJSON() ([]byte, error) {
	c.Errors = nil
	type plain Changes
	return canon.JSON(plain(c))
}

// Diff lets a Monitor check each account under the running definition and another under the next one, either on top of the
// account's last record and without keeping anything. An account that fails, or whose last record is not from before asOf,
// is counted and left out.
//
// Diff returns an error if:
//   - a model is nil, or asOf is zero or outside of the years 1 to 9999;
//   - an account comes twice, or its currency is not ISO 4217 or differs from those before (*DataError);
//   - the sequence fails.
func Diff(ctx context.Context, before, after *health.Model, accounts iter.Seq2[Exposed, error], asOf time.Time) (Changes, error) {
	if before == nil || after == nil {
		return Changes{}, errors.New("backtest: diff: a model is nil")
	}
	if err := instant.Given(asOf); err != nil {
		return Changes{}, fmt.Errorf("backtest: diff: as of %w", err)
	}
	asOf = instant.Of(asOf)
	d := differ{asOf: asOf, seen: make(map[string]bool)}
	d.out = Changes{Before: before.Digest(), After: after.Digest(), AsOf: asOf}
	for i, m := range []*health.Model{before, after} {
		monitor, err := health.NewMonitor(m, &d.now, &d.now, health.Options{Now: func() time.Time { return asOf }})
		if err != nil {
			return Changes{}, err
		}
		d.monitors[i] = monitor
		for _, b := range m.Scorecard().Bands {
			d.bands = append(d.bands, b.Name)
		}
	}
	for x, err := range accounts {
		if err != nil {
			return Changes{}, fmt.Errorf("backtest: diff accounts: %w", err)
		}
		if err := d.add(ctx, x); err != nil {
			return Changes{}, err
		}
	}
	d.finish()
	return d.out, nil
}

type differ struct {
	monitors [2]*health.Monitor // running, next
	now      present
	bands    []string // of the running card, then of the next
	asOf     time.Time
	seen     map[string]bool
	out      Changes
}

// A present is the source and the history of the account at hand. It forgets what is appended.
type present struct{ x Exposed }

func (p *present) Input(context.Context, string, time.Time, time.Time) (health.Input, bool, error) {
	return p.x.Input, true, nil
}

func (p *present) Last(context.Context, string) (health.Record, bool, error) {
	return p.x.Last, p.x.Last.Version > 0, nil
}

func (p *present) Append(context.Context, string, int64, health.Record) error { return nil }
func (p *present) Forget(context.Context, string) error                       { return nil }

func (p *present) Records(context.Context, string, time.Time, time.Time, time.Time) iter.Seq2[health.Record, error] {
	return func(func(health.Record, error) bool) {}
}

func (p *present) Accounts(context.Context, string) iter.Seq2[string, error] {
	return func(func(string, error) bool) {}
}

func (d *differ) add(ctx context.Context, x Exposed) error {
	account := x.Input.Account
	fail := func(field, message string) error { return &DataError{Account: account, Field: field, Message: message} }
	if d.seen[account] {
		return fail("", "is there twice")
	}
	d.seen[account] = true
	if _, ok := amount.Minor(x.Currency); !ok && x.Currency != "" {
		return fail("currency", fmt.Sprintf("%.256q is not in ISO 4217", x.Currency))
	}
	if d.out.Currency != "" && x.Currency != "" && x.Currency != d.out.Currency {
		return fail("currency", "is "+x.Currency+", that of the accounts before "+d.out.Currency)
	}
	d.out.Currency = cmp.Or(d.out.Currency, x.Currency)
	d.now.x = x
	var records [2]health.Record
	err := ctx.Err()
	if err != nil {
		return fmt.Errorf("backtest: diff accounts: %w", err)
	}
	if x.Last.Version > 0 && !x.Last.Score.AsOf.Before(d.asOf) {
		err = fail("last record", "is not from before "+d.asOf.Format(time.RFC3339Nano))
	}
	for i, m := range d.monitors {
		if err == nil {
			records[i], err = m.Check(ctx, account, d.asOf)
		}
	}
	if err == nil {
		err = dataError(account, "money", amount.Check(x.Money))
	}
	if err == nil && (x.Money.IsNegative() || x.Currency == "" && !x.Money.IsZero()) {
		err = fail("money", "is negative or has no currency")
	}
	if err != nil {
		d.out.Failed++
		if len(d.out.Errors) < 100 {
			d.out.Errors = append(d.out.Errors, err)
		}
		return nil
	}
	d.out.Accounts++
	d.compare(x, &records[0], &records[1])
	return nil
}

func (d *differ) compare(x Exposed, old, next *health.Record) {
	if from, to := old.Standing.Band, next.Standing.Band; from != to {
		d.out.Money = d.out.Money.Add(x.Money)
		d.out.Changed = append(d.out.Changed, Changed{x.Input.Account, from, to, old.Score.Value, next.Score.Value, x.Money})
	}
	was, is := alerts(old), alerts(next)
	for _, a := range is {
		a.Also = slices.Contains(was, a)
		d.out.Alerts = append(d.out.Alerts, a)
	}
	for _, a := range was {
		if !slices.Contains(is, a) {
			d.out.Silenced = append(d.out.Silenced, a)
		}
	}
}

func alerts(r *health.Record) (out []Alert) {
	for _, e := range r.Events {
		if e.Kind != health.BandSet {
			out = append(out, Alert{Account: e.Account, Kind: e.Kind, From: e.From, To: e.To, Risk: e.Category})
		}
	}
	return out
}

// finish sorts, and sums moves.
func (d *differ) finish() {
	place := func(band string) int {
		if i := slices.Index(d.bands, band); i >= 0 {
			return i
		}
		return len(d.bands) // unknown
	}
	for _, c := range d.out.Changed {
		i := slices.IndexFunc(d.out.Moves, func(m Move) bool { return m.From == c.From && m.To == c.To })
		if i < 0 {
			i = len(d.out.Moves)
			d.out.Moves = append(d.out.Moves, Move{From: c.From, To: c.To})
		}
		m := &d.out.Moves[i]
		m.Accounts++
		m.Money = m.Money.Add(c.Money)
	}
	slices.SortFunc(d.out.Moves, func(a, b Move) int {
		return cmp.Or(cmp.Compare(place(a.From), place(b.From)), cmp.Compare(place(a.To), place(b.To)),
			cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	slices.SortFunc(d.out.Changed, func(a, b Changed) int { return cmp.Compare(a.Account, b.Account) })
	byAccount := func(a, b Alert) int { return cmp.Compare(a.Account, b.Account) }
	slices.SortStableFunc(d.out.Alerts, byAccount)
	slices.SortStableFunc(d.out.Silenced, byAccount)
}
