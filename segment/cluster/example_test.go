package cluster_test

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/cluster"
)

// answers are those of 90 people on two outcomes, 1 to 5: a third of them wants each, and a third neither.
func answers() (importance, satisfaction [][]float64) {
	r := rand.New(rand.NewPCG(1, 1))
	near := func(x int) float64 { return float64(min(5, max(1, x+r.IntN(3)-1))) }
	for i := range 90 {
		wants := [][]int{{5, 2}, {2, 5}, {1, 1}}[i%3]
		importance = append(importance, []float64{near(wants[0]), near(wants[1])})
		satisfaction = append(satisfaction, []float64{near(2), near(3)})
	}
	return importance, satisfaction
}

// Which groups of customers need different things, and by which rules is a new one told apart?
func Example() {
	importance, satisfaction := answers()
	table, err := cluster.Needs([]string{"report_faster", "share_safely"}, importance, satisfaction, 5)
	if err != nil {
		panic(err)
	}
	points, err := cluster.Prepare(table, cluster.Scaling{})
	if err != nil {
		panic(err)
	}
	choice, err := points.Choose(cluster.Choosing{Most: 5, Draws: 19})
	if err != nil {
		panic(err)
	}
	fmt.Println(choice.Verdict, choice.K)

	result, err := points.KMeans(choice.K, cluster.Options{Seed: 1})
	if err != nil {
		panic(err)
	}
	description, err := cluster.Describe(table, result, cluster.Naming{Name: "needs"})
	if err != nil {
		panic(err)
	}
	for _, rule := range description.Scheme.Rules {
		fmt.Printf("%s: %s\n", rule.Segment, rule.When)
	}
	fmt.Printf("the same for %.0f %% of them\n", 100*description.Fidelity)

	model, err := segment.Compile(description.Scheme)
	if err != nil {
		panic(err)
	}
	asOf := time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)
	fmt.Println("findings:", len(model.Verify(asOf, asOf)))
	for _, facts := range []segment.FactMap{
		{"report_faster": segment.Number(8), "share_safely": segment.Number(1)},
		{"share_safely": segment.Number(1)},
	} {
		verdict, err := model.Classify(segment.Input{Account: "acme", Facts: facts}, asOf)
		if err != nil {
			panic(err)
		}
		fmt.Println(verdict.Segment)
	}

	// Output:
	// structure 3
	// cluster_0: report_faster < 4.5 AND share_safely < 3
	// cluster_1: report_faster >= 4.5
	// cluster_2: report_faster < 4.5 AND share_safely >= 3
	// the same for 99 % of them
	// findings: 0
	// cluster_1
	// unknown
}

// Data without groups: the answer is that there are none.
func ExamplePoints_Choose() {
	r := rand.New(rand.NewPCG(2, 2))
	var rows [][]float64
	for range 200 {
		size := r.NormFloat64()
		rows = append(rows, []float64{size, 0.8*size + r.NormFloat64()})
	}
	table, err := cluster.TableOf([]cluster.Column{{Name: "log_seats"}, {Name: "log_logins"}}, rows)
	if err != nil {
		panic(err)
	}
	points, err := cluster.Prepare(table, cluster.Scaling{})
	if err != nil {
		panic(err)
	}
	choice, err := points.Choose(cluster.Choosing{Most: 4, Draws: 19})
	if err != nil {
		panic(err)
	}
	fmt.Println(choice.Verdict, choice.K)
	for _, c := range choice.Candidates {
		fmt.Printf("%d: silhouette %.2f, of structureless tables %.2f and %.2f\n", c.K, c.Silhouette, c.Normal, c.Even)
	}

	// Output:
	// no_better 0
	// 2: silhouette 0.42, of structureless tables 0.43 and 0.47
	// 3: silhouette 0.36, of structureless tables 0.36 and 0.38
	// 4: silhouette 0.36, of structureless tables 0.35 and 0.41
}

// A hierarchy, cut into three.
func ExamplePoints_Link() {
	table, err := cluster.TableOf([]cluster.Column{{Name: "hours"}}, [][]float64{{1}, {2}, {10}, {12}, {40}})
	if err != nil {
		panic(err)
	}
	points, err := cluster.Prepare(table, cluster.Scaling{Scale: cluster.Unscaled})
	if err != nil {
		panic(err)
	}
	tree, err := points.Link(cluster.Complete)
	if err != nil {
		panic(err)
	}
	labels, err := tree.Cut(3)
	if err != nil {
		panic(err)
	}
	fmt.Println(labels)
	for _, m := range tree.Merges {
		fmt.Printf("%d and %d at %.0f\n", m.A, m.B, m.Height)
	}

	// Output:
	// [0 0 1 1 2]
	// 0 and 1 at 1
	// 2 and 3 at 2
	// 5 and 6 at 11
	// 4 and 7 at 39
}
