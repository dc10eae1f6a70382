package simulator

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func ids(updates []map[string]any) []int64 {
	list := []int64{}
	for _, u := range updates {
		list = append(list, int64(u["update_id"].(float64)))
	}
	return list
}

func TestOffsets(t *testing.T) {
	b := newBot(t, Config{FirstUpdateID: 100})
	anna := b.server.Person(1)
	for range 5 {
		anna.SendText("x")
	}
	for _, step := range []struct {
		params args
		want   []int64
	}{
		{args{}, []int64{100, 101, 102, 103, 104}},
		{args{}, []int64{100, 101, 102, 103, 104}}, // reading confirms nothing
		{args{"limit": 2}, []int64{100, 101}},
		{args{"limit": 0}, []int64{100, 101, 102, 103, 104}},
		{args{"offset": 99}, []int64{100, 101, 102, 103, 104}},
		{args{"offset": 102}, []int64{102, 103, 104}}, // confirms 100 and 101
		{args{"offset": 100}, []int64{102, 103, 104}},
		{args{"offset": 105 + farAhead + 1}, []int64{102, 103, 104}}, // another time's offset is ignored
		{args{"offset": -2}, []int64{103, 104}},
		{args{"offset": -50}, []int64{103, 104}},
		{args{}, []int64{103, 104}}, // the negative offset has forgotten the rest
		{args{"offset": 105}, []int64{}},
	} {
		if got := ids(b.updates(step.params)); !reflect.DeepEqual(got, step.want) {
			t.Fatalf("%v: got %v, want %v", step.params, got, step.want)
		}
	}
	if b.server.Pending() != 0 {
		t.Errorf("%d are pending", b.server.Pending())
	}
}

func TestLimitIsAHundred(t *testing.T) {
	b := newBot(t, Config{})
	for range 120 {
		b.server.Person(1).SendText("x")
	}
	for _, limit := range []int{0, 100, 500, -1} {
		if n := len(b.updates(args{"limit": limit})); n != 100 {
			t.Errorf("limit %d: got %d updates", limit, n)
		}
	}
}

func TestAllowedUpdates(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	anna.SendText("first")
	make3 := func() []string {
		t.Helper()
		b.updates(args{"offset": -1})
		b.updates(args{"offset": b.server.updates.next})
		id := anna.SendText("a")
		if err := anna.EditText(id, fmt.Sprint(time.Now())); err != nil {
			t.Fatal(err)
		}
		anna.Block()
		anna.Unblock()
		var kinds []string
		for _, u := range b.updates(args{}) {
			for name := range u {
				if name != "update_id" {
					kinds = append(kinds, name)
				}
			}
		}
		return kinds
	}
	all := []string{"message", "edited_message", "my_chat_member", "my_chat_member"}
	for _, step := range []struct {
		name    string
		allowed any
		want    []string
	}{
		{"the default set", nil, all},
		{"only messages", []string{"message"}, []string{"message"}},
		{"null keeps the set", nil, []string{"message"}},
		{"the word null keeps the set", "null", []string{"message"}},
		{"an empty list is the default set", []string{}, all},
		{"two kinds", []string{"edited_message", "my_chat_member"}, all[1:]},
	} {
		b.updates(args{"allowed_updates": step.allowed})
		if got := make3(); !reflect.DeepEqual(got, step.want) {
			t.Errorf("%s: got %v, want %v", step.name, got, step.want)
		}
	}
	wantRefusal(t, b.call("getUpdates", args{"allowed_updates": "message"}), 400,
		`Bad Request: can't parse parameter "allowed_updates": an array of strings is expected`)
}

