package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"spasmbot/flows"
)

// DeadLetters returns the messages that the messenger refused for what they are,
// by person and number. They hold their words: treat them as health data.
func DeadLetters(r Reader) ([]Message, error) {
	var out []Message
	for m, err := range r.Messages() {
		if err != nil {
			return nil, fmt.Errorf("look for dead letters: %w", err)
		}
		if m.DeadLetter() {
			out = append(out, m)
		}
	}
	return out, nil
}

// Resend puts dead letters back into the outbox, to be sent again: all those named,
// or none if one of them is no dead letter. Those that have become wrong by now
// stay what they are. It returns both, as they are kept.
//
// Now is the real time; on a store whose clock ran ahead of it, that clock counts.
func Resend(ctx context.Context, s Store, keys []MessageKey, now time.Time) (queued, expired []Message, err error) {
	err = s.Update(ctx, func(tx Tx) (err error) {
		queued, expired, err = ResendIn(tx, keys, now)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	return queued, expired, nil
}

// ResendIn is Resend in a transaction of somebody's own.
func ResendIn(tx Tx, keys []MessageKey, now time.Time) (queued, expired []Message, err error) {
	marks, err := tx.Marks()
	if err != nil {
		return nil, nil, err
	}
	now = flows.Later(now, marks.Alive)
	for _, k := range keys {
		m, err := resend(tx, k, now)
		switch {
		case err != nil:
			return nil, nil, err
		case m.Unsent():
			queued = append(queued, m)
		default:
			expired = append(expired, m)
		}
	}
	return queued, expired, nil
}

// resend puts one dead letter back, unless it has expired, and with it the timer
// that it delivers.
func resend(tx Tx, k MessageKey, now time.Time) (Message, error) {
	m, err := tx.Message(k.User, k.Number)
	switch {
	case errors.Is(err, ErrNotFound), err == nil && !m.DeadLetter():
		return m, fmt.Errorf("message %d of person %d: %w: it is no dead letter", k.Number, k.User, ErrNotFound)
	case err != nil:
		return m, err
	case m.Expired(now):
		return m, nil
	}
	m.State, m.Queued, m.Cause = Queued, now, ""
	if err := tx.PutMessage(m); err != nil {
		return m, err
	}
	r, err := tx.Reminder(m.User, m.Reminder)
	switch {
	case errors.Is(err, ErrNotFound):
		return m, nil
	case err != nil:
		return m, err
	case m.Edit != 0 || r.State != flows.Dropped:
		return m, nil
	}
	r.State = flows.Fired
	return m, tx.PutReminder(r)
}
