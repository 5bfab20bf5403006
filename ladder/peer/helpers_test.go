package peer_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

var (
	january = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	april   = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
)

func dec(s string) decimal.Decimal { return decimal.RequireFromString(s) }

// plain is a contribution of one account that gained so much for each of 1 spent, in the usual cell.
func plain(company string, value string) peer.Contribution {
	return peer.Contribution{
		Account: company, Company: company, Segment: "smb", Industry: "retail", Size: "small", Currency: "EUR",
		Spend: decimal.NewFromInt(1), Values: []peer.Value{{Driver: "productivity", Capability: "reports", Amount: dec(value)}},
	}
}

// cell is one of several companies in the usual cell, named after it.
func cell(prefix string, values ...string) []peer.Contribution {
	var list []peer.Contribution
	for i, v := range values {
		list = append(list, plain(fmt.Sprintf("%s%02d", prefix, i), v))
	}
	return list
}

func in(segment, industry, size string, list []peer.Contribution) []peer.Contribution {
	for i := range list {
		list[i].Segment, list[i].Industry, list[i].Size = segment, industry, size
	}
	return list
}

func publish(t testing.TB, list []peer.Contribution, earlier *peer.Record, o peer.Options) peer.Publication {
	t.Helper()
	p, err := peer.Publish(january, april, list, earlier, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// encode gives a document's JSON, or a record's lines.
func encode(t testing.TB, v any) string {
	t.Helper()
	var data []byte
	var err error
	if r, ok := v.(peer.Record); ok {
		data, err = r.MarshalBinary()
	} else {
		data, err = json.Marshal(v)
	}
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// A village makes random companies.
type village struct {
	*rand.Rand
	born   int
	shapes [2]float64 // of the values: spread, and the share of dominant companies
	parts  int        // drivers and capabilities
}

func (v *village) company() peer.Contribution {
	v.born++
	c := peer.Contribution{
		Account: fmt.Sprintf("a%05d", v.born), Company: fmt.Sprintf("c%05d", v.born), Currency: "EUR",
		Segment: []string{"smb", "large"}[v.IntN(2)], Industry: []string{"retail", "steel"}[v.IntN(2)], Size: []string{"s", "m"}[v.IntN(2)],
		Mature: v.IntN(3) == 0, Spend: decimal.New(1+v.Int64N(50_000), -1),
	}
	ratio := math.Exp(v.shapes[0] * v.NormFloat64())
	if v.Float64() < v.shapes[1] {
		ratio *= 20
	}
	for range 1 + v.IntN(3) {
		amount := decimal.NewFromFloat(math.Round(100*ratio*v.Float64()*c.Spend.InexactFloat64()) / 100)
		c.Values = append(c.Values, peer.Value{
			Driver: part("d", v.IntN(v.parts+1)), Capability: part("c", v.IntN(v.parts+1)), Amount: amount,
		})
	}
	return c
}

func part(kind string, i int) string {
	if i == 0 {
		return ""
	}
	return fmt.Sprint(kind, i)
}

func (v *village) companies(n int) []peer.Contribution {
	var list []peer.Contribution
	for range n {
		list = append(list, v.company())
	}
	return list
}

// drift lets some companies leave, join, or restate their values.
func (v *village) drift(list []peer.Contribution, joining int, leaving, restating float64) []peer.Contribution {
	var next []peer.Contribution
	for _, c := range list {
		switch x := v.Float64(); {
		case x < leaving:
			continue
		case x < leaving+restating:
			c.Values = v.company().Values
		}
		next = append(next, c)
	}
	return append(next, v.companies(joining)...)
}

func newVillage(seed uint64) *village {
	return &village{Rand: rand.New(rand.NewPCG(seed, 8)), shapes: [2]float64{0.8, 0.02}, parts: 3}
}
