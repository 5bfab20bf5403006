package rfm_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/rfm"
)

func says(t *testing.T, name string, err error, want string) {
	t.Helper()
	if err == nil || err.Error() != want {
		t.Errorf("%s:\ngot  %v\nwant %s", name, err, want)
	}
}

func TestBadGrid(t *testing.T) {
	cuts := func(texts ...string) []decimal.Decimal {
		var out []decimal.Decimal
		for _, s := range texts {
			out = append(out, dec(s))
		}
		return out
	}
	fixed := func(g *rfm.Grid) {
		g.Method, g.Classes, g.Cells = rfm.Fixed, 3, nil
		g.Cuts = rfm.Cuts{Recency: cuts("30", "7"), Frequency: cuts("1", "1"), Monetary: cuts("-5", "100.50")}
	}
	for _, c := range []struct {
		name  string
		spoil func(*rfm.Grid)
		want  string
	}{
		{"format", func(g *rfm.Grid) { g.Format = 0 }, `/format: must be 1, not 0`},
		{"name", func(g *rfm.Grid) { g.Name = " a" }, `/name: begins or ends with a space`},
		{"method", func(g *rfm.Grid) { g.Method = "quantil" }, `/method: must be one of quantile, fixed, r_rfm_1plus, not "quantil": did you mean "quantile"?`},
		{"one class", func(g *rfm.Grid) { g.Classes = 1 }, `/classes: must be 2 to 9, not 1`},
		{"ten classes", func(g *rfm.Grid) { g.Classes = 10 }, `/classes: must be 2 to 9, not 10`},
		{"cuts of quantile", func(g *rfm.Grid) { g.Cuts.Frequency = cuts("1") }, `/cuts/frequency: must have 0 elements, not 1: method quantile, 5 classes`},
		{"too few cuts", func(g *rfm.Grid) { fixed(g); g.Cuts.Recency = cuts("30") }, `/cuts/recency: must have 2 elements, not 1: method fixed, 3 classes`},
		{"recency rises", func(g *rfm.Grid) { fixed(g); g.Cuts.Recency = cuts("7", "30") }, `/cuts/recency/1: 30 is worse than the cut before it, 7`},
		{"frequency falls", func(g *rfm.Grid) { fixed(g); g.Cuts.Frequency = cuts("2", "1") }, `/cuts/frequency/1: 1 is worse than the cut before it, 2`},
		{"monetary falls", func(g *rfm.Grid) { fixed(g); g.Cuts.Monetary = cuts("2", "1.5") }, `/cuts/monetary/1: 1.5 is worse than the cut before it, 2`},
		{"negative days", func(g *rfm.Grid) { fixed(g); g.Cuts.Recency = cuts("1", "-1") }, `/cuts/recency/1: must be 0 to 1000000000, not -1`},
		{"too many days", func(g *rfm.Grid) { fixed(g); g.Cuts.Recency = cuts("1000000000.5", "1") }, `/cuts/recency/0: must be 0 to 1000000000, not 1000000000.5`},
		{"huge exponent", func(g *rfm.Grid) { fixed(g); g.Cuts.Monetary[0] = decimal.New(1, 1<<30) }, `/cuts/monetary/0: has the exponent 1073741824, outside -18 to 18`},
		{"cell without name", func(g *rfm.Grid) { g.Cells[1].Name = "" }, `/cells/1/name: is empty`},
		{"cell twice", func(g *rfm.Grid) { g.Cells[1].Name = "champions" }, `/cells/1/name: "champions" is the name of element 0 already`},
		{"otherwise is a cell", func(g *rfm.Grid) { g.Otherwise = "loyal" }, `/otherwise: "loyal" is the name of element 1 already`},
		{"reversed range", func(g *rfm.Grid) { g.Cells[0].Recency = rfm.Range{Low: 5, High: 4} }, `/cells/0/recency: must lie within 1 to 5 and not be reversed, not 5 to 4`},
		{"range from 0", func(g *rfm.Grid) { g.Cells[0].Frequency = rfm.Range{High: 4} }, `/cells/0/frequency: must lie within 1 to 5 and not be reversed, not 0 to 4`},
		{"range beyond", func(g *rfm.Grid) { g.Cells[0].Monetary = rfm.Range{Low: 4, High: 6} }, `/cells/0/monetary: must lie within 1 to 5 and not be reversed, not 4 to 6`},
		{"cells", func(g *rfm.Grid) { g.Cells = make([]rfm.Cell, 101) }, `/cells: has 101 elements, over 100`},
		{"all at once", func(g *rfm.Grid) { *g = rfm.Grid{} }, `4 problems: /format: must be 1, not 0; /name: is empty; ` +
			`/method: must be one of quantile, fixed, r_rfm_1plus, not ""; /classes: must be 2 to 9, not 0`},
	} {
		g := rfm.Starter()
		c.spoil(&g)
		_, err := rfm.Compile(g)
		var invalid *rfm.InvalidError
		if !errors.As(err, &invalid) {
			t.Errorf("%s: %v is no InvalidError", c.name, err)
		}
		says(t, c.name, err, "rfm: invalid grid: "+c.want)
	}
	good := rfm.Starter()
	fixed(&good)
	compile(t, good)
	good.Format = 2
	if _, err := rfm.Compile(good); !errors.Is(err, rfm.ErrFormat) {
		t.Errorf("a newer format: %v", err)
	}
}

