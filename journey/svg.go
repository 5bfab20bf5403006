package journey

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SVG returns the picture as an image.
func (p *Picture) SVG() string {
	d := p.draw()
	m := p.model
	id := m.digest.String()[len("sha256:"):][:12]
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="t%s d%s" width="%d" height="%d" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+"\n",
		id, id, d.width, d.height, d.width, d.height)
	fmt.Fprintf(&b, "<title id=\"t%s\">%s</title>\n<desc id=\"d%s\">%s</desc>\n", id, svgText("Journey "+m.def.Name), id, svgText(p.describe()))
	fmt.Fprintf(&b, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n", d.width, d.height)
	fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" font-size=\"15\" font-weight=\"bold\" fill=\"#14181d\">%s</text>\n", margin, margin+6, svgText(shorten(m.def.Name, 80)))
	for i := range d.lines {
		p.line(&b, d, &d.lines[i])
	}
	for i := range d.boxes {
		p.box(&b, d, i)
	}
	for i := range d.lines {
		d.label(&b, &d.lines[i], p.model.def.Moves[i].Kind)
	}
	p.legend(&b, d)
	b.WriteString("</svg>\n")
	return b.String()
}

// describe says in words what the image shows.
func (p *Picture) describe() string {
	m := p.model
	var b strings.Builder
	fmt.Fprintf(&b, "%d phases", len(m.phases))
	for i := range m.phases {
		fmt.Fprintf(&b, "; %s", strings.Join(append([]string{m.def.Phases[i].label()}, p.notes(i)...), ", "))
	}
	fmt.Fprintf(&b, ". %d moves", len(m.moves))
	for i := range m.moves {
		def := m.moves[i].def
		fmt.Fprintf(&b, "; %s: %s from %s to %s", p.label(i), def.Kind, m.labelOf(def.From), m.labelOf(def.To))
	}
	return b.String() + "."
}

// labelOf returns the label of a phase, the end included.
func (m *Model) labelOf(phase string) string {
	if p := m.phase(phase); p != nil {
		return p.def.label()
	}
	return phase
}

// stroke returns colour and dashes of a kind of move: all colours are dark on white, at a contrast of at least 7 to 1.
func (k MoveKind) stroke() (colour, dashes string) {
	switch k {
	case Regress:
		return "#7a2e00", "7 4"
	case Renew:
		return "#0b4f34", "14 4"
	case Leave:
		return "#7a1528", "2 4"
	case Return:
		return "#2b3a67", "2 4"
	default:
		return "#14181d", ""
	}
}

func (p *Picture) box(b *strings.Builder, d *drawing, i int) {
	box := &d.boxes[i]
	whole, round := Ended, box.height/2
	if i < len(p.model.phases) {
		whole, round = strings.Join(append([]string{p.model.def.Phases[i].label()}, p.notes(i)...), ", "), 8
	}
	fmt.Fprintf(b, "<g><title>%s</title><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" fill=\"#f4f6f8\" stroke=\"#14181d\" stroke-width=\"1.5\"/>",
		svgText(whole), box.x, d.top, box.width, box.height, round)
	y := d.top + (box.height-len(box.text)*lineHeight)/2 + 13
	for j, text := range box.text {
		style := ` font-weight="bold" fill="#14181d"`
		if j >= len(box.text)-box.notes {
			style = ` font-size="12" fill="#2f3742"`
		}
		fmt.Fprintf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\"%s>%s</text>", box.x+box.width/2, y+j*lineHeight, style, svgText(text))
	}
	b.WriteString("</g>\n")
}

