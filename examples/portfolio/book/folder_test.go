package book_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

var asOf = time.Date(2026, 1, 31, 0, 0, 0, 0, time.UTC)

func folder(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

func ids(t *testing.T, b *book.Book) (out []string) {
	t.Helper()
	for a, err := range b.Accounts {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, a.ID)
	}
	return out
}

// Each bad row is listed with its place and reason; the others go on.
func TestBadRows(t *testing.T) {
	const contracts = "account,contract,from,to,amount,currency,per\n"
	const entries = "account,entry,benefit,from,to,amount,currency,units,evidence,recorded,reversed\n"
	const entry = "a,e1,time saved,2025-01-01,2025-04-01,5.00,EUR,,measured,2025-04-02,\n"
	const ratings = "account,respondent,outcome,importance,satisfaction,at\n"
	const rating = "a,r1,speed,5,2,2025-04-02\n"
	for _, c := range []struct {
		name, file, text string
		want             string // line, column and reason
	}{
		{"duplicate account", "accounts.csv", "account\na\nb\na\n", `4 account: account "a" is there twice; the first is kept`},
		{"no id", "accounts.csv", "account,name\na,A\nb,B\n,C\n", "4 account: is empty"},
		{"long id", "accounts.csv", "account\na\nb\n" + strings.Repeat("x", 257) + "\n", "4 account: is longer than 256 bytes"},
		{"broken quote", "accounts.csv", "account,name\na,A\nx,\"X\nb,B\n", "3 : has a broken quote (a row is one line)"},
		{"too few fields", "accounts.csv", "account,name\na,A\nx\nb,B\n", "3 : has 1 fields, the header 2"},
		{"not UTF-8", "accounts.csv", "account\na\n\xff\nb\n", "3 : is not valid UTF-8"},
		{"NUL", "accounts.csv", "account\na\nx\x00\nb\n", "3 : holds a NUL byte"},
		{"NaN", "accounts.csv", "account,seats\na,1\nx,NaN\nb,\n", `3 seats: "NaN" is not a finite number`},
		{"infinite", "accounts.csv", "account,seats\na,1\nx,1e999\nb,\n", `3 seats: "1e999" is not a finite number`},
		{"no seats", "accounts.csv", "account,seats\na,1\nx,0\nb,\n", "3 seats: must be above 0, or blank where it is not known"},
		{"maybe left", "accounts.csv", "account,left\na,no\nx,maybe\nb,yes\n", `3 left: "maybe" is none of yes, no`},
		{"left before", "accounts.csv", "account,since,left,left_at\na,2025-01-01,no,\nx,2025-01-01,yes,2024-01-01\nb,,,\n", "3 left_at: is before since"},
		{"a line of 2 MiB", "accounts.csv", "account\na\n" + strings.Repeat("x", 2<<20) + "\nb\n", "3 : the line is longer than 1 MiB"},
		{"stranger", "usage.csv", "account,feature,value\na,logins,1\nx,logins,2\n", `3 account: account "x" is not in accounts.csv`},
		{"huge exponent", "contracts.csv", contracts + "a,1,,,1e999999999,EUR,month\n", `2 amount: "1e999999999" is not an amount such as 1234.50`},
		{"comma amount", "contracts.csv", contracts + "a,1,,,\"1,000\",EUR,month\n", `2 amount: "1,000" is not an amount such as 1234.50`},
		{"no amount", "contracts.csv", contracts + "a,1,,,,EUR,month\n", "2 amount: is empty"},
		{"no currency", "contracts.csv", contracts + "a,1,,,5,euro,month\n", `2 currency: "euro" is not a currency code such as EUR`},
		{"no period", "contracts.csv", contracts + "a,1,,,5,EUR,week\n", `2 per: "week" is none of month, year, term`},
		{"backwards", "contracts.csv", contracts + "a,1,2026-01-01,2025-01-01,5,EUR,month\n", "2 to: is not after from"},
		{"open term", "contracts.csv", contracts + "a,1,2026-01-01,,5,EUR,term\n", "2 per: an amount for the term needs from and to"},
		{"not a date", "contracts.csv", contracts + "a,1,31.1.2026,,5,EUR,month\n", `2 from: "31.1.2026" is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z`},
		{"off the scale", "surveys.csv", "account,instrument,at,score\na,nps,2026-01-01,11\n", "2 score: 11 is outside of the scale of nps, 0 to 10"},
		{"closed before", "tickets.csv", "account,ticket,opened,closed\na,1,2026-01-02,2026-01-01\n", "2 closed: is before opened"},
		{"stage twice", "leakage.csv", "account,stage,amount\na,sold,1\na,sold,2\n", "3 stage: is there twice for the account; the first is kept"},
		{"no entry", "ledger.csv", entries + entry + "a,,time saved,2025-01-01,2025-04-01,5,EUR,,,2025-04-02,\n", "3 entry: is empty"},
		{"entry twice", "ledger.csv", entries + entry + entry, "3 entry: the same is there twice; the first is kept"},
		{"entry of a stranger", "ledger.csv", entries + entry + "x" + entry[1:], `3 account: account "x" is not in accounts.csv`},
		{"no booked amount", "ledger.csv", entries + strings.Replace(entry, "5.00", "", 1), "2 amount: is empty"},
		{"booked exponent", "ledger.csv", entries + strings.Replace(entry, "5.00", "5e2", 1), `2 amount: "5e2" is not an amount such as 1234.50`},
		{"units in words", "ledger.csv", entries + strings.Replace(entry, "EUR,", "EUR,many", 1), `2 units: "many" is not an amount such as 1234.50`},
		{"booked in euro", "ledger.csv", entries + strings.Replace(entry, "EUR", "euro", 1), `2 currency: "euro" is not a currency code such as EUR`},
		{"booked backwards", "ledger.csv", entries + strings.Replace(entry, "2025-04-01", "2025-01-01", 1), "2 to: is not after from"},
		{"unknown evidence", "ledger.csv", entries + strings.Replace(entry, "measured", "sure", 1),
			`2 evidence: "sure" is none of assumed, vendor_claimed, measured, corroborated, confirmed, audited`},
		{"never recorded", "ledger.csv", entries + strings.Replace(entry, "2025-04-02", "", 1), "2 recorded: is empty"},
		{"reversed before", "ledger.csv", entries + strings.TrimSuffix(entry, "\n") + "2025-04-01\n", "2 reversed: is before recorded"},
		{"a control in a name", "ratings.csv", ratings + strings.Replace(rating, "speed", "sp\aeed", 1), "2 outcome: holds a control character"},
		{"importance 6", "ratings.csv", ratings + rating + strings.Replace(rating, "5,2", "6,2", 1), `3 importance: "6" is not a whole number from 1 to 5`},
		{"satisfaction 2.5", "ratings.csv", ratings + strings.Replace(rating, "5,2", "5,2.5", 1), `2 satisfaction: "2.5" is not a whole number from 1 to 5`},
		{"nothing answered", "ratings.csv", ratings + strings.Replace(rating, "5,2", ",", 1),
			"2 importance: is empty, and so is satisfaction; leave the row out where nothing was answered"},
		{"rated twice", "ratings.csv", ratings + rating + strings.Replace(rating, "5,2", "1,1", 1), "3 respondent: the same is there twice; the first is kept"},
		{"rated by nobody", "ratings.csv", ratings + strings.Replace(rating, "r1", "", 1), "2 respondent: is empty"},
		{"rated on no day", "ratings.csv", ratings + strings.Replace(rating, "2025-04-02", "2.4.2025", 1),
			`2 at: "2.4.2025" is not a date such as 2026-01-31 or 2026-01-31T12:00:00Z`},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{"accounts.csv": "account\na\nb\n"}
			files[c.file] = c.text
			b, err := book.Folder(folder(files), asOf)
			if err != nil {
				t.Fatal(err)
			}
			if len(b.Rejects) != 1 {
				t.Fatalf("rejects %+v, want one", b.Rejects)
			}
			r := b.Rejects[0]
			if got := fmt.Sprintf("%d %s: %s", r.Line, r.Column, r.Reason); r.File != c.file || got != c.want {
				t.Errorf("%s: %s, want %s: %s", r.File, got, c.file, c.want)
			}
			if got := ids(t, b); !reflect.DeepEqual(got, []string{"a", "b"}) {
				t.Errorf("accounts %q: the others did not go on", got)
			}
		})
	}
}

