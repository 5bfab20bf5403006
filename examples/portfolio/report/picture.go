package report

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Pictures are drawn narrow, so that they are legible on a phone and need no second version: 380 units across, text of
// 12.5 and 14. On a phone a unit is about a pixel, on a desk two pictures stand beside each other.
const (
	across = 380.0
	glyph  = 7.9 // units of an average letter at 14, in a wide font
	small  = 7.2 // at 12.5
)

// A picture is one drawing, with words that say the same.
type picture struct {
	ID      string
	Title   string
	Caption string // how to read it
	Desc    string // what it shows, with the numbers
	Banner  string // what kind of data it is of
	Height  string
	Hatched bool
	Shapes  []shape

	y float64 // where the next row goes
}

// A shape is one element of a drawing. Numbers are text, so that they are the same on every platform.
type shape struct {
	Kind       string // rect, line, circle, path, text
	Class      string
	X, Y, W, H string // of a line: W, H is its end; of a circle: W is its radius
	D          string // of a path
	Anchor     string
	Text       string
	Hatched    bool
}

// px prints a coordinate to a tenth of a unit.
func px(v float64) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		v = 0
	}
	return strconv.FormatFloat(math.Floor(float64(v*10)+0.5)/10, 'f', -1, 64)
}

func (p *picture) rect(x, y, w, h float64, class string) {
	p.Shapes = append(p.Shapes, shape{Kind: "rect", Class: class, X: px(x), Y: px(y), W: px(max(w, 0)), H: px(h)})
}

// hatch draws a rectangle of what is not known.
func (p *picture) hatch(x, y, w, h float64) {
	p.Hatched = true
	p.Shapes = append(p.Shapes, shape{Kind: "rect", Class: "hatch", X: px(x), Y: px(y), W: px(max(w, 0)), H: px(h), Hatched: true})
}

func (p *picture) line(x, y, x2, y2 float64, class string) {
	p.Shapes = append(p.Shapes, shape{Kind: "line", Class: class, X: px(x), Y: px(y), W: px(x2), H: px(y2)})
}

func (p *picture) circle(x, y, r float64, class string) {
	p.Shapes = append(p.Shapes, shape{Kind: "circle", Class: class, X: px(x), Y: px(y), W: px(r)})
}

// path draws along points x0 y0 x1 y1 …, closed with closed.
func (p *picture) path(class string, closed, hatched bool, at ...float64) {
	var d strings.Builder
	for i := 0; i+1 < len(at); i += 2 {
		d.WriteString(string("ML"[min(i, 1)]) + px(at[i]) + " " + px(at[i+1]))
	}
	if closed {
		d.WriteByte('Z')
	}
	p.Hatched = p.Hatched || hatched
	p.Shapes = append(p.Shapes, shape{Kind: "path", Class: class, D: d.String(), Hatched: hatched})
}

// diamond marks a point that is another kind than a circle.
func (p *picture) diamond(x, y, r float64, class string) {
	p.path(class, true, false, x-r, y, x, y-r, x+r, y, x, y+r)
}

func (p *picture) write(x, y float64, anchor, class, text string) {
	p.Shapes = append(p.Shapes, shape{Kind: "text", Class: class, X: px(x), Y: px(y), Anchor: anchor, Text: clean(text)})
}

// text writes from x on; where it would be wider than width it is cut.
func (p *picture) text(x, y, width float64, class, text string) {
	p.write(x, y, "start", class, fit(text, width, class))
}

// end writes up to x.
func (p *picture) end(x, y float64, class, text string) { p.write(x, y, "end", class, text) }

// mid writes around x.
func (p *picture) mid(x, y float64, class, text string) { p.write(x, y, "middle", class, text) }

// fit cuts a text to a width in units.
func fit(text string, width float64, class string) string {
	per := glyph
	if strings.HasPrefix(class, "s") {
		per = small
	}
	return cut(text, int(width/per))
}

// A key is one entry of a legend.
type key struct {
	class string // of the swatch; hatch: hatched
	name  string
}

