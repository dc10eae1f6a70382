package bot

import (
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// A dead letter that is put back is sent by the next process, and so is the timer
// that it delivers.
func TestDeadLetterIsSentAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.gateway.onSend = func(int, chat.Outgoing) error { return refuse(chat.Rejected) }
		w.start()
		w.say(7, "/remind water 10m")
		pass(11 * time.Minute)
		_ = w.end()
		letters, err := storage.Read(t.Context(), w.store, storage.DeadLetters)
		if err != nil || len(letters) != 1 {
			t.Fatalf("%d dead letters, %v", len(letters), err)
		}
		if _, _, err := storage.Resend(t.Context(), w.store, []storage.MessageKey{letters[0].Key()}, time.Now()); err != nil {
			t.Fatal(err)
		}
		next := newWorldOn(w.store, t)
		next.start()
		pass(time.Second)
		m, r := w.store.message(7, 1), w.store.reminder(7, 1)
		if m.State != storage.Sent || m.Attempts != 2 || r.State != flows.Sent || len(next.gateway.texts()) != 1 {
			t.Errorf("message %+v, reminder %+v", m, r)
		}
		_ = next.end()
	})
}
