package bot

import (
	"errors"
	"maps"
	"time"

	"spasmbot/bot/outbox"
	"spasmbot/flows"
	"spasmbot/storage"
)

// floodGate passes over what a single person sends beyond all that can be
// answered, so that nobody makes the outbox or a timeline grow without end. What
// is passed over is confirmed and counted, and changes nothing.
//
// It is used by the intake alone, and forgets at a restart.
type floodGate struct {
	// silent counts the events of a person that were worth no message, such
	// as presses of buttons that have had their time. They leave no trace in
	// the outbox, but one on the timeline.
	silent map[int64]outbox.Bucket
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
	case flows.Command, flows.Text, flows.Edit, flows.Unsupported:
		return mostWaiting
	}
	return mostWaitingPresses
}

// silenced reports whether a person has sent too much that was worth no message.
func (g *floodGate) silenced(user int64, now time.Time) bool {
	debt := g.silent[user]
	return debt.Debt(now, silentRate) >= mostSilent
}

// note counts the silent events of a batch that was committed.
func (g *floodGate) note(silent map[int64]int, now time.Time) {
	for user, n := range silent {
		if len(g.silent) >= floodPeople {
			maps.DeleteFunc(g.silent, func(_ int64, b outbox.Bucket) bool { return b.Debt(now, silentRate) == 0 })
		}
		if g.silent == nil {
			g.silent = make(map[int64]outbox.Bucket)
		}
		debt := g.silent[user]
		debt.Add(n, now, silentRate)
		g.silent[user] = debt
	}
}

// lines tells how many messages wait for a chat, those that tidy aside.
type lines interface {
	WaitingFor(chat int64) (n int, ok bool)
}

// crowded reports whether more than most messages wait for a person.
func crowded(b *batch, waiting lines, user int64, most int) (bool, error) {
	n, known := waiting.WaitingFor(user)
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
	return m.Unsent() && m.Class != flows.Tidy, err
}
