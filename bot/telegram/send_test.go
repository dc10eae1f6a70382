package telegram

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

func TestSendParameters(t *testing.T) {
	const noPreview = `{"is_disabled":true}`
	keys := [][]flows.Key{{{Label: "None", Data: "e.none"}, {Label: "Map", URL: "https://example.org"}}, {}, {{Label: "Both", Data: "x", URL: "https://b.example"}}, {{Label: "Copy", Data: "x", Copy: "a\x00b", Style: flows.Primary}, {Label: "Stop", Data: "e.s", Style: flows.Danger}}}
	markup := `{"inline_keyboard":[[{"text":"None","callback_data":"e.none"},{"text":"Map","url":"https://example.org"}],[{"text":"Both","url":"https://b.example"}],` +
		`[{"text":"Copy","copy_text":{"text":"ab"},"style":"primary"},{"text":"Stop","callback_data":"e.s","style":"danger"}]]}`
	for _, c := range []struct {
		name, method string
		out          chat.Outgoing
		want         map[string]string
	}{
		{"plain words", "sendMessage", chat.Outgoing{Chat: 5, Text: "<b>hi</b>"}, map[string]string{"chat_id": "5", "text": "<b>hi</b>", "parse_mode": "HTML"}},
		{"large group id", "sendMessage", chat.Outgoing{Chat: -1004503599627370, Text: "x"}, map[string]string{"chat_id": "-1004503599627370", "text": "x", "parse_mode": "HTML"}},
		{"keyboard", "sendMessage", chat.Outgoing{Chat: 5, Text: "x", Keyboard: keys}, map[string]string{"chat_id": "5", "text": "x", "parse_mode": "HTML", "reply_markup": markup}},
		{"silent", "sendMessage", chat.Outgoing{Chat: 5, Text: "x", Silent: true}, map[string]string{"chat_id": "5", "text": "x", "parse_mode": "HTML", "disable_notification": "true"}},
		{"in a topic", "sendMessage", chat.Outgoing{Chat: -5, Text: "x", Topic: 4503599627370495}, map[string]string{"chat_id": "-5", "text": "x", "parse_mode": "HTML", "message_thread_id": "4503599627370495"}},
		{"in answer", "sendMessage", chat.Outgoing{Chat: -5, Text: "x", ReplyTo: 4503599627370495}, map[string]string{"chat_id": "-5", "text": "x", "parse_mode": "HTML", "reply_parameters": `{"message_id":4503599627370495,"allow_sending_without_reply":true}`}},
		{"edit in a topic", "editMessageText", chat.Outgoing{Chat: -5, Text: "x", Edit: 9, Topic: 6, ReplyTo: 7}, map[string]string{"chat_id": "-5", "text": "x", "parse_mode": "HTML", "message_id": "9"}},
		{"without markup", "sendMessage", chat.Outgoing{Chat: 5, Text: "<b>1 &lt; 2</b>", Plain: true}, map[string]string{"chat_id": "5", "text": "1 < 2"}},
		{"edit", "editMessageText", chat.Outgoing{Chat: 5, Text: "x", Edit: 9, Keyboard: keys}, map[string]string{"chat_id": "5", "text": "x", "parse_mode": "HTML", "message_id": "9", "reply_markup": markup}},
		{"edit that takes the buttons off", "editMessageText", chat.Outgoing{Chat: 5, Text: "x", Edit: 9, Silent: true}, map[string]string{"chat_id": "5", "text": "x", "parse_mode": "HTML", "message_id": "9"}},
		{"deletion", "deleteMessage", chat.Outgoing{Chat: 5, Text: "x", Edit: 9, Delete: true, Keyboard: keys, Silent: true}, map[string]string{"chat_id": "5", "message_id": "9", "link_preview_options": ""}},
		{"pin", "pinChatMessage", chat.Outgoing{Chat: 5, Text: "x", Edit: 4503599627370495, Pin: true, Keyboard: keys}, map[string]string{"chat_id": "5", "message_id": "4503599627370495", "disable_notification": "true", "link_preview_options": ""}},
		{"letting go", "unpinChatMessage", chat.Outgoing{Chat: 5, Text: "x", Edit: 4503599627370495, Unpin: true, Silent: true}, map[string]string{"chat_id": "5", "message_id": "4503599627370495", "link_preview_options": ""}},
		{"caption", "editMessageCaption", chat.Outgoing{Chat: 5, Text: "x", Edit: 9, Caption: true}, map[string]string{"chat_id": "5", "caption": "x", "parse_mode": "HTML", "message_id": "9", "link_preview_options": ""}},
		{"rows without keys", "sendMessage", chat.Outgoing{Chat: 5, Text: "x", Keyboard: [][]flows.Key{{}, nil}}, map[string]string{"chat_id": "5", "text": "x", "parse_mode": "HTML"}},
		{"time tag", "sendMessage", chat.Outgoing{Chat: 5, Text: `<tg-time unix="1" format="t">1:00</tg-time>`}, map[string]string{"chat_id": "5", "text": `<tg-time unix="1" format="t">1:00</tg-time>`, "parse_mode": "HTML"}},
		{"odd bytes", "sendMessage", chat.Outgoing{Chat: 5, Text: "a\x00b\xffc"}, map[string]string{"chat_id": "5", "text": "ab\uFFFDc", "parse_mode": "HTML"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var asked []seen
			g := newGateway(t, recording(`{"ok":true,"result":{"message_id":4503599627370495}}`, &asked))
			sent, err := g.Send(t.Context(), c.out)
			if err != nil || sent != (chat.Sent{ID: 4503599627370495}) {
				t.Fatalf("Send = %v, %v", sent, err)
			}
			want := url.Values{"link_preview_options": {noPreview}}
			for k, v := range c.want {
				if want.Set(k, v); v == "" {
					want.Del(k)
				}
			}
			if !strings.HasSuffix(asked[0].path, "/"+c.method) || !reflect.DeepEqual(asked[0].form, want) {
				t.Errorf("sent %s\n%v, want %s\n%v", asked[0].path, asked[0].form, c.method, want)
			}
		})
	}
}

