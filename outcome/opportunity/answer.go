package opportunity

import "fmt"

// A question is what a segment said of one need: its importance, and the satisfaction with one service.
type question struct{ importance, satisfaction column }

// ask reads what was said of all outcomes within each cut, by cut and outcome, into a sheet with resamples to draw.
func (s *segment) ask(cuts []cut, o Options) ([][]question, *sheet, error) {
	sh := newSheet(len(s.ids))
	asked := make([][]question, len(cuts))
	said := make([]uint8, 0, 2*len(cuts)*len(s.outcomes)*len(s.ids)) // all answers, in the order in which they are read
	r := newReader(len(s.ids))
	for k, c := range cuts {
		for i := range s.outcomes {
			if err := r.read(s, i, k, c); err != nil {
				return nil, nil, err
			}
			said = append(append(said, r.importance.given...), r.satisfaction.given...)
			asked[k] = append(asked[k], question{newColumn(r.importance.given, o.Method, sh), newColumn(r.satisfaction.given, o.Method, sh)})
		}
	}
	sh.open(o.Seed)
	for _, questions := range asked {
		for i := range questions {
			q := &questions[i]
			for _, c := range []*column{&q.importance, &q.satisfaction} {
				c.fill(said[:len(s.ids)], o.Method, sh)
				said = said[len(s.ids):]
			}
		}
	}
	return asked, sh, nil
}

// answers are what each respondent said last of one question; 0 is nothing.
type answers struct {
	given  []uint8
	latest []int64
}

// A reader turns cells into the answers of all respondents. Its slices are used again for the next outcome.
type reader struct{ importance, satisfaction answers }

func newReader(respondents int) *reader {
	return &reader{
		importance:   answers{make([]uint8, respondents), make([]int64, respondents)},
		satisfaction: answers{make([]uint8, respondents), make([]int64, respondents)},
	}
}

// read returns the latest answers within c, cut k. It refuses two different ones of the same instant.
func (r *reader) read(s *segment, outcome, k int, c cut) error {
	clear(r.importance.given)
	clear(r.satisfaction.given)
	cells := s.cells[outcome]
	for i := range cells {
		x := &cells[i]
		if c.holds(x.at) {
			r.importance.offer(x.respondent, x.importance, x.at)
			if x.services>>k&1 == 1 {
				r.satisfaction.offer(x.respondent, x.satisfaction, x.at)
			}
		}
	}
	twice := uint32(len(s.ids)) // the first respondent who contradicts, so that the order of ratings does not choose the error
	for i := range cells {
		x := &cells[i]
		if c.holds(x.at) && x.respondent < twice &&
			(r.importance.contradicts(x.respondent, x.importance, x.at) ||
				x.services>>k&1 == 1 && r.satisfaction.contradicts(x.respondent, x.satisfaction, x.at)) {
			twice = x.respondent
		}
	}
	if int(twice) < len(s.ids) {
		return &DataError{
			Respondent: s.ids[twice], Field: fmt.Sprintf("outcome %q", s.outcomes[outcome]),
			Message: "two different answers at one instant",
		}
	}
	return nil
}

// offer keeps an answer unless a later one is there.
func (a *answers) offer(respondent uint32, answer uint8, at int64) {
	if answer > 0 && (a.given[respondent] == 0 || at > a.latest[respondent]) {
		a.given[respondent], a.latest[respondent] = answer, at
	}
}

// contradicts reports whether an answer is of the same instant as the one that was kept, and another one.
func (a *answers) contradicts(respondent uint32, answer uint8, at int64) bool {
	return answer > 0 && at == a.latest[respondent] && answer != a.given[respondent]
}
