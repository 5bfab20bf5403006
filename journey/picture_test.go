package journey_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/journey"
)

// nasty has titles and names that would end a label, begin a comment, or turn the line around.
func nasty() journey.Map {
	return journey.Map{
		Format: 1, Name: `a "map" \N & <b>`,
		Phases: []journey.Phase{
			{Name: "end", Title: "line one\nline two\r\n\"quoted\" -- %% ; } [*]"},
			{Name: `back\slash "quote"`},
			{Name: "Ünïcode e\u0301 株式会社 \U0001F680", Title: "  "},
			{Name: "bidi \u202e turned", Title: "#quot; &amp; </script>\u2028"},
		},
		Moves: []journey.Move{
			{Name: `a"];b -> c #`, From: "end", To: `back\slash "quote"`, Kind: journey.Advance},
			{Name: "x: y; z #1", From: `back\slash "quote"`, To: "end", Kind: journey.Regress, Dwell: journey.Day},
			{Name: "again & again", From: "end", To: "end", Kind: journey.Renew},
			{Name: "]]>", From: "bidi \u202e turned", To: journey.Ended, Kind: journey.Leave, Approver: "a"},
			{Name: "\\", From: journey.Ended, To: "end", Kind: journey.Return, Approver: "a"},
		},
	}
}

func TestGoldenPictures(t *testing.T) {
	for _, m := range append(readyMade(), nasty()) {
		name := m.Name
		if len(m.Name) > 12 {
			name = "nasty"
		}
		model := compile(t, m)
		golden.Check(t, "testdata/"+name+".mmd", []byte(model.Mermaid()))
		golden.Check(t, "testdata/"+name+".dot", []byte(model.DOT()))
		golden.Check(t, "testdata/"+name+".svg", []byte(model.SVG()))
	}
}

func TestGoldenAnnotated(t *testing.T) {
	p, err := compile(t, journey.LAER()).Annotate(journey.Statistics{
		Phases: []journey.PhaseStatistic{
			{Phase: "land", Now: 12, Entered: 140, Dropped: 9, Dwell: 21 * journey.Day},
			{Phase: "grow", Now: 31, Entered: 77},
		},
		Moves: []journey.MoveStatistic{{Move: "go_live", Count: 119}, {Move: "renew"}, {Move: "lost_land", Count: 9}},
	})
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/annotated.mmd", []byte(p.Mermaid()))
	golden.Check(t, "testdata/annotated.dot", []byte(p.DOT()))
	golden.Check(t, "testdata/annotated.svg", []byte(p.SVG()))
}

func TestAnnotateRefuses(t *testing.T) {
	_, err := compile(t, journey.LAER()).Annotate(journey.Statistics{
		Phases: []journey.PhaseStatistic{
			{Phase: "lend"}, {Phase: "land", Now: -1}, {Phase: "land", Entered: 2, Dropped: 3}, {Phase: "grow", Dwell: -journey.Day},
		},
		Moves: []journey.MoveStatistic{{Move: "go"}, {Move: "renew"}, {Move: "renew", Count: -1}},
	})
	want := []string{
		`/phases/0/phase: the map has no phase "lend"`, "/phases/1: counts must be 0 or more", `/phases/2/phase: "land" is there already`,
		"/phases/2/dropped: 3 is more than entered", "/phases/3/dwell: must not be negative",
		`/moves/0/move: the map has no move "go"`, `/moves/2/move: "renew" is there already`, "/moves/2/count: must be 0 or more",
	}
	if diff := cmp.Diff(want, invalid(t, err)); diff != "" || !strings.HasPrefix(err.Error(), "journey: invalid statistics: 8 problems: ") {
		t.Errorf("problems (-want +got):\n%s%v", diff, err)
	}
}

