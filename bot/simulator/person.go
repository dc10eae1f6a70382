package simulator

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
)

// Person is a handle on somebody's private chat with the bot.
type Person struct{ Chat }

// Person returns the person with the id, who appears with the first call for it. The bot cannot write to them before
// they wrote to the bot. It panics when the id is no user id: 1 to 2^52-1.
func (s *Server) Person(id int64) *Person {
	if id < 1 || id > maxUserID {
		panic(fmt.Sprintf("simulator: %d is no user id: give 1 to 2^52-1", id))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.userOf(id)
	s.newChat(chatInfo{ID: id, Type: "private", FirstName: u.FirstName})
	return &Person{Chat{s, id}}
}

// userOf finds or makes a user. The lock is held.
func (s *Server) userOf(id int64) *user {
	if s.people[id] == nil {
		s.people[id] = &user{ID: id, FirstName: fmt.Sprintf("Person %d", id), LanguageCode: "en"}
	}
	return s.people[id]
}

// SetProfile changes what the bot is told of the person: an IETF language tag ("" leaves it out, as some clients do) and
// the names. An empty first name keeps the old one, as everybody has one.
func (p *Person) SetProfile(language, firstName, username string) {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	changed := *s.people[p.id]
	changed.LanguageCode, changed.Username = language, username
	changed.FirstName = cmp.Or(firstName, changed.FirstName)
	s.people[p.id] = &changed
	s.chats[p.id].info = &chatInfo{ID: p.id, Type: "private", FirstName: changed.FirstName, Username: username}
}

// SendText writes to the bot and returns the message's id. A person who had blocked the bot unblocks it first, as the
// apps have it. Text without anything visible is not sent: the id is 0.
func (p *Person) SendText(text string) int64 {
	text, _ = trimText(text, nil)
	if text == "" {
		return 0
	}
	return p.send(&message{text: text, entities: detectEntities(text, nil)})
}

// SendCommand sends a command with or without its slash, and whatever follows it.
func (p *Person) SendCommand(command string) int64 {
	return p.SendText("/" + strings.TrimPrefix(command, "/"))
}

// SendPhoto sends a picture of any size the server would take from the bot; data that is no picture is sent all the same.
func (p *Person) SendPhoto(data []byte, caption string) int64 {
	media := Media{Kind: "photo", Name: "photo.jpg", MIME: "image/jpeg", Width: 1, Height: 1}
	_ = describePicture(&media, data) // what is no picture is 1 by 1
	return p.send(&message{media: p.server.keepFile(media, data), text: caption, entities: detectEntities(caption, nil)})
}

// SendSticker sends a sticker that stands for the emoji.
func (p *Person) SendSticker(emoji string) int64 {
	media := Media{Kind: "sticker", Name: "sticker.webp", MIME: "image/webp", Width: 512, Height: 512, Emoji: emoji}
	return p.send(&message{media: p.server.keepFile(media, []byte(emoji))})
}

func (p *Person) send(m *message) int64 {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[p.id]
	if c.blocked {
		s.setBlocked(c, false)
	}
	c.open = true
	m.from, m.date = s.people[p.id], s.cfg.Now()
	c.add(m, s.cfg.Limits.KeepMessages)
	s.push(update{Message: c.wire(m)})
	return m.id
}

// EditText changes a message of the person's own.
func (p *Person) EditText(messageID int64, text string) error {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	text, _ = trimText(text, nil)
	c := s.chats[p.id]
	m := c.find(messageID)
	switch {
	case m == nil || m.from == nil || m.from.ID != p.id:
		return fmt.Errorf("edit a message: %d has no message %d", p.id, messageID)
	case text == "":
		return errors.New("edit a message: give a text with something visible in it")
	}
	m.text, m.entities, m.edited = text, detectEntities(text, nil), s.cfg.Now()
	c.touch(m)
	s.push(update{EditedMessage: c.wire(m)})
	return nil
}

// Delete removes a message for both sides. The bot is not told.
func (p *Person) Delete(messageID int64) error {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[p.id]
	m := c.find(messageID)
	if m == nil {
		return fmt.Errorf("delete a message: chat %d has no message %d", p.id, messageID)
	}
	c.remove(m)
	return nil
}

// Press presses a button of one of the bot's messages and returns the id of the callback query. The data need not be on
// the keyboard as it now is: the person's app may show an older one.
func (p *Person) Press(messageID int64, data string) (queryID string, err error) {
	return p.press(messageID, data, false)
}

// PressInaccessible is Press on a message that the server no longer shows to the bot: the query has an
// InaccessibleMessage, whose date is 0. The message need not exist.
func (p *Person) PressInaccessible(messageID int64, data string) (queryID string, err error) {
	return p.press(messageID, data, true)
}

// PressLabel presses the button that says label now.
func (p *Person) PressLabel(messageID int64, label string) (queryID string, err error) {
	m, ok := p.Message(messageID)
	if !ok {
		return "", fmt.Errorf("press %q: chat %d has no message %d", label, p.id, messageID)
	}
	b, ok := m.Button(label)
	if !ok || b.CallbackData == "" {
		return "", fmt.Errorf("press %q: message %d in chat %d has no such button with data, only %q",
			label, messageID, p.id, m.Labels())
	}
	return p.press(messageID, b.CallbackData, false)
}

func (p *Person) press(messageID int64, data string, inaccessible bool) (string, error) {
	s := p.server
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.press(s.chats[p.id], s.userOf(p.id), messageID, data, inaccessible)
}

// Block stops the bot from writing. The bot is told by my_chat_member, if the chat was ever begun.
func (p *Person) Block() { p.setBlocked(true) }

// Unblock undoes Block.
func (p *Person) Unblock() { p.setBlocked(false) }

// Blocked says whether the person has blocked the bot.
func (p *Person) Blocked() bool {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	return p.server.chats[p.id].blocked
}

func (p *Person) setBlocked(blocked bool) {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	if c := p.server.chats[p.id]; c.blocked != blocked {
		p.server.setBlocked(c, blocked)
	}
}

// setBlocked changes whether the person blocks the bot, and tells the bot. The lock is held.
func (s *Server) setBlocked(c *chat, blocked bool) {
	c.blocked, c.gone = blocked, nil
	was, is := "kicked", "member"
	if blocked {
		c.gone = forbidden("bot was blocked by the user")
		was, is = is, was
	}
	c.revision++
	c.wake()
	if c.open {
		s.push(update{MyChatMember: s.membership(c, s.people[c.info.ID], was, is)})
	}
}

// membership is the news that the bot's own status in a chat has changed. The lock is held.
func (s *Server) membership(c *chat, by *user, was, is string) *chatMemberUpdated {
	status := func(status string) chatMember {
		m := chatMember{Status: status, User: s.me}
		if status == "kicked" {
			m.UntilDate = new(int64) // 0: for ever
		}
		return m
	}
	return &chatMemberUpdated{Chat: c.info, From: by, Date: s.cfg.Now().Unix(), Old: status(was), New: status(is)}
}

// Deactivate deletes the person's account: from now on every call to the chat is refused. There is no way back.
func (p *Person) Deactivate() {
	p.server.mu.Lock()
	defer p.server.mu.Unlock()
	p.server.chats[p.id].gone = forbidden("user is deactivated")
}
