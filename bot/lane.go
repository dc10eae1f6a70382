package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"spasmbot/bot/outbox"
	"spasmbot/flows"
)

// silencer knows when everybody has to keep silent.
type silencer interface {
	Limited(from outbox.Source, now time.Time, wait time.Duration) (news bool)
	SilentUntil() time.Time
}

// lane is the calls of one method, or of some that go together, that concern no chat. After a refusal they
// wait for as long as the messenger asks, and they keep silent with all others
// when everything pauses.
type lane struct {
	method string
	all    silencer
	log    *slog.Logger

	mu    sync.Mutex
	until time.Time
}

func newLane(method string, all silencer, log *slog.Logger) *lane {
	return &lane{method: method, all: all, log: log}
}

// limited obeys a retry-after.
func (l *lane) limited(now time.Time, wait time.Duration) {
	wait = max(wait, time.Second)
	if l.all.Limited(outbox.Source{Method: l.method}, now, wait) {
		logPause(l.log, wait)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until = flows.Later(l.until, now.Add(wait))
}

// opens is when the messenger takes calls again.
func (l *lane) opens() time.Time {
	all := l.all.SilentUntil()
	l.mu.Lock()
	defer l.mu.Unlock()
	return flows.Later(l.until, all)
}

// wait returns when a call may be made, or false once ctx has ended. The
// silence may have been drawn out meanwhile, so it looks again.
func (l *lane) wait(ctx context.Context) bool {
	for ctx.Err() == nil {
		d := time.Until(l.opens())
		if d <= 0 {
			return true
		}
		nap(ctx, d)
	}
	return false
}

func logPause(log *slog.Logger, wait time.Duration) {
	log.Warn("the messenger limits the bot as a whole; all calls pause", "seconds", int(wait.Seconds()))
}
