package storetest

import (
	"errors"
	"fmt"
	"iter"
	"slices"

	"spasmbot/storage"
)

// numbers in the order in which a walk must give them, more of them than a
// store is likely to fetch at a time.
func numbers() []uint64 {
	var all []uint64
	for n := range uint64(60) {
		all = append(all, n)
	}
	return append(all, 255, 256, 1<<32, 1<<63-1, 1<<63, 1<<64-1)
}

func walks(f *fixture) {
	var want []storage.MessageKey
	for _, user := range persons {
		for _, n := range numbers() {
			want = append(want, storage.MessageKey{User: user, Number: n})
		}
	}
	f.update(func(tx storage.Tx) error {
		var errs []error
		for i := range want {
			key := want[i*17%len(want)]
			errs = append(errs,
				tx.PutEpisode(fullEpisode(key.User, key.Number)), tx.PutEntry(fullEntry(key.User, key.Number)),
				tx.PutReminder(fullReminder(key.User, key.Number)), tx.PutMessage(fullMessage(key.User, key.Number)))
		}
		return errors.Join(errs...)
	})
	f.twice(func(r storage.Reader) error {
		return errors.Join(
			inOrder("episodes", r.Episodes(), want, func(e storage.Episode) storage.MessageKey { return storage.MessageKey{User: e.User, Number: e.Number} }),
			inOrder("entries", r.Entries(), want, func(e storage.Entry) storage.MessageKey { return storage.MessageKey{User: e.User, Number: e.Seq} }),
			inOrder("reminders", r.Reminders(), want, func(r storage.Reminder) storage.MessageKey { return storage.MessageKey{User: r.User, Number: r.ID} }),
			inOrder("messages", r.Messages(), want, storage.Message.Key),
		)
	})
}

// walkStates puts more people than a store is likely to fetch at a time.
func walkStates(f *fixture) {
	want := slices.Clone(persons)
	for user := range int64(300) {
		want = append(want, 1000+user)
	}
	slices.Sort(want)
	f.update(func(tx storage.Tx) error {
		var errs []error
		for i := range want {
			errs = append(errs, tx.PutState(fullState(want[i*17%len(want)])))
		}
		return errors.Join(errs...)
	})
	check := func(r storage.Reader) error {
		got, err := collect(r.States())
		if err != nil {
			return err
		}
		var users []int64
		for _, s := range got {
			users = append(users, s.User)
			if err := same("state", s, fullState(s.User)); err != nil {
				return err
			}
		}
		return same("people", users, want)
	}
	f.update(func(tx storage.Tx) error { return check(tx) })
	f.twice(check)
	f.update(func(tx storage.Tx) error {
		for s, err := range tx.States() {
			if err != nil {
				return err
			}
			// The loop's body may write what is walked over.
			s.Lang = "fr"
			if err := tx.PutState(s); err != nil {
				return err
			}
			if s.User > 1000 {
				break
			}
		}
		return nil
	})
	f.twice(func(r storage.Reader) error {
		for s, err := range r.States() {
			if err != nil {
				return err
			}
			want := "de"
			if s.User <= 1001 {
				want = "fr"
			}
			if err := same("language", s.Lang, want); err != nil {
				return err
			}
		}
		return nil
	})
}

func inOrder[T any](what string, seq iter.Seq2[T, error], want []storage.MessageKey, key func(T) storage.MessageKey) error {
	i := 0
	for v, err := range seq {
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", what, err)
		case i >= len(want):
			return fmt.Errorf("%s: more than %d records", what, len(want))
		case key(v) != want[i]:
			return fmt.Errorf("%s: record %d is %v, want %v", what, i, key(v), want[i])
		}
		i++
	}
	return same(what+": records", i, len(want))
}

func walksEndEarly(f *fixture) {
	f.update(func(tx storage.Tx) error {
		var errs []error
		for n := range uint64(300) {
			errs = append(errs, tx.PutEntry(fullEntry(1, n)))
		}
		return errors.Join(errs...)
	})
	f.view(func(r storage.Reader) error {
		seq := r.Entries()
		// The same sequence walks again from the start.
		for _, stop := range []uint64{0, 1, 100, 255, 299} {
			last := uint64(0)
			for e, err := range seq {
				if err != nil {
					return err
				}
				if last = e.Seq; last == stop {
					break
				}
			}
			if err := same("last entry", last, stop); err != nil {
				return err
			}
		}
		return nil
	})
	// Nothing is left open that would keep Close waiting.
	f.reopen()
}