// What came before allowed_updates changed is still delivered.
func TestAllowedUpdatesIsNotRetroactive(t *testing.T) {
	b := newBot(t, Config{})
	b.server.Person(1).SendText("x")
	if got := b.updates(args{"allowed_updates": []string{"callback_query"}}); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestLongPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, Config{})
		anna := b.server.Person(1)
		start := time.Now()
		if got := b.updates(args{"timeout": 20}); len(got) != 0 || time.Since(start) != 20*time.Second {
			t.Errorf("an idle poll gave %v after %v", got, time.Since(start))
		}
		start = time.Now()
		b.updates(args{"timeout": 3600})
		if time.Since(start) != maxPollSeconds*time.Second {
			t.Errorf("the longest poll took %v", time.Since(start))
		}
		start = time.Now()
		b.updates(args{"timeout": 0})
		if time.Since(start) != 0 {
			t.Errorf("a short poll took %v", time.Since(start))
		}
		start = time.Now()
		time.AfterFunc(7*time.Second, func() { anna.SendText("at last") })
		if got := b.updates(args{"timeout": 50}); len(got) != 1 || time.Since(start) != 7*time.Second {
			t.Errorf("got %v after %v", got, time.Since(start))
		}
	})
}

func TestSecondPollEndsTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, Config{})
		first := make(chan reply)
		go func() { first <- b.call("getUpdates", args{"timeout": 50}) }()
		synctest.Wait()
		second := make(chan reply)
		go func() { second <- b.call("getUpdates", args{"timeout": 50}) }()
		wantRefusal(t, <-first, 409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
		b.server.Person(1).SendText("x")
		if r := <-second; !r.OK || len(decodeUpdates(t, r)) != 1 {
			t.Errorf("the second poll got %s", r.Raw)
		}
	})
}

// TestConflictsAreSlow: two that go on ending each other's polls are told of it later and later in turn, so that neither
// can poll as fast as it likes.
func TestConflictsAreSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, Config{})
		start := time.Now()
		var ends []chan time.Duration
		poll := func() {
			end := make(chan time.Duration, 1)
			ends = append(ends, end)
			go func() {
				wantRefusal(t, b.call("getUpdates", args{"timeout": 50}), 409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
				end <- time.Since(start)
			}()
			synctest.Wait()
		}
		for range 3 { // at 0, 1 and 2 seconds: the first is ended at 1, the second at 2
			poll()
			time.Sleep(time.Second)
		}
		time.Sleep(7 * time.Second)
		poll() // ends the third, at 10
		for i, want := range []time.Duration{time.Second, 5 * time.Second, 10 * time.Second} {
			if got := <-ends[i]; got != want {
				t.Errorf("poll %d was refused after %v, want %v", i, got, want)
			}
		}
		b.call("setWebhook", args{"url": "https://a.org"})
		<-ends[3]
	})
}

// A client that hangs up does not leave its poll behind to swallow or to refuse anything.
func TestAbandonedPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, Config{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := b.try(ctx, "getUpdates", args{"timeout": 50}); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("got %v", err)
		}
		synctest.Wait()
		b.server.mu.Lock()
		if b.server.updates.poll != nil {
			t.Error("the abandoned poll still waits")
		}
		b.server.mu.Unlock()
		b.server.Person(1).SendText("x")
		if got := b.updates(args{}); len(got) != 1 {
			t.Errorf("got %v", got)
		}
	})
}

func TestWebhook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBot(t, Config{})
		b.server.Person(1).SendText("x")
		wantRefusal(t, b.call("setWebhook", args{"url": "http://a.org"}), 400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
		b.call("setWebhook", args{"url": "https://a.org", "allowed_updates": []string{"message"}})
		wantRefusal(t, b.call("getUpdates", nil), 409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
		if r := b.call("getWebhookInfo", nil); string(r.Result) != `{"url":"https://a.org","has_custom_certificate":false,"pending_update_count":1,"allowed_updates":["message"]}` {
			t.Errorf("getWebhookInfo: %s", r.Raw)
		}
		b.call("deleteWebhook", nil)
		if got := b.updates(nil); len(got) != 1 {
			t.Errorf("the update is gone: %v", got)
		}
		b.call("deleteWebhook", args{"drop_pending_updates": true})
		waiting := make(chan reply)
		go func() { waiting <- b.call("getUpdates", args{"timeout": 50}) }()
		synctest.Wait()
		b.call("setWebhook", args{"url": "https://a.org"})
		if r := <-waiting; r.Code != 409 {
			t.Errorf("a poll outlives the new webhook: %s", r.Raw)
		}
	})
}

