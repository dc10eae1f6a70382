package simulator

import (
	"testing"
	"time"
)

const notModified = "Bad Request: message is not modified: specified new message content and reply markup are exactly the same " +
	"as a current content and reply markup of the message"

func TestEdits(t *testing.T) {
	c := newClock()
	b := newBot(t, Config{Now: c.Now})
	anna := b.server.Person(1)
	hers := anna.SendText("hello")
	id := b.call("sendMessage", args{"chat_id": 1, "text": "<b>one</b>", "parse_mode": "HTML", "reply_markup": keyboardOf("A")}).id(t)
	photo := b.upload("sendPhoto", "photo", "a.png", pngBytes(t, 10, 10), map[string]string{"chat_id": "1", "caption": "cap"}).id(t)
	replyKeyboard := b.call("sendMessage", args{"chat_id": 1, "text": "x", "reply_markup": args{"remove_keyboard": true}}).id(t)
	deleted := b.call("sendMessage", args{"chat_id": 1, "text": "x"}).id(t)
	b.call("deleteMessage", args{"chat_id": 1, "message_id": deleted})

	for _, step := range []struct {
		name   string
		method string
		params args
		want   string // "" is accepted
	}{
		{"the same", "editMessageText", args{"message_id": id, "text": "<b>one</b>", "reply_markup": keyboardOf("A")}, notModified},
		{"the same after parsing", "editMessageText", args{"message_id": id, "text": " <strong>one</strong> ", "reply_markup": keyboardOf("A")}, notModified},
		{"another style", "editMessageText", args{"message_id": id, "text": "one", "reply_markup": keyboardOf("A")}, ""},
		{"another keyboard", "editMessageText", args{"message_id": id, "text": "one", "reply_markup": keyboardOf("B")}, ""},
		{"no keyboard any more", "editMessageText", args{"message_id": id, "text": "one"}, ""},
		{"the same markup: none", "editMessageReplyMarkup", args{"message_id": id}, notModified},
		{"a keyboard without rows is none", "editMessageReplyMarkup", args{"message_id": id, "reply_markup": args{"inline_keyboard": [][]args{}}}, notModified},
		{"a new markup", "editMessageReplyMarkup", args{"message_id": id, "reply_markup": keyboardOf("A", "B")}, ""},
		{"the same markup", "editMessageReplyMarkup", args{"message_id": id, "reply_markup": keyboardOf("A", "B")}, notModified},
		{"empty text", "editMessageText", args{"message_id": id, "text": " "}, "Bad Request: message text is empty"},
		{"no id", "editMessageText", args{"text": "x"}, "Bad Request: message identifier is not specified"},
		{"id 0", "editMessageText", args{"message_id": 0, "text": "x"}, "Bad Request: message identifier is not specified"},
		{"no such message", "editMessageText", args{"message_id": 999, "text": "x"}, "Bad Request: message to edit not found"},
		{"a deleted message", "editMessageText", args{"message_id": deleted, "text": "x"}, "Bad Request: message to edit not found"},
		{"the person's message", "editMessageText", args{"message_id": hers, "text": "x"}, "Bad Request: message can't be edited"},
		{"one with a reply keyboard", "editMessageText", args{"message_id": replyKeyboard, "text": "y"}, "Bad Request: message can't be edited"},
		{"an inline message", "editMessageText", args{"inline_message_id": "x", "text": "x"}, "Bad Request: MESSAGE_ID_INVALID"},
		{"text of a photo", "editMessageText", args{"message_id": photo, "text": "x"}, "Bad Request: there is no text in the message to edit"},
		{"caption of a text", "editMessageCaption", args{"message_id": id, "caption": "x"}, "Bad Request: there is no caption in the message to edit"},
		{"a caption", "editMessageCaption", args{"message_id": photo, "caption": "<i>new</i>"}, ""},
		{"no caption any more", "editMessageCaption", args{"message_id": photo}, ""},
		{
			"into a reply keyboard", "editMessageReplyMarkup",
			args{"message_id": id, "reply_markup": args{"force_reply": true}},
			"Bad Request: object expected as reply markup: only an inline keyboard can be edited in",
		},
	} {
		t.Run(step.name, func(t *testing.T) {
			c.advance(time.Minute)
			step.params["chat_id"], step.params["parse_mode"] = 1, "HTML"
			r := b.call(step.method, step.params)
			if step.want != "" {
				wantRefusal(t, r, 400, step.want)
				return
			}
			if m, _ := anna.Message(r.id(t)); !m.Edited.Equal(c.now) {
				t.Errorf("edited at %v", m.Edited)
			}
		})
	}
	if m, _ := anna.Message(id); m.HTML() != "one" || len(m.Labels()) != 2 {
		t.Errorf("the message now is %q %v", m.HTML(), m.Labels())
	}
	wantRefusal(t, b.call("editMessageText", args{"chat_id": 5, "message_id": 1, "text": "x"}), 400, "Bad Request: chat not found")
	anna.Block()
	wantRefusal(t, b.call("editMessageText", args{"chat_id": 1, "message_id": id, "text": "x"}), 403, "Forbidden: bot was blocked by the user")
}

func TestDeletes(t *testing.T) {
	c := newClock()
	b := newBot(t, Config{Now: c.Now})
	anna := b.server.Person(1)
	hers := anna.SendText("hello")
	group := b.server.Group(-100)
	theirs := group.Member(1).SendText("hello")
	send := func() int64 { return b.call("sendMessage", args{"chat_id": 1, "text": "x"}).id(t) }
	del := func(chat, id int64) reply { return b.call("deleteMessage", args{"chat_id": chat, "message_id": id}) }

	id := send()
	if r := del(1, id); string(r.Result) != "true" {
		t.Fatalf("got %s", r.Raw)
	}
	wantRefusal(t, del(1, id), 400, "Bad Request: message to delete not found")
	if r := del(1, hers); !r.OK { // in private chats incoming messages too
		t.Errorf("refused: %s", r.Description)
	}
	wantRefusal(t, del(-100, theirs), 400, "Bad Request: message can't be deleted")
	wantRefusal(t, del(1, 0), 400, "Bad Request: message identifier is not specified")
	if got := anna.Messages(); len(got) != 0 {
		t.Errorf("the chat still shows %+v", got)
	}
	if got := anna.History(); len(got) != 2 || !got[0].Deleted {
		t.Errorf("the history is %+v", got)
	}

	old := send()
	c.advance(48 * time.Hour)
	young := send()
	if r := del(1, old); !r.OK {
		t.Errorf("refused at 48 h: %s", r.Description)
	}
	c.advance(48*time.Hour + time.Second)
	wantRefusal(t, del(1, young), 400, "Bad Request: message can't be deleted for everyone")

	fresh := send()
	if r := b.call("deleteMessages", args{"chat_id": 1, "message_ids": []int64{young, fresh, 999}}); !r.OK {
		t.Errorf("refused: %s", r.Description)
	}
	if got := anna.Messages(); len(got) != 1 || got[0].ID != young {
		t.Errorf("the chat shows %+v", got)
	}
	if r := b.call("deleteMessages", args{"chat_id": 1, "message_ids": []int64{}}); r.OK {
		t.Error("an empty list was accepted")
	}
}

func TestPersonDeletes(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	anna.SendText("hello")
	id := b.call("sendMessage", args{"chat_id": 1, "text": "x"}).id(t)
	if err := anna.Delete(id); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, b.call("editMessageText", args{"chat_id": 1, "message_id": id, "text": "y"}), 400, "Bad Request: message to edit not found")
	if err := anna.Delete(id); err == nil {
		t.Error("deleted twice")
	}
}
