package engagement

import (
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/canon"
	"github.com/customersuccess-go/customersuccess/internal/check"
	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
	"github.com/customersuccess-go/customersuccess/internal/problem"
)

// A Scoring says what interactions are worth, for a score of how engaged an account or one of its people is. It is plain
// data: build it in Go or read it with [ParseScoring], then [CompileScoring] checks it.
type Scoring struct {
	Format int     `json:"format"` // 1
	Name   string  `json:"name"`
	Full   float64 `json:"full"`   // points that make a score of 100, above 0 up to 1000000
	Ages   []Age   `json:"ages"`   // Within rises and Share does not; what is older than the last counts nothing
	Worths []Worth `json:"worths"` // the first that matches counts; what none matches counts nothing
}

// An Age says how much an interaction counts that is at most so old.
type Age struct {
	Within Duration `json:"within"` // included
	Share  float64  `json:"share"`  // 0 to 1
}

// A Worth says what an interaction of a kind is worth. Empty parts match all; Outbound matches a touch without direction.
type Worth struct {
	Channel   Channel   `json:"channel,omitempty"`
	Party     Party     `json:"party,omitempty"`
	Direction Direction `json:"direction,omitempty"`
	Valence   Valence   `json:"valence,omitempty"`
	Answered  bool      `json:"answered,omitempty"` // answered touches alone
	Points    float64   `json:"points"`             // −10000 to 10000
}

// A Scorer is a compiled Scoring. It is immutable and safe for concurrent use.
type Scorer struct {
	def    Scoring
	digest Digest
}

// CompileScoring checks a scoring and keeps a copy of it. It returns an *InvalidError with every problem, or ErrFormat if
// the format is newer than [Format].
func CompileScoring(s Scoring) (*Scorer, error) {
	if s.Format > Format {
		return nil, fmt.Errorf("engagement: compile scoring %q: format %d: %w", s.Name, s.Format, ErrFormat)
	}
	var c check.Report
	c.Format(s.Format, Format)
	c.Name("", "/name", s.Name)
	if c.Within("", "/full", s.Full, 0, 1e6) && s.Full == 0 {
		c.Addf("/full", "must be above 0")
	}
	if len(s.Ages) == 0 {
		c.Addf("/ages", "is empty: nothing would count")
	}
	if c.Fits("", "/ages", len(s.Ages), maxRules) {
		for i, a := range s.Ages {
			at := problem.Pointer("ages", i)
			c.Span(at, "/within", time.Duration(a.Within))
			c.Within(at, "/share", a.Share, 0, 1)
			if i > 0 && a.Within <= s.Ages[i-1].Within {
				c.Addf(at+"/within", "must be longer than the one before it")
			}
			if i > 0 && a.Share > s.Ages[i-1].Share {
				c.Addf(at+"/share", "must not be above the one before it")
			}
		}
	}
	if len(s.Worths) == 0 {
		c.Addf("/worths", "is empty: nothing would count")
	}
	if c.Fits("", "/worths", len(s.Worths), maxRules) {
		for i, w := range s.Worths {
			at := problem.Pointer("worths", i)
			check.OneOf(&c, at, "/channel", w.Channel, "", Human, Digital, Product, Community, Partner)
			check.OneOf(&c, at, "/party", w.Party, "", User, Sponsor, PartnerParty, Peer)
			check.OneOf(&c, at, "/direction", w.Direction, "", Outbound, Inbound, Between)
			check.OneOf(&c, at, "/valence", w.Valence, "", Positive, Neutral, Negative)
			c.Within(at, "/points", w.Points, -10_000, 10_000)
		}
	}
	if err := invalid(c.List); err != nil {
		return nil, err
	}
	s.Ages, s.Worths = slices.Clone(s.Ages), slices.Clone(s.Worths)
	digest, err := canon.Digest(s)
	if err != nil {
		return nil, fmt.Errorf("engagement: compile scoring %q: %w", s.Name, err)
	}
	return &Scorer{def: s, digest: digest}, nil
}

