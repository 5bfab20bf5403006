package cluster_test

import (
	"math/rand/v2"
	"testing"

	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

// many are 100 000 rows of ten columns about eight centres that overlap.
func many(b *testing.B) (cluster.Table, [][]float64) {
	rows := heaps(rand.New(rand.NewPCG(1, 1)), 100_000, 10, 8, 3)
	return tableOf(b, rows, named(10)...), rows
}

func BenchmarkPrepare(b *testing.B) {
	table, _ := many(b)
	b.ReportAllocs()
	for b.Loop() {
		prepare(b, table, cluster.Scaling{})
	}
}

func BenchmarkKMeans(b *testing.B) {
	table, rows := many(b)
	p := prepare(b, table, cluster.Scaling{})
	b.Run("given", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			must[cluster.Clustering](b)(p.KMeans(8, cluster.Options{From: rows[:8]}))
		}
	})
	b.Run("drawn", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			must[cluster.Clustering](b)(p.KMeans(8, cluster.Options{Starts: 1}))
		}
	})
}

func BenchmarkSilhouettes(b *testing.B) {
	table, rows := many(b)
	p := prepare(b, table, cluster.Scaling{})
	labels := must[cluster.Clustering](b)(p.KMeans(8, cluster.Options{From: rows[:8]})).Labels
	b.ReportAllocs()
	for b.Loop() {
		must[cluster.Silhouettes](b)(p.Silhouettes(labels, 100, 1))
	}
}

func BenchmarkChoose(b *testing.B) {
	table, _ := many(b)
	p := prepare(b, table, cluster.Scaling{})
	b.ReportAllocs()
	for b.Loop() {
		must[cluster.Choice](b)(p.Choose(cluster.Choosing{}))
	}
}

func BenchmarkLink(b *testing.B) {
	p := prepare(b, tableOf(b, heaps(rand.New(rand.NewPCG(1, 1)), 2000, 10, 8, 3), named(10)...), cluster.Scaling{})
	b.ReportAllocs()
	for b.Loop() {
		must[cluster.Tree](b)(p.Link(cluster.Ward))
	}
}

func BenchmarkDescribe(b *testing.B) {
	table, rows := many(b)
	p := prepare(b, table, cluster.Scaling{})
	c := must[cluster.Clustering](b)(p.KMeans(8, cluster.Options{From: rows[:8]}))
	b.ReportAllocs()
	for b.Loop() {
		must[cluster.Description](b)(cluster.Describe(table, c, cluster.Naming{Name: "many"}))
	}
}
