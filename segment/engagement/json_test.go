package engagement_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
	"github.com/google/go-cmp/cmp"
)

func TestJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		m, in := random(t, r)
		a := due(t, m, in, float64(r.IntN(25)))
		data, err := json.Marshal(a)
		if err != nil {
			t.Fatal(err)
		}
		var again engagement.Agenda
		if err := json.Unmarshal(data, &again); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(a, again); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	}
	touch := engagement.Touch{
		Format: 1, ID: "e\u0301 ", Touch: "<review>", Channel: engagement.Partner, By: "kim", Person: "pat",
		At: day(0).Add(123457 * time.Microsecond), Answered: day(1), Recorded: day(2),
	}
	data, err := json.Marshal(touch)
	want := `{"format":1,"id":"` + "e\u0301" + ` ","touch":"\u003creview\u003e","channel":"partner","by":"kim","person":"pat",` +
		`"at":"2026-01-01T00:00:00.123457Z","answered":"2026-01-02T00:00:00.000000Z","recorded":"2026-01-03T00:00:00.000000Z"}`
	if err != nil || string(data) != want {
		t.Errorf("got  %s, %v\nwant %s", data, err, want)
	}
	var again engagement.Touch
	if err := json.Unmarshal(data, &again); err != nil || again != touch {
		t.Errorf("reads back as %+v, %v", again, err)
	}
}

// TestGolden pins the bytes of agendas of random inputs. A change of the file is a change of what people are told to do.
func TestGolden(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	var out []byte
	for group := range 10 {
		sum := sha256.New()
		for range 50 {
			m, in := random(t, r)
			data, err := json.Marshal(due(t, m, in, float64(r.IntN(25))))
			if err != nil {
				t.Fatal(err)
			}
			sum.Write(append(data, '\n'))
		}
		out = fmt.Appendf(out, "%d agendas %x\n", group, sum.Sum(nil))
	}
	golden.Check(t, "testdata/golden.txt", out)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"format":1,"name":"x","touches":[{"name":"a","channel":"human","owner":"csm","every":"90d","within":"2w","when":"arr > 5","minutes":0.5},` +
		`{"name":"b","channel":"digital","owner":"p","on":{"anchor":"renewal","offset":"-90d"}}]}`))
	f.Add([]byte(`{"format":2}`))
	f.Add([]byte(`{"format":1,"touches":[{"on":null}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := engagement.Parse(data)
		if err != nil {
			return
		}
		once, err := canon.JSON(p)
		if err != nil {
			t.Fatal(err)
		}
		again, err := engagement.Parse(once)
		if err != nil {
			t.Fatalf("what was parsed and written can't be parsed: %v\n%s", err, once)
		}
		if twice, err := canon.JSON(again); err != nil || !bytes.Equal(once, twice) {
			t.Fatalf("%v: got\n%s\nthen\n%s", err, once, twice)
		}
		if m, err := engagement.Compile(p, attributes()); err == nil {
			due(t, m, engagement.Input{Began: day(0)}, 400)
		}
	})
}

// FuzzDue gives Due instants from anywhere: it returns an agenda that can be written, or an error.
func FuzzDue(f *testing.F) {
	f.Add(int64(0), int64(0), int64(0), int64(0), "acme", "a")
	f.Add(int64(-1<<62), int64(1<<62), int64(1), int64(253402300799), "", "\xff")
	m := compile(f, every("review", 30), on("thanks", "a", 106751), around("call", "a", -106751))
	f.Fuzz(func(t *testing.T, asOf, began, at, touched int64, account, name string) {
		in := engagement.Input{
			Account: account, Began: time.Unix(began, 0), Events: []engagement.Event{{Name: name, At: time.Unix(at, 0)}},
			Anchors: []engagement.Anchor{{Name: name, At: time.Unix(at, 0)}},
			Touches: []engagement.Touch{{ID: account, Touch: name, At: time.Unix(touched, 0)}},
		}
		a, err := m.Due(in, time.Unix(asOf, 0))
		if err != nil {
			return
		}
		if _, err := json.Marshal(a); err != nil {
			t.Fatal(err)
		}
	})
}

func BenchmarkDue(b *testing.B) {
	m, in := random(b, rand.New(rand.NewPCG(7, 8)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Due(in, day(15)); err != nil {
			b.Fatal(err)
		}
	}
}
