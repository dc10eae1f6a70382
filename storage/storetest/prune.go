package storetest

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// Before and after the instant up to which is pruned.
var (
	longAgo = start.Add(-time.Hour)
	lately  = start.Add(time.Hour)
)

// times are a record's as pruning sees them.
func sentMessage(user int64, n uint64, state storage.MessageState, queued, sent time.Time) storage.Message {
	m := fullMessage(user, n)
	m.State, m.Queued, m.Sent = state, queued, sent
	return m
}

func settledReminder(user int64, id uint64, state flows.ReminderState, due, sent time.Time) storage.Reminder {
	r := fullReminder(user, id)
	r.State, r.Due, r.Sent = state, due, sent
	return r
}

func endedEpisode(user int64, n uint64, ended time.Time) storage.Episode {
	e := fullEpisode(user, n)
	e.Started, e.Ended = longAgo, ended
	return e
}

func entryOf(user int64, seq, episode uint64, at time.Time) storage.Entry {
	e := fullEntry(user, seq)
	e.Episode, e.At = episode, at
	return e
}

// putHistory gives a person one record for every reason to go or to stay, and
// returns which are to stay.
func putHistory(tx storage.Tx, user int64) (stay []string, err error) {
	var never time.Time
	var errs []error
	add := func(name string, err error, stays bool) {
		errs = append(errs, err)
		if stays {
			stay = append(stay, fmt.Sprint(user, " ", name))
		}
	}
	add("", tx.PutState(flows.State{User: user}), false)
	for i, m := range []struct {
		state        storage.MessageState
		queued, sent time.Time
		stays        bool
	}{
		{storage.Queued, longAgo, never, true},
		{storage.Sent, longAgo, longAgo, false},
		{storage.Sending, longAgo, never, true},
		{storage.Failed, longAgo, never, false},
		{storage.Uncertain, longAgo, never, true},
		{storage.Sent, longAgo, start, true}, // at the instant is not before it
		{storage.Sent, lately, lately, true},
		{storage.Failed, lately, never, true},
	} {
		n := uint64(i + 1)
		add(fmt.Sprint("message ", n), tx.PutMessage(sentMessage(user, n, m.state, m.queued, m.sent)), m.stays)
	}
	for i, r := range []struct {
		state     flows.ReminderState
		due, sent time.Time
		stays     bool
	}{
		{flows.Armed, longAgo, never, true},
		{flows.Fired, longAgo, never, true}, // its message may be one of those that wait
		{flows.Cancelled, lately, never, true},
		{flows.Sent, longAgo, longAgo, false},
		{flows.Expired, longAgo, never, false},
		{flows.Dropped, longAgo, never, false},
		{flows.Merged, longAgo, never, false},
		{flows.Sent, longAgo, lately, true},
		{flows.Armed, lately, never, true},
	} {
		id := uint64(i + 1)
		add(fmt.Sprint("reminder ", id), tx.PutReminder(settledReminder(user, id, r.state, r.due, r.sent)), r.stays)
	}
	for n, ended := range []time.Time{1: longAgo, 2: lately, 3: never} {
		if n > 0 {
			add(fmt.Sprint("episode ", n), tx.PutEpisode(endedEpisode(user, uint64(n), ended)), n > 1)
		}
	}
	for seq, episode := range []uint64{1: 0, 2: 1, 3: 1, 4: 2, 5: 2, 6: 3, 7: 3} {
		if seq > 0 {
			add(fmt.Sprint("entry ", seq), tx.PutEntry(entryOf(user, uint64(seq), episode, longAgo)), episode > 1)
		}
	}
	add("entry 8", tx.PutEntry(entryOf(user, 8, 0, lately)), true)
	return stay, errors.Join(errs...)
}

