package bot

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
	"spasmbot/storage"
)

// intake takes updates in. One goroutine uses it.
type intake struct {
	pipe    *pipe
	core    *core
	waiting lines
	count   *counters
	log     *slog.Logger
	// groupReply is what a group is told, username who the bot is.
	groupReply func(username string) (text string, keyboard [][]flows.Key)
	username   string
	// sent is when, in bot time, a message of a date was sent, if it is now.
	sent func(date, now time.Time) time.Time

	groups  groupGate
	flood   floodGate
	repeats repeatGate
}

// updates commits a poll's updates with all their effects and the offset that
// confirms them.
func (i *intake) updates(ctx context.Context, updates []chat.Update, next int64) error {
	var done *arrivals
	err := i.pipe.commit(ctx, func(b *batch) error {
		a := &arrivals{batch: b, intake: i, silent: make(map[int64]int), asked: make(map[int64]asked)}
		for n, u := range updates {
			if err := a.take(u, b.poisoned[int64(n)]); err != nil {
				return poison(int64(n), err)
			}
		}
		done = a
		return b.tx.SetOffset(next)
	})
	if err == nil {
		i.note(done)
	}
	return err
}

// note notes what was committed.
func (i *intake) note(a *arrivals) {
	i.groups.note(a.greeted, a.batch.wall)
	i.flood.note(a.silent, a.batch.wall)
	i.repeats.note(a.asked)
	i.count.passedOver.Add(a.repetitions)
	i.count.updates.Add(a.updates)
	for _, id := range a.again {
		i.log.Debug("an update came again and changes nothing", "update", id)
	}
	if a.passedOver > 0 {
		i.count.passedOver.Add(a.passedOver)
		i.log.Warn("somebody sends more than can be answered; updates were passed over", "count", a.passedOver)
	}
	if a.quarantined > 0 {
		i.count.quarantined.Add(a.quarantined)
		i.log.Warn("updates set aside in quarantine", "count", a.quarantined)
	}
}

// arrivals are the updates of a batch.
type arrivals struct {
	batch  *batch
	intake *intake

	// silent counts, by person, the updates that were worth no message;
	// passedOver those that were too many, repetitions those that were asked
	// before. Asked is the command that somebody sent last.
	silent  map[int64]int
	asked   map[int64]asked
	greeted []groupMember
	// again are the ids of those that had come before.
	again []int64

	updates, quarantined, passedOver, repetitions uint64
}

// take takes in one update. An update that came before changes nothing, but a
// press is answered all the same: the crash that made it come again may have
// come before the answer. Poisoned, if not nil, is why it could not be stored.
func (a *arrivals) take(u chat.Update, poisoned error) error {
	b := a.batch
	var toast string
	if u.Query != "" {
		defer func() { b.answers = append(b.answers, answer{u.Query, toast}) }()
	}
	seen, err := b.tx.Seen(u.ID)
	if seen {
		a.again = append(a.again, u.ID)
	}
	if err != nil || seen {
		return err
	}
	if err := b.tx.MarkSeen(u.ID, b.now); err != nil {
		return err
	}
	a.updates++
	switch {
	case u.Bad != nil:
		return a.quarantine(u, u.Bad)
	case poisoned != nil:
		return a.quarantine(u, poisoned)
	case u.Event == nil:
		return nil
	case !u.Private:
		return a.greet(u)
	case u.User == 0:
		return nil
	}
	if passedOver, err := a.flooded(u.User, u.Event); passedOver || err != nil {
		return err
	}
	if again, err := a.repeated(u.User, u.Event); again || err != nil {
		a.repetitions++
		return err
	}
	event, err := placed(b.tx, &u, a.intake.sent(u.PressedSent, b.now))
	if err != nil {
		return err
	}
	said := b.said[u.User]
	toast, err = a.intake.core.turn(b, u.User, event, &u)
	if b.said[u.User] <= said { // or what it said takes the place of what was to come
		a.silent[u.User]++
	}
	a.heard(u.User, u.Event, b.said[u.User] > said)
	if broken, ok := errors.AsType[*panicError](err); ok {
		return a.quarantine(u, broken)
	}
	return err
}

func (a *arrivals) quarantine(u chat.Update, cause error) error {
	a.quarantined++
	return a.batch.tx.Quarantine(storage.Quarantined{UpdateID: u.ID, At: a.batch.now, Raw: u.Raw, Cause: cause.Error()})
}

// flooded reports whether an update is to be passed over, and counts it.
func (a *arrivals) flooded(user int64, ev flows.Event) (bool, error) {
	crowded, err := crowded(a.batch, a.intake.waiting, user, most(ev))
	if err != nil {
		return false, err
	}
	if !crowded && a.silent[user] <= mostSilent && !a.intake.flood.silenced(user, a.batch.wall) {
		return false, nil
	}
	a.passedOver++
	return true, nil
}

// greet answers a person who spoke to the bot in a group, where they did. The step
// function takes no part in it, so nothing of the person's health can get there.
func (a *arrivals) greet(u chat.Update) error {
	var asked int64
	switch ev := u.Event.(type) {
	case flows.Command:
		asked = ev.Message
	case flows.Button:
	default:
		return nil
	}
	user := u.User
	if user == 0 {
		user = u.Chat // an anonymous administrator speaks as the group
	}
	who := groupMember{u.Chat, user}
	// Groups have negative ids: what does not say what it is, is no group.
	if u.Chat >= 0 || a.intake.groupReply == nil ||
		!a.intake.groups.open(who, a.greeted, a.batch.wall) {
		return nil
	}
	text, keyboard := a.intake.groupReply(a.intake.username)
	if text == "" {
		return nil
	}
	waiting, err := a.batch.tx.UnsentTo(user)
	if err != nil {
		return err
	}
	a.greeted = append(a.greeted, who)
	// Later it would stand under what nobody remembers. It is about nobody, and nothing is
	// kept of whom it answers.
	return a.batch.post(storage.Message{User: user, Chat: u.Chat, Topic: u.Topic, ReplyTo: asked, Message: flows.Message{
		Number: a.batch.fleeting(waiting), Text: text, Keyboard: keyboard, Class: flows.Contact, Silent: true, Expires: a.batch.now.Add(groupPause), Fleeting: true,
	}})
}
