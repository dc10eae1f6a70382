package bot

import (
	"errors"
	"hash/maphash"

	"spasmbot/flows"
	"spasmbot/storage"
)

// repeatGate passes over a command that somebody sends again while its answer
// waits to be sent, and nothing has happened since: one answer is enough, and a
// second would be no other. Like the floodGate it is used by the intake alone, and
// forgets at a restart.
type repeatGate struct {
	seed maphash.Seed
	// asked is the command that a person sent last, if it is the last thing that
	// was heard of them.
	asked map[int64]asked
}

// asked is a command that was answered.
type asked struct {
	command uint64 // its hash; nothing of a stranger's is kept
	// last is the number of the last message of the answer; 0 is none.
	last uint64
}

// repeatPeople bounds the memory. Beyond it some commands are answered twice.
const repeatPeople = 10_000

func newRepeatGate() repeatGate {
	return repeatGate{seed: maphash.MakeSeed(), asked: make(map[int64]asked)}
}

// note keeps what was asked in a batch that was committed.
func (g *repeatGate) note(batch map[int64]asked) {
	if len(g.asked)+len(batch) > repeatPeople {
		clear(g.asked)
	}
	for user, a := range batch {
		if a.last == 0 {
			delete(g.asked, user)
		} else {
			g.asked[user] = a
		}
	}
}

// repeated reports whether an event is to be passed over as a repetition.
func (a *arrivals) repeated(user int64, ev flows.Event) (bool, error) {
	command, ok := ev.(flows.Command)
	if !ok {
		return false, nil
	}
	before, ok := a.asked[user]
	if !ok {
		before = a.intake.repeats.asked[user]
	}
	if before.last == 0 || before.command != maphash.Comparable(a.intake.repeats.seed, command) {
		return false, nil
	}
	state, err := a.batch.state(user)
	if err != nil || state.Messages != before.last {
		return false, err // a timer has said something since
	}
	m, err := a.batch.tx.Message(user, before.last)
	if errors.Is(err, storage.ErrNotFound) {
		return false, nil
	}
	return m.Unsent(), err
}

// heard notes an event that was taken, and whether it was answered.
func (a *arrivals) heard(user int64, ev flows.Event, answered bool) {
	var last asked
	if command, ok := ev.(flows.Command); ok && answered {
		last = asked{maphash.Comparable(a.intake.repeats.seed, command), a.batch.states[user].Messages}
	}
	a.asked[user] = last
}