func TestNonsenseIsRejectedBeforeTheNetwork(t *testing.T) {
	g := newGateway(t, transportFunc(func(*http.Request) (*http.Response, error) {
		t.Error("called")
		return nil, http.ErrServerClosed
	}))
	_, err1 := g.Send(t.Context(), chat.Outgoing{Text: "x"})
	_, err2 := g.Send(t.Context(), chat.Outgoing{Chat: 5, Text: "x", Edit: -1})
	_, err3 := g.Send(t.Context(), chat.Outgoing{Text: "x", Edit: 3})
	picture := chat.Media{Kind: chat.Photo, Data: []byte("x")}
	_, err4 := g.Send(t.Context(), chat.Outgoing{Chat: 5, Text: "x", Media: &chat.Media{Kind: "video", FileID: "x"}})
	_, err5 := g.Send(t.Context(), chat.Outgoing{Chat: 5, Text: "x", Delete: true})
	_, err6 := g.Send(t.Context(), chat.Outgoing{Chat: 5, Edit: 3, Delete: true, Media: &picture})
	for _, err := range []error{err1, err2, err3, err4, err5, err6, g.Answer(t.Context(), "", "x")} {
		if e := failureOf(t, err); e.Kind != chat.Rejected || e.MaybeApplied {
			t.Errorf("%+v", e)
		}
	}
}

// The server has said ok: whatever else it says, a second try would send the
// message twice.
func TestAcceptedMessageIsNeverAFailure(t *testing.T) {
	for _, result := range []string{`true`, `null`, `"x"`, `[]`, `{}`, `{"message_id":0}`, `{"message_id":"5"}`, `{"message_id":5.5}`, `{"message_id":-5}`, `{"message_id":1e99}`} {
		g := newGateway(t, replies(200, `{"ok":true,"result":`+result+`}`))
		if sent, err := g.Send(t.Context(), hello); err != nil || sent.ID != 0 {
			t.Errorf("%s: sent %v, %v", result, sent, err)
		}
		if sent, err := g.Send(t.Context(), chat.Outgoing{Chat: 1, Text: "x", Edit: 9}); err != nil || sent.ID != 9 {
			t.Errorf("%s: edited %v, %v", result, sent, err)
		}
		if err := g.Answer(t.Context(), "q", ""); err != nil {
			t.Errorf("%s: answered %v", result, err)
		}
	}
	if sent, err := newGateway(t, replies(200, `{"ok":true}`)).Send(t.Context(), hello); err != nil || sent.ID != 0 {
		t.Errorf("without a result: sent %v, %v", sent, err)
	}
}