// What can't be used at all says what to do; a file beside accounts.csv costs itself alone.
func TestBadFiles(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no accounts.csv", nil, "accounts.csv is not there"},
		{"empty", map[string]string{"accounts.csv": ""}, "accounts.csv is empty; its first line must name the columns"},
		{"missing column", map[string]string{"accounts.csv": "name,seats\nx,1\n"}, "accounts.csv: line 1: missing column account; found name, seats"},
		{"column twice", map[string]string{"accounts.csv": "account,account\nx,y\n"}, `column "account" is there twice`},
		{"a folder", map[string]string{"accounts.csv/x": ""}, "accounts.csv is a folder, not a file"},
	} {
		_, err := book.Folder(folder(c.files), asOf)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	b, err := book.Folder(folder(map[string]string{"accounts.csv": "account\na\n", "surveys.csv": "account,at\na,2026-01-01\n"}), asOf)
	if err != nil || len(b.Rejects) != 1 || !strings.Contains(b.Rejects[0].Reason, "missing column instrument, score") {
		t.Errorf("%v, %+v", err, b)
	}
}

// BOM, CRLF, blank lines, spaces and a last line without an end are no mistakes.
func TestTolerated(t *testing.T) {
	b, err := book.Folder(folder(map[string]string{"accounts.csv": "\ufeffaccount, name ,seats\r\na, \"A, Inc.\" ,5\r\n\r\nb,B,"}), asOf)
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Rejects) != 1 || b.Rejects[0].Line != 2 { // a quote after a space is no quoted field
		t.Fatalf("rejects %+v", b.Rejects)
	}
	b, err = book.Folder(folder(map[string]string{"accounts.csv": "\ufeffaccount, name ,seats\r\na,\"A, Inc.\",5\r\n\r\nb,B,"}), asOf)
	if err != nil || len(b.Rejects) != 0 {
		t.Fatal(err, b.Rejects)
	}
	for a := range b.Accounts {
		if a.ID == "a" && (a.Name != "A, Inc." || a.Seats != 5) {
			t.Errorf("%+v", a)
		}
	}
}