// legend writes swatches with names, as many in a row as fit, and moves on.
func (p *picture) legend(keys ...key) {
	x := 0.0
	for _, k := range keys {
		name := fit(k.name, across-20, "s")
		w := 34 + float64(small*float64(columns(name)))
		if x > 0 && x+w-16 > across {
			x, p.y = 0, p.y+19
		}
		switch k.class {
		case "hatch":
			p.hatch(x, p.y+2, 12, 12)
		case "ring":
			p.circle(x+6, p.y+8, 4, "ring")
		case "gem":
			p.diamond(x+6, p.y+8, 5.5, "gem")
		default:
			p.rect(x, p.y+2, 12, 12, k.class)
		}
		p.text(x+18, p.y+12.5, across, "s", name)
		x += w
	}
	p.y += 28
}

// A scale maps values to units.
type scale struct{ low, high, from, to float64 }

// at maps a value; beyond the ends it is the end.
func (s scale) at(v float64) float64 {
	if !(s.high > s.low) || math.IsNaN(v) {
		return s.from
	}
	share := min(max((v-s.low)/(s.high-s.low), 0), 1)
	return s.from + float64(share*(s.to-s.from))
}

// step is a round distance of about so many ticks up to a value.
func step(most float64, ticks int) float64 {
	if !(most > 0) || math.IsInf(most, 0) {
		return 1
	}
	raw, base := most/float64(ticks), 1.0
	for base > raw {
		base /= 10
	}
	for base*10 <= raw {
		base *= 10
	}
	for _, m := range []float64{1, 2, 2.5, 5} {
		if base*m >= raw*0.999 {
			return base * m
		}
	}
	return base * 10
}

// ceiling is the first multiple of a step that is not below a value.
func ceiling(v, step float64) float64 { return step * max(math.Ceil(v/step-1e-9), 1) }

// compact prints a tick of an axis: 1200000 as 1.2M.
func compact(v float64) string {
	a, unit, by := math.Abs(v), "", 1.0
	switch {
	case a >= 1e9:
		unit, by = "bn", 1e9
	case a >= 1e6:
		unit, by = "M", 1e6
	case a >= 1e4:
		unit, by = "k", 1e3
	}
	return strings.TrimSuffix(thousands(strconv.FormatFloat(math.Floor(float64(v/by*10)+0.5)/10, 'f', -1, 64)), ".0") + unit
}

// behind draws a line of the grid, behind all that is drawn.
func (p *picture) behind(x, y, x2, y2 float64) {
	p.Shapes = slices.Insert(p.Shapes, 0, shape{Kind: "line", Class: "grid", X: px(x), Y: px(y), W: px(x2), H: px(y2)})
}

// axis draws vertical lines at round values between top and p.y, prints them, and moves on.
func (p *picture) axis(s scale, ticks int, top float64, label func(float64) string) {
	p.ticks(s, step(s.high-s.low, ticks), top, label)
}

// ticks is axis with a given distance.
func (p *picture) ticks(s scale, d, top float64, label func(float64) string) {
	for i := math.Ceil(s.low/d - 1e-9); i*d <= s.high+float64(d*1e-6); i++ {
		x, name := s.at(i*d), label(i*d)
		half := small / 2 * float64(columns(name))
		p.behind(x, top, x, p.y)
		p.mid(min(max(x, half), across-half), p.y+15, "s", name)
	}
	p.y += 24
}

// done ends the drawing with the mark of its data, so that a copied picture still says what it is of.
func (p *picture) done(banner, mark string) {
	p.Banner = banner
	p.text(0, p.y+14, across, "s mark", mark)
	p.Height = px(p.y + 20)
}

// phrases joins what a picture shows, so many at most, as one sentence.
func phrases(intro string, items []string, most int) string {
	more := ""
	if len(items) > most {
		more = "; and " + count(len(items)-most) + " more"
		items = items[:most]
	}
	return intro + strings.Join(items, "; ") + more + "."
}
