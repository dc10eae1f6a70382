package bot

import (
	"errors"
	"maps"
	"slices"
	"time"

	"spasmbot/flows"
	"spasmbot/storage"
)

// fleetingFor is how long what is said last to somebody who was forgotten is tried: so
// long there is a row that tells of them.
const fleetingFor = 24 * time.Hour

// fleetingNumber is before the numbers of fleeting messages: those of other messages of
// the person begin anew, and these are never the same as any of them.
const fleetingNumber = 1 << 63

// forgets reports whether a turn forgets its person.
func forgets(effects []flows.Effect) bool {
	if len(effects) == 0 {
		return false
	}
	_, ok := effects[0].(flows.Forget)
	return ok
}

// forget deletes all that is kept of a person, and posts what is still said to them. A
// call under way finds no row any more, and its receipt is not kept. What was said last to
// somebody who was forgotten before waits on: they may have asked two things at once, but
// whoever sends much of a kind gets one answer.
func (b *batch) forget(user int64, effects []flows.Effect) (toast string, err error) {
	var last []flows.Message
	for _, effect := range effects {
		switch e := effect.(type) {
		case flows.Toast:
			toast = e.Text
		case flows.Say:
			there, err := b.find(user, &e.Message) // as long as it is known
			if err != nil {
				return "", err
			}
			if there {
				last = append(last, e.Message)
			}
		}
	}
	before, err := b.state(user)
	if err != nil {
		return "", err
	}
	rows, err := b.tx.UnsentTo(user)
	if err != nil {
		return "", err
	}
	again := func(m *storage.Message) bool {
		return slices.ContainsFunc(last, func(l flows.Message) bool { return l.Text == m.Text && l.Paper == m.Paper })
	}
	number := b.fleeting(rows)
	var waiting []storage.Message
	for i := range rows {
		if m := &rows[i]; m.Fleeting && !again(m) {
			waiting = append(waiting, *m)
			continue
		}
		b.letGo(&rows[i], b.posted(&rows[i]))
	}
	if _, err := b.tx.Forget(user); err != nil {
		return "", err
	}
	for _, m := range waiting {
		if err := b.tx.PutMessage(m); err != nil {
			return "", err
		}
	}
	b.forgotten[user] = max(before.Messages+1, uint64(b.now.UnixMicro()))
	delete(b.states, user)
	for i, m := range last {
		m.Number = number + uint64(i)
		if m.Expires.IsZero() {
			m.Expires = b.now.Add(fleetingFor)
		}
		if err := b.post(storage.Message{User: user, Chat: user, Message: m}); err != nil {
			return "", err
		}
	}
	return toast, nil
}

// fleeting is the number of the next fleeting message to a person, behind those that wait.
func (b *batch) fleeting(waiting []storage.Message) uint64 {
	number := fleetingNumber + uint64(b.now.UnixMicro())
	for i := range waiting {
		number = max(number, waiting[i].Number+1)
	}
	return number
}

// departed are people who were forgotten lately, by this process, and when, in real time:
// a call for a message of theirs may still be under way, so a message to whom they are
// now, should they come back, must not have the same number. How many there were is not
// remembered for that.
type departed map[int64]time.Time

// departedFor is longer than any call is under way.
const departedFor = time.Hour

func (d departed) add(forgotten map[int64]uint64, wall time.Time) {
	maps.DeleteFunc(d, func(_ int64, at time.Time) bool { return wall.Sub(at) > departedFor })
	for user := range forgotten {
		d[user] = wall
	}
}

// lastBefore is the number before those of the messages to somebody new: 0, but for whoever
// was forgotten lately the clock, which no count of messages has come up to.
func (b *batch) lastBefore(user int64) uint64 {
	if last, ok := b.forgotten[user]; ok {
		return last
	}
	if _, ok := b.gone[user]; ok {
		return uint64(b.now.UnixMicro())
	}
	return 0
}

// forgottenMeanwhile reports whether the person of a message under way was forgotten: its
// row is gone, or is that of another message to a person who has come back.
func forgottenMeanwhile(tx storage.Tx, row storage.Message) (bool, error) {
	kept, err := tx.Message(row.User, row.Number)
	if errors.Is(err, storage.ErrNotFound) {
		return true, nil
	}
	return err == nil && !kept.Queued.Equal(row.Queued), err
}
