package experiment

import (
	"fmt"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/segment"
)

const (
	maxArms   = 100
	maxWeight = 100_000 // keeps products of weights and buckets far from overflow
	maxUnits  = 1_000_000_000
)

// layerPrefix keeps the hash of a layer apart from that of a trial.
const layerPrefix = "__"

// A Model is a compiled trial. It is immutable and safe for concurrent use.
type Model struct {
	def     Trial
	digest  segment.Digest
	split   split
	control int         // its position among the arms
	looks   *Sequential // the plan's, with its defaults
	alpha   float64     // with which each interval may miss
}

// Compile checks a trial and returns its Model, which keeps no part of the trial that the caller could change.
//
// Compile returns an error if:
//   - anything in the trial is wrong (*InvalidError with every problem, each with its place), such as a weight so small
//     beside the others that no bucket is left for the arm;
//   - the format is newer than [Format] (ErrFormat).
func Compile(t Trial) (*Model, error) {
	if t.Format > Format {
		return nil, fmt.Errorf("experiment: compile trial %q: format %d: %w", t.Name, t.Format, ErrFormat)
	}
	if err := invalid(t.problems()); err != nil {
		return nil, err
	}
	m := &Model{def: t.clone()}
	digest, err := canon.Digest(m.def)
	if err != nil {
		return nil, fmt.Errorf("experiment: compile trial %q: %w", t.Name, err)
	}
	m.digest = digest
	m.split, _ = t.split() // the trial was checked
	m.control = m.arm(t.Plan.Control)
	m.alpha, _ = missing(t.Plan.Confidence, len(t.Arms)-1)
	if t.Plan.Sequential != nil {
		looks, _ := t.Plan.Sequential.settled()
		m.looks = &looks
	}
	return m, nil
}

// Trial returns a copy of the definition.
func (m *Model) Trial() Trial { return m.def.clone() }

// Digest returns the digest of the definition. Keep it when the trial begins: [Model.Analyse] holds the trial to it.
func (m *Model) Digest() segment.Digest { return m.digest }

// arm returns the position of an arm, or -1. There are few.
func (m *Model) arm(name string) int {
	for i, a := range m.def.Arms {
		if a.Name == name {
			return i
		}
	}
	return -1
}

// A split is the buckets of arms.
type split struct {
	from  []int // where each arm's begin
	taken []int // how many of each arm take part
}

// arm returns the position of the arm that has a bucket, or -1.
func (s *split) arm(bucket int) int {
	for i, from := range s.from {
		if bucket >= from && bucket < from+s.taken[i] {
			return i
		}
	}
	return -1
}

// split is false where weights or the coverage are out of their ranges.
func (t *Trial) split() (s split, ok bool) {
	coverage, total, sum := t.Coverage, 0, 0
	if coverage == 0 {
		coverage = Buckets
	}
	for _, a := range t.Arms {
		if a.Weight < 1 || a.Weight > maxWeight {
			return s, false
		}
		total += a.Weight
	}
	if coverage < 0 || coverage > Buckets {
		return s, false
	}
	edge := func(sum int) int { return int(int64(sum) * Buckets / int64(total)) }
	for _, a := range t.Arms {
		from := edge(sum)
		sum += a.Weight
		s.from = append(s.from, from)
		s.taken = append(s.taken, (edge(sum)-from)*coverage/Buckets)
	}
	return s, true
}

func (t *Trial) problems() problem.List {
	var r check.Report
	r.Format(t.Format, Format)
	r.Name("", "/name", t.Name)
	if r.Err("", "/seed", ident.Check(t.Seed)) && strings.HasPrefix(t.Seed, layerPrefix) {
		r.Addf("/seed", "begins with %q, which layers do", layerPrefix)
	}
	var names check.Names
	if n := len(t.Arms); n < 2 || n > maxArms {
		r.Addf("/arms", "must have 2 to %d elements, not %d", maxArms, n)
	} else {
		t.checkArms(&r, &names)
	}
	whole(&r, "/coverage", t.Coverage, 0, Buckets)
	if l := t.Layer; l != nil {
		r.Name("/layer", "/name", l.Name)
		if l.From < 0 || l.To > Buckets || l.From >= l.To {
			r.Addf("/layer", "must be a range of buckets within [0, %d), not [%d, %d)", Buckets, l.From, l.To)
		}
	}
	t.Plan.check(&r, &names, len(t.Arms))
	return r.List
}

func (t *Trial) checkArms(r *check.Report, names *check.Names) {
	split, ok := t.split()
	for i, a := range t.Arms {
		at := fmt.Sprintf("/arms/%d", i)
		r.Define(names, at, "/name", a.Name)
		if whole(r, at+"/weight", a.Weight, 1, maxWeight) && ok && split.taken[i] == 0 {
			r.Addf(at+"/weight", "%d leaves the arm no bucket", a.Weight)
		}
	}
}

func (p *Plan) check(r *check.Report, arms *check.Names, n int) {
	r.Refer(arms, "/plan", "/control", "arm", p.Control)
	check.OneOf(r, "/plan", "/measure", p.Measure, Mean, Share)
	check.OneOf(r, "/plan", "/better", p.Better, Higher, Lower)
	r.Within("/plan", "/margin", p.Margin, 0, largest)
	if p.Confidence != 0 {
		r.Within("/plan", "/confidence", p.Confidence, leastConfidence, mostConfidence)
	}
	switch s := p.Sequential; {
	case s == nil && p.Horizon == 0:
		r.Addf("/plan/horizon", "is missing: there is one look, unless the plan is sequential")
	case s == nil:
		whole(r, "/plan/horizon", p.Horizon, 2*n, maxUnits)
	default:
		if p.Horizon != 0 {
			r.Addf("/plan/horizon", "must be absent: the plan is sequential")
		}
		whole(r, "/plan/sequential/burn_in", s.BurnIn, 0, maxUnits)
		whole(r, "/plan/sequential/tuned", s.Tuned, 0, maxUnits)
	}
}

// whole refuses numbers outside of low to high.
func whole(r *check.Report, at string, n, low, high int) bool {
	ok := n >= low && n <= high
	if !ok {
		r.Addf(at, "must be %d to %d, not %d", low, high, n)
	}
	return ok
}