func TestRetention(t *testing.T) {
	c := newClock()
	b := newBot(t, Config{Now: c.Now})
	anna := b.server.Person(1)
	anna.SendText("x")
	id := b.call("sendMessage", args{"chat_id": 1, "text": "q", "reply_markup": keyboardOf("A")}).id(t)
	if _, err := anna.PressLabel(id, "A"); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		advance time.Duration
		want    int
	}{{0, 2}, {150 * time.Second, 2}, {time.Second, 1}, {24*time.Hour - 151*time.Second, 1}, {time.Second, 0}} {
		c.advance(step.advance)
		if got := b.updates(nil); len(got) != step.want {
			t.Fatalf("%v after the press: got %v", c.now, got)
		}
	}
}

func TestRetentionCanBeLifted(t *testing.T) {
	c := newClock()
	b := newBot(t, Config{Now: c.Now, Limits: Limits{UpdateRetention: -1, CallbackRetention: -1}})
	b.server.Person(1).SendText("x")
	c.advance(1000 * time.Hour)
	if got := b.updates(nil); len(got) != 1 {
		t.Errorf("got %v", got)
	}
}

func TestRestartUpdateIDs(t *testing.T) {
	b := newBot(t, Config{FirstUpdateID: 5000})
	anna := b.server.Person(1)
	anna.SendText("a")
	b.updates(args{"offset": 5001})
	b.server.RestartUpdateIDs(7)
	anna.SendText("b")
	// A bot that goes on with its old offset still gets the update, since the offset is too far ahead to be of this time.
	if got := ids(b.updates(args{"offset": 5001})); !reflect.DeepEqual(got, []int64{7}) {
		t.Fatalf("got %v", got)
	}
	if got := ids(b.updates(args{"offset": 8})); len(got) != 0 {
		t.Fatalf("got %v", got)
	}
	anna.SendText("c")
	anna.SendText("d")
	b.server.RestartUpdateIDs(1)
	if got := ids(b.updates(nil)); !reflect.DeepEqual(got, []int64{1, 2}) {
		t.Errorf("the waiting updates were numbered %v", got)
	}
}

func TestInject(t *testing.T) {
	b := newBot(t, Config{FirstUpdateID: 10})
	for _, test := range []struct{ raw, want string }{
		{`{"message":{"message_id":"not a number"}}`, `{"update_id":10,"message":{"message_id":"not a number"}}`},
		{` {} `, `{"update_id":11}`},
		{`{"update_id":50,"unheard_of":{}}`, `{"update_id":50,"unheard_of":{}}`},
		{`{"update_id":"x"}`, `{"update_id":"x"}`},
	} {
		if _, err := b.server.Inject(json.RawMessage(test.raw)); err != nil {
			t.Fatal(err)
		}
		r := b.call("getUpdates", args{"offset": -1})
		if string(r.Result) != "["+test.want+"]" {
			t.Errorf("%s: got %s", test.raw, r.Result)
		}
	}
	if id, _ := b.server.Inject(json.RawMessage(`{}`)); id != 52 {
		t.Errorf("the next id is %d", id)
	}
	for _, bad := range []string{"", "[]", "5", `{"a"`} {
		if _, err := b.server.Inject(json.RawMessage(bad)); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestBigBatchIsCut(t *testing.T) {
	b := newBot(t, Config{})
	for range 100 {
		if _, err := b.server.Inject(json.RawMessage(`{"x":"` + strings.Repeat("y", 64<<10) + `"}`)); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(b.updates(nil)); n < 50 || n > 64 {
		t.Errorf("%d updates of 64 kB in one reply", n)
	}
}
