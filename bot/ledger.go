package bot

import (
	"cmp"
	"context"
	"errors"

	"spasmbot/bot/chat"
	"spasmbot/bot/outbox"
	"spasmbot/flows"
	"spasmbot/storage"
)

// ledger writes what becomes of messages. Each call returns when its record is
// durable; calls made at the same time share a commit, which is the store's
// part. A message has one owner while under way, so rows are written from
// memory. Only the pipe may come between, and withdraw one: that is looked for
// before a message is claimed, put back or given up.
type ledger struct {
	store *steadyStore
	clock Clock
}

// claim marks a message as being sent, before the call is made. It reports over if
// there is to be no call: the message has been withdrawn, or has nothing to take
// off or to change.
func (l *ledger) claim(ctx context.Context, m *outbox.Message) (over bool, err error) {
	row := m.Message
	row.State = storage.Sending
	row.Attempts++
	err = l.store.Update(ctx, func(tx storage.Tx) (err error) {
		if over, _, err = withdrawnMeanwhile(tx, row); over || err != nil {
			return err
		}
		if over, err = needless(tx, row); over || err != nil {
			return err
		}
		if over, err = nothingToChange(tx, &row); over || err != nil {
			return err
		}
		return tx.PutMessage(row)
	})
	if err == nil && !over {
		m.State, m.Edit, m.Of = storage.Sending, row.Edit, row.Of
	}
	return over, err
}

// nothingToChange finds the message that another changes which has waited for it, and ends
// that one if there is none.
func nothingToChange(tx storage.Tx, row *storage.Message) (bool, error) {
	if row.Of == 0 {
		return false, nil
	}
	of, err := tx.Message(row.User, row.Of)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return false, err
	}
	if row.Edit, row.Of = cmp.Or(of.MessageID, of.Edit), 0; row.Edit != 0 {
		return false, nil
	}
	return true, endWithdrawn(tx, *row, true, flows.Dropped)
}

// unclaim marks a message as waiting. If a call for it may have taken effect it
// stays Uncertain for good: then a further attempt needs no claim, for its row
// says all that can be known. It reports over if the message has been withdrawn;
// then its row says whether it may have arrived.
func (l *ledger) unclaim(ctx context.Context, m *outbox.Message, maybeApplied bool) (over bool, err error) {
	if m.State == storage.Uncertain {
		return false, nil
	}
	row := m.Message
	row.State = storage.Queued
	if maybeApplied {
		row.State = storage.Uncertain
	}
	err = l.store.Update(ctx, func(tx storage.Tx) (err error) {
		var end storage.Message
		if over, end, err = withdrawnMeanwhile(tx, row); err != nil {
			return err
		}
		if over {
			return putEnd(tx, end, !maybeApplied)
		}
		return tx.PutMessage(row)
	})
	if err == nil && !over {
		m.State = row.State
	}
	return over, err
}

// withdrawnMeanwhile reports whether the pipe has ended a message that is under
// way, and how: nobody else does. That may be so long ago that it is not kept any
// more, or was never so: the person was forgotten.
func withdrawnMeanwhile(tx storage.Tx, row storage.Message) (over bool, end storage.Message, err error) {
	end, err = tx.Message(row.User, row.Number)
	if errors.Is(err, storage.ErrNotFound) || err == nil && !end.Queued.Equal(row.Queued) {
		return true, storage.Message{}, nil
	}
	return err == nil && !end.Unsent(), end, err
}

// putEnd notes of a message that was withdrawn under way whether it has never
// arrived, if it is kept.
func putEnd(tx storage.Tx, end storage.Message, never bool) error {
	if end.State == "" {
		return nil
	}
	end.Never = never
	return tx.PutMessage(end)
}

