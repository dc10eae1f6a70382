package bot

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// making is what a test knows of the papers that are made.
type making struct {
	// takes is how long one takes, and fails how it fails.
	takes time.Duration
	fails func() error
	// made counts them, and atOnce how many were under way at the same time, at most.
	made, now, atOnce int
}

// secret stands in what a paper is made from, and nowhere in a log.
const secret = "numb between the legs"

// withPapers lets the core answer "/paper report" with a paper of what the person has
// typed.
func (p *making) withPapers(c *Config) {
	c.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
		e, ok := ev.(flows.Command)
		if !ok || e.Name != "paper" {
			return testStep(s, ev, now)
		}
		s.Messages++
		m := flows.Message{Number: s.Messages, Text: "your <b>paper</b>", Class: flows.Reply, Paper: flows.Paper(e.Args)}
		return s, []flows.Effect{flows.Say{Message: m}}
	}
	c.Paper = func(r storage.Reader, m storage.Message, now time.Time) (Draft, error) {
		entries := 0
		for _, err := range storage.OfPerson(r, m.User).Entries() {
			if err != nil {
				return Draft{}, err
			}
			entries++
		}
		if m.Paper == "unreadable" {
			panic(secret)
		}
		return Draft{Sorry: "sorry", Make: func() (Paper, error) {
			p.made++
			p.now++
			p.atOnce = max(p.atOnce, p.now)
			defer func() { p.now-- }()
			time.Sleep(p.takes)
			if p.fails != nil {
				return Paper{}, p.fails()
			}
			return Paper{Kind: chat.Document, Name: "report.pdf", Data: fmt.Appendf(nil, "%d entries", entries), Text: m.Text + " of " + secret}, nil
		}}, nil
	}
}

// TestPapers: a paper is made of what is kept when it is sent, and comes with its words.
// Nothing of it is kept: neither a name of the file, nor words.
func TestPapers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := new(making)
		w := newWorld(t, p.withPapers)
		w.start()
		for _, line := range []string{"ache", "/paper report", "more", "/paper report"} {
			w.say(7, line)
			pass(time.Second)
		}
		w.say(8, "/paper report")
		pass(time.Second)
		const words = "your <b>paper</b> of " + secret
		got := w.gateway.shown()
		slices.Sort(got)
		want := []string{
			"ache", "more", words + " (document upload 0 entries)", words + " (document upload 1 entries)", words + " (document upload 2 entries)",
		}
		if !slices.Equal(got, want) {
			t.Errorf("sent %q, want %q", got, want)
		}
		for _, c := range w.gateway.sent() {
			if c.Media != nil && (c.Media.Name != "report.pdf" || !c.Media.Told || c.Chat != 7 && c.Chat != 8) {
				t.Errorf("sent %+v", c.Media)
			}
		}
		if files := w.store.rows().files; len(files) != 0 {
			t.Errorf("the files %v are kept", files)
		}
		w.wantAllSent()
		_ = w.end()
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("the log tells of a person:\n%s", w.log)
		}
	})
}

// TestPaperAfterACrash: a paper that was not sent when the process died is made by the
// next one, once.
func TestPaperAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &making{takes: time.Hour}
		w := newWorld(t, p.withPapers)
		w.start()
		w.say(7, "ache", "/paper report")
		pass(time.Second)
		w.wantShown("ache")
		after := w.crash()
		q := new(making)
		q.withPapers(&after.cfg)
		after.nextID = w.nextID
		after.start()
		pass(time.Second)
		after.wantShown("your <b>paper</b> of " + secret + " (document upload 1 entries)")
		after.wantAllSent()
		_ = after.end()
		pass(2 * time.Hour)
		if q.made != 1 {
			t.Errorf("it was made %d times", q.made)
		}
	})
}

// TestNobodyWaitsForAPaper: while one is made, which takes some seconds here, others are
// answered, and so are their timers; papers are made one at a time, and come in the end.
func TestNobodyWaitsForAPaper(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &making{takes: 10 * time.Second}
		w := newWorld(t, p.withPapers)
		w.start()
		w.say(1, "/paper report")
		pass(time.Second)
		for user := int64(2); user < 300; user++ { // more than fly at a time
			w.say(user, "/paper report")
		}
		pass(time.Second)
		before := w.store.commits()
		pass(5 * time.Second)
		if n := w.store.commits() - before; n > 0 {
			t.Errorf("%d commits while papers waited for one another", n)
		}
		w.say(500, "words")
		w.say(501, "/off")
		pass(time.Second)
		if calls := w.gateway.shown(); len(calls) != 2 || !slices.Contains(calls, "words") || !slices.Contains(calls, "off 0") {
			t.Errorf("sent %q while a paper was made", calls)
		}
		p.takes = 0
		pass(2 * time.Minute)
		w.wantAllSent()
		if p.atOnce != 1 || p.made != 299 {
			t.Errorf("%d papers were made, %d at once", p.made, p.atOnce)
		}
		_ = w.end()
	})
}

// TestNoPaper: who cannot be given a paper is told so, once, and the log says no more than
// that.
func TestNoPaper(t *testing.T) {
	media := func(_ int, m chat.Outgoing) bool { return m.Media != nil }
	for name, test := range map[string]struct {
		paper  string
		fails  func() error
		refuse func(n int, m chat.Outgoing) error
		want   string
		made   int
	}{
		"it fails":          {"report", func() error { return errors.New(secret) }, nil, "sorry", 1},
		"it panics":         {"report", func() error { panic(secret) }, nil, "sorry", 1},
		"it is empty":       {"report", func() error { return nil }, nil, "sorry", 1},
		"it cannot be read": {"unreadable", nil, nil, "your <b>paper</b>", 0},
		"the file is refused": {
			"report", nil, func(n int, m chat.Outgoing) error { return only(media(n, m), chat.BadMedia) }, "sorry", 1,
		},
		"the chat takes no files": {
			"report", nil, func(n int, m chat.Outgoing) error { return only(media(n, m), chat.NoMedia) }, "sorry", 1,
		},
		"the file is not known": {
			"report", nil, func(n int, m chat.Outgoing) error { return only(media(n, m), chat.FileGone) }, "sorry", 1,
		},
		"the line does not carry it": {
			"report", nil, func(n int, m chat.Outgoing) error {
				if !media(n, m) {
					return nil
				}
				return refuse(chat.Retry, func(e *chat.Error) { e.MaybeApplied = true })
			}, "sorry", 2,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &making{fails: test.fails}
				w := newWorld(t, p.withPapers)
				w.gateway.onSend = test.refuse
				w.start()
				w.say(7, "/paper "+test.paper, "words")
				pass(10 * time.Minute)
				calls := w.gateway.sent()
				var arrived []string
				for i, c := range calls {
					if test.refuse == nil || test.refuse(i+1, c.Outgoing) == nil {
						arrived = append(arrived, c.Text)
					}
				}
				if !slices.Equal(arrived, []string{test.want, "words"}) || p.made != test.made {
					t.Errorf("%q arrived of %d calls, and it was made %d times; want %q and then the words", arrived, len(calls), p.made, test.want)
				}
				w.wantAllSent()
				_ = w.end()
				if log := w.log.String(); strings.Contains(log, secret) {
					t.Errorf("the log tells of a person:\n%s", log)
				}
			})
		})
	}
}
