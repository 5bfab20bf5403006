// Package check says what is wrong with a definition, in the same words in every package.
//
// The methods of a [Report] take the place of what they check in two parts, the pointer to a thing and the field of it
// ("/groups/0", "/weight"), and join them only where there is a problem.
package check

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/nearest"
	"github.com/customersuccess-go/customersuccess/internal/problem"
	"github.com/customersuccess-go/customersuccess/internal/span"
)

// maxGuesses is how many names a report compares in search of near ones: in a large definition with many unknown names
// the work would be the product of two sizes.
const maxGuesses = 100_000

// A Report collects problems in the order in which they are found. The zero value is ready.
type Report struct {
	problem.List
	guesses int
}

// Err adds an error as a problem and reports whether there was none.
func (r *Report) Err(at, field string, err error) bool {
	if err != nil {
		r.Addf(at+field, "%v", err)
	}
	return err == nil
}

// Format checks a definition's format, which is not above the known one.
func (r *Report) Format(format, known int) {
	if format < 1 || format > known {
		r.Addf("/format", "must be %d, not %d", known, format)
	}
}

// Name checks a name by [ident.Name].
func (r *Report) Name(at, field, name string) bool { return r.Err(at, field, ident.Name(name)) }

// Maybe checks a name that may be absent.
func (r *Report) Maybe(at, field, name string) bool { return name == "" || r.Name(at, field, name) }

// Text checks words for people, which may be absent, by [ident.Text].
func (r *Report) Text(at, field, text string) bool { return r.Err(at, field, ident.Text(text)) }

// Fits reports whether a list of n elements has at most most, and adds a problem if it has more.
func (r *Report) Fits(at, field string, n, most int) bool {
	if n > most {
		r.Addf(at+field, "has %d elements, over %d", n, most)
	}
	return n <= most
}

// Within refuses numbers outside of low to high, NaN among them.
func (r *Report) Within(at, field string, x, low, high float64) bool {
	ok := x >= low && x <= high
	if !ok {
		r.Addf(at+field, "must be %v to %v, not %v", low, high, x)
	}
	return ok
}

// Finite refuses NaN and the infinities.
func (r *Report) Finite(at, field string, x float64) bool {
	ok := math.Abs(x) <= math.MaxFloat64
	if !ok {
		r.Addf(at+field, "must be finite, not %v", x)
	}
	return ok
}

// Span refuses durations that are negative or have no text.
func (r *Report) Span(at, field string, d time.Duration) bool {
	if d < 0 {
		r.Addf(at+field, "must not be negative")
		return false
	}
	return r.Err(at, field, span.Check(d))
}

// OneOf checks a word of an enumeration. Where absence is allowed, the empty word is among the known.
func OneOf[T ~string](r *Report, at, field string, word T, known ...T) bool {
	if slices.Contains(known, word) {
		return true
	}
	words := make([]string, 0, len(known))
	for _, w := range known {
		if w != "" {
			words = append(words, string(w))
		}
	}
	r.Addf(at+field, "must be one of %s, not %q%s", strings.Join(words, ", "), Clip(string(word)), r.near(string(word), words))
	return false
}

// Names are those that the elements of one list have. The zero value is ready.
type Names struct {
	list  []string
	first map[string]int
}

// Define checks the name of the next element of a list, which is at, and that no other has it.
func (r *Report) Define(ns *Names, at, field, name string) bool {
	ok := r.Name(at, field, name)
	if first, twice := ns.first[name]; twice {
		if ok {
			r.Addf(at+field, "%q is the name of element %d already", name, first)
		}
		ok = false
	} else {
		if ns.first == nil {
			ns.first = make(map[string]int)
		}
		ns.first[name] = len(ns.list)
	}
	ns.list = append(ns.list, name)
	return ok
}

// Refer finds the element that has a name, and adds a problem if there is none.
func (r *Report) Refer(ns *Names, at, field, what, name string) (int, bool) {
	i, ok := ns.first[name]
	if !ok {
		r.Addf(at+field, "there is no %s %q%s", what, Clip(name), r.near(name, ns.list))
	}
	return i, ok
}

// Index returns the position of the first element of a name.
func (ns *Names) Index(name string) (int, bool) {
	i, ok := ns.first[name]
	return i, ok
}

// near suggests the known word that was probably meant. Of two letters nobody can tell.
func (r *Report) near(got string, known []string) string {
	if r.guesses += len(known); r.guesses > maxGuesses || len(got) <= 2 {
		return ""
	}
	if word, ok := nearest.Word(got, known); ok {
		return fmt.Sprintf(": did you mean %q?", word)
	}
	return ""
}

// Clip shortens what a message quotes to 64 bytes.
func Clip(s string) string {
	const longest = 64
	if len(s) <= longest {
		return s
	}
	return strings.ToValidUTF8(s[:longest], "") + "…"
}
