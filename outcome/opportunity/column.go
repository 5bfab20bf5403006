package opportunity

// A column is all respondents' answers to one question, packed into the bits of a sheet.
type column struct {
	share
	same     bool // all answers contribute the same
	bit      int  // the first bit in the rows of the sheet that holds what each contributes to the total
	bits     int  // so many bits, the lowest first
	answered int  // the bit that says who answered; −1: all did
}

// A share is what answers come to: the number in the upper boxes, or the sum, and of how many.
type share struct{ total, n int }

// level is the share on the scale of the method.
func (s share) level(m Method) float64 {
	if m == TopTwoBox {
		return float64(10*s.total) / float64(s.n)
	}
	return float64(s.total) / float64(s.n)
}

// contribution is what an answer adds to the total.
func (m Method) contribution(answer uint8) int {
	switch {
	case m == Mean:
		return int(answer)
	case answer >= upperBoxes:
		return 1
	}
	return 0
}

// bits is how many bits a contribution takes.
func (m Method) bits() int {
	if m == Mean {
		return 3
	}
	return 1
}

// gap is the level of importance less that of satisfaction. It is rounded once, so that what is equal is 0.
func gap(importance, satisfaction share, m Method) float64 {
	return fraction(importance, satisfaction, m, 1)
}

// score is importance + max(importance − satisfaction, 0), rounded once, so that a score meant to be on an edge is on it.
func score(importance, satisfaction share, m Method) float64 {
	if gap(importance, satisfaction, m) <= 0 {
		return importance.level(m)
	}
	return fraction(importance, satisfaction, m, 2)
}

// fraction is so many times importance less satisfaction, as one fraction of whole numbers.
func fraction(importance, satisfaction share, m Method, times int64) float64 {
	i, s := int64(importance.total)*int64(satisfaction.n), int64(satisfaction.total)*int64(importance.n)
	d := times*i - s
	if m == TopTwoBox {
		d *= 10
	}
	return float64(d) / float64(int64(importance.n)*int64(satisfaction.n))
}

// newColumn counts answers, 0 being none, and reserves their bits of the sheet.
func newColumn(given []uint8, m Method, s *sheet) column {
	c := column{same: true, bits: m.bits(), answered: -1}
	first := uint8(0)
	for _, answer := range given {
		if answer == 0 {
			continue
		}
		if first == 0 {
			first = answer
		}
		c.same = c.same && m.contribution(answer) == m.contribution(first)
		c.n++
		c.total += m.contribution(answer)
	}
	c.bit = s.reserve(c.bits)
	if c.n < len(given) {
		c.answered = s.reserve(1)
	}
	return c
}

// fill writes the answers to the rows.
func (c *column) fill(given []uint8, m Method, s *sheet) {
	for i, answer := range given {
		if answer == 0 {
			continue
		}
		if c.answered >= 0 {
			s.set(i, c.answered)
		}
		for k, v := 0, m.contribution(answer); v > 0; k, v = k+1, v>>1 {
			if v&1 == 1 {
				s.set(i, c.bit+k)
			}
		}
	}
}
