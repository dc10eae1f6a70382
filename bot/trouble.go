package bot

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"spasmbot/bot/chat"
)

// Waits between calls that fail, in real time.
const (
	// pollRetryMax bounds what people wait once the line is back.
	pollRetryMax = 4 * time.Second
	// conflictRetry is what the Bot API itself delays a second poller by. It does not
	// grow: a newcomer that is started again and again would look in vain for one that
	// keeps still for longer and longer.
	conflictRetry = 3 * time.Second
)

// trouble is a row of failures of the same call. It is logged when it begins,
// when its kind changes and when it is over.
type trouble struct {
	lane *lane
	log  *slog.Logger
	what string // what fails, for the log

	n    int
	kind chat.Kind
}

// judge returns how long to wait after a failure, or an error if no waiting
// helps.
func (t *trouble) judge(err error) (time.Duration, error) {
	fault, ok := errors.AsType[*chat.Error](err)
	if !ok {
		fault = &chat.Error{Kind: chat.Retry}
	}
	if fault.Kind == chat.Unauthorized {
		return 0, refusedToken(err)
	}
	first := t.n == 0 || t.kind != fault.Kind
	if first {
		t.n = 0
	}
	t.n, t.kind = t.n+1, fault.Kind
	switch {
	case fault.Kind == chat.Limited:
		t.lane.limited(time.Now(), fault.RetryAfter)
		return 0, nil
	case fault.Kind == chat.Conflict:
		if first {
			t.log.Error("another program takes this bot's updates, or a webhook is set: stop the other instance, or start once with --delete-webhook",
				"doing", t.what, "code", fault.Code)
		}
		return conflictRetry, nil
	case first:
		t.log.Warn("a call to the messenger failed; trying again", "doing", t.what, "error", err)
	}
	return min(backoff(t.n, rand.Float64()), pollRetryMax), nil
}

func (t *trouble) over() {
	if t.n > 0 && t.kind != chat.Limited {
		t.log.Info("the messenger answers again")
	}
	t.n = 0
}

// insist makes a call until it succeeds or ctx ends. It returns an error if the
// token is refused.
func (t *trouble) insist(ctx context.Context, call func() error) error {
	for t.lane.wait(ctx) {
		err := call()
		if err == nil || ctx.Err() != nil {
			return nil //nolint:nilerr // the caller sees that ctx has ended
		}
		wait, err := t.judge(err)
		if err != nil {
			return err
		}
		nap(ctx, wait)
	}
	return nil
}
