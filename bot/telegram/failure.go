package telegram

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode"

	"spasmbot/bot/chat"
)

// asGoodAsDone marks failures that leave the world as the caller wanted it. It
// never leaves this package.
const asGoodAsDone = ^chat.Kind(0)

// verdict says what a failure means: the first row counts whose code fits and
// whose text, in lower case, stands in the description.
type verdict struct {
	code int
	text string
	kind chat.Kind
}

// verdicts is all that is known about the errors of the Bot API. The server
// documents none of these texts; they have been stable for years, and codes
// alone do not tell 400s apart.
var verdicts = [...]verdict{
	{429, "", chat.Limited},
	{500, "", chat.Retry}, // stands for all 5xx
	{401, "", chat.Unauthorized},
	{404, "method not found", chat.Rejected},
	{404, "", chat.Unauthorized}, // how a token of the wrong form is told
	{409, "", chat.Conflict},
	{413, "", chat.Rejected},
	{421, "", chat.Rejected},

	{403, "bot was blocked by the user", chat.ChatGone},
	{403, "user is deactivated", chat.ChatGone},
	{403, "bot can't initiate conversation with a user", chat.ChatGone},
	{403, "bot was kicked from the", chat.ChatGone},
	{403, "bot is not a member of the", chat.ChatGone},
	{403, "the group chat was deleted", chat.ChatGone},
	{403, "", chat.ChatGone}, // a 403 is always about the chat

	{400, "message is not modified", asGoodAsDone},
	{400, "group chat was upgraded to a supergroup chat", chat.ChatMoved},
	// A chat may take words and no pictures.
	{400, "not enough rights to send photos", chat.NoMedia},
	{400, "not enough rights to send animations", chat.NoMedia},
	{400, "chat_send_photos_forbidden", chat.NoMedia},
	{400, "chat_send_gifs_forbidden", chat.NoMedia},
	{400, "chat_send_media_forbidden", chat.NoMedia},
	{400, "chat not found", chat.ChatGone},
	{400, "peer_id_invalid", chat.ChatGone},
	{400, "have no rights to send a message", chat.ChatGone},
	{400, "not enough rights", chat.ChatGone},
	{400, "chat_write_forbidden", chat.ChatGone},
	{400, "message to edit not found", chat.MessageGone},
	{400, "message can't be edited", chat.MessageGone},
	{400, "there is no text in the message to edit", chat.NoText},
	{400, "there is no caption in the message to edit", chat.MessageGone},
	{400, "there is no media in the message to edit", chat.MessageGone},
	{400, "message_id_invalid", chat.MessageGone},
	{400, "message to delete not found", asGoodAsDone},
	{400, "message can't be deleted", chat.MessageGone},
	{400, "query is too old", chat.QueryGone},
	{400, "query id is invalid", chat.QueryGone},
	{400, "query_id_invalid", chat.QueryGone},
	{400, "can't parse entities", chat.BadMarkup},

	{400, "file identifier", chat.FileGone}, // "wrong remote file identifier specified: …"
	{400, "file_id", chat.FileGone},
	{400, "file_reference_", chat.FileGone},
	{400, "file reference", chat.FileGone},
	{400, "can't use file of type", chat.FileGone},
	{400, "type of file mismatch", chat.FileGone},
	{400, "webpage_", chat.FileGone}, // an id taken for an address
	{400, "failed to get http url content", chat.FileGone},
	{400, "caption is too long", chat.NoMedia}, // of the words, not of the file
	{400, "caption_too_long", chat.NoMedia},
	{400, "photo_", chat.BadMedia}, // PHOTO_INVALID_DIMENSIONS and its like
	{400, "image_process_failed", chat.BadMedia},
	{400, "media_", chat.BadMedia},
	{400, "is too big", chat.BadMedia},
	{400, "file must be non-empty", chat.BadMedia},

	{400, "message to be replied not found", chat.Rejected},
	{400, "message thread not found", chat.TopicGone},
	{400, "topic_closed", chat.TopicGone},
	{400, "topic_deleted", chat.TopicGone},
	{400, "topic_id_invalid", chat.TopicGone},
	{400, "message is too long", chat.Rejected},
	{400, "message text is empty", chat.Rejected},
	{400, "button_data_invalid", chat.Rejected},
	{400, "reply markup is too long", chat.Rejected},
	{400, "text is too long", chat.Rejected},
	{400, "", chat.Unknown},
}