// The bundled sample comes back from its folder as it was, but for what a folder can't say.
func TestWriteRead(t *testing.T) {
	want, err := book.Sample(os.DirFS("../data"), "wa_churn.csv")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir() + "/book"
	if err := book.Write(dir, want); err != nil {
		t.Fatal(err)
	}
	if err := book.Write(dir, want); err == nil {
		t.Error("written over what was there")
	}
	got, err := book.Folder(os.DirFS(dir), asOf)
	if err != nil || len(got.Rejects) != 0 {
		t.Fatal(err, got.Rejects)
	}
	if got.Len != want.Len || got.Currency != want.Currency {
		t.Errorf("%d accounts in %s, want %d in %s", got.Len, got.Currency, want.Len, want.Currency)
	}
	var accounts []book.Account
	for a := range want.Accounts {
		accounts = append(accounts, a)
	}
	i := 0
	for a := range got.Accounts {
		if fmt.Sprint(a) != fmt.Sprint(accounts[i]) {
			t.Fatalf("%+v\nwant\n%+v", a, accounts[i])
		}
		i++
	}
}

// TestAsOf reads a folder at a day after which it goes on: who leaves later is still there, and who comes later is not yet.
func TestAsOf(t *testing.T) {
	b, err := book.Folder(folder(map[string]string{
		"accounts.csv": "account,since,left,left_at\na,2024-01-01,yes,2026-01-31\nb,2024-01-01,yes,2026-02-01\nc,2026-01-31,no,\nd,2026-02-01,no,\ne,,yes,\n",
		"usage.csv":    "account,feature,at,value\nd,x,2026-03-01,1\n",
	}), asOf)
	if err != nil {
		t.Fatal(err)
	}
	left := make(map[string]bool)
	for a, err := range b.Accounts {
		if err != nil || !a.Left.Known {
			t.Errorf("%s: %+v and error %v", a.ID, a.Left, err)
		}
		left[a.ID] = a.Left.Left
	}
	if want := map[string]bool{"a": true, "b": false, "c": false, "e": true}; !reflect.DeepEqual(left, want) || b.Len != len(want) {
		t.Errorf("left are %v of %d, want %v", left, b.Len, want)
	}
	if note := b.Files[0].Note; note != "1 comes after the day that the book is read at, and is left out" || len(b.Rejects) > 0 {
		t.Errorf("note %q, rejects %v", note, b.Rejects)
	}
}
