package journey

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// A Picture is a map to be drawn, with what statistics say beside it.
type Picture struct {
	model  *Model
	phases []PhaseStatistic // in map order
	counts []int            // by move; -1: not said
}

// Statistics are numbers for a picture. Phases and moves may be left out.
type Statistics struct {
	Phases []PhaseStatistic `json:"phases,omitempty"`
	Moves  []MoveStatistic  `json:"moves,omitempty"`
}

// A PhaseStatistic tells of the accounts in a phase over some time.
type PhaseStatistic struct {
	Phase   string   `json:"phase"`
	Now     int      `json:"now"`             // accounts in it
	Entered int      `json:"entered"`         // how often it was entered
	Dropped int      `json:"dropped"`         // of Entered: how often the journey ended from here
	Dwell   Duration `json:"dwell,omitempty"` // median; 0: not known
}

// A MoveStatistic tells how often a move was made.
type MoveStatistic struct {
	Move  string `json:"move"`
	Count int    `json:"count"` // 0 or more
}

// Mermaid returns the map as a Mermaid state diagram. Phases are p0, p1, … in map order, with their titles or names.
func (m *Model) Mermaid() string { return m.plain().Mermaid() }

// DOT returns the map in the Graphviz language. Moves back are dashed, moves out and returns dotted.
func (m *Model) DOT() string { return m.plain().DOT() }

// SVG returns the map as an image that needs nothing else: phases in a row, moves on above it and moves back below.
// Renewals are drawn long-dashed, moves back dashed, moves out and returns dotted. Names are shortened to fit, and whole
// in the title of each part.
func (m *Model) SVG() string { return m.plain().SVG() }

func (m *Model) plain() *Picture {
	p := &Picture{model: m, phases: make([]PhaseStatistic, len(m.phases)), counts: make([]int, len(m.moves))}
	for i := range p.counts {
		p.counts[i] = -1
	}
	return p
}

// Annotate returns a picture with statistics. It returns an error (*InvalidError with every problem, each with its place
// in the statistics) if a name is not the map's or given twice, or if a number can't be.
func (m *Model) Annotate(s Statistics) (*Picture, error) {
	p := m.plain()
	c := &checker{}
	for i, ph := range s.Phases {
		at := fmt.Sprintf("/phases/%d", i)
		n, ok := m.index[ph.Phase]
		switch {
		case !ok:
			c.Addf(at+"/phase", "the map has no phase %q", ph.Phase)
			continue
		case p.phases[n].Phase != "":
			c.Addf(at+"/phase", "%q is there already", ph.Phase)
		}
		if ph.Now < 0 || ph.Entered < 0 || ph.Dropped < 0 {
			c.Addf(at, "counts must be 0 or more")
		}
		if ph.Dropped > ph.Entered {
			c.Addf(at+"/dropped", "%d is more than entered", ph.Dropped)
		}
		c.Span(at, "/dwell", time.Duration(ph.Dwell))
		p.phases[n] = ph
	}
	for i, mv := range s.Moves {
		at := fmt.Sprintf("/moves/%d", i)
		n, ok := m.moveAt[mv.Move]
		switch {
		case !ok:
			c.Addf(at+"/move", "the map has no move %q", mv.Move)
			continue
		case p.counts[n] >= 0:
			c.Addf(at+"/move", "%q is there already", mv.Move)
		}
		if mv.Count < 0 {
			c.Addf(at+"/count", "must be 0 or more")
		}
		p.counts[n] = mv.Count
	}
	if len(c.List) > 0 {
		return nil, invalidAs("statistics", c.List)
	}
	return p, nil
}

// notes returns what statistics say of a phase, a line each.
func (p *Picture) notes(phase int) []string {
	s := &p.phases[phase]
	if s.Phase == "" {
		return nil
	}
	lines := []string{fmt.Sprintf("%d now, %d entered", s.Now, s.Entered)}
	if s.Dwell > 0 {
		lines = append(lines, "median stay "+s.Dwell.String())
	}
	if s.Entered > 0 {
		lines = append(lines, fmt.Sprintf("%d of %d dropped off", s.Dropped, s.Entered))
	}
	return lines
}

// label returns a move's name, with its count.
func (p *Picture) label(move int) string {
	name := p.model.def.Moves[move].Name
	if p.counts[move] < 0 {
		return name
	}
	return fmt.Sprintf("%s · %d", name, p.counts[move])
}

// Mermaid returns the picture as a Mermaid state diagram.
func (p *Picture) Mermaid() string {
	m := p.model
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    direction LR\n")
	for i := range m.def.Phases {
		text := strings.Join(append([]string{m.def.Phases[i].label()}, p.notes(i)...), ", ")
		fmt.Fprintf(&b, "    state \"%s\" as p%d\n", mermaidText(text), i)
	}
	ends := m.ends()
	if ends {
		fmt.Fprintf(&b, "    state \"%s\" as %s\n", Ended, Ended)
	}
	b.WriteString("    [*] --> p0\n")
	for i := range m.def.Moves {
		mv := &m.def.Moves[i]
		fmt.Fprintf(&b, "    %s --> %s: %s\n", m.node(mv.From), m.node(mv.To), mermaidText(p.label(i)))
	}
	if ends {
		fmt.Fprintf(&b, "    %s --> [*]\n", Ended)
	}
	return b.String()
}

// DOT returns the picture in the Graphviz language.
func (p *Picture) DOT() string {
	m := p.model
	var b strings.Builder
	fmt.Fprintf(&b, "digraph journey {\n\trankdir=LR;\n\tlabel=\"%s\";\n\tnode [shape=box, style=rounded];\n", dotText(m.def.Name))
	for i := range m.def.Phases {
		text := strings.Join(append([]string{m.def.Phases[i].label()}, p.notes(i)...), "\n")
		fmt.Fprintf(&b, "\tp%d [label=\"%s\"];\n", i, dotText(text))
	}
	if m.ends() {
		fmt.Fprintf(&b, "\t%s [shape=doublecircle, label=\"%s\"];\n", Ended, Ended)
	}
	for i := range m.def.Moves {
		mv := &m.def.Moves[i]
		style := "solid"
		switch mv.Kind {
		case Regress:
			style = "dashed"
		case Leave, Return:
			style = "dotted"
		}
		fmt.Fprintf(&b, "\t%s -> %s [label=\"%s\", style=%s];\n", m.node(mv.From), m.node(mv.To), dotText(p.label(i)), style)
	}
	b.WriteString("}\n")
	return b.String()
}

func (p *Phase) label() string {
	if strings.TrimSpace(p.Title) != "" {
		return p.Title
	}
	return p.Name
}

// ends reports whether a move leads to the end or from it.
func (m *Model) ends() bool {
	for i := range m.def.Moves {
		if m.def.Moves[i].From == Ended || m.def.Moves[i].To == Ended {
			return true
		}
	}
	return false
}

// node returns the identifier of a phase in a picture.
func (m *Model) node(phase string) string {
	if phase == Ended {
		return Ended
	}
	return fmt.Sprintf("p%d", m.index[phase])
}

// mermaidText writes what could end or change a label as Mermaid's entity codes, "#59;", and control and formatting
// characters as spaces.
func mermaidText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case !unicode.IsGraphic(r):
			b.WriteByte(' ')
		case r == ' ' || r == '-' || r == '_' || r == '.' || r == ',' || unicode.In(r, unicode.L, unicode.M, unicode.N) || r > unicode.MaxLatin1:
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return b.String()
}

// dotText escapes what ends a quoted string, begins an escape, or begins an HTML entity, which Graphviz reads in labels.
func dotText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '&':
			b.WriteString("&amp;")
		case r == '\n':
			b.WriteString(`\n`)
		case !unicode.IsGraphic(r):
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
