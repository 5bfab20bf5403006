package bench

import (
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/survival"
)

const (
	watchedAll  = 10_000_000
	chanceShare = 1e-9 // of a chance, and of its standard error
)

// watched are n stays of up to two years in days, of which a tenth is censored: in whole days, or to the microsecond.
func watched(n int, whole bool) []survival.Observation {
	r := newRand(5)
	const day = 24 * 60 * 60 * 1_000_000
	list := make([]survival.Observation, n)
	for i := range list {
		at := r.Int64N(730 * day)
		if whole {
			at -= at % day
		}
		list[i].Time = float64(at) / day
		if r.IntN(10) > 0 {
			list[i].Cause = 1
		}
	}
	return list
}

// findR returns R, or "" and why not.
func findR() (program, lacks string) {
	if exec.Command("Rscript", "-e", "library(survival)").Run() == nil {
		return "Rscript", ""
	}
	return "", "there is no Rscript with survival (Debian: r-cran-survival)"
}

// rSurvival returns R's survfit as a contestant, once its numbers are ours.
func rSurvival(tb testing.TB, r string, list []survival.Observation) contestant {
	tb.Helper()
	curve, err := survival.KaplanMeier(list)
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	times, ended := make([]float64, len(list)), make([]float64, len(list))
	for i, o := range list {
		times[i], ended[i] = o.Time, float64(o.Cause)
	}
	writeRaw(tb, dir, "stays.f64", times, ended)
	run := func() (time.Duration, error) { return runScript(r, "survival.R", dir, strconv.Itoa(len(list))) }
	if _, err := run(); err != nil {
		tb.Fatal(err)
	}
	got := readRaw(tb, dir, "curve.f64", len(curve.Steps))
	if len(got) != 3 {
		tb.Fatalf("R gives %d columns, want 3", len(got))
	}
	for i, s := range curve.Steps {
		se, known := s.SE()
		if !known { // the end of the curve: R has no error there
			se = got[2][i]
		}
		agree(tb, "R time", []float64{s.Time}, got[0][i:i+1], 0)
		agree(tb, "R survival", []float64{s.Survival}, got[1][i:i+1], chanceShare*s.Survival)
		agree(tb, "R error", []float64{se}, got[2][i:i+1], chanceShare*se)
	}
	return contestant{name: "R", goal: 1.0 / 3, run: run}
}

func TestKaplanMeier(t *testing.T) {
	r, lacks := findR()
	if lacks != "" {
		t.Skip(lacks)
	}
	rSurvival(t, r, watched(3000, true))
}

func BenchmarkKaplanMeier(b *testing.B) {
	for _, in := range []string{"days", "microseconds"} {
		b.Run(in, func(b *testing.B) {
			list := watched(size(100_000, watchedAll), in == "days")
			contestants := []contestant{{name: "ours", run: timed(func() error {
				_, err := survival.KaplanMeier(list)
				return err
			})}}
			if r, lacks := findR(); lacks != "" {
				b.Log("without R: " + lacks)
			} else {
				contestants = append(contestants, rSurvival(b, r, list))
			}
			compare(b, len(list), "stay", contestants...)
		})
	}
}
