package filestore_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"

	"github.com/customersuccess-go/customersuccess/examples/filestore"
	"github.com/customersuccess-go/customersuccess/ladder"
)

// kills is how often a writer is killed.
const kills = 200

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// TestMain lets the test binary be the writer that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("FILESTORE_WRITER"); dir != "" {
		if err := writer(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// accounts that the writer writes to in turn.
var accounts = []string{"a", "b", "c"}

// writer goes on where the ledgers end, adds batches of two entries for ever, and prints each batch once acknowledged.
func writer(dir string) error {
	s, err := filestore.Open(dir)
	if err != nil {
		return err
	}
	ctx := context.Background()
	next := map[string]int64{}
	for _, a := range accounts {
		for _, err := range s.Ledger.Entries(ctx, a, 0) {
			if err != nil {
				return err
			}
			next[a]++
		}
	}
	for {
		for _, a := range accounts {
			n := next[a]
			if err := s.Ledger.Append(ctx, a, n, entry(a, n), entry(a, n+1)); err != nil {
				return err
			}
			next[a] += 2
			fmt.Println(a, next[a])
		}
	}
}

func entry(account string, n int64) ladder.Entry {
	return ladder.Entry{Format: 1, ID: fmt.Sprint(account, "-", n), Account: account, Benefit: "hours",
		From: start.AddDate(0, 0, int(n)), To: start.AddDate(0, 0, int(n)+1), Amount: decimal.New(n, -2), Currency: "EUR",
		Evidence: ladder.Measured, Source: strings.Repeat("é", int(n%97)), Recorded: start}
}

// TestKill kills the writer at random points. What it acknowledged must be there, whole and in order; what it did not
// may be, as a whole batch or not at all.
func TestKill(t *testing.T) {
	dir := t.TempDir()
	acknowledged := map[string]int64{}
	r := rand.New(rand.NewPCG(7, 8))
	for i := range kills {
		kill(t, dir, time.Duration(r.IntN(4000))*time.Microsecond, acknowledged)
		s, err := filestore.Open(dir)
		if err != nil {
			t.Fatalf("kill %d: %v", i, err)
		}
		for _, a := range accounts {
			n := int64(0)
			for e, err := range s.Ledger.Entries(context.Background(), a, 0) {
				if err != nil {
					t.Fatalf("kill %d: account %s: %v", i, a, err)
				}
				if want := entry(a, n); e.ID != want.ID || !e.Amount.Equal(want.Amount) || e.Source != want.Source {
					t.Fatalf("kill %d: account %s: entry %d is %+v, want %+v", i, a, n, e, want)
				}
				n++
			}
			if n < acknowledged[a] || n > acknowledged[a]+2 || n%2 != 0 {
				t.Fatalf("kill %d: account %s has %d entries, acknowledged were %d", i, a, n, acknowledged[a])
			}
			acknowledged[a] = n
		}
	}
	total := int64(0)
	for _, a := range accounts {
		total += acknowledged[a]
	}
	if total < kills {
		t.Errorf("%d entries after %d kills: the writer hardly wrote", total, kills)
	}
}

// kill starts a writer, lets it acknowledge something, waits a little and kills it.
func kill(t *testing.T, dir string, wait time.Duration, acknowledged map[string]int64) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), "FILESTORE_WRITER="+dir)
	var said strings.Builder
	c.Stderr = &said
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewReader(out)
	for i := 0; ; i++ {
		line, err := lines.ReadString('\n')
		if err == io.EOF || err != nil {
			break
		}
		var a string
		var n int64
		if _, err := fmt.Sscan(line, &a, &n); err != nil {
			t.Fatalf("the writer said %q", line)
		}
		acknowledged[a] = n
		if i == 0 {
			time.AfterFunc(wait, func() { c.Process.Kill() })
		}
	}
	if err := c.Wait(); err == nil || said.Len() > 0 {
		t.Fatalf("the writer ended by itself: %v %s", err, said.String())
	}
}