func classify(code int, description string) chat.Kind {
	if code >= 500 {
		code = 500
	}
	description = strings.ToLower(description)
	for _, v := range verdicts {
		if v.code == code && strings.Contains(description, v.text) {
			return v.kind
		}
	}
	return chat.Unknown
}

// success is the result of a reply that says ok. It is cut out, not decoded:
// this is the way of nearly all replies.
func success(body []byte) (result json.RawMessage, ok bool) {
	said := false
	whole := walk(body, '{', '}', func(name, value []byte) bool {
		switch string(name) {
		case `"ok"`:
			said = string(value) == "true"
		case `"result"`:
			result = value
		}
		return true
	})
	return result, whole && said
}

// envelope is what a failure is wrapped in.
type envelope struct {
	// OK is nil in JSON that is not Telegram's.
	OK          *bool           `json:"ok"`
	ErrorCode   int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  json.RawMessage `json:"parameters"`
}

// judge tells success from failure. Only an envelope that says ok under a 2xx
// status is success; a proxy that answers in the server's place is none.
func judge(status int, header http.Header, body []byte) (json.RawMessage, error) {
	succeeded := status >= 200 && status < 300
	if result, ok := success(body); ok && succeeded {
		return result, nil
	}
	var env envelope
	if err := json.Unmarshal(body, &env); err != nil || env.OK == nil {
		return nil, foreign(status, header)
	}
	code := env.ErrorCode
	if code == 0 {
		code = status
	}
	if *env.OK || code < 400 {
		return nil, foreign(status, header)
	}
	return nil, refusal(code, header, env)
}

// foreign is the failure of a reply that the Bot API cannot have written. It
// passes, or the operator mends it: no message is to be lost to it.
func foreign(status int, header http.Header) error {
	e := &chat.Error{
		Kind:        chat.Retry,
		Code:        status,
		Description: "the reply does not come from a Bot API server; check the API address and proxies",
		// A proxy that redirects or refuses has not passed the call on.
		MaybeApplied: status < 300 || status >= 500,
	}
	if status == http.StatusTooManyRequests {
		e.Kind = chat.Limited
	}
	e.RetryAfter = retryAfter(e.Kind, 0, header)
	return e
}

// refusal is a failure in the server's own words.
func refusal(code int, header http.Header, env envelope) error {
	// json.Number takes strings, too. What cannot be read counts as absent.
	var params struct {
		RetryAfter json.Number `json:"retry_after"`
		MigrateTo  json.Number `json:"migrate_to_chat_id"`
	}
	_ = json.Unmarshal(env.Parameters, &params)
	seconds, _ := params.RetryAfter.Float64()
	e := &chat.Error{
		Kind:         classify(code, env.Description),
		Code:         code,
		Description:  env.Description,
		MaybeApplied: code >= 500,
	}
	e.RetryAfter = retryAfter(e.Kind, seconds, header)
	if moved, _ := params.MigrateTo.Int64(); moved != 0 {
		e.Kind, e.MovedTo = chat.ChatMoved, moved
	} else if e.Kind == chat.ChatMoved {
		e.Kind = chat.ChatGone // moved, and nobody knows where to
	}
	return e
}

// retryAfter is what the server asks for, in its reply or else in the header.
// A limit without a time is answered with a second, never with none. The
// comparisons are written so that NaN counts as no time.
func retryAfter(kind chat.Kind, seconds float64, header http.Header) time.Duration {
	const most = 366 * 24 * 3600 // keeps the product within a Duration
	if !(seconds > 0) {
		seconds, _ = strconv.ParseFloat(header.Get("Retry-After"), 64)
	}
	if kind == chat.Limited && !(seconds >= 1) {
		seconds = 1
	}
	if !(seconds > 0) {
		return 0
	}
	return time.Duration(min(seconds, most) * float64(time.Second))
}

// tidy makes a description fit for a log: one line, not endless, and without
// what the server quotes, which is a piece of the message.
func tidy(description string) string {
	const most = 200
	var b strings.Builder
	var quote rune
	count, last := 0, ' '
	for _, r := range description {
		opens := quote == 0 && (r == '"' || r == '\'') && !unicode.IsLetter(last)
		switch {
		case opens:
			quote = r
			b.WriteString("…")
		case r == quote:
			quote = 0
		case quote != 0:
		case unicode.IsControl(r):
			b.WriteRune(' ')
		default:
			b.WriteRune(r)
		}
		last = r
		if count++; count == most {
			b.WriteString("…")
			break
		}
	}
	return b.String()
}
