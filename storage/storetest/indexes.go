package storetest

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

func reminderAt(user int64, id uint64, due time.Time, state flows.ReminderState) storage.Reminder {
	return storage.Reminder{User: user, Reminder: flows.Reminder{ID: id, Kind: "water", Due: due, Track: "water"}, State: state}
}

// prefixes checks that every limit gives the beginning of the whole.
func prefixes[T any](what string, list func(limit int) ([]T, error), want []T) error {
	for limit := range len(want) + 2 {
		got, err := list(limit)
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		wanted := want[:min(limit, len(want))]
		if len(got) == 0 && len(wanted) == 0 {
			continue
		}
		if err := same(fmt.Sprintf("%s, at most %d", what, limit), got, wanted); err != nil {
			return err
		}
	}
	return nil
}

func due(f *fixture) {
	var want []storage.Reminder
	for _, at := range []time.Duration{-time.Hour, -1, 0} {
		// Three reminders of each person fall due at the same instant.
		for _, user := range persons {
			for _, id := range []uint64{1, 2, 1 << 63} {
				want = append(want, reminderAt(user, id+uint64(3+at%2), start.Add(at), flows.Armed))
			}
		}
	}
	for i := range want {
		want[i].ID = uint64(i)<<32 + 1
	}
	later := reminderAt(5, 1, start.Add(1), flows.Armed)
	f.update(func(tx storage.Tx) error {
		errs := []error{tx.PutReminder(later)}
		for i := range want {
			// Put in an order that is not theirs.
			errs = append(errs, tx.PutReminder(want[i*7%len(want)]))
		}
		for i, state := range []flows.ReminderState{flows.Fired, flows.Sent, flows.Expired, flows.Dropped, flows.Merged, flows.Cancelled} {
			errs = append(errs, tx.PutReminder(reminderAt(6, uint64(i), start.Add(-time.Minute), state)))
		}
		return errors.Join(errs...)
	})
	f.twice(func(r storage.Reader) error {
		next, ok, err := r.NextDue()
		none, noneErr := r.Due(storage.DueKey{}, start.Add(-time.Hour-1), 10)
		third := len(want) / 3
		return errors.Join(
			err, same("next due", next, start.Add(-time.Hour)), same("has next due", ok, true),
			noneErr, same("due before the first", len(none), 0),
			prefixes("due", func(n int) ([]storage.Reminder, error) { return r.Due(storage.DueKey{}, start, n) }, want),
			prefixes("due behind another", func(n int) ([]storage.Reminder, error) { return r.Due(want[third].DueKey(), start, n) }, want[third+1:]),
			prefixes("due behind an instant", func(n int) ([]storage.Reminder, error) {
				return r.Due(storage.DueKey{Due: start.Add(-time.Hour + 1)}, start, n)
			}, want[third:]),
			prefixes("due behind the last", func(n int) ([]storage.Reminder, error) { return r.Due(want[len(want)-1].DueKey(), start, n) }, nil),
			prefixes("due a nanosecond before", func(n int) ([]storage.Reminder, error) { return r.Due(storage.DueKey{}, start.Add(-1), n) }, want[:2*third]),
			prefixes("due a nanosecond after", func(n int) ([]storage.Reminder, error) { return r.Due(storage.DueKey{}, start.Add(1), n) }, append(slices.Clip(want), later)),
		)
	})
}

