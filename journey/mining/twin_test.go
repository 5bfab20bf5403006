package mining_test

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/customersuccess-go/customersuccess/journey/mining"
)

// randomLog has journeys of a few activities, with ties, repeats and instants before 1970.
func randomLog(r *rand.Rand, accounts int) []mining.Journey {
	var out []mining.Journey
	for i := range accounts {
		j := mining.Journey{Account: fmt.Sprintf("account %03d", i)}
		at := time.UnixMicro(r.Int64N(1e12) - 5e11).UTC()
		for range 1 + r.IntN(6) {
			j.Steps = append(j.Steps, mining.Step{Activity: string("abcd"[r.IntN(4)]), At: at})
			at = at.Add(time.Duration(r.IntN(4)) * time.Duration(r.Int64N(1e15)))
		}
		out = append(out, j)
	}
	return out
}

// A naive is what a log holds, by brute force over the journeys themselves.
type naive struct {
	nodes    map[string]mining.Node
	edges    map[string][]float64 // seconds
	follows  map[string]int64
	variants map[string]mining.Variant
}

func newNaive(journeys []mining.Journey, ending mining.Ending) naive {
	n := naive{make(map[string]mining.Node), make(map[string][]float64), make(map[string]int64), make(map[string]mining.Variant)}
	for _, j := range journeys {
		count := make(map[string]int)
		var path []string
		for i, s := range j.Steps {
			count[s.Activity]++
			path = append(path, s.Activity)
			for _, before := range j.Steps[:i] {
				n.follows[key(before.Activity, s.Activity)]++
			}
			if i > 0 {
				k := key(j.Steps[i-1].Activity, s.Activity)
				n.edges[k] = append(n.edges[k], float64(s.At.UnixMicro()-j.Steps[i-1].At.UnixMicro())/1e6)
			}
		}
		for a, times := range count {
			x := n.nodes[a]
			x.Activity, x.Events, x.Journeys = a, x.Events+int64(times), x.Journeys+1
			if times > 1 {
				x.Reworked++
			}
			n.nodes[a] = x
		}
		first, last, v := n.nodes[path[0]], path[len(path)-1], n.variants[text(path)]
		first.Starts++
		n.nodes[path[0]] = first
		x := n.nodes[last]
		v.Path = path
		if ending.Ended(j) {
			x.Ends++
			v.Ended++
		} else {
			x.Open++
			v.Open++
		}
		n.nodes[last], n.variants[text(path)] = x, v
	}
	return n
}

func TestGraphAgainstBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 1))
	for range 40 {
		journeys := randomLog(r, r.IntN(60))
		ending := mining.Ending{Activities: []string{"b", "d"}, Quiet: 1e18, AsOf: time.UnixMicro(1.5e15)}
		g := newGraph(t, mining.Options{Ending: ending, Medians: true})
		if failed, err := g.AddAll(sequence(events(journeys)...)); err != nil || failed != nil {
			t.Fatal(failed, err)
		}
		want := newNaive(journeys, ending)
		got := naive{make(map[string]mining.Node), nil, make(map[string]int64), make(map[string]mining.Variant)}
		for _, n := range g.Nodes() {
			got.nodes[n.Activity] = n
		}
		for _, f := range g.Follows() {
			got.follows[key(f.From, f.To)] = f.Count
		}
		for _, v := range g.Variants() {
			got.variants[text(v.Path)] = v
		}
		for _, diff := range []string{cmp.Diff(want.nodes, got.nodes), cmp.Diff(want.follows, got.follows), cmp.Diff(want.variants, got.variants)} {
			if diff != "" {
				t.Fatalf("(-want +got)\n%s", diff)
			}
		}
		share := 0.0
		for _, e := range g.Edges() {
			all := want.edges[key(e.From, e.To)]
			delete(want.edges, key(e.From, e.To))
			sum, squares := 0.0, 0.0
			for _, x := range all {
				sum += x
			}
			mean := sum / float64(len(all))
			for _, x := range all {
				squares += (x - mean) * (x - mean)
			}
			slices.Sort(all)
			near(t, "sum", e.Times.Sum, sum)
			near(t, "mean", *e.Times.Mean, mean)
			near(t, "least", *e.Times.Min, all[0])
			near(t, "most", *e.Times.Max, all[len(all)-1])
			near(t, "median", *e.Times.Median, (all[(len(all)-1)/2]+all[len(all)/2])/2)
			if (e.Times.SD == nil) != (len(all) == 1) {
				t.Errorf("%d times have SD %v", len(all), e.Times.SD)
			} else if e.Times.SD != nil {
				near(t, "SD", *e.Times.SD, math.Sqrt(squares/float64(len(all)-1)))
			}
			share += e.Share
		}
		if len(want.edges) > 0 {
			t.Errorf("no edges %v", want.edges)
		}
		if len(g.Edges()) > 0 {
			near(t, "shares", share, 1)
		}
	}
}

