package ladder_test

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/internal/refdata"
	"github.com/customersuccess-go/customersuccess/ladder"
)

// reference reads a file with known answers, which are not part of the project.
func reference(t *testing.T, name string) []byte {
	t.Helper()
	dir := refdata.Reference(t, "../../shared/reference", "finance")
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// table reads a CSV file and checks its number of rows.
func table(t *testing.T, name string, n int) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(string(reference(t, name)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != n+1 {
		t.Fatalf("%s has %d rows, want %d", name, len(rows)-1, n)
	}
	return rows[1:]
}

func decs(values ...string) []decimal.Decimal {
	var list []decimal.Decimal
	for _, v := range values {
		list = append(list, dec(strings.TrimSpace(v)))
	}
	return list
}

func npv(t *testing.T, rate string, flows []decimal.Decimal, c ladder.Convention) decimal.Decimal {
	t.Helper()
	v, err := ladder.NPV(dec(rate), flows, c)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// rateOf returns the one rate of return.
func rateOf(t *testing.T, r ladder.Rates, err error) float64 {
	t.Helper()
	if err != nil || r.Rate == nil {
		t.Fatalf("%+v, %v: want one rate", r, err)
	}
	return *r.Rate
}

// near compares with a relative tolerance.
func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within*math.Max(math.Abs(want), 1e-3) {
		t.Errorf("%s: got %.17g, want %.17g", what, got, want)
	}
}

// between returns what stands in the text after one mark and before the next.
func between(text, after, before string) string {
	_, text, _ = strings.Cut(text, after)
	text, _, _ = strings.Cut(text, before)
	return text
}

// serial is a spreadsheet's day number: days after 1899-12-30.
func serial(t *testing.T, text string) time.Time {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return time.Date(1899, 12, 30+n, 0, 0, 0, 0, time.UTC)
}

// TestSpreadsheets checks every documented example of Microsoft's function reference, as Gnumeric 1.12.55 evaluates it to
// full precision. What the package does not offer by itself is checked through what it does: an annuity's payment is the
// one whose present value is the loan, an effective rate is what one unit grows to, and a modified rate of return grows
// what was spent to what came back.
func TestSpreadsheets(t *testing.T) {
	kinds := map[string]int{}
	for _, row := range table(t, "excel_doc_examples.csv", 21) {
		name, formula := row[0], row[1]
		want, err := strconv.ParseFloat(row[3], 64)
		if err != nil {
			t.Fatal(err)
		}
		arguments := strings.Split(between(formula, "(", ")"), ",")
		kind := between(formula, "=", "(")
		kinds[kind]++
		t.Run(name, func(t *testing.T) {
			switch kind {
			case "NPV":
				_, after, _ := strings.Cut(formula, ")")
				v := npv(t, arguments[0], decs(arguments[1:]...), ladder.FirstAfterPeriod)
				if after != "" {
					v = v.Add(dec(after))
				}
				near(t, formula, v.InexactFloat64(), want, 1e-12)
			case "IRR":
				r, err := ladder.IRR(decs(strings.Split(between(formula, "{", "}"), ",")...))
				near(t, formula, rateOf(t, r, err), want, 1e-10)
			case "XNPV", "XIRR":
				var flows []ladder.Flow
				days := strings.Split(between(formula[strings.Index(formula, "},"):], "{", "}"), ",")
				for i, v := range decs(strings.Split(between(formula, "{", "}"), ",")...) {
					flows = append(flows, ladder.Flow{At: serial(t, days[i]), Amount: v})
				}
				if kind == "XIRR" {
					// The published value is where the iteration stopped; it is a root to 2e-8.
					r, err := ladder.XIRR(flows)
					near(t, formula, rateOf(t, r, err), want, 1e-8)
					return
				}
				v, err := ladder.XNPV(dec(arguments[0]).InexactFloat64(), flows)
				if err != nil {
					t.Fatal(err)
				}
				near(t, formula, v, want, 1e-12)
			case "MIRR":
				flows := decs(strings.Split(between(formula, "{", "}"), ",")...)
				rates := strings.Split(between(formula, "},", ")"), ",")
				spent, back := slices.Clone(flows), slices.Clone(flows)
				for i := range flows {
					if flows[i].Sign() < 0 {
						back[i] = decimal.Decimal{}
					} else {
						spent[i] = decimal.Decimal{}
					}
				}
				n := float64(len(flows) - 1)
				end := npv(t, rates[1], back, ladder.FirstNow).InexactFloat64() * math.Pow(1+dec(rates[1]).InexactFloat64(), n)
				near(t, formula, -npv(t, rates[0], spent, ladder.FirstNow).InexactFloat64()*math.Pow(1+want, n), end, 1e-12)
			case "PMT":
				convention := ladder.FirstAfterPeriod
				if len(arguments) == 5 {
					convention = ladder.FirstNow
				}
				flows := slices.Repeat(decs(row[3]), 10)
				near(t, formula, npv(t, "0.006666666666666667", flows, convention).InexactFloat64(), -10000, 1e-12)
			case "EFFECT":
				v := npv(t, "0.013125", decs("0", "0", "0", "0", "1"), ladder.FirstNow)
				near(t, formula, 1/v.InexactFloat64()-1, want, 1e-12)
			case "ROUND":
				// A statement rounds half to even, where spreadsheets round half away from zero. These examples agree.
				digits := dec(arguments[1]).IntPart()
				got := roundedByStatement(t, "JPY", dec(arguments[0]).Shift(int32(digits))).Shift(int32(-digits))
				near(t, formula, got.InexactFloat64(), want, 1e-15)
			default:
				t.Errorf("unknown formula %s", formula)
			}
		})
	}
	if len(kinds) != 8 {
		t.Errorf("%d kinds of formulas: %v", len(kinds), kinds)
	}
}

// roundedByStatement is a line of that value.
func roundedByStatement(t *testing.T, currency string, v decimal.Decimal) decimal.Decimal {
	t.Helper()
	l := hoursSaved()
	l.Currency = currency
	l.Benefits[0] = ladder.Benefit{
		Name: "value", Driver: ladder.CostReduction, Basis: ladder.OneOff, Node: "users",
		Moved: &ladder.Term{Value: &v}, UnitValue: *constant("1"),
	}
	return state(t, compile(t, l), nil).Gross
}

// TestRoundingModes checks the half-even column of Python's decimal against the rounding of lines: the yen has no minor
// unit, the euro two digits. The other columns are modes that the package does not have.
func TestRoundingModes(t *testing.T) {
	for _, row := range table(t, "rounding_modes_decimal.csv", 32) {
		currency := map[string]string{"1": "JPY", "0.01": "EUR"}[row[1]]
		if got := roundedByStatement(t, currency, dec(row[0])); !got.Equal(dec(row[3])) {
			t.Errorf("%s to %s: %v, want %s", row[0], row[1], got, row[3])
		}
	}
}

// TestFinanceExact checks the answers of SciPy and of worked examples.
func TestFinanceExact(t *testing.T) {
	type flows struct {
		Flows []decimal.Decimal
		Roots []float64
		Rate  decimal.Decimal
		Want  *float64 `json:"periods_interpolated"`
	}
	var exact struct {
		XIRR       float64 `json:"xirr_exact_root"`
		XNPV       float64 `json:"xnpv_9pct"`
		Five       float64 `json:"irr_5y"`
		Four       float64 `json:"irr_4y"`
		Numpy      float64 `json:"irr_numpy_doc"`
		Several    flows   `json:"irr_multiple_roots"`
		NoRoot     flows   `json:"irr_no_root"`
		NoRealRoot struct {
			Flows []decimal.Decimal
			Least float64 `json:"npv_min_positive"`
		} `json:"irr_no_real_root"`
		Payback []flows
	}
	if err := json.Unmarshal(reference(t, "finance_exact.json"), &exact); err != nil {
		t.Fatal(err)
	}
	var doc []ladder.Flow
	for i, v := range decs("-10000", "2750", "4250", "3250", "2750") {
		doc = append(doc, ladder.Flow{At: serial(t, []string{"39448", "39508", "39751", "39859", "39904"}[i]), Amount: v})
	}
	r, err := ladder.XIRR(doc)
	near(t, "XIRR", rateOf(t, r, err), exact.XIRR, 1e-12)
	if v, err := ladder.XNPV(0.09, doc); err != nil {
		t.Error(err)
	} else {
		near(t, "XNPV", v, exact.XNPV, 1e-12)
	}
	for _, test := range []struct {
		flows []decimal.Decimal
		want  float64
	}{
		{decs("-70000", "12000", "15000", "18000", "21000", "26000"), exact.Five},
		{decs("-70000", "12000", "15000", "18000", "21000"), exact.Four},
		{decs("-250000", "100000", "150000", "200000", "250000", "300000"), exact.Numpy},
	} {
		r, err := ladder.IRR(test.flows)
		near(t, "IRR", rateOf(t, r, err), test.want, 1e-10)
	}
	r, err = ladder.IRR(exact.Several.Flows)
	if err != nil || r.Rate != nil || r.Why != ladder.WhySeveralRoots || len(r.Roots) != len(exact.Several.Roots) {
		t.Fatalf("%+v, %v: want several roots", r, err)
	}
	for i, want := range exact.Several.Roots {
		near(t, "root", r.Roots[i], want, 1e-10)
	}
	if r, err := ladder.IRR(exact.NoRoot.Flows); err != nil || r.Why != ladder.WhyNoSignChange || r.Rate != nil {
		t.Errorf("%+v, %v: want no change of sign", r, err)
	}
	if r, err := ladder.IRR(exact.NoRealRoot.Flows); err != nil || r.Why != ladder.WhyNoRoot || r.Rate != nil {
		t.Errorf("%+v, %v: want no root", r, err)
	}
	// Its least present value is at 1/(1+rate) = 3000/5000.
	near(t, "least", npv(t, "0.666666666666666667", exact.NoRealRoot.Flows, ladder.FirstNow).InexactFloat64(), exact.NoRealRoot.Least, 1e-8)
	if len(exact.Payback) != 6 {
		t.Fatalf("%d paybacks, want 6", len(exact.Payback))
	}
	for _, test := range exact.Payback {
		p, err := ladder.PaybackOf(test.Flows, test.Rate)
		if err != nil || p.Reached != (test.Want != nil) || p.Dips {
			t.Errorf("%v at %v: %+v, %v", test.Flows, test.Rate, p, err)
		} else if test.Want != nil {
			near(t, "payback", p.Periods.InexactFloat64(), *test.Want, 1e-12)
		}
	}
}

// TestRoots plants rates of return and finds them again.
func TestRoots(t *testing.T) {
	for _, test := range []struct {
		name  string
		flows []decimal.Decimal
		want  []float64
		why   ladder.Why
	}{
		{"nothing", nil, nil, ladder.WhyNoSignChange},
		{"zeros", decs("0", "0"), nil, ladder.WhyNoSignChange},
		{"spent alone", decs("-5"), nil, ladder.WhyNoSignChange},
		{"zeros around", decs("0", "0", "-100", "0", "121", "0"), []float64{0.1}, ""},
		{"a rate of 0", decs("-100", "50", "50"), []float64{0}, ""},
		{"near -1", decs("-1000000", "2"), []float64{-0.999998}, ""},
		{"beyond the search", decs("-10000000", "1"), nil, ladder.WhyNoRoot},
		{"far", decs("-1", "0", "250000"), []float64{499}, ""},
		{"touching", decs("100", "-220", "121"), []float64{0.1}, ""},
		// (x - 1.1)(x - 1.2)(x - 1.5), in falling powers of 1 + rate
		{"three", decs("1", "-3.8", "4.77", "-1.98"), []float64{0.1, 0.2, 0.5}, ladder.WhySeveralRoots},
		{"tiny cents", decs("-0.01", "0.0121"), []float64{0.21}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := ladder.IRR(test.flows)
			if err != nil || r.Why != test.why || len(r.Roots) != len(test.want) || (r.Rate == nil) == (len(test.want) == 1) {
				t.Fatalf("%+v, %v: want %v %s", r, err, test.want, test.why)
			}
			for i, want := range test.want {
				if math.Abs(r.Roots[i]-want) > 1e-7 {
					t.Errorf("root %d: %v, want %v", i, r.Roots[i], want)
				}
			}
		})
	}
	// As many rates as changes of sign, which are all that there can be; yearly flows on dates in any order give the same.
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 31))
		var want []float64
		polynomial := []float64{1}
		for i := range 1 + random.IntN(5) {
			growth := 0.3 + float64(i)*0.4 + math.Round(random.Float64()*100)/1000
			want = append(want, growth-1)
			next := make([]float64, len(polynomial)+1)
			for k, c := range polynomial {
				next[k] += c
				next[k+1] -= c * growth
			}
			polynomial = next
		}
		var flows []decimal.Decimal
		var dates []ladder.Flow
		for i, c := range polynomial {
			v := decimal.RequireFromString(strconv.FormatFloat(c, 'f', 15, 64))
			flows = append(flows, v)
			dates = append(dates, ladder.Flow{At: epoch.Add(time.Duration(i) * 365 * 24 * time.Hour), Amount: v})
		}
		random.Shuffle(len(dates), func(i, j int) { dates[i], dates[j] = dates[j], dates[i] })
		r, err := ladder.IRR(flows)
		x, errX := ladder.XIRR(dates)
		if err != nil || errX != nil || len(r.Roots) != len(want) || len(x.Roots) != len(want) {
			t.Fatalf("seed %d: %v %v, %v %v: want %v", seed, r.Roots, err, x.Roots, errX, want)
		}
		for i := range want {
			if math.Abs(r.Roots[i]-want[i]) > 1e-7 || math.Abs(x.Roots[i]-want[i]) > 1e-7 {
				t.Fatalf("seed %d: %v and %v, want %v", seed, r.Roots, x.Roots, want)
			}
		}
	}
}

