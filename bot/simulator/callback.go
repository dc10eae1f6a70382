package simulator

import (
	"fmt"
	"strconv"
	"time"
)

const maxAnswer = 200 // UTF-16 units

// queryBook holds the callback queries that can still be answered. Guarded by Server.mu.
type queryBook struct {
	open  map[string]*query
	order []*query // by age; answered ones are skipped when their turn comes
	count uint64
}

type query struct {
	id   string
	chat *chat
	at   time.Time
}

// press makes a callback query. The data need not be on the message's keyboard: a client may show an older one.
// The lock is held.
func (s *Server) press(c *chat, by *user, messageID int64, data string, inaccessible bool) (string, error) {
	if n := len(data); n < 1 || n > maxCallbackData {
		return "", fmt.Errorf("press a button: its data has %d bytes, give 1 to %d", n, maxCallbackData)
	}
	if c.gone != nil {
		return "", fmt.Errorf("press a button: the bot cannot be reached from chat %d: %s", c.info.ID, c.gone.Description)
	}
	q := callbackQuery{From: by, ChatInstance: c.instance(), Data: data}
	m := c.find(messageID)
	switch {
	case inaccessible:
		q.Message = inaccessibleMessage{Chat: c.info, MessageID: messageID}
	case m == nil:
		return "", fmt.Errorf("press a button: chat %d has no message %d", c.info.ID, messageID)
	case !m.fromBot:
		return "", fmt.Errorf("press a button: message %d in chat %d is not the bot's", messageID, c.info.ID)
	default:
		q.Message = c.wire(m)
	}
	s.expireQueries()
	s.queries.count++
	// Ids look like the real ones: decimal, long, not to be taken for a number of 53 bits.
	q.ID = strconv.FormatUint(4_300_000_000_000_000_000+s.queries.count*1_000_003, 10)
	open := &query{id: q.ID, chat: c, at: s.cfg.Now()}
	s.queries.open[q.ID] = open
	s.queries.order = append(s.queries.order, open)
	s.push(update{CallbackQuery: &q})
	return q.ID, nil
}

// expireQueries forgets the queries whose time to be answered is over. The lock is held.
func (s *Server) expireQueries() {
	window := s.cfg.Limits.AnswerWindow
	if window < 0 {
		return
	}
	book := &s.queries
	now := s.cfg.Now()
	for len(book.order) > 0 && now.Sub(book.order[0].at) > window {
		delete(book.open, book.order[0].id)
		book.order[0] = nil
		book.order = book.order[1:]
	}
}

// answerCallbackQuery takes one answer a query. A second one is refused like one that comes too late, since the real
// server tells the two apart no more than this.
func (s *Server) answerCallbackQuery(r *request) (any, *apiError) {
	text := r.values["text"]
	if utf16Len(text) > maxAnswer {
		return nil, badRequest("Text is too long")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireQueries()
	q := s.queries.open[r.values["callback_query_id"]]
	if q == nil {
		return nil, badRequest("query is too old and response timeout expired or query ID is invalid")
	}
	delete(s.queries.open, q.id)
	r.call.ChatID, r.call.Text = q.chat.info.ID, text
	q.chat.notify(notice{kind: "answer", answer: Answer{
		QueryID: q.id, Text: text, Alert: r.boolean("show_alert"), URL: r.values["url"], At: s.cfg.Now(),
	}})
	return true, nil
}
