package bot

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// A command that is sent again while its answer waits is not answered again,
// unless something has happened in between.
func TestACommandIsAnsweredOnceWhileItsAnswerWaits(t *testing.T) {
	for what, test := range map[string]struct {
		said []string // each in an update of its own; "" lets three seconds pass
		want string
	}{
		"twenty times at once": {
			[]string{"/push", "/push", "/push", "/push", "/push", "/push", "/push", "/push", "/push", "/push"}, "push 0",
		},
		"when it has been answered": {[]string{"/push", "", "/push"}, "push 0, push 0"},
		"other words behind it":     {[]string{"/push", "/push 2"}, "push 0, push 0, push 1"},
		"another between":           {[]string{"/push", "/off", "/push"}, "push 0, off 0, push 0"},
		"words between":             {[]string{"/push", "hm", "/push"}, "push 0, hm, push 0"},
		"a press between":           {[]string{"/push", "[x]", "/push"}, "push 0, push 0"},
		"a timer between":           {[]string{"/remind water 10ms", "/push", "wait", "/push"}, "push 0, due [1], push 0"},
		"one without an answer":     {[]string{"/remind water 20h", "/remind water 20h"}, ""},
	} {
		for _, apart := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(c *Config) { c.ChatRate = 1 })
				w.start()
				// Whoever has used up the burst waits for an answer.
				w.say(7, "a", "b", "c")
				synctest.Wait()
				for _, line := range test.said {
					switch line {
					case "":
						pass(3 * time.Second)
						continue
					case "wait":
						pass(20 * time.Millisecond)
						continue
					}
					w.say(7, line)
					if apart {
						synctest.Wait()
					}
				}
				pass(10 * time.Second)
				got := strings.Join(w.gateway.texts()[3:], ", ")
				if got != test.want && got != strings.ReplaceAll(test.want, "push 0, off 0", "off 0, push 0") {
					t.Errorf("%s, apart: %v: sent %q, want %q", what, apart, got, test.want)
				}
				if over, want := w.bot.Stats().PassedOver > 0, what == "twenty times at once"; over != want {
					t.Errorf("%s, apart: %v: %d were passed over", what, apart, w.bot.Stats().PassedOver)
				}
				if what == "one without an answer" && len(w.store.rows().reminders) != 2 {
					t.Errorf("%d timers", len(w.store.rows().reminders))
				}
				if strings.Contains(w.log.String(), "more than can be answered") {
					t.Error("whoever presses twice is called a flood")
				}
				_ = w.end()
			})
		}
	}
}

// What is kept of commands is bounded, whoever sends them.
func TestRepetitionsAreForgotten(t *testing.T) {
	g := newRepeatGate()
	for user := range int64(3 * repeatPeople) {
		g.note(map[int64]asked{user: {1, 1}})
		if len(g.asked) > repeatPeople {
			t.Fatalf("%d people are kept", len(g.asked))
		}
	}
	g.note(map[int64]asked{1: {1, 1}})
	g.note(map[int64]asked{1: {}})
	if _, kept := g.asked[1]; kept {
		t.Error("somebody is kept who has asked for nothing")
	}
}
