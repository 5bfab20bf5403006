package revenue

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/internal/span"
)

// Options are the conventions in which published definitions of the same ratio differ; the package comment says who
// follows which. The zero value is the default: the first of each list below. Results carry the options in full.
type Options struct {
	Per     Unit    `json:"per"`     // what amounts are the recurring revenue of; zero: a month
	Returns Returns `json:"returns"` // whether revenue that left and came back counts in NRR and GRR
	GRR     GRR     `json:"grr"`
	Logos   Logos   `json:"logos"`
	Prices  Prices  `json:"prices"`
	Moves   Moves   `json:"moves"`
	Free    Free    `json:"free"`

	// Gap is the least time away that is a churn. Who returns sooner never left: the old amount goes on until the return,
	// and what differs then is expansion or contraction. Zero: every churn counts. A churn less than Gap before the end
	// of the calendar counts, and as pending too. Whole microseconds, not negative.
	Gap health.Duration `json:"gap"`
}

// Returns says which returned revenue is in the ratios. Movements name it reactivation in any case.
type Returns string

// Ways to count returns.
const (
	ReturnsOut    Returns = "out"    // none: who leaves within the period is lost to its cohort
	ReturnsCohort Returns = "cohort" // that of customers at the start of the period who are back at its end
	ReturnsAll    Returns = "all"    // that, and in NRR also that of customers who left before the period
)

// GRR is a formula of gross revenue retention. Both are capped for each account before they are summed.
type GRR string

// Formulas of gross revenue retention.
const (
	GRREndState  GRR = "end_state" // the lesser of an account's revenue at the end and at the start
	GRRMovements GRR = "movements" // revenue at the start less what was contracted and churned within, at least 0
)

// Logos is a formula of logo churn.
type Logos string

// Formulas of logo churn.
const (
	LogosGross  Logos = "gross"  // customers at the start who left at least once / customers at the start
	LogosNet    Logos = "net"    // customers at the start who are none at the end / customers at the start
	LogosEvents Logos = "events" // times anyone left / customers at the start and new ones
)

// Prices says whether a rise of the price alone, which a movement can name, counts in NRR and GRR.
type Prices string

// Ways to count price rises.
const (
	PricesIn    Prices = "in"
	PricesApart Prices = "apart" // an account's revenue at the end is taken without the period's rises, at least 0
)

// Moves says what the movements of a period are.
type Moves string

// Ways to count movements.
const (
	MovesEach Moves = "each" // every one
	MovesNet  Moves = "net"  // one an account: its revenue at the end against that at the start, as two snapshots show
)

// Free says what an account without revenue is that has not left.
type Free string

// Ways to count free accounts.
const (
	FreeApart Free = "apart" // no customer: one that begins to pay is new, one that falls to 0 churns
	FreeLogos Free = "logos" // a customer, though in no revenue cohort
)

// complete names the defaults and refuses what is no option.
func (o Options) complete() (Options, error) {
	if err := span.Check(time.Duration(o.Gap)); err != nil {
		return o, fmt.Errorf("gap: %w", err)
	}
	if o.Gap < 0 {
		return o, fmt.Errorf("gap %s is negative", o.Gap)
	}
	for _, err := range []error{
		choose("per", &o.Per, Month, Quarter, Year),
		choose("returns", &o.Returns, ReturnsOut, ReturnsCohort, ReturnsAll),
		choose("grr", &o.GRR, GRREndState, GRRMovements),
		choose("logos", &o.Logos, LogosGross, LogosNet, LogosEvents),
		choose("prices", &o.Prices, PricesIn, PricesApart),
		choose("moves", &o.Moves, MovesEach, MovesNet),
		choose("free", &o.Free, FreeApart, FreeLogos),
	} {
		if err != nil {
			return o, err
		}
	}
	return o, nil
}

// choose sets an empty option to the first and refuses one that is not among them.
func choose[T ~string](name string, option *T, among ...T) error {
	if *option == "" {
		*option = among[0]
	}
	if slices.Contains(among, *option) {
		return nil
	}
	var names []string
	for _, a := range among {
		names = append(names, string(a))
	}
	return fmt.Errorf("%s %q is none of %s", name, string(*option), strings.Join(names, ", "))
}
