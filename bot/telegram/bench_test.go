package telegram

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

// callbackUpdate is a press as the server sends it, with all that is skipped.
func callbackUpdate(id int64) string {
	return fmt.Sprintf(`{"update_id":%d,"callback_query":{"id":"4382bfdwdsb323b2d9","from":{"id":1111111,"is_bot":false,`+
		`"first_name":"Ada","last_name":"L","username":"ada","language_code":"en"},"message":{"message_id":1365,"from":{"id":999,`+
		`"is_bot":true,"first_name":"Spasm","username":"spasm_bot"},"chat":{"id":1111111,"first_name":"Ada","type":"private"},`+
		`"date":1764000000,"text":"Does any of these apply to you right now?","reply_markup":{"inline_keyboard":[[{"text":"None",`+
		`"callback_data":"e1.none.7"}],[{"text":"One or more","callback_data":"e1.any.7"},{"text":"Unsure","callback_data":"e1.unsure.7"}]]}},`+
		`"chat_instance":"-3487261","data":"e1.none.7"}}`, id)
}

func pollReply(n int) string {
	items := make([]string, n)
	for i := range items {
		items[i] = callbackUpdate(int64(700000000 + i))
	}
	return `{"ok":true,"result":[` + strings.Join(items, ",") + `]}`
}

const sendReply = `{"ok":true,"result":{"message_id":1366,"from":{"id":999,"is_bot":true,"first_name":"Spasm","username":"spasm_bot"},` +
	`"chat":{"id":1111111,"first_name":"Ada","type":"private"},"date":1764000001,"text":"Lie down on your back.","reply_markup":` +
	`{"inline_keyboard":[[{"text":"I am lying","callback_data":"e2.ok.8"}],[{"text":"I cannot","callback_data":"e2.no.8"}]]}}}`

func benchMessage() chat.Outgoing {
	return chat.Outgoing{
		Chat: 1111111, Text: "<b>Lie down</b> on your back, knees bent, feet on the floor.",
		Keyboard: [][]flows.Key{{{Label: "I am lying", Data: "e2.ok.8"}}, {{Label: "I cannot", Data: "e2.no.8"}}},
	}
}

// canned replies without a network and without allocating much of its own.
func canned(body string) http.RoundTripper {
	return transportFunc(func(r *http.Request) (*http.Response, error) {
		_, _ = io.Copy(io.Discard, r.Body)
		return &http.Response{StatusCode: http.StatusOK, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body))}, nil
	})
}

func BenchmarkPoll100Callbacks(b *testing.B) {
	g := newGateway(b, canned(pollReply(100)))
	b.ReportAllocs()
	for b.Loop() {
		if updates, _, err := g.Poll(b.Context(), 1); err != nil || len(updates) != 100 {
			b.Fatal(len(updates), err)
		}
	}
}

func BenchmarkDecode100Callbacks(b *testing.B) {
	raw := json.RawMessage(callbackUpdate(7))
	b.ReportAllocs()
	for b.Loop() {
		for range 100 {
			if u := decode(raw, ""); u.Event == nil {
				b.Fatal("no event")
			}
		}
	}
}

func BenchmarkSend(b *testing.B) {
	g := newGateway(b, canned(sendReply))
	message := benchMessage()
	b.ReportAllocs()
	for b.Loop() {
		if sent, err := g.Send(b.Context(), message); err != nil || sent.ID != 1366 {
			b.Fatal(sent, err)
		}
	}
}

// The next two are the same call over a real connection, with and without the
// gateway: what the gateway adds to net/http.

func BenchmarkSendOverHTTP(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = io.WriteString(w, sendReply)
	}))
	defer server.Close()
	message := benchMessage()
	b.Run("gateway", func(b *testing.B) {
		g := newGatewayWith(b, Config{BaseURL: server.URL})
		b.ReportAllocs()
		for b.Loop() {
			if sent, err := g.Send(b.Context(), message); err != nil || sent.ID != 1366 {
				b.Fatal(sent, err)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		params, err := messageParams(message)
		if err != nil {
			b.Fatal(err)
		}
		form := url.Values{}
		for k, v := range params {
			form.Set(k, v)
		}
		b.ReportAllocs()
		for b.Loop() {
			resp, err := http.PostForm(server.URL, form)
			if err != nil {
				b.Fatal(err)
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
		}
	})
}
