package bottest

import (
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"spasmbot/bot"
	"spasmbot/bot/simulator"
)

// audience is some people in the middle of their first round of cold, each
// with their card.
type audience struct {
	t      *testing.T
	people []*simulator.Person
	told   map[*simulator.Person]int // how many messages had come
}

func newAudience(t *testing.T, b *bubble, n int) *audience {
	a := &audience{t: t, told: make(map[*simulator.Person]int)}
	for i := range n {
		p := b.sim.Person(int64(100 + i))
		toCold(t, p, func() {})
		toCare(t, p)
		a.people = append(a.people, p)
	}
	a.mark()
	return a
}

func (a *audience) mark() {
	for _, p := range a.people {
		a.told[p] = len(p.History())
	}
}

// news are the messages that have come to a person since the mark.
func (a *audience) news(p *simulator.Person) []simulator.Message { return p.History()[a.told[p]:] }

// atMostOne holds everybody to one message since the mark that rings; wanted are words
// that must be in it.
func (a *audience) atMostOne(what string, wanted ...string) {
	a.t.Helper()
	for _, p := range a.people {
		silent := func(m simulator.Message) bool { return m.Silent || !m.FromBot }
		news := slices.DeleteFunc(slices.Clone(a.news(p)), silent)
		if a.t.Failed() {
			return // one example tells enough
		}
		if len(news) > 1 || len(news) == 0 && len(wanted) > 0 {
			a.t.Errorf("%s: %d messages: %q", what, len(news), texts(news))
			continue
		}
		for _, words := range wanted {
			if !strings.Contains(news[0].Text, words) {
				a.t.Errorf("%s: %q does not say %q", what, news[0].Text, words)
			}
		}
	}
}

func texts(messages []simulator.Message) (all []string) {
	for _, m := range messages {
		all = append(all, m.Text)
	}
	return all
}

const (
	takeOffWords = "Take the cold off now."
	careWords    = "Day 1 of 3: cold" // the card
)

// TestDowntime: after any absence at most one message rings for each person, with the
// take-off in it, and their card is at work.
func TestDowntime(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		away   time.Duration
		wanted []string
	}{
		"a minute": {time.Minute, nil},
		"an hour":  {time.Hour, []string{takeOffWords}},
		"a day":    {24 * time.Hour, []string{takeOffWords}},
		"a week":   {7 * 24 * time.Hour, []string{takeOffWords}}, // and the last message to the silent
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, rates{Rate: 30, ChatRate: 1}, func(b *bubble) {
				people := newAudience(t, b, 8)
				time.Sleep(3 * time.Minute)
				people.mark()
				b.finish()
				time.Sleep(c.away)
				b.restart()
				time.Sleep(2 * time.Minute)
				people.atMostOne("the process was down", c.wanted...)
				people.works()
			})
		})
		t.Run(name+" without a line", func(t *testing.T) {
			t.Parallel()
			if c.away > 24*time.Hour {
				longOnly(t)
			}
			inBubble(t, rates{Rate: 30, ChatRate: 1}, func(b *bubble) {
				people := newAudience(t, b, 8)
				time.Sleep(3 * time.Minute)
				people.mark()
				b.sim.SetFault(func(simulator.Call) *simulator.Fault { return &simulator.Fault{Status: 502, Body: "<html>away</html>"} })
				time.Sleep(c.away)
				b.sim.SetFault(nil)
				time.Sleep(2 * time.Minute)
				people.atMostOne("the line was dead", c.wanted...)
				people.works()
			})
		})
	}
}

// works presses a button of everybody's card.
func (a *audience) works() {
	a.t.Helper()
	for _, p := range a.people {
		card := lastSaying(p.Messages(), "Pain day by day")
		before := len(p.History())
		if _, err := p.PressLabel(card.ID, "More"); err != nil {
			a.t.Errorf("the card after the absence is %q: %v", card.Text, err)
			return
		}
		settle()
		if len(p.History()) == before {
			a.t.Errorf("%q leads nowhere after the absence", card.Text)
		}
	}
}

// stepped is a clock that somebody sets.
type stepped struct{ by atomic.Int64 }

func (c *stepped) Now() time.Time {
	return bot.RealClock{}.Now().Add(time.Duration(c.by.Load()))
}
func (c *stepped) Until(t time.Time) time.Duration { return t.Sub(c.Now()) }
func (c *stepped) Changed() <-chan struct{}        { return nil }
func (c *stepped) Speed() float64                  { return 1 }

// TestClockSteps: whatever the clock does, a round lasts no longer than it was
// to, nobody gets a burst, and reminders go on.
func TestClockSteps(t *testing.T) {
	t.Parallel()
	const hour, day = time.Hour, 24 * time.Hour
	for name, by := range map[string]time.Duration{
		"an hour on": hour, "an hour back": -hour, "a day on": day, "a day back": -day,
		"a year on": 365 * day, "a year back": -365 * day, "asleep for eight hours": 8 * hour,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubbleWithClock(t, func(b *bubble, clock *stepped) {
				people := newAudience(t, b, 8)
				time.Sleep(3 * time.Minute)
				people.mark()
				clock.by.Add(int64(by))
				time.Sleep(90 * time.Second)
				people.atMostOne("just after it")
				time.Sleep(14 * time.Minute) // the round was to last for 15
				for _, p := range people.people {
					if news := texts(people.news(p)); !slices.ContainsFunc(news, func(s string) bool { return strings.Contains(s, takeOffWords) }) {
						t.Errorf("the round has no end: %q", news)
					}
				}
				people.mark()
				time.Sleep(4 * hour)
				for _, p := range people.people {
					news := people.news(p)
					if most := 12; len(news) > most || len(news) == 0 && by < 200*day {
						t.Errorf("%d messages in the four hours that follow: %q", len(news), texts(news))
					}
				}
			})
		})
	}
}

// inBubbleWithClock runs the bot by a clock that can be set.
func inBubbleWithClock(t *testing.T, f func(b *bubble, clock *stepped)) {
	inBubble(t, rates{Rate: 30, ChatRate: 1}, func(b *bubble) {
		time.Sleep(9 * time.Hour) // it begins at midnight
		b.finish()
		clock := new(stepped)
		b.clock = clock
		b.restart()
		f(b, clock)
	})
}