// names lists all records of the kinds that are pruned.
func names(r storage.Reader) (all []string, err error) {
	add := func(user int64, what string, n uint64) { all = append(all, fmt.Sprint(user, " ", what, " ", n)) }
	for m, err := range r.Messages() {
		if err != nil {
			return nil, err
		}
		add(m.User, "message", m.Number)
	}
	for rem, err := range r.Reminders() {
		if err != nil {
			return nil, err
		}
		add(rem.User, "reminder", rem.ID)
	}
	for e, err := range r.Episodes() {
		if err != nil {
			return nil, err
		}
		add(e.User, "episode", e.Number)
	}
	for e, err := range r.Entries() {
		if err != nil {
			return nil, err
		}
		add(e.User, "entry", e.Seq)
	}
	slices.Sort(all)
	return all, nil
}

// pruneAll prunes as a bot does, in as many calls as it takes.
func (f *fixture) pruneAll(limit int) (records, calls int) {
	f.Helper()
	for after := int64(math.MinInt64); ; calls++ {
		if calls > 100_000 {
			f.Fatal("pruning comes to no end")
		}
		var p storage.Pruned
		f.update(func(tx storage.Tx) (err error) { p, err = tx.Prune(start, after, limit); return err })
		if p.Records > limit {
			f.Errorf("%d records were deleted at once, at most %d were to be", p.Records, limit)
		}
		records += p.Records
		if after = p.Last; p.Done {
			return records, calls + 1
		}
	}
}

// Records of the person with the lowest number of all stay: no call can begin
// before it.
var prunedPersons = persons[1:]

func pruned(f *fixture) {
	var stay []string
	f.update(func(tx storage.Tx) error {
		stay = nil
		for _, user := range prunedPersons {
			mine, err := putHistory(tx, user)
			if err != nil {
				return err
			}
			stay = append(stay, mine...)
		}
		return nil
	})
	slices.Sort(stay)
	before, err := 0, error(nil)
	f.view(func(r storage.Reader) error { all, e := names(r); before, err = len(all), e; return err })
	records, _ := f.pruneAll(1000)
	f.twice(func(r storage.Reader) error {
		left, err := names(r)
		return errors.Join(err, same("what is left", left, stay))
	})
	f.same("deleted", records, before-len(stay))
	// What is left works as before.
	f.view(func(r storage.Reader) error {
		unsent, err1 := r.Unsent(storage.MessageKey{}, 1000)
		due, err2 := r.Due(storage.DueKey{}, start, 1000)
		return errors.Join(err1, err2,
			same("unsent", len(unsent), 3*len(prunedPersons)), same("due", len(due), len(prunedPersons)))
	})
	// Once nothing waits, a timer that has fired without a message goes too.
	f.update(func(tx storage.Tx) error {
		for _, n := range []uint64{1, 3, 5} {
			if err := tx.PutMessage(sentMessage(1, n, storage.Sent, longAgo, longAgo)); err != nil {
				return err
			}
		}
		return nil
	})
	records, _ = f.pruneAll(1000)
	f.same("deleted the second time", records, 4)
	records, _ = f.pruneAll(1000)
	f.same("deleted the third time", records, 0)
}

// prunedInSteps prunes a few records at a time, and gets as far as at once.
func prunedInSteps(f *fixture) {
	for _, limit := range []int{1, 2, 7} {
		var stay []string
		f.update(func(tx storage.Tx) error {
			stay = nil
			for _, user := range prunedPersons {
				mine, err := putHistory(tx, user)
				if err != nil {
					return err
				}
				stay = append(stay, mine...)
			}
			// More than is looked at together, and all of it past.
			for n := uint64(100); n < 150; n++ {
				if err := tx.PutEntry(entryOf(2, n, 0, lately)); err != nil {
					return err
				}
				stay = append(stay, fmt.Sprint("2 entry ", n))
			}
			for n := range uint64(50) {
				err := errors.Join(
					tx.PutState(flows.State{User: 300}), tx.PutEntry(entryOf(300, n+1, 1, longAgo)),
					tx.PutMessage(sentMessage(300, n+1, storage.Sent, longAgo, longAgo)),
					tx.PutReminder(settledReminder(300, n+1, flows.Sent, longAgo, longAgo)),
				)
				if err != nil {
					return err
				}
			}
			return tx.PutEpisode(endedEpisode(300, 1, longAgo))
		})
		slices.Sort(stay)
		_, calls := f.pruneAll(limit)
		if calls < 10 {
			f.Errorf("pruned %d at a time in %d calls", limit, calls)
		}
		f.view(func(r storage.Reader) error {
			left, err := names(r)
			return errors.Join(err, same("what is left", left, stay))
		})
	}
}

