package book_test

import (
	"os"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// The facts of the public sample, as counted independently with a spreadsheet program's filters.
func TestSampleFacts(t *testing.T) {
	b, err := book.Sample(os.DirFS("../data"), "wa_churn.csv")
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Rejects) != 0 {
		t.Fatalf("rejects: %v", b.Rejects)
	}
	left, offline, fresh := 0, 0, 0
	var monthly, monthlyLeft decimal.Decimal
	terms := map[string][2]int{}
	for a, err := range b.Accounts {
		if err != nil {
			t.Fatal(err)
		}
		c := a.Contracts[0]
		monthly = monthly.Add(c.Amount)
		n := terms[c.Term]
		n[1]++
		if a.Left.Left {
			left++
			n[0]++
			monthlyLeft = monthlyLeft.Add(c.Amount)
		}
		terms[c.Term] = n
		if a.Tenure == 0 {
			fresh++
			if a.Left.Left || a.Traits[len(a.Traits)-1].State != book.Missing {
				t.Errorf("%s: tenure 0, left %v, total %+v", a.ID, a.Left.Left, a.Traits[len(a.Traits)-1])
			}
		}
		na := 0
		for _, u := range a.Usage {
			if u.State == book.NotApplicable && u.Feature != "multiple_lines" {
				na++
			}
		}
		if na == 6 {
			offline++
		} else if na != 0 {
			t.Errorf("%s: %d add-ons do not apply", a.ID, na)
		}
	}
	if b.Len != 7043 || left != 1869 || fresh != 11 || offline != 1526 {
		t.Errorf("accounts %d, left %d, tenure 0 %d, without internet %d; want 7043, 1869, 11, 1526", b.Len, left, fresh, offline)
	}
	if !monthly.Equal(decimal.RequireFromString("456116.60")) || !monthlyLeft.Equal(decimal.RequireFromString("139130.85")) {
		t.Errorf("monthly %s, of which left %s; want 456116.60, 139130.85", monthly, monthlyLeft)
	}
	for term, want := range map[string][2]int{"month-to-month": {1655, 3875}, "one year": {166, 1473}, "two year": {48, 1695}} {
		if terms[term] != want {
			t.Errorf("%s: left and all %v, want %v", term, terms[term], want)
		}
	}
	if want := "22 exact duplicate rows, kept: different customers can be alike"; b.Files[0].Note != want {
		t.Errorf("note %q, want %q", b.Files[0].Note, want)
	}
}

func TestInvoices(t *testing.T) {
	root := os.Getenv("CS_REFERENCE")
	if root == "" {
		root = "../../../../shared/reference"
	}
	dir := os.DirFS(root + "/revenue")
	if _, err := os.Stat(root); err != nil && os.Getenv("CS_REFERENCE") == "" {
		t.Skip("the invoice lines are not part of the project: ", err)
	}
	b, err := book.Invoices(dir, "flip_invoice_lines.csv", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if b.Files[0].Rows != 3769 || b.Len != 777 || len(b.Rejects) != 0 {
		t.Errorf("%d lines, %d customers, rejects %v; want 3769, 777, none", b.Files[0].Rows, b.Len, b.Rejects)
	}
	if want := time.Date(2016, 6, 13, 0, 0, 0, 0, time.UTC); !b.AsOf.Equal(want) {
		t.Errorf("as of %v, want %v", b.AsOf, want)
	}
}