// TestParse holds that grids come back from their JSON with the same digest, and that the document is read strictly.
func TestParse(t *testing.T) {
	for _, g := range grids(rand.New(rand.NewPCG(1, 2))) {
		text, err := json.Marshal(g)
		if err != nil {
			t.Fatal(err)
		}
		again, err := rfm.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := compile(t, g), compile(t, again); a.Digest() != b.Digest() {
			t.Errorf("%s: digests %s and %s", g.Name, a.Digest(), b.Digest())
		}
	}
	for text, want := range map[string]string{
		`{"format":2,"rules":[]}`: `rfm: parse grid: format 2: unknown format`,
		`{"format":1,"clases":5}`: `rfm: invalid grid: /clases: unknown key "clases": did you mean "classes"?`,
		`{"format":1} x`:          ``,
	} {
		_, err := rfm.Parse([]byte(text))
		if want == "" {
			if err == nil {
				t.Errorf("%s is read", text)
			}
			continue
		}
		says(t, text, err, want)
	}
}

// TestModelIsClosed holds that a model keeps nothing that its caller can change.
func TestModelIsClosed(t *testing.T) {
	g := rfm.Starter()
	m := compile(t, g)
	g.Cells[0].Name = "changed"
	m.Grid().Cells[1].Name = "changed"
	if got := m.Grid().Cells; got[0].Name != "champions" || got[1].Name != "loyal" {
		t.Errorf("cells are %v", got[:2])
	}
}

func TestVerify(t *testing.T) {
	if got := compile(t, rfm.Starter()).Verify(); len(got) > 0 {
		t.Errorf("starter: %+v", got)
	}
	g := rfm.Grid{Format: 1, Name: "gap", Method: rfm.Quantile, Classes: 3, Cells: []rfm.Cell{
		{Name: "recent", Recency: rfm.Range{Low: 2, High: 3}},
		{Name: "frequent", Frequency: rfm.Range{Low: 3, High: 3}},
		{Name: "both", Recency: rfm.Range{Low: 2, High: 2}, Frequency: rfm.Range{Low: 3, High: 3}},
	}}
	want := []rfm.Finding{
		{Class: rfm.Gap, Message: "no cell matches 6 of 27 scores", Witness: rfm.Score{Recency: 1, Frequency: 1, Monetary: 1}},
		{Class: rfm.Shadowed, Pointer: "/cells/2", Message: `earlier cells take every score of "both", 231 is of "recent"`, Witness: rfm.Score{Recency: 2, Frequency: 3, Monetary: 1}},
	}
	if diff := cmp.Diff(want, compile(t, g).Verify()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestBadTransactions(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*rfm.Transaction)
		want  string
	}{
		{"currency", func(x *rfm.Transaction) { x.Currency = "EUR" }, `rfm: account "a": currency: is "EUR", and the tally is in "USD"`},
		{"no currency", func(x *rfm.Transaction) { x.Currency = "" }, `rfm: account "a": currency: is "", and the tally is in "USD"`},
		{"no account", func(x *rfm.Transaction) { x.Account = "" }, `rfm: account: is empty`},
		{"account", func(x *rfm.Transaction) { x.Account = "a\xff" }, `rfm: account: is not valid UTF-8`},
		{"no instant", func(x *rfm.Transaction) { x.At = time.Time{} }, `rfm: account "a": instant: is zero`},
		{"year", func(x *rfm.Transaction) { x.At = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC) }, `rfm: account "a": instant: year 10000 is outside 1 to 9999`},
		{"exponent", func(x *rfm.Transaction) { x.Amount = decimal.New(1, 1<<30) }, `rfm: account "a": amount: has the exponent 1073741824, outside -18 to 18`},
		{"small exponent", func(x *rfm.Transaction) { x.Amount = decimal.New(1, -1<<31) }, `rfm: account "a": amount: has the exponent -2147483648, outside -18 to 18`},
	} {
		book := tally(t, 0)
		before := encode(t, book)
		x := buy("a", 1, "1")
		c.spoil(&x)
		err := book.Add(x)
		var data *rfm.DataError
		if !errors.As(err, &data) {
			t.Errorf("%s: %v is no DataError", c.name, err)
		}
		says(t, c.name, err, c.want)
		if !bytes.Equal(encode(t, book), before) {
			t.Errorf("%s: the tally has changed", c.name)
		}
	}
}

