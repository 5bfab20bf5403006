package journey

import (
	"fmt"
	"strings"
	"unicode"
)

// Mermaid returns the map as a Mermaid state diagram. Phases are p0, p1, … in map order, with their titles or names.
func (m *Model) Mermaid() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    direction LR\n")
	for i := range m.def.Phases {
		fmt.Fprintf(&b, "    state \"%s\" as p%d\n", mermaidText(m.def.Phases[i].label()), i)
	}
	ends := m.ends()
	if ends {
		fmt.Fprintf(&b, "    state \"%s\" as %s\n", Ended, Ended)
	}
	b.WriteString("    [*] --> p0\n")
	for i := range m.def.Moves {
		mv := &m.def.Moves[i]
		fmt.Fprintf(&b, "    %s --> %s: %s\n", m.node(mv.From), m.node(mv.To), mermaidText(mv.Name))
	}
	if ends {
		fmt.Fprintf(&b, "    %s --> [*]\n", Ended)
	}
	return b.String()
}

// DOT returns the map in the Graphviz language. Moves back are dashed, moves out and returns dotted.
func (m *Model) DOT() string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph journey {\n\trankdir=LR;\n\tlabel=\"%s\";\n\tnode [shape=box, style=rounded];\n", dotText(m.def.Name))
	for i := range m.def.Phases {
		fmt.Fprintf(&b, "\tp%d [label=\"%s\"];\n", i, dotText(m.def.Phases[i].label()))
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
		fmt.Fprintf(&b, "\t%s -> %s [label=\"%s\", style=%s];\n", m.node(mv.From), m.node(mv.To), dotText(mv.Name), style)
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
