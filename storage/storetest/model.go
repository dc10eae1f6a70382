package storetest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/storage"
)

// ledger is the simplest thing that keeps the contract for timers and
// messages: two maps.
type ledger struct {
	reminders map[storage.MessageKey]storage.Reminder
	messages  map[storage.MessageKey]storage.Message
}

func (l ledger) clone() ledger {
	return ledger{maps.Clone(l.reminders), maps.Clone(l.messages)}
}

func byKey(a, b storage.MessageKey) int {
	return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Number, b.Number))
}

func sorted[T any](m map[storage.MessageKey]T, keep func(T) bool) []T {
	var all []T
	for _, key := range slices.SortedFunc(maps.Keys(m), byKey) {
		if keep(m[key]) {
			all = append(all, m[key])
		}
	}
	return all
}

func (l ledger) due(until time.Time) []storage.Reminder {
	due := sorted(l.reminders, func(r storage.Reminder) bool { return r.State == flows.Armed && !r.Due.After(until) })
	slices.SortStableFunc(due, func(a, b storage.Reminder) int { return a.Due.Compare(b.Due) })
	return due
}

func (l ledger) compare(r storage.Reader, until time.Time) error {
	reminders, err1 := collect(r.Reminders())
	messages, err2 := collect(r.Messages())
	next, ok, err3 := r.NextDue()
	armed := l.due(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	errs := []error{
		err1, err2, err3,
		same("reminders", reminders, sorted(l.reminders, func(storage.Reminder) bool { return true })),
		same("messages", messages, sorted(l.messages, func(storage.Message) bool { return true })),
		prefixes("due", func(n int) ([]storage.Reminder, error) { return r.Due(storage.DueKey{}, until, n) }, l.due(until)),
		prefixes("unsent", func(n int) ([]storage.Message, error) { return r.Unsent(storage.MessageKey{}, n) }, sorted(l.messages, storage.Message.Unsent)),
		same("has next due", ok, len(armed) > 0),
		l.unsentTo(r),
	}
	if len(armed) > 0 {
		errs = append(errs, same("next due", next, armed[0].Due))
	}
	return errors.Join(errs...)
}

// unsentTo compares what waits for each of a few people.
func (l ledger) unsentTo(r storage.Reader) error {
	var errs []error
	for _, user := range []int64{-1, 0, 1, 2, 1<<52 - 1} {
		want := sorted(l.messages, func(m storage.Message) bool { return m.User == user && m.Unsent() })
		got, err := r.UnsentTo(user)
		errs = append(errs, err, same(fmt.Sprintf("unsent to %d", user), got, want))
	}
	return errors.Join(errs...)
}

// model puts the same few reminders and messages again and again, in
// transactions of which some fail, and compares after each.
func model(f *fixture) {
	rapid.Check(f.T, func(t *rapid.T) {
		f := newFixture(f.T, f.place(f.T))
		kept := ledger{map[storage.MessageKey]storage.Reminder{}, map[storage.MessageKey]storage.Message{}}
		for range rapid.IntRange(1, 6).Draw(t, "transactions") {
			fails := rapid.Bool().Draw(t, "fails")
			until := start.Add(time.Duration(rapid.Int64Range(-3, 3).Draw(t, "until")))
			puts := rapid.SliceOfN(rapid.Custom(drawPut), 1, 12).Draw(t, "puts")
			var l ledger
			err := f.Update(f.Context(), func(tx storage.Tx) error {
				l = kept.clone()
				for _, p := range puts {
					if err := p.run(tx, l); err != nil {
						return err
					}
				}
				if err := l.compare(tx, until); err != nil || !fails {
					return err
				}
				return errRefused
			})
			switch {
			case !fails && err != nil, fails && !errors.Is(err, errRefused):
				t.Fatalf("update: %v", err)
			case !fails:
				kept = l
			}
			if err := f.View(f.Context(), func(r storage.Reader) error { return kept.compare(r, until) }); err != nil {
				t.Fatalf("view: %v", err)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatalf("close: %v", err)
		}
	})
}

// put is one write of either kind, or the end of all that a person has.
type put struct {
	key      storage.MessageKey
	forget   bool
	reminder *storage.Reminder
	message  *storage.Message
}

func drawPut(t *rapid.T) put {
	p := put{key: storage.MessageKey{
		User:   rapid.SampledFrom([]int64{-1, 1, 2, 1<<52 - 1}).Draw(t, "user"),
		Number: rapid.Uint64Range(1, 4).Draw(t, "number"),
	}}
	if p.forget = rapid.IntRange(0, 9).Draw(t, "is the end") == 9; p.forget {
		return p
	}
	if rapid.Bool().Draw(t, "is reminder") {
		due := start.Add(time.Duration(rapid.Int64Range(-3, 3).Draw(t, "due")))
		states := []flows.ReminderState{flows.Armed, flows.Armed, flows.Fired, flows.Cancelled}
		r := reminderAt(p.key.User, p.key.Number, due, rapid.SampledFrom(states).Draw(t, "state"))
		p.reminder = &r
		return p
	}
	states := []storage.MessageState{storage.Queued, storage.Sending, storage.Sent, storage.Failed, storage.Uncertain}
	m := messageIn(p.key.User, p.key.Number, rapid.SampledFrom(states).Draw(t, "state"))
	p.message = &m
	return p
}

func (p put) run(tx storage.Tx, l ledger) error {
	if p.forget {
		return p.runForget(tx, l)
	}
	if p.reminder != nil {
		l.reminders[p.key] = *p.reminder
		return tx.PutReminder(*p.reminder)
	}
	l.messages[p.key] = *p.message
	return tx.PutMessage(*p.message)
}

func (p put) runForget(tx storage.Tx, l ledger) error {
	ours := func(k storage.MessageKey) bool { return k.User == p.key.User }
	want := len(l.reminders) + len(l.messages)
	maps.DeleteFunc(l.reminders, func(k storage.MessageKey, _ storage.Reminder) bool { return ours(k) })
	maps.DeleteFunc(l.messages, func(k storage.MessageKey, _ storage.Message) bool { return ours(k) })
	n, err := tx.Forget(p.key.User)
	return errors.Join(err, same("forgotten", n.Total(), want-len(l.reminders)-len(l.messages)))
}