func TestBadColumns(t *testing.T) {
	book := tally(t, 0)
	h, err := book.Intern("a")
	if err != nil {
		t.Fatal(err)
	}
	before := encode(t, book)
	noon := asOf.UnixMicro()
	for _, c := range []struct {
		columns rfm.Columns
		want    string
	}{
		{rfm.Columns{Accounts: []rfm.Handle{h}, At: []int64{noon}}, `rfm: columns: have 1 accounts, 1 instants and 0 amounts`},
		{rfm.Columns{Accounts: []rfm.Handle{h, 1}, At: []int64{noon, noon}, Minor: []int64{1, 1}}, `rfm: row 1: handle 1 is not of this tally`},
		{rfm.Columns{Accounts: []rfm.Handle{-1}, At: []int64{noon}, Minor: []int64{1}}, `rfm: row 0: handle -1 is not of this tally`},
		{rfm.Columns{Accounts: []rfm.Handle{h}, At: []int64{time.Time{}.UnixMicro()}, Minor: []int64{1}}, `rfm: account "a": row 0: instant -62135596800000000 is zero or outside of the years 1 to 9999`},
		{rfm.Columns{Accounts: []rfm.Handle{h}, At: []int64{253402300800000000}, Minor: []int64{1}}, `rfm: account "a": row 0: instant 253402300800000000 is zero or outside of the years 1 to 9999`},
	} {
		says(t, c.want, book.AddColumns(c.columns), c.want)
	}
	if !bytes.Equal(encode(t, book), before) {
		t.Error("the tally has changed")
	}
}

func TestBadTally(t *testing.T) {
	for _, c := range []struct {
		currency string
		asOf     time.Time
		window   segment.Duration
		want     string
	}{
		{"usd", asOf, 0, `rfm: tally: currency "usd" is not in ISO 4217`},
		{"USD", time.Time{}, 0, `rfm: as of: is zero`},
		{"USD", asOf, -segment.Day, `rfm: tally: window -1d is negative`},
	} {
		_, err := rfm.NewTally(c.currency, c.asOf, c.window)
		says(t, c.want, err, c.want)
	}
	other := func(currency string, at time.Time, window segment.Duration) *rfm.Tally {
		out, err := rfm.NewTally(currency, at, window)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	for want, from := range map[string]*rfm.Tally{
		`rfm: merge: a tally in "EUR" into one in "USD"`:                                            other("EUR", asOf, 0),
		`rfm: merge: a tally as of 2006-12-31T00:00:00.000001Z into one as of 2006-12-31T00:00:00Z`: other("USD", asOf.Add(1000), 0),
		`rfm: merge: the windows differ`:                                                            other("USD", asOf, segment.Day),
	} {
		says(t, want, tally(t, 0).Merge(from), want)
	}
	var zero rfm.Tally
	says(t, "zero tally", zero.Add(rfm.Transaction{Account: "a", At: asOf}), `rfm: account "a": account: the tally is not made by NewTally`)
	if _, err := zero.MarshalBinary(); err == nil {
		t.Error("the zero tally is encoded")
	}
	if got := compile(t, rfm.Starter()).Score(&zero); len(got.Rows) > 0 {
		t.Errorf("the zero tally has rows: %v", got.Rows)
	}
}

// encoded is a tally that has something in every place.
func encoded(t testing.TB) []byte {
	book := tally(t, 30*segment.Day)
	add(t, book, buy("ann", 3, "10.25"), buy("ann", 1, "-2"), buy("bob", 0, "12345678901234567890.1234"), buy("cyd", 2, "-0.5"), buy("dee", 40, "1"), buy("dee", -1, "1"))
	return encode(t, book)
}

func TestDecodeRefuses(t *testing.T) {
	code := encoded(t)
	var got rfm.Tally
	if err := got.UnmarshalBinary(code); err != nil {
		t.Fatal(err)
	}
	for i := range code {
		if got.UnmarshalBinary(code[:i]) == nil {
			t.Errorf("the first %d bytes are read as a tally", i)
		}
	}
	if got.UnmarshalBinary(append(bytes.Clone(code), 0)) == nil {
		t.Error("a byte too many is read")
	}
	newer := append([]byte{2}, code[1:]...)
	if err := got.UnmarshalBinary(newer); !errors.Is(err, rfm.ErrFormat) || !strings.HasPrefix(err.Error(), "rfm: decode tally: format 2: ") {
		t.Errorf("a newer format: %v", err)
	}
	for _, c := range [][2]string{{"USD", "USX"}, {"ann", "bob"}, {"ann", "zoe"}, {"ann", "a\x00n"}} {
		if got.UnmarshalBinary(bytes.Replace(code, []byte(c[0]), []byte(c[1]), 1)) == nil {
			t.Errorf("%q instead of %q is read", c[1], c[0])
		}
	}
	if !bytes.Equal(encode(t, &got), code) {
		t.Error("a refused encoding has changed the tally")
	}
}

// TestDecodeFar reads back purchases as far away from as of as can be.
func TestDecodeFar(t *testing.T) {
	last, first := time.Date(9999, 12, 31, 23, 59, 59, 999_999_000, time.UTC), time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC)
	for _, at := range []time.Time{first, last.AddDate(-5, 0, 0), last} {
		want, err := rfm.NewTally("USD", last, 0)
		if err != nil {
			t.Fatal(err)
		}
		add(t, want, rfm.Transaction{Account: "ann", At: at, Amount: decimal.New(1, 0), Currency: "USD"})
		var got rfm.Tally
		if err := got.UnmarshalBinary(encode(t, want)); err != nil {
			t.Fatalf("a purchase of %s: %v", at, err)
		}
		m := compile(t, rfm.Starter())
		if diff := cmp.Diff(m.Score(want), m.Score(&got)); diff != "" {
			t.Errorf("a purchase of %s (-want +got):\n%s", at, diff)
		}
	}
}

