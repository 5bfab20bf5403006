package journey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

// A Digest identifies the content of a definition: SHA-256 of its canonical JSON.
type Digest [32]byte

// String returns "sha256:" and 64 hexadecimal digits.
func (d Digest) String() string { return canon.DigestText(d) }

// MarshalText returns the text of String.
func (d Digest) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the text of String.
func (d *Digest) UnmarshalText(text []byte) error { return canon.ParseDigest(text, (*[32]byte)(d)) }

// A Model is a compiled map. It is immutable and safe for concurrent use.
type Model struct {
	def     Map
	digest  Digest
	phases  []phase           // in map order
	index   map[string]int    // position of a phase by name
	returns []move            // from Ended
	clocks  []clock           // one for each key, in order of bytes
	signals []string          // in map order, each once
	attests map[string]string // role that evidence of this name must be from, "" for any
}

// A phase is compiled from a Phase.
type phase struct {
	def         *Phase
	accountable string // the first role with this duty
	milestones  []milestone
	moves       []move
}

// A milestone is compiled from a Milestone.
type milestone struct {
	def    *Milestone
	needs  []need
	blocks int // moves
}

// A move is compiled from a Move.
type move struct {
	def   *Move
	needs []need
}

// A need is compiled from a Need.
type need struct {
	Need
	key    string
	signal int // position in Model.signals
}

// A clock is what the needs of one key share.
type clock struct {
	key    string
	signal int
	when   Comparison
	value  float64
	stale  Duration
}

// Compile checks a map and returns its Model. It keeps a deep copy: later changes to m have no effect.
//
// Compile returns an error if:
//   - anything in the map is wrong (*InvalidError with every problem, each with its place);
//   - the format is newer than [Format] (ErrFormat).
func Compile(m Map) (*Model, error) {
	if m.Format > Format {
		return nil, fmt.Errorf("journey: compile map %q: format %d: %w", m.Name, m.Format, ErrFormat)
	}
	if problems := check(&m); len(problems) > 0 {
		return nil, invalid(problems)
	}
	model := &Model{def: m.clone(), index: make(map[string]int), attests: make(map[string]string)}
	digest, err := canon.Digest(model.def)
	if err != nil {
		return nil, fmt.Errorf("journey: compile map %q: %w", m.Name, err)
	}
	model.digest = digest
	model.build()
	return model, nil
}

// Map returns a copy of the definition.
func (m *Model) Map() Map { return m.def.clone() }

// Digest returns the digest of the definition.
func (m *Model) Digest() Digest { return m.digest }

func (m *Model) build() {
	c := compiler{m, make(map[string]int), make(map[string]bool)}
	m.phases = make([]phase, len(m.def.Phases))
	for i := range m.def.Phases {
		def := &m.def.Phases[i]
		m.index[def.Name] = i
		p := &m.phases[i]
		p.def = def
		if j := slices.IndexFunc(def.Roles, func(r Role) bool { return r.Duty == Accountable }); j >= 0 {
			p.accountable = def.Roles[j].Name
		}
		for j := range def.Milestones {
			ms := &def.Milestones[j]
			p.milestones = append(p.milestones, milestone{def: ms, needs: c.needs(ms.Needs)})
			m.attests[ms.Name] = ""
		}
	}
	for i := range m.def.Moves {
		def := &m.def.Moves[i]
		mv := move{def: def, needs: c.needs(def.Needs)}
		if def.Approver != "" {
			m.attests[def.Name] = def.Approver
		}
		if def.From == Ended {
			m.returns = append(m.returns, mv)
			continue
		}
		p := &m.phases[m.index[def.From]]
		p.moves = append(p.moves, mv)
	}
	for i := range m.phases {
		m.phases[i].countBlocks()
	}
	slices.SortFunc(m.clocks, func(a, b clock) int { return strings.Compare(a.key, b.key) })
}

func (p *phase) countBlocks() {
	byMotion := make(map[string]int)
	for i := range p.moves {
		if def := p.moves[i].def; onward(def.Kind) {
			byMotion[def.Motion]++
		}
	}
	for i := range p.milestones {
		ms := &p.milestones[i]
		if ms.def.Optional {
			continue
		}
		ms.blocks = byMotion[""]
		if ms.def.Motion != "" {
			ms.blocks += byMotion[ms.def.Motion]
		}
	}
}

// guards reports whether a milestone of the phase that the move leaves stands in its way until it is reached.
func (ms *milestone) guards(mv *move) bool {
	return onward(mv.def.Kind) && !ms.def.Optional && (mv.def.Motion == "" || mv.def.Motion == ms.def.Motion)
}

// onward reports whether moves of a kind are guarded by milestones.
func onward(k MoveKind) bool { return k == Advance || k == Renew }

// A compiler knows the signals and clocks that a model has so far.
type compiler struct {
	model   *Model
	signals map[string]int
	clocks  map[string]bool
}

func (c *compiler) needs(defs []Need) []need {
	needs := make([]need, len(defs))
	for i, def := range defs {
		signal, ok := c.signals[def.Signal]
		if !ok {
			signal = len(c.model.signals)
			c.signals[def.Signal] = signal
			c.model.signals = append(c.model.signals, def.Signal)
		}
		key := needKey(def)
		if !c.clocks[key] {
			c.clocks[key] = true
			c.model.clocks = append(c.model.clocks, clock{key, signal, def.When, def.Value, def.Stale})
		}
		needs[i] = need{def, key, signal}
	}
	return needs
}
