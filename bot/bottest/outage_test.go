package bottest

import (
	"strings"
	"testing"
	"time"

	"spasmbot/bot/simulator"
)

// toCold answers what comes before the first round of cold, of 15 minutes.
// Ready runs before the last press, which starts it.
func toCold(t *testing.T, p *simulator.Person, ready func()) {
	t.Helper()
	p.SendCommand("/spasm")
	for {
		settle()
		m := p.Last()
		button, ok := choose(m, willing, 0)
		if !ok {
			t.Fatalf("no way to the cold past %q", m.Text)
		}
		last := button.Text == packOn
		if last {
			ready()
		}
		if _, err := p.Press(m.ID, button.CallbackData); err != nil {
			t.Fatal(err)
		}
		if last {
			settle()
			return
		}
	}
}

// TestNoStartBehindItsEnd: what could not be sent while Telegram was away does
// not tell a person to put a pack on that was to be off by then.
func TestNoStartBehindItsEnd(t *testing.T) {
	t.Parallel()
	inBubble(t, rates{Rate: 30, ChatRate: 1}, func(b *bubble) {
		anna := b.sim.Person(9)
		toCold(t, anna, func() {
			b.sim.SetFault(func(c simulator.Call) *simulator.Fault {
				if c.Method != "sendMessage" {
					return nil
				}
				return &simulator.Fault{Status: 502, Body: "<html>away</html>"}
			})
		})
		time.Sleep(35 * time.Minute)
		b.sim.SetFault(nil)
		time.Sleep(10 * time.Minute)
		var told []string
		for _, m := range anna.Messages() {
			for _, words := range []string{"Cold on now", "Look at your skin", "Take the cold off"} {
				if strings.Contains(m.Text, words) {
					told = append(told, words)
				}
			}
		}
		if strings.Join(told, ", ") != "Take the cold off" {
			t.Errorf("after the outage the person was told %q, want only to take it off", told)
		}
		states := make(map[string]string)
		for _, r := range b.export().of(9, "reminder") {
			if strings.HasPrefix(r.Kind, "cold-") && r.Due.Before(time.Now()) {
				states[r.Kind] = string(r.State)
			}
		}
		if states["cold-on"] != "expired" || states["cold-check"] != "expired" || states["cold-off"] != "sent" {
			t.Errorf("the round's reminders are %v", states)
		}
	})
}

// toCare goes on from the first round of cold to where a person is at home, and
// presses nothing on the reminders.
func toCare(t *testing.T, p *simulator.Person) {
	t.Helper()
	pressed := make(map[string]bool)
	for again := true; again; {
		again = false
		for _, m := range p.Messages() {
			button, ok := choose(m, willing, 0)
			if _, reminder := m.Button("Stop all"); ok && !reminder && !pressed[button.CallbackData] {
				pressed[button.CallbackData], again = true, true
				if _, err := p.Press(m.ID, button.CallbackData); err != nil {
					t.Fatal(err)
				}
				settle()
			}
		}
	}
}

// TestEarlyEndTakesThePackOff: every button that ends a round in progress also
// says to take the pack off, in a message of its own.
func TestEarlyEndTakesThePackOff(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]struct {
		on      string   // what the message says on which the first button is
		presses []string // one after the other
	}{
		"stopped on the round":     {"Cold on now", []string{"Stop all"}},
		"worse on the round":       {"Cold on now", []string{"It got worse"}},
		"worse on the card":        {careWords, []string{"It got worse"}},
		"fine again from the card": {careWords, []string{"More", "I am fine"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, rates{}, func(b *bubble) {
				anna := b.sim.Person(9)
				toCold(t, anna, func() {})
				toCare(t, anna)
				m := lastSaying(anna.Messages(), way.on)
				for _, label := range way.presses {
					if _, err := anna.PressLabel(m.ID, label); err != nil {
						t.Errorf("on %q: %v", m.Text, err)
						return
					}
					settle()
					m = anna.Last()
				}
				if lastSaying(anna.Messages(), "Take the cold pack off now.").ID == 0 {
					t.Errorf("%q ended a round without a word about the pack: %q", way.presses, texts(anna.Messages()))
				}
			})
		})
	}
}

// lastSaying is the newest message that says the words, an empty one if none does.
func lastSaying(messages []simulator.Message, words string) (last simulator.Message) {
	for _, m := range messages {
		if strings.Contains(m.Text, words) {
			last = m
		}
	}
	return last
}
