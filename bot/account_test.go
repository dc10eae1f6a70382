package bot

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// A profile that is refused while everything is, is set when that is over.
func TestProfilesOutliveARefusalOfEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Profiles = map[string]chat.Profile{"": {}, "de": {}} })
		var began time.Time
		w.gateway.onCall = func(method string) error {
			if slices.Contains(chat.ProfileParts, chat.ProfilePart(method)) && began.IsZero() {
				began = time.Now()
			}
			return only(!began.IsZero() && time.Since(began) < 20*time.Second, chat.Unknown)
		}
		w.start()
		pass(2 * time.Minute)
		w.wantProfiles("", "de")
		_ = w.end()
	})
}

// While polls fail no message is given up, not even one that is refused for what it
// is; a conflict with another poller is none of the account's.
func TestNothingIsGivenUpWhilePollsFail(t *testing.T) {
	for kind, want := range map[chat.Kind]storage.MessageState{
		chat.Unknown: storage.Queued, chat.Retry: storage.Queued, chat.Conflict: storage.Failed,
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			w.seed(storage.Queued, flows.Reply, 7, 1)
			w.gateway.pollErr = func() error { return refuse(kind) }
			w.gateway.refusing = time.Second // the first poll has failed by then
			refused := 0
			w.gateway.onSend = func(int, chat.Outgoing) error {
				refused++
				return only(refused < 30, chat.Rejected)
			}
			w.start()
			pass(30 * time.Second)
			if m := w.store.message(7, 1); m.State != want && m.State != storage.Sending {
				t.Errorf("while polls fail as %v the message is %s", kind, m.State)
			}
			pass(10 * time.Minute)
			if m := w.store.message(7, 1); (m.State == storage.Sent) != (want == storage.Queued) {
				t.Errorf("polls fail as %v, and the message is %s in the end", kind, m.State)
			}
			_ = w.end()
		})
	}
}

// A message that another process has left in doubt stands aside again when its
// next call may have taken effect, too.
func TestInDoubtAcrossProcesses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.store.put(func(tx storage.Tx) error {
			return tx.PutMessage(storage.Message{
				User: 7, Chat: 7, State: storage.Uncertain, Parked: 2, Queued: time.Now(),
				Message: flows.Message{Number: 1, Class: flows.Reply, Text: "x"},
			})
		})
		w.gateway.onSend = func(int, chat.Outgoing) error {
			return refuse(chat.Retry, func(e *chat.Error) { e.Code, e.MaybeApplied = 200, true })
		}
		w.start()
		pass(20 * time.Minute)
		if m := w.store.message(7, 1); len(w.gateway.sent()) != 1 || m.Parked != 3 || w.bot.Stats().InDoubt != 1 {
			t.Errorf("%d calls, the message: %+v", len(w.gateway.sent()), m)
		}
		_ = w.end()
	})
}
