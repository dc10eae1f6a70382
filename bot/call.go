package bot

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/bot/outbox"
	"spasmbot/flows"
)

// messenger is the part of a Gateway that sends messages.
type messenger interface {
	Send(ctx context.Context, m chat.Outgoing) (chat.Sent, error)
}

// caller makes the calls for messages that are claimed, each in its slot.
type caller struct {
	gateway messenger
	queue   *queue
	gallery *gallery
	outage  outageWatch
	count   *counters
	log     *slog.Logger
	// calls has a place for each call under way.
	calls chan struct{}
}

// mostCalls is how many calls are under way at a time.
const mostCalls = 32

func newCaller(gateway messenger, q *queue, g *gallery, count *counters, log *slog.Logger) *caller {
	return &caller{
		gateway: gateway, queue: q, gallery: g, outage: outageWatch{log: log},
		count: count, log: log, calls: make(chan struct{}, mostCalls),
	}
}

// errHeld is why a call was not made: silence was demanded meanwhile, the message
// was withdrawn, the bot stops, or another message brings the file to the messenger.
var errHeld = errors.New("held back")

// call makes the call for a message, and a further one where another form of
// the same message can pass.
func (c *caller) call(ctx context.Context, m *outbox.Message, show *showing) (chat.Sent, error) {
	select {
	case c.calls <- struct{}{}:
	case <-ctx.Done():
		return chat.Sent{}, errHeld
	}
	defer func() { <-c.calls }()
	var bare *chat.Error // why the buttons are left out
	for {
		if !c.inSlot(ctx, m) || c.queue.Withdrawn(m) {
			return chat.Sent{}, errHeld
		}
		m.Attempts++
		sent, err := c.send(ctx, c.outgoing(m, show, bare != nil))
		c.queue.Returned(m, time.Now())
		fault, ok := errors.AsType[*chat.Error](err)
		if !ok {
			if !show.uploads {
				sent.FileID = "" // nothing new
			}
			if err == nil {
				c.arrived(show, bare)
			}
			c.gallery.end(show, sent, nil)
			return sent, err
		}
		again, err := c.otherwise(m, show, fault)
		if !again && bare == nil && barely(m, fault) {
			again, bare = true, fault
		}
		if !again {
			c.gallery.end(show, chat.Sent{}, fault)
			return chat.Sent{}, err
		}
		c.count.retried.Add(1)
	}
}

// arrived notes in which form a message has arrived; bare is why its buttons were
// left out, if they were.
func (c *caller) arrived(show *showing, bare *chat.Error) {
	c.gallery.arrived(show)
	if bare != nil {
		c.log.Warn("a message was refused with its buttons, and has arrived without them: check the flow",
			"kind", bare.Kind.String(), "code", bare.Code, "description", bare.Description)
	}
}

// inSlot waits until the call for a message may go out. It returns false if it is
// not to be made now.
func (c *caller) inSlot(ctx context.Context, m *outbox.Message) bool {
	for ctx.Err() == nil {
		wait, ok := c.queue.Slot(m, time.Now())
		if !ok || wait == 0 {
			return ok
		}
		nap(ctx, wait)
	}
	return false
}

// outgoing is a message as it is called now; bare leaves its buttons out.
func (c *caller) outgoing(m *outbox.Message, show *showing, bare bool) chat.Outgoing {
	out := chat.Outgoing{
		Chat: m.Chat, Topic: m.Topic, ReplyTo: m.ReplyTo, Text: cmp.Or(show.words, m.Text), Keyboard: m.Keyboard, Edit: m.Edit, Plain: m.Plain, Caption: m.Caption, Silent: m.Silent, Delete: m.Delete, Pin: m.Pin, Unpin: m.Unpin, Media: show.media,
	}
	if bare {
		out.Keyboard = nil
	}
	return out
}

// send makes one call, and makes a failure of a panic: the other messages are
// still to be sent.
func (c *caller) send(ctx context.Context, out chat.Outgoing) (sent chat.Sent, err error) {
	began := time.Now()
	defer func() { c.outage.note(began, err) }()
	err = sound(c.log, callFailed, func() (err error) {
		sent, err = c.gateway.Send(ctx, out)
		return err
	})
	if panicked(err) {
		err = &chat.Error{Kind: chat.Unknown, Description: err.Error(), MaybeApplied: true}
	}
	return sent, err
}

// callFailed is what is logged of a call that has panicked.
const callFailed = "a call to the messenger failed"

// otherwise gives a refused message another form, once for each reason, and
// reports whether there is one. If not it returns why the call has failed.
func (c *caller) otherwise(m *outbox.Message, show *showing, fault *chat.Error) (again bool, err error) {
	switch {
	case m.Delete && fault.Kind == chat.MessageGone:
		m.Delete = false // it is too old: it stays, changed
	case fault.Kind == chat.BadMarkup && !m.Plain:
		m.Plain = true
	case fault.Kind == chat.NoText && m.Class == flows.Tidy && !m.Caption:
		m.Caption = true
	case (fault.Kind == chat.MessageGone || fault.Kind == chat.NoText) && m.Edit != 0 && m.Text != "" && m.Class != flows.Tidy:
		m.Edit = 0
	case fault.Kind == chat.ChatMoved && fault.MovedTo != 0 && c.queue.Move(m, fault.MovedTo, time.Now()):
	case fault.Kind == chat.TopicGone && m.Topic != 0:
		m.Topic, m.ReplyTo = 0, 0
	case show.media == nil:
		return false, fault
	case fault.Kind == chat.FileGone && show.file != nil && !show.uploads:
		if !c.gallery.gone(show) {
			return false, errHeld
		}
	case fault.Kind == chat.FileGone, fault.Kind == chat.BadMedia, fault.Kind == chat.NoMedia,
		fault.Kind == chat.Rejected, fault.Kind == chat.Unknown:
		c.gallery.drop(show, fault)
	default:
		return false, fault
	}
	return true, nil
}

// barely reports whether the words of a refused message may pass without its
// buttons, which nobody knows to be the reason. Nothing of it is kept: a further
// attempt begins with the buttons again.
func barely(m *outbox.Message, fault *chat.Error) bool {
	return fault.Kind == chat.Unknown && fault.Code == 400 && len(m.Keyboard) > 0 && m.Text != ""
}
