package outcome

import (
	"fmt"
	"strings"
	"unicode"
)

// Words are what a linter reads statements by: data that a host extends or replaces. [English] is the default.
type Words struct {
	Solutions []Word `json:"solutions,omitempty"` // name what would do the job, instead of the job
	Vague     []Word `json:"vague,omitempty"`     // can't be counted, as a measure
	Compound  []Word `json:"compound,omitempty"`  // join two outcomes into one
}

// A Word is found as a whole word or phrase, in either case, with or without an s at its end.
type Word struct {
	Word    string `json:"word"`
	Instead string `json:"instead,omitempty"` // what to write; "": the advice for its list
}

// English returns the words of a first list to edit.
func English() Words {
	return Words{
		Solutions: []Word{
			{"dashboard", "what is to be seen, such as \"the time it takes to see what is late\""},
			{"report", "what is to be known, such as \"the time it takes to know the cost of a case\""},
			{"app", ""}, {"application", ""}, {"software", ""}, {"platform", ""}, {"tool", ""}, {"feature", ""}, {"plugin", ""},
			{"button", ""}, {"screen", ""}, {"workflow", ""}, {"integration", "what is to arrive where, such as \"the likelihood that an order is entered twice\""},
			{"api", ""}, {"interface", ""}, {"portal", ""}, {"chatbot", ""}, {"bot", ""}, {"spreadsheet", ""}, {"database", ""},
			{"email", "what the reader is to know"}, {"notification", "what the reader is to know"}, {"alert", "what the reader is to know"},
			{"automation", "the work that is to fall away"}, {"automate", "the work that is to fall away"},
			{"machine learning", ""}, {"artificial intelligence", ""}, {"ai", ""}, {"single sign-on", "the time it takes to begin"},
		},
		Vague: []Word{
			{"quality", "the likelihood of a defect"}, {"experience", "what goes wrong, and how often"}, {"efficiency", "the time or cost of one piece"},
			{"effectiveness", "the share that succeeds"}, {"productivity", "the number done in a time"}, {"performance", "the time it takes"},
			{"satisfaction", "the share that would do it again"}, {"ease", "the time or number of steps"}, {"simplicity", "the number of steps"},
			{"flexibility", "the time a change takes"}, {"visibility", "the time it takes to see"}, {"transparency", "the time it takes to see"},
			{"engagement", "the share that takes part each week"}, {"success", "the share that arrives"}, {"things", ""}, {"amount", ""}, {"level", ""},
		},
		Compound: []Word{{"and", ""}, {"or", ""}, {"as well as", ""}, {"while also", ""}},
	}
}

// Lint reads a sentence that is to be a desired outcome and says of each mistake what to write instead. Pointers are
// empty. Solutions are looked for in all of it, compounds before the context, and vague words in the measure; where the
// direction is missing, nothing tells these parts apart, and all are looked for in all of it.
//
// A finding rests on words: one may be meant, and a list never knows all.
func (w Words) Lint(sentence string) []Finding {
	var found []Finding
	measure, core := sentence, sentence
	if d, err := ParseDesired(sentence); err == nil {
		measure, core = d.Measure, d.Measure+" "+d.Object
	} else {
		found = append(found, Finding{Class: DirectionMissing,
			Message: fmt.Sprintf("%q says no direction and measure: begin with %s, then what is counted, such as time, number, likelihood, cost or share",
				sentence, beginnings)})
	}
	found = append(found, w.solutions(sentence)...)
	for _, word := range w.Vague {
		if word.in(measure) {
			found = append(found, Finding{Class: MeasureVague, Message: fmt.Sprintf("%q can't be counted: write %s",
				word.Word, word.instead("what is counted, such as time, number, likelihood, cost or share"))})
		}
	}
	for _, word := range w.Compound {
		if word.in(core) {
			found = append(found, Finding{Class: CompoundOutcome, Message: fmt.Sprintf("%q joins two outcomes: write %s",
				word.Word, word.instead("one sentence for each"))})
		}
	}
	return found
}

// solutions finds the words that name a solution.
func (w Words) solutions(text string) []Finding {
	var found []Finding
	for _, word := range w.Solutions {
		if word.in(text) {
			found = append(found, Finding{Class: SolutionNamed, Message: fmt.Sprintf("%q is a solution: write %s",
				word.Word, word.instead("what the customer can do then, whatever does it"))})
		}
	}
	return found
}

func (w Word) instead(advice string) string {
	if w.Instead != "" {
		return w.Instead
	}
	return advice
}

// plain is the word as it is looked for.
func (w Word) plain() string { return strings.TrimSpace(spaced(w.Word)) }

func (w Word) in(text string) bool {
	word, text := w.plain(), spaced(text)
	return word != "" && (strings.Contains(text, " "+word+" ") || strings.Contains(text, " "+word+"s "))
}

// spaced returns the words of a text in lower case, with one space before and after each.
func spaced(text string) string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	return " " + strings.Join(words, " ") + " "
}
