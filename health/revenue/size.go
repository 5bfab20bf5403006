package revenue

import (
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/amount"
)

// A size is an amount in units that its account has in common: whole numbers of 10^-places, exact however large.
type size struct {
	units int64
	wide  *big.Int // the size, where units don't hold it; never changed in place
}

// sizeOf returns a decimal, of no more places than that, as a size.
func sizeOf(d decimal.Decimal, places int32) size {
	if units, ok := amount.Units(d, places); ok {
		return size{units: units}
	}
	return fitted(amount.Round(d, places).Coefficient())
}

// fitted makes a size of n, which it keeps.
func fitted(n *big.Int) size {
	if n.IsInt64() {
		return size{units: n.Int64()}
	}
	return size{wide: n}
}

func (a size) plus(b size) size {
	sum := a.units + b.units
	if a.wide != nil || b.wide != nil || (sum^a.units)&(sum^b.units) < 0 {
		return a.widePlus(b)
	}
	return size{units: sum}
}

func (a size) minus(b size) size {
	rest := a.units - b.units
	if a.wide != nil || b.wide != nil || (a.units^b.units)&(rest^a.units) < 0 {
		return a.wideMinus(b)
	}
	return size{units: rest}
}

func (a size) widePlus(b size) size { return fitted(new(big.Int).Add(a.big(), b.big())) }

func (a size) wideMinus(b size) size { return fitted(new(big.Int).Sub(a.big(), b.big())) }

// sign returns -1, 0 or 1.
func (a size) sign() int {
	switch {
	case a.wide != nil:
		return a.wide.Sign()
	case a.units > 0:
		return 1
	}
	return int(a.units >> 63)
}

// big returns the size as an integer that must not be changed.
func (a size) big() *big.Int {
	if a.wide != nil {
		return a.wide
	}
	return big.NewInt(a.units)
}

// decimal returns the amount.
func (a size) decimal(places int32) decimal.Decimal {
	return decimal.NewFromBigInt(a.big(), -places)
}

// addTo adds the amount to a total.
func (a size) addTo(t *amount.Total, places int32) {
	if a.wide != nil {
		t.Add(a.decimal(places))
		return
	}
	t.AddUnit(a.units, places)
}

// least returns the lesser of two sizes.
func least(a, b size) size {
	if a.minus(b).sign() <= 0 {
		return a
	}
	return b
}
