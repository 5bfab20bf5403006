package laddertest

import (
	"context"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/ladder"
)

func TestMemory(t *testing.T) {
	RunLedger(t, func(*testing.T) ladder.Ledger { return new(ladder.Memory) })
	if err := CheckLedger(t.Context(), func() (ladder.Ledger, error) { return memory(), nil }); err != nil {
		t.Error(err)
	}
}

func memory() ladder.Ledger { return new(ladder.Memory) }

// A broken ledger has methods of which one breaks a clause.
type broken struct {
	f conform.LogFuncs[ladder.Entry]
}

func wrap(f conform.LogFuncs[ladder.Entry]) ladder.Ledger { return broken{f} }

func (b broken) Append(ctx context.Context, account string, after int64, list ...ladder.Entry) error {
	return b.f.Append(ctx, account, after, list)
}

func (b broken) Entries(ctx context.Context, account string, after int64) iter.Seq2[ladder.Entry, error] {
	return b.f.Read(ctx, account, after)
}

func (b broken) Posted(ctx context.Context, after string) iter.Seq2[string, error] {
	return b.f.Subjects(ctx, after)
}

func (b broken) Forget(ctx context.Context, account string) error { return b.f.Forget(ctx, account) }

func TestBroken(t *testing.T) {
	l := ledger()
	faults := l.Faults(memory, wrap)
	for _, change := range []func(e *ladder.Entry){
		func(e *ladder.Entry) { e.Amount = e.Amount.Round(17) },
		func(e *ladder.Entry) { e.Units = e.Units.Round(17) },
		func(e *ladder.Entry) { e.Recorded = e.Recorded.Truncate(time.Millisecond) },
		func(e *ladder.Entry) { e.By = strings.TrimSpace(e.By) },
		func(e *ladder.Entry) { e.Reverses = "" },
		func(e *ladder.Entry) { e.Digest = ladder.Digest{} },
	} {
		faults = append(faults, l.Change(6, memory, wrap, change))
	}
	conform.Broken(t, l.Cases(), faults)
}
