package bot

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"spasmbot/bot/chat"
)

// answer is owed to a button press, so that the button stops spinning.
type answer struct{ query, text string }

// answerer is the part of a Gateway that answers presses.
type answerer interface {
	Answer(ctx context.Context, query, text string) error
}

// answerLane answers presses at once, past the rates of messages, several at a
// time. An answer is worth nothing after some seconds: it is not stored, tried
// twice at most, and left out when too many wait and none gets through.
type answerLane struct {
	gateway answerer
	log     *slog.Logger
	count   *counters
	lane    *lane

	queue   chan answer
	pending atomic.Int64
	// stuck: the last wait for room was in vain. Held by the batch at work.
	stuck bool
	// progress is signalled when an answer is done with.
	progress chan struct{}
}

const (
	answerWorkers  = 8
	answerQueue    = 1024
	answerRetry    = 500 * time.Millisecond
	answerPatience = 5 * time.Second
	// answerRoom is how long a batch waits for room.
	answerRoom = time.Second
)

func newAnswerLane(gateway answerer, all silencer, count *counters, log *slog.Logger) *answerLane {
	return &answerLane{
		gateway: gateway, log: log, count: count,
		lane:     newLane("answerCallbackQuery", all, log),
		queue:    make(chan answer, answerQueue),
		progress: make(chan struct{}, 1),
	}
}

// run answers until ctx ends.
func (l *answerLane) run(ctx context.Context) error {
	var workers sync.WaitGroup
	for range answerWorkers {
		workers.Go(func() { l.work(ctx) })
	}
	workers.Wait()
	return nil
}

func (l *answerLane) work(ctx context.Context) {
	for {
		select {
		case a := <-l.queue:
			l.give(ctx, a)
			l.pending.Add(-1)
			signal(l.progress)
		case <-ctx.Done():
			return
		}
	}
}

// owe takes over the answers of a batch. Where the lane is merely full it waits
// for room, which slows the pipe down to what the messenger takes. It does not
// wait for long: a line on which calls hang must not hold up everybody.
func (l *answerLane) owe(ctx context.Context, answers []answer) {
	ctx, stop := context.WithTimeout(ctx, answerRoom)
	defer stop()
	for i, a := range answers {
		l.pending.Add(1)
		if !l.put(ctx, a) {
			l.pending.Add(-1)
			l.log.Warn("presses are not answered: more wait for it than the messenger takes", "count", len(answers)-i)
			return
		}
	}
}

// put queues an answer, when there is room. It returns false if there was none
// until ctx ended, and from then on if there is none at once.
func (l *answerLane) put(ctx context.Context, a answer) bool {
	select {
	case l.queue <- a:
		l.stuck = false
		return true
	default:
	}
	if l.stuck {
		return false
	}
	select {
	case l.queue <- a:
		return true
	case <-ctx.Done():
		l.stuck = true
		return false
	}
}

// quiet reports whether no answer is owed.
func (l *answerLane) quiet() bool { return l.pending.Load() == 0 }

// give makes the call, and once more if it may help.
func (l *answerLane) give(ctx context.Context, a answer) {
	for try := range 2 {
		if !l.waitForLeave(ctx) {
			return
		}
		err := sound(l.log, callFailed, func() error { return l.gateway.Answer(ctx, a.query, a.text) })
		if err == nil {
			l.count.answered.Add(1)
			return
		}
		fault, ok := errors.AsType[*chat.Error](err)
		if !ok {
			return
		}
		switch fault.Kind {
		case chat.Limited:
			l.lane.limited(time.Now(), fault.RetryAfter)
		case chat.Retry:
			if try == 0 {
				nap(ctx, answerRetry)
			}
		case chat.QueryGone, chat.Cancelled:
			return
		default:
			l.log.Warn("a press was not answered", "kind", fault.Kind.String(), "code", fault.Code)
			return
		}
	}
}

// waitForLeave waits until the messenger takes calls again. It returns false
// if the answer would come too late.
func (l *answerLane) waitForLeave(ctx context.Context) bool {
	return time.Until(l.lane.opens()) <= answerPatience && l.lane.wait(ctx)
}
