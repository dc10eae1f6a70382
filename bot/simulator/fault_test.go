package simulator

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestFaults(t *testing.T) {
	for _, test := range []struct {
		name    string
		fault   Fault
		check   func(t *testing.T, r reply, err error)
		applied bool
		took    time.Duration
	}{
		{"refused", Fault{Code: 500, Description: "Internal Server Error: restart"}, refusedWith(500, "Internal Server Error: restart", 0), false, 0},
		{"refused without words", Fault{Code: 503}, refusedWith(503, "Service Unavailable", 0), false, 0},
		{"slow down", Fault{RetryAfter: 7}, refusedWith(429, "Too Many Requests: retry after 7", 7), false, 0},
		{"migrated", Fault{Code: 400, Description: "Bad Request: x", MigrateTo: -1001}, refusedWith(400, "Bad Request: x", 0), false, 0},
		{"refused after the fact", Fault{Apply: true, Code: 500}, refusedWith(500, "Internal Server Error", 0), true, 0},
		{"a gateway's page", Fault{Status: 502, Body: "<html>Bad Gateway"}, gatewayPage, false, 0},
		{"a gateway's page after the fact", Fault{Apply: true, Status: 502, Body: "<html>Bad Gateway"}, gatewayPage, true, 0},
		{"lost on the way there", Fault{Drop: true}, dropped, false, 0},
		{"lost on the way back", Fault{Apply: true, Drop: true}, dropped, true, 0},
		{"late", Fault{Delay: 3 * time.Second, ReplyDelay: 4 * time.Second}, fine, true, 7 * time.Second},
		{"late and lost", Fault{Apply: true, ReplyDelay: 9 * time.Second, Drop: true}, dropped, true, 9 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := newBot(t, Config{Fault: func(c Call) *Fault {
					if c.Method != "sendMessage" || c.ChatID != 1 {
						return nil
					}
					return &test.fault
				}})
				anna := b.server.Person(1)
				anna.SendText("x")
				start := time.Now()
				r, err := b.try(t.Context(), "sendmessage", args{"chat_id": 1, "text": "hello"})
				test.check(t, r, err)
				if took := time.Since(start); took != test.took {
					t.Errorf("took %v, want %v", took, test.took)
				}
				if applied := len(anna.Messages()) == 2; applied != test.applied {
					t.Errorf("applied: %v", applied)
				}
				for c := range b.server.Calls("sendMessage") {
					if c.OK() != test.applied || c.Fault != &test.fault {
						t.Errorf("the log says %+v", c)
					}
				}
				if r := b.call("getMe", nil); !r.OK {
					t.Errorf("another call is spoiled too: %s", r.Raw)
				}
			})
		})
	}
}

func refusedWith(code int, description string, retryAfter int) func(*testing.T, reply, error) {
	return func(t *testing.T, r reply, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		wantRefusal(t, r, code, description)
		if r.Parameters.RetryAfter != retryAfter || (retryAfter != 0) != (r.RetryAfter != "") {
			t.Errorf("retry_after %d, header %q", r.Parameters.RetryAfter, r.RetryAfter)
		}
	}
}

func gatewayPage(t *testing.T, r reply, err error) {
	t.Helper()
	if err != nil || r.Status != 502 || r.Raw != "<html>Bad Gateway" {
		t.Errorf("got %d %q, %v", r.Status, r.Raw, err)
	}
}

func dropped(t *testing.T, _ reply, err error) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), "EOF") {
		t.Errorf("got %v, want a broken connection", err)
	}
}

func fine(t *testing.T, r reply, err error) {
	t.Helper()
	if err != nil || !r.OK {
		t.Errorf("got %s, %v", r.Raw, err)
	}
}

// A client that gives up does not stop a call that the server has received.
func TestDelayOutlastsTheClient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, Config{})
		anna := b.server.Person(1)
		anna.SendText("x")
		b.server.SetFault(func(Call) *Fault { return &Fault{Delay: 5 * time.Second} })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := b.try(ctx, "sendMessage", args{"chat_id": 1, "text": "hello"}); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		time.Sleep(5 * time.Second) // the bubble's clock
		if got := anna.Messages(); len(got) != 2 {
			t.Errorf("the chat shows %+v", got)
		}
		b.server.SetFault(nil)
		b.call("sendMessage", args{"chat_id": 1, "text": "hello"}).id(t)
	})
}

