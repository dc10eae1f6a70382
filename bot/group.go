package bot

import (
	"maps"
	"slices"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

// groupMember is a person in a group.
type groupMember struct{ chat, user int64 }

// groupGate lets each person in each group have an answer now and then. It is
// used by the batch at work alone. What it forgets at a restart costs one
// message too many.
type groupGate struct{ last map[groupMember]time.Time }

const (
	groupPause   = time.Minute
	groupMembers = 10_000
)

func (g *groupGate) open(m groupMember, now time.Time) bool {
	last, ok := g.last[m]
	if ok {
		return now.Sub(last) >= groupPause
	}
	if len(g.last) >= groupMembers {
		maps.DeleteFunc(g.last, func(_ groupMember, t time.Time) bool { return now.Sub(t) >= groupPause })
	}
	// Still full of people who were answered within the minute: a flood.
	return len(g.last) < groupMembers
}

func (g *groupGate) note(answered []groupMember, now time.Time) {
	if len(answered) == 0 {
		return
	}
	if g.last == nil {
		g.last = make(map[groupMember]time.Time)
	}
	for _, m := range answered {
		g.last[m] = now
	}
}

// greet answers a person who spoke to the bot in a group. The step function
// takes no part in it, so nothing of the person's health can get there.
func (b *batch) greet(u chat.Update) error {
	switch u.Event.(type) {
	case flows.Command, flows.Button:
	default:
		return nil
	}
	user := u.User
	if user == 0 {
		user = u.Chat // an anonymous administrator speaks as the group
	}
	who := groupMember{u.Chat, user}
	// Groups have negative ids: what does not say what it is, is no group.
	if u.Chat >= 0 || b.pipe.cfg.GroupReply == nil ||
		!b.pipe.groups.open(who, b.wall) || slices.Contains(b.greeted, who) {
		return nil
	}
	text, keyboard := b.pipe.cfg.GroupReply(b.pipe.username)
	if text == "" {
		return nil
	}
	state, err := b.state(user)
	if err != nil {
		return err
	}
	state.Messages++
	if err := b.putState(state); err != nil {
		return err
	}
	b.greeted = append(b.greeted, who)
	return b.say(user, u.Chat, flows.Message{
		Number: state.Messages, Text: text, Keyboard: keyboard, Class: flows.Reply,
	})
}
