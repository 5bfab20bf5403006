package segment_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
)

func language() []segment.Attribute {
	return []segment.Attribute{
		numeric("arr"), numeric("seats"), {Name: "region", Type: segment.TextType, Values: []string{"EU", "UK", "US"}},
		{Name: "note", Type: segment.TextType}, {Name: "trial", Type: segment.FlagType}, {Name: "renewal", Type: segment.TimeType},
	}
}

// TestConditionErrors holds each message to its whole text, with the caret below the place.
func TestConditionErrors(t *testing.T) {
	for _, c := range []struct{ when, want string }{
		{"arr = NULL", "1:5 expected IS NULL, found = NULL, which is never true"},
		{"arr <> NULL", "1:5 expected IS NOT NULL, found <> NULL, which is never true"},
		{"NULL = arr", "1:1 expected an attribute, as in arr IS NULL, found NULL"},
		{"arr IN (1, NULL)", "1:12 expected a constant, found NULL: write OR arr IS NULL"},
		{"arr NOT IN (NULL)", "1:13 expected a constant, found NULL: write OR arr IS NULL"},
		{"arr BETWEEN NULL AND 3", "1:13 expected a constant, found NULL: write OR arr IS NULL"},
		{"arr IS TRUE", "1:8 expected NULL or NOT NULL, found TRUE"},
		{"arr != 5", "1:5 expected <>, found !="},
		{"arr == 5", "1:5 expected =, found =="},
		{"arr > 5 && trial", "1:9 expected AND, found &&"},
		{"arr > 5 || trial", "1:9 expected OR, found ||"},
		{"!trial", "1:1 expected NOT, found !"},
		{"trial -- so far", "1:7 expected no comment, found --"},
		{"trial /* so far */", "1:7 expected no comment, found /*"},
		{`"arr" > 5`, `1:1 expected an attribute without quotes, or a text in single ones, found "`},
		{"ar > 5", "1:1 expected an attribute, found ar: did you mean arr?"},
		{"ARR > 5", "1:1 expected an attribute, found ARR: did you mean arr?"},
		{"churned", "1:1 expected an attribute, found churned, which the scheme does not have"},
		{"arr > seats", "1:7 expected a constant, found seats: attributes are compared with constants only"},
		{"5 < 6", "1:5 expected an attribute, found 6"},
		{"5", "1:2 expected a comparison of the constant with an attribute, found the end"},
		{"5 BETWEEN 1 AND 9", "1:3 expected a comparison of the constant with an attribute, found BETWEEN"},
		{"TRUE", "1:5 expected a comparison of the constant with an attribute, found the end"},
		{"arr", "1:4 expected a comparison of arr, which is a number, found the end"},
		{"arr 5", "1:5 expected a comparison of arr, which is a number, found 5"},
		{"arr NOT NULL", "1:9 expected BETWEEN or IN, found NULL"},
		{"arr LIKE '5%'", "1:5 expected a comparison of arr, which is a number, found LIKE"},
		{"arr >= '5'", "1:8 expected a number to compare arr with, found '5'"},
		{"trial = 1", "1:9 expected a flag to compare trial with, found 1"},
		{"renewal > '2026-07-01'", "1:11 expected a time to compare renewal with, found '2026-07-01'"},
		{"arr > as_of", "1:7 expected a number to compare arr with, found as_of"},
		{"region > 'EU'", "1:8 expected = or <>, found >: a text has no order here"},
		{"'EU' <= note", "1:6 expected = or <>, found >=: a text has no order here"},
		{"trial < TRUE", "1:7 expected = or <>, found <: a flag has no order here"},
		{"note BETWEEN 'a' AND 'b'", "1:6 expected =, <> or IN, found BETWEEN: a text has no order here"},
		{"trial IN (TRUE)", "1:11 expected a number, a text or a time in the list, found TRUE: write trial = TRUE"},
		{"region = 'EUU'", "1:10 expected a value of region, found 'EUU': did you mean 'EU'?"},
		{"region IN ('EU', 'Mars')", "1:18 expected a value of region, found 'Mars', which it does not allow"},
		{"arr BETWEEN 9 AND 1", "1:13 expected the lesser bound first, found 9 AND 1"},
		{"renewal BETWEEN as_of AND as_of - INTERVAL '1 day'", "1:17 expected the lesser bound first, found as_of AND as_of - INTERVAL '1 day'"},
		{"arr BETWEEN 1", "1:14 expected AND and the upper bound, found the end"},
		{"arr IN 5", "1:8 expected ( and a list of constants, found 5"},
		{"arr IN ()", "1:9 expected a constant, found )"},
		{"arr IN (5", "1:10 expected , or ), found the end"},
		{"", "1:1 expected an attribute, a constant, NOT or (, found the end"},
		{"trial AND", "1:10 expected an attribute, a constant, NOT or (, found the end"},
		{"AND trial", "1:1 expected an attribute, a constant, NOT or (, found AND"},
		{"(trial", "1:7 expected AND, OR or ), found the end"},
		{"trial)", "1:6 expected AND, OR or the end, found )"},
		{"trial trial", "1:7 expected AND, OR or the end, found trial"},
		{"arr > 1,000", "1:8 expected AND, OR or the end, found ,"},
		{"arr > .5", "1:7 expected a condition, found ."},
		{"arr > 5.", "1:7 expected digits in the fraction, found 5."},
		{"arr > 1e", "1:7 expected digits in the exponent, found 1e"},
		{"arr > 5k", "1:7 expected a number, found 5k"},
		{"arr > 0x1F", "1:7 expected a number, found 0x1F"},
		{"arr > 1.2.3", "1:7 expected a number, found 1.2.3"},
		{"arr > -", "1:8 expected a number, found the end"},
		{"arr > 9007199254740993", "1:7 expected a number that a float64 holds, up to 2^53, found 9007199254740993"},
		{"arr > 1e1000000000", "1:7 expected a number that a float64 holds, up to 2^53, found 1e1000000000"},
		{"arr > 1e-400", "1:7 expected a number that a float64 holds, up to 2^53, found 1e-400"},
		{"arr > 0." + strings.Repeat("1", 70), "1:7 expected a number of at most 64 bytes, found 72"},
		{"note = 'it's'", "1:12 expected AND, OR or the end, found s"},
		{"note = 'open", "1:8 expected a quote at the end of the text, found 'open"},
		{"renewal < DATE '2026-02-30'", "1:16 expected a date as in '2026-07-01', found '2026-02-30'"},
		{"renewal < DATE '2026-7-1'", "1:16 expected a date as in '2026-07-01', found '2026-7-1'"},
		{"renewal < DATE '2026-07-01.5'", "1:16 expected a date as in '2026-07-01', found '2026-07-01.5'"},
		{"renewal < DATE '0000-01-01'", "1:16 expected a date as in '2026-07-01', found '0000-01-01'"},
		{"renewal < DATE 5", "1:16 expected a date as in '2026-07-01', found 5"},
		{"renewal < TIMESTAMP '2026-07-01'", "1:21 expected an instant in UTC as in '2026-07-01 08:30:00', found '2026-07-01'"},
		{"renewal < TIMESTAMP '2026-07-01 24:00:00'", "1:21 expected an instant in UTC as in '2026-07-01 08:30:00', found '2026-07-01 24:00:00'"},
		{"renewal < TIMESTAMP '2026-07-01 08:00:00.1234567'", "1:21 expected an instant in UTC as in '2026-07-01 08:30:00', found '2026-07-01 08:00:00.1234567'"},
		{"renewal < TIMESTAMP '2026-07-01 08:00:00Z'", "1:21 expected an instant in UTC as in '2026-07-01 08:30:00', found '2026-07-01 08:00:00Z'"},
		{"renewal < as_of + 5", "1:19 expected INTERVAL, found 5"},
		{"renewal < as_of + INTERVAL '3 months'", "1:28 expected an interval as in '90 days', in days, hours or minutes, found '3 months'"},
		{"renewal < as_of + INTERVAL '-3 days'", "1:28 expected an interval as in '90 days', in days, hours or minutes, found '-3 days'"},
		{"renewal < as_of + INTERVAL '99999999 days'", "1:28 expected an interval as in '90 days', in days, hours or minutes, found '99999999 days'"},
		{"renewal < INTERVAL '3 days'", "1:11 expected a constant, found INTERVAL"},
		{"arr > 5 AND\n  ( trial OR\n    seats >> 7 )", "3:12 expected a constant, found >"},
		{"note = '日本' AND note = 5", "1:24 expected a text to compare note with, found 5"},
		{"trial\x00", "1:6 expected text, found a NUL byte"},
		{"note = 'a\x00'", "1:10 expected text, found a NUL byte"},
		{"note = '\xff'", "1:9 expected UTF-8, found the byte 0xff"},
		{"trial\u00a0AND trial", "1:6 expected a condition, found the character U+00A0"},
		{"note = '" + strings.Repeat("x", 1025) + "'", "1:8 expected a text of at most 1024 bytes, found 1025"},
		{"note = '" + strings.Repeat("x", 1<<20) + "'", "1:1 expected at most 65536 bytes, found 1048585"},
		{strings.Repeat("(", 1000) + "trial" + strings.Repeat(")", 1000), "1:101 expected parentheses at most 100 deep, found more"},
		{strings.Repeat("NOT (", 1000) + "trial" + strings.Repeat(")", 1000), "1:505 expected parentheses at most 100 deep, found more"},
	} {
		_, err := segment.CompileCondition(c.when, language())
		var invalid *segment.InvalidError
		if !errors.As(err, &invalid) || len(invalid.Problems) != 1 || invalid.Problems[0].Pointer != "" {
			t.Errorf("%.60q: got error %v, want one problem", c.when, err)
			continue
		}
		lines := strings.Split(invalid.Problems[0].Message, "\n")
		place, message, _ := strings.Cut(c.want, " ")
		line, column, _ := strings.Cut(place, ":")
		if want := "line " + line + ", column " + column + ": " + message; lines[0] != want {
			t.Errorf("%.60q:\ngot  %s\nwant %s", c.when, lines[0], want)
		}
		if len(lines) != 3 {
			t.Fatalf("%.60q: message has %d lines, want 3:\n%s", c.when, len(lines), invalid.Problems[0].Message)
		}
	}
}