// What is not to be pinned, since it is gone or nobody allows it, is not missed. What
// passes is tried again, and a chat that is gone is gone.
func TestPinsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		code        int
		description string
		want        chat.Kind // Unknown for none
	}{
		{400, "Bad Request: not enough rights to manage pinned messages in the chat", chat.Unknown},
		{400, "Bad Request: message to pin not found", chat.Unknown},
		{400, "Bad Request: message to unpin not found", chat.Unknown},
		{403, "Forbidden: bot was blocked by the user", chat.ChatGone},
		{429, "Too Many Requests: retry after 3", chat.Limited},
		{502, "Bad Gateway", chat.Retry},
	} {
		g := newGateway(t, refuse(c.code, c.description, `{}`))
		for _, out := range []chat.Outgoing{{Chat: 1, Edit: 9, Pin: true}, {Chat: 1, Edit: 9, Unpin: true}} {
			sent, err := g.Send(t.Context(), out)
			switch {
			case c.want == chat.Unknown && (err != nil || sent.ID != 9):
				t.Errorf("%s: %v, %v", c.description, sent, err)
			case c.want != chat.Unknown && failureOf(t, err).Kind != c.want:
				t.Errorf("%s: %v", c.description, err)
			}
		}
	}
}

func TestUnchangedEditIsSuccess(t *testing.T) {
	g := newGateway(t, refuse(400, "Bad Request: message is not modified: specified new message content", `{}`))
	sent, err := g.Send(t.Context(), chat.Outgoing{Chat: 1, Text: "x", Edit: 9})
	if err != nil || sent.ID != 9 {
		t.Errorf("Send = %v, %v", sent, err)
	}
}

func TestAnswer(t *testing.T) {
	long := strings.Repeat("ä", 300)
	for in, want := range map[string]string{
		"":                             "",
		"Noted":                        "Noted",
		strings.Repeat("ä", 200):       strings.Repeat("ä", 200),
		long:                           strings.Repeat("ä", 199) + "…",
		"x" + strings.Repeat("😀", 99):  "x" + strings.Repeat("😀", 99),
		strings.Repeat("😀", 100):       strings.Repeat("😀", 100),
		strings.Repeat("😀", 101):       strings.Repeat("😀", 99) + "…",
		"x" + strings.Repeat("😀", 100): "x" + strings.Repeat("😀", 99) + "…",
		"bad\xff\x00":                  "bad\uFFFD",
	} {
		var asked []seen
		g := newGateway(t, recording(`{"ok":true,"result":true}`, &asked))
		if err := g.Answer(t.Context(), "q", in); err != nil {
			t.Fatal(err)
		}
		form := asked[0].form
		got := form.Get("text")
		if form.Get("callback_query_id") != "q" || got != want || form.Has("text") != (want != "") {
			t.Errorf("Answer(%q) sent %v", in, form)
		}
		if len(utf16.Encode([]rune(got))) > maxAnswer || !utf8.ValidString(got) {
			t.Errorf("Answer(%q) sent %q", in, got)
		}
	}
}

func TestPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"":                                       "",
		"no markup":                              "no markup",
		"<b>bold</b> and <i>italic</i>":          "bold and italic",
		"<B>x</B>":                               "x",
		`<a href="https://x.example/?a>b">x</a>`: "x",
		`<a href='">'>x</a>`:                     "x",
		`<tg-time unix="1" format="t">1:00</tg-time>`: "1:00",
		`<span class="tg-spoiler">x</span>`:           "x",
		"<blockquote expandable>x</blockquote>":       "x",
		"&lt;b&gt; &amp;amp; &quot;&#39;&#x41;":       `<b> &amp; "'A`,
		"1 < 2 & 3 > 2":                               "1 < 2 & 3 > 2",
		"a <my back> b":                               "a <my back> b", // perhaps why it was refused
		"<b unclosed":                                 "<b unclosed",
		`<b "unclosed>`:                               `<b "unclosed>`,
		"<>":                                          "<>",
		"<":                                           "<",
		"</":                                          "</",
		"&":                                           "&",
		"&;":                                          "&;",
		"&copy; &notit":                               "&copy; &notit",
		"&#0;":                                        "\uFFFD",
		"&lt;<b>&gt;":                                 "<>",
	} {
		if got := plainText(in); got != want {
			t.Errorf("plainText(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzPlainText(f *testing.F) {
	f.Add(`<b>x</b> &lt; <a href="">`)
	f.Add("<tg-time unix='>' &#x;")
	f.Fuzz(func(t *testing.T, s string) {
		got := plainText(s)
		if len(got) > len(s)+2*strings.Count(s, "&#") {
			t.Errorf("%q grew to %q", s, got)
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Errorf("%q became invalid: %q", s, got)
		}
		if !strings.ContainsAny(s, "<&") && got != s {
			t.Errorf("%q became %q", s, got)
		}
	})
}
