package simulator

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestPins: a pinned message stands above the chat until it is let go or deleted; that it
// was pinned is told in a line that the bot hears of, and may take away.
func TestPins(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	anna.SendText("hello")
	b.server.Group(-100).Member(1).SendText("hello")
	next := int64(b.updates(args{})[1]["update_id"].(float64))
	send := func() int64 { return b.call("sendMessage", args{"chat_id": 1, "text": "card"}).id(t) }
	pin := func(id int64) reply {
		return b.call("pinChatMessage", args{"chat_id": 1, "message_id": id, "disable_notification": true})
	}
	unpin := func(of args) reply {
		of["chat_id"] = 1
		return b.call("unpinChatMessage", of)
	}
	pinned := func() (ids []int64) {
		for _, m := range anna.Messages() {
			if m.Pinned {
				ids = append(ids, m.ID)
			}
		}
		return ids
	}

	first, second := send(), send()
	wantRefusal(t, pin(99), 400, "Bad Request: message to pin not found")
	wantRefusal(t, pin(0), 400, "Bad Request: message identifier is not specified")
	wantRefusal(t, b.call("pinChatMessage", args{"chat_id": -100, "message_id": 1}), 400, "Bad Request: not enough rights to manage pinned messages in the chat")
	wantRefusal(t, b.call("pinChatMessage", args{"chat_id": 5, "message_id": 1}), 400, "Bad Request: chat not found")
	if r := pin(first); string(r.Result) != "true" {
		t.Fatalf("got %s", r.Raw)
	}
	line := anna.Last()
	if line.Pins != first || !line.FromBot || !line.Silent || line.Text != "" {
		t.Errorf("the line is %+v", line)
	}
	heard := b.updates(args{"offset": next + 1})
	if raw, _ := json.Marshal(heard); len(heard) != 1 || !strings.Contains(string(raw), `"pinned_message":{`) || !strings.Contains(string(raw), `"is_bot":true`) {
		t.Errorf("the bot hears %s", raw)
	}
	wantRefusal(t, pin(line.ID), 400, "Bad Request: message to pin not found")
	wantRefusal(t, b.call("editMessageText", args{"chat_id": 1, "message_id": line.ID, "text": "x"}), 400, "Bad Request: message can't be edited")
	if r := b.call("deleteMessage", args{"chat_id": 1, "message_id": line.ID}); !r.OK {
		t.Errorf("the line stays: %s", r.Description)
	}
	if r := pin(first); !r.OK || anna.Last().Pins != 0 { // it is pinned already
		t.Errorf("pinned once more: %+v, %+v", r, anna.Last())
	}
	pin(second)
	if got := pinned(); len(got) != 2 {
		t.Errorf("pinned are %v", got)
	}
	if r := unpin(args{}); !r.OK || len(pinned()) != 1 || pinned()[0] != first {
		t.Errorf("behind the newest stay %v", pinned())
	}
	wantRefusal(t, unpin(args{"message_id": second}), 400, "Bad Request: message to unpin not found")
	b.call("deleteMessage", args{"chat_id": 1, "message_id": first})
	if got := pinned(); got != nil {
		t.Errorf("a deleted message is pinned: %v", got)
	}
	wantRefusal(t, unpin(args{}), 400, "Bad Request: message to unpin not found")
}

// TestPinsAreSeen: the page hears that a message is pinned and that it is not.
func TestPinsAreSeen(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	anna.SendText("hello")
	id := b.call("sendMessage", args{"chat_id": 1, "text": "card"}).id(t)
	changed := anna.Changed()
	b.call("pinChatMessage", args{"chat_id": 1, "message_id": id})
	select {
	case <-changed:
	case <-time.After(10 * time.Second):
		t.Fatal("nobody hears of it")
	}
	if m, _ := anna.Message(id); !m.Pinned {
		t.Errorf("the message is %+v", m)
	}
	b.call("unpinChatMessage", args{"chat_id": 1, "message_id": id})
	if m, _ := anna.Message(id); m.Pinned {
		t.Errorf("the message is %+v", m)
	}
}
