package simulator

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Message is one message as a person sees it now. What its slices and pointers reach is shared: do not change it.
type Message struct {
	ID          int64           `json:"id"`
	Date        time.Time       `json:"date"`
	Edited      time.Time       `json:"edited,omitzero"`
	From        int64           `json:"from,omitempty"` // 0 when a chat is the sender
	SenderChat  int64           `json:"sender_chat,omitempty"`
	Sender      string          `json:"sender,omitempty"`
	FromBot     bool            `json:"from_bot"`
	Text        string          `json:"text"` // or the caption, where there is Media
	Entities    []Entity        `json:"entities,omitempty"`
	Media       *Media          `json:"media,omitempty"`
	Keyboard    [][]Button      `json:"keyboard,omitempty"`
	OtherMarkup json.RawMessage `json:"other_markup,omitempty"` // a reply_markup that is no inline keyboard
	ReplyTo     int64           `json:"reply_to,omitempty"`
	Topic       int64           `json:"topic,omitempty"`
	Silent      bool            `json:"silent,omitempty"` // sent with disable_notification
	Pinned      bool            `json:"pinned,omitempty"`
	Pins        int64           `json:"pins,omitempty"` // the message that this line says was pinned
	Deleted     bool            `json:"deleted,omitempty"`
}

// HTML is the text with its entities as tags, in the HTML parse mode.
func (m Message) HTML() string { return formatHTML(m.Text, m.Entities) }

// Button finds the button with the label.
func (m Message) Button(label string) (Button, bool) {
	for _, row := range m.Keyboard {
		for _, b := range row {
			if b.Text == label {
				return b, true
			}
		}
	}
	return Button{}, false
}

// Labels lists what the buttons say, row by row.
func (m Message) Labels() []string {
	var labels []string
	for _, row := range m.Keyboard {
		for _, b := range row {
			labels = append(labels, b.Text)
		}
	}
	return labels
}

// Chat is a handle on one conversation, seen from the people's side.
type Chat struct {
	server *Server
	id     int64
}

// ID is the chat's id, which in a private chat is also the person's.
func (c Chat) ID() int64 { return c.id }

// Messages are the chat's messages as they now stand, oldest first, without the deleted ones.
func (c Chat) Messages() []Message {
	return slices.DeleteFunc(c.History(), func(m Message) bool { return m.Deleted })
}

// History is Messages with the deleted ones.
func (c Chat) History() []Message {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	chat := c.server.chats[c.id]
	views := make([]Message, len(chat.messages))
	for i, m := range chat.messages {
		views[i] = chat.view(m)
	}
	return views
}

// Message finds one message, also a deleted one.
func (c Chat) Message(id int64) (Message, bool) {
	for _, m := range c.History() {
		if m.ID == id {
			return m, true
		}
	}
	return Message{}, false
}

// Last is the newest message that is not deleted; the zero Message when there is none.
func (c Chat) Last() Message {
	messages := c.Messages()
	if len(messages) == 0 {
		return Message{}
	}
	return messages[len(messages)-1]
}

// Answers are the latest answers to callback queries that this chat saw, oldest first: up to 16 of them.
func (c Chat) Answers() []Answer {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	var answers []Answer
	for _, n := range c.server.chats[c.id].notices {
		if n.kind == "answer" {
			answers = append(answers, n.answer)
		}
	}
	return answers
}

// Changed returns a channel that is closed at the next change of the chat: a message, an edit, a deletion, an answer, a
// chat action. Take it before looking at the chat, then no change is missed.
func (c Chat) Changed() <-chan struct{} {
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	return c.server.chats[c.id].watch()
}

// Await waits until the condition holds for Messages, and returns these.
func (c Chat) Await(ctx context.Context, condition func([]Message) bool) ([]Message, error) {
	for {
		changed := c.Changed()
		if messages := c.Messages(); condition(messages) {
			return messages, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("await a change of chat %d: %w", c.id, context.Cause(ctx))
		}
	}
}

func (c *chat) view(m *message) Message {
	v := Message{
		ID: m.id, Date: m.date, Edited: m.edited, FromBot: m.fromBot, Text: m.text, Entities: m.entities, Media: m.media,
		Keyboard: m.keyboard, OtherMarkup: m.other, ReplyTo: m.replyTo, Topic: m.topic, Silent: m.silent, Pins: m.pins, Deleted: m.deleted,
	}
	if m.from != nil {
		v.From, v.Sender = m.from.ID, m.from.FirstName
	}
	if m.senderChat != nil {
		v.SenderChat, v.Sender = m.senderChat.ID, m.senderChat.Title
	}
	v.Pinned = slices.Contains(c.pinned, m.id)
	return v
}
