package adoption_test

import (
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/customersuccess-go/customersuccess/health/adoption"
)

// TestDecode: no beginning of an encoding, no longer one and none with another bit is taken for what it is not.
func TestDecode(t *testing.T) {
	m := compile(t, plan())
	u := fill(t, m, randomEvents(rand.New(rand.NewPCG(7, 7)), 40))
	data := []byte(encoded(t, u))
	decode := func(data []byte) (*adoption.Usage, error) {
		var got adoption.Usage
		return &got, got.UnmarshalBinary(slices.Clip(slices.Clone(data)))
	}
	for n := range data {
		if _, err := decode(data[:n]); err == nil {
			t.Errorf("the first %d of %d bytes are taken for a usage", n, len(data))
		}
	}
	if _, err := decode(append(slices.Clone(data), 0)); err == nil {
		t.Error("a byte after the end is taken")
	}
	for i := range data {
		for bit := range 8 {
			wrong := slices.Clone(data)
			wrong[i] ^= 1 << bit
			if got, err := decode(wrong); err == nil && encoded(t, got) != string(wrong) {
				t.Errorf("byte %d, bit %d: came back with other bytes", i, bit)
			}
		}
	}
	newer := slices.Clone(data)
	newer[0] = 2
	if err := new(adoption.Usage).UnmarshalBinary(newer); !errors.Is(err, adoption.ErrFormat) {
		t.Errorf("a newer version: %v", err)
	}
	kept := fill(t, m, randomEvents(rand.New(rand.NewPCG(8, 8)), 5))
	before := encoded(t, kept)
	if err := kept.UnmarshalBinary(data[:9]); err == nil || encoded(t, kept) != before {
		t.Errorf("%v: a failure changed what was there", err)
	}
}
