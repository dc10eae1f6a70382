package simulator

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// keyboardOf makes a keyboard with one row, each label being its data in lower case.
func keyboardOf(labels ...string) args {
	var row []args
	for _, l := range labels {
		row = append(row, args{"text": l, "callback_data": strings.ToLower(l)})
	}
	return args{"inline_keyboard": [][]args{row}}
}

func TestTextLimits(t *testing.T) {
	b := newBot(t, Config{})
	b.server.Person(1).SendText("x")
	for _, test := range []struct {
		name string
		text string
		want string // "" is accepted
	}{
		{"one unit", "x", ""},
		{"exactly 4096", strings.Repeat("x", 4096), ""},
		{"one more", strings.Repeat("x", 4097), "message is too long"},
		{"astral, counted twice", strings.Repeat("👍", 2048), ""},
		{"one astral more", strings.Repeat("👍", 2049), "message is too long"},
		{"tags do not count", "<b>" + strings.Repeat("x", 4096) + "</b>", ""},
		{"references count once", strings.Repeat("&amp;", 4096), ""},
		{"outer space does not count", " \n" + strings.Repeat("x", 4096) + " ", ""},
		{"empty", "", "message text is empty"},
		{"only space", " \n\t", "message text is empty"},
		{"only invisible", "\u200b\u2060\ufeff", "message text is empty"},
		{"only empty tags", "<b> </b>", "message text is empty"},
		{"raw text over 32 kB", strings.Repeat("<b></b>", 5000) + "x", "message is too long"},
		{"not UTF-8", "a\xffb", ""},
		{"unclosed", "<b>x", `can't parse entities: Can't find end tag corresponding to start tag "b"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := b.call("sendMessage", args{"chat_id": 1, "text": test.text, "parse_mode": "HTML"})
			if test.want == "" {
				r.id(t)
				return
			}
			wantRefusal(t, r, 400, "Bad Request: "+test.want)
		})
	}
	// JSON mends broken UTF-8 on the way; a form does not.
	r, err := b.do(t.Context(), "POST", "/bot"+b.server.Token()+"/sendMessage", "application/x-www-form-urlencoded", []byte("chat_id=1&text=a%ffb"))
	if err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, r, 400, "Bad Request: strings must be encoded in UTF-8")
	wantRefusal(t, b.call("sendMessage", args{"chat_id": 1, "text": nil}), 400, "Bad Request: message text is empty")
	wantRefusal(t, b.call("sendMessage", args{"chat_id": 1, "text": "x", "parse_mode": "MarkdownV2"}), 400,
		`Bad Request: unsupported parse_mode "MarkdownV2": this simulator knows HTML`)
}

func TestKeyboardRules(t *testing.T) {
	b := newBot(t, Config{})
	b.server.Person(1).SendText("x")
	button := func(fields args) any { return args{"inline_keyboard": [][]args{{fields}}} }
	rows := func(n, perRow, dataLen int) any {
		var rows [][]args
		for i := range n {
			if i%perRow == 0 {
				rows = append(rows, nil)
			}
			data := fmt.Sprintf("%0*d", dataLen, i)
			rows[len(rows)-1] = append(rows[len(rows)-1], args{"text": "x", "callback_data": data})
		}
		return args{"inline_keyboard": rows}
	}
	const cannot = "can't parse inline keyboard button: "
	for _, test := range []struct {
		name   string
		markup any
		want   string
	}{
		{"none", nil, ""},
		{"no rows", args{"inline_keyboard": [][]args{}}, ""},
		{"null rows", args{"inline_keyboard": nil}, ""},
		{"an empty row", args{"inline_keyboard": [][]args{{}, {{"text": "A", "callback_data": "a"}}}}, ""},
		{"data of 64 bytes", button(args{"text": "A", "callback_data": strings.Repeat("x", 64)}), ""},
		{"data of 65 bytes", button(args{"text": "A", "callback_data": strings.Repeat("x", 65)}), "BUTTON_DATA_INVALID"},
		{"bytes, not characters", button(args{"text": "A", "callback_data": strings.Repeat("é", 33)}), "BUTTON_DATA_INVALID"},
		{"empty data", button(args{"text": "A", "callback_data": ""}), "BUTTON_DATA_INVALID"},
		{"no text", button(args{"callback_data": "a"}), cannot + `field "text" must not be empty`},
		{"text of the wrong type", button(args{"text": 5, "callback_data": "a"}), cannot + `field "text" has the wrong type`},
		{"no action", button(args{"text": "A"}), cannot + "text buttons are unallowed in the inline keyboard"},
		{"a null action", button(args{"text": "A", "callback_data": nil}), cannot + "text buttons are unallowed in the inline keyboard"},
		{
			"two actions", button(args{"text": "A", "callback_data": "a", "url": "https://a.org"}),
			cannot + `a button must have exactly one action, this one has ["callback_data" "url"]`,
		},
		{"a link", button(args{"text": "A", "url": "https://a.org"}), ""},
		{"a broken link", button(args{"text": "A", "url": "a b"}), "inline keyboard button URL 'a b' is invalid: wrong HTTP URL"},
		{"a text to copy", button(args{"text": "A", "copy_text": args{"text": "112"}}), ""},
		{"an empty text to copy", button(args{"text": "A", "copy_text": args{"text": ""}}), "BUTTON_COPY_TEXT_INVALID"},
		{"a long text to copy", button(args{"text": "A", "copy_text": args{"text": strings.Repeat("x", 257)}}), "BUTTON_COPY_TEXT_INVALID"},
		{"another action", button(args{"text": "A", "web_app": args{"url": "https://a.org"}}), ""},
		{"a style", button(args{"text": "A", "callback_data": "a", "style": "danger"}), ""},
		{"a wrong style", button(args{"text": "A", "callback_data": "a", "style": "loud"}), cannot + "invalid button style specified"},
		{"8 in a row", rows(8, 8, 1), ""},
		{"9 in a row", rows(9, 9, 1), "reply markup is too long"},
		{"100 buttons", rows(100, 5, 4), ""},
		{"101 buttons", rows(101, 5, 4), "reply markup is too long"},
		{"over 10 kB", rows(96, 8, 80), "reply markup is too long"},
		{"a reply keyboard", args{"keyboard": [][]args{{{"text": "A"}}}}, ""},
		{"force reply", args{"force_reply": true}, ""},
		{"no object", "keyboard", "object expected as reply markup: invalid character 'k' looking for beginning of value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := b.call("sendMessage", args{"chat_id": 1, "text": "x", "reply_markup": test.markup})
			if test.want == "" {
				r.id(t)
				return
			}
			wantRefusal(t, r, 400, "Bad Request: "+test.want)
		})
	}
}

func TestButtonsComeBackAsSent(t *testing.T) {
	b := newBot(t, Config{})
	b.server.Person(1).SendText("x")
	const sent = `{"inline_keyboard":[[{"text":"A","callback_data":"a","style":"danger"},{"text":"B","web_app":{"url":"https://a.org"}}]]}`
	r := b.call("sendMessage", args{"chat_id": 1, "text": "x", "reply_markup": json.RawMessage(sent)})
	if !strings.Contains(string(r.Result), `"reply_markup":`+sent) {
		t.Errorf("got %s", r.Result)
	}
}

func TestExplicitEntities(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	anna.SendText("x")
	send := func(entities any) reply {
		return b.call("sendMessage", args{"chat_id": 1, "text": "👍 bold", "entities": entities})
	}
	id := send([]Entity{{Type: "bold", Offset: 3, Length: 4}}).id(t)
	if m, _ := anna.Message(id); m.HTML() != "👍 <b>bold</b>" {
		t.Errorf("got %s", m.HTML())
	}
	send("null").id(t)
	wantRefusal(t, send([]Entity{{Type: "bold", Offset: 3, Length: 5}}), 400, "Bad Request: can't parse entities: entity 0 lies outside of the text")
	wantRefusal(t, send([]Entity{{Type: "bold", Length: 4}, {Type: "italic", Offset: 3, Length: 4}}), 400,
		"Bad Request: can't parse entities: entity 1 crosses another one")
}

func TestReplies(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	hers := anna.SendText("question")
	id := b.call("sendMessage", args{"chat_id": 1, "text": "answer", "reply_parameters": args{"message_id": hers}}).id(t)
	if m, _ := anna.Message(id); m.ReplyTo != hers {
		t.Errorf("replies to %d", m.ReplyTo)
	}
	wantRefusal(t, b.call("sendMessage", args{"chat_id": 1, "text": "x", "reply_parameters": args{"message_id": 99}}), 400,
		"Bad Request: message to be replied not found")
	b.call("sendMessage", args{"chat_id": 1, "text": "x", "reply_parameters": args{"message_id": 99, "allow_sending_without_reply": true}}).id(t)
	b.call("sendMessage", args{"chat_id": 1, "text": "x", "reply_to_message_id": hers}).id(t)
}

func TestMessageIDsAndDates(t *testing.T) {
	c := newClock()
	b := newBot(t, Config{Now: c.Now})
	anna, bert := b.server.Person(1), b.server.Person(2)
	if a, z := anna.SendText("a"), bert.SendText("z"); a != 1 || z != 1 {
		t.Errorf("the first ids are %d and %d", a, z)
	}
	c.advance(time.Hour)
	if id := b.call("sendMessage", args{"chat_id": 1, "text": "b", "disable_notification": true}).id(t); id != 2 {
		t.Errorf("the second id is %d", id)
	}
	last := anna.Last()
	if !last.Date.Equal(c.now) || !last.Silent || !last.FromBot || !last.Edited.IsZero() {
		t.Errorf("got %+v", last)
	}
}

func TestKeepMessages(t *testing.T) {
	b := newBot(t, Config{Limits: Limits{KeepMessages: 10}})
	anna := b.server.Person(1)
	for range 100 {
		anna.SendText("x")
	}
	messages := anna.Messages()
	if len(messages) < 10 || len(messages) >= 20 || messages[len(messages)-1].ID != 100 {
		t.Errorf("%d messages are kept, the last is %d", len(messages), messages[len(messages)-1].ID)
	}
	wantRefusal(t, b.call("deleteMessage", args{"chat_id": 1, "message_id": 1}), 400, "Bad Request: message to delete not found")
	if r := b.call("deleteMessage", args{"chat_id": 1, "message_id": 100}); !r.OK {
		t.Errorf("the newest message cannot be found: %s", r.Description)
	}
}

func TestChatAction(t *testing.T) {
	b := newBot(t, Config{})
	b.server.Person(1).SendText("x")
	if r := b.call("sendChatAction", args{"chat_id": 1, "action": "typing"}); string(r.Result) != "true" {
		t.Errorf("got %s", r.Raw)
	}
	wantRefusal(t, b.call("sendChatAction", args{"chat_id": 1, "action": "dancing"}), 400, "Bad Request: wrong parameter action in request")
}
