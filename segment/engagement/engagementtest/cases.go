package engagementtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/customersuccess-go/customersuccess/internal/conform"
	"github.com/customersuccess-go/customersuccess/segment/engagement"
)

func cases() []conform.Case[store] {
	return slices.Concat(writeCases(), readCases(), lifeCases())
}

func writeCases() []conform.Case[store] {
	return []conform.Case[store]{
		{Clause: "T1", Name: "touches of one and of several calls", Run: func(ctx context.Context, s store) error {
			err := errors.Join(s.Record(ctx, "acme", touch("b", 1), touch("c", 2)), s.Record(ctx, "acme", touch("a", 0)), s.Record(ctx, "acme"))
			if err != nil {
				return err
			}
			return made(ctx, s, "acme", touch("a", 0), touch("b", 1), touch("c", 2))
		}},
		{Clause: "T1", Name: "one ID in two accounts", Run: func(ctx context.Context, s store) error {
			if err := errors.Join(s.Record(ctx, "acme", touch("a", 0)), s.Record(ctx, "beta", touch("a", 1))); err != nil {
				return err
			}
			return errors.Join(made(ctx, s, "acme", touch("a", 0)), made(ctx, s, "beta", touch("a", 1)))
		}},
		{Clause: "T2", Name: "the same again", Run: func(ctx context.Context, s store) error {
			later := touch("a", 0)
			later.Recorded = day(9)
			for _, t := range []engagement.Touch{touch("a", 0), touch("a", 0), later} {
				if err := s.Record(ctx, "acme", t, t); err != nil {
					return err
				}
			}
			return made(ctx, s, "acme", touch("a", 0))
		}},
		{Clause: "T2", Name: "a revision, and back", Run: func(ctx context.Context, s store) error {
			answered, back := touch("a", 0), touch("a", 0)
			answered.Answered, answered.Recorded = day(1), day(2)
			back.Recorded = day(3)
			if err := s.Record(ctx, "acme", touch("a", 0)); err != nil {
				return err
			}
			if err := s.Record(ctx, "acme", answered); err != nil {
				return err
			}
			if err := made(ctx, s, "acme", answered); err != nil {
				return err
			}
			if err := s.Record(ctx, "acme", back); err != nil {
				return err
			}
			return made(ctx, s, "acme", back)
		}},
		{Clause: "T2", Name: "each part makes another content", Run: parts},
		{Clause: "T2", Name: "two at one instant", Run: func(ctx context.Context, s store) error {
			if err := s.Record(ctx, "acme", by("kim", 1), by("lee", 1)); err != nil {
				return err
			}
			if err := made(ctx, s, "acme", by("lee", 1)); err != nil {
				return err
			}
			if err := s.Record(ctx, "acme", by("kim", 1)); err != nil {
				return err
			}
			return made(ctx, s, "acme", by("kim", 1))
		}},
		{Clause: "T2", Name: "a late arrival", Run: late},
	}
}

// parts changes one part of a touch after the other.
func parts(ctx context.Context, s store) error {
	t := touch("a", 0)
	if err := s.Record(ctx, "acme", t); err != nil {
		return err
	}
	for i, change := range []func(){
		func() { t.Touch = "QBR" },
		func() { t.Channel = engagement.Digital },
		func() { t.By = "lee" },
		func() { t.Person = "sam" },
		func() { t.Party = engagement.Sponsor },
		func() { t.Direction = engagement.Inbound },
		func() { t.Valence = engagement.Negative },
		func() { t.Notice = engagement.Billing },
		func() { t.Ask = engagement.Review },
		func() { t.At = t.At.Add(time.Microsecond) },
		func() { t.Answered = day(1) },
	} {
		change()
		t.Recorded = day(2 + i)
		if err := s.Record(ctx, "acme", t); err != nil {
			return err
		}
		if err := made(ctx, s, "acme", t); err != nil {
			return fmt.Errorf("change %d: %w", i, err)
		}
	}
	return nil
}

