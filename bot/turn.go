package bot

import (
	"errors"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// step takes one event through the step function and stores what comes of it.
// It returns the text for the answer to a press. After a *panicError nothing
// has changed. From is the update behind the event, nil if there is none.
func (b *batch) step(user int64, ev flows.Event, from *chat.Update) (toast string, err error) {
	before, err := b.state(user)
	if err != nil {
		return "", err
	}
	given := before
	var updateID int64
	if from != nil {
		updateID = from.ID
		if given.Lang == "" {
			// Later the person may choose another in the flow.
			given.Lang = from.Lang
		}
	}
	after, effects, err := b.safely(given, ev)
	if err != nil {
		return "", err
	}
	b.turns++
	after.User = user
	ended := episodeEnd{}
	for _, effect := range effects {
		switch e := effect.(type) {
		case flows.Say:
			err = b.say(user, user, e.Message)
		case flows.Record:
			e.Entry.UpdateID = updateID
			ended.note(e.Entry)
			err = b.tx.PutEntry(storage.Entry{User: user, Entry: e.Entry})
		case flows.Remind:
			b.armed = true
			err = b.tx.PutReminder(storage.Reminder{User: user, Reminder: e.Reminder, State: flows.Armed})
		case flows.Settle:
			err = b.settle(user, e)
		case flows.Toast:
			toast = e.Text
		}
		if err != nil {
			return "", err
		}
	}
	if err := b.keepEpisodes(before, after, ended); err != nil {
		return "", err
	}
	return toast, b.putState(after)
}

// safely calls the step function and turns a panic into a *panicError: one
// person's bad turn must not stop the others.
func (b *batch) safely(s flows.State, ev flows.Event) (after flows.State, effects []flows.Effect, err error) {
	defer func() {
		if v := recover(); v != nil {
			broken := caught(v)
			b.pipe.log.Error("a turn failed and was set aside; this is a bug, please report it", "error", broken)
			err = broken
		}
	}()
	after, effects = b.pipe.cfg.Step(s, ev, b.now)
	return after, effects, nil
}

func (b *batch) say(user, to int64, m flows.Message) error {
	row := storage.Message{User: user, Chat: to, Message: m, State: storage.Queued, Queued: b.now}
	if b.leaves(row) {
		row.State = storage.Sending
	}
	b.out = append(b.out, row)
	b.said[user]++
	if row.State == storage.Sending {
		row.Attempts++ // the one to come, as in ledger.claim
	}
	return b.tx.PutMessage(row)
}

// leaves claims a message for sending if it will be sent as soon as the batch
// is committed: that saves a commit of its own. Should it have to wait after
// all, a crash meanwhile makes it Uncertain rather than Queued, and it is sent
// in both cases. A file may have to be waited for.
func (b *batch) leaves(m storage.Message) bool {
	if m.Class >= flows.Push || m.Picture+m.Animation != "" {
		return false
	}
	if _, another := b.leaving[m.Chat]; another || !b.pipe.sender.queue.leaves(m.Chat, b.wall, len(b.leaving)) {
		return false
	}
	b.leaving[m.Chat] = struct{}{}
	return true
}

// settle ends a timer that sends nothing. One that was sent stays so.
func (b *batch) settle(user int64, e flows.Settle) error {
	r, err := b.tx.Reminder(user, e.ID)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	if r.State == flows.Sent {
		return nil
	}
	r.State = e.State
	return b.tx.PutReminder(r)
}

// episodeEnd is the end of an episode as the timeline tells it.
type episodeEnd struct {
	number  uint64
	at      time.Time
	outcome string
}

func (e *episodeEnd) note(entry flows.Entry) {
	if entry.Kind == flows.EntryEnd {
		*e = episodeEnd{entry.Episode, entry.At, entry.Choice}
	}
}

// keepEpisodes stores the episode if the turn changed it. If the turn ended one
// episode and began another, the state no longer holds the first, and its end
// is known from the timeline alone.
func (b *batch) keepEpisodes(before, after flows.State, end episodeEnd) error {
	if last := before.Episode; last.Live() && last.Number != after.Episode.Number {
		if end.number == last.Number {
			last.Ended, last.Outcome = end.at, end.outcome
		} else {
			last.Ended = b.now
		}
		if err := b.tx.PutEpisode(storage.Episode{User: after.User, Episode: last}); err != nil {
			return err
		}
	}
	if after.Episode.Number == 0 || after.Episode == before.Episode {
		return nil
	}
	return b.tx.PutEpisode(storage.Episode{User: after.User, Episode: after.Episode})
}