// park marks a message that stands aside, and how often it has, unless it was
// withdrawn meanwhile.
func (l *ledger) park(ctx context.Context, m *outbox.Message) (over bool, err error) {
	row := m.Message
	row.State = storage.Uncertain
	row.Parked++
	err = l.store.Update(ctx, func(tx storage.Tx) (err error) {
		if over, _, err = withdrawnMeanwhile(tx, row); err != nil || over {
			return err
		}
		return tx.PutMessage(row)
	})
	if err == nil && !over {
		m.State, m.Parked = row.State, row.Parked
	}
	return over, err
}

// receipt notes that a message has arrived, and so has the timer it delivers.
// The words are dropped. The id of the file it shows is kept under fileKey.
func (l *ledger) receipt(ctx context.Context, m *outbox.Message, sent chat.Sent, fileKey string) error {
	row := m.Message
	row.State, row.Sent, row.MessageID = storage.Sent, l.clock.Now(), sent.ID
	row.Text, row.Keyboard = "", nil
	return l.store.Update(ctx, func(tx storage.Tx) error {
		forgotten, err := forgottenMeanwhile(tx, row)
		if err == nil && !forgotten {
			err = tx.PutMessage(row)
		}
		if err != nil {
			return err
		}
		if sent.FileID != "" && fileKey != "" {
			if err := tx.PutFileID(fileKey, sent.FileID); err != nil {
				return err
			}
		}
		if forgotten {
			return nil
		}
		return settleDelivery(tx, row, func(r *storage.Reminder) {
			r.State, r.Sent, r.MessageID = flows.Sent, row.Sent, row.MessageID
		})
	})
}

// failure is why messages will never arrive, and what that makes of the timers
// that they deliver.
type failure struct {
	cause string
	timer flows.ReminderState
	// words says that the messages keep them: they are needed to find out why.
	words bool
	// maybe says that the call which failed may have taken effect.
	maybe bool
}

// fail notes that messages will never arrive, and counts those of them that were not
// withdrawn before.
func (l *ledger) fail(ctx context.Context, why failure, messages ...*outbox.Message) (failed int, err error) {
	err = l.store.Update(ctx, func(tx storage.Tx) error {
		failed = 0
		for _, m := range messages {
			never := !why.maybe && m.State != storage.Uncertain
			over, end, err := withdrawnMeanwhile(tx, m.Message)
			if err != nil {
				return err
			}
			if over {
				if err := putEnd(tx, end, never); err != nil {
					return err
				}
				continue
			}
			failed++
			row := m.Message
			row.State, row.Cause, row.Never = storage.Failed, why.cause, never
			if !why.words {
				row.Text, row.Keyboard = "", nil
			}
			if err := tx.PutMessage(row); err != nil {
				return err
			}
			if err := settleDelivery(tx, row, func(r *storage.Reminder) { r.State = why.timer }); err != nil {
				return err
			}
		}
		return nil
	})
	return failed, err
}

// disown marks messages that another process left as being sent as Uncertain,
// and returns them as they are now.
func (l *ledger) disown(ctx context.Context, rows []storage.Message) ([]storage.Message, error) {
	out := make([]storage.Message, len(rows))
	var left []int
	for i, m := range rows {
		out[i] = m
		if m.State == storage.Sending {
			out[i].State = storage.Uncertain
			left = append(left, i)
		}
	}
	if len(left) == 0 {
		return out, nil
	}
	return out, l.store.Update(ctx, func(tx storage.Tx) error {
		for _, i := range left {
			forgotten, err := forgottenMeanwhile(tx, out[i])
			if err == nil && !forgotten {
				err = tx.PutMessage(out[i])
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// settleDelivery changes the timer that a message delivers, if it does.
func settleDelivery(tx storage.Tx, m storage.Message, change func(*storage.Reminder)) error {
	if m.Reminder == 0 || m.Edit != 0 {
		return nil
	}
	return settle(tx, m.User, m.Reminder, change)
}

// settle changes a timer, unless a message has delivered it.
func settle(tx storage.Tx, user int64, id uint64, change func(*storage.Reminder)) error {
	r, err := tx.Reminder(user, id)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if r.State == flows.Sent {
		return nil
	}
	change(&r)
	return tx.PutReminder(r)
}
