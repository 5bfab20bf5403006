package backtest

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Money is the AUC in which each decision weighs as much as the money at stake: the chance that an amount that was
// lost has a lower score than one that was kept.
type Money struct {
	Known     bool            `json:"known"` // some money was lost and some was kept; else the next three are 0, and null in JSON
	Value     float64         `json:"value"` // 0 to 1, nine places
	Low       float64         `json:"low"`   // 95 % interval by bootstrap over accounts, or an exact bound where Value is 0 or 1
	High      float64         `json:"high"`  // nine places; 0 and 1 where fewer than two accounts have lost or kept money
	Lost      decimal.Decimal `json:"lost"`  // of Currency
	Kept      decimal.Decimal `json:"kept"`  // of Currency
	Currency  string          `json:"currency,omitempty"`
	Decisions int             `json:"decisions"` // whose money is known and above zero
}

// MarshalJSON returns the canonical encoding. What is not known is null.
func (m Money) MarshalJSON() ([]byte, error) {
	w := moneyJSON{m.Known, &m.Value, &m.Low, &m.High, m.Lost, m.Kept, m.Currency, m.Decisions}
	if !m.Known {
		w.Value, w.Low, w.High = nil, nil, nil
	}
	return canon.JSON(w)
}

// moneyJSON is a Money whose numbers can be null.
type moneyJSON struct {
	Known     bool            `json:"known"`
	Value     *float64        `json:"value"`
	Low       *float64        `json:"low"`
	High      *float64        `json:"high"`
	Lost      decimal.Decimal `json:"lost"`
	Kept      decimal.Decimal `json:"kept"`
	Currency  string          `json:"currency,omitempty"`
	Decisions int             `json:"decisions"`
}

// A weighed is a decision in a weighted area: those with one value follow each other.
type weighed struct {
	weight  float64
	account int32 // among those of the area
	lost    bool
	last    bool // of its value
}

// money returns the weighted area of some rows' scores.
func (t *Trial) money(rows []int32, o Options) Money {
	m := Money{Currency: t.currency}
	rows = slices.DeleteFunc(slices.Clone(rows), func(at int32) bool { return !t.rows[at].money.IsPositive() })
	m.Decisions = len(rows)
	for _, at := range rows {
		if r := &t.rows[at]; r.lost {
			m.Lost = m.Lost.Add(r.money)
		} else {
			m.Kept = m.Kept.Add(r.money)
		}
	}
	if m.Lost.IsZero() || m.Kept.IsZero() {
		return m
	}
	m.Known, m.Low, m.High = true, 0, 1
	ws, accounts := t.weigh(rows)
	once := slices.Repeat([]int32{1}, accounts)
	area, _ := weightedArea(ws, once)
	m.Value = nine(area)
	lost, kept := holders(ws, accounts)
	switch {
	case lost < 2 || kept < 2:
	case m.Value == 0 || m.Value == 1:
		m.Low, m.High = interval(m.Value, 0, min(float64(lost), float64(kept), effective(ws)))
	case o.Resamples >= 0:
		m.Low, m.High = bootstrap(ws, once, o)
	}
	return m
}

// holders counts the accounts with lost and with kept money.
func holders(ws []weighed, accounts int) (lost, kept int) {
	seen := make([][2]bool, accounts)
	for i := range ws {
		of, n := &seen[ws[i].account][0], &lost
		if !ws[i].lost {
			of, n = &seen[ws[i].account][1], &kept
		}
		if !*of {
			*of = true
			*n++
		}
	}
	return lost, kept
}

// weigh orders rows by score, then account and instant, and numbers the accounts in order of their IDs, so that
// nothing depends on the order in which cases came.
func (t *Trial) weigh(rows []int32) (ws []weighed, accounts int) {
	of, order := make([]int32, len(rows)), make([]int32, len(rows))
	for i, at := range rows {
		of[i], order[i] = t.rows[at].account, int32(i)
	}
	used := renumber(of)
	byID := make([]int32, len(used))
	for k := range byID {
		byID[k] = int32(k)
	}
	slices.SortFunc(byID, func(a, b int32) int {
		return cmp.Compare(t.accounts.list[used[a]], t.accounts.list[used[b]])
	})
	position := make([]int32, len(used))
	for i, k := range byID {
		position[k] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := &t.rows[rows[a]], &t.rows[rows[b]]
		return cmp.Or(cmp.Compare(x.value, y.value), cmp.Compare(position[of[a]], position[of[b]]), cmp.Compare(x.at, y.at))
	})
	for i, k := range order {
		r := &t.rows[rows[k]]
		last := i+1 == len(order) || t.rows[rows[order[i+1]]].value != r.value
		ws = append(ws, weighed{r.money.InexactFloat64(), position[of[k]], r.lost, last})
	}
	return ws, len(used)
}

// renumber replaces the numbers of accounts by their places among those that are there, which it returns in order.
func renumber(accounts []int32) (used []int32) {
	used = slices.Clone(accounts)
	slices.Sort(used)
	used = slices.Compact(used)
	for i, a := range accounts {
		k, _ := slices.BinarySearch(used, a)
		accounts[i] = int32(k)
	}
	return used
}

// weightedArea counts each account's decisions as often as times says. It is false where nothing lost or kept counts.
func weightedArea(ws []weighed, times []int32) (float64, bool) {
	var below, lostNow, keptNow, lost, kept, sum float64 // below: kept below the present value
	for i := range ws {
		w := &ws[i]
		weight := float64(w.weight * float64(times[w.account]))
		if w.lost {
			lostNow += weight
		} else {
			keptNow += weight
		}
		if w.last {
			sum += float64(lostNow * (below + keptNow/2))
			below += keptNow
			lost, kept = lost+lostNow, kept+keptNow
			lostNow, keptNow = 0, 0
		}
	}
	if lost == 0 || kept == 0 {
		return 0, false
	}
	return 1 - sum/(lost*kept), true
}

// bootstrap returns the middle 95 % of the area over resampled accounts. Resamples that lack lost or kept money say
// nothing of the area and are left out.
func bootstrap(ws []weighed, times []int32, o Options) (low, high float64) {
	random := rand.New(rand.NewPCG(o.Seed, 0))
	n := o.Resamples
	if n == 0 {
		n = DefaultResamples
	}
	n = min(n, mostResamples)
	areas := make([]float64, 0, n)
	for range n {
		clear(times)
		for range times {
			times[random.IntN(len(times))]++
		}
		if area, ok := weightedArea(ws, times); ok {
			areas = append(areas, area)
		}
	}
	slices.Sort(areas)
	low, ok := stat.Quantile(areas, 0.025)
	high, _ = stat.Quantile(areas, 0.975)
	if !ok {
		return 0, 1
	}
	return nine(low), nine(high)
}

// effective is the smaller of the numbers of equal weights that are worth as much as those lost and those kept (Kish,
// Survey Sampling, 1965, 11.7).
func effective(ws []weighed) float64 {
	var sum, squares [2]float64
	for i := range ws {
		k := 0
		if ws[i].lost {
			k = 1
		}
		sum[k] += ws[i].weight
		squares[k] += float64(ws[i].weight * ws[i].weight)
	}
	return math.Min(sum[0]*sum[0]/squares[0], sum[1]*sum[1]/squares[1])
}
