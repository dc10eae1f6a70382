package simulator

import (
	"fmt"
	"strings"
)

const (
	supergroupIDs      = -1_000_000_000_000 // supergroups and channels have ids below this
	anonymousAdminID   = 1087968824         // stands in as from for an administrator who hides behind the group
	channelForwarderID = 136817688          // stands in as from for a channel that writes in a group
)

// Group is a handle on a group or supergroup that the bot is in.
type Group struct{ Chat }

// Group returns the group with the id, which appears with the first call for it: a supergroup when the id is below
// -10^12, else a basic group. It panics when the id is not negative.
func (s *Server) Group(id int64) *Group {
	kind := "group"
	if id < supergroupIDs {
		kind = "supergroup"
	}
	return &Group{s.community(id, kind)}
}

func (s *Server) community(id int64, kind string) Chat {
	if id >= 0 {
		panic(fmt.Sprintf("simulator: %d is no group id: give a negative one", id))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.newChat(chatInfo{ID: id, Type: kind, Title: fmt.Sprintf("%s %d", kind, -id)}).open = true
	return Chat{s, id}
}

// Member is somebody in a group.
type Member struct {
	group *Group
	id    int64
}

// Member returns the user as one of the group.
func (g *Group) Member(userID int64) *Member {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	g.server.userOf(userID)
	g.server.met[userID] = true
	return &Member{g, userID}
}

// SendText writes to the group and returns the message's id.
func (m *Member) SendText(text string) int64 { return m.SendTextIn(0, text) }

// SendTextIn writes in a topic of the group, which appears with the first message in it; 0 is outside of any.
func (m *Member) SendTextIn(topic int64, text string) int64 {
	s := m.group.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[m.group.id]
	if topic != 0 {
		if c.topics == nil {
			c.topics = make(map[int64]bool)
		}
		c.topics[topic] = true
	}
	return s.say(c, &message{from: s.people[m.id], topic: topic}, text)
}

// DeleteTopic closes a topic of the group for ever. What was said in it is forgotten.
func (g *Group) DeleteTopic(topic int64) {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	c := g.server.chats[g.id]
	delete(c.topics, topic)
	for _, m := range c.messages {
		if m.topic == topic {
			c.remove(m)
		}
	}
}

// SendCommand sends a command with or without its slash; in groups it may name the bot: /start@name.
func (m *Member) SendCommand(command string) int64 {
	return m.SendText("/" + strings.TrimPrefix(command, "/"))
}

// say adds a text and tells the bot. The lock is held.
func (s *Server) say(c *chat, m *message, text string) int64 {
	m.date, m.text, m.entities = s.cfg.Now(), text, detectEntities(text, nil)
	c.add(m, s.cfg.Limits.KeepMessages)
	switch {
	case c.gone != nil: // the bot is not there to hear it
	case c.info.Type == "channel":
		s.push(update{ChannelPost: c.wire(m)})
	default:
		s.push(update{Message: c.wire(m)})
	}
	return m.id
}

// SendAnonymous writes as an administrator who hides behind the group: sender_chat is the group itself.
func (g *Group) SendAnonymous(text string) int64 {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	c := g.server.chats[g.id]
	from := &user{ID: anonymousAdminID, IsBot: true, FirstName: "Group", Username: "GroupAnonymousBot"}
	return g.server.say(c, &message{from: from, senderChat: c.info}, text)
}

// SendAsChannel writes to the group in the name of a channel.
func (g *Group) SendAsChannel(channel *Channel, text string) int64 {
	g.server.mu.Lock()
	defer g.server.mu.Unlock()
	from := &user{ID: channelForwarderID, IsBot: true, FirstName: "Channel", Username: "Channel_Bot"}
	return g.server.say(g.server.chats[g.id], &message{from: from, senderChat: g.server.chats[channel.id].info}, text)
}

// Kick removes the bot from the group; it is told by my_chat_member.
func (g *Group) Kick(by int64) {
	g.setMember(by, forbidden("bot was kicked from the group chat"), "member", "kicked")
}

// Add brings the bot back.
func (g *Group) Add(by int64) { g.setMember(by, nil, "kicked", "member") }

func (g *Group) setMember(by int64, gone *apiError, was, is string) {
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[g.id]
	if gone != nil && c.info.Type == "supergroup" {
		gone = forbidden("bot was kicked from the supergroup chat")
	}
	c.gone = gone
	s.push(update{MyChatMember: s.membership(c, s.userOf(by), was, is)})
}

// Migrate turns a basic group into a supergroup with a new id: calls to the old one are refused and name the new one.
func (g *Group) Migrate(to int64) *Group {
	g.server.Group(to)
	s := g.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[g.id]
	m := &message{from: s.userOf(anonymousAdminID), date: s.cfg.Now(), migrateTo: to}
	c.add(m, s.cfg.Limits.KeepMessages)
	s.push(update{Message: c.wire(m)})
	c.gone = badRequest("group chat was upgraded to a supergroup chat")
	c.gone.MigrateTo = to
	return &Group{Chat{s, to}}
}

// Channel is a handle on a channel that has the bot as an administrator. Its posts have no person as a sender.
type Channel struct{ Chat }

// Channel returns the channel with the id, which appears with the first call for it. It panics when the id is not negative.
func (s *Server) Channel(id int64) *Channel { return &Channel{s.community(id, "channel")} }

// Post writes in the channel and returns the message's id.
func (c *Channel) Post(text string) int64 {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	chat := c.server.chats[c.id]
	return c.server.say(chat, &message{senderChat: chat.info}, text)
}
