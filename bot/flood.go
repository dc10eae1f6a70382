package bot

import (
	"errors"
	"maps"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// floodGate passes over what a single person sends beyond all that can be
// answered, so that nobody makes the outbox or a timeline grow without end. What
// is passed over is confirmed and counted, and changes nothing.
//
// It is used by the batch at work alone, and forgets at a restart.
type floodGate struct {
	// silent counts the events of a person that were worth no message, such
	// as presses of buttons that have had their time. They leave no trace in
	// the outbox, but one on the timeline.
	silent map[int64]bucket
}

const (
	// mostWaiting is how many messages may wait for a person before words and
	// commands of theirs are passed over. At Telegram's pace that is as many
	// seconds.
	mostWaiting = 20
	// mostWaitingPresses is the same for presses. No finger gets there.
	mostWaitingPresses = 100
	// mostSilent silent events are taken at once, and silentRate a second.
	mostSilent = 50
	silentRate = 2
	// floodPeople bounds the memory.
	floodPeople = 10_000
)

// most is how many messages may wait before an event is passed over.
func most(ev flows.Event) int {
	switch ev.(type) {
	case flows.Command, flows.Text, flows.Unsupported:
		return mostWaiting
	}
	return mostWaitingPresses
}

// silenced reports whether a person has sent too much that was worth no message.
func (g *floodGate) silenced(user int64, now time.Time) bool {
	debt := g.silent[user]
	debt.settle(now, silentRate)
	return debt.debt >= mostSilent
}

// note counts the silent events of a batch that was committed.
func (g *floodGate) note(silent map[int64]int, now time.Time) {
	for user, n := range silent {
		if len(g.silent) >= floodPeople {
			maps.DeleteFunc(g.silent, func(_ int64, b bucket) bool { return b.full(now, silentRate) })
		}
		if g.silent == nil {
			g.silent = make(map[int64]bucket)
		}
		debt := g.silent[user]
		debt.settle(now, silentRate)
		debt.debt += float64(n)
		g.silent[user] = debt
	}
}

// flooded reports whether an update is to be passed over, and counts it.
func (b *batch) flooded(user int64, ev flows.Event) (bool, error) {
	crowded, err := b.crowded(user, most(ev))
	if err != nil {
		return false, err
	}
	if !crowded && b.silent[user] <= mostSilent && !b.pipe.flood.silenced(user, b.wall) {
		return false, nil
	}
	b.passedOver++
	return true, nil
}

// crowded reports whether more than most messages wait for a person.
func (b *batch) crowded(user int64, most int) (bool, error) {
	n, known := b.pipe.sender.queue.waitingFor(user)
	if n += b.said[user]; known || n > most {
		return n > most, nil
	}
	// Some are in the store alone. Messages leave in the order of their
	// numbers, so one tells of all behind it.
	state, err := b.state(user)
	if err != nil || state.Messages <= uint64(most) {
		return false, err
	}
	m, err := b.tx.Message(user, state.Messages-uint64(most))
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	return m.Unsent(), err
}