func TestConditionCaret(t *testing.T) {
	for _, c := range []struct{ when, want string }{
		{"arr >= 5 AND nps", "\tarr >= 5 AND nps\n\t             ^"},
		{"trial OR\n\tseats ! 5", "\t seats ! 5\n\t       ^"},
		{"note = '日本' ?", "\tnote = '日本' ?\n\t            ^"},
		{strings.Repeat("trial OR ", 20) + "nps" + strings.Repeat(" OR trial", 20),
			"\t... OR trial OR trial OR trial OR trial OR nps OR trial OR trial OR trial OR trial ...\n\t" + strings.Repeat(" ", 43) + "^"},
	} {
		_, err := segment.CompileCondition(c.when, language())
		if err == nil || !strings.HasSuffix(err.Error(), "\n"+c.want) {
			t.Errorf("got:\n%v\nwant it to end in:\n%s", err, c.want)
		}
	}
}

func TestConditionsAccepted(t *testing.T) {
	facts := segment.FactMap{
		"arr": segment.Number(5), "note": segment.Text("it's"), "region": segment.Text("EU"), "trial": segment.Flag(true),
		"renewal": segment.Time(time.Date(2026, 7, 1, 12, 0, 0, 500000000, time.UTC)),
	}
	for when, want := range map[string]segment.Truth{
		"arr=5":                            segment.True,
		"arr = +5.0e0":                     segment.True,
		"arr > - 5":                        segment.True,
		"5 >= arr AND 4<arr":               segment.True,
		"\n( arr\tbetween 5 aNd 5\r\n )":   segment.True,
		"arr NOT BETWEEN 6 AND 7":          segment.True,
		"arr IN (1, 2, 5, 5)":              segment.True,
		"NOT NOT arr = 5":                  segment.True,
		"NOT NOT NOT arr = 5":              segment.False,
		"note = 'it''s'":                   segment.True,
		"note IN ('a', 'it''s', 'b')":      segment.True,
		"trial":                            segment.True,
		"NOT trial":                        segment.False,
		"trial = false":                    segment.False,
		"true = trial":                     segment.True,
		"FALSE <> trial":                   segment.True,
		"seats IS NULL":                    segment.True,
		"seats = 0 OR seats <> 0":          segment.Unknown,
		"NOT seats = 0":                    segment.Unknown,
		"seats = 0 AND arr = 6":            segment.False,
		"seats = 0 OR arr = 5":             segment.True,
		"arr = 6 AND seats = 0 OR trial":   segment.True, // AND binds before OR
		"arr = 6 AND (seats = 0 OR trial)": segment.False,
		"renewal = TIMESTAMP '2026-07-01 12:00:00.5'":                 segment.True,
		"renewal > timestamp '2026-07-01 12:00:00.499999'":            segment.True,
		"renewal > Date '2026-07-01'":                                 segment.True,
		"renewal > as_of":                                             segment.True,
		"renewal < AS_OF + INTERVAL '1 minute'":                       segment.True,
		"as_of - INTERVAL '2 hours' < renewal":                        segment.True,
		"renewal BETWEEN as_of AND DATE '2026-07-02'":                 segment.True,
		"renewal IN (as_of, TIMESTAMP '2026-07-01 12:00:00.500000')":  segment.True,
		strings.Repeat("(", 100) + "trial" + strings.Repeat(")", 100): segment.True,
		"NOT " + strings.Repeat("NOT ", 9999) + "trial":               segment.True,
	} {
		c, err := segment.CompileCondition(when, language())
		if err != nil {
			t.Errorf("%.80q: %v", when, err)
			continue
		}
		if got, failedOn, err := c.Eval(facts, epoch); err != nil || failedOn != "" || got != want {
			t.Errorf("%.80q: got %v, %q, %v, want %v", when, got, failedOn, err, want)
		}
		if c.String() != when {
			t.Errorf("String of %q is %q", when, c.String())
		}
	}
}

