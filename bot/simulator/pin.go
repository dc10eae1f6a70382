package simulator

import "slices"

// Pinned messages stand above a private chat, the newest first. In groups this bot is no administrator.

// pinChatMessage pins a message and says so in the chat, in a line of the server's own, which the bot hears of as well.
func (s *Server) pinChatMessage(q *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.pinnable(q)
	if err != nil {
		return nil, err
	}
	id := q.integer("message_id")
	m := c.find(id)
	switch {
	case id == 0:
		return nil, badRequest("message identifier is not specified")
	case m == nil || m.pins != 0:
		return nil, badRequest("message to pin not found")
	}
	if err := s.spend(c); err != nil {
		return nil, err
	}
	q.call.MessageID = id
	if slices.Contains(c.pinned, id) {
		return true, nil
	}
	c.pinned = append(c.pinned, id)
	c.touch(m)
	line := &message{from: s.me, fromBot: true, date: s.cfg.Now(), pins: id, silent: true} // as always in private chats
	c.add(line, s.cfg.Limits.KeepMessages)
	s.push(update{Message: c.wire(line)})
	return true, nil
}

// unpinChatMessage lets a message go, the newest if none is named.
func (s *Server) unpinChatMessage(q *request) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.pinnable(q)
	if err != nil {
		return nil, err
	}
	id := q.integer("message_id")
	if id == 0 && len(c.pinned) > 0 {
		id = c.pinned[len(c.pinned)-1]
	}
	m := c.find(id)
	if m == nil || !slices.Contains(c.pinned, id) {
		return nil, badRequest("message to unpin not found")
	}
	if err := s.spend(c); err != nil {
		return nil, err
	}
	q.call.MessageID = id
	c.unpin(m)
	return true, nil
}

// pinnable finds the chat of a call, if the bot may pin there. The lock is held.
func (s *Server) pinnable(q *request) (*chat, *apiError) {
	c, err := s.writable(q)
	if err == nil && c.info.Type != "private" {
		return nil, badRequest("not enough rights to manage pinned messages in the chat")
	}
	return c, err
}

func (c *chat) unpin(m *message) {
	c.pinned = slices.DeleteFunc(c.pinned, func(id int64) bool { return id == m.id })
	c.touch(m)
}
