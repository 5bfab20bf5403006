package pace

import "github.com/customersuccess-go/customersuccess/internal/canon"

// MarshalJSON returns the canonical encoding.
func (d Dwell) MarshalJSON() ([]byte, error) {
	type plain Dwell
	return canon.JSON(plain(d))
}

// MarshalJSON returns the canonical encoding.
func (o Odds) MarshalJSON() ([]byte, error) {
	type plain Odds
	return canon.JSON(plain(o))
}

// MarshalJSON returns the canonical encoding.
func (c Comparison) MarshalJSON() ([]byte, error) {
	type plain Comparison
	return canon.JSON(plain(c))
}

// MarshalJSON returns the canonical encoding.
func (s Schedule) MarshalJSON() ([]byte, error) {
	type plain Schedule
	return canon.JSON(plain(s))
}

// MarshalJSON returns the canonical encoding.
func (r Row) MarshalJSON() ([]byte, error) {
	type plain Row
	return canon.JSON(plain(r))
}

// MarshalJSON returns the canonical encoding.
func (l Level) MarshalJSON() ([]byte, error) {
	type plain Level
	return canon.JSON(plain(l))
}
