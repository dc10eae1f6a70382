package outbox

import "time"

// Bucket counts what wears off with time: calls in one chat, or whatever one
// source may do in a burst at once and at a rate after that. The zero Bucket owes
// nothing. A rate is in calls a second, and always the same for a Bucket.
type Bucket struct {
	debt float64
	at   time.Time
}

// Debt is what is owed at an instant.
func (b *Bucket) Debt(now time.Time, rate float64) float64 {
	if now.After(b.at) {
		b.debt = max(0, b.debt-now.Sub(b.at).Seconds()*rate)
		b.at = now
	}
	return b.debt
}

// Add counts n calls.
func (b *Bucket) Add(n int, now time.Time, rate float64) { b.debt = b.Debt(now, rate) + float64(n) }

// burst is how many calls a chat takes at once.
const burst = 3

// take counts a call.
func (b *Bucket) take(now time.Time, rate float64) {
	if rate > 0 {
		b.Add(1, now, rate)
	}
}

// giveBack takes back a call that was counted and not made.
func (b *Bucket) giveBack() { b.debt = max(0, b.debt-1) }

// ready returns when the next call may be made, with spare further ones of the burst
// left.
func (b *Bucket) ready(now time.Time, rate float64, spare float64) time.Time {
	if rate == 0 {
		return now
	}
	over := b.Debt(now, rate) - (burst - 1 - spare)
	if over <= 0 {
		return now
	}
	// More than the quotient, which rounds down: otherwise the waiter could
	// wake just too early, for ever.
	return now.Add(seconds(over / rate)).Add(time.Microsecond)
}

// full reports whether nothing is owed any more.
func (b *Bucket) full(now time.Time, rate float64) bool {
	return rate == 0 || b.Debt(now, rate) == 0
}
