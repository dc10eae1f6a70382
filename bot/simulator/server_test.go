package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestRouting(t *testing.T) {
	b := newBot(t, Config{Token: "42:secret", BotUsername: "back_bot"})
	for _, test := range []struct {
		verb, path  string
		code        int
		description string
	}{
		{"GET", "/bot42:secret/getMe", 0, ""},
		{"POST", "/bot42:secret/GETME", 0, ""},
		{"GET", "/bot42:wrong/getMe", 401, "Unauthorized"},
		{"GET", "/bot42:secret/getNothing", 404, "Not Found: method not found"},
		{"GET", "/bot42:secret", 404, "Not Found"},
		{"GET", "/", 404, "Not Found"},
		{"PUT", "/bot42:secret/getMe", 405, "Method Not Allowed: use GET or POST"},
		{"GET", "/file/bot42:wrong/photos/file_1.png", 401, "Unauthorized"},
		{"GET", "/file/bot42:secret/photos/file_1.png", 404, "Not Found"},
	} {
		r, err := b.do(t.Context(), test.verb, test.path, "", nil)
		if err != nil {
			t.Fatal(err)
		}
		if test.code == 0 {
			var me user
			if err := json.Unmarshal(r.Result, &me); err != nil || !r.OK || me.ID != 42 || !me.IsBot || me.Username != "back_bot" {
				t.Errorf("%s %s: %s", test.verb, test.path, r.Raw)
			}
			continue
		}
		wantRefusal(t, r, test.code, test.description)
	}
}

// Every kind of body means the same.
func TestBodies(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	anna.SendText("hello")
	const keyboard = `{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}`
	form := url.Values{"chat_id": {"1"}, "text": {"hi <b>you</b>"}, "parse_mode": {"HTML"}, "reply_markup": {keyboard}}
	var multi bytes.Buffer
	w := multipart.NewWriter(&multi)
	for name := range form {
		_ = w.WriteField(name, form.Get(name))
	}
	_ = w.Close()
	jsonBody := `{"chat_id":1,"text":"hi <b>you</b>","parse_mode":"HTML","entities":null,"reply_markup":` + keyboard + `}`
	jsonInString, _ := json.Marshal(map[string]string{"chat_id": "1", "text": "hi <b>you</b>", "parse_mode": "html", "reply_markup": keyboard})

	for _, test := range []struct{ name, verb, query, contentType, body string }{
		{"query", "GET", "?" + form.Encode(), "", ""},
		{"query by POST", "POST", "?" + form.Encode(), "", ""},
		{"form", "POST", "", "application/x-www-form-urlencoded", form.Encode()},
		{"form and query", "POST", "?chat_id=1", "application/x-www-form-urlencoded; charset=utf-8", form.Encode()},
		{"multipart", "POST", "", w.FormDataContentType(), multi.String()},
		{"JSON", "POST", "", "application/json", jsonBody},
		{"JSON with everything in strings", "POST", "", "application/json; charset=utf-8", string(jsonInString)},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := b.do(t.Context(), test.verb, "/bot"+b.server.Token()+"/sendMessage"+test.query, test.contentType, []byte(test.body))
			if err != nil {
				t.Fatal(err)
			}
			m, ok := anna.Message(r.id(t))
			if !ok || m.Text != "hi you" || m.HTML() != "hi <b>you</b>" || len(m.Labels()) != 1 {
				t.Errorf("the chat has %+v", m)
			}
		})
	}
	for _, test := range []struct{ name, contentType, body, want string }{
		{"broken JSON", "application/json", `{"chat_id":`, "Bad Request: can't parse the JSON body: unexpected end of JSON input"},
		{"unknown type", "text/plain", "chat_id=1", `Bad Request: unsupported content type "text/plain"`},
		{"broken form", "application/x-www-form-urlencoded", "a=%zz", `Bad Request: can't parse the form: invalid URL escape "%zz"`},
		{"broken multipart", "multipart/form-data; boundary=x", "--x\r\nno", `Bad Request: can't read the request body: malformed MIME header: missing colon: "no"`},
	} {
		r, err := b.do(t.Context(), "POST", "/bot"+b.server.Token()+"/sendMessage", test.contentType, []byte(test.body))
		if err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, r, 400, test.want)
	}
	r, err := b.do(t.Context(), "POST", "/bot"+b.server.Token()+"/sendMessage", "application/json", []byte(`{"text":"`+strings.Repeat("x", maxPlainBody)+`"}`))
	if err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, r, 413, "Request Entity Too Large")
}

