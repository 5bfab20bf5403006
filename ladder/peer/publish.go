package peer

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Options say what is released, and when it is safe. The zero value is the default.
type Options struct {
	Rules       Rules
	Percentiles []int // quantiles of the total, in percent, increasing, each 1 to 99; none: 10, 25, 50, 75 and 90
	Best        int   // the percentile of mature peers that is called best in class, 1 to 99; 0: 75
	Digits      int   // that a group's mean keeps, 1 to 6; its other figures are rounded to the same place; 0: 3
}

const (
	defaultBest   = 75
	defaultDigits = 3
	mostDigits    = 6
)

func (o Options) complete() (Options, error) {
	var err error
	if o.Rules, err = o.Rules.complete(); err != nil {
		return o, err
	}
	if len(o.Percentiles) == 0 {
		o.Percentiles = []int{10, 25, 50, 75, 90}
	}
	if o.Best == 0 {
		o.Best = defaultBest
	}
	if o.Digits == 0 {
		o.Digits = defaultDigits
	}
	for i, p := range o.Percentiles {
		if p < 1 || p > 99 || i > 0 && p <= o.Percentiles[i-1] {
			return o, &DataError{"", fmt.Sprintf("percentile %d", i), "must be 1 to 99, above the one before it"}
		}
	}
	if o.Best < 1 || o.Best > 99 {
		return o, &DataError{"", "best", fmt.Sprintf("must be 1 to 99, not %d", o.Best)}
	}
	if o.Digits < 1 || o.Digits > mostDigits {
		return o, &DataError{"", "digits", fmt.Sprintf("must be 1 to %d, not %d", mostDigits, o.Digits)}
	}
	return o, nil
}

// A Publication is a release with what the host keeps to itself.
type Publication struct {
	Release  Release    // for everybody
	Record   Record     // to be given as earlier to the next Publish of the period; it holds every company's values
	Fresh    bool       // figures were made that the earlier record does not have
	Pending  int        // companies that joined or left and are not, or still, counted in the release
	Withheld []Withheld // cells without a group of their own, in order; found when the period's groups are made
	Alike    []Alike    // companies that may be one under two names, and then count as two contributors
}

// Alike are two IDs that differ in letter case, spaces and punctuation alone. If they are one company's, give all its
// accounts one ID before anything is released.
type Alike struct {
	Company string
	Other   string // after it in order
}

// A Withheld says why a cell has no group of its own. To show it would tell who is in the cell.
type Withheld struct {
	Stage    Stage
	Segment  string
	Industry string
	Size     string
	Count    int  // companies
	Rule     Rule // what it breaks, or Complementary
}

// Complementary is the rule under which a safe cell is withheld: without it others could be worked out from totals.
const Complementary Rule = "complementary"

