package survey_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/health/survey"
)

func FuzzParse(f *testing.F) {
	for _, def := range instruments() {
		f.Add([]byte(encode(f, def)))
	}
	f.Add([]byte(`{"format":1,"name":"x","method":"net","better":"lower","low":-3,"high":3,"top":1,"bottom":1}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		def, err := survey.Parse(data)
		if err != nil {
			return
		}
		if _, err := survey.Compile(def); err != nil {
			return
		}
		if back, err := survey.Parse([]byte(encode(t, def))); err != nil || back != def {
			t.Errorf("%+v came back as %+v, %v", def, back, err)
		}
	})
}

// FuzzEstimate reads three bytes an answer: account, respondent and group; value; hours. Every interval holds its value
// but for the adjusted one, which holds its middle, and parts agree.
func FuzzEstimate(f *testing.F) {
	f.Add(uint8(0), []byte("abcdefghijkl"))
	f.Add(uint8(7), []byte{0, 5, 0, 1, 5, 1, 2, 5, 2})
	f.Add(uint8(14), []byte{0, 9, 0, 0, 9, 9, 8, 1, 3, 16, 2, 4})
	f.Fuzz(func(t *testing.T, kind uint8, data []byte) {
		def := instruments()[kind%6]
		m, in := compile(t, def), survey.Input{}
		for ; len(data) >= 3; data = data[3:] {
			in.Answers = append(in.Answers, survey.Answer{
				Account: fmt.Sprint(data[0] % 8), Respondent: fmt.Sprint(data[0] / 8 % 4), Group: []string{"", "x"}[data[0]/128],
				Instrument: def.Name, Value: float64(data[1] % 12), At: from.Add(time.Duration(data[2]) * 12 * time.Hour),
			})
		}
		s := quarter
		s.Weighting = []survey.Weighting{survey.ByRespondent, survey.ByAccount}[kind/6%2]
		x := s
		x.Group = "x"
		d, err := m.Compare(in, s, x, to.AddDate(1, 0, 0))
		if err != nil {
			return
		}
		encode(t, d)
		for _, e := range []survey.Estimate{d.Before, d.After} {
			if (e.N == 0) != (e.Value == nil) || e.Accounts > e.N || e.Top+e.Bottom > e.N || (e.SE == nil) != (e.Plain == nil) {
				t.Errorf("%+v does not agree with itself", e)
			}
			if e.Effective != nil && !(*e.Effective > 0 && *e.Effective <= float64(e.N)*(1+1e-9)) {
				t.Errorf("effective %v of %d", *e.Effective, e.N)
			}
			if i := e.Interval; i != nil && (!(i.Low < i.High) || e.Method != survey.Net && !(i.Low <= *e.Value+1e-12 && *e.Value <= i.High+1e-12)) {
				t.Errorf("interval %+v of %v", *i, *e.Value)
			}
		}
		if (d.Interval == nil) != (d.Verdict == survey.Insufficient) {
			t.Errorf("verdict %s with interval %v", d.Verdict, d.Interval)
		}
	})
}
