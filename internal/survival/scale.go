package survival

import (
	"math"

	"github.com/customersuccess-go/customersuccess/internal/stat"
)

// A Scale is where an interval of a probability is symmetric. The zero value is [LogLog].
type Scale string

const (
	LogLog Scale = "log-log" // on log(−log p): within (0, 1), and right for few events
	Log    Scale = "log"     // on log p, cut at 1
	Plain  Scale = "plain"   // on p, cut at 0 and 1
)

// limits returns the interval of a probability p whose logarithm has the standard error seLog.
func limits(p, seLog, z float64, scale Scale) (stat.Interval, bool) {
	var i stat.Interval
	switch half := float64(z * seLog); scale {
	case LogLog, "":
		center, half := math.Log(-math.Log(p)), half/math.Log(p)
		i = stat.Interval{Low: math.Exp(-math.Exp(center - half)), High: math.Exp(-math.Exp(center + half))}
	case Log:
		i = stat.Interval{Low: p * math.Exp(-half), High: min(1, p*math.Exp(half))}
	case Plain:
		i = stat.Interval{Low: max(0, p-float64(p*half)), High: min(1, p+float64(p*half))}
	default:
		return stat.Interval{}, false
	}
	// p of 0 or 1 without a standard error gives NaN.
	return i, i.Low <= i.High
}

func (s Scale) valid() bool { return s == "" || s == LogLog || s == Log || s == Plain }
