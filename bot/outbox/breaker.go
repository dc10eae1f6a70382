package outbox

import (
	"time"

	"spasmbot/flows"
)

// breaker finds out whether refusals concern the bot's account, and not the
// messages or the persons that they came for. The same refusal in three chats
// opens it, if no message has arrived meanwhile. While it is open one message at
// a time is launched, a probe, and the first that arrives closes it.
type breaker struct {
	// row are the refusals since a call began after which a message has
	// arrived: that was at passed.
	row    []doubt
	passed time.Time

	open           bool
	opened, closed time.Time
	// probe is the one message that may be called, nil if none is under way.
	// The next may be launched at until; fails counts those that were refused.
	probe *Message
	until time.Time
	fails int
}

// doubt is a refusal that may be anybody's.
type doubt struct {
	chat   int64
	reason string
	at     time.Time
}

const (
	// breakAt is in how many chats the same refusal is the account's.
	breakAt = 3
	// probeMin is the wait behind the first probe that was refused. It doubles
	// with each, up to probeMax.
	probeMin = time.Second
	probeMax = 30 * time.Second
)

// doubt notes that the call for a message was refused, and reports whether that
// opens the breaker.
func (b *breaker) doubt(m *Message, reason string, now time.Time) (opens bool) {
	if m.doubted.IsZero() {
		m.doubted = now
	}
	if b.open {
		return false
	}
	chats := map[int64]struct{}{m.Chat: {}}
	for _, d := range b.row {
		if d.reason == reason {
			chats[d.chat] = struct{}{}
		}
	}
	b.row = append(b.row, doubt{m.Chat, reason, now})
	if len(chats) < breakAt {
		return false
	}
	b.open, b.opened, b.until, b.fails, b.row = true, now, now, 0, nil
	return true
}

// pass notes that a message has arrived whose call began at an instant, and
// reports whether that closes the breaker.
func (b *breaker) pass(began, now time.Time) (closes bool) {
	if began.IsZero() {
		return false
	}
	b.passed = flows.Later(b.passed, began)
	rest := b.row[:0]
	for _, d := range b.row {
		if d.at.After(b.passed) {
			rest = append(rest, d)
		}
	}
	b.row = rest
	if !b.open || began.Before(b.opened) {
		return false
	}
	b.open, b.closed, b.probe = false, now, nil
	return true
}

// cleared reports whether a message has arrived since this one was refused: then
// the account is in order, and the refusal concerns what it came for.
func (b *breaker) cleared(m *Message) bool { return !m.doubted.IsZero() && !b.passed.Before(m.doubted) }

// bars reports whether a message must not be called now.
func (b *breaker) bars(m *Message) bool { return b.open && m != b.probe }

// wait is how long no message is launched.
func (b *breaker) wait(now time.Time) time.Duration {
	switch {
	case !b.open:
		return 0
	case b.probe != nil:
		return Forever
	}
	return max(b.until.Sub(now), 0)
}

// launched notes that a message is under way.
func (b *breaker) launched(m *Message) {
	if b.open {
		b.probe = m
	}
}

// landed notes that a message is not under way any more; called says that a call
// was made for it.
func (b *breaker) landed(m *Message, called bool, now time.Time) {
	if m != b.probe {
		return
	}
	b.probe, b.until = nil, now
	if called {
		b.until = now.Add(min(probeMin<<min(b.fails, 10), probeMax))
		b.fails++
	}
}
