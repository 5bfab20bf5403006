// Package svg writes pictures that are the same bytes everywhere: coordinates have one decimal, and text is escaped.
package svg

import (
	"fmt"
	"html"
	"math"
	"strconv"
	"strings"
	"unicode"
)

// A Canvas collects the elements of a picture. The zero value is ready for Begin. Styles are attributes that stand in the
// element as they are: they come from code, never from data.
type Canvas struct{ b strings.Builder }

// Begin opens a picture on white that says its title and its description to those who can't see it.
func (c *Canvas) Begin(width, height float64, title, desc string) {
	w, h := px(width), px(height)
	fmt.Fprintf(&c.b, `<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %s %s" role="img" font-family="sans-serif" font-size="12">`+"\n", w, h, w, h)
	fmt.Fprintf(&c.b, "<title>%s</title>\n<desc>%s</desc>\n", plain(title), plain(desc))
	fmt.Fprintf(&c.b, "<rect width=\"%s\" height=\"%s\" fill=\"#ffffff\"/>\n", w, h)
}

// End closes the picture and returns it.
func (c *Canvas) End() string { return c.b.String() + "</svg>\n" }

// Area draws what points x0 y0 x1 y1 … enclose.
func (c *Canvas) Area(style string, at ...float64) { c.path(style, at, "Z") }

// Path draws along points x0 y0 x1 y1 ….
func (c *Canvas) Path(style string, at ...float64) { c.path(style, at, "") }

func (c *Canvas) path(style string, at []float64, end string) {
	c.b.WriteString(`<path d="`)
	for i := 0; i+1 < len(at); i += 2 {
		c.b.WriteByte("ML"[min(i, 1)])
		c.b.WriteString(px(at[i]) + " " + px(at[i+1]))
	}
	fmt.Fprintf(&c.b, "%s\" %s/>\n", end, style)
}

// Line draws from one point to another.
func (c *Canvas) Line(style string, x1, y1, x2, y2 float64) {
	fmt.Fprintf(&c.b, "<line x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\" %s/>\n", px(x1), px(y1), px(x2), px(y2), style)
}

// Rect draws a rectangle by its upper left corner and its size.
func (c *Canvas) Rect(style string, x, y, width, height float64) {
	fmt.Fprintf(&c.b, "<rect x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\" %s/>\n", px(x), px(y), px(width), px(height), style)
}

// Circle draws a circle of radius r.
func (c *Canvas) Circle(style string, x, y, r float64) {
	fmt.Fprintf(&c.b, "<circle cx=\"%s\" cy=\"%s\" r=\"%s\" %s/>\n", px(x), px(y), px(r), style)
}

// Text writes at a point.
func (c *Canvas) Text(style string, x, y float64, text string) {
	fmt.Fprintf(&c.b, "<text x=\"%s\" y=\"%s\" %s>%s</text>\n", px(x), px(y), style, plain(text))
}

// Shorten cuts a text to so many characters, the last of which then says that more follow. Below one it is empty.
func Shorten(text string, most int) string {
	runes := []rune(text)
	switch {
	case most < 1:
		return ""
	case len(runes) <= most:
		return text
	}
	return string(runes[:most-1]) + "…"
}

// px prints a coordinate; what is no number is 0.
func px(v float64) string {
	tenths := math.Floor(float64(v*10) + 0.5)
	if math.IsNaN(tenths) || math.IsInf(tenths, 0) {
		tenths = 0
	}
	return strconv.FormatFloat(tenths/10, 'f', 1, 64)
}

// plain escapes text, with a space for what can't be seen and may not stand in a document.
func plain(text string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return ' '
	}, text))
}
