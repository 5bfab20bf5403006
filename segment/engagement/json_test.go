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
	"github.com/customersuccess-go/customersuccess/segment"
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
	full := touch
	full.Party, full.Direction, full.Valence, full.Notice, full.Ask = "peer", "inbound", "negative", "legal", "review"
	if all, err := json.Marshal(full); err != nil || !bytes.Contains(all, []byte(
		`"person":"pat","party":"peer","direction":"inbound","valence":"negative","notice":"legal","ask":"review","at":`,
	)) {
		t.Errorf("got %s, %v", all, err)
	}
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

// TestGoldenYear pins the bytes of agendas under all rules at once.
func TestGoldenYear(t *testing.T) {
	m := yearModel(t)
	out := fmt.Appendf(nil, "model %s\n", m.Digest())
	for n := range 10 {
		r := rand.New(rand.NewPCG(13, uint64(n)))
		run := yearRun{t: t, r: r, m: m, in: yearInput(r, n)}
		sum := sha256.New()
		agendas := 0
		for at := day(0); at.Before(day(yearEnd)); agendas++ {
			a, err := m.Due(run.in, at)
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(a)
			if err != nil {
				t.Fatal(err)
			}
			sum.Write(append(data, '\n'))
			at = run.work(a, at)
		}
		out = fmt.Appendf(out, "%d: %d agendas, %d touches %x\n", n, agendas, len(run.done), sum.Sum(nil))
	}
	golden.Check(t, "testdata/year.txt", out)
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"format":1,"name":"x","touches":[{"name":"a","channel":"human","owner":"csm","every":"90d","within":"2w","when":"arr > 5","minutes":0.5},` +
		`{"name":"b","channel":"digital","owner":"p","on":{"anchor":"renewal","offset":"-90d"}}]}`))
	f.Add([]byte(`{"format":1,"name":"x","trial":"t","ordered":true,"touches":[{"name":"a","channel":"digital","owner":"p","to":"user","on":{"event":"e"},` +
		`"when":"arr > 5","done":"answered","skip":"answered","needs":"news","ask":"review","escalate":[{"after":3,"wait":"3d","channel":"human","owner":"csm","minutes":5}]}],` +
		`"budgets":[{"name":"b","per":"person","most":3,"in":"2w","channel":"digital"}],"quiet":[{"name":"q","from":"20:00","to":"08:00","days":["sun"],"holidays":true,"channels":["human"]}]}`))
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
			for _, f := range m.Verify(day(0), day(400)) {
				if f.Witness == nil {
					continue
				}
				if _, err := m.Due(*f.Witness, f.AsOf); err != nil {
					t.Fatalf("%s %s: the witness is refused: %v", f.Class, f.Pointer, err)
				}
			}
		}
	})
}

// FuzzDue gives Due instants and texts from anywhere: it returns an agenda that can be written, or an error.
func FuzzDue(f *testing.F) {
	f.Add(int64(0), int64(0), int64(0), int64(0), "acme", "a", 0)
	f.Add(int64(-1<<62), int64(1<<62), int64(1), int64(253402300799), "", "\xff", -100)
	f.Add(int64(253402300799), int64(0), int64(253402100000), int64(253402300000), "mail", "mail", 0)
	f.Add(int64(253402300799), int64(0), int64(253402200799), int64(253402300790), "acme", "a", 86000)
	series, asked := mails("mail"), on("ask", "a", 0)
	asked.Ask, asked.When, asked.To = engagement.Review, "arr > 0", engagement.User
	m := compileProgram(f, engagement.Program{
		Touches: []engagement.TouchPlan{every("review", 30), on("thanks", "a", 106751), around("call", "a", -106751), series, asked},
		Budgets: []engagement.Budget{{Name: "b", Per: engagement.PerAccount, Most: 1, In: 90000 * oneDay}},
		Quiet:   []engagement.Quiet{{Name: "night", From: "20:00", To: "08:00"}, {Name: "days off", Days: []engagement.Weekday{engagement.Sunday}, Holidays: true}},
	})
	f.Fuzz(func(t *testing.T, asOf, began, at, touched int64, account, name string, offset int) {
		place := &engagement.Place{Zone: time.FixedZone("", offset%90000), Holidays: []engagement.Date{{Year: 2026, Month: time.Month(offset), Day: offset}}}
		if offset%3 > 0 {
			place.Holidays = nil
		}
		in := engagement.Input{
			Account: account, Began: time.Unix(began, 0), Events: []engagement.Event{{Name: name, At: time.Unix(at, 0)}},
			Anchors: []engagement.Anchor{{Name: name, At: time.Unix(at, 0)}}, Facts: segment.FactMap{"arr": segment.Number(1)},
			Touches:  []engagement.Touch{{ID: account, Touch: name, At: time.Unix(touched, 0), Answered: time.Unix(at, 0), Ask: engagement.Ask(name)}},
			People:   []engagement.Person{{ID: name, Kind: engagement.User, Place: place}},
			Consents: []engagement.Consent{{Name: name, From: time.Unix(began, 0), To: time.Unix(touched, 0)}},
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

// FuzzPromises folds steps from anywhere, as bytes: the kind, the promise and the day of each.
func FuzzPromises(f *testing.F) {
	f.Add([]byte{0, 0, 0, 2, 0, 3, 4, 0, 9}, int64(3), int64(50))
	f.Add([]byte{0, 0, 200, 3, 0, 1, 9, 9, 9}, int64(-3), int64(1<<40))
	kinds := []engagement.PromiseStep{
		engagement.Promised, engagement.Handed, engagement.Chased, engagement.Moved, engagement.Kept, engagement.Released, "",
	}
	f.Fuzz(func(t *testing.T, data []byte, grace, asOf int64) {
		var events []engagement.PromiseEvent
		for i := 0; i+2 < len(data); i += 3 {
			events = append(events, engagement.PromiseEvent{
				Format: 1, ID: fmt.Sprint(i), Kind: kinds[int(data[i])%len(kinds)], Promise: fmt.Sprint(data[i+1] % 4), At: day(float64(data[i+2])), Due: day(float64(data[i])),
			})
		}
		list, err := engagement.Promises("acme", events, engagement.Duration(grace)*1000, time.Unix(asOf, 0))
		if err != nil {
			return
		}
		if _, err := json.Marshal(list); err != nil {
			t.Fatal(err)
		}
		if tally := engagement.Tally(list, 30*oneDay, time.Unix(asOf, 0)); tally.Overdue > tally.Open || tally.Broken+tally.Kept > len(list) {
			t.Fatalf("of %d promises: %+v", len(list), tally)
		}
	})
}
