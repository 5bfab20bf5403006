package canon

import (
	stdhex "encoding/hex"
	"fmt"
	"strings"
)

const digestPrefix = "sha256:"

// DigestText returns the text of a digest: "sha256:" and 64 lower-case hexadecimal digits.
func DigestText(d [32]byte) string { return digestPrefix + stdhex.EncodeToString(d[:]) }

// ParseDigest reads the text of DigestText into d.
func ParseDigest(text []byte, d *[32]byte) error {
	s := string(text)
	digits, ok := strings.CutPrefix(s, digestPrefix)
	if !ok || len(digits) != 64 || strings.ToLower(digits) != digits {
		return fmt.Errorf("digest %.80q is not %q and 64 lower-case hexadecimal digits", s, digestPrefix)
	}
	b, err := stdhex.DecodeString(digits)
	if err != nil {
		return fmt.Errorf("digest %.80q: %w", s, err)
	}
	copy(d[:], b)
	return nil
}