func readCases() []conform.Case[store] {
	return []conform.Case[store]{
		{Clause: "T3", Name: "order", Run: func(ctx context.Context, s store) error {
			var want []engagement.Touch
			for _, id := range ids() {
				want = append(want, touch(id, 1))
			}
			want = append(want, touch("0", 2))
			for i := range want {
				if err := s.Record(ctx, "acme", want[len(want)-1-i]); err != nil {
					return err
				}
			}
			return made(ctx, s, "acme", want...)
		}},
		{Clause: "T3", Name: "bounds", Run: bounds},
		{Clause: "T3", Name: "as known then", Run: asKnown},
		{Clause: "T3", Name: "nothing there", Run: func(ctx context.Context, s store) error { return made(ctx, s, "acme") }},
		{Clause: "T4", Name: "every field comes back", Run: func(ctx context.Context, s store) error {
			plain := touch("a", 0)
			plain.Touch, plain.By, plain.Person = "", "", ""
			rich := touch(" '\"\\\u2028 e\u0301 ", 1)
			rich.Touch, rich.Channel, rich.By, rich.Person = "QBR \u00e9 ", "carrier pigeon", "kim ", "\u65e5\u672c"
			rich.Party, rich.Direction, rich.Valence, rich.Notice, rich.Ask = engagement.Peer, engagement.Between, "m\u00e9h ", "fire", "quote "
			rich.Answered, rich.Recorded = day(2).Add(time.Microsecond), day(3).Add(2*time.Microsecond)
			if err := s.Record(ctx, "acme", plain, rich); err != nil {
				return err
			}
			if err := made(ctx, s, "acme", plain, rich); err != nil {
				return err
			}
			if err := s.Record(ctx, "acme", rich); err != nil {
				return err
			}
			return made(ctx, s, "acme", plain, rich)
		}},
		{Clause: "T4", Name: "what a caller changes", Run: func(ctx context.Context, s store) error {
			given := []engagement.Touch{touch("a", 0), touch("b", 1)}
			if err := s.Record(ctx, "acme", given...); err != nil {
				return err
			}
			given[0].By, given[1].ID = "x", "x"
			return made(ctx, s, "acme", touch("a", 0), touch("b", 1))
		}},
		{Clause: "T5", Name: "accounts in order of their bytes", Run: func(ctx context.Context, s store) error {
			want := ids()
			for i := range want {
				account := want[(i*4+3)%len(want)] // out of order, and each once: 4 and 15 have no common factor
				if err := s.Record(ctx, account, touch("a", 0), touch("b", 1)); err != nil {
					return err
				}
			}
			got, err := collect(s.Touched(ctx, ""))
			if err := sameNames(got, want, err); err != nil {
				return err
			}
			for i, account := range want {
				got, err := collect(s.Touched(ctx, account))
				if err := sameNames(got, want[i+1:], err); err != nil {
					return fmt.Errorf("after %q: %w", account, err)
				}
			}
			got, err = collect(s.Touched(ctx, "abc"))
			return sameNames(got, want[slices.Index(want, "ab")+1:], err)
		}},
	}
}