// TestConditionReads checks that facts which a condition does not name can't make it fail.
func TestConditionReads(t *testing.T) {
	c, err := segment.CompileCondition("seats > 5 OR arr > 5", language())
	if err != nil {
		t.Fatal(err)
	}
	facts := segment.FactMap{"note": segment.Number(1), "arr": segment.Failed("down"), "seats": segment.Failed("down")}
	if _, failedOn, err := c.Eval(facts, epoch); err != nil || failedOn != "seats" {
		t.Errorf("got %q, %v, want the first in the condition's order, seats", failedOn, err)
	}
	facts["seats"] = segment.Number(6)
	if truth, failedOn, err := c.Eval(facts, epoch); err != nil || failedOn != "" || truth != segment.True {
		t.Errorf("got %v, %q, %v, want TRUE", truth, failedOn, err)
	}
	facts["seats"] = segment.Text("6")
	var data *segment.DataError
	if _, _, err := c.Eval(facts, epoch); !errors.As(err, &data) || data.Field != `attribute "seats"` {
		t.Errorf("got error %v, want a DataError that names seats", err)
	}
	if truth, _, err := c.Eval(nil, epoch); err != nil || truth != segment.Unknown {
		t.Errorf("without facts: got %v, %v, want UNKNOWN", truth, err)
	}
	if _, _, err := c.Eval(nil, time.Time{}); err == nil {
		t.Error("the zero asOf is no error")
	}
	if _, err := segment.CompileCondition("", language()); err == nil || !strings.HasPrefix(err.Error(), "segment: invalid definition: line 1, ") {
		t.Errorf("an empty condition: got error %v", err)
	}
	if _, err := segment.CompileCondition("trial", []segment.Attribute{{Name: "Trial", Type: "bool"}}); err == nil {
		t.Error("wrong attributes are no error")
	}
}

func TestTruthString(t *testing.T) {
	for truth, want := range map[segment.Truth]string{segment.True: "TRUE", segment.False: "FALSE", segment.Unknown: "UNKNOWN"} {
		if got := truth.String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
