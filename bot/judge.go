package bot

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/bot/outbox"
	"spasmbot/storage"
)

// judge decides whether a refusal is held against the message or the person that
// it came for. What concerns the account is held against nobody: the message
// waits, and is tried again.
type judge struct {
	queue   *queue
	account *account
	ledger  *ledger
	log     *slog.Logger
}

const (
	// patience is how long, in real time, a refusal that may be everybody's
	// waits for what others meet.
	patience     = 3 * time.Second
	patienceStep = 200 * time.Millisecond
	// longDoubt is when a message that was refused again and again is given up
	// even though no other arrives, as long as the messenger knows the bot: all
	// others may be of the same making.
	longDoubt = time.Hour
	// mostMaybes is after how many calls that may have taken effect a message has
	// arrived in all likelihood.
	mostMaybes = 3
	// lately is how long ago, in bot time, a person was heard at most of whom it
	// surprises that they cannot be reached.
	lately = 24 * time.Hour
)

// stands reports whether a refusal stands.
func (j *judge) stands(ctx context.Context, m *outbox.Message, fault *chat.Error) (bool, error) {
	reason, err := j.doubt(ctx, m, fault)
	if err != nil || reason == "" {
		return err == nil && !j.account.bad(), err
	}
	refused := time.Now()
	if j.queue.Doubt(m, reason, refused) {
		j.log.Warn("messages are refused in several chats in the same way; sending pauses, and now and then one message tries whether it is over",
			"kind", fault.Kind.String(), "code", fault.Code, "description", fault.Description)
	}
	// At once: later the account may be in order again.
	if !j.queue.Cleared(m) && !j.account.good(ctx, refused) {
		return false, nil
	}
	for time.Since(refused) < patience && j.open(ctx, m) {
		nap(ctx, patienceStep)
	}
	paused := j.queue.Paused() && !j.queue.Cleared(m) && time.Since(j.queue.Doubted(m)) < longDoubt
	return ctx.Err() == nil && !paused && !j.account.bad(), nil
}

// open reports whether it is still to be seen what others meet.
func (j *judge) open(ctx context.Context, m *outbox.Message) bool {
	return ctx.Err() == nil && !j.queue.Cleared(m) && !j.queue.Paused()
}

// heardLately is why it is doubted that a person is out of reach: they were here
// today. Other refusals are doubted for what the messenger says.
const heardLately = "heard lately"

// doubt returns why a refusal may not be meant for the message or its person: the
// same for refusals that are alike; "" if there is no doubt.
func (j *judge) doubt(ctx context.Context, m *outbox.Message, fault *chat.Error) (string, error) {
	switch {
	case fault.Kind == chat.Unknown && fault.Code != 0:
		return fmt.Sprintf("%d %s", fault.Code, fault.Description), nil
	case fault.Kind != chat.ChatGone || m.Chat != m.User:
		return "", nil
	}
	heard, err := storage.Read(ctx, j.ledger.store, func(r storage.Reader) (time.Time, error) {
		s, err := r.State(m.User)
		return s.Heard, err
	})
	switch {
	case hopeless(err): // a record that cannot be read tells nothing
		return "", nil
	case err != nil:
		return "", err
	case j.ledger.clock.Now().Sub(heard) < lately:
		return heardLately, nil
	}
	return "", nil
}

// arrived reports whether a message has arrived in all likelihood though its calls
// have failed: the last of several that may have taken effect, while nothing is
// wrong with the line.
func (j *judge) arrived(ctx context.Context, m *outbox.Message, fault *chat.Error) bool {
	if fault.Kind != chat.Retry || !fault.MaybeApplied {
		return false
	}
	now := time.Now()
	if m.Maybes++; m.Maybes == 1 {
		m.Since = now
	}
	switch {
	case m.Parked > 0: // it is known
		return true
	case m.Maybes < mostMaybes:
		return false
	case fault.Code >= 500:
		// In the messenger's own words it has failed; so it has, unless other
		// messages arrive.
		return j.queue.PassedSince(m.Since)
	}
	return j.account.good(ctx, now.Add(-patience))
}

// passed notes that a message has arrived.
func (j *judge) passed(m *outbox.Message) {
	if pause, ended := j.queue.Passed(m, time.Now()); ended {
		j.log.Warn("messages arrive again; sending goes on", "seconds", int(pause.Seconds()))
	}
	j.account.passed()
}
