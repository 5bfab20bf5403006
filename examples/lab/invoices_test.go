package lab_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/health/backtest"
)

// Hypothesis: customers of long standing renew. Against it: how the money moved in the last year says more. On the real
// invoices of a B2B software vendor, which are not part of the project.
func TestInvoices(t *testing.T) {
	root := os.Getenv("CS_REFERENCE")
	if root == "" {
		root = "../../../shared/reference"
	}
	if _, err := os.Stat(root); err != nil && os.Getenv("CS_REFERENCE") == "" {
		t.Skip("the invoice lines are not part of the project: ", err)
	}
	b, err := book.Invoices(os.DirFS(root+"/revenue"), "flip_invoice_lines.csv", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	s, decisions := collected(b), due(b)
	standing, err := collect(compile("standing", line{"tenure", 1, 0, 5}, line{"renewals", 1, 0, 5}), s, decisions)
	if err != nil {
		t.Fatal(err)
	}
	movement, err := collect(compile("movement", line{"growth", 1, -0.5, 0.5}, line{"term", 1, 0, 2}), s, decisions)
	if err != nil {
		t.Fatal(err)
	}
	c, err := backtest.Compare(movement, standing)
	if err != nil {
		t.Fatal(err)
	}
	r := standing.Report(backtest.Options{Seed: 1})
	got := fmt.Sprintf("%d renewals of %d customers judged, %d lost; %d not scored\n", r.Decisions, r.AUC.Accounts, r.Lost, r.Unknown+r.Failed) +
		conclude("standing", r) +
		conclude("movement", movement.Report(backtest.Options{Seed: 1})) +
		better("movement", "standing", c)
	want := `1333 renewals of 567 customers judged, 232 lost; 0 not scored
standing: area 0.642 (0.602 to 0.680), weighted by money 0.756: predictive
  where its best measure, renewals, is known, that alone has 0.649; the card adds -0.007 (-0.016 to +0.001)
  alerts at red or worse: 78 % of the lost, 55 % of the kept
  alerts at amber or worse: 89 % of the lost, 69 % of the kept
movement: area 0.579 (0.547 to 0.611), weighted by money 0.631: predictive
  where its best measure, growth, is known, that alone has 0.656; the card adds -0.016 (-0.027 to -0.004)
  alerts at red or worse: 11 % of the lost, 15 % of the kept
  alerts at amber or worse: 99 % of the lost, 85 % of the kept
standing is better than movement by 0.063 (0.016 to 0.109)
`
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
