package telegram

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

// The structures hold only what is needed: each field more is one more that
// can make an update undecodable. Ids are int64 on every platform.
type (
	update struct {
		ID            int64         `json:"update_id"`
		Message       *message      `json:"message"`
		EditedMessage *message      `json:"edited_message"`
		CallbackQuery *press        `json:"callback_query"`
		MyChatMember  *memberUpdate `json:"my_chat_member"`
	}
	message struct {
		ID         int64           `json:"message_id"`
		From       *user           `json:"from"`
		SenderChat json.RawMessage `json:"sender_chat"`
		Chat       room            `json:"chat"`
		Text       string          `json:"text"`
		Entities   json.RawMessage `json:"entities"`
		Caption    string          `json:"caption"`
		Pinned     json.RawMessage `json:"pinned_message"`
		// Whose words they are, if not those of the sender. Servers older than
		// the origin tell the date of what was forwarded.
		Origin    json.RawMessage `json:"forward_origin"`
		Forwarded json.RawMessage `json:"forward_date"`
		ViaBot    json.RawMessage `json:"via_bot"`
		thread
	}
	// thread is where in its chat a message stands. Answers to one another are a
	// thread too, and no topic.
	thread struct {
		ID      int64 `json:"message_thread_id"`
		IsTopic bool  `json:"is_topic_message"`
	}
	press struct {
		ID      string  `json:"id"`
		From    *user   `json:"from"`
		Message *button `json:"message"`
		Data    string  `json:"data"`
	}
	// button is the message a pressed button hangs on.
	button struct {
		MessageID int64 `json:"message_id"`
		Date      int64 `json:"date"`
		Chat      room  `json:"chat"`
		thread
	}
	memberUpdate struct {
		Chat room  `json:"chat"`
		From *user `json:"from"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	}
	user struct {
		ID       int64  `json:"id"`
		IsBot    bool   `json:"is_bot"`
		Language string `json:"language_code"`
	}
	room struct {
		ID   int64  `json:"id"`
		Type string `json:"type"`
	}
)

// decode turns one update into an event. It never fails: what cannot be read
// comes back with Bad set and with what could be read of its ids.
func decode(raw json.RawMessage, username string) chat.Update {
	var u update
	if err := json.Unmarshal(raw, &u); err != nil {
		return salvage(raw, err)
	}
	if !validID(u.ID) {
		return salvage(raw, errors.New("the update has no usable id"))
	}
	out := chat.Update{ID: u.ID, Raw: raw}
	switch {
	case u.Message != nil:
		u.Message.origin(&out)
		if u.Message.pins() {
			out.User, out.Event = out.Chat, flows.Pinned{Message: u.Message.ID}
			break
		}
		out.Event = u.Message.event(raw, username)
	case u.EditedMessage != nil:
		u.EditedMessage.origin(&out)
		out.Event = u.EditedMessage.edit(username)
	case u.CallbackQuery != nil:
		u.CallbackQuery.fill(&out)
	case u.MyChatMember != nil:
		u.MyChatMember.fill(&out)
	}
	return out
}

// fill takes a room for private only if it says so, whatever its id looks
// like: what is said in a group must never be taken for said in private.
func (r room) fill(out *chat.Update) {
	out.Chat, out.Private = r.ID, r.Type == "private"
}

func (t thread) fill(out *chat.Update) {
	if t.IsTopic {
		out.Topic = t.ID
	}
}

func (s *user) fill(out *chat.Update) {
	if s != nil {
		out.User, out.Lang = s.ID, s.Language
	}
}

func (m *message) origin(out *chat.Update) {
	m.Chat.fill(out)
	m.thread.fill(out)
	// Whoever speaks as a chat is not named: "from" is then a stand-in that
	// all anonymous administrators, or all channels, share.
	if absent(m.SenderChat) && m.From != nil && !m.From.IsBot {
		m.From.fill(out)
	}
}

// pins reports whether a message is the line that says of a message of ours, in private,
// that it was pinned by us.
func (m *message) pins() bool {
	return !absent(m.Pinned) && m.Chat.Type == "private" && m.From != nil && m.From.IsBot
}

func (m *message) event(raw json.RawMessage, username string) flows.Event {
	private := m.Chat.Type == "private"
	switch {
	case m.Text == "":
	case m.foreign() != "":
		return flows.Unsupported{What: m.foreign()}
	default:
		return m.words(username, private)
	}
	if what := contentKind(raw, private); what != "" {
		return m.unsupported(what, private)
	}
	return nil
}

// unsupported is a message of a kind that no flow has a use for, with what the person
// has written below it.
func (m *message) unsupported(what string, private bool) flows.Event {
	ev := flows.Unsupported{What: what}
	if private && m.foreign() == "" && m.Caption != "" {
		ev.Caption, ev.Message = m.Caption, m.ID
	}
	return ev
}

// foreign says why the words of a message are not the sender's own; "" if they
// are. What somebody else has written is no answer and no command.
func (m *message) foreign() string {
	switch {
	case !absent(m.Origin), !absent(m.Forwarded):
		return "forwarded message"
	case !absent(m.ViaBot):
		return "message of another bot"
	}
	return ""
}

func (m *message) words(username string, private bool) flows.Event {
	switch ev := textEvent(m.Text, m.Entities, username, private).(type) {
	case flows.Command:
		ev.Message = m.ID
		return ev
	case flows.Text:
		ev.Message = m.ID
		return ev
	}
	return nil
}

// edit is what a changed message is: new words in private, or nothing. Much changes
// by itself, such as where somebody is who shows it live.
func (m *message) edit(username string) flows.Event {
	private := m.Chat.Type == "private"
	switch {
	case !private || m.foreign() != "":
		return nil
	case m.Text != "":
		return flows.Edit{To: m.words(username, private)}
	case m.Caption != "":
		return flows.Edit{To: m.unsupported("caption", private)}
	}
	return nil
}

func (p *press) fill(out *chat.Update) {
	out.Query = p.ID
	p.From.fill(out)
	var id int64
	if p.Message != nil {
		p.Message.Chat.fill(out)
		p.Message.thread.fill(out)
		out.Pressed = p.Message.MessageID
		// A date of 0 is how the server says: too old, you cannot see it.
		if p.Message.Date != 0 {
			id = p.Message.MessageID
			out.PressedSent = time.Unix(p.Message.Date, 0).UTC()
		}
	}
	// A button of a game has no data. It must be answered all the same.
	if p.Data != "" {
		out.Event = flows.Button{Data: p.Data, Message: id}
	}
}

func (m *memberUpdate) fill(out *chat.Update) {
	m.Chat.fill(out)
	m.From.fill(out)
	if !out.Private {
		return
	}
	switch m.New.Status {
	case "kicked":
		out.Event = flows.Blocked{}
	case "member":
		out.Event = flows.Unblocked{}
	}
}

func absent(raw json.RawMessage) bool {
	return len(raw) == 0 || bytes.Equal(raw, []byte("null"))
}

// salvage reads what an undecodable update must not lose: its id, so that it
// can be confirmed and does not come for ever, and the id of a callback query,
// so that the person's button stops spinning.
func salvage(raw json.RawMessage, why error) chat.Update {
	out := chat.Update{Raw: raw, Bad: badUpdate(why)}
	text := string(bytes.Trim(member(raw, "update_id"), `"`))
	if id, err := strconv.ParseInt(text, 10, 64); err == nil && validID(id) {
		out.ID = id
	}
	var query string
	if json.Unmarshal(member(member(raw, "callback_query"), "id"), &query) == nil {
		out.Query = query
	}
	return out
}

// badUpdate says where decoding failed. The texts of encoding/json are not
// passed on, as they may quote the value.
func badUpdate(err error) error {
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return errors.New("undecodable update: field " + t.Field + " is not a " + t.Type.String())
	}
	if _, ok := errors.AsType[*json.SyntaxError](err); ok {
		return errors.New("undecodable update: not valid JSON")
	}
	return err
}
