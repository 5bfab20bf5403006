package ladder

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A unit is a product of powers, sorted by name, of which none is 0.
type unit []power

type power struct {
	name string
	n    int
}

// parseUnit reads a unit such as "EUR/hour" or "hour*user". A name with "/" before it divides.
func parseUnit(text string) unit {
	var u unit
	for sign := 1; ; {
		i := strings.IndexAny(text, "*/")
		name := text
		if i >= 0 {
			name = text[:i]
		}
		if name = strings.TrimSpace(name); name != "" && name != "1" {
			u = append(u, power{name, sign})
		}
		if i < 0 {
			return u.reduced()
		}
		sign = 1
		if text[i] == '/' {
			sign = -1
		}
		text = text[i+1:]
	}
}

// times returns the product of two units.
func (u unit) times(other unit) unit { return slices.Concat(u, other).reduced() }

// reduced sums the powers of each name.
func (u unit) reduced() unit {
	slices.SortStableFunc(u, func(a, b power) int { return cmp.Compare(a.name, b.name) })
	var out unit
	for _, p := range u {
		if n := len(out); n > 0 && out[n-1].name == p.name {
			out[n-1].n += p.n
		} else {
			out = append(out, p)
		}
	}
	return slices.DeleteFunc(out, func(p power) bool { return p.n == 0 })
}

// String returns the unit for people, what multiplies first.
func (u unit) String() string {
	var above, below []string
	for _, p := range u {
		for range max(p.n, 0) {
			above = append(above, p.name)
		}
		for range max(-p.n, 0) {
			below = append(below, p.name)
		}
	}
	text := cmp.Or(strings.Join(above, "*"), "1")
	if len(below) > 0 {
		text += "/" + strings.Join(below, "/")
	}
	return text
}

// declaredUnits are those of a ladder, by name.
type declaredUnits struct {
	metrics, pools map[string]string
	quantities     map[string]unit // as each was first read
}

func (l *Ladder) units() declaredUnits {
	u := declaredUnits{make(map[string]string), make(map[string]string), make(map[string]unit)}
	for i := range l.Metrics {
		u.metrics[l.Metrics[i].Name] = l.Metrics[i].Unit
	}
	for i := range l.Pools {
		u.pools[l.Pools[i].Name] = l.Pools[i].Unit
	}
	return u
}

// units checks those of a formula whose movement has one. A volume without one is a plain number.
func (v *verifier) units(at string, b *Benefit, all declaredUnits) {
	seen := all.quantities
	declared := all.metrics[b.Metric]
	if b.Moved != nil {
		declared = b.Moved.Unit
	} else {
		v.oneUnit(at+"/metric", b.Metric, declared, seen)
	}
	terms := []struct {
		field string
		term  *Term
	}{{"/moved", b.Moved}, {"/adoption", b.Adoption}, {"/attribution", b.Attribution}, {"/unit_value", &b.UnitValue}, {"/conversion", b.Conversion}, {"/margin", b.Margin}}
	for _, t := range terms {
		switch {
		case t.term == nil || t.term.Unit == "":
		case t.field == "/moved" || t.field == "/unit_value":
			v.oneUnit(at+t.field+"/unit", t.term.Quantity, t.term.Unit, seen)
		default:
			v.add(UnitMismatch, at+t.field+"/unit", "%q is a unit, and a share has none", t.term.Unit)
		}
	}
	moved := parseUnit(declared)
	for j, t := range b.Times {
		v.oneUnit(fmt.Sprintf("%s/times/%d/unit", at, j), t.Quantity, t.Unit, seen)
		moved = moved.times(parseUnit(t.Unit))
	}
	if declared == "" {
		return
	}
	if pool := all.pools[b.Pool]; pool != "" && !slices.Equal(moved, parseUnit(pool)) {
		v.add(UnitMismatch, at+"/pool", "%q claims %v of a pool of %v: let the units of moved and times multiply to those of the pool", b.Name, moved, parseUnit(pool))
	}
	if b.UnitValue.Unit != "" {
		worth := moved.times(parseUnit(b.UnitValue.Unit))
		if money := (unit{{v.m.def.Currency, 1}}); !slices.Equal(worth, money) {
			v.add(UnitMismatch, at+"/unit_value/unit", "%q comes to %v, not to %v: %v is worth %s", b.Name, worth, money, moved, b.UnitValue.Unit)
		}
	}
}

// oneUnit tells of a quantity that is read in two units.
func (v *verifier) oneUnit(at, quantity, declared string, seen map[string]unit) {
	if quantity == "" || declared == "" {
		return
	}
	u := parseUnit(declared)
	first, ok := seen[quantity]
	if !ok {
		seen[quantity] = u
	} else if !slices.Equal(first, u) {
		v.add(UnitMismatch, at, "the quantity %q is in %v elsewhere, not in %v", quantity, first, u)
	}
}
