package bot

import (
	"errors"
	"slices"

	"spasmbot/flows"
	"spasmbot/storage"
)

// What waits to be sent may lose its reason: its question is answered, its round
// over, its episode at an end, or a newer message tells the same. Then it is
// withdrawn, in the transaction in which that happens. A call for it may be under
// way, or about to be: it is asked again before it is claimed, and before it is
// made (Outbox.Withdrawn). So there are two ends, and the row says which: it has
// certainly never arrived, or it may have.

// withdrawn is why a message has failed that nobody is to get any more.
const withdrawn = "withdrawn"

// withdraw takes back what an effect names.
func (b *batch) withdraw(user int64, w flows.Withdraw) error {
	return b.takeBack(user, w.Timers, func(m *storage.Message) bool {
		return !tidies(m) && m.Number >= w.From && m.Number <= w.To && (w.Subject == "" || m.Subject == w.Subject)
	})
}

// supersede takes back what a new message takes the place of. An edit gives its
// message the buttons that it is to have, whatever it was to have before: whoever
// ticks ten things at once sees all ticks as soon as one edit is through, and the
// next question does not wait for ten. What was to be heard is heard in what takes
// its place, unless that answers somebody who looks at the chat.
func (b *batch) supersede(user int64, by *flows.Message) error {
	if !by.Instead && by.Edit == 0 && by.Of == 0 {
		return nil
	}
	answers := by.Class == flows.Reply || by.Class == flows.Contact
	return b.takeBack(user, flows.Merged, func(m *storage.Message) bool {
		if tidies(m) {
			return m.Edit == by.Edit && m.Of == by.Of && pins(&m.Message) == pins(by)
		}
		gone := by.Instead && m.Subject == by.Subject
		by.Silent = by.Silent && (answers || !gone || m.Silent || m.Edit != 0)
		return gone
	})
}

// tidies reports whether a message is to change no more than how another looks whose
// time may be over: that is right whatever comes, unless it changes again.
func tidies(m *storage.Message) bool { return buttonsAlone(m) || m.Class == flows.Tidy }

// pins reports whether a message pins another or lets it go, and changes nothing of it.
func pins(m *flows.Message) bool { return m.Pin || m.Unpin }

// buttonsAlone reports whether a message is to change no more than the buttons of
// another, such as to take them away.
func buttonsAlone(m *storage.Message) bool { return m.Edit != 0 && m.Text == "" }

// takeBack withdraws those unsent messages of a person that are gone, and gives the
// timers that they deliver an end. What takes a pack off stays.
func (b *batch) takeBack(user int64, timer flows.ReminderState, gone func(*storage.Message) bool) error {
	rows, err := b.tx.UnsentTo(user)
	if err != nil {
		return err
	}
	for i := range rows {
		m := &rows[i]
		if m.Chat != user || m.Class == flows.TakeOff || !gone(m) {
			continue
		}
		own := b.posted(m)
		never := m.State == storage.Queued || own >= 0
		if err := endWithdrawn(b.tx, *m, never, timer); err != nil {
			return err
		}
		b.letGo(m, own)
	}
	return nil
}

// posted is the place of a message among those that the batch itself has posted, -1 if it
// is of an earlier one.
func (b *batch) posted(m *storage.Message) int {
	return slices.IndexFunc(b.out, func(o storage.Message) bool { return o.Key() == m.Key() })
}

// letGo sees to it that a message whose row has come to its end is not sent.
func (b *batch) letGo(m *storage.Message, own int) {
	b.counts(m, -1)
	if own < 0 {
		b.awoken = slices.DeleteFunc(b.awoken, func(o storage.Message) bool { return o.Key() == m.Key() })
		b.withdrawn = append(b.withdrawn, m.Key())
		return
	}
	if b.out[own].State == storage.Sending {
		delete(b.leaving, m.Chat)
	}
	b.out = slices.Delete(b.out, own, own+1)
}

// awaken lets out what has waited for a person to come back. How it stands is for its
// row to say: it was not made in this batch.
func (b *batch) awaken(user int64) error {
	rows, err := b.tx.UnsentTo(user)
	b.awoken = append(b.awoken, rows...)
	return err
}

// needless ends a take-off for which there is nothing to take off, and reports
// whether that is so.
func needless(tx storage.Tx, row storage.Message) (bool, error) {
	if row.Undoes == 0 {
		return false, nil
	}
	call, err := tx.Message(row.User, row.Undoes)
	switch {
	case errors.Is(err, storage.ErrNotFound):
		return false, nil
	case err != nil || call.State != storage.Failed || !call.Never:
		return false, err
	}
	return true, endWithdrawn(tx, row, true, flows.Cancelled)
}

// endWithdrawn notes that a message has been withdrawn, and what that makes of the
// timer that it delivers.
func endWithdrawn(tx storage.Tx, row storage.Message, never bool, timer flows.ReminderState) error {
	row.State, row.Cause, row.Never = storage.Failed, withdrawn, never
	row.Text, row.Keyboard = "", nil
	if err := tx.PutMessage(row); err != nil {
		return err
	}
	return settleDelivery(tx, row, func(r *storage.Reminder) { r.State = timer })
}