// TestNPVExact checks that the present values are what rationals give, to 28 digits.
func TestNPVExact(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 300 {
		rate := decimal.New(r.Int64N(3000)-999, -3)
		var flows []decimal.Decimal
		want := rat(decimal.Decimal{})
		factor := rat(dec("1"))
		for range 1 + r.IntN(40) {
			v := randomDecimal(r, 1e9).Sub(dec("500000"))
			flows = append(flows, v)
			want.Add(want, mul(rat(v), factor))
			factor.Quo(factor, rat(dec("1").Add(rate)))
		}
		off := rat(npv(t, rate.String(), flows, ladder.FirstNow))
		off.Sub(off, want)
		if limit := rat(decimal.New(int64(len(flows)), -28)); off.Abs(off).Cmp(limit) > 0 {
			t.Fatalf("%v at %v is off by %s", flows, rate, off.FloatString(40))
		}
		later := npv(t, rate.String(), append(decs("0"), flows...), ladder.FirstNow)
		if got := npv(t, rate.String(), flows, ladder.FirstAfterPeriod); !got.Equal(later) {
			t.Fatalf("first after a period: %v, want %v", got, later)
		}
	}
	dips, err := ladder.PaybackOf(decs("-100", "150", "-80", "50"), decimal.Decimal{})
	if want := (ladder.Payback{Reached: true, Periods: dec("0").Add(decimal.New(100, 0).DivRound(dec("150"), 18)), Dips: true}); err != nil ||
		!dips.Reached || !dips.Dips || !dips.Periods.Equal(want.Periods) {
		t.Errorf("%+v, %v: want %+v", dips, err, want)
	}
	roundTrip(t, dips)
	if late, err := ladder.PaybackOf(decs("0", "-100", "200"), decimal.Decimal{}); err != nil || late.Periods.String() != "1.5" || late.Dips {
		t.Errorf("%+v, %v: spent after a period, paid back half a period later", late, err)
	}
	if none, err := ladder.PaybackOf(decs("0", "0"), decimal.Decimal{}); err != nil || none.Reached {
		t.Errorf("%+v, %v: nothing is spent", none, err)
	}
	if at, err := ladder.PaybackOf(decs("5", "-1"), decimal.Decimal{}); err != nil || !at.Reached || !at.Periods.IsZero() || at.Dips {
		t.Errorf("%+v, %v: nothing is to be paid back", at, err)
	}
}
