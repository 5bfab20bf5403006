package ladder_test

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder"
)

// FuzzStatement gives a seeded ladder one wild quantity and period. What comes back is a DataError, or a statement whose
// lines sum to it and that has an encoding.
func FuzzStatement(f *testing.F) {
	f.Add(uint64(1), int64(5), int32(-3), int64(1700000000), int64(86400), "", "measured")
	f.Add(uint64(2), int64(-9e18), int32(18), int64(-1e18), int64(1), "failed", "")
	f.Add(uint64(3), int64(9e18), int32(-1e9), int64(1e18), int64(-1), "known", "gold")
	f.Fuzz(func(t *testing.T, seed uint64, value int64, exp int32, at, seconds int64, state, evidence string) {
		r := rand.New(rand.NewPCG(seed, 13))
		model := compile(t, randomLadder(r))
		in, asOf := randomInput(r)
		in.To = in.From.Add(time.Duration(seconds))
		quantities := in.Quantities.(ladder.QuantityMap)
		names := model.Quantities()
		if len(names) > 0 {
			quantities[pick(r, names...)] = ladder.Quantity{
				Value: decimal.New(value, exp), At: time.Unix(at, at), State: ladder.State(state), Evidence: ladder.Evidence(evidence), Why: state,
			}
		}
		s, err := model.Statement(in, asOf)
		var data *ladder.DataError
		if errors.As(err, &data) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var gross decimal.Decimal
		for _, line := range s.Lines {
			gross = gross.Add(line.Gross)
		}
		if !gross.Equal(s.Gross) {
			t.Errorf("lines sum to %v, not %v", gross, s.Gross)
		}
		if _, err := json.Marshal(s); err != nil {
			t.Error(err)
		}
	})
}

// FuzzLeakage gives levels as JSON.
func FuzzLeakage(f *testing.F) {
	f.Add([]byte(`[{"stage":"potential","amount":"1000000"},{"stage":"felt","amount":"0.005"}]`))
	f.Add([]byte(`[{"stage":"sold","amount":"-1"},{"stage":"sold","amount":"1e5000"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var list []ladder.Level
		if json.Unmarshal(text, &list) != nil {
			return
		}
		l, err := compile(t, hoursSaved()).Leakage("acme", list, epoch)
		var data *ladder.DataError
		if errors.As(err, &data) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		roundTrip(t, l)
	})
}

// FuzzCourse gives accruals as JSON. What comes back ends where all of them do.
func FuzzCourse(f *testing.F) {
	f.Add([]byte(`[{"from":"2026-01-01T00:00:00Z","to":"2026-03-01T00:00:00Z","amount":"100"}]`), []byte(`[{"from":"2026-01-01T00:00:00Z","amount":"50"}]`), int64(40))
	f.Add([]byte(`[{"from":"0001-01-01T00:00:01Z","to":"9999-12-31T00:00:00Z","amount":"1e18"}]`), []byte(`[{"amount":"1e1000000000"}]`), int64(-1))
	f.Fuzz(func(t *testing.T, value, spend []byte, days int64) {
		var sides [2][]ladder.Accrual
		if json.Unmarshal(value, &sides[0]) != nil || json.Unmarshal(spend, &sides[1]) != nil {
			return
		}
		c, err := compile(t, hoursSaved()).Course("acme", epoch, sides[0], sides[1], epoch.AddDate(0, 0, int(days%1e6)))
		var data *ladder.DataError
		if errors.As(err, &data) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		var sum decimal.Decimal
		for _, a := range sides[0] {
			sum = sum.Add(a.Amount)
		}
		if n := len(c.Points); n > 0 && !c.Points[n-1].Value.Equal(sum) {
			t.Errorf("the course ends at %v, not %v", c.Points[n-1].Value, sum)
		}
		if c.SVG() == "" {
			t.Error("no picture")
		}
		roundTrip(t, c)
	})
}

// FuzzDiagnose gives levels as JSON, and a wild sentiment.
func FuzzDiagnose(f *testing.F) {
	f.Add([]byte(`[{"stage":"sold","amount":"1000"},{"stage":"achieved","amount":"400.005"}]`), int64(8), int32(-1))
	f.Add([]byte(`[{"stage":"sold","amount":"0"}]`), int64(1), int32(1e9))
	f.Fuzz(func(t *testing.T, text []byte, value int64, exp int32) {
		signs := ladder.Signs{Account: "acme", Sentiment: ptr(decimal.New(value, exp))}
		if json.Unmarshal(text, &signs.Levels) != nil {
			return
		}
		d, err := compile(t, capable()).Diagnose(signs, epoch)
		var data *ladder.DataError
		if errors.As(err, &data) {
			return
		}
		if err != nil || len(d.Patterns) != 5 || len(d.Progress) != 3 {
			t.Fatal(d, err)
		}
		roundTrip(t, d)
	})
}

// FuzzClimb gives entries as JSON.
func FuzzClimb(f *testing.F) {
	f.Add([]byte(`[{"id":"a","account":"acme","benefit":"users gain","amount":"5","currency":"EUR","evidence":"confirmed","source":"letter"}]`))
	f.Add([]byte(`[{"id":"a","account":"acme","benefit":"users gain","amount":"1e400","currency":"EUR","evidence":"gold"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var entries []ladder.Entry
		if json.Unmarshal(text, &entries) != nil {
			return
		}
		c, err := compile(t, rising()).Climb("acme", entries, epoch)
		var data *ladder.DataError
		if errors.As(err, &data) {
			return
		}
		if err != nil || len(c.Nodes) != 4 {
			t.Fatal(c, err)
		}
	})
}
