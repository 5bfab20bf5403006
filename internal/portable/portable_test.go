package portable_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"iter"
	"runtime"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/golden"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment"
)

// now is the instant of the worlds; a later one is a number of steps of 30 days after it.
func now(step int) time.Time {
	return time.Date(2026, 3, 1, 12, 30, 15, 250000, time.UTC).AddDate(0, 0, 30*step)
}

// results collects the JSON of results: the first few in full, so that a difference can be read, and all of them by
// the hundred as a digest, so that none goes unseen.
type results struct {
	out  bytes.Buffer
	hash []byte
	n    int
}

const (
	inFull = 3
	bulk   = 100
)

func (r *results) add(t *testing.T, result any, err error) {
	t.Helper()
	var line bytes.Buffer
	if err != nil {
		fmt.Fprintf(&line, "error: %v\n", err)
	} else {
		enc := json.NewEncoder(&line)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(result); err != nil {
			t.Fatal(err)
		}
	}
	if r.n < inFull {
		r.out.Write(line.Bytes())
	}
	sum := sha256.Sum256(append(r.hash, line.Bytes()...))
	r.hash = sum[:]
	if r.n++; r.n%bulk == 0 {
		fmt.Fprintf(&r.out, "%d %x\n", r.n, r.hash)
		r.hash = nil
	}
}

// compile returns what a Compile function does, or ends the test.
func compile[M any](t *testing.T) func(m M, err error) M {
	return func(m M, err error) M {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
}

func account(i int) string { return fmt.Sprintf("account-%04d", i) }

func TestPortableHealth(t *testing.T) {
	var all results
	for _, card := range []health.Scorecard{health.Starter()} {
		m := compile[*health.Model](t)(health.Compile(card))
		measures := map[string]health.Measure{}
		collect(measures, card.Groups)
		for i := range 1000 {
			w := world{account: account(i), card: measures}
			var standing health.Standing
			for step := range 3 {
				w.asOf = now(step)
				in := health.Input{Account: w.account, Since: now(-i % 60), Readings: w}
				score, err := m.Score(in, w.asOf)
				all.add(t, score, err)
				standing = m.Settle(standing, score)
			}
			all.add(t, standing, nil)
		}
	}
	golden.Check(t, "testdata/health.txt", all.out.Bytes())
}

func collect(measures map[string]health.Measure, groups []health.Group) {
	for _, g := range groups {
		for _, m := range g.Measures {
			measures[m.Name] = m
		}
		collect(measures, g.Groups)
	}
}

func TestPortableJourney(t *testing.T) {
	var all results
	for _, plan := range []journey.Map{journey.LAER(), journey.Boomerang(), journey.Maturity()} {
		m := compile[*journey.Model](t)(journey.Compile(plan))
		for i := range 200 {
			w := world{account: account(i), asOf: now(0)}
			events := []journey.Event{{
				Format: journey.Format, ID: "start", Account: w.account, Kind: journey.Started,
				Happened: w.asOf, Recorded: w.asOf, Digest: m.Digest(), Phase: plan.Phases[0].Name,
			}}
			for step := range 6 {
				w.asOf = now(step)
				events = append(events, w.evidence(plan, m.Digest())...)
				track, err := journey.Replay(each(events), w.asOf, time.Time{})
				if err != nil {
					t.Fatal(err)
				}
				decision, err := m.Decide(journey.Input{Account: w.account, Track: track, Signals: w, Since: now(-1)}, w.asOf)
				all.add(t, decision, err)
				for _, e := range decision.Events {
					e.Recorded = w.asOf
					events = append(events, e)
				}
				all.add(t, track, nil)
			}
		}
	}
	golden.Check(t, "testdata/journey.txt", all.out.Bytes())
}

// each yields the values without an error.
func each[T any](values []T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range values {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func TestPortableOutcome(t *testing.T) {
	m := compile[*outcome.Model](t)(outcome.Compile(outcome.Starter()))
	var all results
	for i := range 1000 {
		w := world{account: account(i), asOf: now(i % 12)}
		plan, err := m.Propose(outcome.Proposal{Account: w.account, ID: "plan", Start: now(0), Renewal: now(12)})
		if err != nil {
			t.Fatal(err)
		}
		assessment, err := m.Assess(outcome.Input{Account: w.account, Plan: plan, Series: w}, w.asOf)
		all.add(t, assessment, err)
	}
	golden.Check(t, "testdata/outcome.txt", all.out.Bytes())
}

func TestPortableSegment(t *testing.T) {
	scheme := segment.Tiers()
	m := compile[*segment.Model](t)(segment.Compile(scheme))
	attributes := map[string]segment.Attribute{}
	for _, a := range scheme.Attributes {
		attributes[a.Name] = a
	}
	var all results
	for i := range 1000 {
		w := world{account: account(i), scheme: attributes}
		var membership segment.Membership
		for step := range 3 {
			w.asOf = now(step)
			verdict, err := m.Classify(segment.Input{Account: w.account, Facts: w}, w.asOf)
			all.add(t, verdict, err)
			membership = m.Settle(membership, verdict)
		}
		all.add(t, membership, nil)
	}
	golden.Check(t, "testdata/segment.txt", all.out.Bytes())
}

func TestPortableLadder(t *testing.T) {
	definition := ladder.Starter()
	m := compile[*ladder.Model](t)(ladder.Compile(definition))
	var shares []string
	for _, b := range definition.Benefits {
		for _, share := range []*ladder.Term{b.Adoption, b.Attribution, b.Conversion, b.Margin} {
			if share != nil {
				shares = append(shares, share.Quantity)
			}
		}
	}
	var all results
	for i := range 1000 {
		w := world{account: account(i), asOf: now(3), shares: shares}
		in := ladder.Input{Account: w.account, From: now(i % 3), To: now(3).AddDate(0, 0, i%7), Quantities: w}
		statement, err := m.Statement(in, w.asOf)
		all.add(t, statement, err)
	}
	golden.Check(t, "testdata/ladder.txt", all.out.Bytes())
}

// TestPortableProducts shows that the conversion does what the house relies on, and that the machine, or what emulates
// it, really fuses where its compiler may: otherwise a run there would prove nothing.
func TestPortableProducts(t *testing.T) {
	// (1 + 2⁻²⁷)² is 1 + 2⁻²⁶ + 2⁻⁵⁴, and the last term is lost when the product is rounded to 53 bits.
	a, rounded := 1+0x1p-27, 1+0x1p-26
	if got := guarded(a, a, -rounded); got != 0 {
		t.Errorf("float64(a*a) - r = %g, want 0", got)
	}
	want := 0.0
	if runtime.GOARCH == "arm64" {
		want = 0x1p-54
	}
	if got := plain(a, a, -rounded); got != want {
		t.Errorf("a*a - r = %g on %s, want %g", got, runtime.GOARCH, want)
	}
}

//go:noinline
func guarded(a, b, c float64) float64 { return float64(a*b) + c }

//go:noinline
func plain(a, b, c float64) float64 { return a*b + c }
