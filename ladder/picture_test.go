package ladder_test

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/ladder"
)

const hostile = `<script>alert("1 & 2")</script>`

// drawn compares a picture with its golden file, and checks that it is XML with a role, a title and a description, in
// which no data became an element.
func drawn(t *testing.T, name, picture string) {
	t.Helper()
	golden.Check(t, "testdata/"+name+".svg", []byte(picture))
	seen := map[string]int{}
	for d := xml.NewDecoder(strings.NewReader(picture)); ; {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if e, ok := token.(xml.StartElement); ok {
			seen[e.Name.Local]++
		}
	}
	if seen["svg"] != 1 || seen["title"] != 1 || seen["desc"] != 1 || seen["script"] > 0 || !strings.Contains(picture, `role="img"`) {
		t.Errorf("%s has the elements %v", name, seen)
	}
	if strings.Contains(picture, "NaN") || strings.Contains(picture, "Inf") {
		t.Errorf("%s has a coordinate that is no number", name)
	}
}

func TestLadderPicture(t *testing.T) {
	l := ladder.Starter()
	l.Nodes = append(l.Nodes, ladder.Node{Name: "quality", Rung: ladder.Departmental, Stakeholder: hostile, Budget: "quality"})
	l.Links[0].Share = dec("0.7")
	l.Links = append(l.Links, ladder.Link{From: "users", To: "quality", Share: dec("0.3")})
	m := compile(t, l)
	q := ladder.QuantityMap{}
	for name, v := range map[string]string{"team_hours": "9000", "hours_saved": "6", "users": "120", "adoption": "0.65", "incidents": "80", "incident_cost": "2400"} {
		q[name] = ladder.Quantity{Value: dec(v), At: epoch.AddDate(0, 11, 15), Evidence: ladder.Measured}
	}
	picture := func(q ladder.QuantityMap) string {
		s := state(t, m, q)
		text, err := m.SVG(&s)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	drawn(t, "ladder", picture(q))
	q["incidents"] = ladder.Quantity{Value: dec("200"), At: epoch.AddDate(0, 11, 15), Evidence: ladder.Measured}
	drawn(t, "ladder_loss", picture(q))

	s := state(t, m, q)
	s.Carried = nil
	var data *ladder.DataError
	if _, err := m.SVG(nil); !errors.As(err, &data) || data.Field != "statement" {
		t.Errorf("no statement: %v", err)
	}
	if _, err := m.SVG(&s); !errors.As(err, &data) || data.Field != "carried" {
		t.Errorf("a statement without its links: %v", err)
	}
	s = state(t, m, q)
	if _, err := compile(t, hoursSaved()).SVG(&s); !errors.As(err, &data) || data.Field != "statement" {
		t.Errorf("a statement of another ladder: %v", err)
	}
	s.Totals[0].Gross = decimal.New(1, 1_000_000_000)
	if _, err := m.SVG(&s); !errors.As(err, &data) {
		t.Errorf("a total out of bounds: %v", err)
	}
}

func TestLeakagePicture(t *testing.T) {
	for name, list := range map[string][]ladder.Level{
		"leakage":         levels("1000000", "900000", "", "700000", "500000", "400000", "250000", ""),
		"leakage_gain":    levels("1000000", "900000", "800000", "700000", "", "350000", "250000", "420000.50"),
		"leakage_unknown": nil,
	} {
		l, err := compile(t, hoursSaved()).Leakage("acme "+hostile, list, epoch)
		if err != nil {
			t.Fatal(err)
		}
		drawn(t, name, l.SVG())
		l.Value.Low = decimal.New(1, 1_000_000_000)
		if !strings.Contains(l.SVG(), "out of bounds") {
			t.Errorf("%s is drawn with a figure out of bounds", name)
		}
	}
}

func TestCoursePicture(t *testing.T) {
	value := []ladder.Accrual{evenly(30, 120, "9000"), evenly(120, 365, "40000.40"), evenly(200, 0, "-2500")}
	spend := []ladder.Accrual{evenly(0, 0, "12000"), evenly(0, 60, "5000")}
	c, err := compile(t, hoursSaved()).Course("acme "+hostile, epoch, value, spend, day(150))
	if err != nil {
		t.Fatal(err)
	}
	drawn(t, "course", c.SVG())
	never, err := compile(t, hoursSaved()).Course("acme", epoch, nil, nil, day(-5))
	if err != nil {
		t.Fatal(err)
	}
	drawn(t, "course_empty", never.SVG())
	c.Value = decimal.New(1, 1_000_000_000)
	if !strings.Contains(c.SVG(), "out of bounds") {
		t.Error("a figure out of bounds is drawn")
	}
}
