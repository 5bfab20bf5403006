package book_test

import (
	"testing"
	"testing/fstest"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// FuzzFolder reads a folder of any bytes: what is not an account is rejected or comes later, none is there twice, and no file rejects more
// rows than it has, but for a first line that can't be used.
func FuzzFolder(f *testing.F) {
	f.Add([]byte("account,left,left_at,seats\na,yes,2025-01-31,5\nb,no,,\n"), "contracts.csv",
		[]byte("account,contract,from,to,amount,currency,per\na,c,2025-01-01,2026-01-01,12.50,EUR,month\n"))
	f.Add([]byte("\ufeffaccount,since\r\n\"a \"\"b\"\"\",2025-01-31T08:00:00.5+02:00\r\n\n"), "usage.csv", []byte("account,feature,value\na,x,1e999\n"))
	f.Add([]byte("account\na"), "ledger.csv",
		[]byte("account,entry,benefit,from,to,amount,currency,units,evidence,recorded,reversed\na,e,b,2025-01-01,2025-04-01,1e18,EUR,-1,measured,2025-04-02,2025-04-01\n"))
	f.Add([]byte("account,account"), "ratings.csv", []byte("\""))
	f.Fuzz(func(t *testing.T, accounts []byte, name string, more []byte) {
		files := fstest.MapFS{"accounts.csv": {Data: accounts}}
		if _, twice := files[name]; !twice {
			files[name] = &fstest.MapFile{Data: more}
		}
		b, err := book.Folder(files, asOf)
		if err != nil {
			return
		}
		seen := make(map[string]bool)
		for _, id := range ids(t, b) {
			if id == "" || len(id) > 256 || seen[id] {
				t.Fatalf("account %q is there", id)
			}
			seen[id] = true
		}
		if b.Len != len(seen) || b.Files[0].Rows-b.Files[0].Rejected < len(seen) {
			t.Errorf("%d accounts of %d, and %+v", len(seen), b.Len, b.Files[0])
		}
		for _, file := range b.Files {
			if file.Rejected > max(file.Rows, 1) {
				t.Errorf("%+v", file)
			}
		}
	})
}