func TestOverSocket(t *testing.T) {
	s := New(Config{})
	web := httptest.NewServer(s.Handler())
	defer web.Close()
	b := &bot{t: t, server: s, client: web.Client(), base: web.URL}
	s.Person(7).SendCommand("start")
	if got := b.updates(args{"timeout": 10}); len(got) != 1 {
		t.Fatalf("got %v", got)
	}
	b.call("sendMessage", args{"chat_id": 7, "text": "hello"}).id(t)
}

func TestWhoCanBeWrittenTo(t *testing.T) {
	b := newBot(t, Config{})
	send := func(chat any) reply { return b.call("sendMessage", args{"chat_id": chat, "text": "hello"}) }

	wantRefusal(t, send(""), 400, "Bad Request: chat_id is empty")
	wantRefusal(t, send(5), 400, "Bad Request: chat not found")
	wantRefusal(t, send("@nobody"), 400, "Bad Request: chat not found")
	wantRefusal(t, send("junk"), 400, "Bad Request: chat not found")

	bert := b.server.Person(5)
	wantRefusal(t, send(5), 400, "Bad Request: chat not found")
	group := b.server.Group(-1001234567890)
	group.Member(5).SendText("hello all")
	wantRefusal(t, send(5), 403, "Forbidden: bot can't initiate conversation with a user")
	send(-1001234567890).id(t)

	inTopic := args{"chat_id": -1001234567890, "text": "hello", "message_thread_id": 6}
	wantRefusal(t, b.call("sendMessage", inTopic), 400, "Bad Request: message thread not found")
	asked := group.Member(5).SendTextIn(6, "where are we?")
	inTopic["reply_parameters"] = fmt.Sprintf(`{"message_id":%d}`, asked)
	b.call("sendMessage", inTopic).id(t)
	if m := group.Last(); m.Topic != 6 || m.ReplyTo != asked {
		t.Errorf("an answer in a topic is %+v", m)
	}
	group.DeleteTopic(6)
	wantRefusal(t, b.call("sendMessage", inTopic), 400, "Bad Request: message thread not found")

	bert.SendText("hello")
	send(5).id(t)
	send("5").id(t)
	bert.Block()
	wantRefusal(t, send(5), 403, "Forbidden: bot was blocked by the user")
	wantRefusal(t, b.call("sendChatAction", args{"chat_id": 5, "action": "typing"}), 403, "Forbidden: bot was blocked by the user")
	bert.Unblock()
	send(5).id(t)
	bert.Block()
	bert.SendText("I am back") // writing unblocks
	send(5).id(t)
	bert.Deactivate()
	wantRefusal(t, send(5), 403, "Forbidden: user is deactivated")

	group.Kick(5)
	wantRefusal(t, send(-1001234567890), 403, "Forbidden: bot was kicked from the supergroup chat")
	group.Add(5)
	send(-1001234567890).id(t)

	old := b.server.Group(-42)
	send(-42).id(t)
	old.Migrate(-1009876543210)
	r := send(-42)
	wantRefusal(t, r, 400, "Bad Request: group chat was upgraded to a supergroup chat")
	if r.Parameters.MigrateTo != -1009876543210 {
		t.Errorf("migrate_to_chat_id is %d", r.Parameters.MigrateTo)
	}
	send(-1009876543210).id(t)
}

func TestGetChat(t *testing.T) {
	b := newBot(t, Config{})
	wantRefusal(t, b.call("getChat", args{"chat_id": 3}), 400, "Bad Request: chat not found")
	b.server.Person(3).SendText("x")
	r := b.call("getChat", args{"chat_id": 3})
	if !strings.Contains(string(r.Result), `"id":3,"type":"private"`) {
		t.Errorf("got %s", r.Raw)
	}
}

func TestIDsMustFit(t *testing.T) {
	s := New(Config{})
	s.Person(1<<52 - 1)
	for _, id := range []int64{0, -1, 1 << 52} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("Person(%d) was accepted", id)
				}
			}()
			s.Person(id)
		}()
	}
}

func TestCommands(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	set := func(name, language string, scope any) reply {
		p := args{"commands": []command{{name, "about " + name}}, "language_code": language}
		if scope != nil {
			p["scope"] = scope
		}
		return b.call("setMyCommands", p)
	}
	sees := func(language, want string) {
		t.Helper()
		b.server.mu.Lock()
		list := b.server.commandsFor(anna.ID(), language)
		b.server.mu.Unlock()
		got := ""
		if len(list) == 1 {
			got = list[0].Command
		}
		if got != want {
			t.Errorf("language %q: got %v, want %q", language, list, want)
		}
	}
	sees("en", "")
	set("common", "", nil)
	sees("de-AT", "common")
	set("german", "de", nil)
	sees("de-AT", "german")
	sees("en", "common")
	set("private", "", args{"type": "all_private_chats"})
	sees("de", "private") // the nearer scope wins over the nearer language
	set("own", "", args{"type": "chat", "chat_id": 1})
	sees("de", "own")
	if r := b.call("getMyCommands", args{"language_code": "de"}); string(r.Result) != `[{"command":"german","description":"about german"}]` {
		t.Errorf("getMyCommands: %s", r.Raw)
	}
	b.call("deleteMyCommands", args{"scope": args{"type": "chat", "chat_id": 1}})
	sees("de", "private")
	if r := b.call("getMyCommands", args{"language_code": "fr"}); string(r.Result) != `[]` {
		t.Errorf("getMyCommands for a language without a list: %s", r.Raw)
	}
}

