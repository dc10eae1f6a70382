package bottest

import (
	"strings"
	"testing"
	"time"

	"spasmbot/bot/simulator"
)

// card is the one message that stands pinned above somebody's chat.
func card(t *testing.T, p *simulator.Person) (m simulator.Message) {
	t.Helper()
	var pinned []simulator.Message
	for _, m := range p.History() {
		if m.Pinned {
			pinned = append(pinned, m)
		}
	}
	if len(pinned) != 1 {
		t.Fatalf("pinned are %q", texts(pinned))
	}
	return pinned[0]
}

// TestCardOfSomebodySilent: the card of whoever answers nothing says the right day, with
// its buttons, at the end of the chat in the morning and without a sound. A bot that was
// away puts it right when it is back.
func TestCardOfSomebodySilent(t *testing.T) {
	t.Parallel()
	inBubble(t, ownRates, func(b *bubble) {
		time.Sleep(9 * time.Hour)
		anna := newAudience(t, b, 1).people[0]
		b.rests(anna)
		first := card(t, anna)
		morning := time.Now().Truncate(24 * time.Hour).Add(8*time.Hour + time.Minute)
		for _, day := range []string{"Day 2 of 3", "Day 3 of 3"} {
			morning = morning.Add(24 * time.Hour)
			time.Sleep(time.Until(morning))
			if m := card(t, anna); !m.Silent || m.ID <= first.ID || m.Date.Before(morning.Add(-2*time.Minute)) {
				t.Errorf("in the morning the card is %+v", m)
			}
			time.Sleep(4 * time.Hour)
			if m := card(t, anna); !strings.HasPrefix(m.Text, day) || len(m.Keyboard) == 0 {
				t.Errorf("on %s the card reads %q", day, m.Text)
			}
		}
		b.finish()
		time.Sleep(30 * time.Hour)
		b.restart()
		time.Sleep(time.Minute)
		if m := card(t, anna); !strings.HasPrefix(m.Text, "Day 4") {
			t.Errorf("when the bot is back, the card reads %q", m.Text)
		}
		settle()
		for _, line := range strings.Split(string(b.exported()), "\n") {
			if strings.Contains(line, `"kind":"card"`) && !strings.Contains(line, `"record":"timer"`) {
				t.Errorf("exported is %s", line)
			}
		}
	})
}
