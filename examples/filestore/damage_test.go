package filestore_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/customersuccess-go/customersuccess/examples/filestore"
)

// ledgerFile makes a ledger of an account with two batches of two entries and returns its file.
func ledgerFile(t *testing.T, dir string) string {
	t.Helper()
	s, err := filestore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for n := int64(0); n < 4; n += 2 {
		if err := s.Ledger.Append(context.Background(), "a", n, entry("a", n), entry("a", n+1)); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(dir, "ledger", "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files are %q, %v", files, err)
	}
	return files[0]
}

// TestDamage changes a byte of each part of a file. What a crash can't have done is an error, and the file stays as it is:
// a store that went on would cut off what it acknowledged.
func TestDamage(t *testing.T) {
	for name, tc := range map[string]struct {
		line int // whose middle byte changes
		lost bool
	}{
		"ID": {0, true}, "first batch": {1, true}, "last batch": {2, false},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, dir := context.Background(), t.TempDir()
			path := ledgerFile(t, dir)
			held, err := filestore.Open(dir) // opened before the damage
			if err != nil {
				t.Fatal(err)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			lines := bytes.SplitAfter(data, []byte("\n"))
			lines[tc.line][len(lines[tc.line])/2] ^= 1
			damaged := bytes.Join(lines, nil)
			if err := os.WriteFile(path, damaged, 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := filestore.Open(dir); (err != nil) != tc.lost || tc.lost && !strings.Contains(err.Error(), path) {
				t.Errorf("Open: %v", err)
			}
			n := 0
			for _, err := range held.Ledger.Entries(ctx, "a", 0) {
				if (err != nil) != tc.lost {
					t.Errorf("Entries: %v", err)
				}
				n++
			}
			if !tc.lost && n != 2 {
				t.Errorf("%d entries, want the 2 of the whole batch", n)
			}
			if err := held.Ledger.Append(ctx, "a", 2, entry("a", 2)); (err != nil) != tc.lost {
				t.Errorf("Append: %v", err)
			}
			after, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if tc.lost && !bytes.Equal(after, damaged) {
				t.Error("the file was changed")
			}
		})
	}
}

// TestStrangers leaves in a folder what isn't the store's, takes away what a crash left, and takes no file for that of
// another account.
func TestStrangers(t *testing.T) {
	dir := t.TempDir()
	path := ledgerFile(t, dir)
	note, left := filepath.Join(dir, "ledger", "note.txt"), path+".new"
	for _, p := range []string{note, left} {
		if err := os.WriteFile(p, []byte("half a li"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := filestore.Open(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(note); err != nil {
		t.Errorf("a file of another program: %v", err)
	}
	if _, err := os.Stat(left); err == nil {
		t.Error("what a crash left is still there")
	}
	if err := os.Rename(path, filepath.Join(dir, "ledger", strings.Repeat("0", 64)+".jsonl")); err != nil {
		t.Fatal(err)
	}
	if _, err := filestore.Open(dir); err == nil {
		t.Error("a file under the name of another account was taken")
	}
}

// TestFailedWrite lets a write fail: what the disk has then is not known, and no more are taken until the folder is opened
// again.
func TestFailedWrite(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	ledgerFile(t, dir)
	s, err := filestore.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte("b"))
	if err := os.Mkdir(filepath.Join(dir, "ledger", hex.EncodeToString(sum[:])+".jsonl.new"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := s.Ledger.Append(ctx, "b", 0, entry("b", 0)); err == nil {
		t.Fatal("a write in the place of a folder worked")
	}
	if err := s.Ledger.Append(ctx, "a", 4, entry("a", 4)); err == nil {
		t.Error("a write after one that failed worked")
	}
	if s, err = filestore.Open(dir); err != nil {
		t.Fatal(err)
	}
	if err := s.Ledger.Append(ctx, "a", 4, entry("a", 4)); err != nil {
		t.Error(err)
	}
}

// FuzzFile opens a folder with any bytes in the place of an account's file: it is refused, or read, and then takes one more
// entry, which is there when it is opened again.
func FuzzFile(f *testing.F) {
	dir := f.TempDir()
	s, err := filestore.Open(dir)
	if err != nil {
		f.Fatal(err)
	}
	if err := s.Ledger.Append(context.Background(), "a", 0, entry("a", 0), entry("a", 1)); err != nil {
		f.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "ledger", "*"))
	data, err := os.ReadFile(files[0])
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{data, data[:len(data)-1], append(data, "0 {"...), bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n")), nil, []byte("00000000 \n")} {
		f.Add(seed)
	}
	name := filepath.Base(files[0])
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, dir := context.Background(), t.TempDir()
		if err := os.Mkdir(filepath.Join(dir, "ledger"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "ledger", name), data, 0o644); err != nil {
			t.Fatal(err)
		}
		s, err := filestore.Open(dir)
		if err != nil {
			return
		}
		n := int64(0)
		for _, err := range s.Ledger.Entries(ctx, "a", 0) {
			if err != nil {
				return
			}
			n++
		}
		more := entry("a", 1000)
		if err := s.Ledger.Append(ctx, "a", n, more); err != nil {
			t.Fatal(err)
		}
		if s, err = filestore.Open(dir); err != nil {
			t.Fatal(err)
		}
		last := ""
		for e, err := range s.Ledger.Entries(ctx, "a", n) {
			if err != nil {
				t.Fatal(err)
			}
			last = e.ID
		}
		if last != more.ID {
			t.Errorf("the last entry is %q, want %q", last, more.ID)
		}
	})
}
