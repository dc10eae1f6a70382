package bot

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
)

// Warnings of one cause come once a minute, with their number at its end; those of
// another cause, and other levels, are not held back.
func TestCalm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		out := new(bytes.Buffer)
		log := slog.New(newCalm(slog.NewTextHandler(out, &slog.HandlerOptions{
			ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
				if a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			},
		})))
		for i := range 100 {
			log.Warn("refused", "file", "a", "count", i, "error", fmt.Errorf("number %d", i))
			time.Sleep(999 * time.Millisecond) // never when a minute ends
		}
		log.Warn("refused", "file", "b")
		log.With("part", "x").Warn("refused", "file", "b")
		log.With("part", "x").Warn("refused", "file", "b")
		log.Error("refused", "file", "b")
		log.Error("refused", "file", "b")
		pass(5 * time.Minute)
		log.Warn("refused", "file", "a", "error", errors.New("late"))
		want := []string{
			`level=WARN msg=refused file=a count=0 error="number 0"`,
			`level=WARN msg=refused file=a count=60 error="number 60" times=60`,
			`level=WARN msg=refused file=b`,
			`level=WARN msg=refused part=x file=b`,
			`level=ERROR msg=refused file=b`,
			`level=ERROR msg=refused file=b`,
			`level=WARN msg=refused file=a count=99 error="number 99" times=39`,
			`level=WARN msg=refused part=x file=b times=1`,
			`level=WARN msg=refused file=a error=late`,
		}
		if got := strings.Split(strings.TrimSpace(out.String()), "\n"); strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	})
}

// The bot's own log is calm: messages that are all refused leave two lines a minute.
func TestTheLogOfABotIsCalm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.gateway.onSend = func(int, chat.Outgoing) error { return refuse(chat.Rejected) }
		w.start()
		for user := range int64(200) {
			w.say(user+1, "hello")
		}
		pass(2 * time.Minute)
		if n := w.says("a message was refused"); n != 2 || w.says("times=199") != 1 {
			t.Errorf("%d lines", n)
		}
		_ = w.end()
	})
}

// An update that comes again leaves a line for whoever looks for one.
func TestARepeatedUpdateLeavesALine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.start()
		u := w.update(7, "hello")
		w.gateway.push(u, u, w.update(7, "again"))
		pass(time.Second)
		line := fmt.Sprintf(`level=DEBUG msg="an update came again and changes nothing" update=%d`, u.ID)
		if texts := w.gateway.texts(); len(texts) != 2 || w.says(line) != 1 {
			t.Errorf("said %q, log:\n%s", texts, w.log)
		}
		_ = w.end()
	})
}
