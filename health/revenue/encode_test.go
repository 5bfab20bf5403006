package revenue_test

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/health/revenue"
)

// encoded is a tally that has something in every place.
func encoded(t testing.TB) []byte {
	code, err := tally(t, revenue.Quarter, revenue.Options{Gap: 1e9},
		course("a", "2025-06-01 new 100.25", "2026-01-05 expansion 0.5 referral", "2026-07-01 churn 100.75"),
		course("b", "2026-02-01 new 7", "2026-05-01 contraction 2 csm:ana", "2026-06-01 expansion 3 price")).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestDecodeRefuses(t *testing.T) {
	code := encoded(t)
	var got revenue.Tally
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
	newer := bytes.Clone(code)
	newer[0] = 2
	if err := got.UnmarshalBinary(newer); !errors.Is(err, revenue.ErrFormat) || !strings.HasPrefix(err.Error(), "revenue: decode tally: format 2: ") {
		t.Errorf("a newer format: %v", err)
	}
	for _, c := range []struct{ old, new string }{
		{`"EUR"`, `"XXY"`}, {`"month"`, `"weeks"`}, {`"quarter"`, `"fortnig"`}, {`"unit"`, `"UNIT"`}, {`"referral"`, `"referra "`},
		{`"edges":[1767225600000000`, `"edges":[9767225600000000`},
	} {
		bad := bytes.Replace(code, []byte(c.old), []byte(c.new), 1)
		if err := got.UnmarshalBinary(bad); err == nil && !bytes.Equal(bad, code) {
			t.Errorf("%s instead of %s is read", c.new, c.old)
		}
	}
	for _, c := range []struct {
		code []byte
		want string
	}{
		{nil, "revenue: decode tally: at byte 0: is malformed"},
		{[]byte{0}, "revenue: decode tally: at byte 1: has no format"},
		{[]byte{1, 9}, "revenue: decode tally: at byte 1: ends too early"},
		{append(bytes.Clone(code), 0), fmt.Sprintf("revenue: decode tally: at byte %d: has data after its end", len(code))},
		{append(slices.Concat(code[:1], []byte{code[1] + 1}, code[2:3], []byte(" ")), code[3:]...), "revenue: decode tally: its head is written in another way"},
	} {
		if err := got.UnmarshalBinary(c.code); err == nil || err.Error() != c.want {
			t.Errorf("%x: got %v, want %s", c.code, err, c.want)
		}
	}
	if code, err := new(revenue.Tally).MarshalBinary(); err == nil {
		t.Errorf("a tally without a calendar is written %x", code)
	}
	if again, err := got.MarshalBinary(); err != nil || !bytes.Equal(again, code) {
		t.Error("a refused encoding has changed the tally")
	}
}

// Whatever byte is changed, what is still read has no negative amounts or counts.
func TestDecodeChanged(t *testing.T) {
	code := encoded(t)
	read := 0
	for i := range code {
		for bit := range 8 {
			code[i] ^= 1 << bit
			var got revenue.Tally
			if got.UnmarshalBinary(code) == nil {
				read++
				for _, c := range got.Cohorts() {
					for _, a := range c.Ages {
						if a.Revenue.IsNegative() || a.Customers < 0 {
							t.Fatalf("byte %d, bit %d: %+v", i, bit, c)
						}
					}
				}
				for _, p := range got.Periods() {
					for _, x := range []decimal.Decimal{p.Start, p.New, p.Reactivation, p.Expansion, p.Contraction, p.Churn, p.End, p.PriceRise, p.Pending} {
						if x.IsNegative() {
							t.Fatalf("byte %d, bit %d: %+v", i, bit, p)
						}
					}
					if min(p.Customers, p.Cohort, p.Lost, p.LostOnce, p.Gained, p.Reactivated, p.Churned, p.Expanded, p.PendingCount) < 0 {
						t.Fatalf("byte %d, bit %d: %+v", i, bit, p)
					}
				}
			}
			code[i] ^= 1 << bit
		}
	}
	if read == 0 {
		t.Error("no change was read: nothing is tested")
	}
}

func TestMergeRefuses(t *testing.T) {
	into := tally(t, revenue.Quarter, revenue.Options{})
	c, err := revenue.NewCalendar(revenue.Quarter, at(2026), at(2027), nil)
	if err != nil {
		t.Fatal(err)
	}
	usd, err := revenue.NewTally("USD", c, revenue.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []struct {
		other *revenue.Tally
		want  string
	}{
		{usd, "revenue: merge: a tally in USD into one in EUR"},
		{tally(t, revenue.Month, revenue.Options{}), "revenue: merge: the calendars differ"},
		{tally(t, revenue.Quarter, revenue.Options{Gap: 1e9}), "revenue: merge: the options differ"},
	} {
		if err := into.Merge(m.other); err == nil || err.Error() != m.want {
			t.Errorf("got %v, want %s", err, m.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(encoded(f))
	f.Fuzz(func(t *testing.T, code []byte) {
		var got revenue.Tally
		if got.UnmarshalBinary(code) != nil {
			return
		}
		again, err := got.MarshalBinary()
		if err != nil || !bytes.Equal(again, code) {
			t.Fatalf("%x is written again as %x, %v", code, again, err)
		}
		got.Periods()
		got.Cohorts()
	})
}

// FuzzAdd changes a valid course anywhere: it is added and keeps the identity, or changes nothing.
func FuzzAdd(f *testing.F) {
	f.Add(uint64(1), uint64(2), uint8(3), "0.01", "churn")
	f.Fuzz(func(t *testing.T, seed, when uint64, place uint8, amount, kind string) {
		r := rand.New(rand.NewPCG(seed, 1))
		moves := anyCourse(r, "a")
		if len(moves) > 0 && len(amount) < 50 {
			m := &moves[int(place)%len(moves)]
			m.Kind = revenue.Kind(kind)
			m.At = m.At.AddDate(0, 0, int(when%700)-350)
			if x, err := parse(amount); err == nil {
				m.Amount = x
			}
		}
		got := tally(t, revenue.Month, anyOptions(r), course("z", "2026-01-01 new 7"))
		before, _ := got.MarshalBinary()
		if got.Add(moves) != nil {
			if after, _ := got.MarshalBinary(); !bytes.Equal(before, after) {
				t.Fatal("a refused course has changed the tally")
			}
			return
		}
		for n, p := range got.Periods() {
			holdProperties(t, p)
			if p.End.IsNegative() || p.Customers < 0 {
				t.Fatalf("period %d ends with %v of %d customers", n, p.End, p.Customers)
			}
		}
	})
}

func TestJSON(t *testing.T) {
	p := tally(t, revenue.Year, revenue.Options{}, course("a", "2026-01-05 new 100.50")).Periods()[0]
	text, err := p.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"from":"2026-01-01T00:00:00.000000Z","to":"2027-01-01T00:00:00.000000Z","unit":"year","partial":false,"currency":"EUR",` +
		`"options":{"per":"month","returns":"out","grr":"end_state","logos":"gross","prices":"in","moves":"each","free":"apart","gap":"0s"},` +
		`"start":"0","new":"100.5","reactivation":"0","expansion":"0","contraction":"0","churn":"0","end":"100.5","net_new":"100.5","price_rise":"0","pending":"0",` +
		`"customers":1,"cohort":0,"lost":0,"lost_once":0,"gained":1,"reactivated":0,"churned":0,"expanded":0,"pending_count":0,` +
		`"nrr":null,"grr":null,"quick_ratio":null,"logo_churn":null,"arpa":"100.5","arr":"1206"}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
