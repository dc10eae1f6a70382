package bot

import (
	"context"
	"errors"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// ledger writes what becomes of messages. Each call returns when its record is
// durable; calls made at the same time share a commit, which is the store's
// part. A message has one owner while under way, so rows are written from
// memory and need not be read before.
type ledger struct {
	store *steadyStore
	clock Clock
}

// claim marks a message as being sent, before the call is made.
func (l *ledger) claim(ctx context.Context, it *item) error {
	row := it.Message
	row.State = storage.Sending
	row.Attempts++
	if err := l.put(ctx, row); err != nil {
		return err
	}
	it.State = storage.Sending
	return nil
}

// unclaim marks a message as waiting. If a call for it may have taken effect it
// stays Uncertain for good: then a further attempt needs no claim, for its row
// says all that can be known.
func (l *ledger) unclaim(ctx context.Context, it *item, maybeApplied bool) error {
	if it.State == storage.Uncertain {
		return nil
	}
	row := it.Message
	row.State = storage.Queued
	if maybeApplied {
		row.State = storage.Uncertain
	}
	if err := l.put(ctx, row); err != nil {
		return err
	}
	it.State = row.State
	return nil
}

func (l *ledger) put(ctx context.Context, row storage.Message) error {
	return l.store.Update(ctx, func(tx storage.Tx) error { return tx.PutMessage(row) })
}

// receipt notes that a message has arrived, and so has the timer it delivers.
// The words are dropped. The id of the file it shows is kept under fileKey.
func (l *ledger) receipt(ctx context.Context, it *item, sent chat.Sent, fileKey string) error {
	row := it.Message
	row.State, row.Sent, row.MessageID = storage.Sent, l.clock.Now(), sent.ID
	row.Text, row.Keyboard = "", nil
	return l.store.Update(ctx, func(tx storage.Tx) error {
		if err := tx.PutMessage(row); err != nil {
			return err
		}
		if sent.FileID != "" && fileKey != "" {
			if err := tx.PutFileID(fileKey, sent.FileID); err != nil {
				return err
			}
		}
		if row.Reminder == 0 || row.Edit != 0 {
			return nil
		}
		return settleDelivery(tx, row, func(r *storage.Reminder) {
			r.State, r.Sent, r.MessageID = flows.Sent, row.Sent, row.MessageID
		})
	})
}

// failure notes that messages will never arrive.
func (l *ledger) failure(ctx context.Context, cause string, end flows.ReminderState, items ...*item) error {
	return l.store.Update(ctx, func(tx storage.Tx) error {
		for _, it := range items {
			row := it.Message
			row.State, row.Cause = storage.Failed, cause
			if !it.dead {
				row.Text, row.Keyboard = "", nil
			}
			if err := tx.PutMessage(row); err != nil {
				return err
			}
			if row.Reminder == 0 || row.Edit != 0 {
				continue
			}
			err := settleDelivery(tx, row, func(r *storage.Reminder) { r.State = end })
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// settleDelivery changes the timer that a message delivers, unless an earlier
// message has delivered it.
func settleDelivery(tx storage.Tx, m storage.Message, change func(*storage.Reminder)) error {
	r, err := tx.Reminder(m.User, m.Reminder)
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
			if err := tx.PutMessage(out[i]); err != nil {
				return err
			}
		}
		return nil
	})
}
