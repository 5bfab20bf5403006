package engagement

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// Touches keeps what was done with each account. The host implements it over its own storage;
// engagementtest.RunTouches tests it.
//
//   - [T1] Record adds each touch under its natural key: account and ID.
//   - [T2] The same key with the content that is known at its Recorded already is a no-op, unless another revision was
//     recorded since; other content is a new revision. Of two recorded at one instant the later put counts. Content is all
//     but Recorded.
//   - [T3] Made gives, in order of At and then of the bytes of ID, of each touch the last revision that was recorded at or
//     before knownAt, if from <= At < to there. A zero from, to or knownAt is no bound; others are in whole microseconds.
//     None is an empty sequence.
//   - [T4] Touches come back as they were recorded: instants to the microsecond, text to the byte. What the caller changes
//     in what was given or returned changes nothing stored.
//   - [T5] Touched gives the accounts with a touch whose ID is after the given one, each once, in order of their bytes.
//   - [T6] Forget removes the account: afterwards all reads are as if the account had never been seen.
//   - [T7] IDs are compared by bytes, never folded or trimmed.
//   - [T8] A range is a snapshot: a Record while it runs does not change it. A caller may stop it early, and may call
//     the store while it ranges.
//   - [T9] Every method gives up with the context's error (errors.Is) when that is cancelled, a sequence over nothing too,
//     and is safe for concurrent use.
type Touches interface {
	Record(ctx context.Context, account string, touches ...Touch) error
	Made(ctx context.Context, account string, from, to, knownAt time.Time) iter.Seq2[Touch, error]
	Touched(ctx context.Context, after string) iter.Seq2[string, error]
	Forget(ctx context.Context, account string) error
}

// A Touch is one contact with an account, whoever began it. Its JSON is canonical.
type Touch struct {
	Format    int       `json:"format"` // 1
	ID        string    `json:"id"`     // unique in the account; of a Task that was done, the task's
	Touch     string    `json:"touch"`  // name in the program; "" : outside of it
	Channel   Channel   `json:"channel"`
	By        string    `json:"by,omitempty"`
	Person    string    `json:"person,omitempty"` // ID of whom it reached
	Party     Party     `json:"party,omitempty"`  // kind of that person
	Direction Direction `json:"direction,omitempty"`
	Valence   Valence   `json:"valence,omitempty"`
	Notice    Notice    `json:"notice,omitempty"`
	Ask       Ask       `json:"ask,omitempty"`
	At        time.Time `json:"at"`
	Answered  time.Time `json:"answered,omitzero"` // by a declared signal; zero: not
	Recorded  time.Time `json:"recorded"`
}

// MarshalJSON returns the canonical encoding.
func (t Touch) MarshalJSON() ([]byte, error) {
	type plain Touch
	return canon.JSON(plain(t))
}

// normal returns the touch with its instants in the form of the module.
func (t Touch) normal() Touch {
	t.At, t.Answered, t.Recorded = instant.Of(t.At), instant.Of(t.Answered), instant.Of(t.Recorded)
	return t
}

// same compares two normal touches but for when they were recorded.
func (t Touch) same(u Touch) bool {
	t.Recorded = u.Recorded
	return t == u
}

// compare orders by At, then by ID.
func (t Touch) compare(u Touch) int { return cmp.Or(t.At.Compare(u.At), strings.Compare(t.ID, u.ID)) }

// check holds a touch to what can be kept.
func (t *Touch) check(r *reader) {
	if !plain(t.ID) || t.ID == "" {
		if err := ident.Check(t.ID); err != nil {
			r.fail(fmt.Sprintf("ID of touch %q", t.ID), err)
		}
	}
	if !plain(t.Touch) || !plain(string(t.Channel)) || !plain(t.By) || !plain(t.Person) || !plain(string(t.Party)) ||
		!plain(string(t.Direction)) || !plain(string(t.Valence)) || !plain(string(t.Notice)) || !plain(string(t.Ask)) {
		t.checkTexts(r)
	}
	r.micros(t.At, "time of touch", t.ID)
	r.maybe(t.Answered, "answered time of touch", t.ID)
	r.maybe(t.Recorded, "recorded time of touch", t.ID)
}

// plain reports whether a text is short and of printable ASCII, as most are. It may be empty.
func plain(s string) bool {
	if len(s) > ident.Longest {
		return false
	}
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

func (t *Touch) checkTexts(r *reader) {
	for _, text := range [...]struct{ name, text string }{
		{"name", t.Touch}, {"channel", string(t.Channel)}, {"by", t.By}, {"person", t.Person}, {"party", string(t.Party)},
		{"direction", string(t.Direction)}, {"valence", string(t.Valence)}, {"notice", string(t.Notice)}, {"ask", string(t.Ask)},
	} {
		if err := ident.Text(text.text); err != nil {
			r.fail(fmt.Sprintf("%s of touch %q", text.name, t.ID), err)
		}
	}
}
