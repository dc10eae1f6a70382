package simulator

import (
	"encoding/json"
	"slices"
)

func (s *Server) sendMessage(q *request) (any, *apiError) {
	text, entities, err := q.formatted("text", "entities")
	if err != nil {
		return nil, err
	}
	if err := checkText(text); err != nil {
		return nil, err
	}
	return s.send(q, &message{text: text, entities: entities})
}

func checkText(text string) *apiError {
	switch {
	case text == "":
		return badRequest("message text is empty")
	case utf16Len(text) > maxText:
		return badRequest("message is too long")
	}
	return nil
}

// send completes the message with what every send call may say, and delivers it.
func (s *Server) send(q *request, m *message) (any, *apiError) {
	markup, err := q.markup()
	if err != nil {
		return nil, err
	}
	reply, lenient, err := q.replyTarget()
	if err != nil {
		return nil, err
	}
	m.keyboard, m.other = markup.keyboard, markup.other
	m.from, m.fromBot = s.me, true
	m.silent = q.boolean("disable_notification")

	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.writable(q)
	if err != nil {
		return nil, err
	}
	if m.topic = q.integer("message_thread_id"); m.topic != 0 && !c.topics[m.topic] {
		return nil, badRequest("message thread not found")
	}
	if reply != 0 && c.find(reply) != nil {
		m.replyTo = reply
	} else if reply != 0 && !lenient {
		return nil, badRequest("message to be replied not found")
	}
	if err := s.spend(c); err != nil {
		return nil, err
	}
	m.date = s.cfg.Now()
	c.add(m, s.cfg.Limits.KeepMessages)
	q.call.MessageID, q.call.Text = m.id, m.text
	return c.wire(m), nil
}

// replyTarget reads reply_parameters or its older form. lenient means that a missing target is no error.
func (p params) replyTarget() (id int64, lenient bool, err *apiError) {
	raw := p.values["reply_parameters"]
	if raw == "" || raw == "null" {
		return p.integer("reply_to_message_id"), p.boolean("allow_sending_without_reply"), nil
	}
	var reply struct {
		MessageID int64 `json:"message_id"`
		Lenient   bool  `json:"allow_sending_without_reply"`
	}
	if json.Unmarshal([]byte(raw), &reply) != nil {
		return 0, false, badRequest("can't parse reply parameters JSON object")
	}
	return reply.MessageID, reply.Lenient, nil
}

func (s *Server) sendChatAction(q *request) (any, *apiError) {
	action := q.values["action"]
	if !slices.Contains([]string{
		"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
		"choose_sticker", "find_location", "record_video_note", "upload_video_note",
	}, action) {
		return nil, badRequest("wrong parameter action in request")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.writable(q)
	if err != nil {
		return nil, err
	}
	c.notify(notice{kind: "action", action: action})
	return true, nil
}
