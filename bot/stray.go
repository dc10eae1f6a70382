package bot

import (
	"errors"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/storage"
)

// stray reports whether a button hangs on another message than its data names. In
// a file that was restored from a copy the numbers of messages begin again where
// the copy ended: what was sent under one of them since is still in the chat, with
// the same seal. The ledger knows which message has the number now, by the id that
// the messenger gave it.
func stray(r storage.Reader, user int64, data string, pressed int64) (bool, error) {
	d, ok := button.Parse(data)
	if !ok {
		return false, nil // it names none
	}
	m, err := r.Message(user, d.Message)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return false, nil // long over, or never sent: the core knows which
	case err != nil:
		return false, err
	case m.State == storage.Queued:
		return true, nil // nobody can have seen it
	case pressed == m.MessageID, m.Edit != 0 && pressed == m.Edit:
		return pressed == 0, nil
	case m.MessageID != 0 && (m.Attempts <= 1 || pressed > m.MessageID):
		return true, nil
	}
	// It may be there more than once, or be there before its receipt is: behind
	// whatever was there before it.
	last, err := before(r, m)
	return pressed <= last, err
}

// before is the id of the message that a person was sent before another, 0 if that
// is not known.
func before(r storage.Reader, m storage.Message) (int64, error) {
	last, err := r.Message(m.User, m.Number-1)
	if errors.Is(err, storage.ErrNotFound) {
		return 0, nil
	}
	return last.MessageID, err
}

// placed says of a press whether it is where its data says, and since when its
// message has been there.
func placed(r storage.Reader, u *chat.Update, sent time.Time) (flows.Event, error) {
	press, ok := u.Event.(flows.Button)
	if !ok {
		return u.Event, nil
	}
	var err error
	press.Stray, err = stray(r, u.User, press.Data, u.Pressed)
	press.Sent = sent
	return press, err
}
