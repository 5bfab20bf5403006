package svg_test

import (
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/internal/svg"
)

func TestCanvas(t *testing.T) {
	var c svg.Canvas
	c.Begin(100, 50.25, "A <title>", "what \"it\" shows\x00\n")
	c.Area(`fill="#eee"`, 0, 0, 1, 1, 2, 0)
	c.Path(`fill="none"`, 0, 0, -1.05, 1)
	c.Line(`stroke="#000"`, 0, math.NaN(), math.Inf(1), 2)
	c.Rect(`fill="#ccc"`, 1, 2, 3, 4)
	c.Circle(`fill="#111"`, 5, 5, 2.5)
	c.Text(`x-data="1"`, 1, 2, "</text><script>&\u202e é")
	const want = `<svg xmlns="http://www.w3.org/2000/svg" width="100.0" height="50.3" viewBox="0 0 100.0 50.3" role="img" font-family="sans-serif" font-size="12">
<title>A &lt;title&gt;</title>
<desc>what &#34;it&#34; shows  </desc>
<rect width="100.0" height="50.3" fill="#ffffff"/>
<path d="M0.0 0.0L1.0 1.0L2.0 0.0Z" fill="#eee"/>
<path d="M0.0 0.0L-1.0 1.0" fill="none"/>
<line x1="0.0" y1="0.0" x2="0.0" y2="2.0" stroke="#000"/>
<rect x="1.0" y="2.0" width="3.0" height="4.0" fill="#ccc"/>
<circle cx="5.0" cy="5.0" r="2.5" fill="#111"/>
<text x="1.0" y="2.0" x-data="1">&lt;/text&gt;&lt;script&gt;&amp;  é</text>
</svg>
`
	got := c.End()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("picture (-want +got):\n%s", diff)
	}
	d := xml.NewDecoder(strings.NewReader(got))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

func TestShorten(t *testing.T) {
	for text, want := range map[string]string{"": "", "abcd": "abcd", "abcde": "abc…", "éàüöß": "éàü…"} {
		if got := svg.Shorten(text, 4); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// TestFarAway draws where ten times a coordinate is no number, and writes no character of a text.
func TestFarAway(t *testing.T) {
	var c svg.Canvas
	c.Circle(`fill="#111"`, math.MaxFloat64, -math.MaxFloat64, 1)
	if got := c.End(); strings.Contains(got, "Inf") {
		t.Errorf("got %s", got)
	}
	for most, want := range map[int]string{-1: "", 0: "", 1: "…", 2: "a…", 3: "abc"} {
		if got := svg.Shorten("abc", most); got != want {
			t.Errorf("%d characters: got %q, want %q", most, got, want)
		}
	}
}
