package bench

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A benchmark that counts less work than another is none: the server misses a
// single answer, and a single edit.
func TestWhatIsLeftOutIsMissed(t *testing.T) {
	for method, want := range map[string]string{
		"answerCallbackQuery": "1 presses were not answered, 0 updates brought no message, 0 turns were not made",
		"editMessageText":     "0 presses were not answered, 1 updates brought no message, 0 turns were not made",
		"":                    "",
	} {
		t.Run("no "+method, func(t *testing.T) {
			w := startWire(t, wireSpec{people: 5, turns: 200, patience: time.Second})
			var calls atomic.Int64
			drop := func(called string) bool { return called == method && calls.Add(1) == 100 }
			ctx, stop := context.WithCancel(t.Context())
			var all sync.WaitGroup
			all.Go(func() { echoLoop(ctx, echo{t: t, url: w.url, client: http.DefaultClient, drop: drop}) })
			err := w.await(wireWarm)
			if err == nil {
				err = w.await(wireDone)
			}
			stop()
			w.close()
			all.Wait()
			if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
				t.Errorf("%v, want %q", err, want)
			}
		})
	}
}
