package peer_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

// twice is a publication with a refresh behind it, and one of its contributions.
func twice(t testing.TB) (peer.Publication, peer.Contribution) {
	t.Helper()
	values := []string{"1", "2.25", "3", "4.5", "5", "6", "7.125", "8", "9", "10", "11", "12"}
	mature := cell("m", values...)
	for i := range mature {
		mature[i].Mature = true
		mature[i].Values = append(mature[i].Values, peer.Value{Driver: "risk_reduction", Amount: dec("3.5")})
	}
	list := append(mature, cell("n", values...)...)
	first := publish(t, list, nil, peer.Options{})
	p := publish(t, append(list, cell("o", "2", "4", "6", "8", "10", "12")...), &first.Record, peer.Options{})
	if !p.Fresh || p.Release.Number != 2 {
		t.Fatalf("not refreshed: %+v", p.Release)
	}
	return p, list[14]
}

// indented is a document in lines.
func indented(t *testing.T, v json.Marshaler) []byte {
	t.Helper()
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return append(data, '\n')
}

func TestGolden(t *testing.T) {
	p, own := twice(t)
	golden.Check(t, "testdata/release.golden", indented(t, p.Release))
	golden.Check(t, "testdata/record.golden", []byte(encode(t, p.Record)))
	s, err := p.Release.Standing(own)
	if err != nil {
		t.Fatal(err)
	}
	golden.Check(t, "testdata/standing.golden", indented(t, s))
}

func TestRoundTrip(t *testing.T) {
	p, _ := twice(t)
	release, err := peer.ParseRelease([]byte(encode(t, p.Release)))
	if err != nil || encode(t, release) != encode(t, p.Release) {
		t.Errorf("release: %v", err)
	}
	record, err := peer.ParseRecord([]byte(encode(t, p.Record)))
	if err != nil || encode(t, record) != encode(t, p.Record) {
		t.Errorf("record: %v", err)
	}
	if got, want := release.Totals(), p.Release.Totals(); len(got) != len(want) || len(got) == 0 || !got[0].Mean.Equal(want[0].Mean) {
		t.Errorf("totals %+v of what was read, want %+v", got, want)
	}
	// What was read back serves as well as what was made.
	v := newVillage(12)
	list := in("smb", "retail", "small", v.companies(100))
	made := publish(t, list, &p.Record, peer.Options{})
	read := publish(t, list, &record, peer.Options{})
	if encode(t, made.Record) != encode(t, read.Record) {
		t.Error("the record that was read gives another release")
	}
	if made.Release.Number != 3 {
		t.Errorf("release %d, want a third", made.Release.Number)
	}
}

