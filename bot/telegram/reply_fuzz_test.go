package telegram

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"

	"spasmbot/bot/chat"
)

// FuzzReply reads arbitrary replies under arbitrary status lines. Success is
// what says ok under a 2xx alone; everything else is a failure of a known kind
// that holds nothing unfit for a log.
func FuzzReply(f *testing.F) {
	f.Add(200, "", sendReply)
	f.Add(200, "", pollReply(2))
	f.Add(200, "", `{"ok":true,"result":true}`)
	f.Add(429, "30", `{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7","parameters":{"retry_after":7}}`)
	f.Add(400, "", `{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001}}`)
	f.Add(400, "", `{"ok":false,"error_code":400,"description":"Bad Request: can't parse entities: Unsupported start tag \"my back\" at byte offset 3"}`)
	f.Add(502, "NaN", `<html>Bad Gateway</html>`)
	f.Add(200, "-1", `{"ok":false,"error_code":-9,"parameters":{"retry_after":"1e400"}}`)
	f.Fuzz(func(t *testing.T, status int, header, body string) {
		result, err := judge(status, http.Header{"Retry-After": {header}}, []byte(body))
		if err == nil {
			checkSuccess(t, status, result, body)
			return
		}
		e, ok := errors.AsType[*chat.Error](err)
		if !ok {
			t.Fatalf("a failure without a kind: %v", err)
		}
		if e.Kind == chat.Limited && e.RetryAfter < time.Second || e.RetryAfter < 0 || e.RetryAfter > 366*24*time.Hour {
			t.Errorf("%s with retry after %v", e.Kind, e.RetryAfter)
		}
		if e.Kind == chat.ChatMoved && e.MovedTo == 0 {
			t.Error("moved, and not where to")
		}
		if said := tidy(e.Description); strings.ContainsFunc(said, unicode.IsControl) || len([]rune(said)) > 201 {
			t.Errorf("unfit for a log: %q", said)
		}
	})
}

func checkSuccess(t *testing.T, status int, result json.RawMessage, body string) {
	t.Helper()
	if status < 200 || status > 299 {
		t.Errorf("success under the status %d", status)
	}
	if !json.Valid([]byte(body)) || strings.Contains(body, `\`) {
		return // a value that is no JSON fails where it is decoded
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal([]byte(body), &object); err != nil || string(object["ok"]) != "true" {
		t.Errorf("taken for success: %s", body)
	}
	if string(result) != string(object["result"]) {
		t.Errorf("the result is %s, want %s", result, object["result"])
	}
}

// Updates as large, as deep and as strange as a server could send them are
// decoded or set aside, and confirmed in both cases.
func TestHostileUpdates(t *testing.T) {
	text := func(id, text string) string {
		return `{"update_id":` + id + `,"message":{` + fromAda + `,` + inPrivate + `,"text":` + text + `}}`
	}
	deep := strings.Repeat(`{"a":[`, 20_000) + strings.Repeat(`]}`, 20_000)
	large := `"` + strings.Repeat("ä", 32<<10) + `"`
	var batch []string
	for range 64 {
		batch = append(batch, text("1", large)) // of 64 KiB each
	}
	for name, c := range map[string]struct {
		batch string
		bad   int
		next  int64
	}{
		"64 KiB":           {text("8", large), 0, 9},
		"4 MiB":            {strings.Join(batch, ","), 0, 2},
		"deep nesting":     {`{"update_id":8,"message":` + deep + `}`, 1, 9},
		"deep beside":      {text("7", `"x"`) + `,{"update_id":8,"unknown":` + deep + `}`, 1, 9},
		"wrong types":      {`{"update_id":8,"message":[1],"callback_query":"x"}`, 1, 9},
		"an id as text":    {`{"update_id":"8","message":{}}`, 1, 9},
		"negative":         {text("7", `"x"`) + `,` + text("-5", `"x"`), 1, 8},
		"huge":             {text("7", `"x"`) + `,` + text("9223372036854775807", `"x"`), 1, 8},
		"beyond all":       {text("7", `"x"`) + `,` + text("92233720368547758070", `"x"`), 1, 8},
		"a fraction":       {text("7", `"x"`) + `,` + text("8.5", `"x"`), 1, 8},
		"a negative user":  {`{"update_id":8,"message":{"from":{"id":-5},` + inPrivate + `,"text":"x"}}`, 0, 9},
		"no ids at all":    {`{},[],null,1`, 4, 5},
		"half of an array": {`{"update_id":8,"message":{"text":"`, -1, 5},
	} {
		g := newGateway(t, replies(200, `{"ok":true,"result":[`+c.batch+`]}`))
		updates, next, err := g.Poll(t.Context(), 5)
		if c.bad < 0 {
			if err == nil {
				t.Errorf("%s: no error", name)
			}
			continue
		}
		bad := 0
		for _, u := range updates {
			if u.Bad != nil {
				bad++
			}
		}
		if err != nil || bad != c.bad || next != c.next {
			t.Errorf("%s: %d bad updates, next %d, %v; want %d, %d", name, bad, next, err, c.bad, c.next)
		}
	}
}
