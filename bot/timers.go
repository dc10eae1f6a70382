package bot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// eventer says what people are told of whose timers have come due.
type eventer interface {
	event(s flows.State, ids []uint64, due time.Time) flows.Event
}

// timers takes timers that have come due through the core.
type timers struct {
	pipe  *pipe
	core  *core
	event eventer
	log   *slog.Logger
}

// How many timers a batch takes, and how many at a time are looked through for
// the urgent ones while the sender is behind.
const (
	dueBatch  = 200
	dueSearch = 5000
)

// due takes timers that are due, and returns how many it took.
func (t *timers) due(ctx context.Context) (int, error) {
	return t.take(ctx, func(b *batch) (map[int64][]storage.Reminder, error) {
		return duePeople(b, storage.DueKey{}, dueBatch)
	})
}

// urgentDue takes timers that are due behind a place, but only of persons with an
// urgent one among them.
func (t *timers) urgentDue(ctx context.Context, after storage.DueKey) error {
	_, err := t.take(ctx, func(b *batch) (map[int64][]storage.Reminder, error) {
		people, err := duePeople(b, after, dueSearch)
		maps.DeleteFunc(people, func(_ int64, rows []storage.Reminder) bool { return !slices.ContainsFunc(rows, urgent) })
		return people, err
	})
	return err
}

// take takes the timers of some people, in the order in which they fell due.
func (t *timers) take(ctx context.Context, due func(b *batch) (map[int64][]storage.Reminder, error)) (taken int, err error) {
	err = t.pipe.commit(ctx, func(b *batch) error {
		byUser, err := due(b)
		if err != nil {
			return err
		}
		people := slices.SortedFunc(maps.Values(byUser), func(a, b []storage.Reminder) int {
			return cmp.Or(a[0].Due.Compare(b[0].Due), cmp.Compare(a[0].User, b[0].User))
		})
		taken = 0
		for _, rows := range people {
			user := rows[0].User
			if err := t.tell(b, user, rows); err != nil {
				return poison(user, err)
			}
			taken += len(rows)
		}
		return nil
	})
	return taken, err
}

// tell tells a person's state of the timers that have come due. Afterwards none
// of them is still armed and due, or it would come again at once and for ever.
func (t *timers) tell(b *batch, user int64, rows []storage.Reminder) error {
	if poisoned := b.poisoned[user]; poisoned != nil {
		t.log.Error("timers dropped: the state behind them cannot be read or written", "count", len(rows), "error", poisoned)
		return settleAll(b, rows, flows.Dropped)
	}
	state, err := b.state(user)
	if err != nil {
		return err
	}
	fresh, stale, err := overdue(b, state, rows)
	if err != nil {
		return err
	}
	if err := settleAll(b, stale, flows.Dropped); err != nil {
		return err
	}
	ev := t.event.event(state, ids(fresh), firstDue(fresh))
	if _, back := ev.(flows.Resume); len(fresh) == 0 && !back {
		return nil
	}
	_, err = t.core.turn(b, user, ev, nil)
	switch {
	case err == nil:
		return settleAll(b, fresh, flows.Fired)
	case panicked(err):
		return t.tellEach(b, user, fresh)
	}
	return err
}

// tellEach tells of timers one by one, where telling of all has failed: one bad
// timer must not take the end of a round down with it.
func (t *timers) tellEach(b *batch, user int64, rows []storage.Reminder) error {
	for i := range rows {
		end := flows.Fired
		if _, err := t.core.turn(b, user, flows.Due{IDs: ids(rows[i : i+1])}, nil); panicked(err) {
			end = flows.Dropped
		} else if err != nil {
			return err
		}
		if err := settleAll(b, rows[i:i+1], end); err != nil {
			return err
		}
	}
	return nil
}

// urgent reports whether a timer is taken when due even though many messages wait
// to be sent: a pack left on harms the skin, and a sign does not wait.
func urgent(r storage.Reminder) bool {
	return r.Phase == flows.PhaseTakeOff || r.Phase == flows.PhaseLook || r.Sign
}

// duePeople returns timers that are due behind a place, by person and in the order
// of due times.
func duePeople(b *batch, after storage.DueKey, limit int) (map[int64][]storage.Reminder, error) {
	rows, err := b.tx.Due(after, b.now, limit)
	byUser := make(map[int64][]storage.Reminder)
	for _, r := range rows {
		byUser[r.User] = append(byUser[r.User], r)
	}
	return byUser, err
}

// overdue splits a person's due timers into those that the state still waits
// for, in order of due time, and those that it has forgotten. Rows may be cut
// short by the batch's limit; the state knows the rest.
func overdue(b *batch, s flows.State, rows []storage.Reminder) (fresh, stale []storage.Reminder, err error) {
	armed := s.Armed()
	for _, r := range rows {
		if slices.ContainsFunc(armed, func(p flows.Reminder) bool { return p.ID == r.ID }) {
			fresh = append(fresh, r)
		} else {
			stale = append(stale, r)
		}
	}
	for _, p := range armed {
		if p.Due.After(b.now) || slices.ContainsFunc(rows, func(r storage.Reminder) bool { return r.ID == p.ID }) {
			continue
		}
		r, err := b.tx.Reminder(s.User, p.ID)
		if errors.Is(err, storage.ErrNotFound) {
			continue
		} else if err != nil {
			return nil, nil, err
		}
		if r.State == flows.Armed {
			fresh = append(fresh, r)
		}
	}
	slices.SortStableFunc(fresh, func(a, b storage.Reminder) int { return a.Due.Compare(b.Due) })
	return fresh, stale, nil
}

// settleAll gives timers their end, except where an effect has already settled
// them or armed them for later, or they have let their person be forgotten.
func settleAll(b *batch, rows []storage.Reminder, end flows.ReminderState) error {
	for _, row := range rows {
		r, err := b.tx.Reminder(row.User, row.ID)
		if errors.Is(err, storage.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if r.State != flows.Armed || r.Due.After(b.now) {
			continue
		}
		r.State = end
		if err := b.tx.PutReminder(r); err != nil {
			return err
		}
	}
	return nil
}

func ids(rows []storage.Reminder) []uint64 {
	out := make([]uint64, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out
}

// firstDue is the earliest of some timers.
func firstDue(rows []storage.Reminder) time.Time {
	if len(rows) == 0 {
		return time.Time{}
	}
	return slices.MinFunc(rows, func(a, b storage.Reminder) int { return a.Due.Compare(b.Due) }).Due
}
