package bot

import (
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/flows"
)

// A press comes with the age of its message in bot time, whichever of the two
// clocks is wrong, or with none where that cannot be told.
func TestPressesCarryTheDateOfTheirMessage(t *testing.T) {
	const unknown = -1
	for name, c := range map[string]struct {
		speed float64
		// host is how far the host's clock is ahead, messenger the messenger's.
		host, messenger time.Duration
		silent          bool // the messenger tells no time
		sent            time.Duration
		want            time.Duration
	}{
		"real time":                  {speed: 1, sent: 3 * time.Second, want: 3 * time.Second},
		"just now":                   {speed: 1, want: 0},
		"fast":                       {speed: 60, sent: 3 * time.Second, want: 3 * time.Minute},
		"slow":                       {speed: 0.5, sent: 4 * time.Second, want: 2 * time.Second},
		"the host is a minute ahead": {speed: 1, host: time.Minute, sent: 2 * time.Second, want: 2 * time.Second},
		"the host is years behind":   {speed: 1, host: -20 * 365 * 24 * time.Hour, sent: 2 * time.Second, want: 2 * time.Second},
		"the messenger is ahead":     {speed: 1, messenger: 9 * time.Hour, sent: 2 * time.Second, want: 2 * time.Second},
		"in the next second":         {speed: 1, sent: -time.Second, want: 0},
		"in ten seconds":             {speed: 1, sent: -10 * time.Second, want: unknown},
		"in an hour":                 {speed: 1, sent: -time.Hour, want: unknown},
		"no time is told":            {speed: 1, silent: true, sent: 3 * time.Second, want: unknown},
		"weeks ago":                  {speed: 3600, sent: 500 * time.Hour, want: 1800000 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var got time.Duration
				w := newWorld(t, func(cfg *Config) {
					cfg.Step = func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect) {
						press, ok := ev.(flows.Button)
						if got = unknown; ok && !press.Sent.IsZero() {
							got = now.Sub(press.Sent)
						}
						return s, nil
					}
				})
				host := hosted(w)
				if c.speed != 1 {
					fast, err := NewFastClock(c.speed, time.Now())
					if err != nil {
						t.Fatal(err)
					}
					w.cfg.Clock = fast
				}
				var other steppedClock
				host.offset.Store(int64(c.host))
				other.offset.Store(int64(c.messenger))
				if w.gateway.shows = other.Now; c.silent {
					w.gateway.shows = nil
				}
				w.start()
				pass(time.Minute)
				u := w.update(7, "[x]")
				u.PressedSent = other.Now().Add(-c.sent)
				w.gateway.push(u)
				pass(time.Second)
				if err := w.end(); err != nil {
					t.Fatal(err)
				}
				if got != c.want {
					t.Errorf("the message is %v old, want %v", got, c.want)
				}
			})
		})
	}
}

// A messenger that dates its messages in bot time is believed, as far as a date has
// been.
func TestDatesInBotTime(t *testing.T) {
	now := time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)
	for sent, want := range map[time.Time]time.Time{
		now.Add(-time.Hour): now.Add(-time.Hour), now: now, now.Add(time.Second): now.Add(time.Second),
		now.Add(time.Hour): {}, {}: {},
	} {
		if got := inBotTime(sent, now); !got.Equal(want) {
			t.Errorf("%v is %v, want %v", sent, got, want)
		}
	}
}
