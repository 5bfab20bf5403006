// Package refdata reads known answers for tests: tables that others computed, in the testdata of a package or in a folder
// of reference data that is not part of the project.
package refdata

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// Reference returns the path of reference data below the folder that CS_REFERENCE names. Without it, root is the way from
// the test to the folder beside the project, and the test is skipped where that is not there.
func Reference(t testing.TB, root string, elem ...string) string {
	t.Helper()
	given := os.Getenv("CS_REFERENCE")
	if given != "" {
		root = given
	}
	path := filepath.Join(append([]string{root}, elem...)...)
	if _, err := os.Stat(path); err != nil && given == "" {
		t.Skip("the known answers are not part of the project: ", err)
	}
	return path
}

// Rows reads a CSV file with a header as one map a row, of which there is at least one.
func Rows(t testing.TB, path string) []map[string]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	if len(all) < 2 {
		t.Fatalf("%s has no rows", path)
	}
	rows := make([]map[string]string, len(all)-1)
	for i, record := range all[1:] {
		rows[i] = make(map[string]string, len(record))
		for k, name := range all[0] {
			rows[i][name] = record[k]
		}
	}
	return rows
}

// Number reads a number.
func Number(t testing.TB, text string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}
