package acceleration_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/journey/acceleration"
)

// longest returns the length of the longest common subsequence, by the textbook's table.
func longest(a, b []string) int {
	table := make([][]int, len(a)+1)
	table[0] = make([]int, len(b)+1)
	for i := range a {
		table[i+1] = make([]int, len(b)+1)
		for j := range b {
			table[i+1][j+1] = max(table[i][j+1], table[i+1][j])
			if a[i] == b[j] {
				table[i+1][j+1] = table[i][j] + 1
			}
		}
	}
	return table[len(a)][len(b)]
}

// TestStepsAgainstTable holds the agreement of sequences up to three words of 64 places long against the table's.
func TestStepsAgainstTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	for trial := range 200 {
		customers := make([]acceleration.Customer, 2+r.IntN(3))
		for i := range customers {
			customers[i] = acceleration.Customer{Account: fmt.Sprint(i), Best: true}
			n := []int{1 + r.IntN(10), 60 + r.IntN(10), 120 + r.IntN(20)}[r.IntN(3)]
			kinds := 1 + r.IntN(8)
			for range n {
				customers[i].Steps = append(customers[i].Steps, fmt.Sprint(r.IntN(kinds)))
			}
		}
		sum, pairs := 0.0, 0.0
		for i := range customers {
			for j := range i {
				a, b := customers[i].Steps, customers[j].Steps
				sum += 2 * float64(longest(a, b)) / float64(len(a)+len(b))
				pairs++
			}
		}
		if got := prescribable(t, customers, acceleration.Ground{}).Criteria[2].Value; got != sum/pairs {
			t.Fatalf("trial %d: %v, want %v", trial, got, sum/pairs)
		}
	}
}

// TestLongSteps: a customer with a million steps is compared like any other.
func TestLongSteps(t *testing.T) {
	long := slices.Repeat([]string{"log in", "read"}, 500_000)
	p := prescribable(t, []acceleration.Customer{
		{Account: "a", Best: true, Steps: long}, {Account: "b", Best: true, Steps: []string{"read", "log in", "write"}},
	}, acceleration.Ground{})
	near(t, "agreement", p.Criteria[2].Value, 2*2.0/1_000_003, 1e-15)
}
