package canon_test

import (
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/internal/canon"
)

func TestDigestText(t *testing.T) {
	d := [32]byte{0x0a, 31: 0xff}
	text := canon.DigestText(d)
	if want := "sha256:0a" + strings.Repeat("00", 30) + "ff"; text != want {
		t.Fatalf("got %s, want %s", text, want)
	}
	var back [32]byte
	if err := canon.ParseDigest([]byte(text), &back); err != nil || back != d {
		t.Errorf("read back %x, %v", back, err)
	}
	for name, bad := range map[string]string{
		"empty":      "",
		"no prefix":  text[len("sha256:"):],
		"upper case": strings.ToUpper(text),
		"too short":  text[:len(text)-1],
		"not hex":    text[:len(text)-1] + "g",
	} {
		got := d
		if err := canon.ParseDigest([]byte(bad), &got); err == nil || got != d {
			t.Errorf("%s: got %x, %v", name, got, err)
		}
	}
}

// FuzzParseDigest holds that a digest has one text.
func FuzzParseDigest(f *testing.F) {
	f.Add([]byte(canon.DigestText([32]byte{1, 2, 31: 3})))
	f.Add([]byte("sha256:"))
	f.Add([]byte("sha256:" + strings.Repeat("é", 32)))
	f.Fuzz(func(t *testing.T, text []byte) {
		var d [32]byte
		if err := canon.ParseDigest(text, &d); err == nil && canon.DigestText(d) != string(text) {
			t.Errorf("%q was read as %s", text, canon.DigestText(d))
		}
	})
}
