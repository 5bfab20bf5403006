// Package report says what a Result holds: as text for a terminal, and as one HTML file with pictures that needs no
// network and no script. The same Result gives the same bytes.
//
// What a Result does not hold is said to be unknown, with the file that would unlock it, and never shown as zero.
// Whatever comes from data is escaped; controls and marks that turn the direction of text are replaced by U+FFFD.
package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"io"
	"strings"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

//go:embed page.tmpl
var markup string

//go:embed style.css
var style string

// A page is all that the template shows.
type page struct {
	Title    string
	Banner   string // what kind of data this is
	When     string
	Style    template.CSS
	Tiles    []tile
	Sections []section
}

// A tile is one figure at the top.
type tile struct{ Name, Figure, Note string }

// A section has its place in the table of contents.
type section struct {
	ID, Title string
	Blocks    []*block
}

// A block is what stands together under one heading. Each of its kinds of content may be absent.
type block struct {
	Title    string
	Words    []string
	Unknown  []string // what can't be said, and which file would unlock it
	List     []string
	Pictures []*picture
	Cards    []card
	Tables   []table
}

// Beside says whether words and tables stand beside the one picture.
func (b *block) Beside() bool { return len(b.Pictures) == 1 && len(b.Cards) == 0 }

// A card is one account.
type card struct {
	Account string
	Band    string
	Class   string
	Line    string // segment, revenue
	Score   string
	Groups  []group
}

// A group is a short list with a name.
type group struct {
	Name  string
	Items []string
}

// A table has its caption, and in each row the row's name first.
type table struct {
	Caption string
	Head    []column
	Rows    [][]string
	Folded  bool // shown when asked for
	Wide    bool // not beside a picture
}

// A column of numbers stands right.
type column struct {
	Name   string
	Number bool
}

func text(name string) column   { return column{name, false} }
func number(name string) column { return column{name, true} }

// kind says it in a word or two, for the mark inside of a picture.
func kind(k book.Kind) string {
	switch k {
	case book.Bundled:
		return "Public sample data"
	case book.Real:
		return "Real invoice data"
	case book.Simulated:
		return "Simulated data"
	case book.Own:
		return "Your own data"
	}
	return "Data of unknown kind"
}

// HTML writes one self-contained file.
func HTML(w io.Writer, r *analysis.Result) error {
	t, err := template.New("page").Parse(markup)
	if err != nil {
		return err
	}
	p := page{
		Title: titleOf(r), Banner: banner(r), When: when(r), Style: template.CSS(style),
		Tiles: tiles(r), Sections: sections(r),
	}
	for _, s := range p.Sections {
		for _, b := range s.Blocks {
			for _, picture := range b.Pictures {
				picture.done(p.Banner, kind(r.Kind))
			}
		}
	}
	var out bytes.Buffer
	if err := t.Execute(&out, p); err != nil {
		return err
	}
	_, err = io.WriteString(w, clean(out.String()))
	return err
}

// banner says on the page and under each picture what kind of data this is.
func banner(r *analysis.Result) string {
	if r.Banner == "" {
		return kind(r.Kind) + "."
	}
	return strings.TrimSuffix(r.Banner, ".") + "."
}

func titleOf(r *analysis.Result) string {
	if r.Title == "" {
		return "Portfolio report"
	}
	return r.Title
}

// when says at which instant the book is read.
func when(r *analysis.Result) string {
	if !r.Dated {
		return "One snapshot without dates"
	}
	return "As of " + date(r.AsOf)
}

// sections in the order of the page.
func sections(r *analysis.Result) []section {
	all := []section{
		aboutSection(r), bookSection(r), segmentSection(r), indexSection(r), trialSection(r), accountSection(r),
		journeySection(r), outcomeSection(r), valueSection(r), retentionSection(r), touchSection(r),
	}
	if r.Kind == book.Simulated || len(r.Planted) > 0 {
		all = append(all, plantedSection(r))
	}
	return append(all, recordSection(r))
}

// unlock says what is unknown and which file would tell.
func unlock(what, file string) []string {
	return []string{upper(what) + ": unknown. It would be unlocked by " + file + "."}
}

// pictures leaves out those that have no data.
func pictures(all ...*picture) []*picture {
	var kept []*picture
	for _, p := range all {
		if p != nil {
			kept = append(kept, p)
		}
	}
	return kept
}

// join joins what is not empty.
func join(sep string, parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, sep)
}
