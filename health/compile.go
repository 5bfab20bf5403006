package health

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
)

// A Digest identifies the content of a definition: SHA-256 of its canonical JSON.
type Digest [32]byte

// String returns "sha256:" and 64 hexadecimal digits.
func (d Digest) String() string { return canon.DigestText(d) }

// MarshalText returns the text of String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text of String.
func (d *Digest) UnmarshalText(text []byte) error { return canon.ParseDigest(text, (*[32]byte)(d)) }

// A Model is a compiled scorecard. It is immutable and safe for concurrent use.
type Model struct {
	card     Scorecard
	digest   Digest
	measures []measure // in definition order
	groups   []group   // members before the group that holds them; the last is the card itself
	aspects  []Aspect  // those that measures have
	bands    []Band    // floors on the grid
	limits   []limit
	margins  [2]float64 // worse, better; on the grid
	fall     Fall       // points on the grid
	alarms   []alarm
	coverage float64 // the least that is known, to nine places
}

// A measure is a compiled Measure.
type measure struct {
	name, path    string
	weight        float64
	group         int // that holds it
	aspect        int // position in Model.aspects; -1: none
	curve         Curve
	byAge         []AgeCurve
	depends       bool // on the account's age
	notBefore     time.Duration
	fresh, expire time.Duration
	policy        MissingPolicy
	neutral       float64
}

// A group is a compiled Group, which holds measures first to end, or groups.
type group struct {
	weight     float64
	parent     int // -1: none
	first, end int
	groups     []int
	mustLive   bool // it is EmptyUnknown
}

// Compile checks a scorecard and returns its Model. It keeps a deep copy: later changes to card have no effect.
//
// Compile returns an error if:
//   - anything in the card is wrong (*InvalidError with every problem, each with its place);
//   - the format is newer than [Format] (ErrFormat).
func Compile(card Scorecard) (*Model, error) {
	if card.Format > Format {
		return nil, fmt.Errorf("health: compile scorecard %q: format %d: %w", check.Clip(card.Name), card.Format, ErrFormat)
	}
	if err := invalid(problems(&card)); err != nil {
		return nil, err
	}
	m := &Model{card: copyCard(card), coverage: share9(card.MinCoverage)}
	digest, err := canon.Digest(m.card)
	if err != nil {
		return nil, fmt.Errorf("health: digest scorecard %q: %w", card.Name, err)
	}
	m.digest = digest
	for _, aspect := range []Aspect{Outcome, Experience} {
		if has(m.card.Groups, "", aspect) {
			m.aspects = append(m.aspects, aspect)
		}
	}
	m.addGroup(Group{Groups: m.card.Groups}, "", "")
	m.groups[len(m.groups)-1].parent = -1
	for _, b := range m.card.Bands {
		m.bands = append(m.bands, Band{b.Name, grid(b.Floor)})
	}
	position := make(map[string]int, len(m.measures))
	for i := range m.measures {
		position[m.measures[i].name] = i
	}
	for _, l := range m.card.Limits {
		l.Points = grid(l.Points)
		m.limits = append(m.limits, limit{l, position[l.Measure]})
	}
	m.margins = [2]float64{grid(card.Steady.Worse.Margin), grid(card.Steady.Better.Margin)}
	m.fall = Fall{grid(card.Fall.Points), card.Fall.Within}
	for _, a := range m.card.Alarms {
		m.alarms = append(m.alarms, alarm{a, position[a.Measure], m.bandNamed(a.Band)})
	}
	return m, nil
}

// has reports whether a measure below has the aspect, by itself or by the nearest group that names one.
func has(groups []Group, inherited, aspect Aspect) bool {
	return slices.ContainsFunc(groups, func(g Group) bool {
		own := cmp.Or(g.Aspect, inherited)
		return len(g.Measures) > 0 && own == aspect || has(g.Groups, own, aspect)
	})
}

// addGroup adds what a group holds, and then the group, and returns its position.
func (m *Model) addGroup(g Group, path string, aspect Aspect) int {
	mustLive := g.Empty == EmptyUnknown || g.Empty == "" && g.Aspect == Outcome
	compiled := group{weight: g.Weight, first: len(m.measures), mustLive: mustLive}
	aspect = cmp.Or(g.Aspect, aspect)
	for _, x := range g.Measures {
		m.addMeasure(x, path, aspect)
	}
	compiled.end = len(m.measures)
	for _, child := range g.Groups {
		compiled.groups = append(compiled.groups, m.addGroup(child, path+child.Name+"/", aspect))
	}
	i := len(m.groups)
	m.groups = append(m.groups, compiled)
	for j := compiled.first; j < compiled.end; j++ {
		m.measures[j].group = i
	}
	for _, j := range compiled.groups {
		m.groups[j].parent = i
	}
	return i
}

func (m *Model) addMeasure(x Measure, path string, aspect Aspect) {
	m.measures = append(m.measures, measure{
		name: x.Name, path: path + x.Name,
		weight: x.Weight, aspect: slices.Index(m.aspects, aspect),
		curve: x.Curve, byAge: x.ByAge,
		depends:   x.NotBefore > 0 || len(x.ByAge) > 0,
		notBefore: time.Duration(x.NotBefore),
		fresh:     time.Duration(x.Fresh), expire: time.Duration(x.Expire),
		policy: x.Missing.Policy, neutral: x.Missing.Points,
	})
}

// Scorecard returns a copy of the definition.
func (m *Model) Scorecard() Scorecard { return copyCard(m.card) }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }

// Measures returns the names of the measures in definition order, which is the order of Score.Parts.
func (m *Model) Measures() []string {
	names := make([]string, len(m.measures))
	for i := range m.measures {
		names[i] = m.measures[i].name
	}
	return names
}

func copyCard(card Scorecard) Scorecard {
	card.Groups = copyGroups(card.Groups)
	card.Bands = slices.Clone(card.Bands)
	card.Limits = slices.Clone(card.Limits)
	card.Alarms = slices.Clone(card.Alarms)
	return card
}

func copyGroups(groups []Group) []Group {
	groups = slices.Clone(groups)
	for i := range groups {
		g := &groups[i]
		g.Groups = copyGroups(g.Groups)
		g.Measures = slices.Clone(g.Measures)
		for j := range g.Measures {
			x := &g.Measures[j]
			x.Curve.Knots = slices.Clone(x.Curve.Knots)
			x.ByAge = slices.Clone(x.ByAge)
			for k := range x.ByAge {
				x.ByAge[k].Curve.Knots = slices.Clone(x.ByAge[k].Curve.Knots)
			}
		}
	}
	return groups
}
