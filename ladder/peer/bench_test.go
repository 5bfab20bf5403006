package peer_test

import (
	"fmt"
	"testing"

	"github.com/customersuccess-go/customersuccess/ladder/peer"
)

// crowd is so many companies in 200 cells.
func crowd(n int) []peer.Contribution {
	v := newVillage(1)
	list := v.companies(n)
	for i := range list {
		list[i].Segment, list[i].Industry, list[i].Size = fmt.Sprint("s", v.IntN(4)), fmt.Sprint("i", v.IntN(5)), fmt.Sprint("z", v.IntN(5))
	}
	return list
}

func BenchmarkPublish(b *testing.B) {
	list := crowd(100_000)
	b.ReportAllocs()
	for b.Loop() {
		publish(b, list, nil, peer.Options{})
	}
}

func BenchmarkRefresh(b *testing.B) {
	list := crowd(110_000)
	first := publish(b, list[:100_000], nil, peer.Options{})
	b.ReportAllocs()
	for b.Loop() {
		publish(b, list[1000:], &first.Record, peer.Options{})
	}
}

func BenchmarkStanding(b *testing.B) {
	list := crowd(10_000)
	r := publish(b, list, nil, peer.Options{}).Release
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Standing(list[7]); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	list := results(1, 200, 3)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := peer.Compare(list, peer.AsymmetryOptions{}); err != nil {
			b.Fatal(err)
		}
	}
}