func dueChanges(f *fixture) {
	step := func(what string, put storage.Reminder, want ...storage.Reminder) {
		f.Helper()
		f.update(func(tx storage.Tx) error { return tx.PutReminder(put) })
		f.twice(func(r storage.Reader) error {
			got, err1 := r.Due(storage.DueKey{}, start.Add(time.Hour), 10)
			next, ok, err2 := r.NextDue()
			record, err3 := r.Reminder(put.User, put.ID)
			errs := []error{
				err1, err2, err3,
				same(what+": due", append([]storage.Reminder{}, got...), append([]storage.Reminder{}, want...)),
				same(what+": has next due", ok, len(want) > 0), same(what+": record", record, put),
			}
			if ok && len(want) > 0 {
				errs = append(errs, same(what+": next due", next, want[0].Due))
			}
			return errors.Join(errs...)
		})
	}
	other := reminderAt(4, 1, start, flows.Armed)
	a := reminderAt(5, 1, start.Add(-time.Second), flows.Armed)
	step("first", other, other)
	step("second, earlier", a, a, other)
	step("put again unchanged", a, a, other)
	a.Due = start.Add(time.Second)
	step("put again, later", a, other, a)
	a.Due = start.Add(-time.Minute)
	step("put again, earlier", a, a, other)
	a.Rev = 7
	step("put again with the same time", a, a, other)
	a.State = flows.Fired
	step("fired", a, other)
	a.Due = start
	step("changed while not armed", a, other)
	a.State, a.Sent, a.MessageID = flows.Sent, start.Add(3), 99
	step("sent", a, other)
	a = reminderAt(5, 1, start, flows.Armed)
	step("armed again", a, other, a)
	a.Due, a.State = start.Add(-1), flows.Cancelled
	step("other time and disarmed at once", a, other)
	other.State = flows.Expired
	step("the last one", other)
}

func messageIn(user int64, number uint64, state storage.MessageState) storage.Message {
	m := storage.Message{User: user, Chat: user, Message: flows.Message{Number: number}, State: state, Queued: start}
	if m.Unsent() {
		m.Text = "words"
	}
	return m
}

func unsent(f *fixture) {
	var all, want []storage.Message
	states := []storage.MessageState{storage.Queued, storage.Sent, storage.Sending, storage.Failed, storage.Uncertain}
	for i, user := range persons {
		for j, number := range []uint64{1, 2, 255, 256, 1 << 63} {
			m := messageIn(user, number, states[(i+j)%len(states)])
			all = append(all, m)
			if m.Unsent() {
				want = append(want, m)
			}
		}
	}
	f.update(func(tx storage.Tx) error {
		var errs []error
		for i := range all {
			errs = append(errs, tx.PutMessage(all[i*7%len(all)]))
		}
		return errors.Join(errs...)
	})
	f.twice(func(r storage.Reader) error {
		errs := []error{prefixes("unsent", func(n int) ([]storage.Message, error) { return r.Unsent(storage.MessageKey{}, n) }, want)}
		for i, m := range want {
			if m.Key() == (storage.MessageKey{}) {
				continue
			}
			got, err := r.Unsent(m.Key(), len(all))
			errs = append(errs, err, same(fmt.Sprintf("unsent behind %v", m.Key()), append([]storage.Message{}, got...), append([]storage.Message{}, want[i+1:]...)))
		}
		// A page need not begin behind a message that exists.
		got, err := r.Unsent(storage.MessageKey{User: 2, Number: 1<<64 - 1}, 1)
		i := slices.IndexFunc(want, func(m storage.Message) bool { return m.User > 2 })
		errs = append(errs, err, same("unsent behind a gap", got, want[i:i+1]))

		var paged []storage.Message
		var after storage.MessageKey
		for {
			page, err := r.Unsent(after, 4)
			if err != nil || len(page) == 0 {
				errs = append(errs, err)
				break
			}
			paged = append(paged, page...)
			after = page[len(page)-1].Key()
		}
		return errors.Join(append(errs, same("pages", paged, want))...)
	})
}

func unsentChanges(f *fixture) {
	m := messageIn(5, 1, storage.Queued)
	for _, state := range []storage.MessageState{
		storage.Queued, storage.Sending, storage.Uncertain, storage.Sending, storage.Sent, storage.Sent,
		storage.Queued, storage.Sending, storage.Queued, storage.Failed, storage.Uncertain,
	} {
		m = messageIn(5, 1, state)
		m.Attempts++
		f.update(func(tx storage.Tx) error { return tx.PutMessage(m) })
		f.twice(func(r storage.Reader) error {
			got, err1 := r.Unsent(storage.MessageKey{}, 10)
			record, err2 := r.Message(5, 1)
			want := []storage.Message{m}
			if !m.Unsent() {
				want = nil
			}
			return errors.Join(
				err1, err2, same("record", record, m),
				same("unsent when "+string(state), append([]storage.Message(nil), got...), want),
			)
		})
	}
}