// idlePruned: people who were not heard since, and for whom nothing waits, are let go
// once nothing else is left of them.
func idlePruned(f *fixture) {
	const gone, heard, timed, told, recent, ended = 1, 2, 255, 256, 257, 258
	live := func(user int64) storage.Episode { return endedEpisode(user, 1, time.Time{}) }
	states := func(r storage.Reader) (users []int64, err error) {
		for s, err := range r.States() {
			if err != nil {
				return nil, err
			}
			users = append(users, s.User)
		}
		return users, nil
	}
	var stay []string
	f.update(func(tx storage.Tx) error {
		var errs []error
		stay = nil
		for _, user := range []int64{gone, heard, timed, told, recent, ended} {
			s := flows.State{User: user, Heard: longAgo}
			if user == heard {
				s.Heard = start // at the instant is not before it
			}
			errs = append(errs, tx.PutState(s))
			if user != ended {
				errs = append(errs, tx.PutEntry(entryOf(user, 1, 1, longAgo)), tx.PutEpisode(live(user)))
			}
			if user != gone && user != recent && user != ended {
				stay = append(stay, fmt.Sprint(user, " episode 1"), fmt.Sprint(user, " entry 1"))
			}
		}
		stay = append(stay, fmt.Sprint(timed, " reminder 1"), fmt.Sprint(told, " message 1"), fmt.Sprint(ended, " episode 1"))
		for n := uint64(2); n < 60; n++ { // more than stays at hand
			stay = append(stay, fmt.Sprint(recent, " entry ", n))
			errs = append(errs, tx.PutEntry(entryOf(recent, n, 1, lately)))
		}
		slices.Sort(stay)
		return errors.Join(append(
			errs,
			tx.PutReminder(settledReminder(timed, 1, flows.Armed, longAgo, time.Time{})),
			tx.PutMessage(sentMessage(told, 1, storage.Queued, longAgo, time.Time{})),
			tx.PutEpisode(endedEpisode(ended, 1, lately)),
			tx.Quarantine(storage.Quarantined{UpdateID: 1, At: longAgo}), tx.Quarantine(storage.Quarantined{UpdateID: 2, At: start}),
			tx.Quarantine(storage.Quarantined{UpdateID: 3, At: longAgo}), tx.SetMarks(storage.Marks{Told: gone}),
		)...)
	})
	f.pruneAll(1)
	f.twice(func(r storage.Reader) error {
		left, err1 := names(r)
		users, err2 := states(r)
		bad, err3 := collect(r.Quarantined())
		marks, err4 := r.Marks()
		return errors.Join(err1, err2, err3, err4,
			same("what is left", left, stay), same("who is left", users, []int64{heard, timed, told, recent, ended}),
			same("quarantine", bad, []storage.Quarantined{{UpdateID: 2, At: start}}), same("marks", marks, storage.Marks{}))
	})
	// What stood in the way has passed.
	f.update(func(tx storage.Tx) error {
		return errors.Join(
			tx.PutReminder(settledReminder(timed, 1, flows.Cancelled, longAgo, time.Time{})),
			tx.PutMessage(sentMessage(told, 1, storage.Sent, longAgo, longAgo)), tx.PutEpisode(endedEpisode(ended, 1, longAgo)),
		)
	})
	f.pruneAll(1000)
	f.twice(func(r storage.Reader) error {
		users, err := states(r)
		return errors.Join(err, same("who is left in the end", users, []int64{heard, recent}))
	})
	records, _ := f.pruneAll(1000)
	f.same("deleted the third time", records, 0)
}
