package simulator

import (
	"encoding/json"
	"slices"
)

func (s *Server) editMessageText(q *request) (any, *apiError) {
	text, entities, err := q.formatted("text", "entities")
	if err != nil {
		return nil, err
	}
	if err := checkText(text); err != nil {
		return nil, err
	}
	return s.edit(q, func(m *message) *apiError {
		if m.media != nil {
			return badRequest("there is no text in the message to edit")
		}
		m.text, m.entities = text, entities
		return nil
	})
}

func (s *Server) editMessageCaption(q *request) (any, *apiError) {
	caption, entities, err := q.caption()
	if err != nil {
		return nil, err
	}
	return s.edit(q, func(m *message) *apiError {
		if m.media == nil {
			return badRequest("there is no caption in the message to edit")
		}
		m.text, m.entities = caption, entities
		return nil
	})
}

func (s *Server) editMessageReplyMarkup(q *request) (any, *apiError) {
	return s.edit(q, func(*message) *apiError { return nil })
}

func (s *Server) editMessageMedia(q *request) (any, *apiError) {
	media, caption, entities, err := s.readMediaParameter(q)
	if err != nil {
		return nil, err
	}
	return s.edit(q, func(m *message) *apiError {
		m.media, m.text, m.entities = media, caption, entities
		return nil
	})
}

// edit applies a change to the message that a call names. Every edit replaces the keyboard, also by none at all, and one
// that would change nothing is refused.
func (s *Server) edit(q *request, change func(*message) *apiError) (any, *apiError) {
	if q.values["inline_message_id"] != "" {
		return nil, badRequest("MESSAGE_ID_INVALID") // this bot has no inline mode
	}
	markup, err := q.markup()
	if err != nil {
		return nil, err
	}
	if markup.other != nil {
		return nil, badRequest("object expected as reply markup: only an inline keyboard can be edited in")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, m, err := s.editable(q)
	if err != nil {
		return nil, err
	}
	changed := *m
	if err := change(&changed); err != nil {
		return nil, err
	}
	changed.keyboard = markup.keyboard
	if sameContent(&changed, m) {
		return nil, badRequest("message is not modified: specified new message content and reply markup are exactly " +
			"the same as a current content and reply markup of the message")
	}
	if err := s.spend(c); err != nil {
		return nil, err
	}
	changed.edited = s.cfg.Now()
	*m = changed
	c.touch(m)
	q.call.Text = m.text
	return c.wire(m), nil
}

// editable finds the message that an edit names. The lock is held.
func (s *Server) editable(q *request) (*chat, *message, *apiError) {
	c, err := s.writable(q)
	if err != nil {
		return nil, nil, err
	}
	id := q.integer("message_id")
	if id == 0 {
		return nil, nil, badRequest("message identifier is not specified")
	}
	q.call.MessageID = id
	m := c.find(id)
	switch {
	case m == nil:
		return nil, nil, badRequest("message to edit not found")
	case !m.fromBot || m.other != nil || m.pins != 0:
		return nil, nil, badRequest("message can't be edited")
	}
	return c, m, nil
}

func sameContent(a, b *message) bool {
	return a.text == b.text && slices.Equal(a.entities, b.entities) && sameMedia(a.media, b.media) &&
		sameKeyboard(a.keyboard, b.keyboard)
}

func (s *Server) deleteMessage(q *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.chatOf(q)
	if err != nil {
		return nil, err
	}
	id := q.integer("message_id")
	if id == 0 {
		return nil, badRequest("message identifier is not specified")
	}
	q.call.MessageID = id
	m := c.find(id)
	if err := s.undeletable(c, m); err != nil {
		return nil, err
	}
	if err := s.spend(c); err != nil {
		return nil, err
	}
	c.remove(m)
	return true, nil
}

// deleteMessages skips what cannot be found or deleted, as documented.
func (s *Server) deleteMessages(q *request) (any, *apiError) {
	var ids []int64
	if err := json.Unmarshal([]byte(q.values["message_ids"]), &ids); err != nil || len(ids) < 1 || len(ids) > 100 {
		return nil, badRequest("can't parse message identifiers: an array of 1 to 100 numbers is expected")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.chatOf(q)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if m := c.find(id); s.undeletable(c, m) == nil {
			c.remove(m)
		}
	}
	return true, nil
}

// undeletable says why the bot may not delete a message; m is nil when there is none. The lock is held.
func (s *Server) undeletable(c *chat, m *message) *apiError {
	window := s.cfg.Limits.DeleteWindow
	switch {
	case m == nil:
		return badRequest("message to delete not found")
	case window >= 0 && s.cfg.Now().Sub(m.date) > window:
		return badRequest("message can't be deleted for everyone")
	case !m.fromBot && c.info.Type != "private":
		return badRequest("message can't be deleted")
	}
	return nil
}

// remove leaves a tombstone, so that watchers learn of it.
func (c *chat) remove(m *message) {
	m.deleted = true
	c.unpin(m)
}
