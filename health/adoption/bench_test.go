package adoption_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health/adoption"
)

// A stream is events in time order, as columns and as the names behind them.
type stream struct {
	users    []int
	features []int
	at       []int64
}

const (
	benchUsers    = 20_000 // ten to an account, with 200 events each
	benchFeatures = 60
	benchEvents   = 4_000_000
)

// newStream draws events of 28 days; a few features make up most of the use.
func newStream(events int) stream {
	r := rand.New(rand.NewPCG(1, 6))
	s := stream{make([]int, events), make([]int, events), make([]int64, events)}
	step := 28 * 24 * int64(time.Hour/time.Microsecond) / int64(events+1)
	for i := range events {
		s.users[i] = r.IntN(benchUsers)
		s.features[i] = int(benchFeatures * r.Float64() * r.Float64() * r.Float64())
		s.at[i] = from.UnixMicro() + int64(i)*step
	}
	return s
}

func userName(i int) (account, user string) {
	return fmt.Sprintf("account-%06d", i/10), fmt.Sprintf("user-%07d", i)
}

func featureName(i int) string { return fmt.Sprintf("feature-%03d", i) }

// BenchmarkColumns adds events that are numbered already, the names included in the time.
func BenchmarkColumns(b *testing.B) {
	m, s := compile(b, plan()), newStream(benchEvents)
	users, features := make([]adoption.User, benchEvents), make([]adoption.Feature, benchEvents)
	b.ReportAllocs()
	for b.Loop() {
		u := usage(b, m)
		for i := range users {
			users[i], features[i] = adoption.User(s.users[i]), adoption.Feature(s.features[i])
		}
		for i := range benchUsers {
			if _, err := u.User(userName(i)); err != nil {
				b.Fatal(err)
			}
		}
		for i := range benchFeatures {
			if _, err := u.Feature(featureName(i)); err != nil {
				b.Fatal(err)
			}
		}
		if err := u.AddColumns(users, features, s.at); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchEvents, "ns/event")
}

// BenchmarkAdd adds events by their names.
func BenchmarkAdd(b *testing.B) {
	m, s := compile(b, plan()), newStream(benchEvents)
	events := make([]adoption.Event, benchEvents)
	for i := range events {
		account, user := userName(s.users[i])
		events[i] = adoption.Event{Account: account, User: user, Feature: featureName(s.features[i]), At: time.UnixMicro(s.at[i])}
	}
	b.ReportAllocs()
	for b.Loop() {
		u := usage(b, m)
		for i := range events {
			if err := u.Add(events[i]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchEvents, "ns/event")
}

// BenchmarkAssessAll reads 2000 accounts of ten users with some forty features each.
func BenchmarkAssessAll(b *testing.B) {
	m, s := compile(b, plan()), newStream(benchEvents)
	u := usage(b, m)
	for i := range s.at {
		account, user := userName(s.users[i])
		if err := u.Add(adoption.Event{Account: account, User: user, Feature: featureName(s.features[i]), At: time.UnixMicro(s.at[i])}); err != nil {
			b.Fatal(err)
		}
	}
	accounts := func(yield func(adoption.Account, error) bool) {
		for _, id := range u.Accounts() {
			if !yield(adoption.Account{ID: id, Since: from, Entitled: []string{"feature-001", "feature-059"}}, nil) {
				return
			}
		}
	}
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		n = 0
		for item, err := range m.AssessAll(u, accounts, from.AddDate(0, 0, 28)) {
			if err != nil || item.Err != nil {
				b.Fatal(err, item.Err)
			}
			n++
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/account")
}

// BenchmarkMerge merges a usage of some 700 000 pairs into another of the same pairs, and encodes the result.
func BenchmarkMerge(b *testing.B) {
	m, s := compile(b, plan()), newStream(benchEvents)
	half := func(odd int) *adoption.Usage {
		u := usage(b, m)
		for i := odd; i < benchEvents; i += 2 {
			account, user := userName(s.users[i])
			if err := u.Add(adoption.Event{Account: account, User: user, Feature: featureName(s.features[i]), At: time.UnixMicro(s.at[i])}); err != nil {
				b.Fatal(err)
			}
		}
		return u
	}
	one, other := half(0), half(1)
	size := 0
	b.ReportAllocs()
	for b.Loop() {
		if err := one.Merge(other); err != nil {
			b.Fatal(err)
		}
		size = len(encoded(b, one))
	}
	b.ReportMetric(float64(size), "bytes")
}
