package outbox

import "time"

// Doubt notes that the call for a message under way was refused, in a way that
// may concern the bot's account as well as the message or its person. The same
// reason in several chats, while no message arrives, pauses all messages. It
// reports whether it does so now, and whether that is news.
func (o *Outbox) Doubt(m *Message, reason string, now time.Time) (news bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.breaker.doubt(m, reason, now) && (o.breaker.closed.IsZero() || now.Sub(o.breaker.closed) > silenceNews)
}

// Cleared reports whether another message has arrived since this one was first
// doubted: the account is in order then.
func (o *Outbox) Cleared(m *Message) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.breaker.cleared(m)
}

// PassedSince reports whether a message has arrived by a call that began at an
// instant or later.
func (o *Outbox) PassedSince(at time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.breaker.passed.Before(at)
}

// Doubted is since when a message is doubted; zero if it is not.
func (o *Outbox) Doubted(m *Message) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return m.doubted
}

// Paused reports whether all messages pause, but for a probe now and then.
func (o *Outbox) Paused() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.breaker.open
}

// Probe lets the next probe be launched at once: there is reason to believe that
// it will arrive.
func (o *Outbox) Probe(now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.breaker.until, o.breaker.fails = now, 0
}

// Passed notes that the messenger has taken a message under way, and reports
// whether that ends a pause, and how long it was.
func (o *Outbox) Passed(m *Message, now time.Time) (pause time.Duration, ended bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	ended = o.breaker.pass(m.began, now)
	o.parked.release(m.began, now)
	return now.Sub(o.breaker.opened), ended
}

// Restore puts messages back that were flushed with one under way, but for those
// that were withdrawn meanwhile.
func (o *Outbox) Restore(m *Message, messages []*Message, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, other := range messages {
		if other.withdrawn {
			o.shelf.release(other.Key(), other.Class)
		} else {
			m.chat.insert(other)
		}
	}
	m.chat.flushed = nil
	o.place(m.chat, now)
}
