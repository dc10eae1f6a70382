package simulator

import (
	"encoding/json"
	"strings"
	"testing"
)

// The exact JSON of every kind of update, less what differs from run to run.
func TestUpdateShapes(t *testing.T) {
	c := newClock() // 2026-03-01 12:00 UTC is 1772366400
	const (
		anna    = `{"id":4503599627370495,"is_bot":false,"first_name":"Anna","username":"anna","language_code":"de-AT"}`
		private = `{"id":4503599627370495,"type":"private","username":"anna","first_name":"Anna"}`
		group   = `{"id":-1001234567890,"type":"supergroup","title":"supergroup 1001234567890"}`
		channel = `{"id":-1005555555555,"type":"channel","title":"channel 1005555555555"}`
		theBot  = `{"id":1000001,"is_bot":true,"first_name":"back_bot","username":"back_bot"}`
		dated   = `"date":1772366400`
		keys    = `"reply_markup":{"inline_keyboard":[[{"text":"A","callback_data":"a"}]]}`
	)
	for _, test := range []struct {
		name string
		act  func(b *bot, p *Person)
		want string
	}{
		{
			"a command", func(_ *bot, p *Person) { p.SendCommand("spasm@back_bot 👍 now") },
			`{"message":{"message_id":1,"from":` + anna + `,"chat":` + private + `,` + dated +
				`,"text":"/spasm@back_bot 👍 now","entities":[{"type":"bot_command","offset":0,"length":15}]}}`,
		},
		{
			"an edit", func(_ *bot, p *Person) { _ = p.EditText(p.SendText("a"), "b") },
			`{"edited_message":{"message_id":1,"from":` + anna + `,"chat":` + private + `,` + dated + `,"edit_date":1772366400,"text":"b"}}`,
		},
		{
			"a sticker", func(_ *bot, p *Person) { p.SendSticker("👍") },
			`{"message":{"message_id":1,"from":` + anna + `,"chat":` + private + `,` + dated +
				`,"sticker":{"file_id":"ID","file_unique_id":"ID","type":"regular","width":512,"height":512,"is_animated":false,"is_video":false,"emoji":"👍"}}}`,
		},
		{
			"a photo", func(_ *bot, p *Person) { p.SendPhoto([]byte("no picture"), "see /this") },
			`{"message":{"message_id":1,"from":` + anna + `,"chat":` + private + `,` + dated +
				`,"photo":[{"file_id":"ID","file_unique_id":"ID","width":1,"height":1,"file_size":10}],"caption":"see /this",` +
				`"caption_entities":[{"type":"bot_command","offset":4,"length":5}]}}`,
		},
		{"a press", func(b *bot, p *Person) {
			p.SendText("x")
			_, _ = p.Press(b.call("sendMessage", args{"chat_id": p.ID(), "text": "<b>q</b>", "parse_mode": "HTML", "reply_markup": keyboardOf("A")}).id(b.t), "a")
		}, `{"callback_query":{"id":"ID","from":` + anna + `,"message":{"message_id":2,"from":` + theBot + `,"chat":` + private + `,` + dated +
			`,"text":"q","entities":[{"type":"bold","offset":0,"length":1}],` + keys + `},"chat_instance":"ID","data":"a"}}`},
		{
			"a press on what the bot cannot see", func(_ *bot, p *Person) { _, _ = p.PressInaccessible(5, "a") },
			`{"callback_query":{"id":"ID","from":` + anna + `,"message":{"chat":` + private + `,"message_id":5,"date":0},"chat_instance":"ID","data":"a"}}`,
		},
		{
			"a block", func(_ *bot, p *Person) { p.SendText("x"); p.Block() },
			`{"my_chat_member":{"chat":` + private + `,"from":` + anna + `,` + dated + `,"old_chat_member":{"status":"member","user":` + theBot +
				`},"new_chat_member":{"status":"kicked","user":` + theBot + `,"until_date":0}}}`,
		},
		{
			"an unblock", func(_ *bot, p *Person) { p.SendText("x"); p.Block(); p.Unblock() },
			`{"my_chat_member":{"chat":` + private + `,"from":` + anna + `,` + dated + `,"old_chat_member":{"status":"kicked","user":` + theBot +
				`,"until_date":0},"new_chat_member":{"status":"member","user":` + theBot + `}}}`,
		},
		{
			"a text in a topic", func(b *bot, p *Person) { b.server.Group(-1001234567890).Member(p.ID()).SendTextIn(6, "x") },
			`{"message":{"message_id":1,"from":` + anna + `,"message_thread_id":6,"is_topic_message":true,"chat":` + group + `,` + dated + `,"text":"x"}}`,
		},
		{
			"a group's text", func(b *bot, p *Person) { b.server.Group(-1001234567890).Member(p.ID()).SendText("x") },
			`{"message":{"message_id":1,"from":` + anna + `,"chat":` + group + `,` + dated + `,"text":"x"}}`,
		},
		{
			"an anonymous administrator", func(b *bot, _ *Person) { b.server.Group(-1001234567890).SendAnonymous("x") },
			`{"message":{"message_id":1,"from":{"id":1087968824,"is_bot":true,"first_name":"Group","username":"GroupAnonymousBot"},"sender_chat":` +
				group + `,"chat":` + group + `,` + dated + `,"text":"x"}}`,
		},
		{
			"a channel in a group", func(b *bot, _ *Person) {
				b.server.Group(-1001234567890).SendAsChannel(b.server.Channel(-1005555555555), "x")
			},
			`{"message":{"message_id":1,"from":{"id":136817688,"is_bot":true,"first_name":"Channel","username":"Channel_Bot"},"sender_chat":` +
				channel + `,"chat":` + group + `,` + dated + `,"text":"x"}}`,
		},
		{
			"a channel post", func(b *bot, _ *Person) { b.server.Channel(-1005555555555).Post("x") },
			`{"channel_post":{"message_id":1,"sender_chat":` + channel + `,"chat":` + channel + `,` + dated + `,"text":"x"}}`,
		},
		{"a reply is shown", func(b *bot, p *Person) {
			id := p.SendText("q")
			m := b.call("sendMessage", args{"chat_id": p.ID(), "text": "a", "reply_to_message_id": id, "reply_markup": keyboardOf("A")}).id(b.t)
			_, _ = p.Press(m, "a")
		}, `{"callback_query":{"id":"ID","from":` + anna + `,"message":{"message_id":2,"from":` + theBot + `,"chat":` + private + `,` + dated +
			`,"reply_to_message":{"message_id":1,"from":` + anna + `,"chat":` + private + `,` + dated + `,"text":"q"},"text":"a",` + keys +
			`},"chat_instance":"ID","data":"a"}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			b := newBot(t, Config{Now: c.Now, BotUsername: "back_bot"})
			p := b.server.Person(maxUserID)
			p.SetProfile("de-AT", "Anna", "anna")
			test.act(b, p)
			r := b.call("getUpdates", args{"offset": -1})
			var list []map[string]any
			if err := json.Unmarshal(r.Result, &list); err != nil || len(list) != 1 {
				t.Fatalf("got %s", r.Raw)
			}
			delete(list[0], "update_id")
			if got, want := canonical(t, list[0]), canonical(t, test.want); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// canonical orders the fields and blanks the ids that the server makes up.
func canonical(t *testing.T, v any) string {
	t.Helper()
	if s, ok := v.(string); ok {
		if err := json.Unmarshal([]byte(s), &v); err != nil {
			t.Fatalf("%v in %s", err, s)
		}
	}
	var blank func(any)
	blank = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, value := range v {
				if s, ok := value.(string); ok && (strings.HasPrefix(name, "file_") || name == "chat_instance" || name == "id") && s != "" {
					v[name] = "ID"
				}
				blank(value)
			}
		case []any:
			for _, item := range v {
				blank(item)
			}
		}
	}
	blank(v)
	encoded, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded)
}
