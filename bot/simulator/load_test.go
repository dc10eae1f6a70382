package simulator

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// Everything at once, for the race detector and for deadlocks.
func TestManyAtOnce(t *testing.T) {
	b := newBot(t, Config{KeepCalls: 10, OnCall: func(Call) {}, Limits: Limits{KeepMessages: 20}})
	var wg sync.WaitGroup
	for id := range int64(8) {
		person := b.server.Person(id + 1)
		wg.Go(func() {
			for i := range 30 {
				person.SendText("hello")
				_ = person.Messages()
				_ = person.Changed()
				if i%10 == 9 {
					person.Block()
				}
			}
		})
		wg.Go(func() {
			for i := range 30 {
				r := b.call("sendMessage", args{"chat_id": id + 1, "text": fmt.Sprint(i), "reply_markup": keyboardOf("A")})
				if r.OK {
					m := r.id(t)
					query, _ := person.Press(m, "a")
					b.call("answerCallbackQuery", args{"callback_query_id": query})
					b.call("editMessageText", args{"chat_id": id + 1, "message_id": m, "text": "edited"})
				}
			}
		})
	}
	wg.Go(func() {
		for range 30 {
			b.call("getUpdates", args{"limit": 5})
			_ = b.server.Log()
			b.server.RestartUpdateIDs(1)
			visit(b.server, "GET", "/sim/chats/3/messages", "")
		}
	})
	wg.Wait()
}

// One call through the whole HTTP handler, without a connection.
func BenchmarkSendMessage(b *testing.B) {
	s := New(Config{KeepCalls: -1, Limits: Limits{KeepMessages: 100}})
	s.Person(1).SendText("x")
	handler := s.Handler()
	const body = `{"chat_id":1,"text":"<b>Cold on.</b> Twenty minutes, over a thin towel.","parse_mode":"HTML",` +
		`"reply_markup":{"inline_keyboard":[[{"text":"Done","callback_data":"r:abc:1"},{"text":"Skip","callback_data":"r:abc:2"}]]}}`
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/bot"+s.Token()+"/sendMessage", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != 200 {
			b.Fatal(w.Body)
		}
	}
}

// One call over the in-memory connection.
func BenchmarkInMemory(b *testing.B) {
	s := New(Config{KeepCalls: -1, Limits: Limits{KeepMessages: 100}})
	s.Person(1).SendText("x")
	memory := s.InMemory()
	defer memory.Close()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, memory.URL()+"/bot"+s.Token()+"/sendMessage", strings.NewReader(`{"chat_id":1,"text":"hello"}`))
		r.Header.Set("Content-Type", "application/json")
		res, err := memory.Transport().RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		_ = res.Body.Close()
	}
}
