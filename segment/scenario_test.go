package segment_test

import (
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
)

func scenario7() segment.Scheme {
	s := scheme([]segment.Attribute{numeric("arr")},
		"strategic: arr >= 100000", "growth: arr BETWEEN 20000 AND 99999", "tech: arr < 20000")
	s.Rules[0].Stay = &segment.Stay{While: "arr >= 85000"}
	return s
}

func TestScenario7Gaps(t *testing.T) {
	findings := compile(t, scenario7()).Verify(epoch, epoch.AddDate(1, 0, 0))
	if len(findings) != 2 {
		t.Fatalf("got %d findings, want 2: %v", len(findings), findings)
	}
	for i, want := range []struct {
		condition string
		witness   segment.Value
	}{
		{"arr > 99999 AND arr < 100000", segment.Number(99999.5)},
		{"arr IS NULL", segment.Null()},
	} {
		f := findings[i]
		if f.Class != segment.Gap || !strings.HasSuffix(f.Message, ": "+want.condition) || f.Witness[0].Value != want.witness {
			t.Errorf("got %s %q with %v, want a gap %s with %v", f.Class, f.Message, f.Witness, want.condition, want.witness)
		}
	}
}

func TestScenario7Stay(t *testing.T) {
	m := compile(t, scenario7())
	var member segment.Membership
	for d, c := range []struct {
		arr     float64
		segment string
		reason  segment.Reason
	}{{120000, "strategic", segment.Match}, {90000, "strategic", segment.Held}, {85000, "strategic", segment.Held}, {84999.99, "growth", segment.Match}} {
		member = m.Settle(member, classify(t, m, segment.FactMap{"arr": segment.Number(c.arr)}, day(float64(d))))
		if member.Segment != c.segment || member.Reason != c.reason {
			t.Errorf("arr %v: got %s, %s, want %s, %s", c.arr, member.Segment, member.Reason, c.segment, c.reason)
		}
	}
}

func TestScenario7Nulls(t *testing.T) {
	attributes := []segment.Attribute{{Name: "region", Type: segment.TextType}}
	null, eu := segment.Null(), segment.Text("EU")
	for when, want := range map[string]int{"NOT (region = 'EU')": 0, "region <> 'EU' OR region IS NULL": 2} {
		c, err := segment.CompileCondition(when, attributes)
		if err != nil {
			t.Fatal(err)
		}
		matches := 0
		for _, region := range []segment.Value{null, eu, eu, eu, eu, null} {
			truth, _, err := c.Eval(segment.FactMap{"region": region}, epoch)
			if err != nil {
				t.Fatal(err)
			}
			if truth == segment.True {
				matches++
			}
		}
		if matches != want {
			t.Errorf("%s matches %d of 6, want %d", when, matches, want)
		}
	}
}