// TestDecodeChanged changes every bit: what is still read keeps the rules.
func TestDecodeChanged(t *testing.T) {
	code := encoded(t)
	read := 0
	for i := range code {
		for bit := range 8 {
			code[i] ^= 1 << bit
			if holdDecoded(t, code) {
				read++
			}
			code[i] ^= 1 << bit
		}
	}
	if read == 0 {
		t.Error("no change was read: nothing is tested")
	}
}

// holdDecoded reports whether a code is read, and holds what can be known of any tally.
func holdDecoded(t *testing.T, code []byte) bool {
	t.Helper()
	var got rfm.Tally
	if got.UnmarshalBinary(code) != nil {
		return false
	}
	if !bytes.Equal(encode(t, &got), code) {
		t.Fatalf("%x is written again in another way", code)
	}
	m, err := rfm.Compile(rfm.Starter())
	if err != nil {
		t.Fatal(err)
	}
	result := m.Score(&got)
	for _, r := range result.Rows {
		if r.Recency < 0 || r.Purchases < 1 || r.Refunds < 0 || r.Refunds == 0 && r.Amount.IsNegative() {
			t.Fatalf("%x: %+v", code, r)
		}
	}
	for _, u := range result.Unscored {
		if u.Refunds < 1 || !u.Amount.IsNegative() {
			t.Fatalf("%x: %+v", code, u)
		}
	}
	return true
}

func FuzzDecode(f *testing.F) {
	f.Add(encoded(f))
	f.Add(encode(f, tally(f, 0)))
	f.Fuzz(func(t *testing.T, code []byte) { holdDecoded(t, code) })
}

// FuzzAdd gives one account any transaction: it is counted exactly, or refused and nothing changes.
func FuzzAdd(f *testing.F) {
	f.Add("a", int64(0), "1.50")
	f.Add("é", int64(-1), "-1e18")
	f.Add("", int64(1)<<62, "1e-18")
	m, err := rfm.Compile(rfm.Starter())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, account string, at int64, text string) {
		if len(text) > 50 {
			return
		}
		x, err := decimal.NewFromString(text)
		if err != nil {
			return
		}
		book := tally(t, 0)
		if book.Add(rfm.Transaction{Account: account, At: time.UnixMicro(at), Amount: x, Currency: "USD"}) != nil {
			if !bytes.Equal(encode(t, book), encode(t, tally(t, 0))) {
				t.Fatal("a refused transaction has changed the tally")
			}
			return
		}
		holdDecoded(t, encode(t, book))
		got := m.Score(book)
		switch n := fmt.Sprint(len(got.Rows), len(got.Unscored), got.Later); {
		case n == "1 0 0" && got.Rows[0].Amount.Equal(x), n == "0 1 0" && got.Unscored[0].Amount.Equal(x), n == "0 0 1":
		default:
			t.Fatalf("%s at %d makes %+v", text, at, got)
		}
	})
}
