package storetest

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

var errRefused = errors.New("refused")

// writeAll uses every method that writes.
func writeAll(tx storage.Tx, n uint64) error {
	armed := fullReminder(5, n)
	armed.State = flows.Armed
	return errors.Join(
		tx.SetOffset(int64(n)), tx.MarkSeen(int64(n), start), tx.PutState(flows.State{User: 5, Rev: n}),
		tx.PutEpisode(fullEpisode(5, n)), tx.PutEntry(fullEntry(5, n)), tx.PutReminder(armed),
		tx.PutMessage(fullMessage(5, n)), tx.Quarantine(storage.Quarantined{UpdateID: int64(n), At: start}),
		tx.PutFileID(strconv.FormatUint(n, 10), "id"),
	)
}

// written checks that the transactions 1 to n of writeAll are there, and no
// other.
func written(r storage.Reader, n uint64) error {
	var errs []error
	add := func(what string, err error, got, want any) { errs = append(errs, err, same(what, got, want)) }
	count := func(what string, got int, err error) { add(what, err, got, int(n)) }

	offset, err := r.Offset()
	add("offset", err, offset, int64(n))
	state, err := r.State(5)
	add("state", err, state, flows.State{User: 5, Rev: n})
	for id := int64(1); id <= int64(n)+1; id++ {
		seen, err := r.Seen(id)
		add(fmt.Sprintf("update %d seen", id), err, seen, id <= int64(n))
	}
	for id := uint64(1); id <= n+1; id++ {
		file, err := r.FileID(strconv.FormatUint(id, 10))
		add(fmt.Sprintf("file %d known", id), err, file != "", id <= n)
	}
	due, err := r.Due(storage.DueKey{}, start, 1000)
	count("due", len(due), err)
	unsent, err := r.Unsent(storage.MessageKey{}, 1000)
	count("unsent", len(unsent), err)
	episodes, err := collect(r.Episodes())
	count("episodes", len(episodes), err)
	entries, err := collect(r.Entries())
	count("entries", len(entries), err)
	reminders, err := collect(r.Reminders())
	count("reminders", len(reminders), err)
	messages, err := collect(r.Messages())
	count("messages", len(messages), err)
	quarantined, err := collect(r.Quarantined())
	count("quarantined", len(quarantined), err)
	return errors.Join(errs...)
}

func atomic(f *fixture) {
	refuse := func(tx storage.Tx) error {
		if err := writeAll(tx, 2); err != nil {
			return err
		}
		return fmt.Errorf("wrapped: %w", errRefused)
	}
	f.update(func(tx storage.Tx) error { return writeAll(tx, 1) })
	if err := f.Update(f.Context(), refuse); !errors.Is(err, errRefused) {
		f.Errorf("update: %v, want the function's own error", err)
	}
	f.twice(func(r storage.Reader) error { return written(r, 1) })
	f.update(func(tx storage.Tx) error { return writeAll(tx, 2) })
	f.twice(func(r storage.Reader) error { return written(r, 2) })

	if err := f.View(f.Context(), func(storage.Reader) error { return errRefused }); !errors.Is(err, errRefused) {
		f.Errorf("view: %v, want the function's own error", err)
	}
}

func ownWrites(f *fixture) {
	f.update(func(tx storage.Tx) error {
		for n := uint64(1); n <= 3; n++ {
			if err := errors.Join(writeAll(tx, n), written(tx, n)); err != nil {
				return err
			}
		}
		return nil
	})
	f.twice(func(r storage.Reader) error { return written(r, 3) })
}

// snapshots moves amounts between persons while others add them up.
func snapshots(f *fixture) {
	const people, total = 8, 8 * 100
	put := func(tx storage.Tx, user int64, amount uint64) error {
		return tx.PutState(flows.State{User: user, Rev: amount})
	}
	f.update(func(tx storage.Tx) error {
		for user := range int64(people) {
			if err := put(tx, user, total/people); err != nil {
				return err
			}
		}
		return nil
	})
	ctx, stop := context.WithCancel(f.Context())
	defer stop()
	var readers, writers sync.WaitGroup
	for range 2 {
		readers.Go(func() {
			for ctx.Err() == nil {
				err := f.View(f.Context(), func(r storage.Reader) error {
					var sum uint64
					for user := range int64(people) {
						s, err := r.State(user)
						if err != nil {
							return err
						}
						sum += s.Rev
					}
					return same("sum", sum, uint64(total))
				})
				if err != nil {
					f.Error(err)
					return
				}
			}
		})
	}
	for i := range int64(4) {
		writers.Go(func() {
			for n := range int64(25) {
				from, to := (i+n)%people, (i+3*n+1)%people
				if from == to {
					continue
				}
				if err := f.Update(f.Context(), func(tx storage.Tx) error {
					a, err1 := tx.State(from)
					b, err2 := tx.State(to)
					return errors.Join(err1, err2, put(tx, from, a.Rev-1), put(tx, to, b.Rev+1))
				}); err != nil {
					f.Error(err)
				}
			}
		})
	}
	writers.Wait()
	stop()
	readers.Wait()
}

