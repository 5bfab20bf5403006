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
