package adoption_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/health/adoption"
)

// FuzzUnmarshal: what is accepted is canonical, can be assessed and merged.
func FuzzUnmarshal(f *testing.F) {
	m := compile(f, plan())
	for seed := range uint64(6) {
		f.Add([]byte(encoded(f, fill(f, m, randomEvents(rand.New(rand.NewPCG(seed, 5)), int(seed*seed))))))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var u adoption.Usage
		if err := u.UnmarshalBinary(data); err != nil {
			var bad *adoption.DataError
			if !errors.As(err, &bad) && !errors.Is(err, adoption.ErrFormat) {
				t.Errorf("%v is no DataError", err)
			}
			return
		}
		if encoded(t, &u) != string(data) {
			t.Fatal("came back with other bytes")
		}
		for _, id := range u.Accounts() {
			if a, err := m.Assess(&u, adoption.Account{ID: id, Since: from}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)); err == nil {
				if _, err := json.Marshal(a); err != nil {
					t.Error(err)
				}
			}
		}
		if err := u.Merge(decoded(t, string(data))); err == nil {
			decoded(t, encoded(t, &u))
		}
	})
}

// FuzzAssess holds adoption by a few events, of three bytes each, against the twin.
func FuzzAssess(f *testing.F) {
	f.Add([]byte("abcdefghijklmnopqrstuvwxyz"), uint16(600), uint16(10))
	f.Add([]byte{0, 1, 0, 1, 1, 0, 2, 1, 0, 3, 2, 0}, uint16(20), uint16(0))
	f.Fuzz(func(t *testing.T, data []byte, asOf, since uint16) {
		m := compile(t, plan())
		end := from.Add(time.Duration(asOf%900) * time.Hour)
		account := adoption.Account{ID: "acme", Since: from.Add(time.Duration(since%900) * time.Hour), Holders: []string{"user 1"}}
		if account.Since.After(end) {
			return
		}
		var events []adoption.Event
		at := from
		for ; len(data) >= 3; data = data[3:] {
			at = at.Add(time.Duration(data[2]) * time.Hour / 2)
			if at.After(end) {
				break
			}
			events = append(events, adoption.Event{Account: "acme", User: fmt.Sprintf("user %d", data[0]%4), Feature: featureName(int(data[1] % 9)), At: at})
		}
		u := fill(t, m, events)
		got, err := m.Assess(u, account, end)
		if err != nil {
			t.Fatal(err)
		}
		want := newTwin(m.Plan(), account, end, events).assess()
		want.Digest, want.From, want.To = m.Digest(), got.From, got.To
		if d := gocmp.Diff(want, got, emptyIsNil); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		if encoded(t, decoded(t, encoded(t, u))) != encoded(t, u) {
			t.Error("came back with other bytes")
		}
	})
}

func FuzzParse(f *testing.F) {
	data, err := json.Marshal(plan())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"format":1,"name":"x","min_uses":1,"min_days":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := adoption.Parse(data)
		if err != nil {
			return
		}
		m, err := adoption.Compile(p)
		if err != nil {
			return
		}
		text, err := json.Marshal(m.Plan())
		if err != nil {
			t.Fatal(err)
		}
		back, err := adoption.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if d := gocmp.Diff(p, back, emptyIsNil); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
	})
}
