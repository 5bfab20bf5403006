package report

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/outcome/opportunity"
)

var update = flag.Bool("update", false, "write the golden files")

func htmlOf(t *testing.T, r *analysis.Result) string {
	t.Helper()
	var out bytes.Buffer
	if err := HTML(&out, r); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func textOf(t *testing.T, r *analysis.Result, width int) string {
	t.Helper()
	var out bytes.Buffer
	if err := Text(&out, r, width); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestGolden(t *testing.T) {
	for _, tt := range []struct {
		file, got string
	}{
		{"rich.html", htmlOf(t, rich())}, {"bare.html", htmlOf(t, bare())},
		{"rich.txt", textOf(t, rich(), 90)}, {"bare.txt", textOf(t, bare(), 80)},
	} {
		t.Run(tt.file, func(t *testing.T) {
			path := filepath.Join("testdata", tt.file)
			if *update {
				if err := os.WriteFile(path, []byte(tt.got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(tt.got, "\n")); diff != "" {
				t.Errorf("differs (-want +got); -update writes it anew:\n%s", diff)
			}
		})
	}
}

var svgs = regexp.MustCompile(`(?s)<svg .*?</svg>`)

// An svg element that is XML, has title and desc with words, and is named by them.
func TestPicturesAreWellFormed(t *testing.T) {
	all := svgs.FindAllString(htmlOf(t, rich()), -1)
	if len(all) != 18 {
		t.Errorf("%d pictures, want 18", len(all))
	}
	for _, svg := range all {
		d := xml.NewDecoder(strings.NewReader(svg))
		texts := make(map[string]string)
		in := ""
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("not well-formed: %v\n%s", err, svg)
			}
			switch token := token.(type) {
			case xml.StartElement:
				in = token.Name.Local
				if in == "script" || in == "foreignObject" || in == "image" || in == "a" {
					t.Errorf("element %s in a picture", in)
				}
			case xml.CharData:
				texts[in] += string(token)
			}
		}
		if strings.TrimSpace(texts["title"]) == "" || len(strings.TrimSpace(texts["desc"])) < 30 {
			t.Errorf("picture without title or desc: %.300s", svg)
		}
		if !regexp.MustCompile(`^<svg role="img" viewBox="0 0 380 [0-9.]+" aria-labelledby="([a-z-]+)-t ([a-z-]+)-d">`).MatchString(svg) {
			t.Errorf("picture without role, viewBox or name: %.200s", svg)
		}
		if !strings.Contains(svg, "Simulated data") {
			t.Errorf("picture does not say that its data is simulated: %.200s", svg)
		}
	}
}

func TestPageNeedsNoNetworkAndNoScript(t *testing.T) {
	for name, r := range map[string]*analysis.Result{"rich": rich(), "bare": bare()} {
		got := htmlOf(t, r)
		if !strings.Contains(got, `http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:;`) {
			t.Errorf("%s: no policy", name)
		}
		for _, bad := range []string{"<script", "javascript:", "http:", "https:", "//", "@import", "<link", " style=", "ZgotmplZ", " onclick"} {
			if i := strings.Index(strings.ToLower(got), strings.ToLower(bad)); i >= 0 {
				t.Errorf("%s: has %q: %.80s", name, bad, got[i:])
			}
		}
	}
}

// Names come from data. Whatever they are, the page has the elements that it has with plain names.
func TestHostileNames(t *testing.T) {
	elements := regexp.MustCompile(`<[a-z/][a-z0-9]*`)
	named := func(name string) *analysis.Result {
		r := rich()
		for _, list := range [][]analysis.AccountView{r.Riskiest, r.Movers, r.Stalled, {*r.Example}} {
			for i := range list {
				list[i].Account, list[i].Reasons = name, []string{name}
				list[i].Score.Parts[0].Path = name
			}
		}
		r.Example.Account, r.Title, r.Segments[0].Segment, r.Matrix[0].Segment, r.Rejects[0].Reason = name, name, name, name, name
		r.Phases[0].Title, r.Bands[0].Band, r.Inputs[0].Name, r.Retention[0].Period = name, name, name, name
		r.Opportunity.Whole.Needs[0].Outcome, r.Opportunity.Texts[0], r.Opportunity.Segments[0].Segment = name, name, name
		r.Booked.Lines[0].Benefit, r.Rungs[0].Holders[0] = name, name
		return r
	}
	want := elements.FindAllString(htmlOf(t, named("plain")), -1)
	for _, name := range append(hostile, `--></style><img src=x onerror=alert(1)>`, "a\u2028b\ufffe\x7f", string([]byte{0xff, 0xfe})) {
		r := named(name)
		got := htmlOf(t, r)
		if diff := cmp.Diff(want, elements.FindAllString(got, -1)); diff != "" {
			t.Errorf("%q changes the page (-want +got):\n%s", name, diff)
		}
		for _, svg := range svgs.FindAllString(got, -1) {
			if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil {
				t.Errorf("%q: %v", name, err)
			}
		}
		text := textOf(t, r, 90)
		for _, s := range []string{text, got} {
			if strings.ContainsAny(s, "\x00\x1b\x7f\u202e\u2028\ufffe") {
				t.Errorf("%q: a control comes through", name)
			}
		}
		for _, line := range strings.Split(text, "\n") {
			if columns(line) > 90 {
				t.Errorf("%q: a line of %d columns: %s", name, columns(line), line)
			}
		}
	}
}

func TestTextIsNoWiderThanAsked(t *testing.T) {
	for _, width := range []int{0, 60, 72, 80, 90, 400} {
		for _, line := range strings.Split(textOf(t, rich(), width), "\n") {
			if n := columns(line); n > min(max(width, 60), 90) {
				t.Errorf("width %d: a line of %d columns: %s", width, n, line)
			}
		}
	}
}

// Nothing that is not known is shown as a number, and each section says what would unlock it.
func TestUnknownIsNotZero(t *testing.T) {
	got := htmlOf(t, bare())
	if len(svgs.FindAllString(got, -1)) != 0 {
		t.Error("a picture without data")
	}
	for _, s := range sections(bare()) {
		if s.ID == "about" || s.ID == "record" {
			continue
		}
		for _, b := range s.Blocks {
			if len(b.Unknown) == 0 || !strings.Contains(strings.Join(b.Unknown, " "), "unlocked by") {
				t.Errorf("section %s, block %q does not say what is unknown", s.ID, b.Title)
			}
		}
	}
	for _, bad := range []string{"0.00", "0.0%", "0 of 3 left"} {
		if strings.Contains(got, bad) || strings.Contains(textOf(t, bare(), 80), bad) {
			t.Errorf("%q is shown for what is not known", bad)
		}
	}
}

func TestSameResultSameBytes(t *testing.T) {
	page, text := htmlOf(t, rich()), textOf(t, rich(), 80)
	if htmlOf(t, rich()) != page || textOf(t, rich(), 80) != text {
		t.Error("two runs differ")
	}
}

func TestEmptyCollections(t *testing.T) {
	r := bare()
	r.Incidence, r.Separation, r.Backtest = &analysis.Incidence{}, &analysis.Separation{}, &analysis.Backtest{}
	r.Value, r.Outcomes, r.Example = &analysis.Value{}, &analysis.Outcomes{}, &analysis.AccountView{}
	r.Histogram = []analysis.HistogramBin{{From: 0, To: 100}}
	r.Matrix = []analysis.MatrixCell{{Segment: "a", Band: "b"}}
	r.Bands = []analysis.BandRow{{Band: health.Unknown, Accounts: 3}}
	r.Inputs = []analysis.InputCoverage{{Name: "nps"}}
	r.Phases = []analysis.PhaseRow{{Phase: "land"}}
	r.Retention = []analysis.RetentionRow{{Period: "2020"}}
	r.Segments = []analysis.SegmentRow{{Segment: "all", Accounts: 3}}
	r.LeftByBand = []analysis.LeftRow{{Band: "red"}}
	r.Quadrant = []analysis.Point{{}}
	r.Opportunity, r.Booked, r.Rungs = &analysis.Opportunity{Segments: []opportunity.Landscape{{}, {}}}, &analysis.Booked{}, []analysis.RungRow{{}}
	r.Booked.Promised, r.Booked.Stated = &analysis.Against{}, &analysis.Against{}
	for _, s := range []string{htmlOf(t, r), textOf(t, r, 80)} {
		for _, bad := range []string{"NaN", "Inf", "%!"} {
			if strings.Contains(s, bad) {
				t.Errorf("has %s", bad)
			}
		}
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestWriteErrorsAreReturned(t *testing.T) {
	if err := HTML(broken{}, bare()); err != io.ErrClosedPipe {
		t.Errorf("HTML: %v", err)
	}
	if err := Text(broken{}, bare(), 80); err != io.ErrClosedPipe {
		t.Errorf("Text: %v", err)
	}
}
