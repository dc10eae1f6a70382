package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/storage"
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
	// look is how long it looks at most, in real time.
	look time.Duration
}

// mostGone is how often what was seen may be gone. The messenger drops what has
// waited for too long, but not again and again, with the newest of it.
const mostGone = 1

// Look is how long a bot that starts looks for another one at most, for
// [Config.Look]. Most programs, and this one, poll again three seconds after they
// were ended, so half of it is enough where nothing has moved: no update was there,
// or the oldest is still where it was. With updates that come and go it takes one or
// two more turns to see it.
const Look = 10 * time.Second

// lookPause is how far apart its polls begin at least: while updates wait, a poll
// does not.
const lookPause = time.Second

// recent is how long ago a file was last used for polling at most, in real time, if
// whoever starts on it is no newcomer: it takes up where the same bot, on the same
// file, was killed or restarted. Somebody else would have been noticed then.
const recent = 5 * time.Minute

// resumes reports whether a bot takes up its own polling.
func resumes(m storage.Marks, place string, now time.Time) bool {
	return place != "" && m.Place == place && now.Sub(m.Polled).Abs() < recent
}

// alone returns once nobody else was seen for long enough, or ctx has ended. Its
// polls confirm nothing, and what they bring comes again.
func (n *newcomer) alone(ctx context.Context) error {
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
	soon, early := context.WithTimeout(ctx, n.look/2)
	defer early()
	var seen sight
	for in.Err() == nil {
		poll := in
		if seen.nothing() {
			poll = soon
		}
		began := time.Now()
		updates, next, err := n.gateway.Poll(poll, 0)
		switch {
		case err == nil:
			n.trouble.over()
			seen.add(updates, next)
			if seen.gone > mostGone {
				return false, errNotAlone
			}
			if soon.Err() != nil && !seen.moved {
				return true, nil
			}
			nap(in, lookPause-time.Since(began))
		case poll.Err() == nil:
			return false, n.failed(ctx, err)
		case seen.nothing():
			return true, nil
		}
	}
	return true, nil
}

// sight is what a newcomer has seen of the updates that wait.
type sight struct {
	// oldest and newest are those that waited last; both are 0 if none ever has.
	oldest, newest int64
	// moved: some that waited do not any more. Gone is how often none of them did.
	moved bool
	gone  int
}

func (s *sight) nothing() bool { return s.newest == 0 }

func (s *sight) add(updates []chat.Update, next int64) {
	if len(updates) == 0 || next <= 0 { // nothing waits, or nothing that has a number
		s.moved = s.moved || !s.nothing()
		return
	}
	oldest := updates[0].ID
	if !s.nothing() {
		s.moved = s.moved || oldest != s.oldest
		if oldest > s.newest {
			s.gone++
		}
	}
	s.oldest, s.newest = oldest, next-1
}

// failed waits after a poll that has failed, unless it says that there is another
// poller, or that no waiting helps.
func (n *newcomer) failed(ctx context.Context, err error) error {
	if fault, ok := errors.AsType[*chat.Error](err); ok && fault.Kind == chat.Conflict {
		// Whoever starts it again at once is to find the messenger ready to tell of a
		// further conflict without delay.
		nap(ctx, conflictRetry)
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
