package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/simulator"
)

// TestReadingTimeInTheDemo: in the demo messages have the dates of its clock, however
// that was set, so that a reading time is one there as well.
func TestReadingTimeInTheDemo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock, err := bot.NewFastClock(1, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		d, err := NewDemo(t.Context(), DemoConfig{
			Catalog: load(t, os.DirFS("../../docs/examples/ankle")), Store: openStore(t), Clock: clock, Logger: slog.New(slog.DiscardHandler),
		})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- d.runBot(ctx) }()
		clock.Jump(time.Now().Add(100 * time.Hour))
		call := func(method, path, body string) []byte {
			w := httptest.NewRecorder()
			d.server.ServeHTTP(w, httptest.NewRequestWithContext(ctx, method, "http://demo/sim/chats/7/"+path, strings.NewReader(body)))
			if w.Code != http.StatusOK {
				t.Fatalf("%s: %d %s", path, w.Code, w.Body)
			}
			time.Sleep(100 * time.Millisecond)
			synctest.Wait()
			return w.Body.Bytes()
		}
		last := func() (m simulator.Message) {
			var chat struct{ Messages []simulator.Message }
			if err := json.Unmarshal(call(http.MethodGet, "messages", ""), &chat); err != nil || len(chat.Messages) == 0 {
				t.Fatalf("%d messages, %v", len(chat.Messages), err)
			}
			return chat.Messages[len(chat.Messages)-1]
		}
		call(http.MethodPost, "text", `{"text": "/ankle"}`)
		signs := last()
		press := fmt.Sprintf(`{"message_id": %d, "data": %q}`, signs.ID, signs.Keyboard[0][0].CallbackData)
		call(http.MethodPost, "press", press)
		if got := last(); got.Text != "Please read the question first." {
			t.Errorf("a press at once leads to %q", got.Text)
		}
		if err := clock.SetSpeed(60); err != nil {
			t.Fatal(err)
		}
		time.Sleep(100 * time.Millisecond)
		call(http.MethodPost, "press", press)
		if got := last(); got.Text == signs.Text {
			t.Error("a press after a while leads nowhere")
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}
