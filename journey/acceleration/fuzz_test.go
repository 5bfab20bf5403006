package acceleration_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/journey/acceleration"
)

// FuzzAnalyze makes accounts and stays out of bytes, four to an account: the report comes, and comes back from JSON.
func FuzzAnalyze(f *testing.F) {
	f.Add([]byte{10, 0, 5, 1, 20, 1, 30, 0, 40, 2, 0, 3}, 15.0, 20.0)
	f.Add([]byte{255, 1, 0, 0, 255, 1, 255, 0}, 0.0, 1e6)
	f.Add([]byte{}, -1.0, 0.0)
	f.Fuzz(func(t *testing.T, data []byte, landmark, horizon float64) {
		var accounts []acceleration.Account
		var stays []acceleration.Stay
		var customers []acceleration.Customer
		for ; len(data) >= 4 && len(accounts) < 100; data = data[4:] {
			id, segment := fmt.Sprint(len(accounts)), fmt.Sprint(data[3]%3)
			ends := []acceleration.End{acceleration.Open, acceleration.Reached, acceleration.Left}
			accounts = append(accounts, acceleration.Account{ID: id, Segment: segment, From: start, To: after(float64(data[0])),
				End: ends[data[1]%3], Done: []acceleration.Done{{Step: fmt.Sprint(data[3] % 2), At: after(float64(data[2]) - 5)}}})
			moves := []journey.MoveKind{"", journey.Advance, journey.Regress, journey.Leave}
			stays = append(stays, acceleration.Stay{Account: id, Segment: segment, Phase: fmt.Sprint(data[2] % 2), Days: float64(data[0]), End: moves[data[1]%4]})
			v := float64(data[0])
			customers = append(customers, acceleration.Customer{Account: id, Best: data[1]%2 == 0, Steps: []string{segment, id[:1]},
				Outcomes: []string{string(data[:2])}, Personas: []string{segment}, Retained: &v, NPS: &v})
		}
		r, err := acceleration.Analyze(accounts, acceleration.Plan{Goal: acceleration.Later, Landmark: landmark, Horizon: horizon,
			Steps: []acceleration.Step{{Name: "0"}, {Name: "1"}}, Control: "1", Minimum: 2, Permutations: 99})
		if err == nil {
			back(t, r)
			if r.N+len(r.Dropped) != len(accounts) {
				t.Errorf("%d and %d are not %d", r.N, len(r.Dropped), len(accounts))
			}
		}
		if l, err := acceleration.Breaks(stays, acceleration.Loss{Days: horizon, Minimum: 2}); err == nil {
			back(t, l)
		}
		p, err := acceleration.Prescribable(customers, acceleration.Ground{Minimum: 3})
		if err != nil {
			t.Fatal(err)
		}
		back(t, p)
	})
}

// back fails unless a result comes back from JSON as it was.
func back[T any](t *testing.T, want T) {
	t.Helper()
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got T
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", text, diff)
	}
}
