package journey_test

import (
	"errors"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/journey"
)

func TestStatusOf(t *testing.T) {
	paid := journey.Contract{From: day(2, 1), To: day(6, 1)}
	open := journey.Contract{From: day(2, 1)}
	cancelled := journey.Contract{From: day(2, 1), To: day(6, 1), Cancelled: day(4, 1)}
	trial := journey.Contract{From: day(1, 1), To: day(2, 1), Trial: true}
	lapsed := journey.Contract{From: day(1, 1), To: day(2, 1), Cancelled: day(1, 10), Trial: true}
	next := journey.Contract{From: day(6, 1)}
	refused := journey.Contract{From: day(6, 1), Cancelled: day(4, 1)}
	for _, c := range []struct {
		name      string
		contracts []journey.Contract
		asOf      time.Time
		want      journey.Status
	}{
		{"no contract", nil, day(3, 1), ""},
		{"before it begins", []journey.Contract{paid}, day(1, 31), journey.Coming},
		{"as it begins", []journey.Contract{paid}, day(2, 1), journey.Customer},
		{"before it ends", []journey.Contract{paid}, day(6, 1).Add(-time.Microsecond), journey.Customer},
		{"as it ends", []journey.Contract{paid}, day(6, 1), journey.Lost},
		{"open-ended", []journey.Contract{open}, day(12, 31), journey.Customer},
		{"before notice", []journey.Contract{cancelled}, day(3, 31), journey.Customer},
		{"as notice is given", []journey.Contract{cancelled}, day(4, 1), journey.CancelledActive},
		{"one of two cancelled", []journey.Contract{cancelled, open}, day(4, 1), journey.Customer},
		{"renewed after notice", []journey.Contract{cancelled, next}, day(4, 1), journey.Customer},
		{"renewal taken back", []journey.Contract{cancelled, refused}, day(4, 1), journey.CancelledActive},
		{"cancelled and over", []journey.Contract{cancelled}, day(6, 1), journey.Lost},
		{"cancelled before it begins", []journey.Contract{refused}, day(5, 1), journey.Lost},
		{"trial", []journey.Contract{trial}, day(1, 15), journey.Trial},
		{"trial and then a contract", []journey.Contract{trial, paid}, day(1, 15), journey.Trial},
		{"trial over", []journey.Contract{trial}, day(2, 1), journey.Lost},
		{"trial given up", []journey.Contract{lapsed}, day(1, 15), journey.CancelledActive},
		{"trial given up for a contract", []journey.Contract{lapsed, paid}, day(1, 15), journey.Trial},
		{"trial beside a contract", []journey.Contract{{From: day(3, 1), Trial: true}, paid}, day(3, 1), journey.Customer},
		{"trial beside a cancelled one", []journey.Contract{{From: day(3, 1), Trial: true}, cancelled}, day(4, 1), journey.CancelledActive},
		{"a gap", []journey.Contract{trial, next}, day(3, 1), journey.Coming},
	} {
		if got, err := journey.StatusOf("acme", c.contracts, c.asOf); got != c.want || err != nil {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestStatusOfRefuses(t *testing.T) {
	far := time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name, account string
		contract      journey.Contract
		asOf          time.Time
		field         string
	}{
		{"no account", "", journey.Contract{From: day(1, 1)}, day(1, 1), "account"},
		{"no instant", "acme", journey.Contract{From: day(1, 1)}, time.Time{}, "as of"},
		{"no start", "acme", journey.Contract{}, day(1, 1), "contract 1"},
		{"far end", "acme", journey.Contract{From: day(1, 1), To: far}, day(1, 1), "contract 1"},
		{"far notice", "acme", journey.Contract{From: day(1, 1), Cancelled: far}, day(1, 1), "contract 1"},
		{"ends as it begins", "acme", journey.Contract{From: day(1, 1), To: day(1, 1).Add(999)}, day(1, 1), "contract 1"},
	} {
		var data *journey.DataError
		if _, err := journey.StatusOf(c.account, []journey.Contract{c.contract}, c.asOf); !errors.As(err, &data) || data.Field != c.field {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
