package filestore

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
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
// further line is one batch of items, written by one call, with its checksum. A line that a crash cut short fails the
// checksum, and nothing has been acknowledged that it holds: it is taken off before the next batch is written.
type journal[T any] struct {
	dir string
	mu  sync.RWMutex // held to write
	ids []string     // of all accounts, in order of bytes
}

// open reads the IDs of the accounts that the folder holds, and removes files that a crash left without one.
func open[T any](dir string) (*journal[T], error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	j := &journal[T]{dir: dir}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		id, batches, err := j.read(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		if len(batches) == 0 {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return nil, err
			}
			continue
		}
		j.ids = append(j.ids, id)
	}
	slices.Sort(j.ids)
	return j, nil
}

// path is where an account's file is. IDs may hold any character and be longer than a file name, so that they are hashed.
func (j *journal[T]) path(account string) string {
	sum := sha256.Sum256([]byte(account))
	return filepath.Join(j.dir, hex.EncodeToString(sum[:])+".jsonl")
}

// read returns the account's ID and the batches of a file, whose checksums hold. It stops at the first that does not.
func (j *journal[T]) read(path string) (account string, batches [][]byte, err error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	for n := 0; ; n++ {
		line, rest, whole := bytes.Cut(data, []byte("\n"))
		sum, text, ok := bytes.Cut(line, []byte(" "))
		if !whole || !ok || string(sum) != checksum(text) {
			return account, batches, nil
		}
		if n > 0 {
			batches = append(batches, text)
		} else if err := json.Unmarshal(text, &account); err != nil {
			return "", nil, fmt.Errorf("%s: %w", path, err)
		}
		data = rest
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
	return j.load(account)
}

func (j *journal[T]) load(account string) ([]T, error) {
	path := j.path(account)
	_, batches, err := j.read(path)
	if err != nil {
		return nil, err
	}
	var items []T
	for _, text := range batches {
		var batch []T
		if err := json.Unmarshal(text, &batch); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		items = append(items, batch...)
	}
	return items, nil
}

// add writes the items that pick chooses on seeing those that are there, as one batch: all or none. When add returns
// nil they are on the disk.
func (j *journal[T]) add(ctx context.Context, account string, pick func(held []T) ([]T, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	held, err := j.load(account)
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
	if err := j.write(account, text); err != nil {
		return err
	}
	if i, ok := slices.BinarySearch(j.ids, account); !ok {
		j.ids = slices.Insert(slices.Clone(j.ids), i, account) // sequences hold the old slice
	}
	return nil
}

func (j *journal[T]) write(account string, batch []byte) (err error) {
	f, err := os.OpenFile(j.path(account), os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	end, err := intact(f)
	if err != nil {
		return err
	}
	if err := f.Truncate(end); err != nil {
		return err
	}
	var lines []byte
	if end == 0 {
		id, err := json.Marshal(account)
		if err != nil {
			return err
		}
		lines = fmt.Appendf(nil, "%s %s\n", checksum(id), id)
	}
	lines = fmt.Appendf(lines, "%s %s\n", checksum(batch), batch)
	if _, err := f.WriteAt(lines, end); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if end == 0 {
		return syncDir(j.dir)
	}
	return nil
}

// intact returns the length of the part of a file whose checksums hold.
func intact(f *os.File) (end int64, err error) {
	r := bufio.NewReader(f)
	for {
		line, err := r.ReadBytes('\n')
		if err == io.EOF {
			return end, nil
		}
		if err != nil {
			return 0, err
		}
		sum, text, ok := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(" "))
		if !ok || string(sum) != checksum(text) {
			return end, nil
		}
		end += int64(len(line))
	}
}

// syncDir makes a new or removed file last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	err = d.Sync()
	if e := d.Close(); err == nil {
		err = e
	}
	return err
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
	there := 0
	for i, x := range items {
		for _, y := range items[:i] {
			if id(x) == id(y) {
				return nil, conflict
			}
		}
		k := slices.IndexFunc(held, func(h T) bool { return id(h) == id(x) })
		switch {
		case k < 0:
		case equal(held[k], x):
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