// Sums of spans of 9 998 years, many times over, against big integers.
func TestTimesAreExact(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 1))
	g := newGraph(t, mining.Options{})
	sum, squares, n := new(big.Int), new(big.Int), int64(0)
	first := time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC)
	for i := range 5000 {
		at := time.Date(9999, 12, 31, 23, 59, 59, r.IntN(1e6)*1000, time.UTC)
		us := big.NewInt(at.UnixMicro() - first.UnixMicro())
		sum.Add(sum, us)
		squares.Add(squares, new(big.Int).Mul(us, us))
		n++
		j := mining.Journey{Account: fmt.Sprint(i), Steps: []mining.Step{{"a", first}, {"b", at}}}
		if err := g.Add(j); err != nil {
			t.Fatal(err)
		}
	}
	var back mining.Graph
	if err := back.UnmarshalBinary([]byte(encoded(t, g))); err != nil {
		t.Fatal(err)
	}
	got := back.Edges()[0].Times
	want, _ := new(big.Rat).SetFrac(sum, big.NewInt(1e6)).Float64()
	mean, _ := new(big.Rat).SetFrac(sum, big.NewInt(n*1e6)).Float64()
	variance := new(big.Rat).SetFrac(squares, big.NewInt(1))
	variance.Sub(variance, new(big.Rat).SetFrac(new(big.Int).Mul(sum, sum), big.NewInt(n)))
	v, _ := variance.Quo(variance, new(big.Rat).SetInt64(n-1)).Float64()
	if got.Sum != want || *got.Mean != mean {
		t.Errorf("sum %v, want %v; mean %v, want %v", got.Sum, want, *got.Mean, mean)
	}
	near(t, "SD", *got.SD, math.Sqrt(v)/1e6)
}

// However a log is cut, ordered and merged, it is the same to the bit, and so is its encoding.
func TestMergeIsAssociative(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 1))
	for _, o := range []mining.Options{{}, {Medians: true, Ending: mining.Ending{All: true}}, {Once: true, Ending: mining.Ending{Activities: []string{"c"}}}} {
		for range 20 {
			journeys := randomLog(r, 1+r.IntN(40))
			whole, parts := newGraph(t, o), []*mining.Graph{newGraph(t, o), newGraph(t, o), newGraph(t, o)}
			var profile mining.Profile
			profiles := make([]mining.Profile, len(parts))
			for _, i := range r.Perm(len(journeys)) {
				k := r.IntN(len(parts))
				for _, err := range []error{whole.Add(journeys[i]), parts[k].Add(journeys[i]), profile.Add(journeys[i]), profiles[k].Add(journeys[i])} {
					if err != nil {
						t.Fatal(err)
					}
				}
			}
			if _, err := parts[0].Activity("never used"); err != nil {
				t.Fatal(err)
			}
			left, right := newGraph(t, o), newGraph(t, o)
			for _, step := range []struct{ into, from *mining.Graph }{
				{left, parts[0]}, {left, parts[1]}, {left, parts[2]}, {right, parts[2]}, {parts[1], parts[0]}, {right, parts[1]},
			} {
				if err := step.into.Merge(step.from); err != nil {
					t.Fatal(err)
				}
			}
			if encoded(t, left) != encoded(t, whole) || encoded(t, right) != encoded(t, whole) {
				t.Fatal("merged graphs differ")
			}
			var forth, back mining.Profile
			for _, step := range []struct{ into, from *mining.Profile }{
				{&forth, &profiles[0]}, {&forth, &profiles[1]}, {&forth, &profiles[2]}, {&back, &profiles[2]}, {&profiles[1], &profiles[0]}, {&back, &profiles[1]},
			} {
				if err := step.into.Merge(step.from); err != nil {
					t.Fatal(err)
				}
			}
			if encoded(t, &forth) != encoded(t, &profile) || encoded(t, &back) != encoded(t, &profile) {
				t.Fatal("merged profiles differ")
			}
			if err := back.UnmarshalBinary([]byte(encoded(t, &profile))); err != nil || cmp.Diff(profile.Gaps(), back.Gaps()) != "" {
				t.Fatal("a profile comes back as another one: ", err)
			}
			sameReadings(t, left, whole)
			var copied mining.Graph
			if err := copied.UnmarshalBinary([]byte(encoded(t, whole))); err != nil {
				t.Fatal(err)
			}
			sameReadings(t, &copied, whole)
			if encoded(t, &copied) != encoded(t, whole) {
				t.Fatal("comes back with other bytes")
			}
		}
	}
}

func sameReadings(t *testing.T, a, b *mining.Graph) {
	t.Helper()
	read := func(g *mining.Graph) []any {
		return []any{g.Summary(), g.Nodes(), g.Edges(), g.Variants(), g.Follows(), g.Loops(), g.Dependencies(0.1), g.Bottlenecks()}
	}
	if diff := cmp.Diff(read(b), read(a)); diff != "" {
		t.Fatalf("(-want +got)\n%s", diff)
	}
}

// Loops and the way that is left make up the path; no loop has another in it.
func TestLoopsAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 1))
	for range 300 {
		path := ""
		for range 1 + r.IntN(12) {
			path += string("abcd"[r.IntN(4)])
		}
		g := graphOf(t, of("acme", path))
		steps := 0
		for _, l := range g.Loops() {
			if l.Journeys != 1 || l.Count < 1 {
				t.Errorf("%s has loop %+v", path, l)
			}
			for _, a := range l.Path {
				if strings.Count(text(l.Path), a) != 1 || !strings.Contains(path, a) {
					t.Errorf("%s has loop %+v", path, l)
				}
			}
			steps += len(l.Path) * int(l.Count)
		}
		left := len(path) - steps // a way on which no activity comes twice
		if left < 1 || left > 4 {
			t.Errorf("%s less its loops %+v leaves %d", path, g.Loops(), left)
		}
	}
}
