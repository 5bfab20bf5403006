package peer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
)

// A Contribution is what one account brings to the benchmarks of a period. Accounts of one company are added up: a
// company is one contributor, whatever the number of its accounts, and stands in one cell.
type Contribution struct {
	Account  string // ID, given once
	Company  string // ID of the legal entity that the account belongs to
	Segment  string // of the cell; as long and as plain as an ID, as the next two
	Industry string
	Size     string
	Mature   bool // a best-in-class figure is taken from mature companies alone
	Currency string
	Spend    decimal.Decimal // in the period, above 0, in Currency
	Values   []Value         // what was had for it
}

// A Value is money that an account gained in the period through one driver and one capability.
type Value struct {
	Driver     string          // such as "productivity"; "" is not named, and never released by name
	Capability string          // of the product; "" likewise
	Amount     decimal.Decimal // 0 or more, in the contribution's currency
}

// A Stage says how far a company has come.
type Stage string

// Stages.
const (
	Mature   Stage = "mature"
	Maturing Stage = "maturing"
)

// places are the digits after the point of a value for each unit of spend.
const places = 6

// mostUnits is the largest value for each unit of spend, a million, in millionths, so that sums of all companies fit.
const (
	mostUnits     = 1_000_000_000_000
	mostCompanies = 4_000_000
)

// A path names a cell, or with a number of its first parts a total: stage, segment, industry, size.
type path [4]string

func (c *Contribution) path() path {
	stage := Maturing
	if c.Mature {
		stage = Mature
	}
	return path{string(stage), c.Segment, c.Industry, c.Size}
}

// check refuses what can't be added up.
func (c *Contribution) check() error {
	wrong := func(field, format string, args ...any) error {
		return &DataError{c.Account, field, fmt.Sprintf(format, args...)}
	}
	for _, id := range []struct{ field, text string }{
		{"account", c.Account}, {"company", c.Company}, {"segment", c.Segment}, {"industry", c.Industry}, {"size", c.Size},
	} {
		if err := ident.Check(id.text); err != nil {
			return wrong(id.field, "%v", err)
		}
	}
	if _, ok := amount.Minor(c.Currency); !ok {
		return wrong("currency", "%q is not an ISO 4217 code with a minor unit", check.Clip(c.Currency))
	}
	if err := amount.Check(c.Spend); err != nil {
		return wrong("spend", "%v", err)
	}
	if c.Spend.Sign() <= 0 {
		return wrong("spend", "must be above 0: without spend the value for a unit of it is not known")
	}
	for i, v := range c.Values {
		at := fmt.Sprintf("value %d", i)
		for _, name := range []string{v.Driver, v.Capability} {
			if name == "" {
				continue
			}
			if err := ident.Check(name); err != nil {
				return wrong(at, "name: %v", err)
			}
		}
		if err := amount.Check(v.Amount); err != nil {
			return wrong(at, "%v", err)
		}
		if v.Amount.Sign() < 0 {
			return wrong(at, "is negative: no rule on shares of a total protects it")
		}
	}
	return nil
}

// A firm is one contributor: its values for each unit of its spend, in millionths.
type firm struct {
	company string
	path    path
	total   int64
	parts   [2]part // by driver and by capability; the sum of either is total
}

// A part holds values by position of their names in the world's list; the first is without a name.
type part []int64

// A world is all contributors of a period, in order of company, and the names that their values carry.
type world struct {
	currency string
	firms    []*firm
	names    [2][]string // drivers and capabilities in order; the first is ""
}

