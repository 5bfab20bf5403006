package health

// at returns the points of a raw value, or false where the curve says that the value is impossible.
// It is exact at the knots, monotone between two of them, and never beyond their points.
func (c *Curve) at(x float64) (points float64, ok bool) {
	knots := c.Knots
	last := len(knots) - 1
	n := c.below(x) // knots with X <= x
	switch c.Kind {
	case StepsLower:
		return knots[max(n-1, 0)].Points, true
	case StepsUpper:
		if n > 0 && knots[n-1].X == x {
			n--
		}
		return knots[min(n, last)].Points, true
	case Bounded:
		if x < knots[0].X || x > knots[last].X {
			return 0, false
		}
	}
	if n == 0 || n > last {
		return knots[min(n, last)].Points, true
	}
	// The quotient is below 1, which takes back what rounding may add to the difference of points: no result is beyond b.
	a, b := knots[n-1], knots[n]
	return a.Points + float64((x-a.X)/(b.X-a.X)*(b.Points-a.Points)), true
}

// below counts the knots with X <= x.
func (c *Curve) below(x float64) int {
	lo, hi := 0, len(c.Knots)
	for lo < hi {
		mid := int(uint(lo+hi) / 2)
		if c.Knots[mid].X <= x {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// linear reports whether the curve is read between its knots.
func (c *Curve) linear() bool { return c.Kind == Points || c.Kind == Bounded }

// ends returns the raw values of the first knots with the fewest and the most points.
func (c *Curve) ends() (worst, best float64) {
	low, high := c.Knots[0], c.Knots[0]
	for _, k := range c.Knots[1:] {
		if k.Points < low.Points {
			low = k
		}
		if k.Points > high.Points {
			high = k
		}
	}
	return low.X, high.X
}

// holds reports whether the comparison holds between a raw value and a constant.
func (c Comparison) holds(x, constant float64) bool {
	switch c {
	case Less:
		return x < constant
	case LessEqual:
		return x <= constant
	case Equal:
		return x == constant
	case NotEqual:
		return x != constant
	case GreaterEqual:
		return x >= constant
	case Greater:
		return x > constant
	}
	return false
}
