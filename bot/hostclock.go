package bot

import (
	"log/slog"
	"sync"
	"time"
)

// hostClock is bot time by the host's clock, which it compares with the
// messenger's. A host without a battery for its clock starts in another year, and
// a clock may be set wrong: whoever believes it takes everybody's timers, for
// people who have been silent for an hour have then been so for days.
//
// Two questions are kept apart. Is the host's clock in doubt? Then whatever
// concerns all people, and nobody has asked for, waits until the two agree. And
// is it known to be the one that is wrong? Then bot time goes on by the
// messenger's: what people do meanwhile gets its true time. Only a clock that
// left the course it had kept, or that shows a time that has been, is known to be
// wrong; otherwise it may as well be the server's.
//
// What is compared is the real clock of the host, never bot time. Without a
// messenger that tells its time nothing is in doubt.
type hostClock struct {
	Clock
	host      func() time.Time // what the host's clock shows
	messenger func() (at time.Time, known bool)
	log       *slog.Logger

	mu sync.Mutex
	// disputed: by the last reply the two did not agree.
	disputed bool
	// behind: the host's clock shows a time that has been.
	behind bool
	// When the two last agreed the host's clock showed shown, and since is that
	// instant by the process's own count of time, which nobody sets. Both are
	// zero as long as the two have not agreed.
	shown, since time.Time
}

// mostOff is how far the two clocks may be apart. It is more than a reply is on
// its way, and less than people notice.
const mostOff = 2 * time.Minute

func newHostClock(clock Clock, host func() time.Time, messenger func() (time.Time, bool), log *slog.Logger) *hostClock {
	return &hostClock{Clock: clock, host: host, messenger: messenger, log: log}
}

// Now is the present instant.
func (c *hostClock) Now() time.Time { return c.Clock.Now().Add(c.correction()) }

// Until is how long real time has to run until Now reaches t.
func (c *hostClock) Until(t time.Time) time.Duration { return c.Clock.Until(t.Add(-c.correction())) }

// mostAhead is how far the date of a message may seem to be yet to come: it and the
// messenger's clock are known to the second, and a reply is on its way for a while.
// What is further ahead was dated by another clock, and waiting for it would be in
// vain.
const mostAhead = 5 * time.Second

// sent is the bot time at which a message was sent that has this date, which is the
// messenger's real time: its age is told by the messenger's clock as well, and passes
// at the speed of bot time. It is zero if that cannot be told.
func (c *hostClock) sent(date, now time.Time) time.Time {
	at, known := c.messenger()
	if age := at.Sub(date); known && !date.IsZero() && age >= -mostAhead {
		return now.Add(-scale(max(age, 0), c.Speed()))
	}
	return time.Time{}
}

// inBotTime is sent for a messenger that dates its messages in bot time.
func inBotTime(date, now time.Time) time.Time {
	if date.Sub(now) > mostAhead {
		return time.Time{}
	}
	return date
}

// unsure reports whether the host's clock is in doubt at this moment. One that was
// set since the last reply is, before it has done harm; and one that was put right
// since then is not any more.
func (c *hostClock) unsure() bool { return apart(c.off()) }

// heard compares the clocks after a reply, and says when they part and when they
// agree again.
func (c *hostClock) heard() {
	off := c.off()
	c.mu.Lock()
	before := c.disputed
	c.disputed = apart(off)
	if !c.disputed {
		c.shown, c.since, c.behind = c.host(), time.Now(), false
	}
	now := c.disputed
	c.mu.Unlock()
	switch {
	case now && !before:
		c.log.Warn("the host's clock and the messenger's do not agree; no reminder comes until they do: set the host's clock, and keep it right with NTP",
			"seconds_ahead", int(off.Seconds()))
	case before && !now:
		c.log.Info("the host's clock and the messenger's agree again; reminders go on")
	}
}

// astray reports whether the host's clock is in doubt, and was so when the last
// reply came: it is not a host that has slept since.
func (c *hostClock) astray() bool {
	off := c.off()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.disputed && apart(off)
}

// past notes an instant of bot time that has been.
func (c *hostClock) past(t time.Time) {
	behind := c.Speed() == 1 && t.Sub(c.Clock.Now()) > mostOff
	c.mu.Lock()
	defer c.mu.Unlock()
	c.behind = behind && c.since.IsZero()
}

// off is how far the host's clock is ahead of the messenger's.
func (c *hostClock) off() time.Duration {
	at, known := c.messenger()
	if !known {
		return 0
	}
	return c.host().Sub(at)
}

func apart(off time.Duration) bool { return off.Abs() > mostOff }

// correction is what bot time by the host's clock lacks.
func (c *hostClock) correction() time.Duration {
	off := c.off()
	if !apart(off) || !c.wrong() {
		return 0
	}
	return scale(-off, c.Speed())
}

// wrong reports whether the host's clock is known to be the one that is wrong,
// where the two do not agree.
func (c *hostClock) wrong() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() {
		return c.behind
	}
	return apart(c.host().Sub(c.shown) - time.Since(c.since))
}