func TestRates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, Config{Rate: Rate{PerSecond: 10, Burst: 5}, ChatRate: Rate{PerSecond: 1, Burst: 3}, GroupRate: Rate{PerSecond: 20. / 60, Burst: 1}})
		for id := range int64(6) {
			b.server.Person(id + 1).SendText("x")
		}
		b.server.Group(-5)
		send := func(chat int64) reply { return b.call("sendMessage", args{"chat_id": chat, "text": "x"}) }
		want := func(r reply, retryAfter int) {
			t.Helper()
			if retryAfter == 0 {
				r.id(t)
			} else {
				refusedWith(429, "Too Many Requests: retry after "+string(rune('0'+retryAfter)), retryAfter)(t, r, nil)
			}
		}
		for _, retryAfter := range []int{0, 0, 0, 1, 1} { // refused calls do not count
			want(send(1), retryAfter)
		}
		time.Sleep(time.Second)
		want(send(1), 0)
		want(b.call("editMessageText", args{"chat_id": 1, "message_id": 2, "text": "y"}), 1) // edits share the budget
		want(send(-5), 0)
		want(send(-5), 3)
		time.Sleep(time.Second)
		for id := range int64(5) {
			want(send(id+2), 0)
		}
		want(send(1), 1) // the whole bot is over its rate
		time.Sleep(100 * time.Millisecond)
		want(send(1), 0)
		b.call("getMe", nil)
	})
}

func TestLog(t *testing.T) {
	c := newClock()
	var heard []string
	b := newBot(t, Config{Now: c.Now, OnCall: func(c Call) { heard = append(heard, c.Method) }})
	b.server.Person(1).SendText("x")
	b.call("sendMessage", args{"chat_id": 1, "text": "<b>hi</b>", "parse_mode": "HTML"})
	b.call("SENDMESSAGE", args{"chat_id": 2, "text": "hi"})
	b.call("nothing", nil)
	b.call("editMessageText", args{"chat_id": 1, "message_id": 2, "text": "ho"})
	log := b.server.Log()
	if len(log) != 4 {
		t.Fatalf("got %+v", log)
	}
	if l := log[0]; l.Seq != 1 || l.Method != "sendMessage" || l.ChatID != 1 || l.MessageID != 2 || l.Text != "hi" || !l.OK() ||
		!l.At.Equal(c.now) || l.Params["text"] != "<b>hi</b>" {
		t.Errorf("got %+v", l)
	}
	if l := log[1]; l.Method != "sendMessage" || l.ErrorCode != 400 || l.Description != "Bad Request: chat not found" || l.OK() {
		t.Errorf("got %+v", l)
	}
	if l := log[2]; l.Method != "nothing" || l.ErrorCode != 404 {
		t.Errorf("got %+v", l)
	}
	if l := log[3]; l.MessageID != 2 || l.Text != "ho" {
		t.Errorf("got %+v", l)
	}
	n := 0
	for range b.server.Calls("sendmessage") {
		n++
	}
	if want := []string{"sendMessage", "sendMessage", "nothing", "editMessageText"}; n != 2 || !slices.Equal(heard, want) {
		t.Errorf("found %d calls, heard of %v", n, heard)
	}
	b.server.ForgetCalls()
	if len(b.server.Log()) != 0 {
		t.Error("not forgotten")
	}
}

func TestLogIsBounded(t *testing.T) {
	for _, test := range []struct{ keep, least, most int }{{-1, 0, 0}, {5, 5, 9}, {0, 50, 50}} {
		b := newBot(t, Config{KeepCalls: test.keep})
		for range 50 {
			b.call("getMe", nil)
		}
		log := b.server.Log()
		if n := len(log); n < test.least || n > test.most || n > 0 && log[n-1].Seq != 50 {
			t.Errorf("keep %d: %d calls", test.keep, n)
		}
	}
}
