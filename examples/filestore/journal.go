package filestore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"sync"
)

// A journal keeps a list of items for each account, one file an account. A file's first line is the account's ID; every
// further line is one batch of items, written by one call, with its checksum. A crash can cut the last line short: nothing
// has been acknowledged that it holds, and it is taken off before the next batch is written. A line before it that fails
// its checksum is damage, which is an error and mends by no write.
type journal[T any] struct {
	dir    string
	mu     sync.RWMutex // held to write
	ids    []string     // of all accounts, in order of bytes
	failed error        // of a write, after which what the disk has is not known: no more are taken
}

const (
	suffix  = ".jsonl"
	halfway = ".new" // behind the name of a file that is being made
)

// open reads the IDs of the accounts that the folder holds, and removes files that a crash left half made.
func open[T any](dir string) (*journal[T], error) {
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	j := &journal[T]{dir: dir}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		switch {
		case strings.HasSuffix(path, suffix+halfway):
			if err := os.Remove(path); err != nil {
				return nil, err
			}
		case strings.HasSuffix(path, suffix):
			id, _, _, err := j.read(path)
			if err != nil {
				return nil, err
			}
			if path != j.path(id) {
				return nil, fmt.Errorf("%s: is not where the file of account %q is", path, id)
			}
			j.ids = append(j.ids, id)
		}
	}
	slices.Sort(j.ids)
	return j, nil
}

// path is where an account's file is. IDs may hold any character and be longer than a file name, so that they are hashed.
func (j *journal[T]) path(account string) string {
	sum := sha256.Sum256([]byte(account))
	return filepath.Join(j.dir, hex.EncodeToString(sum[:])+suffix)
}

// read returns the account's ID and the batches of a file, and how long it is without a last line that was cut short.
// A file that is not there has no batches and no length.
func (j *journal[T]) read(path string) (account string, batches [][]byte, end int64, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, 0, nil
	}
	if err != nil {
		return "", nil, 0, err
	}
	for n := 0; ; n++ {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		sum, text, ok := bytes.Cut(line, []byte(" "))
		switch {
		case !whole || !ok || string(sum) != checksum(text):
			if len(rest) > 0 || n < 2 { // a file is made with two lines
				return "", nil, 0, fmt.Errorf("%s: line %d is damaged", path, n+1)
			}
			return account, batches, end, nil
		case n > 0:
			batches = append(batches, text)
		default:
			if err := json.Unmarshal(text, &account); err != nil {
				return "", nil, 0, fmt.Errorf("%s: %w", path, err)
			}
		}
		data, end = rest, end+int64(len(line))+1
	}
}

func checksum(text []byte) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE(text)) }

// items returns an account's items in the order in which they were added.
func (j *journal[T]) items(ctx context.Context, account string) ([]T, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	j.mu.RLock()
	defer j.mu.RUnlock()
	items, _, err := j.load(account)
	return items, err
}

// load returns an account's items, and how long its file is.
func (j *journal[T]) load(account string) (items []T, end int64, err error) {
	path := j.path(account)
	_, batches, end, err := j.read(path)
	if err != nil {
		return nil, 0, err
	}
	for _, text := range batches {
		var batch []T
		if err := json.Unmarshal(text, &batch); err != nil {
			return nil, 0, fmt.Errorf("%s: %w", path, err)
		}
		items = append(items, batch...)
	}
	return items, end, nil
}

// add writes the items that pick chooses on seeing those that are there, as one batch: all or none. When add returns
// nil they are on the disk.
func (j *journal[T]) add(ctx context.Context, account string, pick func(held []T) ([]T, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return fmt.Errorf("a write has failed, open the folder again: %w", j.failed)
	}
	held, end, err := j.load(account)
	if err != nil {
		return err
	}
	items, err := pick(held)
	if err != nil || len(items) == 0 {
		return err
	}
	text, err := json.Marshal(items)
	if err != nil {
		return err
	}
	if err := j.write(account, end, text); err != nil {
		j.failed = err
		return err
	}
	if i, ok := slices.BinarySearch(j.ids, account); !ok {
		j.ids = slices.Insert(slices.Clone(j.ids), i, account) // sequences hold the old slice
	}
	return nil
}

