package segment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment"
)

// TestVerifyDeep proves what no row shows: each flag must differ from the next, around a ring of odd length.
func TestVerifyDeep(t *testing.T) {
	const n = 23
	var attributes []segment.Attribute
	var parts []string
	for i := range n {
		attributes = append(attributes, segment.Attribute{Name: fmt.Sprintf("f%d", i), Type: segment.FlagType})
		parts = append(parts, fmt.Sprintf("(f%d AND NOT f%d OR NOT f%d AND f%d)", i, (i+1)%n, i, (i+1)%n))
	}
	s := scheme(attributes, "a: "+strings.Join(parts, " AND "))
	s.Otherwise = "b"
	if got := compile(t, s).Verify(epoch, epoch); len(got) != 1 || got[0].Class != segment.Never {
		t.Errorf("got %v, want one finding of class never", got)
	}
}

// TestVerifyUndecided asks for ten pigeons in nine holes, each in one and no two in the same. There is no solution, and
// each proof by cases is long (A. Haken, The intractability of resolution, 1985): Verify must not call that fine.
func TestVerifyUndecided(t *testing.T) {
	const holes = 9
	var attributes []segment.Attribute
	var parts []string
	for p := range holes + 1 {
		var somewhere []string
		for h := range holes {
			name := fmt.Sprintf("p%d_%d", p, h)
			attributes = append(attributes, segment.Attribute{Name: name, Type: segment.FlagType})
			somewhere = append(somewhere, name)
			for q := range p {
				parts = append(parts, fmt.Sprintf("NOT (%s AND p%d_%d)", name, q, h))
			}
		}
		parts = append(parts, "("+strings.Join(somewhere, " OR ")+")")
	}
	s := scheme(attributes, "a: "+strings.Join(parts, " AND "))
	s.Otherwise = "b"
	got := compile(t, s).Verify(epoch, epoch)
	if len(got) != 1 || got[0].Class != segment.Undecided || got[0].Pointer != "/rules/0" {
		t.Errorf("got %v, want one finding that is undecided", got)
	}
}

// TestVerifyBounds holds the bounds: on crossings, on gaps that are reported, and on the work for all questions.
func TestVerifyBounds(t *testing.T) {
	renewal := []segment.Attribute{{Name: "renewal", Type: segment.TimeType}}
	var dates, offsets []string
	for i := range 25 {
		dates = append(dates, day(float64(30*i)).Format("DATE '2006-01-02'"))
		offsets = append(offsets, fmt.Sprintf("as_of + INTERVAL '%d hours'", i))
	}
	m := compile(t, scheme(renewal, "a: renewal IN ("+strings.Join(append(dates, offsets...), ", ")+")"))
	got := m.Verify(day(-1000), day(1000))
	if len(got) != 1 || got[0].Class != segment.Undecided || !strings.Contains(got[0].Message, "500 instants") {
		t.Errorf("625 crossings: got %v", got)
	}
	if got := m.Verify(day(0.1), day(0.2)); len(got) == 0 || got[0].Class != segment.Gap {
		t.Errorf("few crossings: got %v", got)
	}

	var numbers []string
	for i := range 50 {
		numbers = append(numbers, fmt.Sprint(i))
	}
	m = compile(t, scheme([]segment.Attribute{numeric("n")}, "a: n NOT IN ("+strings.Join(numbers, ", ")+")", "b: n IS NULL"))
	got = m.Verify(epoch, epoch)
	if len(got) != 32 || got[0].Message != "no rule matches: n = 0" || got[31].Message != "no rule matches, besides 18 more gaps: n = 31" {
		t.Errorf("50 gaps: got %d findings, the last %v", len(got), got[len(got)-1])
	}

	var rising []string
	for i := range 20 {
		rising = append(rising, fmt.Sprintf("r%d: n > %d", i, 100-i))
	}
	exclusive := scheme([]segment.Attribute{numeric("n")}, rising...)
	exclusive.Exclusive, exclusive.Otherwise = true, "rest"
	got = compile(t, exclusive).Verify(epoch, epoch)
	if last := got[len(got)-1]; len(got) != 101 || last.Message != "more than 100 pairs of rules overlap: the others are not looked at" {
		t.Errorf("190 overlaps: got %d findings, the last %v", len(got), last)
	}

	// Sixty rules that each want the parity of six flags, and an odd one of twelve others: a maze of gaps.
	var flags []segment.Attribute
	for i := range 18 {
		flags = append(flags, segment.Attribute{Name: fmt.Sprintf("f%d", i), Type: segment.FlagType})
	}
	parity := "f0"
	for i := 1; i < 6; i++ {
		parity = fmt.Sprintf("(%s) AND NOT f%d OR NOT (%s) AND f%d", parity, i, parity, i)
	}
	var rules []string
	for i := range 60 {
		rules = append(rules, fmt.Sprintf("r%d: (%s) AND (f%d OR f%d) AND NOT f%d", i, parity, 6+i%12, 6+(i+5)%12, 6+(i+7)%12))
	}
	got = compile(t, scheme(flags, rules...)).Verify(epoch, epoch)
	if len(got) == 0 || !slices.ContainsFunc(got, func(f segment.Finding) bool { return f.Class == segment.Undecided && f.Pointer == "" }) {
		t.Errorf("a maze: got %d findings, none of them undecided gaps", len(got))
	}
}
