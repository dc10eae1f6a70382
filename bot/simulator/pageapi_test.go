package simulator

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// visit makes one request to the page's side, with headers in pairs.
func visit(s *Server, verb, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(verb, path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.PageAPI().ServeHTTP(w, r)
	return w
}

func TestPageActions(t *testing.T) {
	b := newBot(t, Config{BotUsername: "back_bot"})
	anna := b.server.Person(1001)
	b.call("setMyCommands", args{"commands": []command{{"spasm", "my back"}}, "language_code": "de"})
	b.call("setMyDescription", args{"description": "for all"})
	anna.SendText("hi")
	id := b.call("sendMessage", args{"chat_id": 1001, "text": "q", "reply_markup": keyboardOf("A")}).id(t)
	for _, step := range []struct {
		verb, path, body string
		code             int
		want             string // contained in the reply
	}{
		{"GET", "/sim/bot", "", 200, `{"description":"for all","name":"back_bot","username":"back_bot"}`},
		{"POST", "/sim/chats/1001/text", `{"text":" /start now "}`, 200, `{"message_id":3}`},
		{"POST", "/sim/chats/1001/text", `{"text":" "}`, 400, "write something visible"},
		{"POST", "/sim/chats/1001/text", `{"text":"` + strings.Repeat("x", 4097) + `"}`, 400, "send at most 4096"},
		{"POST", "/sim/chats/1001/text", `text`, 400, "send a JSON object"},
		{"POST", "/sim/chats/1001/edit", `{"message_id":3,"text":"/stop"}`, 200, `{}`},
		{"POST", "/sim/chats/1001/edit", `{"message_id":2,"text":"/stop"}`, 400, "has no message 2"},
		{"POST", "/sim/chats/1001/press", `{"message_id":2,"data":"a"}`, 200, `{"query_id":"4`},
		{"POST", "/sim/chats/1001/press", `{"message_id":99,"data":"a"}`, 400, "has no message 99"},
		{"POST", "/sim/chats/1001/sticker", `{"emoji":"👍"}`, 200, `{"message_id":4}`},
		{"POST", "/sim/chats/1001/sticker", `{}`, 400, "name the sticker"},
		{"POST", "/sim/chats/1001/photo?caption=x", string(pngBytes(t, 3, 3)), 200, `{"message_id":5}`},
		{"POST", "/sim/chats/1001/photo", "no picture", 400, "send a PNG, JPEG or GIF"},
		{"GET", "/sim/commands?person=1001", "", 200, `[]`},
		{"POST", "/sim/chats/1001/profile", `{"language":"de-AT","first_name":"Anna"}`, 200, `{}`},
		{"GET", "/sim/commands?person=1001", "", 200, `[{"command":"spasm","description":"my back"}]`},
		{"POST", "/sim/chats/1001/block", ``, 200, `{}`},
		{"GET", "/sim/chats/1001/messages", "", 200, `{"blocked":true,"messages":[{"id":1,`},
		{"POST", "/sim/chats/1001/unblock", `{}`, 200, `{}`},
		{"GET", "/sim/chats/0/messages", "", 400, "give a number from 1"},
		{"GET", "/sim/chats/x/messages", "", 400, "give a number from 1"},
		{"GET", "/sim/files/x", "", 404, "take file_id from a message"},
		{"GET", "/sim/nothing", "", 404, "there is no GET /sim/nothing"},
		{"GET", "/sim/chats/1001/text", "", 404, "there is no GET /sim/chats/1001/text"},
	} {
		w := visit(b.server, step.verb, step.path, step.body)
		if w.Code != step.code || !strings.Contains(w.Body.String(), step.want) {
			t.Errorf("%s %s: got %d %s, want %d %s", step.verb, step.path, w.Code, w.Body, step.code, step.want)
		}
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s %s: not JSON: %s", step.verb, step.path, w.Body)
		}
	}
	if m, _ := anna.Message(3); m.Text != "/stop" || m.Entities[0].Type != "bot_command" {
		t.Errorf("got %+v", m)
	}
	if len(b.server.Person(1001).Messages()) != 5 || id != 2 {
		t.Error("messages are missing")
	}
}

