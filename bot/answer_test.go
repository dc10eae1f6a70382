package bot

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"
)

// slowAnswers is a messenger that takes its time for the answer to a press.
type slowAnswers struct {
	*fakeGateway
	takes time.Duration
}

func (g slowAnswers) Answer(ctx context.Context, query, text string) error {
	nap(ctx, g.takes)
	return g.fakeGateway.Answer(ctx, query, text)
}

func pressMany(t *testing.T, takes time.Duration, presses int) *world {
	t.Helper()
	w := newWorld(t, func(c *Config) { c.Gateway = slowAnswers{c.Gateway.(*fakeGateway), takes} })
	w.start()
	for i := range presses {
		w.say(int64(100+i), "[first]")
	}
	synctest.Wait()
	return w
}

// More presses at once than the lane holds are all answered while answers get
// through.
func TestPressesWaitForRoom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const presses = 3 * answerQueue
		w := pressMany(t, time.Millisecond, presses)
		pass(5 * time.Second)
		if n := len(w.gateway.answered()); n != presses {
			t.Errorf("%d of %d presses were answered", n, presses)
		}
		_ = w.end()
	})
}

// Answers that hang hold up nobody for long.
func TestAnswersThatHangHoldUpNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := pressMany(t, time.Minute, 3*answerQueue)
		w.say(7, "words")
		pass(answerRoom + time.Second)
		if got := w.gateway.texts(); len(got) == 0 || got[len(got)-1] != "words" {
			t.Errorf("nobody was answered in words: %q", got)
		}
		_ = w.end()
	})
}

// Nor do answers that crawl: a batch waits once, not for each.
func TestBatchWaitsOnceForAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		l := &answerLane{log: slog.New(slog.DiscardHandler), queue: make(chan answer, 1)}
		go func() {
			for ctx.Err() == nil {
				<-l.queue
				nap(ctx, answerRoom/2)
			}
		}()
		began := time.Now()
		l.owe(ctx, make([]answer, 100))
		if took := time.Since(began); took > answerRoom {
			t.Errorf("a batch waited for %s", took)
		}
	})
}
