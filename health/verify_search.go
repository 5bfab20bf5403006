package health

import "slices"

// A verifier settles questions about a card: by inputs that it scores, and by bounds on what it can't.
type verifier struct {
	m        *Model
	ages     []era
	limitsOf [][]int // by measure
	work     int     // left
	vast     bool    // there are too many ages, or values to cut: all is undecided
	always   []bool  // limits that hold for every value of their measure, at every age

	reached []bool   // bands that a score lies in
	near    []nearby // of bands, until they are reached
	moved   []bool   // measures that moved the band
	decided []*state // limits that decided a score

	possible []bool // bands that the bounds do not rule out
	idle     []bool // measures that the bounds leave no room to move the band
	decides  []bool // limits that the bounds leave room to decide
}

// A state is an input: what is read of each measure at an age.
type state struct {
	age  int
	raws []float64
	live []bool
}

// A nearby is the score nearest to a band.
type nearby struct {
	state    *state
	distance float64
}

func newVerifier(m *Model) *verifier {
	n := len(m.measures)
	v := &verifier{
		m: m, ages: m.eras(), limitsOf: make([][]int, n), work: maxWork,
		reached: make([]bool, len(m.bands)), near: make([]nearby, len(m.bands)),
		moved: make([]bool, n), decided: make([]*state, len(m.limits)),
		possible: make([]bool, len(m.bands)), idle: make([]bool, n), decides: make([]bool, len(m.limits)),
	}
	for i := range m.limits {
		at := m.limits[i].measure
		v.limitsOf[at] = append(v.limitsOf[at], i)
	}
	for i := range v.idle {
		v.idle[i] = true
	}
	cuts := 0
	v.vast = len(v.ages) > maxAges
	for i := range m.measures {
		values := len(m.measures[i].curve.Knots)
		for _, c := range m.measures[i].byAge {
			values = max(values, len(c.Curve.Knots))
		}
		values = 3 * (values + len(v.limitsOf[i]))
		cuts += min(values*values, maxCuts) * (1 + len(v.limitsOf[i]))
		v.vast = v.vast || cuts > maxCuts/len(v.ages)
	}
	if !v.vast {
		v.hold()
	}
	return v
}

// hold finds the limits that always hold.
func (v *verifier) hold() {
	v.always = make([]bool, len(v.m.limits))
	for i, limits := range v.limitsOf {
		for _, l := range limits {
			v.always[l] = true
		}
		for age := range v.ages {
			if len(limits) == 0 {
				break
			}
			for _, c := range v.cells(age, i, true) {
				for _, l := range limits {
					v.always[l] = v.always[l] && (!c.live || slices.Contains(c.acts, l))
				}
			}
		}
	}
}

// input returns a state as an input.
func (v *verifier) input(w *state) *Input {
	readings := make(ReadingMap)
	for i := range v.m.measures {
		if w.live[i] {
			readings[v.m.measures[i].name] = Reading{Value: w.raws[i], At: verifyAt}
		}
	}
	in := &Input{Account: "witness", Readings: readings}
	if e := v.ages[w.age]; !e.unknown {
		in.Since = verifyAt.Add(-e.age)
	}
	return in
}

// corner returns the state in which every measure is at its best, or its worst.
func (v *verifier) corner(age int, best bool) *state {
	n := len(v.m.measures)
	w := &state{age: age, raws: make([]float64, n), live: make([]bool, n)}
	for i := range v.m.measures {
		worst, top := v.m.measures[i].curveAt(&moment{age: v.ages[age].age}).ends()
		if w.live[i], w.raws[i] = true, worst; best {
			w.raws[i] = top
		}
	}
	return w
}

// sheet returns an empty sheet for an age.
func (v *verifier) sheet(age int) *sheet {
	s := v.m.open(new(buffers), make([]Part, len(v.m.measures)))
	s.asOf = verifyAt
	if e := v.ages[age]; !e.unknown {
		s.age, s.since = e.age, verifyAt.Add(-e.age)
	}
	return &s
}

// read puts one reading into a sheet.
func (v *verifier) read(s *sheet, i int, raw float64, live bool) {
	s.leaves[i] = leaf{}
	s.parts[i] = Part{Missing: !live}
	if live {
		s.parts[i].Reading = Reading{Value: raw, At: verifyAt}
	}
	v.m.measures[i].enter(&s.leaves[i], &s.parts[i], &s.moment)
}

// fill puts a state into a sheet.
func (v *verifier) fill(s *sheet, w *state) {
	for i := range w.raws {
		v.read(s, i, w.raws[i], w.live[i])
	}
	v.work -= len(w.raws)
	v.m.sum(s)
}

// look scores a sheet, which holds w, and notes what it shows.
func (v *verifier) look(s *sheet, w *state) (value float64, known bool) {
	if v.m.unknown(s) != "" {
		return 0, false
	}
	v.work -= len(v.m.limits)
	value, decided := v.m.limited(grid(s.whole().value), s, "")
	v.reached[v.m.band(value)] = true
	if decided != nil {
		for i := range v.m.limits {
			if decided == &v.m.limits[i] && v.decided[i] == nil {
				v.decided[i] = w.copy()
			}
		}
	}
	for b := range v.near {
		distance := v.m.bands[b].Floor - value
		if distance < 0 && b+1 < len(v.m.bands) {
			distance = value - v.m.bands[b+1].Floor
		}
		if at := &v.near[b]; !v.reached[b] && (at.state == nil || distance < at.distance) {
			*at = nearby{w.copy(), distance}
		}
	}
	return value, true
}

func (w *state) copy() *state {
	return &state{w.age, slices.Clone(w.raws), slices.Clone(w.live)}
}

