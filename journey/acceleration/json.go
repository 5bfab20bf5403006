package acceleration

import "github.com/customersuccess-go/customersuccess/internal/canon"

// MarshalJSON returns the canonical encoding.
func (r Report) MarshalJSON() ([]byte, error) {
	type plain Report
	return canon.JSON(plain(r))
}

// MarshalJSON returns the canonical encoding.
func (l Losses) MarshalJSON() ([]byte, error) {
	type plain Losses
	return canon.JSON(plain(l))
}

// MarshalJSON returns the canonical encoding.
func (p Prescription) MarshalJSON() ([]byte, error) {
	type plain Prescription
	return canon.JSON(plain(p))
}