func TestParseRefuses(t *testing.T) {
	p, _ := twice(t)
	release, record := encode(t, p.Release), encode(t, p.Record)
	for _, tt := range []struct{ name, old, new, want string }{
		{"an unknown key", `{"format":1`, `{"format":1,"x":2`, "/x"},
		{"another format of number", `"count":`, `"count":0`, "not JSON"},
		{"space", `,"to"`, `, "to"`, "must be in the canonical encoding"},
		{"a count of none", `"count":`, `"count":-`, "/count: must be 1 to 4000000"},
		{"no period", `"to":"2026-04-01`, `"to":"2025-04-01`, "/to: must be after from"},
		{"no currency", `"currency":"EUR"`, `"currency":"eur"`, "currency: must be an ISO 4217 code with a minor unit"},
		{"a stage of its own", `"stage":"mature"`, `"stage":"marvel"`, "/stage: must be mature or maturing"},
		{"best", `"best":75`, `"best":100`, "/best: must be 1 to 99"},
		{"a negative mean", `"mean":"`, `"mean":"-`, "/mean: must be a multiple of the grid from 0 to 2000000"},
		{"a grid that is none", `"grid":"0.01`, `"grid":"0.02`, "/grid: must be a power of ten from 0.000001 to 1000000"},
		{"a percentage beyond 99", `{"percent":50`, `{"percent":500`, "must have a percentage of 1 to 99, and not lie below the one before it"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for kind, text := range map[string]string{"release": release, "record": record} {
				bad := strings.Replace(text, tt.old, tt.new, 1)
				if bad == text {
					t.Fatalf("%q is not in the %s", tt.old, kind)
				}
				var err error
				if kind == "release" {
					_, err = peer.ParseRelease([]byte(bad))
				} else {
					_, err = peer.ParseRecord([]byte(bad))
				}
				var invalid *peer.InvalidError
				if !errors.As(err, &invalid) || tt.want != "not JSON" && !strings.Contains(err.Error(), tt.want) {
					t.Errorf("%s: %v, want %s", kind, err, tt.want)
				}
			}
		})
	}
	for _, tt := range []struct{ name, old, new, want string }{
		{"a member of no version", `"in":[1,2]`, `"in":[1,3]`, "/in: has the number of no version"},
		{"a member less", `"in":[1,2]`, `"in":[2]`, "/count: must be that of its members"},
		{"a total below its parts", `"total":`, `"total":-`, "total must be 0 to a million millions"},
		{"a member's line missing", "{\"company\":\"m05\"", "\n{\"company\":\"m05\"", "/kept/0/members/5"},
		{"a line too many", `{"versions"`, "{}\n{\"versions\"", "/kept: must have an element for each group of the release"},
		{"no company", `"company":"m00"`, `"company":"m\n"`, "company "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := strings.Replace(record, tt.old, tt.new, 1)
			_, err := peer.ParseRecord([]byte(bad))
			if err == nil || bad == record || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %s", err, tt.want)
			}
		})
	}
	if _, err := peer.ParseRelease([]byte(strings.Replace(release, `"format":1`, `"format":2`, 1))); !errors.Is(err, peer.ErrFormat) {
		t.Errorf("%v, want ErrFormat", err)
	}
	if _, err := peer.ParseRecord([]byte(strings.Replace(record, `"format":1`, `"format":2`, 1))); !errors.Is(err, peer.ErrFormat) {
		t.Errorf("%v, want ErrFormat", err)
	}
}

func FuzzParseRelease(f *testing.F) {
	p, _ := twice(f)
	f.Add([]byte(encode(f, p.Release)))
	f.Add([]byte(encode(f, gained())))
	f.Add([]byte(`{"format":1,"from":"2026-01-01T00:00:00.000000Z","to":"2026-02-01T00:00:00.000000Z","number":1,"currency":"","best":75,"groups":[]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := peer.ParseRelease(data)
		if err != nil {
			return
		}
		if again := encode(t, r); again != string(data) {
			t.Errorf("%s came back as %s", data, again)
		}
		for _, total := range r.Totals() {
			if total.Mean.Sign() < 0 {
				t.Errorf("total %+v", total)
			}
		}
		own := plain("acme", "5")
		own.Currency = r.Currency
		if s, err := r.Standing(own); err == nil {
			encode(t, s)
		}
	})
}

func FuzzParseRecord(f *testing.F) {
	small := publish(f, cell("a", "1", "2", "3", "4", "5", "6"), nil, peer.Options{})
	f.Add([]byte(encode(f, small.Record)))
	f.Add([]byte(encode(f, publish(f, nil, nil, peer.Options{}).Record)))
	f.Add([]byte("{}\n"))
	list := cell("b", "1", "2", "3", "4", "5", "6")
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := peer.ParseRecord(data)
		if err != nil {
			return
		}
		if again := encode(t, r); again != string(data) {
			t.Errorf("%s came back as %s", data, again)
		}
		next, err := peer.Publish(r.Release.From, r.Release.To, list, &r, peer.Options{Best: r.Release.Best})
		if err != nil {
			return
		}
		if _, err := peer.ParseRecord([]byte(encode(t, next.Record))); err != nil {
			t.Errorf("the record that follows %s: %v", data, err)
		}
	})
}