// settled reports whether inputs have answered all questions, or may not be looked at any longer.
func (v *verifier) settled() bool {
	return v.work <= 0 || !slices.Contains(v.reached, false) && !slices.Contains(v.moved, false) &&
		!slices.ContainsFunc(v.decided, func(w *state) bool { return w == nil })
}

// try looks at a state, and at all that one measure alone can make of it.
func (v *verifier) try(s *sheet, w *state, candidates [][]float64) (value float64, known bool) {
	v.fill(s, w)
	value, known = v.look(s, w)
	for i := range w.raws {
		if v.moved[i] || v.work <= 0 {
			continue
		}
		raw, live := w.raws[i], w.live[i]
		was, seen := v.m.band(value), known
		for j := 0; j <= len(candidates[i]) && !v.moved[i]; j++ {
			if w.live[i] = j < len(candidates[i]); w.live[i] {
				w.raws[i] = candidates[i][j]
			}
			v.read(s, i, w.raws[i], w.live[i])
			v.m.sumAbove(s, i)
			v.work -= v.m.groups[v.m.measures[i].group].end - v.m.groups[v.m.measures[i].group].first + 8
			if x, ok := v.look(s, w); ok {
				band := v.m.band(x)
				v.moved[i] = seen && band != was
				was, seen = band, true
			}
		}
		w.raws[i], w.live[i] = raw, live
		v.read(s, i, raw, live)
		v.m.sumAbove(s, i)
	}
	return value, known
}

// run cuts the inputs of each age into regions.
func (v *verifier) run() {
	most := min(maxBoxes, maxEach/(len(v.m.measures)+len(v.m.limits))) / len(v.ages)
	for age := range v.ages {
		if v.vast || !v.runAge(age, most) {
			v.open()
		}
	}
}

// open leaves room for everything that the bounds could have ruled out.
func (v *verifier) open() {
	for b := range v.possible {
		v.possible[b] = true
	}
	for i := range v.idle {
		v.idle[i] = false
	}
	for l := range v.decides {
		v.decides[l] = true
	}
}

// runAge looks at the regions of one age, and bounds them. It returns false where there are more than most.
func (v *verifier) runAge(age, most int) bool {
	n := len(v.m.measures)
	cells := make([][]cell, n)
	candidates := make([][]float64, n)
	boxes := 1
	for i := range cells {
		cells[i] = v.cells(age, i, false)
		for _, c := range cells[i] {
			if c.live {
				candidates[i] = append(candidates[i], c.worst, c.best)
			}
		}
		boxes = min(boxes*len(cells[i]), most+1)
	}
	s := v.sheet(age)
	region := make([]*cell, n)
	if boxes > most {
		for _, best := range []bool{true, false} {
			v.try(s, v.corner(age, best), candidates)
		}
		v.path(s, v.corner(age, false), v.corner(age, true), candidates)
		return false
	}
	for i := range cells {
		if fine := v.cells(age, i, true); boxes/len(cells[i])*len(fine) <= most {
			boxes = boxes / len(cells[i]) * len(fine)
			cells[i] = fine
		}
	}
	low, high := make([]int, boxes), make([]int, boxes)
	for box := range boxes {
		rest := box
		for i := range cells {
			region[i] = &cells[i][rest%len(cells[i])]
			rest /= len(cells[i])
		}
		var ok bool
		if low[box], high[box], ok = v.bounds(age, region); !ok {
			low[box], high[box] = len(v.m.bands), -1
			continue
		}
		for b := low[box]; b <= high[box]; b++ {
			v.possible[b] = true
		}
		if !v.settled() {
			v.visit(s, age, region, candidates)
		}
	}
	stride := 1
	for i := range cells {
		k := len(cells[i])
		for box := 0; box < boxes && v.idle[i]; box++ {
			if box/stride%k != 0 {
				continue
			}
			from, to := len(v.m.bands), -1
			for j := range k {
				from, to = min(from, low[box+j*stride]), max(to, high[box+j*stride])
			}
			v.idle[i] = from >= to
		}
		stride *= k
	}
	return true
}

// visit looks at inputs of a region: its corners, and where a line between them passes from band to band.
func (v *verifier) visit(s *sheet, age int, region []*cell, candidates [][]float64) {
	n := len(region)
	from := &state{age, make([]float64, n), make([]bool, n)}
	to := &state{age, make([]float64, n), make([]bool, n)}
	for i, c := range region {
		from.raws[i], to.raws[i] = c.worst, c.best
		from.live[i], to.live[i] = c.live, c.live
	}
	v.path(s, from, to, candidates)
}

// path tries two states and, between those on the line from one to the other, the pairs about each edge of a band.
func (v *verifier) path(s *sheet, from, to *state, candidates [][]float64) {
	first, known := v.try(s, from, candidates)
	last, also := v.try(s, to, candidates)
	if !known || !also {
		return
	}
	at := from.copy()
	move := func(t float64) float64 {
		for i := range at.raws {
			at.raws[i] = float64((1-t)*from.raws[i]) + float64(t*to.raws[i])
		}
		v.fill(s, at)
		value, _ := v.look(s, at)
		return value
	}
	for b := min(v.m.band(first), v.m.band(last)) + 1; b <= max(v.m.band(first), v.m.band(last)) && !v.settled(); b++ {
		edge := v.m.bands[b].Floor
		low, high := 0.0, 1.0
		for range 60 {
			if mid := (low + high) / 2; move(mid) < edge == (first < last) {
				low = mid
			} else {
				high = mid
			}
		}
		for _, t := range []float64{low, high} {
			move(t)
			v.try(s, at, candidates)
		}
	}
}
