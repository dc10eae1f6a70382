package telegram

import (
	"context"
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"spasmbot/bot/chat"
)

// allowedUpdates is sent with every poll: the server remembers the last list
// it got, which may be that of another program.
const allowedUpdates = `["message","edited_message","callback_query","my_chat_member"]`

// Poll waits for updates from offset on and returns them with the offset of
// the next poll, which confirms all of them: store them first. An offset of 0
// starts with the oldest unconfirmed update.
//
// An update that cannot be decoded is returned with Bad set and counts as any
// other for the offset. If not one id of a batch can be read, next is offset
// and the same batch will come again.
func (g *Gateway) Poll(ctx context.Context, offset int64) (updates []chat.Update, next int64, err error) {
	const method = "getUpdates"
	if offset < 0 {
		// To the server it would mean: forget all but the last few.
		return nil, offset, rejected(method, "the offset must not be negative")
	}
	params := tgbotapi.Params{
		"limit":           "100",
		"timeout":         strconv.Itoa(int(g.wait / time.Second)),
		"allowed_updates": allowedUpdates,
	}
	params.AddNonZero64("offset", offset)
	result, err := g.call(ctx, g.polls, method, params)
	if err != nil {
		return nil, offset, err
	}
	items, ok := elements(result)
	if !ok {
		return nil, offset, &chat.Error{Method: method, Kind: chat.Retry, Code: http.StatusOK, Description: "the reply holds no list of updates"}
	}
	return g.decodeBatch(items, offset)
}

// decodeBatch takes the next offset from the last id of the batch, not from
// the highest: when the server starts counting anew, ids fall.
func (g *Gateway) decodeBatch(items []json.RawMessage, offset int64) ([]chat.Update, int64, error) {
	var username string
	if name := g.username.Load(); name != nil {
		username = *name
	}
	updates, next := make([]chat.Update, 0, len(items)), offset
	for _, raw := range items {
		u := decode(raw, username)
		if u.ID != 0 {
			next = u.ID + 1
		}
		updates = append(updates, u)
	}
	return updates, next, nil
}

// validID says that an update id can be confirmed: the offset after it must
// stay positive.
func validID(id int64) bool { return id > 0 && id < math.MaxInt64 }