// gather adds up accounts by company.
func gather(contributions []Contribution) (*world, error) {
	w := &world{}
	order := make([]int, len(contributions))
	for i := range contributions {
		c := &contributions[i]
		if err := c.check(); err != nil {
			return nil, err
		}
		if i > 0 && c.Currency != contributions[0].Currency {
			return nil, &DataError{c.Account, "currency", fmt.Sprintf("is %s, that of %q is %s",
				c.Currency, contributions[0].Account, contributions[0].Currency)}
		}
		order[i] = i
	}
	if len(contributions) > 0 {
		w.currency = contributions[0].Currency
	}
	slices.SortFunc(order, func(i, j int) int { return strings.Compare(contributions[i].Account, contributions[j].Account) })
	for i := 1; i < len(order); i++ {
		if a := contributions[order[i]].Account; a == contributions[order[i-1]].Account {
			return nil, &DataError{a, "account", "is given twice"}
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return strings.Compare(contributions[i].Company, contributions[j].Company) })
	at := w.collectNames(contributions)
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && contributions[order[j]].Company == contributions[order[i]].Company {
			j++
		}
		f, err := w.firm(contributions, order[i:j], at)
		if err != nil {
			return nil, err
		}
		w.firms = append(w.firms, f)
		i = j
	}
	if len(w.firms) > mostCompanies {
		return nil, &DataError{"", "contributions", fmt.Sprintf("are of over %d companies", mostCompanies)}
	}
	return w, nil
}

// collectNames lists the names of drivers and capabilities and returns their positions.
func (w *world) collectNames(contributions []Contribution) (at [2]map[string]int) {
	at = [2]map[string]int{{"": 0}, {"": 0}}
	w.names = [2][]string{{""}, {""}}
	for i := range contributions {
		for _, v := range contributions[i].Values {
			for k, name := range [2]string{v.Driver, v.Capability} {
				if _, ok := at[k][name]; !ok {
					at[k][name] = 0
					w.names[k] = append(w.names[k], name)
				}
			}
		}
	}
	for k := range w.names {
		slices.Sort(w.names[k])
		for i, name := range w.names[k] {
			at[k][name] = i
		}
	}
	return at
}

// firm adds up the accounts of one company, which are in order of their IDs.
func (w *world) firm(contributions []Contribution, accounts []int, at [2]map[string]int) (*firm, error) {
	first := &contributions[accounts[0]]
	f := &firm{company: first.Company, path: first.path()}
	for k := range f.parts {
		f.parts[k] = make(part, len(w.names[k]))
	}
	var spend amount.Total
	for _, i := range accounts {
		c := &contributions[i]
		if c.path() != f.path {
			return nil, &DataError{c.Account, "company", fmt.Sprintf(
				"%q is in another cell with account %q: a company stands in one", c.Company, first.Account)}
		}
		spend.Add(c.Spend)
	}
	whole := spend.Sum()
	if err := amount.Check(whole); err != nil {
		return nil, &DataError{f.company, "spend of the company", err.Error()}
	}
	most := decimal.New(mostUnits, -places)
	for _, i := range accounts {
		for _, v := range contributions[i].Values {
			rate := v.Amount.DivRound(whole, places)
			if rate.Cmp(most) > 0 {
				return nil, &DataError{contributions[i].Account, "values", "are over a million for a unit of spend"}
			}
			rated := units(rate, places)
			if f.total += rated; f.total > mostUnits {
				return nil, &DataError{contributions[i].Account, "values", "are over a million for a unit of spend"}
			}
			f.parts[0][at[0][v.Driver]] += rated
			f.parts[1][at[1][v.Capability]] += rated
		}
	}
	return f, nil
}

// units returns a multiple of 10^-places as that many.
func units(d decimal.Decimal, places int32) int64 { return d.Shift(places).BigInt().Int64() }

// alike finds companies whose IDs differ in letter case, spaces and punctuation alone.
func (w *world) alike() []Alike {
	seen := make(map[string]string, len(w.firms))
	var list []Alike
	for _, f := range w.firms {
		plain := strings.Map(func(r rune) rune {
			if strings.ContainsRune(" .,-_/'&", r) {
				return -1
			}
			return r
		}, strings.ToLower(f.company))
		if other, ok := seen[plain]; ok {
			list = append(list, Alike{other, f.company})
			continue
		}
		seen[plain] = f.company
	}
	return list
}
