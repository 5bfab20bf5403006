package house_test

import (
	"cmp"
	"slices"
	"strings"
	"testing"
)

// A check reads the source of one package and returns the places that break one rule.
type check struct {
	name, reason string
	run          func(*unit) []finding
}

// coreChecks hold in all that computes: the five, their subpackages and internal, without suites and tests.
var coreChecks = []check{
	{"state", "a package that remembers something answers differently the second time", packageState},
	{"clock", "the instant, the seed and the settings are arguments", surroundings},
	{"flow", "the library starts no goroutine, and bad data is an error, never a panic", flow},
	{"order", "the order of a map differs from run to run", mapOrder},
	{"fused", "arm64 rounds a*b+c once where amd64 rounds twice; float64(a*b) rounds the product everywhere", fusedProducts},
	{"approximate", "the last digits of math.Exp and its like differ among platforms, so they stay in statistics", approximations},
	{"money", "only operations of decimal that no package variable changes, and no == that compares pointers", looseMoney},
}

// publicChecks hold in every package that others import.
var publicChecks = []check{
	{"doc", "an exported name without a fact beside it is a guess", undocumented},
	{"signature", "exported signatures say what they take and give, in types that a host can name", looseSignatures},
}

// results runs a check and returns its findings in the order of the source.
func (c check) results(u *unit) []string {
	fs := c.run(u)
	slices.SortFunc(fs, func(a, b finding) int { return cmp.Compare(a.pos, b.pos) })
	var out []string
	for _, f := range fs {
		out = append(out, u.String(f))
	}
	return slices.Compact(out)
}

func TestCore(t *testing.T)   { testChecks(t, coreChecks, units(t, isCore)) }
func TestPublic(t *testing.T) { testChecks(t, publicChecks, units(t, isPublic)) }

func testChecks(t *testing.T, checks []check, us []*unit) {
	for _, c := range checks {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			for _, u := range us {
				for _, f := range c.results(u) {
					t.Error(f)
					n++
				}
			}
			if n > 0 {
				t.Logf("%d places; the rule: %s", n, c.reason)
			}
		})
	}
}

// A sample is a program in one file. A check must report exactly the lines that end in "// bad", which it does not see.
type sample struct{ check, name, file, source string }

// TestChecksBite runs each check over programs that keep its rule and break it.
func TestChecksBite(t *testing.T) {
	l := mustLoad(t)
	checks := slices.Concat(coreChecks, publicChecks)
	bites := map[string]bool{}
	for _, s := range slices.Concat(coreSamples, publicSamples) {
		t.Run(s.check+"/"+s.name, func(t *testing.T) {
			i := slices.IndexFunc(checks, func(c check) bool { return c.name == s.check })
			if i < 0 {
				t.Fatalf("no check %q", s.check)
			}
			var want, got []int
			lines := strings.Split(s.source, "\n")
			for i, line := range lines {
				if code, bad := strings.CutSuffix(line, "// bad"); bad {
					want, lines[i] = append(want, i+1), code
				}
			}
			file := cmp.Or(s.file, "model.go")
			u, err := l.check("health", map[string][]byte{file: []byte(strings.Join(lines, "\n"))})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range checks[i].run(u) {
				got = append(got, u.fset.Position(f.pos).Line)
			}
			slices.Sort(got)
			if got = slices.Compact(got); !slices.Equal(got, want) {
				t.Errorf("reported lines %v, want %v:\n%s", got, want, strings.Join(checks[i].results(u), "\n"))
			}
			if len(want) > 0 {
				bites[s.check] = true
			}
		})
	}
	for _, c := range checks {
		if !bites[c.name] {
			t.Errorf("no program breaks the check %q", c.name)
		}
	}
}
