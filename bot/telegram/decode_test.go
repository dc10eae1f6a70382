package telegram

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

const (
	inPrivate = `"chat":{"id":5,"type":"private"}`
	inGroup   = `"chat":{"id":-1001234567890123,"type":"supergroup"}`
	fromAda   = `"from":{"id":5,"is_bot":false,"first_name":"Ada","language_code":"pt-BR"}`
)

func privately(event flows.Event) chat.Update {
	return chat.Update{User: 5, Chat: 5, Private: true, Lang: "pt-BR", Event: event}
}

func inTheGroup(event flows.Event) chat.Update {
	return chat.Update{User: 5, Chat: -1001234567890123, Lang: "pt-BR", Event: event}
}

func TestDecode(t *testing.T) {
	anonymous := inTheGroup(flows.Text{Text: "hi"})
	anonymous.User, anonymous.Lang = 0, ""
	pinned := privately(flows.Pinned{Message: 8})
	pinned.User, pinned.Lang = pinned.Chat, ""
	nobody := anonymous
	nobody.Event = nil
	for _, c := range []struct {
		name, update string
		want         chat.Update
	}{
		{"text", `"message":{"message_id":8,` + fromAda + `,` + inPrivate + `,"date":1,"text":"it hurts"}`, privately(flows.Text{Text: "it hurts", Message: 8})},
		{"command", `"message":{"message_id":8,` + fromAda + `,` + inPrivate + `,"text":"/Pain 7","entities":[{"type":"bot_command","offset":0,"length":5}]}`, privately(flows.Command{Name: "pain", Args: "7", Message: 8})},
		{"text with odd entities", `"message":{` + fromAda + `,` + inPrivate + `,"text":"/pain 7","entities":"none"}`, privately(flows.Command{Name: "pain", Args: "7"})},
		{"edited", `"edited_message":{"message_id":8,` + fromAda + `,` + inPrivate + `,"text":"it hurts"}`, privately(flows.Edit{To: flows.Text{Text: "it hurts", Message: 8}})},
		{"edited command", `"edited_message":{"message_id":8,` + fromAda + `,` + inPrivate + `,"text":"/Pain@other 7"}`, privately(flows.Edit{To: flows.Command{Name: "pain", Args: "7", Message: 8}})},
		{"text in a group", `"message":{` + fromAda + `,` + inGroup + `,"text":"hi"}`, inTheGroup(flows.Text{Text: "hi"})},
		{"command to another bot", `"message":{` + fromAda + `,` + inGroup + `,"text":"/spasm@other_bot"}`, inTheGroup(nil)},
		{"anonymous administrator", `"message":{"from":{"id":1087968824,"is_bot":true},"sender_chat":{"id":-1001234567890123},` + inGroup + `,"text":"hi"}`, anonymous},
		{"channel in a group", `"message":{"from":{"id":777000,"is_bot":false},"sender_chat":{"id":-1009},` + inGroup + `,"text":"hi"}`, anonymous},
		{"nobody", `"message":{` + inGroup + `,"text":"hi"}`, anonymous},
		{"another bot", `"message":{"from":{"id":9,"is_bot":true},` + inGroup + `,"text":"hi"}`, anonymous},
		{"52 bits", `"message":{"from":{"id":4503599627370495},"chat":{"id":4503599627370495,"type":"private"},"text":"hi"}`, chat.Update{User: 4503599627370495, Chat: 4503599627370495, Private: true, Event: flows.Text{Text: "hi"}}},

		{"photo", `"message":{` + fromAda + `,` + inPrivate + `,"photo":[{"file_id":"x"}],"caption":"my back"}`, privately(flows.Unsupported{What: "photo", Caption: "my back"})},
		{"voice with a caption", `"message":{"message_id":8,` + fromAda + `,` + inPrivate + `,"voice":{},"caption":"my back"}`, privately(flows.Unsupported{What: "voice", Caption: "my back", Message: 8})},
		{"edited caption", `"edited_message":{"message_id":8,` + fromAda + `,` + inPrivate + `,"photo":[{}],"caption":"my back"}`, privately(flows.Edit{To: flows.Unsupported{What: "caption", Caption: "my back", Message: 8}})},
		{"forwarded photo", `"message":{"message_id":8,` + fromAda + `,` + inPrivate + `,"photo":[{}],"caption":"my back","forward_date":1}`, privately(flows.Unsupported{What: "photo"})},
		{"forwarded photo edited", `"edited_message":{"message_id":8,` + fromAda + `,` + inPrivate + `,"photo":[{}],"caption":"my back","forward_date":1}`, privately(nil)},
		{"caption in a group", `"message":{"message_id":8,` + fromAda + `,` + inGroup + `,"photo":[{}],"caption":"my back"}`, inTheGroup(flows.Unsupported{What: "photo"})},
		{"caption edited in a group", `"edited_message":{"message_id":8,` + fromAda + `,` + inGroup + `,"photo":[{}],"caption":"my back"}`, inTheGroup(nil)},
		{"animation", `"message":{` + fromAda + `,` + inPrivate + `,"document":{},"animation":{}}`, privately(flows.Unsupported{What: "animation"})},
		{"venue", `"message":{` + fromAda + `,` + inPrivate + `,"location":{},"venue":{}}`, privately(flows.Unsupported{What: "venue"})},
		{"video note", `"message":{` + fromAda + `,` + inPrivate + `,"video_note":{}}`, privately(flows.Unsupported{What: "video note"})},
		{"a kind of tomorrow", `"message":{` + fromAda + `,` + inPrivate + `,"hologram":{}}`, privately(flows.Unsupported{What: "message"})},
		{"empty text", `"message":{` + fromAda + `,` + inPrivate + `,"text":""}`, privately(flows.Unsupported{What: "message"})},
		{"pinned by us", `"message":{"message_id":8,"from":{"id":9,"is_bot":true},` + inPrivate + `,"pinned_message":{"message_id":3}}`, pinned},
		{"pinned by us in a group", `"message":{"message_id":8,"from":{"id":9,"is_bot":true},` + inGroup + `,"pinned_message":{"message_id":3}}`, nobody},
		{"pinned in private", `"message":{` + fromAda + `,` + inPrivate + `,"pinned_message":{"text":"x"}}`, privately(nil)},
		{"new members", `"message":{` + fromAda + `,` + inGroup + `,"new_chat_members":[{"id":9}]}`, inTheGroup(nil)},
		{"pinned in a group", `"message":{` + fromAda + `,` + inGroup + `,"pinned_message":{"photo":[]}}`, inTheGroup(nil)},
		{"photo in a group", `"message":{` + fromAda + `,` + inGroup + `,"photo":[]}`, inTheGroup(flows.Unsupported{What: "photo"})},

		{"blocked", `"my_chat_member":{` + fromAda + `,` + inPrivate + `,"new_chat_member":{"status":"kicked"}}`, privately(flows.Blocked{})},
		{"unblocked", `"my_chat_member":{` + fromAda + `,` + inPrivate + `,"new_chat_member":{"status":"member"}}`, privately(flows.Unblocked{})},
		{"odd status", `"my_chat_member":{` + fromAda + `,` + inPrivate + `,"new_chat_member":{"status":"left"}}`, privately(nil)},
		{"thrown out of a group", `"my_chat_member":{` + fromAda + `,` + inGroup + `,"new_chat_member":{"status":"kicked"}}`, inTheGroup(nil)},

		{"unknown kind", `"subscription":{"id":"x"}`, chat.Update{}},
		{"channel post", `"channel_post":{"chat":{"id":-1009,"type":"channel"},"text":"x"}`, chat.Update{}},
		{"null kinds", `"message":null,"callback_query":null`, chat.Update{}},
		{"only an id", `"x":1`, chat.Update{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkDecoded(t, `{"update_id":77,`+c.update+`}`, c.want)
		})
	}
}

