package outbox

import (
	"time"

	"spasmbot/flows"
)

// Source is what a refusal concerns: a chat, or a method without one.
type Source struct {
	Chat   int64
	Method string
}

// alarm tells when the trouble of one source is everybody's: the messenger limits
// several at once. How long it asks one of them to wait says nothing of the
// others.
type alarm struct {
	// last was refused latest, and other latest of all others: refusals of
	// one instant come in any order.
	last, other refusedAt
}

type refusedAt struct {
	from      Source
	at, until time.Time
}

const alarmWindow = time.Second

// limited notes that a call was refused, and returns until when all calls should
// pause; the zero time if only those of its source should.
func (a *alarm) limited(from Source, now time.Time, wait time.Duration) (until time.Time) {
	until = now.Add(wait)
	if a.last.from != from {
		a.other = a.last
	} else { // two of its calls were under way: the shorter wait takes nothing off the longer
		until = flows.Later(until, a.last.until)
	}
	a.last = refusedAt{from, now, until}
	if a.other.at.IsZero() || now.Sub(a.other.at) > alarmWindow {
		return time.Time{}
	}
	return flows.Later(a.last.until, a.other.until)
}

// silence is how long nobody at all may be called.
type silence struct {
	alarm alarm
	until time.Time
}

// silenceNews is how long calls have gone on before a silence is worth a word
// again.
const silenceNews = 5 * time.Minute

// limited notes that a call was refused, and reports whether everybody's silence
// begins with it and is news.
func (s *silence) limited(from Source, now time.Time, wait time.Duration) (news bool) {
	until := s.alarm.limited(from, now, wait)
	news = !until.IsZero() && now.Sub(s.until) > silenceNews
	s.until = flows.Later(s.until, until)
	return news
}

// left is how much of the silence is to come.
func (s *silence) left(now time.Time) time.Duration { return max(s.until.Sub(now), 0) }

// Limited notes that the messenger refused a call, and silences everything if the
// trouble is not one source's alone. It reports whether that is news.
func (o *Outbox) Limited(from Source, now time.Time, wait time.Duration) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.silence.limited(from, now, wait)
}

// SilentUntil is until when nobody may be called.
func (o *Outbox) SilentUntil() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.silence.until
}