// bounds tries the edges of each bound, a microsecond either side.
func bounds(ctx context.Context, s store) error {
	for n, id := range []string{"a", "b", "c", "d"} {
		if err := s.Record(ctx, "acme", touch(id, n)); err != nil {
			return err
		}
	}
	const us = time.Microsecond
	none := time.Time{}
	for _, c := range []struct {
		name              string
		from, to, knownAt time.Time
		want              []string
	}{
		{"from is included", day(1), none, none, []string{"b", "c", "d"}},
		{"from a microsecond later", day(1).Add(us), none, none, []string{"c", "d"}},
		{"to is excluded", none, day(2), none, []string{"a", "b"}},
		{"to a microsecond later", none, day(2).Add(us), none, []string{"a", "b", "c"}},
		{"known at is included", none, none, day(1).Add(time.Hour), []string{"a", "b"}},
		{"known a microsecond earlier", none, none, day(1).Add(time.Hour - us), []string{"a"}},
		{"all three", day(1), day(3), day(1).Add(time.Hour), []string{"b"}},
		{"another zone", day(1).In(time.FixedZone("", 5*3600)), none, none, []string{"b", "c", "d"}},
	} {
		touches, err := collect(s.Made(ctx, "acme", c.from, c.to, c.knownAt))
		var got []string
		for _, t := range touches {
			got = append(got, t.ID)
		}
		if err := sameNames(got, c.want, err); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// by returns a revision of one touch, recorded so many hours after a fixed instant.
func by(who string, hours float64) engagement.Touch {
	t := touch("a", 0)
	t.By, t.Recorded = who, day(1).Add(time.Duration(hours*float64(time.Hour)))
	return t
}

// late records what was known earlier after what is known later. What repeats what was known then is a revision of its
// own: one that comes later still, and lies before it, must not take its place.
func late(ctx context.Context, s store) error {
	record := func(t engagement.Touch) error { return s.Record(ctx, "acme", t) }
	known := func(hours float64, want engagement.Touch) error {
		got, err := collect(s.Made(ctx, "acme", time.Time{}, time.Time{}, by("", hours).Recorded))
		if err := sameTouches(got, []engagement.Touch{want}, err); err != nil {
			return fmt.Errorf("known at %v: %w", hours, err)
		}
		return nil
	}
	if err := errors.Join(record(by("kim", 1)), record(by("lee", 3)), record(by("kim", 2))); err != nil {
		return err
	}
	if err := errors.Join(known(1, by("kim", 1)), known(2, by("kim", 2)), known(3, by("lee", 3))); err != nil {
		return err
	}
	if err := record(by("pat", 1.5)); err != nil {
		return err
	}
	return errors.Join(known(1, by("kim", 1)), known(1.5, by("pat", 1.5)), known(2, by("kim", 2)), known(3, by("lee", 3)))
}

// asKnown moves a touch to another day, a week later.
func asKnown(ctx context.Context, s store) error {
	first, second := touch("a", 0), touch("a", 5)
	second.Recorded = day(7)
	if err := errors.Join(s.Record(ctx, "acme", first), s.Record(ctx, "acme", second)); err != nil {
		return err
	}
	none := time.Time{}
	for _, c := range []struct {
		name              string
		from, to, knownAt time.Time
		want              []engagement.Touch
	}{
		{"now", none, none, none, []engagement.Touch{second}},
		{"as known then", none, none, day(6), []engagement.Touch{first}},
		{"when the revision was recorded", none, none, day(7), []engagement.Touch{second}},
		{"where it was", none, day(1), none, nil},
		{"where it was, as known then", none, day(1), day(6), []engagement.Touch{first}},
		{"where it is", day(1), none, none, []engagement.Touch{second}},
		{"before it was known", none, none, first.Recorded.Add(-time.Microsecond), nil},
	} {
		got, err := collect(s.Made(ctx, "acme", c.from, c.to, c.knownAt))
		if err := sameTouches(got, c.want, err); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

func lifeCases() []conform.Case[store] {
	return []conform.Case[store]{
		{Clause: "T6", Name: "forget", Run: func(ctx context.Context, s store) error {
			revised := touch("a", 0)
			revised.By = "lee"
			if err := errors.Join(s.Record(ctx, "acme", touch("a", 0), touch("b", 1)), s.Record(ctx, "acme ", touch("a", 0)), s.Record(ctx, "acme", revised)); err != nil {
				return err
			}
			if err := errors.Join(s.Forget(ctx, "acme"), s.Forget(ctx, "acme"), s.Forget(ctx, "never seen")); err != nil {
				return err
			}
			got, err := collect(s.Touched(ctx, ""))
			if err := errors.Join(sameNames(got, []string{"acme "}, err), made(ctx, s, "acme"), made(ctx, s, "acme ", touch("a", 0))); err != nil {
				return err
			}
			if err := s.Record(ctx, "acme", revised); err != nil {
				return err
			}
			return made(ctx, s, "acme", revised)
		}},
		{Clause: "T7", Name: "accounts are apart", Run: func(ctx context.Context, s store) error {
			for i, account := range ids() {
				if err := s.Record(ctx, account, touch("a", i)); err != nil {
					return fmt.Errorf("account %q: %w", account, err)
				}
			}
			for i, account := range ids() {
				if err := made(ctx, s, account, touch("a", i)); err != nil {
					return fmt.Errorf("account %q: %w", account, err)
				}
			}
			return nil
		}},
		{Clause: "T7", Name: "touches are apart", Run: func(ctx context.Context, s store) error {
			var want []engagement.Touch
			for i, id := range ids() {
				want = append(want, touch(id, i))
			}
			if err := s.Record(ctx, "acme", want...); err != nil {
				return err
			}
			return made(ctx, s, "acme", want...)
		}},
		{Clause: "T8", Name: "a snapshot, stopped early, and calls while it runs", Run: ranging},
		{Clause: "T9", Name: "cancelled", Run: cancelled},
		{Clause: "T9", Name: "readers and writers at once", Run: crowd},
	}
}

func ranging(ctx context.Context, s store) error {
	if err := errors.Join(s.Record(ctx, "acme", touch("a", 0), touch("b", 1)), s.Record(ctx, "beta", touch("a", 0))); err != nil {
		return err
	}
	var got []engagement.Touch
	for t, err := range s.Made(ctx, "acme", time.Time{}, time.Time{}, time.Time{}) {
		if err != nil {
			return err
		}
		if got = append(got, t); len(got) > 1 {
			continue
		}
		revised := touch("b", 1)
		revised.By, revised.Recorded = "lee", day(5)
		if err := s.Record(ctx, "acme", revised, touch("c", 2)); err != nil {
			return fmt.Errorf("record while ranging: %w", err)
		}
		if _, err := all(ctx, s, "beta"); err != nil {
			return fmt.Errorf("read while ranging: %w", err)
		}
	}
	if err := sameTouches(got, []engagement.Touch{touch("a", 0), touch("b", 1)}, nil); err != nil {
		return err
	}
	for account, err := range s.Touched(ctx, "") {
		if err != nil {
			return err
		}
		if account != "acme" {
			return errors.New("a range went on after a break")
		}
		for t, err := range s.Made(ctx, account, time.Time{}, time.Time{}, time.Time{}) {
			if err != nil {
				return err
			}
			if t.ID != "a" {
				return errors.New("a range went on after a break")
			}
			break
		}
		break
	}
	return nil
}

func cancelled(ctx context.Context, s store) error {
	if err := s.Record(ctx, "acme", touch("a", 0)); err != nil {
		return err
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	_, errMade := all(ended, s, "acme")
	_, errNobody := all(ended, s, "beta")
	_, errTouched := collect(s.Touched(ended, ""))
	_, errLast := collect(s.Touched(ended, "acme"))
	for _, c := range []struct {
		method string
		err    error
	}{
		{"Record", s.Record(ended, "acme", touch("b", 1))},
		{"Made", errMade},
		{"Made of nobody", errNobody},
		{"Touched", errTouched},
		{"Touched after the last", errLast},
		{"Forget", s.Forget(ended, "acme")},
	} {
		if !errors.Is(c.err, context.Canceled) {
			return fmt.Errorf("%s: got error %v, want context.Canceled", c.method, c.err)
		}
	}
	return made(ctx, s, "acme", touch("a", 0))
}

// crowd lets eight goroutines record touches of one account and of their own, each twice, and read.
func crowd(ctx context.Context, s store) error {
	const n = 8
	errs := make([]error, n)
	var want []engagement.Touch
	for i := range n {
		want = append(want, touch(fmt.Sprint("touch ", i), i))
	}
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			own := fmt.Sprint("account ", i)
			errs[i] = errors.Join(
				s.Record(ctx, "acme", want[i]), s.Record(ctx, own, want[i]), s.Record(ctx, "acme", want[i]), made(ctx, s, own, want[i]),
			)
			_, errMade := all(ctx, s, "acme")
			_, errTouched := collect(s.Touched(ctx, ""))
			errs[i] = errors.Join(errs[i], errMade, errTouched)
		})
	}
	wg.Wait()
	return errors.Join(errors.Join(errs...), made(ctx, s, "acme", want...))
}