// concurrent lets many write at once; what was confirmed is there at once for
// the one who wrote it, and for all after a restart.
func concurrent(f *fixture) {
	const people, each = 40, 10
	var all sync.WaitGroup
	for user := range int64(people) {
		all.Go(func() {
			for n := uint64(1); n <= each; n++ {
				err := f.Update(f.Context(), func(tx storage.Tx) error {
					rem := fullReminder(user, n)
					rem.State = flows.Armed
					return errors.Join(tx.PutEntry(fullEntry(user, n)), tx.PutReminder(rem), tx.PutMessage(fullMessage(user, n)))
				})
				if err == nil {
					err = f.View(f.Context(), func(r storage.Reader) error {
						_, err1 := r.Reminder(user, n)
						_, err2 := r.Message(user, n)
						return errors.Join(err1, err2)
					})
				}
				if err != nil {
					f.Errorf("person %d, update %d: %v", user, n, err)
				}
			}
		})
	}
	all.Wait()
	f.twice(func(r storage.Reader) error {
		entries, err1 := collect(r.Entries())
		due, err2 := r.Due(storage.DueKey{}, start, people*each+1)
		unsent, err3 := r.Unsent(storage.MessageKey{}, people*each+1)
		return errors.Join(
			err1, err2, err3, same("entries", len(entries), people*each),
			same("due", len(due), people*each), same("unsent", len(unsent), people*each),
		)
	})
}

// rerun lets functions that fail share commits with others that count. Every
// success counts once, and none sees what a failure wrote.
func rerun(f *fixture) {
	const callers, each = 24, 12
	var all sync.WaitGroup
	got := make([][]uint64, callers)
	for i := range callers {
		all.Go(func() {
			for n := range each {
				fails := (i+n)%3 == 0
				var count uint64
				err := f.Update(f.Context(), func(tx storage.Tx) error {
					s, err := tx.State(1)
					if err != nil {
						return err
					}
					s.Rev++
					count = s.Rev
					if err := errors.Join(tx.PutState(s), tx.PutEntry(fullEntry(1, s.Rev))); err != nil {
						return err
					}
					if fails {
						return errors.Join(errRefused, tx.PutEntry(fullEntry(2, uint64(i*each+n))))
					}
					return nil
				})
				switch {
				case fails && !errors.Is(err, errRefused):
					f.Errorf("update that fails: %v, want its own error", err)
				case !fails && err != nil:
					f.Errorf("update beside one that fails: %v", err)
				case !fails:
					got[i] = append(got[i], count)
				}
			}
		})
	}
	all.Wait()
	numbers := map[uint64]bool{}
	for _, counts := range got {
		for _, n := range counts {
			if numbers[n] {
				f.Errorf("two updates were both number %d", n)
			}
			numbers[n] = true
		}
	}
	f.twice(func(r storage.Reader) error {
		s, err1 := r.State(1)
		entries, err2 := collect(r.Entries())
		return errors.Join(
			err1, err2, same("count", int(s.Rev), len(numbers)), same("entries", len(entries), len(numbers)),
		)
	})
}

func endedContext(f *fixture) {
	cancelled, cancel := context.WithCancel(f.Context())
	cancel()
	late, cancel := context.WithDeadline(f.Context(), time.Unix(0, 0))
	defer cancel()
	for ctx, want := range map[context.Context]error{cancelled: context.Canceled, late: context.DeadlineExceeded} {
		ran := false
		// Many times: whether a call runs must not be a matter of luck.
		for range 100 {
			if err := f.Update(ctx, func(tx storage.Tx) error { ran = true; return writeAll(tx, 1) }); !errors.Is(err, want) {
				f.Errorf("update: %v, want %v", err, want)
			}
			if err := f.View(ctx, func(storage.Reader) error { ran = true; return nil }); !errors.Is(err, want) {
				f.Errorf("view: %v, want %v", err, want)
			}
		}
		f.same("function was called", ran, false)
	}
	f.twice(func(r storage.Reader) error { return written(r, 0) })
}

func closed(f *fixture) {
	f.update(func(tx storage.Tx) error { return writeAll(tx, 1) })
	if err := f.Close(); err != nil {
		f.Fatalf("close: %v", err)
	}
	for name, err := range map[string]error{
		"update": f.Update(f.Context(), func(tx storage.Tx) error { return writeAll(tx, 2) }),
		"view":   f.View(f.Context(), func(storage.Reader) error { return nil }),
		"close":  f.Close(),
	} {
		if !errors.Is(err, storage.ErrClosed) {
			f.Errorf("%s: %v, want ErrClosed", name, err)
		}
	}
	f.Store = f.open()
	f.view(func(r storage.Reader) error { return written(r, 1) })
}

func closeWaits(f *fixture) {
	var all sync.WaitGroup
	inside, leave := make(chan struct{}, 2), make(chan struct{})
	var updated, viewed bool
	all.Go(func() {
		if err := f.Update(f.Context(), func(tx storage.Tx) error {
			inside <- struct{}{}
			<-leave
			updated = true
			return writeAll(tx, 1)
		}); err != nil {
			f.Errorf("update that runs during close: %v", err)
		}
	})
	all.Go(func() {
		if err := f.View(f.Context(), func(r storage.Reader) error {
			inside <- struct{}{}
			<-leave
			viewed = true
			return written(r, 0)
		}); err != nil {
			f.Errorf("view that runs during close: %v", err)
		}
	})
	<-inside
	<-inside
	all.Go(func() { close(leave) })
	if err := f.Close(); err != nil {
		f.Errorf("close: %v", err)
	}
	// With the race detector on, reading them also shows that Close waited.
	f.same("update had run", updated, true)
	f.same("view had run", viewed, true)
	all.Wait()
	f.Store = f.open()
	f.view(func(r storage.Reader) error { return written(r, 1) })
}