// Digest returns the digest of the definition.
func (s *Scorer) Digest() Digest { return s.digest }

// A ScoreInput is all that a score is made of.
type ScoreInput struct {
	Account string
	Person  string  // ID; "": of all
	Party   Party   // kind; "": of all
	Touches []Touch // in any order
}

// A Score says how engaged an account, a person or a kind of people is.
type Score struct {
	Account string    `json:"account"`
	Person  string    `json:"person,omitempty"`
	Party   Party     `json:"party,omitempty"`
	AsOf    time.Time `json:"as_of"`
	Digest  Digest    `json:"digest"`
	Known   bool      `json:"known"`  // false: there was no interaction at all, and Value says nothing
	Value   float64   `json:"value"`  // 0 to 100: Points / Full × 100, cut off at both ends
	Points  float64   `json:"points"` // the exact sum of Parts, a multiple of 2^-20
	Parts   []Part    `json:"parts,omitempty"`
}

// MarshalJSON returns the canonical encoding.
func (s Score) MarshalJSON() ([]byte, error) {
	type plain Score
	return canon.JSON(plain(s))
}

// A Part is what one interaction adds.
type Part struct {
	Touch  string    `json:"touch"` // ID
	At     time.Time `json:"at"`
	Points float64   `json:"points"` // a multiple of 2^-20
}

// Score returns the score as of an instant, which is inclusive: touches after it are not seen. Each counts the points of
// its kind times the share of its age. Parts are by At, then by ID, without those that count nothing.
//
// It returns errors as [Model.Due] does for the account, asOf and touches.
func (s *Scorer) Score(in ScoreInput, asOf time.Time) (Score, error) {
	r := reader{account: in.Account}
	if err := ident.Check(in.Account); err != nil {
		r.fail("account", err)
	}
	now := r.micros(asOf, "as of", "")
	list := r.touches(in.Touches, now, nil, nil)
	if r.err != nil {
		return Score{}, r.err
	}
	slices.SortFunc(list, func(a, b made) int { return a.of.compare(*b.of) })
	score := Score{Account: in.Account, Person: in.Person, Party: in.Party, AsOf: instant.FromMicros(now), Digest: s.digest}
	for i := range list {
		t := &list[i]
		if t.at > now || in.Person != "" && t.of.Person != in.Person || in.Party != "" && t.of.Party != in.Party {
			continue
		}
		score.Known = true
		if points := grid(float64(s.worth(t) * s.share(now-t.at))); points != 0 {
			score.Points += points // exact: both are on the grid, and far from where it ends
			score.Parts = append(score.Parts, Part{Touch: t.of.ID, At: instant.FromMicros(t.at), Points: points})
		}
	}
	score.Value = min(max(grid(score.Points/s.def.Full*100), 0), 100)
	return score, nil
}

// share returns what is left of an interaction's points at an age in microseconds.
func (s *Scorer) share(age int64) float64 {
	for _, a := range s.def.Ages {
		if age <= time.Duration(a.Within).Microseconds() {
			return a.Share
		}
	}
	return 0
}

// worth returns the points of an interaction that just happened.
func (s *Scorer) worth(t *made) float64 {
	for _, w := range s.def.Worths {
		direction := t.of.Direction
		if direction == "" {
			direction = Outbound
		}
		if (w.Channel == "" || w.Channel == t.of.Channel) && (w.Party == "" || w.Party == t.of.Party) &&
			(w.Direction == "" || w.Direction == direction) && (w.Valence == "" || w.Valence == t.of.Valence) &&
			(!w.Answered || t.answered != unknown) {
			return w.Points
		}
	}
	return 0
}

// grid rounds to a multiple of 2^-20, half up.
func grid(x float64) float64 { return math.Floor(float64(x*(1<<20))+0.5) / (1 << 20) }
