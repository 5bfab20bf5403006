package survey

import (
	"fmt"

	"github.com/customersuccess-go/customersuccess/internal/strictjson"
)

// Format is the newest instrument format that this release reads. It versions the document and the arithmetic.
const Format = 1

// An Instrument is one question with its scale and the way its answers become a number. It is plain data: build it in
// Go or read it with [Parse], then [Compile] it. The zero Instrument is not valid.
type Instrument struct {
	Format int       `json:"format"` // 1
	Name   string    `json:"name"`   // answers name it; what is asked at another occasion is another instrument
	Method Method    `json:"method"`
	Better Direction `json:"better"`           // the end of the scale that is well
	Low    int       `json:"low"`              // least answer; answers are whole numbers
	High   int       `json:"high"`             // greatest answer
	Top    int       `json:"top,omitempty"`    // net, top_box: points of the scale, from the better end, that count as top
	Bottom int       `json:"bottom,omitempty"` // net: points from the other end that count as bottom
}

// A Method says how answers become a number.
type Method string

// Methods.
const (
	Net    Method = "net"     // share of top less share of bottom
	TopBox Method = "top_box" // share of top
	Mean   Method = "mean"    // mean answer
)

// A Direction says which answers are well.
type Direction string

// Directions.
const (
	Higher Direction = "higher"
	Lower  Direction = "lower"
)

// NPS asks how likely a recommendation is, 0 to 10: 9 and 10 are promoters, 0 to 6 detractors.
func NPS() Instrument {
	return Instrument{Format: 1, Name: "nps", Method: Net, Better: Higher, Low: 0, High: 10, Top: 2, Bottom: 7}
}

// CSAT asks how satisfied somebody is, 1 to high. Top are the best two answers, or the best one where high is below 5.
func CSAT(high int) Instrument {
	top := 2
	if high < 5 {
		top = 1
	}
	return Instrument{Format: 1, Name: "csat", Method: TopBox, Better: Higher, Low: 1, High: high, Top: top}
}

// CES asks for agreement that something was made easy, 1 to 7 (version 2.0). For the share of 5 to 7 set Method to
// TopBox and Top to 3. Version 1.0 asks for effort, 1 to 5, and there Lower is better.
func CES() Instrument {
	return Instrument{Format: 1, Name: "ces", Method: Mean, Better: Higher, Low: 1, High: 7}
}

// Trust asks for agreement that the vendor can be relied on, 1 to 5. Top are 4 and 5.
func Trust() Instrument {
	return Instrument{Format: 1, Name: "trust", Method: TopBox, Better: Higher, Low: 1, High: 5, Top: 2}
}

// RenewalEase asks for agreement that renewing was easy, 1 to 7. Top are 5 to 7.
func RenewalEase() Instrument {
	return Instrument{Format: 1, Name: "renewal_ease", Method: TopBox, Better: Higher, Low: 1, High: 7, Top: 3}
}

// Parse reads an instrument from JSON, strictly: unknown, duplicate and case-folded keys, trailing data and
// numbers out of bounds are problems. It checks the document, not the instrument: [Compile] does that.
//
// Parse returns an error if:
//   - the document is not an instrument (*InvalidError with every problem);
//   - its format is newer than [Format] (ErrFormat).
func Parse(data []byte) (Instrument, error) {
	if format, ok := strictjson.Format(data); ok && format > Format {
		return Instrument{}, fmt.Errorf("survey: parse instrument: format %d: %w", format, ErrFormat)
	}
	var i Instrument
	if err := invalid(strictjson.Decode(data, &i)); err != nil {
		return Instrument{}, err
	}
	return i, nil
}
