package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"spasmbot/bot/chat"
)

// newcomer looks whether somebody else polls for the same bot before it does so
// itself: two pollers would each take a part of the updates, and neither would know
// of the other's.
//
// The messenger ends the older of two polls with a conflict. So a poll of the
// newcomer ends the other's, and is itself ended as soon as the other tries again. In
// a crowd no poll waits long enough for that; but what the newcomer has seen and not
// confirmed is gone when it looks again.
type newcomer struct {
	gateway updater
	trouble *trouble
	// look is how long it looks, in real time; 0 is not at all.
	look time.Duration
}

// mostGone is how often what was seen may be gone. The messenger drops what has
// waited for too long, but not again and again, with the newest of it.
const mostGone = 1

// Look is how long a bot that starts looks for another one, for [Config.Look]. Most
// programs, and this one, poll again three seconds after they were ended; with updates
// waiting it takes one or two more turns to see it.
const Look = 10 * time.Second

// lookPause is how far apart its polls begin at least: while updates wait, a poll
// does not.
const lookPause = time.Second

// alone returns once nobody else was seen for long enough, or ctx has ended. Its
// polls confirm nothing, and what they bring comes again.
func (n *newcomer) alone(ctx context.Context) error {
	if n.look <= 0 {
		return nil
	}
	for n.trouble.lane.wait(ctx) {
		if quiet, err := n.watch(ctx); quiet || err != nil {
			return err
		}
	}
	return nil
}

// watch looks until a poll fails, or for as long as it is to: then it was quiet.
func (n *newcomer) watch(ctx context.Context) (quiet bool, err error) {
	in, leave := context.WithTimeout(ctx, n.look)
	defer leave()
	var newest int64
	gone := 0
	for in.Err() == nil {
		began := time.Now()
		updates, next, err := n.gateway.Poll(in, 0)
		switch {
		case err == nil:
			n.trouble.over()
			if len(updates) > 0 {
				if newest != 0 && updates[0].ID > newest {
					gone++
				}
				newest = next - 1
			}
			if gone > mostGone {
				return false, errNotAlone
			}
			nap(in, lookPause-time.Since(began))
		case in.Err() == nil:
			return false, n.failed(ctx, err)
		}
	}
	return true, nil
}

// failed waits after a poll that has failed, unless it says that there is another
// poller, or that no waiting helps.
func (n *newcomer) failed(ctx context.Context, err error) error {
	if fault, ok := errors.AsType[*chat.Error](err); ok && fault.Kind == chat.Conflict {
		return notAlone(fault)
	}
	wait, err := n.trouble.judge(err)
	if err == nil {
		nap(ctx, wait)
	}
	return err
}

func notAlone(fault *chat.Error) error {
	if strings.Contains(strings.ToLower(fault.Description), "webhook") {
		return fmt.Errorf("bot: another program takes this bot's updates through a webhook: stop it, or remove the webhook with --delete-webhook: %w", fault)
	}
	return fmt.Errorf("%w: %w", errNotAlone, fault)
}

var errNotAlone = errors.New("bot: another program is polling with the same token, and two would each get a part of what people press: " +
	"stop the other one, or start this one with --takeover and then stop the other")
