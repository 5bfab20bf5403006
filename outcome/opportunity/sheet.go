package opportunity

import "github.com/customersuccess-go/customersuccess/internal/stat"

// A sheet holds the answers of all respondents as rows of bits, and counts its columns over a resample of them. A counter
// for each column would take a step for each bit; these are kept as bits too, 64 columns to a word, and rows are added
// eight at a time by carry-save adders, whose carries are added eight at a time by the next ones, and so on.
type sheet struct {
	respondents int
	width       int      // bits in a row that are in use
	words       int      // in a row
	rows        []uint64 // by respondent, and one row of zeros

	source  stat.Resampler
	drawn   []uint32 // a resample, filled up to whole blocks with the row of zeros
	adders  []adder  // by word, then by level
	levels  int      // adders of a word
	columns []int    // what came out, by bit of a row
}

// block is how many rows are added together: the carries of eight times eight make one word for the third adder.
const block = 64

// An adder sums words whose bits weigh 8 to the power of its level.
type adder struct {
	ones, twos, fours uint64
	waiting           [8]uint64 // so many as n are to be added
	n                 int
}

func newSheet(respondents int) *sheet { return &sheet{respondents: respondents} }

// reserve returns the first of so many new bits of a row.
func (s *sheet) reserve(bits int) int {
	first := s.width
	s.width += bits
	return first
}

// open makes room for the bits that were reserved.
func (s *sheet) open(seed uint64) {
	s.words = (s.width + 63) / 64
	s.rows = make([]uint64, (s.respondents+1)*s.words)
	s.source = stat.NewResampler(seed)
	s.drawn = make([]uint32, (s.respondents+block-1)/block*block)
	for i := range s.drawn {
		s.drawn[i] = uint32(s.respondents)
	}
	s.levels = 2
	for most := s.respondents / block; most > 0; most /= 8 {
		s.levels++
	}
	s.adders = make([]adder, s.words*s.levels)
	s.columns = make([]int, 64*s.words)
}

// set sets a bit in the row of a respondent.
func (s *sheet) set(respondent, bit int) {
	s.rows[respondent*s.words+bit/64] |= 1 << (bit % 64)
}

// resample draws respondents and counts the bits of their rows.
func (s *sheet) resample() {
	s.source.Draw(s.drawn[:s.respondents], s.respondents)
	clear(s.adders)
	for at := 0; at < len(s.drawn); at += block {
		var from [block]int
		for i, respondent := range s.drawn[at:][:block] {
			from[i] = int(respondent) * s.words
		}
		for w := range s.words {
			adders := s.adders[w*s.levels:][:s.levels]
			carries := adders[0].rows(s.rows[w:], &from)
			push(adders[2:], adders[1].eight(&carries))
		}
	}
	for w := range s.words {
		adders := s.adders[w*s.levels:][:s.levels]
		finish(adders)
		count(adders, s.columns[64*w:][:64])
	}
}

// rows adds one word of each row of a block and returns the carries.
func (a *adder) rows(words []uint64, from *[block]int) (carries [8]uint64) {
	ones, twos, fours := a.ones, a.twos, a.fours
	var p, q, r, s uint64
	for i := range carries {
		f := from[8*i:][:8]
		p, ones = add(ones, words[f[0]], words[f[1]])
		q, ones = add(ones, words[f[2]], words[f[3]])
		r, twos = add(twos, p, q)
		p, ones = add(ones, words[f[4]], words[f[5]])
		q, ones = add(ones, words[f[6]], words[f[7]])
		s, twos = add(twos, p, q)
		carries[i], fours = add(fours, r, s)
	}
	a.ones, a.twos, a.fours = ones, twos, fours
	return carries
}

// eight adds eight words and returns the carries.
func (a *adder) eight(x *[8]uint64) uint64 {
	p, ones := add(a.ones, x[0], x[1])
	q, ones := add(ones, x[2], x[3])
	r, twos := add(a.twos, p, q)
	p, ones = add(ones, x[4], x[5])
	q, ones = add(ones, x[6], x[7])
	s, twos := add(twos, p, q)
	carries, fours := add(a.fours, r, s)
	a.ones, a.twos, a.fours = ones, twos, fours
	return carries
}

// add adds three words bit by bit.
func add(a, b, c uint64) (carry, sum uint64) {
	half := a ^ b
	return a&b | half&c, half ^ c
}

// push hands a word to an adder and, each time that eight wait there, the carries to the next one.
func push(adders []adder, word uint64) {
	for i := range adders {
		a := &adders[i]
		a.waiting[a.n] = word
		if a.n++; a.n < len(a.waiting) {
			return
		}
		a.n = 0
		word = a.eight(&a.waiting)
	}
}

// finish adds what waits.
func finish(adders []adder) {
	for i := range adders {
		if a := &adders[i]; a.n > 0 {
			clear(a.waiting[a.n:])
			a.n = 0
			push(adders[i+1:], a.eight(&a.waiting))
		}
	}
}

// count turns the bits of adders into numbers.
func count(adders []adder, out []int) {
	clear(out)
	for level := range adders {
		a := &adders[level]
		for i := range out {
			n := int(a.ones>>i&1) + int(a.twos>>i&1)<<1 + int(a.fours>>i&1)<<2
			out[i] += n << (3 * level)
		}
	}
}

// share is what a column comes to in the resample.
func (s *sheet) share(c *column) share {
	x := share{n: s.respondents}
	if c.answered >= 0 {
		x.n = s.columns[c.answered]
	}
	for k := range c.bits {
		x.total += s.columns[c.bit+k] << k
	}
	return x
}
