package bot

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/storage"
)

// Waits between polls that fail, in real time.
const (
	pollRetryMin = 500 * time.Millisecond
	// pollRetryMax bounds what people wait once the line is back.
	pollRetryMax = 4 * time.Second
	// conflictRetryMin is what the Bot API itself delays a second poller by.
	conflictRetryMin = 3 * time.Second
	// pollPause is the least distance of two polls that confirm nothing new:
	// a poll that does not wait by itself must not become a busy loop.
	pollPause = 500 * time.Millisecond
)

// begin finds out who the bot is and what it was last told. It returns an error
// only if the bot cannot work at all.
func (b *Bot) begin(ctx context.Context) (offset int64, err error) {
	err = b.store.View(ctx, func(r storage.Reader) error {
		offset, err = r.Offset()
		return err
	})
	if err != nil {
		if ctx.Err() != nil {
			return 0, nil
		}
		return 0, err
	}
	var me chat.Me
	err = b.insist(ctx, "getMe", "asking the messenger who the bot is", func() (err error) {
		me, err = b.cfg.Gateway.Me(ctx)
		return err
	})
	if err == nil && b.cfg.DeleteWebhook {
		err = b.insist(ctx, "deleteWebhook", "deleting the webhook", func() error { return b.cfg.Gateway.DeleteWebhook(ctx) })
	}
	if err != nil {
		return 0, err
	}
	if ctx.Err() != nil {
		return 0, nil
	}
	b.pipe.username, b.sender.gallery.bot = me.Username, me.ID
	if err := b.away.begin(ctx); err != nil {
		if ctx.Err() != nil {
			return 0, nil
		}
		return 0, err
	}
	b.log.Info("polling as @" + me.Username)
	return offset, nil
}

// insist makes a call until it succeeds or ctx ends. It returns an error if the
// token is refused.
func (b *Bot) insist(ctx context.Context, method, what string, call func() error) error {
	t := b.newTrouble(method)
	for {
		if !t.lane.wait(ctx) {
			return nil
		}
		err := call()
		if err == nil {
			return nil
		}
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the caller sees that ctx has ended
		}
		wait, err := t.judge(b, what, err)
		if err != nil {
			return err
		}
		nap(ctx, wait)
	}
}

// poll fetches updates and takes them through the pipe until intake ends; output
// is the context of the work on a batch. The offset passed on is always one
// that was committed.
func (b *Bot) poll(intake, output context.Context, offset int64, fail func(error)) {
	t := b.newTrouble("getUpdates")
	for t.lane.wait(intake) {
		began := time.Now()
		updates, next, err := b.cfg.Gateway.Poll(intake, offset)
		if err != nil {
			if intake.Err() != nil {
				return
			}
			wait, err := t.judge(b, "polling", err)
			if err != nil {
				fail(err)
				return
			}
			b.away.down(t.kind)
			nap(intake, wait)
			if err := b.probe(intake, &t); err != nil && intake.Err() == nil {
				fail(err)
				return
			}
			continue
		}
		t.over(b)
		if err := b.away.up(output); err != nil {
			if output.Err() == nil {
				fail(err)
			}
			return
		}
		if len(updates) == 0 && next == offset {
			nap(intake, pollPause-time.Since(began))
			continue
		}
		if err := b.pipe.updates(output, updates, next); err != nil {
			if output.Err() == nil {
				fail(err)
			}
			return
		}
		if next == offset { // not one id could be read: the same will come again
			nap(intake, pollPause-time.Since(began))
		}
		offset = next
	}
}

// probe makes a call that is answered at once when the messenger cannot be
// reached: a poll would only return with the next update.
func (b *Bot) probe(ctx context.Context, t *trouble) error {
	if t.kind != chat.Retry {
		return nil
	}
	if _, err := b.cfg.Gateway.Me(ctx); err != nil {
		return nil //nolint:nilerr // the next poll tells what is wrong
	}
	return b.away.up(ctx)
}

// trouble is a row of failures of the same call. It is logged when it begins,
// when its kind changes and when it is over.
type trouble struct {
	n    int
	kind chat.Kind
	lane *lane
}

func (b *Bot) newTrouble(method string) trouble {
	return trouble{lane: newLane(method, b.sender.queue, b.log)}
}

// judge returns how long to wait after a failure, or an error if no waiting
// helps.
func (t *trouble) judge(b *Bot, what string, err error) (time.Duration, error) {
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
			b.log.Error("another program takes this bot's updates, or a webhook is set: stop the other instance, or start once with --delete-webhook",
				"doing", what, "code", fault.Code)
		}
		return max(backoff(t.n, conflictRetryMin, 1), conflictRetryMin), nil
	case first:
		b.log.Warn("a call to the messenger failed; trying again", "doing", what, "error", err)
	}
	return min(backoff(t.n, pollRetryMin, rand.Float64()), pollRetryMax), nil
}

func (t *trouble) over(b *Bot) {
	if t.n > 0 && t.kind != chat.Limited {
		b.log.Info("the messenger answers again")
	}
	t.n = 0
}
