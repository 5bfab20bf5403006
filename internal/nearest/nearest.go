// Package nearest finds the known name that a mistyped one was probably meant to be.
package nearest

import "strings"

// longest is the length in bytes above which names are not compared: the work is quadratic in it.
const longest = 64

// Word returns the known name with the smallest edit distance to got, the earlier one of equals,
// or false when none is near. Letters of different case are alike; an insertion, a deletion, a replacement
// and a swap of two neighbours each count one, and about a third of the letters may differ.
func Word(got string, known []string) (string, bool) {
	if got == "" || len(got) > longest {
		return "", false
	}
	word := strings.ToLower(got)
	best, found := "", false
	limit := max(1, len(word)/3)
	for _, name := range known {
		if len(name) > longest || name == got {
			continue
		}
		lower := strings.ToLower(name)
		if abs(len(word)-len(lower)) > limit {
			continue
		}
		if d := distance(word, lower); d <= limit && d < max(len(word), len(lower)) {
			best, found, limit = name, true, d-1
		}
	}
	return best, found
}

func abs(n int) int { return max(n, -n) }

// distance is the optimal string alignment distance between the bytes of a and b.
func distance(a, b string) int {
	var rows [3][]int
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
	}
	before, last, row := rows[0], rows[1], rows[2]
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
