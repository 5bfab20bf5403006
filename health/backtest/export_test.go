package backtest

// Isotonic returns the rising sequence nearest to y.
func Isotonic(y, w []float64) []float64 {
	fitted := make([]float64, 0, len(y))
	at := 0
	for _, end := range isotonic(y, w) {
		sum, weight := 0.0, 0.0
		for ; at < end; at++ {
			sum, weight = sum+float64(y[at]*w[at]), weight+w[at]
		}
		for len(fitted) < end {
			fitted = append(fitted, sum/weight)
		}
	}
	return fitted
}

// Regress returns the coefficients, the constant first, and the loss without penalty.
func Regress(x [][]float64, lost []bool, penalty float64) (coefficients []float64, loss float64, ok bool) {
	l, ok := regress(x, lost, penalty)
	if !ok {
		return nil, 0, false
	}
	return append([]float64{l.first}, l.beta...), l.loss(x, lost), true
}

// Shares splits 1000 tenths of a percent.
func Shares(beta []float64) ([]int, bool) { return shares(beta) }
