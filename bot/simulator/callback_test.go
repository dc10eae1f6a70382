package simulator

import (
	"strings"
	"testing"
	"time"
)

const tooOld = "Bad Request: query is too old and response timeout expired or query ID is invalid"

func TestAnswers(t *testing.T) {
	c := newClock()
	b := newBot(t, Config{Now: c.Now})
	anna := b.server.Person(1)
	anna.SendText("x")
	id := b.call("sendMessage", args{"chat_id": 1, "text": "q", "reply_markup": keyboardOf("Yes", "No")}).id(t)
	press := func() string {
		t.Helper()
		query, err := anna.PressLabel(id, "Yes")
		if err != nil {
			t.Fatal(err)
		}
		return query
	}
	answer := func(query, text string) reply {
		return b.call("answerCallbackQuery", args{"callback_query_id": query, "text": text, "show_alert": true})
	}

	query := press()
	if r := answer(query, strings.Repeat("👍", 100)); string(r.Result) != "true" {
		t.Fatalf("got %s", r.Raw)
	}
	wantRefusal(t, answer(query, ""), 400, tooOld)
	wantRefusal(t, answer("", ""), 400, tooOld)
	wantRefusal(t, answer("12345", ""), 400, tooOld)
	got := anna.Answers()
	if len(got) != 1 || got[0].QueryID != query || !got[0].Alert || got[0].Text != strings.Repeat("👍", 100) {
		t.Errorf("anna saw %+v", got)
	}

	query = press()
	wantRefusal(t, answer(query, strings.Repeat("x", 201)), 400, "Bad Request: Text is too long")
	if r := answer(query, strings.Repeat("x", 200)); !r.OK { // the refusal has not used the query up
		t.Errorf("refused: %s", r.Description)
	}

	late, inTime := press(), press()
	c.advance(5 * time.Minute)
	if r := answer(inTime, ""); !r.OK {
		t.Errorf("refused at the last moment: %s", r.Description)
	}
	c.advance(time.Second)
	wantRefusal(t, answer(late, ""), 400, tooOld)
}

func TestPresses(t *testing.T) {
	b := newBot(t, Config{})
	anna := b.server.Person(1)
	hers := anna.SendText("x")
	id := b.call("sendMessage", args{"chat_id": 1, "text": "q", "reply_markup": keyboardOf("Yes")}).id(t)
	for _, test := range []struct {
		name  string
		press func() (string, error)
		want  string
	}{
		{"a button", func() (string, error) { return anna.Press(id, "yes") }, ""},
		{"a button of an older keyboard", func() (string, error) { return anna.Press(id, "gone") }, ""},
		{"a label", func() (string, error) { return anna.PressLabel(id, "Yes") }, ""},
		{"a message that the bot cannot see", func() (string, error) { return anna.PressInaccessible(77, "yes") }, ""},
		{
			"no such label", func() (string, error) { return anna.PressLabel(id, "Maybe") },
			`press "Maybe": message 2 in chat 1 has no such button with data, only ["Yes"]`,
		},
		{"no such message", func() (string, error) { return anna.PressLabel(9, "Yes") }, `press "Yes": chat 1 has no message 9`},
		{"data on no message", func() (string, error) { return anna.Press(9, "yes") }, "press a button: chat 1 has no message 9"},
		{"her own message", func() (string, error) { return anna.Press(hers, "yes") }, "press a button: message 1 in chat 1 is not the bot's"},
		{"no data", func() (string, error) { return anna.Press(id, "") }, "press a button: its data has 0 bytes, give 1 to 64"},
		{"too much data", func() (string, error) { return anna.Press(id, strings.Repeat("x", 65)) }, "press a button: its data has 65 bytes, give 1 to 64"},
		{
			"after blocking", func() (string, error) { anna.Block(); return anna.Press(id, "yes") },
			"press a button: the bot cannot be reached from chat 1: Forbidden: bot was blocked by the user",
		},
	} {
		query, err := test.press()
		if test.want == "" && (err != nil || query == "") || test.want != "" && (err == nil || err.Error() != test.want) {
			t.Errorf("%s: got %q, %v", test.name, query, err)
		}
	}
}
