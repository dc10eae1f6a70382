package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

const maxUserID = 1<<52 - 1

// chat is one conversation as the server keeps it. Guarded by Server.mu; what info, users, media, entities and
// keyboards point at is replaced when it changes, never written to, so that a reply can be encoded after unlocking.
type chat struct {
	info     *chatInfo
	open     bool      // the bot may write: the person has written first, the group has the bot in it
	gone     *apiError // why it may not any more: blocked, kicked, deleted, migrated
	blocked  bool      // by the person; gone says so too
	last     int64     // the newest message id
	messages []*message
	revision uint64 // counts changes of the view
	changed  chan struct{}
	notices  []notice
	sends    bucket
	topics   map[int64]bool // of a group, by id
	pinned   []int64        // the messages that stand above the chat, the newest last
}

// message is one message as it now stands.
type message struct {
	id         int64
	date       time.Time
	edited     time.Time // zero if never
	from       *user
	senderChat *chatInfo
	fromBot    bool
	text       string // or the caption
	entities   []Entity
	media      *Media
	keyboard   [][]Button
	other      json.RawMessage // a reply_markup that is no inline keyboard
	replyTo    int64
	topic      int64 // 0 outside of any
	silent     bool
	deleted    bool
	migrateTo  int64
	pins       int64 // the message that this line of the server's says was pinned; 0 is no such line
	revision   uint64
}

// notice is something that a person sees pass by: it belongs to no message.
type notice struct {
	revision uint64
	kind     string // "answer" or "action"
	answer   Answer
	action   string
}

const keptNotices = 16

// Answer is what answerCallbackQuery showed to a person.
type Answer struct {
	QueryID string    `json:"query_id"`
	Text    string    `json:"text,omitempty"`
	Alert   bool      `json:"alert,omitempty"`
	URL     string    `json:"url,omitempty"`
	At      time.Time `json:"at"`
}

// find returns a message that exists and is not deleted, or nil.
func (c *chat) find(id int64) *message {
	// Ids of the kept messages have no gaps, so the place follows from the distance to the newest.
	i := int64(len(c.messages)) - 1 - (c.last - id)
	if i < 0 || i >= int64(len(c.messages)) || c.messages[i].deleted {
		return nil
	}
	return c.messages[i]
}

// add gives the message its id and appends it, forgetting the oldest beyond keep (0 forgets none).
func (c *chat) add(m *message, keep int) {
	c.last++
	m.id = c.last
	c.messages = append(c.messages, m)
	if keep > 0 && len(c.messages) >= 2*keep {
		c.messages = slices.Clone(c.messages[len(c.messages)-keep:])
	}
	c.touch(m)
}

// touch marks the message as changed and wakes whoever watches the chat.
func (c *chat) touch(m *message) {
	c.revision++
	m.revision = c.revision
	c.wake()
}

func (c *chat) notify(n notice) {
	c.revision++
	n.revision = c.revision
	if len(c.notices) == keptNotices {
		c.notices = slices.Delete(c.notices, 0, 1)
	}
	c.notices = append(c.notices, n)
	c.wake()
}

func (c *chat) wake() {
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
}

// watch returns a channel that is closed at the next change.
func (c *chat) watch() <-chan struct{} {
	if c.changed == nil {
		c.changed = make(chan struct{})
	}
	return c.changed
}

// instance is the chat_instance of the chat's callback queries.
func (c *chat) instance() string {
	return fmt.Sprint(uint64(c.info.ID)*0x9E3779B97F4A7C15>>2 + 1)
}

// wire is the message in the words of the API.
func (c *chat) wire(m *message) *wireMessage {
	w := &wireMessage{
		MessageID: m.id, From: m.from, SenderChat: m.senderChat, Chat: c.info, Date: m.date.Unix(), MigrateTo: m.migrateTo,
		ThreadID: m.topic, IsTopic: m.topic != 0,
	}
	if !m.edited.IsZero() {
		w.EditDate = m.edited.Unix()
	}
	if m.keyboard != nil {
		w.ReplyMarkup = &inlineMarkup{m.keyboard}
	}
	if target := c.find(m.pins); target != nil {
		w.Pinned = c.wire(target)
	}
	if m.media == nil {
		w.Text, w.Entities = m.text, m.entities
	} else {
		w.Caption, w.CaptionEntities = m.text, m.entities
		m.media.attach(w)
	}
	if target := c.find(m.replyTo); target != nil {
		reply := *target
		reply.replyTo = 0 // replies of replies are not sent
		w.ReplyTo = c.wire(&reply)
	}
	return w
}

// newChat makes a chat unless it is there. The lock is held.
func (s *Server) newChat(info chatInfo) *chat {
	c := s.chats[info.ID]
	if c == nil {
		c = &chat{info: &info}
		s.chats[info.ID] = c
	}
	return c
}

// chatOf finds the chat that a call names. The lock is held.
func (s *Server) chatOf(q *request) (*chat, *apiError) {
	if strings.TrimSpace(q.values["chat_id"]) == "" {
		return nil, badRequest("chat_id is empty")
	}
	id := q.integer("chat_id") // 0 for a name: no chat has one
	c := s.chats[id]
	switch {
	case c != nil && c.open:
		return c, nil
	case s.met[id]:
		return nil, forbidden("bot can't initiate conversation with a user")
	default:
		return nil, badRequest("chat not found")
	}
}

// writable is chatOf for calls that need the chat's consent.
func (s *Server) writable(q *request) (*chat, *apiError) {
	c, err := s.chatOf(q)
	if err == nil && c.gone != nil {
		return nil, c.gone
	}
	return c, err
}

func (s *Server) getChat(q *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.chatOf(q)
	if err != nil {
		return nil, err
	}
	return struct {
		*chatInfo
		AccentColor int `json:"accent_color_id"`
		Reactions   int `json:"max_reaction_count"`
	}{c.info, 0, 11}, nil
}
