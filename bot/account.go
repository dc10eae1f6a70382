package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"spasmbot/bot/chat"
)

// self is the part of a Gateway that tells who the bot is.
type self interface {
	Me(ctx context.Context) (chat.Me, error)
}

// account knows whether the messenger knows the bot: whether the calls pass that
// are about nobody else. While they fail, no refusal is held against a message or
// a person. It is used by all parts at the same time.
type account struct {
	gateway self
	lane    *lane
	log     *slog.Logger
	// restored is called when one of the calls passes again.
	restored func()

	mu sync.Mutex
	// polls and me say which of the calls have failed.
	polls, me bool
	// answered is when the last getMe began that succeeded, and refused when the
	// last one ended that did not.
	answered, refused time.Time

	asking sync.Mutex // one asks at a time
}

func newAccount(gateway self, all silencer, restored func(), log *slog.Logger) *account {
	return &account{gateway: gateway, lane: newLane("getMe", all, log), restored: restored, log: log}
}

// answers reports whether a refusal shows that the messenger can be reached, and
// knows the bot.
func answers(kind chat.Kind) bool { return kind == chat.Conflict || kind == chat.Limited }

// polled notes how a poll has ended.
func (a *account) polled(err error) {
	a.change(func() {
		a.polls = err != nil && !answers(asFault(err).Kind)
		a.me = a.me && err != nil
	})
}

// passed notes that a message has arrived.
func (a *account) passed() {
	a.mu.Lock()
	suspect := a.me
	a.mu.Unlock()
	if suspect {
		a.change(func() { a.me = false })
	}
}

// bad reports whether what is refused now must not be held against anybody.
func (a *account) bad() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.polls || a.me
}

// ask asks the messenger who the bot is, unless it wants to be left alone.
func (a *account) ask(ctx context.Context) error {
	if time.Now().Before(a.lane.opens()) {
		return errHeld
	}
	began := time.Now()
	_, err := a.gateway.Me(ctx)
	if err != nil && ctx.Err() != nil {
		return err
	}
	if fault := asFault(err); err != nil && fault.Kind == chat.Limited {
		a.lane.limited(began, fault.RetryAfter)
		return err
	}
	a.change(func() {
		if a.me = err != nil; a.me {
			a.refused = time.Now()
		} else {
			a.answered = began
		}
	})
	return err
}

// good reports whether the messenger knows the bot, by a call that begins no
// earlier than since. While polls fail it does not.
func (a *account) good(ctx context.Context, since time.Time) bool {
	a.asking.Lock()
	defer a.asking.Unlock()
	a.mu.Lock()
	known := !a.answered.Before(since) || !a.refused.Before(since)
	polls := a.polls
	a.mu.Unlock()
	if !known && !polls && a.ask(ctx) != nil {
		return false
	}
	return !a.bad()
}

// change changes what is known, and tells when it has become better or worse.
func (a *account) change(change func()) {
	a.mu.Lock()
	polls, me := a.polls, a.me
	change()
	worse := (a.polls || a.me) && !polls && !me
	better := polls && !a.polls || me && !a.me
	a.mu.Unlock()
	if worse {
		a.log.Info("the messenger does not answer for the bot as a whole; no message is given up until it does")
	}
	if better {
		a.restored()
	}
}
