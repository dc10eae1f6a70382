package bottest

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// TestClocksThatDoNotAgree: while the server's clock and the host's differ nothing
// comes by itself, and people are answered; when they agree what has come due comes,
// nobody is taken for silent, and reminders go on.
func TestClocksThatDoNotAgree(t *testing.T) {
	t.Parallel()
	const hour, day = time.Hour, 24 * time.Hour
	for name, by := range map[string]time.Duration{
		"an hour on": hour, "an hour back": -hour, "400 days on": 400 * day, "56 years back": -56 * 365 * day,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, rates{Rate: 30, ChatRate: 1}, func(b *bubble) {
				time.Sleep(9 * time.Hour) // it begins at midnight
				people := newAudience(t, b, 8)
				time.Sleep(3 * time.Minute)
				people.mark()
				b.sim.SetDate(func() time.Time { return time.Now().Add(by) })
				time.Sleep(20 * time.Minute) // the round was to last for 15
				for _, p := range people.people {
					if news := texts(people.news(p)); len(news) > 0 {
						t.Errorf("while the time is in doubt: %q", news)
					}
				}
				first := people.people[0]
				first.SendCommand("status")
				time.Sleep(10 * time.Second)
				if news := texts(people.news(first)); len(news) < 2 { // the first is the command
					t.Error("/status is not answered")
				}
				b.sim.SetDate(nil)
				time.Sleep(2 * time.Minute)
				for _, p := range people.people {
					if news := texts(people.news(p)); !slices.ContainsFunc(news, func(s string) bool { return strings.Contains(s, takeOffWords) }) {
						t.Errorf("the round has no end: %q", news)
					}
				}
				people.mark()
				time.Sleep(4 * hour)
				for _, p := range people.people {
					if news := people.news(p); len(news) == 0 || len(news) > 12 {
						t.Errorf("%d messages in the four hours that follow: %q", len(news), texts(news))
					}
				}
				for _, words := range []string{"do not agree", "agree again"} {
					if n := strings.Count(b.log.String(), words); n != 1 {
						t.Errorf("the log says %d times that the clocks %s", n, words)
					}
				}
			})
		})
	}
}
