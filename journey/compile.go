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
	def        Map
	digest     Digest
	phases     []phase           // in map order
	index      map[string]int    // position of a phase by name
	moves      []move            // in map order
	moveAt     map[string]int    // position of a move by name
	returns    []*move           // from Ended
	milestones int               // how many there are
	clocks     []clock           // one for each key, in order of bytes
	signals    []string          // in map order, each once
	attests    map[string]string // role that evidence of this name must be from, "" for any
	attestAt   map[string]int    // number of the milestone, or of the move after all milestones
}

// A phase is compiled from a Phase.
type phase struct {
	def         *Phase
	accountable string // the first role with this duty
	milestones  []milestone
	moves       []*move                 // that leave it
	required    map[string][]*milestone // by motion; "": all
}

// A milestone is compiled from a Milestone.
type milestone struct {
	def    *Milestone
	number int // in map order, from 0
	needs  []need
	blocks int // moves
}

// A move is compiled from a Move.
type move struct {
	def             *Move
	number          int // in map order, from 0
	to              int // position of the phase, and the number of phases for the end
	needs           []need
	guards          []*milestone // of the phase it leaves, that stand in its way until they are reached
	dwell, coolDown int64        // µs
}

// A need is compiled from a Need.
type need struct {
	Need
	key    string
	signal int   // position in Model.signals
	clock  int   // position in Model.clocks
	held   int64 // For, µs
}

// A clock is what the needs of one key share.
type clock struct {
	key                 string
	number              int // position in Model.clocks
	signal              int
	value               float64
	below, equal, above bool  // where it is satisfied, seen from value
	stale               int64 // µs
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
	if problems := problems(&m); len(problems) > 0 {
		return nil, invalid(problems)
	}
	model := &Model{
		def: m.clone(), index: make(map[string]int), moveAt: make(map[string]int),
		attests: make(map[string]string), attestAt: make(map[string]int),
	}
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
			p.milestones = append(p.milestones, milestone{def: ms, number: m.milestones, needs: c.needs(ms.Needs)})
			m.attests[ms.Name], m.attestAt[ms.Name] = "", m.milestones
			m.milestones++
		}
	}
	m.moves = make([]move, len(m.def.Moves))
	for i := range m.def.Moves {
		def := &m.def.Moves[i]
		mv := &m.moves[i]
		*mv = move{
			def: def, number: i, to: m.place(def.To), needs: c.needs(def.Needs),
			dwell: def.Dwell.us(), coolDown: def.CoolDown.us(),
		}
		m.moveAt[def.Name] = i
		if def.Approver != "" {
			m.attests[def.Name], m.attestAt[def.Name] = def.Approver, m.milestones+i
		}
		if def.From == Ended {
			m.returns = append(m.returns, mv)
			continue
		}
		p := &m.phases[m.index[def.From]]
		p.moves = append(p.moves, mv)
		mv.guards = p.guards(def)
	}
	for i := range m.phases {
		m.phases[i].countBlocks()
	}
	m.sortClocks()
}

// sortClocks brings the clocks into order, and tells each need its own.
func (m *Model) sortClocks() {
	slices.SortFunc(m.clocks, func(a, b clock) int { return strings.Compare(a.key, b.key) })
	at := make(map[string]int)
	for i := range m.clocks {
		m.clocks[i].number = i
		at[m.clocks[i].key] = i
	}
	tell := func(needs []need) {
		for i := range needs {
			needs[i].clock = at[needs[i].key]
		}
	}
	for i := range m.phases {
		for j := range m.phases[i].milestones {
			tell(m.phases[i].milestones[j].needs)
		}
	}
	for i := range m.moves {
		tell(m.moves[i].needs)
	}
}

// guards returns the milestones that stand in the way of a move that leaves the phase until they are reached. Moves of
// one motion share a list.
func (p *phase) guards(def *Move) []*milestone {
	if !onward(def.Kind) {
		return nil
	}
	if list, ok := p.required[def.Motion]; ok {
		return list
	}
	var list []*milestone
	for i := range p.milestones {
		if ms := &p.milestones[i]; !ms.def.Optional && (def.Motion == "" || def.Motion == ms.def.Motion) {
			list = append(list, ms)
		}
	}
	if p.required == nil {
		p.required = make(map[string][]*milestone)
	}
	p.required[def.Motion] = list
	return list
}

func (p *phase) countBlocks() {
	byMotion := make(map[string]int)
	for _, mv := range p.moves {
		if onward(mv.def.Kind) {
			byMotion[mv.def.Motion]++
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
			shared := clock{key: key, signal: signal, value: def.Value, stale: def.Stale.us()}
			shared.compile(def.When)
			c.model.clocks = append(c.model.clocks, shared)
		}
		needs[i] = need{Need: def, key: key, signal: signal, held: def.For.us()}
	}
	return needs
}
