package telegram

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"spasmbot/flows"
	"spasmbot/flows/typed"
)

func TestCommand(t *testing.T) {
	marked := func(length int) string {
		return fmt.Sprintf(`[{"type":"bot_command","offset":0,"length":%d}]`, length)
	}
	command := func(name, args string) flows.Event { return flows.Command{Name: name, Args: args} }
	for _, c := range []struct {
		text, entities string
		want           flows.Event
	}{
		{"/spasm", "", command("spasm", "")},
		{"/SPASM", marked(6), command("spasm", "")},
		{"/pain  7 \n", marked(5), command("pain", "7")},
		{"/pain\u00a07", marked(5), command("pain", "7")}, // a space of two bytes
		{"/pain\u30007", "", command("pain", "7")},
		{"/pain\n7", "", command("pain", "7")},
		{"/pain-7", marked(5), command("pain", "-7")},
		{"/pain-7", "", command("pain-7", "")},
		{"/start 😀 ü", marked(6), command("start", "😀 ü")},
		{"/боль 7", "", command("боль", "7")},
		{"/spasm@Spasm_Bot now", marked(16), command("spasm", "now")},
		{"/spasm@sPASM_bOT now", "", command("spasm", "now")},
		{"/spasm@other_bot now", marked(16), nil},
		{"/spasm@", "", nil},
		// As keyboards write it.
		{" /spasm", "", command("spasm", "")},
		{"\u00a0\u200f/spasm\u200e", marked(6), command("spasm", "")},
		{"\u3000/pain-7", `[{"type":"bot_command","offset":1,"length":5}]`, command("pain", "-7")},
		{"\u3000/pain-7", marked(5), command("pain-7", "")}, // cannot be true: it begins later
		{"／spasm", "", command("spasm", "")},
		{"／ＳＰＡＳＭ　７", "", command("spasm", "７")},
		{"/spa\u200bsm\u00a07\u00a0", "", command("spasm", "7")},
		{"／spasm＠Spasm_Bot", "", command("spasm", "")},
		{"／spasm＠other_bot", "", nil},
		{"/move_٢", "", command("move_2", "")},
		{"／", "", flows.Text{Text: "／"}},
		{"\u200f", "", flows.Text{Text: "\u200f"}},
		// Marks that cannot be true.
		{"/pain 7", marked(7), command("pain", "7")},
		{"/pain 7", marked(500), command("pain", "7")},
		{"/pain 7", marked(-3), command("pain", "7")},
		{"/pain 7", marked(0), command("pain", "7")},
		{"/pain 7", marked(1), command("pain", "7")},
		{"/a😀b c", marked(3), command("a😀b", "c")}, // would split the emoji
		{"/pain 7", `[{"type":"bot_command","offset":1,"length":2}]`, command("pain", "7")},
		{"/pain 7", `[{"type":"bold","offset":0,"length":2}]`, command("pain", "7")},
		{"/pain 7", `[{"type":"bot_command","offset":0,"length":1e99}]`, command("pain", "7")},
		{"/pain 7", `{`, command("pain", "7")},
		// No commands.
		{"/", "", flows.Text{Text: "/"}},
		{"/ pain", "", flows.Text{Text: "/ pain"}},
		{"/@Spasm_Bot", "", flows.Text{Text: "/@Spasm_Bot"}},
		{"my /pain", `[{"type":"bot_command","offset":3,"length":5}]`, flows.Text{Text: "my /pain"}},
	} {
		if got := textEvent(c.text, json.RawMessage(c.entities), "Spasm_Bot", false); got != c.want {
			t.Errorf("%q with %s is %#v, want %#v", c.text, c.entities, got, c.want)
		}
	}
}

func TestCommandToAnotherBotCountsWhereItCannotBeMeant(t *testing.T) {
	want := flows.Command{Name: "spasm"}
	if got := textEvent("/spasm@other", nil, "spasm_bot", true); got != want {
		t.Errorf("in private: %#v", got)
	}
	if got := textEvent("/spasm@other", nil, "", false); got != want {
		t.Errorf("before the own name is known: %#v", got)
	}
}

func TestNameIsKnownOnceTheBotHasAsked(t *testing.T) {
	body := `{"ok":true,"result":{"id":9,"username":"Spasm_Bot"}}`
	var asked []seen
	g := newGateway(t, recording(body, &asked))
	if _, err := g.Me(t.Context()); err != nil {
		t.Fatal(err)
	}
	raw := json.RawMessage(`{"update_id":1,"message":{` + fromAda + `,` + inGroup + `,"text":"/spasm@other"}}`)
	updates, _, _ := g.decodeBatch([]json.RawMessage{raw}, 0)
	if updates[0].Event != nil {
		t.Errorf("%#v", updates[0].Event)
	}
}

func FuzzCommand(f *testing.F) {
	f.Add("/pain@spasm_bot 7", "bot_command", 0, 15, true)
	f.Add("/a😀\u00a0\xff", "bot_command", 0, 3, false)
	f.Add("/", "bot_command", 0, -1, false)
	f.Add("\u00a0／ＳＰＡＳＭ＠ｂｏｔ　７", "bot_command", 1, 10, false)
	f.Fuzz(func(t *testing.T, text, kind string, offset, length int, private bool) {
		entities, err := json.Marshal([]entity{{kind, offset, length}})
		if err != nil {
			t.Skip()
		}
		switch e := textEvent(text, entities, "spasm_bot", private).(type) {
		case flows.Text:
			if e.Text != text {
				t.Errorf("%q became %q", text, e.Text)
			}
		case flows.Command:
			if e.Name == "" || strings.ContainsAny(e.Name, " \u00a0\n@") || e.Args != typed.Trim(e.Args) {
				t.Errorf("%q became %+v", text, e)
			}
			if utf8.ValidString(text) && !(utf8.ValidString(e.Name) && utf8.ValidString(e.Args)) {
				t.Errorf("%q was cut within a character: %+v", text, e)
			}
		case nil:
			if private || !strings.Contains(typed.Plain(text), "@") {
				t.Errorf("%q is lost", text)
			}
		}
	})
}