// busy is a map with lines that would cross or hide each other if they were not laid out.
func busy() journey.Map {
	m := journey.Map{Format: 1, Name: "busy"}
	for i := range 7 {
		m.Phases = append(m.Phases, journey.Phase{Name: fmt.Sprintf("phase %d", i)})
	}
	for from := range 7 {
		for _, to := range []int{from + 1, from + 2, from + 4, from - 1, from - 3} {
			if to < 0 || to > 6 {
				continue
			}
			kind := journey.Advance
			if to < from {
				kind = journey.Regress
			}
			m.Moves = append(m.Moves, journey.Move{
				Name: fmt.Sprintf("from %d to %d", from, to), From: fmt.Sprintf("phase %d", from), To: fmt.Sprintf("phase %d", to), Kind: kind, Approver: "a",
			})
		}
	}
	return m
}

// Every image is well-formed, says what it is, and has one box for each phase and one line for each move.
func TestSVG(t *testing.T) {
	long := journey.Map{Format: 1, Name: "long"}
	for i := range 1000 {
		long.Phases = append(long.Phases, journey.Phase{Name: fmt.Sprint(i)})
		long.Moves = append(long.Moves, journey.Move{Name: fmt.Sprintf("m%d", i), From: fmt.Sprint(i), To: fmt.Sprint((i*7 + 3) % 1000), Kind: journey.Renew})
	}
	for _, m := range append(readyMade(), nasty(), busy(), long) {
		text := compile(t, m).SVG()
		boxes, paths, title, desc := 0, 0, 0, 0
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", m.Name, err)
			}
			e, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			switch e.Name.Local {
			case "svg":
				if e.Attr[1].Name.Local != "role" || e.Attr[1].Value != "img" {
					t.Errorf("%s: attributes %v", m.Name, e.Attr)
				}
			case "rect":
				boxes++
			case "path":
				paths++
			case "title":
				title++
			case "desc":
				desc++
			case "text", "g":
			default:
				t.Errorf("%s: element %s", m.Name, e.Name.Local)
			}
		}
		ends, kinds := 0, map[journey.MoveKind]bool{}
		for _, mv := range m.Moves {
			kinds[mv.Kind] = true
		}
		if slices.ContainsFunc(m.Moves, func(mv journey.Move) bool { return mv.From == journey.Ended || mv.To == journey.Ended }) {
			ends = 1
		}
		if want := len(m.Phases) + ends; boxes != want+1 || paths != 2*len(m.Moves)+len(kinds) || title != 1+want+len(m.Moves) || desc != 1 {
			t.Errorf("%s: %d boxes, %d paths, %d titles, %d descriptions", m.Name, boxes, paths, title, desc)
		}
	}
	golden.Check(t, "testdata/busy.svg", []byte(compile(t, busy()).SVG()))
}

// Whatever phases and moves are called, a picture has one line for each and balanced quotes.
func FuzzPictures(f *testing.F) {
	f.Add("a", "b", "on")
	f.Add("\"", "\n", "\\\"")
	f.Fuzz(func(t *testing.T, a, b, move string) {
		model, err := journey.Compile(journey.Map{
			Format: 1, Name: "m", Phases: []journey.Phase{{Name: "1", Title: a}, {Name: "2", Title: b}},
			Moves: []journey.Move{{Name: move, From: "1", To: "2", Kind: journey.Advance}},
		})
		if err != nil {
			return
		}
		mermaid, dot := model.Mermaid(), model.DOT()
		if n := strings.Count(mermaid, "\n"); n != 6 || strings.Count(mermaid, `"`) != 4 {
			t.Errorf("mermaid has %d lines:\n%s", n, mermaid)
		}
		quotes := strings.Count(strings.NewReplacer(`\\`, "", `\"`, "").Replace(dot), `"`)
		if n := strings.Count(dot, "\n"); n != 8 || quotes != 8 {
			t.Errorf("DOT has %d lines and %d quotes:\n%s", n, quotes, dot)
		}
		svg := model.SVG()
		if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil || strings.Count(svg, "<title") != 4 {
			t.Errorf("the image: %v\n%s", err, svg)
		}
		if !utf8.ValidString(mermaid + dot + svg) {
			t.Error("a picture is not valid UTF-8")
		}
	})
}
