package bot

import (
	"log/slog"
	"sync"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

// outageWatch says when messages have not gotten through for a while, and when
// they do again. One message that fails beside others that arrive is none of its
// business.
type outageWatch struct {
	log *slog.Logger

	mu sync.Mutex
	// since is when the first call of those began that have failed while none
	// got through; zero if there is none. Passed is when the last call began
	// that got through.
	since, passed time.Time
	fails         int
	alarm         *time.Timer
	told          bool
}

// outageAlarm is how long, in real time, calls for messages fail before it is
// worth a warning.
const outageAlarm = 15 * time.Second

// note takes how a call has ended that began at an instant. A refusal in the
// messenger's own words has gotten through.
func (o *outageWatch) note(began time.Time, err error) {
	failed := false
	if err != nil {
		fault := asFault(err)
		failed = fault.Kind == chat.Retry
		if !failed && (fault.Code == 0 || fault.Kind == chat.Limited) {
			return // says nothing of the line
		}
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case !failed:
		o.passed = flows.Later(o.passed, began)
		if !o.since.IsZero() && !began.Before(o.since) {
			o.over()
		}
	case !began.After(o.passed):
	case o.since.IsZero():
		o.since, o.fails = began, 1
		o.alarm = time.AfterFunc(time.Until(began.Add(outageAlarm)), o.tell)
	default:
		o.fails++
	}
}

// tell warns, unless messages get through by now.
func (o *outageWatch) tell() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.since.IsZero() || time.Since(o.since) < outageAlarm {
		return
	}
	o.told = true
	o.log.Warn("no message gets through; all are tried again until they do: check the network, or Telegram's state",
		"seconds", int(time.Since(o.since).Seconds()), "calls", o.fails)
}

// over is called with mu held.
func (o *outageWatch) over() {
	o.alarm.Stop()
	if o.told {
		o.log.Warn("messages get through again", "seconds", int(time.Since(o.since).Seconds()), "calls", o.fails)
	}
	o.since, o.told = time.Time{}, false
}

// stop ends the watch.
func (o *outageWatch) stop() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.since.IsZero() {
		o.alarm.Stop()
	}
}