func checkDecoded(t *testing.T, raw string, want chat.Update) {
	t.Helper()
	want.ID, want.Raw = 77, json.RawMessage(raw)
	if got := decode(json.RawMessage(raw), "Spasm_Bot"); !reflect.DeepEqual(got, want) {
		t.Errorf("decoded to\n%+v, want\n%+v", got, want)
	}
}

func TestDecodePress(t *testing.T) {
	press := func(event flows.Event) chat.Update {
		u := privately(event)
		u.Query = "q"
		return u
	}
	on := func(message int64, event flows.Event) chat.Update {
		u := press(event)
		u.Pressed = message
		return u
	}
	dated := func(date int64, u chat.Update) chat.Update {
		u.PressedSent = time.Unix(date, 0).UTC()
		return u
	}
	elsewhere := press(flows.Button{Data: "go"})
	elsewhere.Chat, elsewhere.Private = 0, false
	for _, c := range []struct {
		name, press string
		want        chat.Update
	}{
		{"on a message", `,"message":{"message_id":4503599627370495,"date":1772409600,` + inPrivate + `},"data":"go"`, dated(1772409600, on(4503599627370495, flows.Button{Data: "go", Message: 4503599627370495}))},
		{"on a message that cannot be seen any more", `,"message":{"message_id":9,"date":0,` + inPrivate + `},"data":"go"`, on(9, flows.Button{Data: "go"})},
		{"on no message", `,"data":"go"`, elsewhere},
		{"on an inline message", `,"inline_message_id":"x","data":"go"`, elsewhere},
		{"of a game", `,"message":{"message_id":9,"date":1,` + inPrivate + `},"game_short_name":"x"`, dated(1, on(9, nil))},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkDecoded(t, `{"update_id":77,"callback_query":{"id":"q",`+fromAda+c.press+`}}`, c.want)
		})
	}
}