func (p *Picture) line(b *strings.Builder, d *drawing, l *line) {
	def := p.model.def.Moves[l.move]
	colour, dashes := def.Kind.stroke()
	style := fmt.Sprintf(`fill="none" stroke="%s" stroke-width="1.6"`, colour)
	if dashes != "" {
		style += fmt.Sprintf(` stroke-dasharray="%s"`, dashes)
	}
	const head, bend = 8, 8
	bottom := d.top + d.boxes[0].height
	x0, x1, y := l.start.x, l.end.x, d.lineY(l)
	side := bend // to where the line goes first
	if x1 < x0 {
		side = -bend
	}
	lane := fmt.Sprintf("Q%d %d %d %dH%dQ%d %d %d", x0, y, x0+side, y, x1-side, x1, y, x1)
	var path, arrow string
	switch {
	case l.lane == 0:
		path, arrow = fmt.Sprintf("M%d %dH%d", x0, y, x1-head), fmt.Sprintf("M%d %dl-9 -5v10z", x1, y)
	case l.lane > 0:
		path = fmt.Sprintf("M%d %dV%d%s %dV%d", x0, d.top, y+bend, lane, y+bend, d.top-head)
		arrow = fmt.Sprintf("M%d %dl-5 -9h10z", x1, d.top)
	default:
		path = fmt.Sprintf("M%d %dV%d%s %dV%d", x0, bottom, y-bend, lane, y-bend, bottom+head)
		arrow = fmt.Sprintf("M%d %dl-5 9h10z", x1, bottom)
	}
	whole := fmt.Sprintf("%s: %s from %s to %s", p.label(l.move), def.Kind, p.model.labelOf(def.From), p.model.labelOf(def.To))
	fmt.Fprintf(b, "<g><title>%s</title><path d=\"%s\" %s/><path d=\"%s\" fill=\"%s\"/></g>\n", svgText(whole), path, style, arrow, colour)
}

// lineY returns the height at which a line runs.
func (d *drawing) lineY(l *line) int {
	switch {
	case l.lane == 0:
		return d.top + d.boxes[0].height/2
	case l.lane > 0:
		return d.top - l.lane*laneHeight
	default:
		return d.top + d.boxes[0].height - l.lane*laneHeight
	}
}

// label writes a move's name over its line, and over all lines that cross it.
func (d *drawing) label(b *strings.Builder, l *line, kind MoveKind) {
	colour, _ := kind.stroke()
	fmt.Fprintf(b, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\" font-size=\"12\" fill=\"%s\" stroke=\"#ffffff\" stroke-width=\"4\" paint-order=\"stroke\">%s</text>\n",
		(l.start.x+l.end.x)/2, d.lineY(l)-5, colour, svgText(l.text))
}

// legend names the kinds of moves that the map has, at the bottom.
func (p *Picture) legend(b *strings.Builder, d *drawing) {
	x, y := margin, d.height-margin/2
	for _, kind := range moveKinds() {
		if !slices.ContainsFunc(p.model.def.Moves, func(mv Move) bool { return mv.Kind == kind }) {
			continue
		}
		colour, dashes := kind.stroke()
		if dashes != "" {
			dashes = fmt.Sprintf(` stroke-dasharray="%s"`, dashes)
		}
		fmt.Fprintf(b, "<path d=\"M%d %dh34\" stroke=\"%s\" stroke-width=\"1.6\"%s/><text x=\"%d\" y=\"%d\" font-size=\"12\" fill=\"%s\">%s</text>\n",
			x, y-4, colour, dashes, x+40, y, colour, kind)
		x += 40 + textWidth(string(kind)) + 18
	}
}

// svgText escapes text, and writes control and formatting characters as spaces.
func svgText(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r == '"':
			b.WriteString("&quot;")
		case !unicode.IsGraphic(r) || r == utf8.RuneError:
			b.WriteByte(' ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fields returns the words of a label; an unreadable one has one.
func fields(s string) []string {
	words := strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsGraphic(r) })
	if len(words) == 0 {
		return []string{"?"}
	}
	return words
}

func letters(s string) int { return utf8.RuneCountInString(s) }

// shorten cuts a text after so many letters.
func shorten(s string, most int) string {
	if letters(s) <= most {
		return s
	}
	return string([]rune(s)[:most-1]) + "…"
}

// textWidth estimates how wide a text is at 13 pixels: wide scripts take two columns.
func textWidth(s string) int {
	width := 0
	for _, r := range s {
		switch {
		case unicode.Is(unicode.M, r):
		case r >= 0x1100:
			width += 14
		case unicode.IsUpper(r), r == 'm', r == 'w':
			width += 10
		default:
			width += 7
		}
	}
	return width
}
