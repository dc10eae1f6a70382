package bot

import "time"

// pacer spreads calls evenly in real time: between two slots lies at least one
// spacing, so that no second holds more than rate of them.
type pacer struct {
	spacing time.Duration // 0: no limit
	next    time.Time
}

// slack widens the spacing a little, for what scheduling and the network do to
// the distance of two calls: rate calls take one second and slack.
const slack = 30 * time.Millisecond

func newPacer(rate float64) pacer {
	if rate == 0 {
		return pacer{}
	}
	return pacer{spacing: max(scale(time.Second+slack, 1/rate), 1)}
}

// take reserves the next slot and returns how long it is away.
func (p *pacer) take(now time.Time) time.Duration {
	if p.spacing == 0 {
		return 0
	}
	slot := now
	if p.next.After(now) {
		slot = p.next
	}
	p.next = slot.Add(p.spacing)
	return slot.Sub(now)
}

// lag returns how long a call waits that comes after ahead others which are
// yet to take their slots.
func (p *pacer) lag(now time.Time, ahead int) time.Duration {
	if p.spacing == 0 {
		return 0
	}
	return max(p.next.Sub(now), 0) + time.Duration(ahead)*p.spacing
}

// bucket bounds the calls in one chat: a burst at once, the rest at rate. The
// zero bucket is full. Debt is counted in calls and wears off with time.
type bucket struct {
	debt float64
	at   time.Time
}

// burst is how many calls a chat takes at once.
const burst = 3

func (b *bucket) settle(now time.Time, rate float64) {
	if now.After(b.at) {
		b.debt = max(0, b.debt-now.Sub(b.at).Seconds()*rate)
		b.at = now
	}
}

// take counts a call.
func (b *bucket) take(now time.Time, rate float64) {
	if rate == 0 {
		return
	}
	b.settle(now, rate)
	b.debt++
}

// giveBack takes back a call that was counted and not made.
func (b *bucket) giveBack() { b.debt = max(0, b.debt-1) }

// ready returns when the next call may be made.
func (b *bucket) ready(now time.Time, rate float64) time.Time {
	if rate == 0 {
		return now
	}
	b.settle(now, rate)
	over := b.debt - (burst - 1)
	if over <= 0 {
		return now
	}
	// More than the quotient, which rounds down: otherwise the waiter could
	// wake just too early, for ever.
	return now.Add(scale(time.Second, over/rate)).Add(time.Microsecond)
}

// full reports whether nothing is owed any more.
func (b *bucket) full(now time.Time, rate float64) bool {
	b.settle(now, rate)
	return rate == 0 || b.debt == 0
}

// alarm tells when the trouble of one chat, or of one method, is everybody's:
// the messenger limits several at once, or for long.
type alarm struct {
	// last was refused latest, and other latest of all others: refusals of
	// one instant come in any order.
	last, other refusedAt
}

type refusedAt struct {
	from      source
	at, until time.Time
}

// source is what a refusal concerns: a chat, or a method without one.
type source struct {
	chat   int64
	method string
}

const (
	alarmWindow = time.Second
	alarmLong   = 30 * time.Second
)

// limited notes that a call was refused, and returns until when all calls should
// pause; the zero time if only those of its source should.
func (a *alarm) limited(from source, now time.Time, wait time.Duration) (until time.Time) {
	if a.last.from != from {
		a.other = a.last
	}
	a.last = refusedAt{from, now, now.Add(wait)}
	switch {
	case !a.other.at.IsZero() && now.Sub(a.other.at) <= alarmWindow:
		return later(a.last.until, a.other.until)
	case wait > alarmLong:
		return a.last.until
	}
	return time.Time{}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// longestBackoff bounds every wait that follows failures, in real time.
const longestBackoff = 30 * time.Second

// backoff is the wait after the n-th failure in a row, n counting from 1:
// doubling from least up to longestBackoff, spread by jitter, a number from 0 to 1.
func backoff(n int, least time.Duration, jitter float64) time.Duration {
	d := least
	for ; n > 1 && d < longestBackoff; n-- {
		d *= 2
	}
	d = min(d, longestBackoff)
	return d/2 + time.Duration(jitter*float64(d/2))
}
