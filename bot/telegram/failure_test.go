package telegram

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/chat"
)

// refusals are descriptions as the server words them.
var refusals = []struct {
	code        int
	description string
	want        chat.Kind
}{
	{429, "Too Many Requests: retry after 7", chat.Limited},
	{500, "Internal Server Error", chat.Retry},
	{500, "Internal Server Error: restart", chat.Retry},
	{502, "Bad Gateway", chat.Retry},
	{503, "Service Unavailable", chat.Retry},
	{504, "Gateway Timeout", chat.Retry},
	{401, "Unauthorized", chat.Unauthorized},
	{404, "Not Found", chat.Unauthorized},
	{404, "Not Found: method not found", chat.Rejected},
	{413, "Request Entity Too Large", chat.Rejected},
	{421, "Misdirected Request", chat.Rejected},
	{409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", chat.Conflict},
	{409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first", chat.Conflict},
	{403, "Forbidden: bot was blocked by the user", chat.ChatGone},
	{403, "Forbidden: user is deactivated", chat.ChatGone},
	{403, "Forbidden: bot can't initiate conversation with a user", chat.ChatGone},
	{403, "Forbidden: bot was kicked from the supergroup chat", chat.ChatGone},
	{403, "Forbidden: bot is not a member of the channel chat", chat.ChatGone},
	{403, "Forbidden: the group chat was deleted", chat.ChatGone},
	{403, "Forbidden: something new", chat.ChatGone},
	{400, "Bad Request: chat not found", chat.ChatGone},
	{400, "Bad Request: PEER_ID_INVALID", chat.ChatGone},
	{400, "Bad Request: have no rights to send a message", chat.ChatGone},
	{400, "Bad Request: not enough rights to send text messages to the chat", chat.ChatGone},
	{400, "Bad Request: CHAT_WRITE_FORBIDDEN", chat.ChatGone},
	{400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same", asGoodAsDone},
	{400, "Bad Request: group chat was upgraded to a supergroup chat", chat.ChatMoved},
	{400, "Bad Request: message to edit not found", chat.MessageGone},
	{400, "Bad Request: message can't be edited", chat.MessageGone},
	{400, "Bad Request: MESSAGE_ID_INVALID", chat.MessageGone},
	{400, "Bad Request: message to delete not found", asGoodAsDone},
	{400, "Bad Request: message can't be deleted for everyone", chat.MessageGone},
	{400, "Bad Request: query is too old and response timeout expired or query ID is invalid", chat.QueryGone},
	{400, "Bad Request: QUERY_ID_INVALID", chat.QueryGone},
	{400, "Bad Request: message to be replied not found", chat.Rejected},
	{400, "Bad Request: message thread not found", chat.TopicGone},
	{400, "Bad Request: TOPIC_CLOSED", chat.TopicGone},
	{400, "Bad Request: TOPIC_DELETED", chat.TopicGone},
	{400, "Bad Request: TOPIC_ID_INVALID", chat.TopicGone},
	{400, "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 3", chat.BadMarkup},
	{400, "Bad Request: message is too long", chat.Rejected},
	{400, "Bad Request: message text is empty", chat.Rejected},
	{400, "Bad Request: BUTTON_DATA_INVALID", chat.Rejected},
	{400, "Bad Request: reply markup is too long", chat.Rejected},
	{400, "Bad Request: Text is too long", chat.Rejected},
	{400, "Bad Request: there is no text in the message to edit", chat.NoText},
	{400, "Bad Request: there is no caption in the message to edit", chat.MessageGone},
	{400, "Bad Request: there is no media in the message to edit", chat.MessageGone},
	{400, "Bad Request: wrong file identifier/HTTP URL specified", chat.FileGone},
	{400, "Bad Request: wrong remote file identifier specified: can't unserialize it. Wrong last symbol", chat.FileGone},
	{400, "Bad Request: invalid file_id", chat.FileGone},
	{400, "Bad Request: FILE_REFERENCE_EXPIRED", chat.FileGone},
	{400, "Bad Request: file reference expired", chat.FileGone},
	{400, "Bad Request: can't use file of type Document as Photo", chat.FileGone},
	{400, "Bad Request: type of file mismatch", chat.FileGone},
	{400, "Bad Request: WEBPAGE_MEDIA_EMPTY", chat.FileGone},
	{400, "Bad Request: failed to get HTTP URL content", chat.FileGone},
	{400, "Bad Request: PHOTO_INVALID_DIMENSIONS", chat.BadMedia},
	{400, "Bad Request: IMAGE_PROCESS_FAILED", chat.BadMedia},
	{400, "Bad Request: MEDIA_INVALID", chat.BadMedia},
	{400, "Bad Request: MEDIA_CAPTION_TOO_LONG", chat.NoMedia},
	{400, "Bad Request: file is too big for a photo", chat.BadMedia},
	{400, "Bad Request: file must be non-empty", chat.BadMedia},
	{400, "Bad Request: message caption is too long", chat.NoMedia},
	{400, "Bad Request: not enough rights to send photos to the chat", chat.NoMedia},
	{400, "Bad Request: not enough rights to send animations to the chat", chat.NoMedia},
	{400, "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN", chat.NoMedia},
	{400, "Bad Request: CHAT_SEND_GIFS_FORBIDDEN", chat.NoMedia},
	{400, "Bad Request: CHAT_SEND_MEDIA_FORBIDDEN", chat.NoMedia},
	{400, "Bad Request: SOMETHING_NEW", chat.Unknown},
	{400, "", chat.Unknown},
	{402, "Payment Required", chat.Unknown},
	// The text alone does not decide: the code must fit.
	{403, "Forbidden: message is not modified", chat.ChatGone},
	{429, "Too Many Requests: chat not found", chat.Limited},
}

func TestErrorTable(t *testing.T) {
	for _, c := range refusals {
		if got := classify(c.code, c.description); got != c.want {
			t.Errorf("%d %q is %s, want %s", c.code, c.description, got, c.want)
		}
	}
}

func TestEachRowOfTheErrorTableDecidesSomething(t *testing.T) {
	decided := map[verdict]bool{}
	for _, c := range refusals {
		for _, v := range verdicts {
			if classifiedBy(v, c.code, c.description) {
				decided[v] = true
				break
			}
		}
	}
	for _, v := range verdicts {
		// "query id is invalid" stands in one sentence with "query is too old".
		if !decided[v] && v.text != "query id is invalid" {
			t.Errorf("no case for row %+v", v)
		}
	}
}

func classifiedBy(v verdict, code int, description string) bool {
	return v.code == min(code, 500) && strings.Contains(strings.ToLower(description), v.text)
}

func refuse(code int, description, parameters string) http.RoundTripper {
	body, _ := json.Marshal(map[string]any{
		"ok": false, "error_code": code, "description": description, "parameters": json.RawMessage(parameters),
	})
	return replies(code, string(body))
}

func TestRefusalReachesTheCallerByKind(t *testing.T) {
	for _, c := range refusals {
		parameters := `{}`
		if c.want == chat.ChatMoved {
			parameters = `{"migrate_to_chat_id":-1002}`
		}
		g := newGateway(t, refuse(c.code, c.description, parameters))
		_, err := g.Send(t.Context(), chat.Outgoing{Chat: 1, Text: "x"})
		if c.want == asGoodAsDone {
			if err != nil {
				t.Errorf("%d %q: %v, want success", c.code, c.description, err)
			}
			continue
		}
		e := failureOf(t, err)
		if e.Kind != c.want || e.Code != c.code || e.Method != "sendMessage" || e.MaybeApplied != (c.code >= 500) {
			t.Errorf("%d %q: %+v", c.code, c.description, e)
		}
	}
}

func TestRetryAfterIsFoundWhereverItStands(t *testing.T) {
	for _, c := range []struct {
		parameters, header string
		want               time.Duration
	}{
		{`{"retry_after":7}`, "", 7 * time.Second},
		{`{"retry_after":7}`, "30", 7 * time.Second},
		{`{"retry_after":"7"}`, "", 7 * time.Second},
		{`{"retry_after":0.5}`, "", time.Second},
		{`{}`, "30", 30 * time.Second},
		{`null`, "30", 30 * time.Second},
		{`[]`, "30", 30 * time.Second},
		{`{"retry_after":-1}`, "30", 30 * time.Second},
		{`{"retry_after":{}}`, "30", 30 * time.Second},
		{`{}`, "", time.Second}, // never at once
		{`{}`, "NaN", time.Second},
		{`{}`, "Sun, 06 Nov 1994 08:49:37 GMT", time.Second},
		{`{"retry_after":86400}`, "", 24 * time.Hour},
		{`{"retry_after":1e300}`, "", 366 * 24 * time.Hour},
	} {
		g := newGateway(t, handlerTransport(func(w http.ResponseWriter, _ *http.Request) {
			if c.header != "" {
				w.Header().Set("Retry-After", c.header)
			}
			w.WriteHeader(http.StatusTooManyRequests)
			_, _ = w.Write([]byte(`{"ok":false,"error_code":429,"description":"Too Many Requests","parameters":` + c.parameters + `}`))
		}))
		e := failureOf(t, g.Answer(t.Context(), "q", ""))
		if e.Kind != chat.Limited || e.RetryAfter != c.want {
			t.Errorf("%s, header %q: %s after %s, want %s", c.parameters, c.header, e.Kind, e.RetryAfter, c.want)
		}
	}
}

func TestMovedChatNamesItsNewID(t *testing.T) {
	const moved = "Bad Request: group chat was upgraded to a supergroup chat"
	for _, c := range []struct {
		parameters string
		kind       chat.Kind
		to         int64
	}{
		{`{"migrate_to_chat_id":-1001234567890123}`, chat.ChatMoved, -1001234567890123},
		{`{"migrate_to_chat_id":"-1001234567890123"}`, chat.ChatMoved, -1001234567890123},
		{`{}`, chat.ChatGone, 0},
	} {
		g := newGateway(t, refuse(400, moved, c.parameters))
		_, err := g.Send(t.Context(), chat.Outgoing{Chat: -5, Text: "x"})
		if e := failureOf(t, err); e.Kind != c.kind || e.MovedTo != c.to {
			t.Errorf("%s: %+v", c.parameters, e)
		}
	}
}

// Replies that no Bot API server can have written, most of which the library
// would take for something.
func TestForeignReplies(t *testing.T) {
	const page = "<html>Bad Gateway</html>"
	for _, c := range []struct {
		name   string
		status int
		body   string
		kind   chat.Kind
		maybe  bool
	}{
		{"page of a proxy", 502, page, chat.Retry, true},
		{"ok in a 502", 502, `{"ok":true,"result":{"message_id":5}}`, chat.Retry, true},
		{"ok in a 404", 404, `{"ok":true}`, chat.Retry, false},
		{"page with 200", 200, page, chat.Retry, true},
		{"empty body", 200, "", chat.Retry, true},
		{"empty 503", 503, "", chat.Retry, true},
		{"cut off", 200, `{"ok":true,"result":{"message_id":`, chat.Retry, true},
		{"two replies", 200, `{"ok":true}{"ok":true}`, chat.Retry, true},
		{"other JSON", 200, `{"status":"fine"}`, chat.Retry, true},
		{"ok of another type", 200, `{"ok":"true","result":{}}`, chat.Retry, true},
		{"JSON null", 200, `null`, chat.Retry, true},
		{"failure without a code", 200, `{"ok":false}`, chat.Retry, true},
		{"redirect", 302, "", chat.Retry, false},
		{"not found page", 404, page, chat.Retry, false},
		{"forbidden page", 403, page, chat.Retry, false},
		{"limit of a proxy", 429, page, chat.Limited, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := newGateway(t, replies(c.status, c.body))
			_, err := g.Send(t.Context(), chat.Outgoing{Chat: 1, Text: "x"})
			e := failureOf(t, err)
			if e.Kind != c.kind || e.MaybeApplied != c.maybe || e.Code != c.status {
				t.Errorf("send: %+v", e)
			}
			if strings.Contains(e.Description, "Gateway") || strings.Contains(e.Description, "fine") {
				t.Errorf("the body is in the error: %v", e)
			}
			_, _, err = g.Poll(t.Context(), 1)
			if e := failureOf(t, err); e.Kind != c.kind || e.MaybeApplied {
				t.Errorf("poll: %+v", e)
			}
		})
	}
}

func TestFailureWithoutACodeTakesTheStatus(t *testing.T) {
	g := newGateway(t, replies(401, `{"ok":false,"description":"Unauthorized"}`))
	_, err := g.Me(t.Context())
	if e := failureOf(t, err); e.Kind != chat.Unauthorized || e.Code != 401 {
		t.Errorf("%+v", e)
	}
}

func TestDescriptionHoldsNothingOfTheMessage(t *testing.T) {
	for in, want := range map[string]string{
		`Bad Request: Unsupported start tag "my back" at byte offset 3`:                   `Bad Request: Unsupported start tag … at byte offset 3`,
		`Bad Request: inline keyboard button URL 'tel:5' is invalid: Wrong HTTP URL`:      `Bad Request: inline keyboard button URL … is invalid: Wrong HTTP URL`,
		`Bad Request: message can't be edited`:                                            `Bad Request: message can't be edited`,
		"two\nlines\x1b[31m":                                                              "two lines [31m",
		`never closed "my back`:                                                           `never closed …`,
		`Bad Request: can't find end tag corresponding to start tag "it's" and "another"`: `Bad Request: can't find end tag corresponding to start tag … and …`,
	} {
		if got := tidy(in); got != want {
			t.Errorf("tidy(%q) = %q, want %q", in, got, want)
		}
	}
	if got := []rune(tidy(strings.Repeat("ä", 5000))); len(got) != 201 {
		t.Errorf("a long description keeps %d characters", len(got))
	}
}