func TestPageKeepsOtherSitesOut(t *testing.T) {
	s := New(Config{})
	for _, test := range []struct {
		name    string
		headers []string
		code    int
	}{
		{"the page itself", []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"another site", []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"an older browser on another site", []string{"Origin", "https://evil.org"}, 403},
		{"no browser", nil, 200},
	} {
		w := visit(s, "POST", "/sim/chats/1/text", `{"text":"x"}`, test.headers...)
		if w.Code != test.code || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %d %s", test.name, w.Code, w.Body)
		}
	}
	if len(s.Person(1).Messages()) != 2 {
		t.Error("a refused request was carried out")
	}
}

// stream reads Server-Sent Events as "id event data" lines.
type stream struct {
	t    *testing.T
	res  *http.Response
	scan *bufio.Scanner
	last string // the last id
}

func openStream(t *testing.T, memory *Memory, path, lastID string) *stream {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, memory.URL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := memory.Transport().RoundTrip(req)
	if err != nil {
		t.Fatal(err)
	}
	if got := res.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("the stream is %s", got)
	}
	return &stream{t: t, res: res, scan: bufio.NewScanner(res.Body)}
}

// next returns one event in short: its name, and of its data what tells it from others.
func (s *stream) next() string {
	s.t.Helper()
	name := ""
	for s.scan.Scan() {
		field, value, _ := strings.Cut(s.scan.Text(), ": ")
		switch field {
		case "id":
			s.last = value
		case "event":
			name = value
		case "data":
			var data struct {
				ID      int64
				Text    string
				Action  string
				Blocked bool
				Alert   bool
			}
			if err := json.Unmarshal([]byte(value), &data); err != nil {
				s.t.Fatalf("%v in %s", err, value)
			}
			switch name {
			case "message", "edit":
				return fmt.Sprintf("%s %d %s", name, data.ID, data.Text)
			case "delete":
				return fmt.Sprintf("delete %d", data.ID)
			case "answer":
				return fmt.Sprintf("answer %s %v", data.Text, data.Alert)
			case "action":
				return "action " + data.Action
			case "state":
				return fmt.Sprintf("state %v", data.Blocked)
			default:
				return name
			}
		}
	}
	return "end"
}

func (s *stream) expect(want ...string) {
	s.t.Helper()
	for _, w := range want {
		if got := s.next(); got != w {
			s.t.Fatalf("got %q, want %q", got, w)
		}
	}
}

func TestEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, Config{})
		page := serveInMemory(b.server.PageAPI())
		defer page.Close()
		anna := b.server.Person(1)
		anna.SendText("hello")
		gone := anna.SendText("gone")
		_ = anna.Delete(gone)

		first := openStream(t, page, "/sim/chats/1/events", "")
		first.expect("reset", "state false", "message 1 hello")
		id := b.call("sendMessage", args{"chat_id": 1, "text": "q", "reply_markup": keyboardOf("A")}).id(t)
		first.expect("message 3 q")
		b.call("sendChatAction", args{"chat_id": 1, "action": "typing"})
		first.expect("action typing")
		query, err := anna.PressLabel(id, "A")
		if err != nil {
			t.Fatal(err)
		}
		b.call("answerCallbackQuery", args{"callback_query_id": query, "text": "noted", "show_alert": true})
		first.expect("answer noted true")
		b.call("editMessageText", args{"chat_id": 1, "message_id": id, "text": "q2"})
		first.expect("edit 3 q2")
		anna.Block()
		first.expect("state true")
		anna.Unblock()
		first.expect("state false")
		time.Sleep(time.Hour) // nothing but comments in between
		b.call("deleteMessage", args{"chat_id": 1, "message_id": 1})
		first.expect("delete 1")
		_ = first.res.Body.Close()

		// Away for a while: each change comes once, as it now stands.
		b.call("editMessageText", args{"chat_id": 1, "message_id": id, "text": "q3"})
		anna.SendText("back")
		b.call("editMessageText", args{"chat_id": 1, "message_id": id, "text": "q4"})
		second := openStream(t, page, "/sim/chats/1/events", first.last)
		second.expect("state false", "message 4 back", "edit 3 q4")
		_ = second.res.Body.Close()

		// An id of another server, or a broken one, starts afresh, without what has passed.
		for _, strange := range []string{"beef-2", "junk", b.server.epoch + "-x"} {
			other := openStream(t, page, "/sim/chats/1/events", strange)
			other.expect("reset", "state false", "message 4 back", "edit 3 q4")
			_ = other.res.Body.Close()
		}
	})
}
