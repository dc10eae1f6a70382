package bot

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// silences is what a messenger has demanded, by method.
type silences map[string]silence

func (s silences) demand(method string, now time.Time, wait time.Duration) error {
	s[method] = silence{now, now.Add(wait)}
	return refuse(chat.Limited, func(e *chat.Error) { e.Code, e.RetryAfter = 429, wait })
}

func (s silences) broken(method string, now time.Time) bool {
	return s[method].broken(now)
}

// What is refused is left alone for as long as the messenger asks, whatever
// the method and however long that is.
func TestEveryMethodObeysRetryAfter(t *testing.T) {
	methods := []string{"getMe", "deleteWebhook", "setMyCommands", "setMyDescription", "getUpdates", "answerCallbackQuery", "sendMessage"}
	for _, wait := range []time.Duration{3 * time.Second, 50 * time.Second} {
		for _, method := range methods {
			t.Run(method+" "+wait.String(), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { obey(t, method, wait) })
			})
		}
	}
}

func obey(t *testing.T, refused string, wait time.Duration) {
	w := newWorld(t, func(c *Config) {
		c.DeleteWebhook = true
		c.Profiles = map[string]chat.Profile{"": {}, "de": {}, "es": {}}
	})
	demanded := silences{}
	calls := map[string]int{}
	w.gateway.onCall = func(method string) error {
		now := time.Now()
		if demanded.broken(method, now) {
			t.Errorf("%s was called %v too early", method, demanded[method].until.Sub(now))
		}
		if calls[method]++; method == refused && calls[method] <= 2 {
			return demanded.demand(method, now, wait)
		}
		return nil
	}
	w.start()
	for range 20 {
		w.say(7, "words", "[press]")
		w.say(8, "[press]")
		pass(wait / 4)
	}
	pass(2 * time.Minute)
	w.wantProfiles("", "de", "es")
	if got := len(w.gateway.texts()); got != 20 {
		t.Errorf("sent %d messages of 20", got)
	}
	if calls["answerCallbackQuery"] == 0 || calls["getUpdates"] < 15 {
		t.Errorf("calls: %v", calls)
	}
	if log := w.log.String(); strings.Count(log, "all calls pause") > 1 {
		t.Errorf("log:\n%s", log)
	}
	_ = w.end()
}

// The profiles are set beside the work, however long that takes.
func TestProfilesDoNotDelayThePolling(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Profiles = map[string]chat.Profile{"": {}, "de": {}} })
		refusals := 0
		w.gateway.onCall = func(method string) error {
			if method != "setMyCommands" {
				return nil
			}
			if refusals++; refusals < 5 {
				return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = 20 * time.Second })
			}
			if refusals == 5 {
				return refuse(chat.Retry)
			}
			return nil
		}
		w.say(7, "hello")
		w.start()
		synctest.Wait()
		if got := w.gateway.texts(); len(got) != 1 {
			t.Errorf("sent %q while the menu waits", got)
		}
		pass(2 * time.Minute)
		w.bot.SetProfiles(map[string]chat.Profile{"fr": {}})
		synctest.Wait()
		w.wantProfiles("", "de", "fr")
		_ = w.end()
	})
}

// A part of a profile that has to wait for hours keeps none of the others.
func TestOnePartOfAProfileWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Profiles = map[string]chat.Profile{"": {}, "de": {}} })
		refused := false
		w.gateway.onCall = func(method string) error {
			if method != string(chat.DescriptionPart) || refused {
				return nil
			}
			refused = true
			return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = 6 * time.Hour })
		}
		w.start()
		pass(time.Minute)
		for part, want := range map[chat.ProfilePart]int{chat.MenuPart: 2, chat.DescriptionPart: 0, chat.AboutPart: 2} {
			if got := w.gateway.profilesSet(part); got != want {
				t.Errorf("%s was set for %d languages after a minute, want %d", part, got, want)
			}
		}
		pass(6 * time.Hour)
		w.wantProfiles("", "de")
		_ = w.end()
	})
}

// Refusals of all parts of a profile at once are none of the messages'.
func TestRefusalsOfTheProfileSilenceNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *Config) { c.Profiles = map[string]chat.Profile{"": {}, "de": {}} })
		w.gateway.onCall = func(method string) error {
			if strings.HasPrefix(method, "setMy") {
				return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = 6 * time.Hour })
			}
			return nil
		}
		w.start()
		pass(time.Second)
		w.say(7, "hello")
		pass(time.Minute)
		if got := w.gateway.texts(); len(got) != 1 {
			t.Errorf("sent %q while the profile waits", got)
		}
		_ = w.end()
	})
}

// However long one chat is to be left alone, a person's or a group's: all others
// are called.
func TestRetryAfterOfOneChatForLong(t *testing.T) {
	for _, limited := range []int64{7, -7} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, func(c *Config) {
				c.GroupReply = func(string) (string, [][]flows.Key) { return "in private", nil }
			})
			w.gateway.onSend = func(n int, m chat.Outgoing) error {
				if m.Chat != limited || n > 1 {
					return nil
				}
				return refuse(chat.Limited, func(e *chat.Error) { e.RetryAfter = time.Hour })
			}
			w.start()
			u := w.update(7, "/push")
			u.Chat, u.Private = limited, limited > 0
			w.gateway.push(u)
			w.say(7, "mine")
			pass(2 * time.Second)
			w.say(8, "x", "[press]")
			pass(time.Second)
			if m := w.store.message(8, 1); m.State != storage.Sent || len(w.gateway.answered()) != 1 {
				t.Errorf("chat %d was limited, and the message for another is %s", limited, m.State)
			}
			mine := uint64(2)
			if limited < 0 {
				mine = 1 // what a group is told is no message of the person
			}
			if m := w.store.message(7, mine); (m.State == storage.Sent) != (limited != m.Chat) {
				t.Errorf("chat %d was limited, and the one for chat %d is %s", limited, m.Chat, m.State)
			}
			pass(time.Hour)
			w.wantAllSent()
			_ = w.end()
		})
	}
}
