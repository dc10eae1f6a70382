package outbox

import (
	"slices"
	"time"

	"spasmbot/storage"
)

// Withdraw lets go of messages to people that are not to be sent any more. One that
// is under way gets no further call, and is let go of when it has landed; one that
// was flushed is not put back. It returns
// those that had been claimed and were waiting.
func (o *Outbox) Withdraw(keys []storage.MessageKey, now time.Time) (claimed []*Message) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, k := range keys {
		for _, m := range o.parked.take(func(m *Message) bool { return m.Key() == k }) {
			o.shelf.release(k, m.Class)
		}
		c := o.chats[k.User]
		if c == nil {
			continue
		}
		// Nothing but its key may be read of a message that is under way.
		is := func(m *Message) bool { return m.User == k.User && m.Number == k.Number }
		for _, m := range slices.Concat(c.flying, c.flushed) {
			m.withdrawn = m.withdrawn || is(m)
		}
		i := slices.IndexFunc(c.waiting, is)
		if i < 0 {
			continue
		}
		m := c.waiting[i]
		c.waiting = slices.Delete(c.waiting, i, i+1)
		o.shelf.release(k, m.Class)
		o.place(c, now)
		if m.State == storage.Sending {
			claimed = append(claimed, m)
		}
	}
	return claimed
}

// Withdrawn reports whether a message under way is not to be sent any more.
func (o *Outbox) Withdrawn(m *Message) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return m.withdrawn
}
