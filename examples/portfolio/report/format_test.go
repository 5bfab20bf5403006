package report

import (
	"bytes"
	"math"
	"strings"
	"testing"
)

func TestFormats(t *testing.T) {
	for _, tt := range []struct{ name, got, want string }{
		{"count", count(-1234567), "-1,234,567"},
		{"count of three digits", count(999), "999"},
		{"money", money(dec("456116.6"), "USD"), "USD\u00a0456,116.60"},
		{"money without minor unit", money(dec("456116.5"), "JPY"), "JPY\u00a0456,117"},
		{"money in thousandths", money(dec("-1.5"), "KWD"), "KWD\u00a0-1.500"},
		{"no currency", money(dec("1"), ""), "1.00"},
		{"percent", percent(0.26537), "26.5%"},
		{"percent of nothing", part(0, 0), "unknown"},
		{"not a number", points(math.NaN()), "unknown"},
		{"negative zero", points(-0.04), "0.0"},
		{"rate", rate(ref("1.0419")), "104.2%"},
		{"no rate", rate(nil), "undefined"},
		{"signed", signed(-6.5), "−6.5"},
		{"signed zero", signed(-0.01), "+0.0"},
		{"tick", compact(1_250_000), "1.3M"},
		{"small tick", compact(-2500), "-2,500"},
		{"cut", cut("株式会社", 5), "株式…"},
		{"not cut", cut("株式会社", 8), "株式会社"},
		{"pretty", pretty("experience/product/usage_online_security"), "online security"},
		{"upper", upper("élan"), "Élan"},
		{"clean", clean("a\x1b[0m\u202eb\xff"), "a\ufffd[0m\ufffdb\ufffd"},
		{"coordinate", px(math.Inf(1)), "0"},
	} {
		if tt.got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, tt.got, tt.want)
		}
	}
}

func TestStep(t *testing.T) {
	for _, tt := range []struct {
		most  float64
		ticks int
		want  float64
	}{{1, 4, 0.25}, {100, 4, 25}, {0.14, 3, 0.05}, {3_900_000, 4, 1_000_000}, {0, 4, 1}, {math.Inf(1), 4, 1}, {math.NaN(), 4, 1}} {
		if got := step(tt.most, tt.ticks); math.Abs(got-tt.want) > tt.want*1e-9 {
			t.Errorf("step(%v, %d) = %v, want %v", tt.most, tt.ticks, got, tt.want)
		}
	}
}

// A snapshot has nothing that is due: what its programs plan is of a year, and is said to be.
func TestTouchesOfASnapshot(t *testing.T) {
	r := rich()
	r.Dated = false
	for _, s := range []string{htmlOf(t, r), textOf(t, r, 90)} {
		if strings.Contains(s, "ouches due") || !strings.Contains(s, "ouches a year") {
			t.Error("touches of a snapshot are shown as due")
		}
	}
}

func BenchmarkHTML(b *testing.B) {
	r := rich()
	b.ReportAllocs()
	for b.Loop() {
		if err := HTML(new(bytes.Buffer), r); err != nil {
			b.Fatal(err)
		}
	}
}
