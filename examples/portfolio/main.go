// Command portfolio reads a vendor's whole book of business and says what the library makes of it: segments, health,
// journeys, outcomes, value, and what is unknown. It prints a summary and writes a report.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/analysis"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/data"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/report"
	"github.com/customersuccess-go/customersuccess/examples/portfolio/world"
)

// Exit codes.
const (
	done     = 0
	couldNot = 1 // nothing was computed
	badRows  = 2 // finished, with rows or accounts left out
)

const usage = `portfolio: a vendor's whole book in one report

  portfolio                       the bundled public sample
  portfolio -data DIR             your own data: a folder of CSV files, or of one invoices.csv
  portfolio -simulate 1000        a complete, made-up world of 1000 accounts
  portfolio -simulate 50 -write DIR
                                  the same as a folder of CSV files: the schema, filled in
  portfolio -data DIR -config DIR definitions of your own: scorecard.json, map.json, scheme.json, …
  portfolio -json > book.json     for machines

accounts.csv is needed, the other files are not; what is not there is unknown, never zero: contracts.csv, usage.csv,
surveys.csv, tickets.csv, milestones.csv, outcomes.csv, measurements.csv, promises.csv, touches.csv, value.csv, leakage.csv,
ledger.csv, ratings.csv. Their columns are in examples/portfolio/README.md. Exit code 0: done; 1: could not run; 2: done, with rows or accounts left out.

`

type options struct {
	data, config, asOf, out, write string
	simulate                       int
	seed                           uint64
	json                           bool
}

func main() {
	debug.SetGCPercent(400)         // a batch job that keeps little: memory for speed,
	debug.SetMemoryLimit(768 << 20) // but less than a gibibyte
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr, isTerminal(os.Stderr))
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer, terminal bool) int {
	o, err := parse(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return done
	}
	if err == nil {
		var code int
		if code, err = portfolio(ctx, o, args, stdout, stderr, terminal); err == nil {
			return code
		}
	}
	fmt.Fprintf(stderr, "portfolio: %v\n", err)
	return couldNot
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("portfolio", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&o.data, "data", "", "`folder` of CSV files")
	f.StringVar(&o.config, "config", "", "`folder` of definitions as JSON; those that it lacks are the defaults")
	f.StringVar(&o.asOf, "as-of", "", "`date` to read the book at, such as 2026-01-31; default: today, or what the data says")
	f.StringVar(&o.out, "out", "report.html", "`file` to write the report to")
	f.StringVar(&o.write, "write", "", "`folder` to write the book to as CSV files, instead of a report")
	f.IntVar(&o.simulate, "simulate", 0, "make up a world of so many `accounts`")
	f.Uint64Var(&o.seed, "seed", 1, "`seed` of the simulated world")
	f.BoolVar(&o.json, "json", false, "print the result as JSON, instead of a summary and a report")
	err := f.Parse(args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(stderr, usage)
		f.SetOutput(stderr)
		f.PrintDefaults()
	case err != nil:
		err = fmt.Errorf("%w; -h shows examples", err)
	case f.NArg() > 0:
		err = fmt.Errorf("%q is not an option; -h shows examples", f.Arg(0))
	case o.simulate < 0:
		err = errors.New("-simulate needs a number of accounts above 0")
	case o.simulate > 0 && o.data != "":
		err = errors.New("-data and -simulate: name one of them; data and simulation are never mixed")
	}
	return o, err
}