// write adds a batch at the end of an account's file. A new file is made under another name, and so is there whole or not
// at all.
func (j *journal[T]) write(account string, end int64, batch []byte) error {
	path := j.path(account)
	line := fmt.Appendf(nil, "%s %s\n", checksum(batch), batch)
	if end > 0 {
		return writeAt(path, end, line)
	}
	id, err := json.Marshal(account)
	if err != nil {
		return err
	}
	if err := writeAt(path+halfway, 0, fmt.Appendf(nil, "%s %s\n%s", checksum(id), id, line)); err != nil {
		return err
	}
	if err := os.Rename(path+halfway, path); err != nil {
		return err
	}
	return syncDir(j.dir)
}

// writeAt puts data in the place of what a file has from end on, and waits until it is on the disk.
func writeAt(path string, end int64, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	err = f.Truncate(end)
	if err == nil {
		_, err = f.WriteAt(data, end)
	}
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// makeDir makes a folder and those above it, which last.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	parent := filepath.Dir(dir)
	if err := makeDir(parent); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(parent)
}

// syncDir makes a new or removed file last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// forget removes an account.
func (j *journal[T]) forget(ctx context.Context, account string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := os.Remove(j.path(account)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if i, ok := slices.BinarySearch(j.ids, account); ok {
		j.ids = slices.Delete(slices.Clone(j.ids), i, i+1)
	}
	return syncDir(j.dir)
}

// accounts gives the IDs after the given one. It holds no lock while it yields.
func (j *journal[T]) accounts(ctx context.Context, after string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		j.mu.RLock()
		ids := j.ids
		j.mu.RUnlock()
		ids = ids[sort.Search(len(ids), func(i int) bool { return strings.Compare(ids[i], after) > 0 }):]
		seq(ctx, func() ([]string, error) { return ids, nil })(yield)
	}
}

// seq gives the items that load returns, and stops with the context's error when that is cancelled.
func seq[T any](ctx context.Context, load func() ([]T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		items, err := load()
		for _, x := range items {
			if err = ctx.Err(); err != nil || !yield(x, nil) {
				break
			}
		}
		if err == nil && len(items) == 0 {
			err = ctx.Err()
		}
		if err != nil {
			yield(none, err)
		}
	}
}

// same compares what is stored: the canonical encoding.
func same(a, b any) bool {
	x, errX := json.Marshal(a)
	y, errY := json.Marshal(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

// next chooses the items to add after the given number of those held: none where they are there already.
func next[T any](held []T, after int64, items []T, conflict error) ([]T, error) {
	n := int64(len(held))
	if after == n {
		return items, nil
	}
	if after >= 0 && after+int64(len(items)) <= n {
		for i, x := range items {
			if !same(held[after+int64(i)], x) {
				return nil, conflict
			}
		}
		return nil, nil
	}
	return nil, conflict
}

// named chooses the items to add after the given number of those held: none where all are there already, by ID, and
// equal.
func named[T any](held []T, after int64, items []T, id func(T) string, equal func(a, b T) bool, conflict error) ([]T, error) {
	asked := make(map[string]T, len(items))
	for _, x := range items {
		if _, twice := asked[id(x)]; twice {
			return nil, conflict
		}
		asked[id(x)] = x
	}
	there := 0
	for _, h := range held {
		x, ok := asked[id(h)]
		switch {
		case !ok:
		case equal(h, x):
			there++
		default:
			return nil, conflict
		}
	}
	switch {
	case there == len(items):
		return nil, nil
	case there > 0 || after != int64(len(held)):
		return nil, conflict
	}
	return items, nil
}
