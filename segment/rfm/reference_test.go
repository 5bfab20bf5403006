package rfm_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
	"github.com/customersuccess-go/customersuccess/segment/rfm"
)

// rows reads a file of known answers, which are not part of the project, and holds its number of rows.
func rows(t *testing.T, name string, want int) []map[string]string {
	t.Helper()
	path := refdata.Reference(t, "../../../shared/reference", "rfm", name)
	out := refdata.Rows(t, path)
	if len(out) != want {
		t.Fatalf("%s has %d rows, want %d", name, len(out), want)
	}
	return out
}

func number(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// orders are those of the R package rfm 0.3.0 as of its analysis date.
func orders(t *testing.T) *rfm.Tally {
	t.Helper()
	out := tally(t, 0)
	for _, o := range rows(t, "rfm_data_orders.csv", 4906) {
		when, err := time.Parse(time.DateOnly, o["order_date"])
		if err != nil {
			t.Fatal(err)
		}
		add(t, out, rfm.Transaction{Account: o["customer_id"], At: when, Amount: dec(o["revenue"]), Currency: "USD"})
	}
	return out
}

// TestPackage holds cuts, scores, segments and their sums against the R package rfm 0.3.0, every row.
func TestPackage(t *testing.T) {
	g := rfm.Grid{Format: 1, Name: "package", Method: rfm.PlusOne, Classes: 5, Otherwise: "Others"}
	for _, r := range rows(t, "rfm_segment_rules_first_match.csv", 10) {
		g.Cells = append(g.Cells, rfm.Cell{Name: r["segment"],
			Recency:   rfm.Range{Low: number(t, r["r_lo"]), High: number(t, r["r_hi"])},
			Frequency: rfm.Range{Low: number(t, r["f_lo"]), High: number(t, r["f_hi"])},
			Monetary:  rfm.Range{Low: number(t, r["m_lo"]), High: number(t, r["m_hi"])}})
	}
	m := compile(t, g)
	got := m.Score(orders(t))
	scores := rows(t, "rfm_orders_quintile_expected.csv", 995)
	segments := rows(t, "rfm_orders_segments_expected.csv", 995)
	if len(got.Rows) != 995 || len(got.Unscored) != 0 || got.Later != 0 {
		t.Fatalf("%d rows, %d unscored, %d later", len(got.Rows), len(got.Unscored), got.Later)
	}
	byAccount := make(map[string]rfm.Row)
	for _, r := range got.Rows {
		byAccount[r.Account] = r
	}
	for i, w := range scores {
		r := byAccount[w["customer_id"]]
		if r.Recency != number(t, w["recency_days"]) || r.Purchases != int64(number(t, w["transaction_count"])) || !r.Amount.Equal(dec(w["amount"])) ||
			r.Score.String() != w["rfm_score"] || r.Score.Recency != number(t, w["recency_score"]) ||
			r.Score.Frequency != number(t, w["frequency_score"]) || r.Score.Monetary != number(t, w["monetary_score"]) {
			t.Errorf("row %d: got %+v, want %v", i, r, w)
		}
	}
	for i, w := range segments {
		if r := byAccount[w["customer_id"]]; r.Cell != w["segment"] || r.Score.String() != w["rfm_score"] {
			t.Errorf("segment row %d: got %+v, want %v", i, r, w)
		}
	}
	cuts := got.Cuts
	for i, w := range rows(t, "rfm_orders_quintile_thresholds.csv", 5) {
		if i == 4 { // its upper bounds are one more than the greatest values, which no cut needs
			if w["recency_lower"] != cuts.Recency[0].String() || w["frequency_lower"] != cuts.Frequency[3].String() || w["monetary_lower"] != cuts.Monetary[3].String() {
				t.Errorf("lower bounds: got %v, want %v", cuts, w)
			}
			break
		}
		// Days are cut from the other end.
		if !cuts.Recency[3-i].Equal(dec(w["recency_upper"])) || !cuts.Frequency[i].Equal(dec(w["frequency_upper"])) ||
			!cuts.Monetary[i].Equal(dec(w["monetary_upper"])) {
			t.Errorf("cut %d: got %v, want %v", i, cuts, w)
		}
	}
	cells := make(map[string]rfm.CellTotal)
	for _, c := range got.Cells {
		cells[c.Name] = c
	}
	for _, w := range rows(t, "rfm_orders_segment_summary.csv", 8) {
		c := cells[w["segment"]]
		if c.Accounts != number(t, w["customers"]) || c.Purchases != int64(number(t, w["orders"])) || !c.Amount.Equal(dec(w["revenue"])) {
			t.Errorf("%s: got %+v, want %v", w["segment"], c, w)
		}
	}
	// The three segments without a customer there can't have one: the rules before them take all.
	var never []string
	for _, f := range m.Verify() {
		never = append(never, string(f.Class)+" "+f.Pointer)
	}
	if diff := cmp.Diff([]string{"shadowed /cells/3", "shadowed /cells/4", "shadowed /cells/8"}, never); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// TestTies holds scores against dplyr's ntile, which splits equal values by row order: 995 accounts make five equal
// classes, so that ours must be the least class that any row of the same value has.
func TestTies(t *testing.T) {
	g := rfm.Starter()
	got := compile(t, g).Score(orders(t))
	want := rows(t, "rfm_orders_ntile_contrast.csv", 995)
	type tie struct {
		measure int
		value   string
	}
	least := make(map[tie]int)
	naive := func(w map[string]string) [3]int {
		return [3]int{number(t, w["r_ntile"]), number(t, w["f_ntile"]), number(t, w["m_ntile"])}
	}
	keys := func(w map[string]string) [3]tie {
		return [3]tie{{0, w["recency_days"]}, {1, w["transaction_count"]}, {2, w["amount"]}}
	}
	for _, w := range want {
		for i, k := range keys(w) {
			if n := naive(w)[i]; least[k] == 0 || n < least[k] {
				least[k] = n
			}
		}
	}
	byAccount := make(map[string]rfm.Row)
	for _, r := range got.Rows {
		byAccount[r.Account] = r
	}
	var agree [3]int
	for _, w := range want {
		s := byAccount[w["customer_id"]].Score
		for i, k := range keys(w) {
			ours := [3]int{s.Recency, s.Frequency, s.Monetary}[i]
			if ours != least[k] {
				t.Errorf("%s, measure %d: score %d, the least of its ties is %d", w["customer_id"], i, ours, least[k])
			}
			if ours == naive(w)[i] {
				agree[i]++
			}
		}
	}
	if agree != [3]int{988, 756, 989} {
		t.Errorf("%v of 995 accounts agree", agree)
	}
}

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }
