package opportunity

import (
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/ident"
	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// A Rating is what one respondent said of one desired outcome. Ratings are a stream: an answer stands until the same
// respondent gives another one, and an answer that is missing leaves the one before.
type Rating struct {
	Segment      string    // the group that the respondent belongs to; "" is one, too
	Respondent   string    // an ID, within the segment
	Outcome      string    // the desired outcome
	Service      string    // the one that Satisfaction is with; "" is one, too
	Importance   int       // of the outcome, whatever the service: 1 to 5; 0 is no answer, as for "don't know"
	Satisfaction int       // with how well the service gets it done: 1 to 5; 0 is no answer
	At           time.Time // when it was said
}

// A Method says how answers become an importance and a satisfaction. The two rank needs differently.
type Method string

const (
	TopTwoBox Method = "top_two_box" // ten times the share that answered 4 or 5: 0 to 10, a score of 0 to 20
	Mean      Method = "mean"        // the mean answer: 1 to 5, a score of 1 to 9, without published bands
)

// Options say what is evaluated, and how. The zero value is the default.
type Options struct {
	Method     Method        // "" is TopTwoBox
	Service    string        // the one whose satisfaction counts
	Outcomes   []string      // those that were asked for; others that were rated are latent; empty: what was rated was asked for
	Window     time.Duration // elapsed; only what was said in (asOf − Window, asOf] counts; 0: all until asOf
	Minimum    int           // answers without which importance or satisfaction is unknown, 1 or more; 0: 10
	Confidence float64       // of the intervals, above 0 and below 1; 0: 0.95
	Resamples  int           // of the respondents, 100 to 100 000; 0: 1000
	Seed       uint64        // of the resamples: the same seed and the same ratings give the same bytes
}

const (
	defaultMinimum    = 10
	defaultConfidence = 0.95
	defaultResamples  = 1000
	fewestResamples   = 100
	mostResamples     = 100_000
	topBox            = 5 // the highest answer
	upperBoxes        = 4 // the lowest of the answers that count as agreement
)

// complete checks the options and fills in the defaults.
func (o Options) complete() (Options, error) {
	if o.Method == "" {
		o.Method = TopTwoBox
	}
	if o.Minimum == 0 {
		o.Minimum = defaultMinimum
	}
	if o.Confidence == 0 {
		o.Confidence = defaultConfidence
	}
	if o.Resamples == 0 {
		o.Resamples = defaultResamples
	}
	wrong := func(field, format string, args ...any) (Options, error) {
		return o, &DataError{Field: field, Message: fmt.Sprintf(format, args...)}
	}
	switch {
	case o.Method != TopTwoBox && o.Method != Mean:
		return wrong("method", "%q is unknown", o.Method)
	case o.Window < 0:
		return wrong("window", "%v is negative", o.Window)
	case o.Minimum < 0:
		return wrong("minimum", "%d is negative", o.Minimum)
	case math.IsNaN(o.Confidence) || o.Confidence <= 0 || o.Confidence >= 1:
		return wrong("confidence", "%v is not between 0 and 1", o.Confidence)
	case o.Resamples < fewestResamples || o.Resamples > mostResamples:
		return wrong("resamples", "%d is outside %d to %d", o.Resamples, fewestResamples, mostResamples)
	}
	if err := checkOptional(o.Service); err != nil {
		return wrong("service", "%v", err)
	}
	seen := make(map[string]bool, len(o.Outcomes))
	for _, name := range o.Outcomes {
		err := ident.Check(name)
		if err == nil && seen[name] {
			err = errors.New("is there twice")
		}
		if err != nil {
			return wrong(fmt.Sprintf("outcome %q", name), "%v", err)
		}
		seen[name] = true
	}
	return o, nil
}

// check holds a rating to the rules, whenever it was given.
func (r *Rating) check() error {
	wrong := func(field string, err error) error {
		return &DataError{Respondent: r.Respondent, Field: field, Message: err.Error()}
	}
	if err := ident.Check(r.Respondent); err != nil {
		return wrong("", err)
	}
	if err := ident.Check(r.Outcome); err != nil {
		return wrong("outcome", err)
	}
	if err := checkOptional(r.Segment); err != nil {
		return wrong("segment", err)
	}
	if err := checkOptional(r.Service); err != nil {
		return wrong("service", err)
	}
	if err := checkAnswer(r.Importance); err != nil {
		return wrong(fmt.Sprintf("importance of %q", r.Outcome), err)
	}
	if err := checkAnswer(r.Satisfaction); err != nil {
		return wrong(fmt.Sprintf("satisfaction with %q", r.Outcome), err)
	}
	if err := instant.Given(r.At); err != nil {
		return wrong(fmt.Sprintf("time of %q", r.Outcome), err)
	}
	return nil
}

func checkOptional(id string) error {
	if id == "" {
		return nil
	}
	return ident.Check(id)
}

func checkAnswer(answer int) error {
	if answer < 0 || answer > topBox {
		return fmt.Errorf("%d is outside 1 to %d", answer, topBox)
	}
	return nil
}
