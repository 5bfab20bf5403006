package health

import "math"

// write tallies the card in each row and writes the results, as Score finds them.
func (b *block) write(out *Results) {
	m, rows := b.model, out.Rows(b.first, b.first+b.size)
	for r := range b.size {
		value, low, high, coverage, known := b.sumCard(r)
		value, low, high, coverage = grid(value), grid(low), grid(high), share9(coverage)
		if len(m.limits) > 0 {
			b.fillSheet(r)
			value, _ = m.limited(value, &b.sheet, "")
			low, _ = m.limited(low, &b.sheet, Cap)
			high, _ = m.limited(high, &b.sheet, Floor)
		}
		band := -1
		if known && coverage >= m.coverage {
			low, high, band = min(low, value), max(high, value), m.band(value)
		} else {
			value = math.NaN()
		}
		bad := b.ages[r] == badAge
		if bad {
			nan := math.NaN()
			value, coverage, low, high, band = nan, nan, nan, nan, -1
		}
		put(rows.Value, r, value)
		put(rows.Coverage, r, coverage)
		put(rows.Low, r, low)
		put(rows.High, r, high)
		put(rows.Band, r, int32(band))
		put(rows.Bad, r, bad)
	}
}

// sumCard tallies the card in one row, as tally.add and tally.mean do, and reports whether anything is known and nothing
// lacks that must not. All stays in registers: through a tally in memory, a row would wait for the one before it.
func (b *block) sumCard(r int) (value, low, high, coverage float64, known bool) {
	card := &b.model.groups[len(b.groups)]
	weight, full := 0.0, 0.0
	known = true
	for _, i := range card.groups {
		g := &b.groups[i]
		n := &g.tallies[r]
		if !n.applies {
			continue
		}
		live := float64(g.weight * n.live)
		weight += live
		full += g.weight
		value += float64(live * n.value)
		low += float64(g.weight * n.low)
		high += float64(g.weight * n.high)
		coverage += float64(g.weight * n.coverage)
		known = known && !n.required && !n.empty
	}
	if full == 0 { // nothing applies
		return 0, 0, 100, 0, false
	}
	if weight != 1 && weight > 0 { // to divide by 1 takes time and changes nothing
		value /= weight
	}
	if full != 1 {
		low, high, coverage = low/full, high/full, coverage/full
	}
	return value, low, high, coverage, known && coverage > 0
}

// put writes into a column that is wanted.
func put[T any](column []T, r int, v T) {
	if column != nil {
		column[r] = v
	}
}

// fillSheet puts into the sheet what limits ask for.
func (b *block) fillSheet(r int) {
	for i := range b.model.limits {
		at := b.model.limits[i].measure
		c, l := &b.columns[at], &b.sheet.leaves[at]
		l.applies, l.known = c.live[r] != notApplicable, max(c.live[r], 0)
		b.sheet.parts[at].Reading.Value = c.values[b.first+r]
	}
}