// Publish makes the release of the period [from, to) out of all contributions, in any order. What it may tell is in the
// package's threat model.
//
// The first release of a period lays down its groups. They stay: with the record of the earlier release, figures of a
// group are made anew when at least K companies have joined or left it, or had values restated, and all releases
// together still hide each company; otherwise they stay as they are, to the byte. A company stays in its group for the
// period. Nil, or a record without groups, is the first. Publishing a period again without its record breaks what the
// rules promise.
//
// Publish returns a *DataError if:
//   - the period, the options or the earlier record is wrong, or the record is of another period, currency or Best;
//   - an account is given twice, its currency is not that of the others, or its spend is not above 0;
//   - a value is negative, or over a million for a unit of spend;
//   - accounts of one company are in two cells.
func Publish(from, to time.Time, contributions []Contribution, earlier *Record, o Options) (Publication, error) {
	if why := periodProblem(from, to); why != "" {
		return Publication{}, &DataError{"", "period", why}
	}
	from, to = instant.Of(from), instant.Of(to)
	o, err := o.complete()
	if err != nil {
		return Publication{}, err
	}
	w, err := gather(contributions)
	if err != nil {
		return Publication{}, err
	}
	release := Release{Format: Format, From: from, To: to, Number: 1, Currency: w.currency, Best: o.Best}
	var groups []*group
	if earlier != nil {
		if groups, err = earlier.follow(w, &release); err != nil {
			return Publication{}, err
		}
	}
	p := &press{bar: o.Rules.bar(), names: w.names, percents: o.Percentiles, best: o.Best, digits: o.Digits}
	if !slices.Contains(p.percents, o.Best) {
		p.percents = slices.Sorted(slices.Values(append(slices.Clone(p.percents), o.Best)))
	}
	out := Publication{Alike: w.alike()}
	if len(groups) > 0 {
		out.Fresh, out.Pending = p.refresh(groups, w, release.Number)
	} else {
		groups, out.Withheld = p.lay(w)
		out.Fresh, out.Pending = earlier == nil || len(groups) > 0, len(w.firms)
		for _, g := range groups {
			g.join(release.Number)
			// What lay found safe is safe without quantiles and parts.
			figures, ok := p.release(g, release.Number)
			if !ok {
				return Publication{}, &DataError{"", "group " + strings.Join(g.path[:], "/"), "can't be released"}
			}
			g.versions = append(g.versions, figures)
			out.Pending -= len(g.stays)
		}
	}
	if !out.Fresh {
		release.Number--
	}
	for _, g := range groups {
		release.Groups = append(release.Groups, g.versions[len(g.versions)-1])
	}
	out.Release, out.Record = release, newRecord(release, groups, w.names)
	return out, nil
}

// join makes all stays part of a version.
func (g *group) join(number int) {
	for _, s := range g.stays {
		s.in = append(s.in, number)
	}
}

// refresh makes the figures of groups anew where that is safe. It reports whether it did so for any, and how many
// companies wait.
func (p *press) refresh(groups []*group, w *world, number int) (fresh bool, pending int) {
	home := make(map[string]int)
	var index Release
	for i, g := range groups {
		index.Groups = append(index.Groups, g.versions[0])
		for _, s := range g.stays {
			home[s.firm.company] = i
		}
	}
	now := make([][]*firm, len(groups))
	for _, f := range w.firms {
		i, ok := home[f.company]
		if !ok {
			i, ok = index.find(f.path)
		}
		if !ok {
			pending++
			continue
		}
		now[i] = append(now[i], f)
	}
	for i, g := range groups {
		next, changes := g.with(now[i], number)
		if changes == 0 {
			continue
		}
		if changes >= p.k {
			if figures, ok := p.release(next, number); ok {
				next.versions = append(slices.Clip(g.versions), figures)
				*g, fresh = *next, true
				continue
			}
		}
		pending += changes
	}
	return fresh, pending
}

// with returns the group with the given firms as members of a version, and how many stays begin or end with it.
func (g *group) with(firms []*firm, number int) (*group, int) {
	latest := g.versions[len(g.versions)-1].Number
	next := &group{path: g.path, versions: g.versions}
	changes := 0
	for _, s := range g.stays {
		copied := &stay{firm: s.firm, in: slices.Clone(s.in)}
		next.stays = append(next.stays, copied)
		if s.was(latest) {
			changes++ // left, unless found below
		}
	}
	held := make(map[string][]*stay, len(next.stays))
	for _, s := range next.stays {
		held[s.firm.company] = append(held[s.firm.company], s)
	}
	for _, f := range firms {
		at := slices.IndexFunc(held[f.company], func(s *stay) bool { return s.firm.same(f) })
		if at < 0 {
			next.stays = append(next.stays, &stay{firm: f, in: []int{number}})
			changes++
			continue
		}
		s := held[f.company][at]
		if s.was(latest) {
			changes--
		} else {
			changes++
		}
		s.in = append(s.in, number)
	}
	slices.SortStableFunc(next.stays, compareStays)
	return next, changes
}
