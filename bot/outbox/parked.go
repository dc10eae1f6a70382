package outbox

import (
	"slices"
	"time"
)

// parked are messages that have arrived in all likelihood, more than once, though
// no reply said so. They stand aside: what is behind them in their chats goes on,
// and each is tried again when its wait is over, in hours. Where no message at all
// has arrived meanwhile, the line may have been the reason: then the first that
// does lets them try again.
type parked []*Message

const (
	// parkMin is the first wait of a parked message, in real time. It grows
	// fourfold each time, up to parkMax.
	parkMin = 2 * time.Minute
	parkMax = 6 * time.Hour
)

// parkWait is how long a message stands aside for the n-th time, n counting from 1.
func parkWait(n int) time.Duration {
	wait := parkMin
	for ; n > 1 && wait < parkMax; n-- {
		wait *= 4
	}
	return min(wait, parkMax)
}

// add takes a message that has been parked as often as its row says.
func (p *parked) add(m *Message, alone bool, now time.Time) {
	m.parked, m.until, m.alone = now, now.Add(parkWait(m.Parked)), alone
	*p = append(*p, m)
}

// release lets those try again that may have failed for the line, now that a
// message has arrived by a call that began at an instant.
func (p parked) release(began, now time.Time) {
	for _, m := range p {
		if m.alone && !began.Before(m.parked) {
			m.alone, m.until = false, now
		}
	}
}

// take takes out those that a test picks.
func (p *parked) take(pick func(*Message) bool) (out []*Message) {
	*p = slices.DeleteFunc(*p, func(m *Message) bool {
		picked := pick(m)
		if picked {
			out = append(out, m)
		}
		return picked
	})
	return out
}

// opens is when the first of them is tried again; ok is false if there is none.
func (p parked) opens() (at time.Time, ok bool) {
	for i, m := range p {
		if i == 0 || m.until.Before(at) {
			at = m.until
		}
	}
	return at, len(p) > 0
}

// Park ends the flight of a message that has arrived in all likelihood, though no
// reply said so: it stands aside, the longer the more often. Its row tells how
// often that was, this time included. It reports whether it is the only one now,
// and whether no other message has arrived since it first failed.
func (o *Outbox) Park(m *Message, now time.Time) (first, alone bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.land(m, now)
	alone = o.breaker.passed.Before(m.Since)
	if m.withdrawn {
		o.shelf.release(m.Key(), m.Class)
	} else {
		o.parked.add(m, alone, now)
	}
	o.place(m.chat, now)
	return len(o.parked) == 1, alone
}

// Parked counts the messages that stand aside.
func (o *Outbox) Parked() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.parked)
}

// unpark puts back those whose wait is over, and returns how long the next one's
// is. It is called with mu held.
func (o *Outbox) unpark(now time.Time) (wait time.Duration) {
	at, ok := o.parked.opens()
	if ok && !at.After(now) {
		for _, m := range o.parked.take(func(m *Message) bool { return !m.until.After(now) }) {
			c := o.chat(m.Chat)
			c.insert(m)
			o.place(c, now)
		}
		at, ok = o.parked.opens()
	}
	if !ok {
		return Forever
	}
	return at.Sub(now)
}

// chat returns a chat, new if nothing is known of it. It is called with mu held.
func (o *Outbox) chat(id int64) *chat {
	c := o.chats[id]
	if c == nil {
		c = &chat{id: id}
		o.chats[id] = c
	}
	return c
}
