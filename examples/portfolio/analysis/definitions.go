package analysis

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/customersuccess-go/customersuccess/health"
	"github.com/customersuccess-go/customersuccess/journey"
	"github.com/customersuccess-go/customersuccess/ladder"
	"github.com/customersuccess-go/customersuccess/outcome"
	"github.com/customersuccess-go/customersuccess/segment"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

// Definitions are what a book is read with, compiled.
type Definitions struct {
	Health   *health.Model
	Journey  *journey.Model
	Outcome  *outcome.Model
	Segment  *segment.Model
	Ladder   *ladder.Model
	Programs []Program // one for each segment with touches, in order of rank
}

// A Program is how one segment is engaged.
type Program struct {
	Segment string
	Model   *engagement.Model
}

// Load reads and compiles definitions: scorecard.json, map.json, template.json, scheme.json, ladder.json and
// program_SEGMENT.json. Files in first win over those in second; first may be nil. A file that neither has is the
// package's ready-made definition. The error joins the problems of all files.
func Load(first, second fs.FS) (Definitions, error) {
	l := loader{first: first, second: second}
	var d Definitions
	d.Health = load(&l, "scorecard.json", health.Parse, health.Compile, health.Starter)
	d.Journey = load(&l, "map.json", journey.Parse, journey.Compile, journey.LAER)
	d.Outcome = load(&l, "template.json", outcome.Parse, outcome.Compile, outcome.Starter)
	d.Segment = load(&l, "scheme.json", segment.Parse, segment.Compile, segment.Tiers)
	d.Ladder = load(&l, "ladder.json", ladder.Parse, ladder.Compile, ladder.Starter)
	if d.Segment == nil {
		return d, errors.Join(l.errs...)
	}
	attributes := d.Segment.Scheme().Attributes
	compile := func(p engagement.Program) (*engagement.Model, error) { return engagement.Compile(p, attributes) }
	for _, s := range d.Segment.Segments() {
		name := "program_" + strings.ReplaceAll(s, " ", "_") + ".json"
		if _, ok := l.read(name); !ok {
			continue
		}
		d.Programs = append(d.Programs, Program{s, load(&l, name, engagement.Parse, compile, nil)})
	}
	return d, errors.Join(l.errs...)
}

type loader struct {
	first, second fs.FS
	errs          []error
}

func (l *loader) read(name string) ([]byte, bool) {
	for _, fsys := range []fs.FS{l.first, l.second} {
		if fsys == nil {
			continue
		}
		data, err := fs.ReadFile(fsys, name)
		if err == nil {
			return data, true
		}
		if !errors.Is(err, fs.ErrNotExist) {
			l.errs = append(l.errs, err)
		}
	}
	return nil, false
}

func load[D, M any](l *loader, name string, parse func([]byte) (D, error), compile func(D) (*M, error), ready func() D) *M {
	var d D
	if data, ok := l.read(name); ok {
		var err error
		if d, err = parse(data); err != nil {
			l.errs = append(l.errs, fmt.Errorf("%s: %w", name, err))
			return nil
		}
	} else {
		d = ready()
	}
	m, err := compile(d)
	if err != nil {
		l.errs = append(l.errs, fmt.Errorf("%s: %w", name, err))
	}
	return m
}

// program returns the program of a segment, or nil.
func (d Definitions) program(segment string) *engagement.Model {
	for _, p := range d.Programs {
		if p.Segment == segment {
			return p.Model
		}
	}
	return nil
}

func (d Definitions) digests() []DigestRow {
	rows := []DigestRow{
		{"scorecard", d.Health.Scorecard().Name, d.Health.Digest().String()},
		{"map", d.Journey.Map().Name, d.Journey.Digest().String()},
		{"template", d.Outcome.Template().Name, d.Outcome.Digest().String()},
		{"scheme", d.Segment.Scheme().Name, d.Segment.Digest().String()},
		{"ladder", d.Ladder.Ladder().Name, d.Ladder.Digest().String()},
	}
	for _, p := range d.Programs {
		rows = append(rows, DigestRow{"program of " + p.Segment, p.Model.Program().Name, p.Model.Digest().String()})
	}
	return rows
}