func portfolio(ctx context.Context, o options, args []string, stdout, stderr io.Writer, terminal bool) (int, error) {
	b, defaults, err := open(o)
	if err != nil {
		return couldNot, err
	}
	if o.write != "" {
		if err := book.Write(o.write, b); err != nil {
			return couldNot, err
		}
		fmt.Fprintf(stdout, "%d accounts written to %s\n", b.Len, o.write)
		return done, nil
	}
	defs, err := definitions(o.config, defaults)
	if err != nil {
		return couldNot, err
	}
	r, err := analysis.Run(ctx, b, defs, analysis.Options{
		Command:  strings.Join(append([]string{"go run ./examples/portfolio"}, args...), " "),
		Progress: progress(stderr, terminal, b.Len),
	})
	if terminal {
		fmt.Fprint(stderr, "\r\x1b[K")
	}
	if err != nil {
		return couldNot, err
	}
	if err := r.Check(); err != nil {
		return couldNot, err
	}
	if o.json {
		e := json.NewEncoder(stdout)
		e.SetIndent("", "  ")
		err = e.Encode(r)
	} else if err = write(o.out, r); err == nil {
		err = report.Text(stdout, r, 100)
		fmt.Fprintf(stdout, "\nThe report is in %s\n", o.out)
	}
	if err != nil {
		return couldNot, err
	}
	if left := leftOut(r); left > 0 {
		fmt.Fprintf(stderr, "portfolio: finished, with %d rows or accounts left out; the report lists them\n", left)
		return badRows, nil
	}
	return done, nil
}

func leftOut(r *analysis.Result) int {
	n := len(r.Failed)
	for _, f := range r.Files {
		n += f.Rejected
	}
	return n
}

// open returns the book that the options name, and the folder of its default definitions.
func open(o options) (*book.Book, string, error) {
	var asOf time.Time
	if o.asOf != "" {
		var err error
		if asOf, err = book.ParseDate(o.asOf); err != nil {
			return nil, "", fmt.Errorf("-as-of: %q is not a date such as 2026-01-31", o.asOf)
		}
	}
	switch {
	case o.simulate > 0:
		b := world.New(o.simulate, o.seed)
		if !asOf.IsZero() {
			return nil, "", errors.New("-as-of does not go with -simulate: the world ends where it ends")
		}
		return b, "simulated", nil
	case o.data == "":
		if !asOf.IsZero() {
			return nil, "", errors.New("-as-of needs -data: the bundled sample has no dates")
		}
		b, err := book.Sample(data.Files, "wa_churn.csv")
		return b, "bundled", err
	}
	if info, err := os.Stat(o.data); err != nil {
		return nil, "", fmt.Errorf("-data: %w", err)
	} else if !info.IsDir() {
		return nil, "", fmt.Errorf("-data: %s is a file; name the folder that holds it", o.data)
	}
	folder := os.DirFS(o.data)
	for _, name := range []string{"invoices.csv", "flip_invoice_lines.csv"} {
		if _, err := fs.Stat(folder, name); err == nil {
			b, err := book.Invoices(folder, name, asOf)
			return b, "real", err
		}
	}
	if asOf.IsZero() {
		asOf = time.Now().UTC().Truncate(24 * time.Hour)
	}
	b, err := book.Folder(folder, asOf)
	return b, "simulated", err
}

// definitions are those of a folder of the user's, over the defaults.
func definitions(folder, defaults string) (analysis.Definitions, error) {
	second, err := fs.Sub(data.Files, defaults)
	if err != nil {
		return analysis.Definitions{}, err
	}
	var first fs.FS
	if folder != "" {
		if info, err := os.Stat(folder); err != nil || !info.IsDir() {
			return analysis.Definitions{}, fmt.Errorf("-config: %s is not a folder", folder)
		}
		first = os.DirFS(folder)
	}
	return analysis.Load(first, second)
}

// write writes the report beside its place and moves it there, so that a reader never sees half of it.
func write(path string, r *analysis.Result) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".report-*")
	if err != nil {
		return fmt.Errorf("-out: %w", err)
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	err = report.HTML(f, r)
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Chmod(f.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}

func progress(stderr io.Writer, terminal bool, total int) func(int) {
	if !terminal {
		return nil
	}
	var last time.Time
	return func(n int) {
		if now := time.Now(); now.Sub(last) > 100*time.Millisecond {
			last = now
			fmt.Fprintf(stderr, "\r%d of %d accounts", n, total)
		}
	}
}

func isTerminal(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
