package outbox

import "time"

// Slot lets out the call for a message under way: with a wait of 0 it is to be
// made now, and Returned told when it has come to its end. Otherwise Slot is to be
// asked again after the wait. It returns false if no calls are to be made now.
func (o *Outbox) Slot(m *Message, now time.Time) (time.Duration, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if m.withdrawn || o.silence.left(now) > 0 || o.breaker.bars(m) || m.chat.until.After(now) { // a group that it has moved to may keep silent
		return 0, false
	}
	if m.slot.IsZero() {
		if !o.flights.pace(m) { // a further call for the same message
			m.chat.bucket.take(now, o.rate(m.chat.id))
		}
		m.slot = o.pacer.reserve(now)
	}
	if wait := m.slot.Sub(now); wait > 0 {
		return wait, true
	}
	if wait := o.pacer.begin(now); wait > 0 {
		return wait, true
	}
	m.slot, m.began = time.Time{}, now
	return 0, true
}

// Returned notes that the call for a message has come to its end, whatever came of
// it.
func (o *Outbox) Returned(m *Message, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pacer.end(m.began, now)
}
