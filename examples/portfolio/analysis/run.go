package analysis

import (
	"context"
	"fmt"
	"sync"

	"github.com/customersuccess-go/customersuccess/examples/portfolio/book"
)

// Options are those of Run. The zero value is the default.
type Options struct {
	Command  string         // that made the result, for the report
	Workers  int            // goroutines that evaluate; 0 is 2
	Progress func(done int) // called as accounts are done; nil: not
}

// batch is how many accounts travel together.
const batch = 64

type job struct {
	accounts []book.Account
	done     chan []*evaluated
}

// Run evaluates every account of a book and returns what came out. Accounts are evaluated side by side and collected
// in the order of the book, so that the result does not depend on how many workers there are.
func Run(ctx context.Context, b *book.Book, defs Definitions, o Options) (*Result, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	if o.Workers == 0 {
		o.Workers = 2
	}
	eval := newEvaluator(defs, b)
	work, queue := make(chan job), make(chan job, 2*o.Workers)
	var sourceErr error
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(queue)
		defer close(work)
		sourceErr = feed(ctx, b, work, queue)
	})
	for range o.Workers {
		wg.Go(func() {
			for j := range work {
				out := make([]*evaluated, len(j.accounts))
				for i := range j.accounts {
					out[i] = eval.evaluate(ctx, &j.accounts[i])
				}
				j.done <- out
			}
		})
	}
	c := newCollector(b, defs, o)
	n := 0
	for j := range queue {
		select {
		case out := <-j.done:
			for _, e := range out {
				c.add(e)
			}
			if n += len(out); o.Progress != nil {
				o.Progress(n)
			}
		case <-ctx.Done():
		}
	}
	wg.Wait()
	report, trialErr := c.trial.end()
	if sourceErr != nil {
		return nil, sourceErr
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if trialErr != nil {
		return nil, fmt.Errorf("backtest: %w", trialErr)
	}
	return c.result(report)
}

// feed sends the book's accounts out in batches: to the workers, and in order to the queue.
func feed(ctx context.Context, b *book.Book, work, queue chan<- job) error {
	var accounts []book.Account
	send := func() bool {
		j := job{accounts, make(chan []*evaluated, 1)}
		accounts = nil
		for _, to := range []chan<- job{queue, work} {
			select {
			case to <- j:
			case <-ctx.Done():
				return false
			}
		}
		return true
	}
	for a, err := range b.Accounts {
		if err != nil {
			return err
		}
		if accounts = append(accounts, a); len(accounts) == batch && !send() {
			return ctx.Err()
		}
	}
	if len(accounts) > 0 {
		send()
	}
	return ctx.Err()
}
