package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"spasmbot/bot/chat"
	"spasmbot/flows"
)

// maxAnswer is the longest answer to a callback query, in UTF-16 units.
const maxAnswer = 200

// Send sends a message, or changes or deletes one if out.Edit is set. A message that was
// sent is success even if the reply tells nothing of it. A change that changes
// nothing is success, and so is to delete what is not there.
func (g *Gateway) Send(ctx context.Context, out chat.Outgoing) (chat.Sent, error) {
	method := sendMethod(out)
	if why := nonsense(out); why != "" {
		return chat.Sent{}, rejected(method, why)
	}
	params, err := messageParams(out)
	if err != nil {
		return chat.Sent{}, rejected(method, "the keyboard cannot be encoded")
	}
	var result json.RawMessage
	if out.Media != nil {
		result, err = g.sendMedia(ctx, method, params, out.Media)
	} else {
		result, err = g.call(ctx, g.sends, method, params)
	}
	if out.Pin || out.Unpin {
		return chat.Sent{ID: out.Edit}, unlessRefused(err)
	}
	if err != nil {
		return chat.Sent{}, err
	}
	// The server said ok, so whatever the result looks like, the message is
	// out; an error here would send it twice. An edit may return just true.
	sent := chat.Sent{ID: out.Edit}
	if id, err := strconv.ParseInt(string(member(result, "message_id")), 10, 64); err == nil && id > 0 {
		sent.ID = id
	}
	if out.Media != nil {
		sent.FileID = fileID(result, out.Media.Kind)
	}
	return sent, nil
}

// unlessRefused passes over that the server refuses a call for what it is about: the
// message is gone, or this chat allows no such thing.
func unlessRefused(err error) error {
	if fault, ok := errors.AsType[*chat.Error](err); ok && fault.Code == http.StatusBadRequest {
		return nil
	}
	return err
}

func sendMethod(out chat.Outgoing) string {
	switch {
	case out.Pin:
		return "pinChatMessage"
	case out.Unpin:
		return "unpinChatMessage"
	case out.Delete:
		return "deleteMessage"
	case out.Media != nil && out.Edit != 0:
		return editMedia
	case out.Media != nil && out.Media.Kind == chat.Animation:
		return "sendAnimation"
	case out.Media != nil && out.Media.Kind == chat.Document:
		return "sendDocument"
	case out.Media != nil:
		return "sendPhoto"
	case out.Edit != 0 && out.Text == "":
		return "editMessageReplyMarkup"
	case out.Edit != 0 && out.Caption:
		return "editMessageCaption"
	case out.Edit != 0:
		return "editMessageText"
	}
	return "sendMessage"
}

// nonsense says what makes a message one that cannot be sent; "" if nothing
// does.
func nonsense(out chat.Outgoing) string {
	switch {
	case out.Chat == 0:
		return "no chat to send to"
	case out.Edit < 0:
		return "the id of the message to edit is negative"
	case (out.Delete || out.Pin || out.Unpin) && (out.Edit == 0 || out.Media != nil):
		return "it is not said which message is to be deleted or pinned"
	case out.Media == nil:
		return ""
	case out.Media.Kind != chat.Photo && out.Media.Kind != chat.Animation && out.Media.Kind != chat.Document:
		return "the kind of the media is not known"
	}
	return ""
}

func messageParams(out chat.Outgoing) (tgbotapi.Params, error) {
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(out.Chat, 10)}
	if out.Delete || out.Pin || out.Unpin {
		params["message_id"] = strconv.FormatInt(out.Edit, 10)
		params.AddBool("disable_notification", out.Pin)
		return params, nil
	}
	text := "text"
	if out.Media != nil || out.Caption {
		text = "caption"
	}
	switch {
	case out.Text == "" && (out.Edit != 0 || out.Media != nil): // only the buttons, only the picture
	case out.Plain:
		params[text] = clean(plainText(out.Text))
	default:
		params[text] = clean(out.Text)
		params["parse_mode"] = "HTML"
	}
	if out.Text != "" && text == "text" {
		params["link_preview_options"] = `{"is_disabled":true}`
	}
	if out.Edit != 0 {
		params["message_id"] = strconv.FormatInt(out.Edit, 10)
	} else {
		params.AddBool("disable_notification", out.Silent)
		params.AddNonZero64("message_thread_id", out.Topic)
		if out.ReplyTo != 0 {
			params["reply_parameters"] = fmt.Sprintf(`{"message_id":%d,"allow_sending_without_reply":true}`, out.ReplyTo)
		}
	}
	markup, err := keyboardMarkup(out.Keyboard)
	params.AddNonEmpty("reply_markup", markup)
	return params, err
}

// keyboardMarkup is "" for a keyboard without keys. Left out of an edit, the
// parameter takes the buttons off; null would be refused.
func keyboardMarkup(keyboard [][]flows.Key) (string, error) {
	type copied struct {
		Text string `json:"text"`
	}
	type key struct {
		Text  string      `json:"text"`
		Data  string      `json:"callback_data,omitempty"`
		URL   string      `json:"url,omitempty"`
		Copy  *copied     `json:"copy_text,omitempty"`
		Style flows.Style `json:"style,omitempty"`
	}
	var rows [][]key
	for _, in := range keyboard {
		if len(in) == 0 {
			continue
		}
		row := make([]key, len(in))
		for i, k := range in {
			row[i] = key{Text: k.Label, Style: k.Style}
			switch { // a key with two purposes is refused
			case k.URL != "":
				row[i].URL = k.URL
			case k.Copy != "":
				row[i].Copy = &copied{clean(k.Copy)}
			default:
				row[i].Data = k.Data
			}
		}
		rows = append(rows, row)
	}
	if len(rows) == 0 {
		return "", nil
	}
	b, err := json.Marshal(struct {
		Rows [][]key `json:"inline_keyboard"`
	}{rows})
	return string(b), err
}

// Answer answers a button press with a line that fades away, or, if text is
// empty, only ends the press. Text beyond 200 UTF-16 units is cut off.
func (g *Gateway) Answer(ctx context.Context, query, text string) error {
	const method = "answerCallbackQuery"
	if query == "" {
		return rejected(method, "no callback query to answer")
	}
	params := tgbotapi.Params{"callback_query_id": query}
	params.AddNonEmpty("text", shorten(clean(text), maxAnswer))
	_, err := g.call(ctx, g.sends, method, params)
	return err
}

// shorten cuts s to limit UTF-16 units, between characters, and shows by an
// ellipsis that something is missing.
func shorten(s string, limit int) string {
	units, fits := 0, 0
	for i, r := range s {
		if units < limit {
			fits = i // room for the ellipsis from here on
		}
		units++
		if r > 0xFFFF {
			units++
		}
		if units > limit {
			return s[:fits] + "…"
		}
	}
	return s
}

// clean makes s acceptable to the server, which refuses a text that is not
// UTF-8 as a whole.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "")
}
