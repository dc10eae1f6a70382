package bot

import (
	"context"
	"log/slog"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// StepFunc is the core: what a person's state becomes through an event, and
// what is to be done. It must be pure.
type StepFunc func(s flows.State, ev flows.Event, now time.Time) (flows.State, []flows.Effect)

// core takes events through the step function.
type core struct {
	step StepFunc
	log  *slog.Logger
}

// turn takes one event through the step function and stores what comes of it.
// It returns the text for the answer to a press. After a *panicError nothing
// has changed. From is the update behind the event, nil if there is none.
func (c *core) turn(b *batch, user int64, ev flows.Event, from *chat.Update) (toast string, err error) {
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
	after, effects, err := c.safely(given, ev, b.now)
	if err != nil {
		return "", err
	}
	b.turns++
	if forgets(effects) {
		return b.forget(user, effects)
	}
	after.User = user
	if before.Inactive && !after.Inactive {
		if err := b.awaken(user); err != nil {
			return "", err
		}
	}
	ended := episodeEnd{}
	for _, effect := range effects {
		switch e := effect.(type) {
		case flows.Say:
			err = b.say(user, e.Message)
		case flows.Record:
			e.Entry.UpdateID = updateID
			ended.note(e.Entry)
			err = b.tx.PutEntry(storage.Entry{User: user, Entry: e.Entry})
		case flows.Remind:
			b.armed = true
			err = b.tx.PutReminder(storage.Reminder{User: user, Reminder: e.Reminder, State: flows.Armed})
		case flows.Settle:
			err = settle(b.tx, user, e.ID, func(r *storage.Reminder) { r.State = e.State })
		case flows.Withdraw:
			err = b.withdraw(user, e)
		case flows.Toast:
			toast = e.Text
		}
		if err != nil {
			return "", err
		}
	}
	if err := keepEpisodes(b, before, after, ended); err != nil {
		return "", err
	}
	return toast, b.putState(after)
}

// safely calls the step function and turns a panic into a *panicError: one
// person's bad turn must not stop the others.
func (c *core) safely(s flows.State, ev flows.Event, now time.Time) (after flows.State, effects []flows.Effect, err error) {
	err = sound(c.log, "a turn failed and was set aside", func() error {
		after, effects = c.step(s, ev, now)
		return nil
	})
	return after, effects, err
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
func keepEpisodes(b *batch, before, after flows.State, end episodeEnd) error {
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

// farewell tells the core of people whom no message reaches any more.
type farewell struct {
	pipe *pipe
	core *core
}

// blocked tells the core, once, that a person cannot be reached. If they have done
// anything since the call began that shows it, they can, and it returns false.
func (f *farewell) blocked(ctx context.Context, user int64, began time.Time) (believed bool, err error) {
	err = f.pipe.commit(ctx, func(b *batch) error {
		believed = true
		state, err := b.state(user)
		if err == nil && state.Heard.After(began) {
			believed = false
			return nil
		}
		if err != nil || state.Inactive || b.poisoned[user] != nil {
			return err
		}
		kept, err := b.tx.State(user)
		if err != nil || kept.Seal == 0 && kept.Messages == 0 {
			return err // nothing is kept of strangers, nor of those who were forgotten
		}
		_, err = f.core.turn(b, user, flows.Blocked{}, nil)
		return poison(user, unlessPanicked(err))
	})
	return believed, err
}
