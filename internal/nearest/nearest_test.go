package nearest_test

import (
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/nearest"
)

func TestWord(t *testing.T) {
	known := []string{"name", "weight", "measures", "measure", "not_before", "x", "points", "Fresh", ""}
	for got, want := range map[string]string{
		"wieght": "weight", "Weight": "weight", "weights": "weight", "wight": "weight", "nmae": "name", "NAME": "name",
		"notBefore": "not_before", "not-before": "not_before", "measurs": "measures", "meassure": "measure", "fresh": "Fresh",
		"point": "points", "X": "x",
		// Nothing near.
		"": "", "y": "", "colour": "", "na": "", "weightiness": "", "groups": "", strings.Repeat("a", 65): "",
		// Only other names are suggested.
		"name": "",
	} {
		if word, ok := nearest.Word(got, known); word != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v; want %q", got, word, ok, want)
		}
	}
}

func TestTies(t *testing.T) {
	if got, _ := nearest.Word("cat", []string{"bat", "hat"}); got != "bat" {
		t.Errorf("got %q, want the first of two equals", got)
	}
	if got, _ := nearest.Word("floor", []string{"flour", "floors", "Floor"}); got != "Floor" {
		t.Errorf("got %q, want the nearest though it is last", got)
	}
	if got, ok := nearest.Word("abcdef", []string{strings.Repeat("a", 65)}); ok {
		t.Errorf("got %q", got)
	}
}

// TestDistance gives known distances through the door: a name is found if a third of the letters may differ.
func TestDistance(t *testing.T) {
	for _, tc := range []struct {
		a, b string
		near bool
	}{
		{"kitten", "sitting", false},      // 3 of 6: Levenshtein's usual example
		{"sunday", "saturday", false},     // 3 of 6
		{"abcdefghi", "abxdexghx", true},  // 3 of 9
		{"abcdefghi", "axxdexghx", false}, // 4 of 9
		{"abcdef", "badcef", true},        // two swaps
		{"abcdef", "badcfe", false},       // three
		{"abcdef", "bcdefa", true},        // moved: one deletion, one insertion
	} {
		if _, ok := nearest.Word(tc.a, []string{tc.b}); ok != tc.near {
			t.Errorf("%s and %s: near is %v", tc.a, tc.b, ok)
		}
	}
}
