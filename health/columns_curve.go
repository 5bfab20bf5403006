package health

import "math"

// few is how many edges of a curve are compared with a value one after the other; more are searched.
const few = 4

// A lookup is a curve laid out for columns. It gives the same bits as Curve.at, and NaN where that gives nothing: for a
// value that is no number, and for one that the curve says is impossible.
type lookup struct {
	edges  []float64 // rising, at least few; a value lies on the piece whose number is that of the edges at or below it
	pieces []piece   // at least twice as many as few, so that an index of three bits is safe
}

// A piece of a curve gives y + (x-x0)/dx*dy.
type piece struct{ x0, dx, y, dy float64 }

func (p *piece) at(x float64) float64 { return p.y + float64((x-p.x0)/p.dx*p.dy) }

// flat is a piece of equal points. It too gives NaN for an infinite x.
func flat(points float64) piece { return piece{dx: 1, y: points} }

func newLookup(c *Curve) lookup {
	n := max(len(c.Knots), few) + 1
	l := lookup{edges: make([]float64, 0, n), pieces: make([]piece, 0, max(n+1, 2*few))}
	for i, k := range c.Knots {
		edge, before := k.X, c.Knots[max(i-1, 0)]
		if c.Kind == StepsUpper { // the knot's own value lies below the edge
			edge = math.Nextafter(edge, math.Inf(1))
		}
		below := flat(k.Points)
		switch {
		case i > 0 && c.linear():
			below = piece{before.X, k.X - before.X, before.Points, k.Points - before.Points}
		case c.Kind == StepsLower:
			below = flat(before.Points)
		case c.Kind == Bounded:
			below = flat(math.NaN())
		}
		l.edges, l.pieces = append(l.edges, edge), append(l.pieces, below)
	}
	beyond := flat(c.Knots[len(c.Knots)-1].Points)
	if c.Kind == Bounded { // the last knot's own value is possible
		edge := math.Nextafter(l.edges[len(l.edges)-1], math.Inf(1))
		l.edges, l.pieces = append(l.edges, edge), append(l.pieces, beyond)
		beyond = flat(math.NaN())
	}
	for len(l.edges) < few {
		l.edges = append(l.edges, math.Inf(1))
	}
	for len(l.pieces) <= len(l.edges) || len(l.pieces) < 2*few {
		l.pieces = append(l.pieces, beyond)
	}
	return l
}

// at returns the points of a value.
func (l *lookup) at(x float64) float64 {
	if len(l.edges) == few {
		e := (*[few]float64)(l.edges)
		n := one(e[0] <= x) + one(e[1] <= x) + one(e[2] <= x) + one(e[3] <= x)
		return l.pieces[n].at(x)
	}
	n := 0
	for left := len(l.edges); left > 0; {
		half := (left + 1) / 2
		n += half * int(one(l.edges[n+half-1] <= x))
		left -= half
	}
	return l.pieces[n].at(x)
}

// one returns 1 for true. It compiles to no branch, of which many would be mispredicted: values have no pattern.
func one(b bool) uint8 {
	var n uint8
	if b {
		n = 1
	}
	return n
}