func TestOddTextSurvives(t *testing.T) {
	for in, want := range map[string]string{
		`a\u0000b`:         "a\x00b",
		"bad \xff utf-8":   "bad \uFFFD utf-8",
		`half \ud83d pair`: "half \uFFFD pair",
		`\ud83d\ude00`:     "😀",
	} {
		raw := `{"update_id":77,"message":{` + fromAda + `,` + inPrivate + `,"text":"` + in + `"}}`
		checkDecoded(t, raw, privately(flows.Text{Text: want}))
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(callbackUpdate(1))
	f.Add(`{"update_id":1,"message":{` + fromAda + `,` + inPrivate + `,"text":"/a@b c","entities":[{"type":"bot_command","offset":0,"length":4}]}}`)
	f.Add(`{"update_id":1,"message":{"photo":[],"chat":{"id":1}}}`)
	f.Add(`{"update_id":"1","callback_query":{"id":"q","from":[]}}`)
	f.Add(`{"update_id":1,"my_chat_member":{` + inPrivate + `,"new_chat_member":{"status":"kicked"}}}`)
	f.Add("nul\x00l")
	f.Fuzz(func(t *testing.T, raw string) {
		u := decode(json.RawMessage(raw), "spasm_bot")
		if string(u.Raw) != raw {
			t.Error("the update as it came is gone")
		}
		if u.ID != 0 && !validID(u.ID) || u.Bad == nil && u.ID == 0 {
			t.Errorf("id %d, bad %v", u.ID, u.Bad)
		}
		if u.Bad != nil && u.Event != nil {
			t.Errorf("an event from a bad update: %+v", u)
		}
		if c, ok := u.Event.(flows.Command); ok && (c.Name == "" || c.Name != strings.ToLower(c.Name)) {
			t.Errorf("command %+v", c)
		}
	})
}