func TestCommandRefusals(t *testing.T) {
	b := newBot(t, Config{})
	list := func(name, description string) args {
		return args{"commands": []command{{name, description}}}
	}
	many := make([]command, 101)
	for i := range many {
		many[i] = command{"a", "b"}
	}
	for _, test := range []struct {
		params args
		want   string
	}{
		{list("", "x"), "BOT_COMMAND_INVALID"},
		{list("Start", "x"), "BOT_COMMAND_INVALID"},
		{list("a-b", "x"), "BOT_COMMAND_INVALID"},
		{list(strings.Repeat("a", 33), "x"), "BOT_COMMAND_INVALID"},
		{list("a", ""), "BOT_COMMAND_DESCRIPTION_INVALID"},
		{list("a", strings.Repeat("x", 257)), "BOT_COMMAND_DESCRIPTION_INVALID"},
		{args{"commands": many}, "BOT_COMMANDS_TOO_MUCH"},
		{args{}, "can't parse commands: an array of BotCommand is expected"},
		{args{"commands": many[:1], "language_code": "eng"}, "invalid language code specified"},
		{args{"commands": many[:1], "scope": args{"type": "everywhere"}}, "can't parse BotCommandScope: unsupported type specified"},
		{args{"commands": many[:1], "scope": args{"type": "chat"}}, "chat not found"},
		{args{"commands": many[:1], "scope": "x"}, "can't parse BotCommandScope: a JSON object is expected"},
	} {
		wantRefusal(t, b.call("setMyCommands", test.params), 400, "Bad Request: "+test.want)
	}
	for _, ok := range []args{list(strings.Repeat("a", 32), strings.Repeat("x", 256)), list("/a_1", "x"), {"commands": many[:100]}} {
		if r := b.call("setMyCommands", ok); !r.OK {
			t.Errorf("refused: %s", r.Description)
		}
	}
}

// TestWordsAboutTheBot: what the bot says of itself is kept by language, and a text
// that is too long is refused.
func TestWordsAboutTheBot(t *testing.T) {
	for _, test := range []struct {
		kind    kindOfWords
		method  string
		refusal string
	}{
		{description, "MyDescription", "USER_DESCRIPTION_TOO_LONG"},
		{shortDescription, "MyShortDescription", "ABOUT_TOO_LONG"},
	} {
		b := newBot(t, Config{})
		set := func(text, language string) reply {
			return b.call("set"+test.method, args{test.kind.key: text, "language_code": language})
		}
		sees := func(language, want string) {
			t.Helper()
			b.server.mu.Lock()
			defer b.server.mu.Unlock()
			if got := b.server.wordsFor(test.kind, language); got != want {
				t.Errorf("%s: somebody of language %q reads %q, want %q", test.method, language, got, want)
			}
		}
		longest := strings.Repeat("😀", test.kind.most/2) // each is two units
		sees("en", "")
		set(longest, "")
		set("Deutsch", "de")
		sees("de-AT", "Deutsch")
		sees("fr", longest)
		if r := b.call("get"+test.method, args{"language_code": "de"}); string(r.Result) != `{"`+test.kind.key+`":"Deutsch"}` {
			t.Errorf("get%s: %s", test.method, r.Raw)
		}
		set("", "de")
		sees("de", longest)
		wantRefusal(t, set(longest+"x", ""), 400, "Bad Request: "+test.refusal)
		wantRefusal(t, set("x", "eng"), 400, "Bad Request: invalid language code specified")
		wantRefusal(t, b.call("get"+test.method, args{"language_code": "DE"}), 400, "Bad Request: invalid language code specified")
	}
}

func TestHeadersOfFiles(t *testing.T) {
	b := newBot(t, Config{})
	b.server.Person(1).SendText("x")
	r := b.upload("sendDocument", "document", "evil.html", []byte("<script>alert(1)</script>"), map[string]string{"chat_id": "1"})
	id := fileID(t, r, "document")
	rec := httptest.NewRecorder()
	b.server.PageAPI().ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/sim/files/"+id, nil))
	if rec.Code != 200 || rec.Header().Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(rec.Header().Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("an uploaded page could run in ours: %d %v", rec.Code, rec.Header())
	}
}
