package bot

import (
	"errors"
	"slices"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// batch is the work of one transaction. It is made anew each time the
// transaction runs, and let out only after the commit.
type batch struct {
	tx       storage.Tx
	now      time.Time // bot time
	wall     time.Time // real time
	pipe     *pipe
	poisoned map[int64]error
	// states are those read or written so far.
	states map[int64]flows.State

	// leaving are the chats of messages in out that are sent right after the
	// commit.
	leaving map[int64]struct{}

	out                         []storage.Message
	answers                     []answer
	greeted                     []groupMember
	armed                       bool
	updates, turns, quarantined uint64

	// said and silent count, by person, the messages and the events without
	// one; passedOver the updates that were too many.
	said, silent map[int64]int
	passedOver   uint64
}

func (b *batch) state(user int64) (flows.State, error) {
	if s, ok := b.states[user]; ok {
		return s, nil
	}
	s, err := b.tx.State(user)
	if err == nil {
		b.states[user] = s
	}
	return s, err
}

func (b *batch) putState(s flows.State) error {
	b.states[s.User] = s
	return b.tx.PutState(s)
}

// update takes in one update. An update that came before changes nothing, but a
// press is answered all the same: the crash that made it come again may have
// come before the answer. Poisoned, if not nil, is why it could not be stored.
func (b *batch) update(u chat.Update, poisoned error) error {
	var toast string
	if u.Query != "" {
		defer func() { b.answers = append(b.answers, answer{u.Query, toast}) }()
	}
	seen, err := b.tx.Seen(u.ID)
	if err != nil || seen {
		return err
	}
	if err := b.tx.MarkSeen(u.ID, b.now); err != nil {
		return err
	}
	b.updates++
	switch {
	case u.Bad != nil:
		return b.quarantine(u, u.Bad)
	case poisoned != nil:
		return b.quarantine(u, poisoned)
	case u.Event == nil:
		return nil
	case !u.Private:
		return b.greet(u)
	case u.User == 0:
		return nil
	}
	if passedOver, err := b.flooded(u.User, u.Event); passedOver || err != nil {
		return err
	}
	said := b.said[u.User]
	toast, err = b.step(u.User, u.Event, &u)
	if b.said[u.User] == said {
		b.silent[u.User]++
	}
	if broken, ok := errors.AsType[*panicError](err); ok {
		return b.quarantine(u, broken)
	}
	return err
}

func (b *batch) quarantine(u chat.Update, cause error) error {
	b.quarantined++
	return b.tx.Quarantine(storage.Quarantined{UpdateID: u.ID, At: b.now, Raw: u.Raw, Cause: cause.Error()})
}

// due tells a person's state of the timers that have come due. Afterwards none
// of them is still armed and due, or it would come again at once and for ever.
func (b *batch) due(user int64, rows []storage.Reminder, poisoned error) error {
	if poisoned != nil {
		b.pipe.log.Error("timers dropped: the state behind them cannot be read or written", "count", len(rows), "error", poisoned)
		return b.settleAll(rows, flows.Dropped)
	}
	state, err := b.state(user)
	if err != nil {
		return err
	}
	fresh, stale, err := b.overdue(state, rows)
	if err != nil {
		return err
	}
	if err := b.settleAll(stale, flows.Dropped); err != nil {
		return err
	}
	ev := b.pipe.away.event(state, ids(fresh), firstDue(fresh))
	if _, back := ev.(flows.Resume); len(fresh) == 0 && !back {
		return nil
	}
	_, err = b.step(user, ev, nil)
	if err == nil {
		return b.settleAll(fresh, flows.Fired)
	}
	if !panicked(err) {
		return err
	}
	// One bad timer must not take the end of a round down with it.
	for i := range fresh {
		end := flows.Fired
		if _, err := b.step(user, flows.Due{IDs: ids(fresh[i : i+1])}, nil); panicked(err) {
			end = flows.Dropped
		} else if err != nil {
			return err
		}
		if err := b.settleAll(fresh[i:i+1], end); err != nil {
			return err
		}
	}
	return nil
}

// overdue splits a person's due timers into those that the state still waits
// for, in order of due time, and those that it has forgotten. Rows may be cut
// short by the batch's limit; the state knows the rest.
func (b *batch) overdue(s flows.State, rows []storage.Reminder) (fresh, stale []storage.Reminder, err error) {
	for _, r := range rows {
		if slices.ContainsFunc(s.Pending, func(p flows.Reminder) bool { return p.ID == r.ID }) {
			fresh = append(fresh, r)
		} else {
			stale = append(stale, r)
		}
	}
	for _, p := range s.Pending {
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

func ids(rows []storage.Reminder) []uint64 {
	out := make([]uint64, len(rows))
	for i, r := range rows {
		out[i] = r.ID
	}
	return out
}

// settleAll gives timers their end, except where an effect has already settled
// them or armed them for later.
func (b *batch) settleAll(rows []storage.Reminder, end flows.ReminderState) error {
	for _, row := range rows {
		r, err := b.tx.Reminder(row.User, row.ID)
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
