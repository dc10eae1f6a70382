package telegram

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

func pollOnce(t *testing.T, offset int64, result string) (updates []chat.Update, next int64, asked []seen) {
	t.Helper()
	g := newGateway(t, recording(`{"ok":true,"result":`+result+`}`, &asked))
	updates, next, err := g.Poll(t.Context(), offset)
	if err != nil {
		t.Fatal(err)
	}
	return updates, next, asked
}

func TestPollAsksForWhatItUses(t *testing.T) {
	_, next, asked := pollOnce(t, 0, `[]`)
	form := asked[0].form
	if next != 0 || form.Has("offset") || form.Get("limit") != "100" || form.Get("timeout") != "30" {
		t.Errorf("first poll: next %d, sent %v", next, form)
	}
	// Left out or null, the server would go on with the list of whoever
	// polled before.
	if got := form.Get("allowed_updates"); got != `["message","edited_message","callback_query","my_chat_member"]` {
		t.Errorf("allowed_updates = %s", got)
	}
	_, next, asked = pollOnce(t, 4503599627370497, `[]`)
	if next != 4503599627370497 || asked[0].form.Get("offset") != "4503599627370497" {
		t.Errorf("next poll: next %d, sent %v", next, asked[0].form)
	}
}

func TestPollLetsOnlyOneRequestOut(t *testing.T) {
	calls := 0
	g := newGateway(t, handlerTransport(func(w http.ResponseWriter, _ *http.Request) {
		calls++
		_, _ = w.Write([]byte(pollReply(3)))
	}))
	// A second request would confirm updates that nobody has stored yet.
	updates, next, err := g.Poll(t.Context(), 1)
	if err != nil || len(updates) != 3 || next != 700000003 || calls != 1 {
		t.Errorf("%d updates, next %d, %d calls, %v", len(updates), next, calls, err)
	}
}

func TestNegativeOffsetIsNeverSent(t *testing.T) {
	g := newGateway(t, transportFunc(func(*http.Request) (*http.Response, error) {
		t.Error("it would make the server forget updates")
		return nil, http.ErrServerClosed
	}))
	_, next, err := g.Poll(t.Context(), -1)
	if e := failureOf(t, err); e.Kind != chat.Rejected || next != -1 {
		t.Errorf("next %d, %+v", next, e)
	}
}

func TestIdsThatStartAnewAreAccepted(t *testing.T) {
	updates, next, _ := pollOnce(t, 900, `[{"update_id":12},{"update_id":13}]`)
	if len(updates) != 2 || updates[0].ID != 12 || next != 14 {
		t.Errorf("%d updates, next %d", len(updates), next)
	}
	// Falling within a batch: the last counts, not the highest.
	if _, next, _ = pollOnce(t, 900, `[{"update_id":905},{"update_id":13}]`); next != 14 {
		t.Errorf("next %d after a fall within the batch", next)
	}
}

func TestBadUpdateDoesNotHoldUpTheOthers(t *testing.T) {
	good := `{"update_id":%d,"message":{"message_id":1,"from":{"id":5},"chat":{"id":5,"type":"private"},"date":1,"text":"hi"}}`
	for name, bad := range map[string]string{
		"wrong type":       `{"update_id":11,"message":{"chat":{"id":"my secret"},"text":"my secret"}}`,
		"wrong type above": `{"update_id":11,"message":"my secret"}`,
		"float id":         `{"update_id":11.5,"message":{}}`,
		"id as text":       `{"update_id":"11"}`,
		"no id":            `{"message":{"text":"my secret"}}`,
		"null":             `null`,
		"number":           `5`,
		"text":             `"my secret"`,
		"list":             `[1,2]`,
		"huge id":          `{"update_id":99999999999999999999}`,
		"negative id":      `{"update_id":-11}`,
		"largest id":       fmt.Sprintf(`{"update_id":%d}`, int64(math.MaxInt64)),
		"not JSON within":  `{"update_id":11,"message":{my secret}}`,
	} {
		t.Run(name, func(t *testing.T) {
			updates, next, _ := pollOnce(t, 10, "["+fmt.Sprintf(good, 10)+", "+bad+" ,"+fmt.Sprintf(good, 12)+"]")
			if len(updates) != 3 || next != 13 {
				t.Fatalf("%d updates, next %d", len(updates), next)
			}
			if u := updates[1]; u.Bad == nil || u.Event != nil || string(u.Raw) != bad || strings.Contains(u.Bad.Error(), "secret") {
				t.Errorf("bad update: %+v, raw %s", u, u.Raw)
			}
			for _, u := range []chat.Update{updates[0], updates[2]} {
				if u.Bad != nil || u.Event != (flows.Text{Text: "hi", Message: 1}) {
					t.Errorf("good update: %+v", u)
				}
			}
		})
	}
}

func TestBadUpdateAtTheEndIsConfirmedIfItsIdCanBeRead(t *testing.T) {
	for bad, want := range map[string]int64{
		`{"update_id":11,"message":5}`:   12,
		`{"update_id":"11","message":5}`: 12,
		`{"message":5}`:                  11,
	} {
		if _, next, _ := pollOnce(t, 10, `[{"update_id":10},`+bad+`]`); next != want {
			t.Errorf("next %d after %s, want %d", next, bad, want)
		}
	}
	if _, next, _ := pollOnce(t, 10, `[null]`); next != 10 {
		t.Errorf("next %d when no id can be read", next)
	}
}

func TestBadPressCanStillBeAnswered(t *testing.T) {
	updates, _, _ := pollOnce(t, 10, `[{"update_id":11,"callback_query":{"id":"q1","from":"nobody","data":"x"}}]`)
	if u := updates[0]; u.Bad == nil || u.Query != "q1" {
		t.Errorf("%+v", u)
	}
}

func TestReplyWithoutAListIsNotAnEmptyBatch(t *testing.T) {
	for _, body := range []string{`{"ok":true}`, `{"ok":true,"result":null}`, `{"ok":true,"result":{}}`, `{"ok":true,"result":true}`, `{"ok":true,"result":[1,]}`} {
		_, next, err := newGateway(t, replies(200, body)).Poll(t.Context(), 5)
		if e := failureOf(t, err); e.Kind != chat.Retry || next != 5 {
			t.Errorf("%s: next %d, %+v", body, next, e)
		}
	}
}

func TestRawUpdatesDoNotRunIntoEachOther(t *testing.T) {
	updates, _, _ := pollOnce(t, 0, `[{"update_id":1},{"update_id":2}]`)
	_ = append(updates[0].Raw, "garbage garbage"...)
	if got := string(updates[1].Raw); got != `{"update_id":2}` {
		t.Errorf("appending to one changed the next: %s", got)
	}
}

func TestPollWaitIsSentInSeconds(t *testing.T) {
	var asked []seen
	g := newGatewayWith(t, Config{PollTimeout: 2 * time.Minute, Transport: recording(`{"ok":true,"result":[]}`, &asked)})
	if _, _, err := g.Poll(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	if got := asked[0].form.Get("timeout"); got != "50" {
		t.Errorf("timeout = %s", got)
	}
}
