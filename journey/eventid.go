package journey

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"strconv"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/instant"
)

// complete fills in what all events have. Of number 0 are those whose content alone makes the ID.
func (m *Model) complete(e *Event, account string, number int64, recorded time.Time) {
	e.Format, e.Account = Format, account
	e.ID = eventID(e, number)
	e.Recorded, e.Digest = recorded, m.digest
}

// eventID derives an ID from an event's number and content, but not from when and under which map it was recorded:
// two writers that come to one result after one version give it one ID, and two results never share one.
// It is number (if not 0), kind, and in hexadecimal the first 96 bits of the SHA-256 of what appendContent writes.
func eventID(e *Event, number int64) string {
	var room [512]byte
	sum := sha256.Sum256(e.appendContent(room[:0]))
	id := room[:0]
	if number > 0 {
		id = append(strconv.AppendInt(id, number, 10), '-')
	}
	id = append(append(id, e.Kind...), '-')
	return string(hex.AppendEncode(id, sum[:12]))
}

// appendContent writes the fields in order, so that no two contents look alike: texts and lists after their length,
// instants as microseconds, integers as varints, floats as their 64 bits, big-endian.
func (e *Event) appendContent(b []byte) []byte {
	b = binary.AppendVarint(b, int64(e.Format))
	b = appendText(b, e.Account)
	b = appendText(b, string(e.Kind))
	b = appendInstant(b, e.Happened)
	b = appendText(b, e.Phase)
	b = appendText(b, e.From)
	b = appendText(b, e.Name)
	b = appendText(b, string(e.Move))
	b = appendText(b, e.By)
	b = appendText(b, e.Role)
	b = appendText(b, e.Note)
	b = binary.AppendUvarint(b, uint64(len(e.Guards)))
	for i := range e.Guards {
		g := &e.Guards[i]
		b = appendText(b, g.Name)
		b = appendText(b, g.Role)
		b = binary.AppendUvarint(b, uint64(len(g.Needs)))
		for _, n := range g.Needs {
			b = appendText(b, n.Signal)
			b = appendText(b, string(n.When))
			b = binary.BigEndian.AppendUint64(b, math.Float64bits(n.Value+0)) // -0 is 0
			b = binary.AppendVarint(b, int64(n.For))
			b = binary.AppendVarint(b, int64(n.Stale))
		}
		b = appendInstant(b, g.After)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func appendInstant(b []byte, t time.Time) []byte { return binary.AppendVarint(b, instant.Micros(t)) }
