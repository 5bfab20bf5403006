package analysis_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/world"
	"github.com/customersuccess-go/customersuccess/ladder"
)

// run reads a folder of the given files as of the first day of 2026, or a world, with the definitions of the simulated one.
func run(t *testing.T, b *book.Book, files map[string]string) *analysis.Result {
	t.Helper()
	if b == nil {
		fsys := fstest.MapFS{}
		for name, text := range files {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
		var err error
		if b, err = book.Folder(fsys, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)); err != nil {
			t.Fatal(err)
		}
		if len(b.Rejects) > 0 {
			t.Fatalf("rejects %+v", b.Rejects)
		}
	}
	defs, err := analysis.Load(nil, sub(t, "simulated"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := analysis.Run(context.Background(), b, defs, analysis.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

var sameAmount = cmp.Comparer(func(a, b decimal.Decimal) bool { return a.Equal(b) })

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// What is taken back no longer counts, room is made before what replaces it is posted, what the books refuse is listed and
// the others go on, and what was recorded later is not seen.
func TestBooked(t *testing.T) {
	r := run(t, nil, map[string]string{
		"accounts.csv": "account,since,left,left_at\na,2024-01-01,no,\nb,2024-01-01,no,\ngone,2024-01-01,yes,2025-12-01\n",
		"ledger.csv": "account,entry,benefit,from,to,amount,currency,evidence,recorded,reversed\n" +
			"a,replaces e2,incidents avoided,2025-04-01,2025-07-01,30,EUR,corroborated,2025-08-01,\n" +
			"a,e1,incidents avoided,2025-01-01,2025-04-01,100.10,EUR,confirmed,2025-04-01,\n" +
			"a,e2,incidents avoided,2025-04-01,2025-07-01,40,EUR,measured,2025-07-01,2025-08-01\n" +
			"a,on one day,revenue won,2025-07-01,2025-10-01,10,EUR,audited,2025-10-01,2025-10-01\n" +
			"a,overlaps e1,incidents avoided,2025-03-01,2025-04-01,5,EUR,,2025-11-01,2025-12-01\n" +
			"a,no such benefit,miracles,2025-03-01,2025-04-01,5,EUR,,2025-11-01,\n" +
			"a,before the year,revenue won,2024-07-01,2024-10-01,7,EUR,,2024-10-01,\n" +
			"a,too late,revenue won,2025-10-01,2026-01-01,900,EUR,,2026-01-02,\n" +
			"b,refused,miracles,2025-03-01,2025-04-01,5,EUR,,2025-11-01,\n" +
			"gone,e1,revenue won,2024-07-01,2024-10-01,9000,EUR,,2024-10-01,\n",
		"promises.csv": "account,promise,text,amount,currency,at,waived_by,waived_at\n" +
			"a,p1,x,120,EUR,2024-01-01,,\na,p2,waived,1000,EUR,2024-01-01,sponsor,2025-01-01\na,p3,dollars,1000,USD,2024-01-01,,\n" +
			"b,p1,nothing booked,50,EUR,2024-01-01,,\ngone,p1,x,120,EUR,2024-01-01,,\n",
		"value.csv": "account,quantity,at,value,evidence\na,incidents_avoided,2025-12-01,8,confirmed\na,incident_cost,2025-12-01,100,confirmed\n",
	})
	part := func(group, amount string, n int) analysis.BookedPart {
		return analysis.BookedPart{Group: group, Amount: dec(amount), Entries: n}
	}
	want := &analysis.Booked{Currency: "EUR", Amount: dec("137.10"), Posted: dec("187.10"), TakenBack: dec("50"), Accounts: 1, Entries: 5, Reversed: 2,
		Lines: []analysis.BookedLine{
			{Benefit: "incidents avoided", Driver: ladder.RiskReduction, Rung: ladder.Departmental, Evidence: ladder.Confirmed, Amount: dec("100.10"), Entries: 1},
			{Benefit: "incidents avoided", Driver: ladder.RiskReduction, Rung: ladder.Departmental, Evidence: ladder.Corroborated, Amount: dec("30"), Entries: 1},
			{Benefit: "incidents avoided", Driver: ladder.RiskReduction, Rung: ladder.Departmental, Evidence: ladder.Measured, Amount: dec("0"), Entries: 2},
			{Benefit: "revenue won", Driver: ladder.RevenueGrowth, Rung: ladder.Enterprise, Evidence: ladder.Audited, Amount: dec("0"), Entries: 2},
			{Benefit: "revenue won", Driver: ladder.RevenueGrowth, Rung: ladder.Enterprise, Evidence: ladder.Assumed, Amount: dec("7"), Entries: 1},
		},
		Rungs:    []analysis.BookedPart{part("departmental", "130.10", 4), part("enterprise", "7", 3)},
		Drivers:  []analysis.BookedPart{part("risk_reduction", "130.10", 4), part("revenue_growth", "7", 3)},
		Evidence: []analysis.BookedPart{part("audited", "0", 2), part("confirmed", "100.10", 1), part("corroborated", "30", 1), part("measured", "0", 2), part("assumed", "7", 1)},
		Promised: &analysis.Against{Accounts: 2, Covered: 1, Amount: dec("170"), Booked: dec("137.10")},
		Stated:   &analysis.Against{Accounts: 1, Covered: 0, Amount: dec("400"), Booked: dec("130.10")}, // 8 × 100 × 0.5
	}
	if diff := cmp.Diff(want, r.Booked, sameAmount); diff != "" {
		t.Errorf("booked (-want +got):\n%s", diff)
	}
	if len(r.Failed) != 3 || !strings.Contains(r.Failed[0].Error+r.Failed[1].Error, `entry "e1" has benefit "incidents avoided" booked`) ||
		!strings.Contains(r.Failed[0].Error+r.Failed[1].Error, `no benefit "miracles"`) {
		t.Errorf("failed %+v", r.Failed)
	}
	if len(r.Rungs) != 3 || r.Rungs[1].Rung != ladder.Departmental || !r.Rungs[1].Booked.Equal(dec("130.10")) || !r.Rungs[1].Stated.Gross.Equal(dec("400")) ||
		!r.Rungs[0].Booked.IsZero() || !r.Rungs[2].Carried.Equal(dec("400")) {
		t.Errorf("rungs %+v", r.Rungs)
	}
}

// Over a world the lines sum to the total to the last place, and so does each way to group them.
func TestBookedSums(t *testing.T) {
	r := run(t, world.New(400, 3), nil)
	if len(r.Failed) > 0 {
		t.Errorf("failed: %+v", r.Failed[0])
	}
	b := r.Booked
	if b == nil || b.Reversed == 0 || !b.TakenBack.IsPositive() || len(b.Lines) < 6 {
		t.Fatalf("booked %+v", b)
	}
	sums := map[string]decimal.Decimal{"posted less taken back": b.Posted.Sub(b.TakenBack)}
	for _, l := range b.Lines {
		sums["lines"] = sums["lines"].Add(l.Amount)
	}
	for name, parts := range map[string][]analysis.BookedPart{"rungs": b.Rungs, "drivers": b.Drivers, "evidence": b.Evidence} {
		for _, p := range parts {
			sums[name] = sums[name].Add(p.Amount)
		}
	}
	for name, sum := range sums {
		if !sum.Equal(b.Amount) {
			t.Errorf("%s sum to %s, want %s", name, sum, b.Amount)
		}
	}
	for _, name := range []string{"booked value", "most under-served", "ranking of desired outcomes"} {
		found := false
		for _, p := range r.Planted {
			found = found || p.Name == name && p.OK
		}
		if !found {
			t.Errorf("%s is not recovered: %+v", name, r.Planted)
		}
	}
}

// People of one name at two accounts are two, a later answer replaces one, and those who left or answered over two years ago
// don't count.
func TestOpportunity(t *testing.T) {
	ratings := "account,respondent,outcome,importance,satisfaction,at\n"
	for i := range 12 { // nine call speed important, three are satisfied
		account, importance, satisfaction := "ab"[i%2:i%2+1], 5, 2
		if i >= 9 {
			importance = 3
		}
		if i < 3 {
			satisfaction = 4
		}
		ratings += fmt.Sprintf("%s,r%d,speed,%d,%d,2025-06-01\n", account, i/2, importance, satisfaction)
	}
	ratings += "a,r0,speed,1,1,2025-05-01\ngone,r0,speed,1,1,2025-06-01\na,old,speed,1,1,2023-06-01\na,late,speed,1,1,2026-02-01\n" +
		"a,r0,elegance,5,,2025-06-01\n"
	r := run(t, nil, map[string]string{
		"accounts.csv": "account,since,left,left_at\na,2023-01-01,no,\nb,2023-01-01,no,\ngone,2023-01-01,yes,2025-12-01\n", "ratings.csv": ratings})
	if r.Opportunity == nil || len(r.Failed) > 0 {
		t.Fatalf("%+v, failed %+v", r.Opportunity, r.Failed)
	}
	l := r.Opportunity.Whole
	if l.Respondents != 12 || len(l.Needs) != 2 {
		t.Fatalf("%+v", l)
	}
	if n := l.Needs[0]; n.Outcome != "speed" || n.Importance.Value != 7.5 || n.Satisfaction.Value != 2.5 || n.Score.Value != 12.5 || n.Score.N != 12 || n.Band != "under_served" {
		t.Errorf("%+v", n)
	}
	if n := l.Needs[1]; n.Outcome != "elegance" || n.Score.Known {
		t.Errorf("%+v", n)
	}
	if texts := r.Opportunity.Texts; texts[0] != "minimise the time a request takes, from its arrival to the answer" || texts[1] != "" {
		t.Errorf("texts %q", texts)
	}
}

// Without the files nothing is known, and the result says which would tell.
func TestUnlockLedgerAndRatings(t *testing.T) {
	r := run(t, nil, map[string]string{"accounts.csv": "account\na\n"})
	if r.Booked != nil || r.Opportunity != nil || r.Rungs != nil {
		t.Errorf("%+v, %+v, %+v", r.Booked, r.Opportunity, r.Rungs)
	}
	files := ""
	for _, u := range r.Unlocks {
		files += u.File + "\n"
	}
	for _, name := range []string{"ledger.csv\n", "ratings.csv\n"} {
		if !strings.Contains(files, name) {
			t.Errorf("%q does not name %q", files, name)
		}
	}
}
