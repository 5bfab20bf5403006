package journey_test

import (
	"strings"
	"testing"
	"unicode/utf8"

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
	}
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
		if !utf8.ValidString(mermaid + dot) {
			t.Error("a picture is not valid UTF-8")
		}
	})
}
