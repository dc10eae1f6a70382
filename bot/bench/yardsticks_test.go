package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	gotelegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	bolt "go.etcd.io/bbolt"
)

const (
	// workers is how many calls a loop that keeps nothing makes at a time.
	workers = 32
	// What is said on every press.
	saidText = "<b>On your left side.</b> Bend your knees over two or three pillows. Let your legs go heavy.\n\nStay like this until it eases."
	goOn     = "I am lying well, go on"
	enough   = "Enough"
)

// ceiling decodes what it needs of a press, answers it and edits the message.
func ceiling(ctx context.Context, t testing.TB, url string) {
	echoLoop(ctx, echo{t: t, url: url, client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * workers}}})
}

func echoLoop(ctx context.Context, e echo) {
	jobs := make(chan update, 200)
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for u := range jobs {
				e.reply(ctx, u)
			}
		})
	}
	for offset := int64(0); ctx.Err() == nil; {
		var reply struct {
			Result []update `json:"result"`
		}
		_ = json.Unmarshal(e.call(ctx, "getUpdates", map[string]any{"offset": offset, "timeout": 30, "limit": 100}), &reply)
		for _, u := range reply.Result {
			jobs <- u
			offset = u.ID + 1
		}
	}
	close(jobs)
	all.Wait()
}

// update is what the ceiling decodes of one.
type update struct {
	ID      int64 `json:"update_id"`
	Message *struct {
		Chat struct {
			ID int64 `json:"id"`
		} `json:"chat"`
	} `json:"message"`
	Query *struct {
		ID   string `json:"id"`
		From struct {
			ID int64 `json:"id"`
		} `json:"from"`
		Message struct {
			ID int64 `json:"message_id"`
		} `json:"message"`
	} `json:"callback_query"`
}

// echo says the same to everybody.
type echo struct {
	t      testing.TB
	url    string
	client *http.Client
	// drop says which calls are left out; nil for none.
	drop func(method string) bool
}

func (e *echo) reply(ctx context.Context, u update) {
	out := map[string]any{
		"text": saidText, "parse_mode": "HTML",
		"reply_markup": map[string]any{"inline_keyboard": [][]map[string]string{
			{{"text": goOn, "callback_data": "go.on"}}, {{"text": enough, "callback_data": "go.out"}},
		}},
	}
	if u.Query == nil {
		out["chat_id"] = u.Message.Chat.ID
		e.call(ctx, "sendMessage", out)
		return
	}
	e.call(ctx, "answerCallbackQuery", map[string]any{"callback_query_id": u.Query.ID})
	out["chat_id"], out["message_id"] = u.Query.From.ID, u.Query.Message.ID
	e.call(ctx, "editMessageText", out)
}

func (e *echo) call(ctx context.Context, method string, params any) []byte {
	if e.drop != nil && e.drop(method) {
		return nil
	}
	body, _ := json.Marshal(params)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url+"/bot"+wireToken+"/"+method, bytes.NewReader(body))
	if err != nil {
		e.t.Error(err)
		return nil
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := e.client.Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	reply, _ := io.ReadAll(resp.Body)
	return reply
}

// readmeLoop is the loop of the library's README, with one transaction a turn.
func readmeLoop(ctx context.Context, t testing.TB, url string) {
	db, err := bolt.Open(filepath.Join(t.TempDir(), "readme.db"), 0o600, nil)
	if err != nil {
		t.Error(err)
		return
	}
	defer db.Close()
	api, err := tgbotapi.NewBotAPIWithAPIEndpoint(wireToken, url+"/bot%s/%s")
	if err != nil {
		t.Error(err)
		return
	}
	// The library cannot end a poll under way, so this goroutine ends with the
	// server.
	updates := api.GetUpdatesChan(tgbotapi.UpdateConfig{Timeout: 30})
	keyboard := tgbotapi.NewInlineKeyboardMarkup(
		tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData(goOn, "go.on")),
		tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData(enough, "go.out")),
	)
	for {
		var u tgbotapi.Update
		select {
		case u = <-updates:
		case <-ctx.Done():
			api.StopReceivingUpdates()
			return
		}
		user := u.SentFrom().ID
		err := db.Update(func(tx *bolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte("people"))
			if err != nil {
				return err
			}
			record, err := json.Marshal(u)
			if err != nil {
				return err
			}
			return b.Put(fmt.Append(nil, user), record)
		})
		if err != nil {
			t.Error(err)
			return
		}
		if q := u.CallbackQuery; q != nil {
			_, _ = api.Request(tgbotapi.NewCallback(q.ID, ""))
			_, _ = api.Send(tgbotapi.NewEditMessageTextAndMarkup(user, q.Message.MessageID, saidText, keyboard))
			continue
		}
		m := tgbotapi.NewMessage(user, saidText)
		m.ReplyMarkup = keyboard
		_, _ = api.Send(m)
	}
}

// goTelegram is a bot on go-telegram/bot that keeps nothing: its poller and its
// handlers, with as many workers as the ceiling has. A handler has a goroutine
// of its own, as is the library's default.
func goTelegram(ctx context.Context, t testing.TB, url string) {
	keyboard := &models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{
		{{Text: goOn, CallbackData: "go.on"}}, {{Text: enough, CallbackData: "go.out"}},
	}}
	handler := func(ctx context.Context, b *gotelegram.Bot, u *models.Update) {
		if q := u.CallbackQuery; q != nil {
			_, _ = b.AnswerCallbackQuery(ctx, &gotelegram.AnswerCallbackQueryParams{CallbackQueryID: q.ID})
			_, _ = b.EditMessageText(ctx, &gotelegram.EditMessageTextParams{
				ChatID: q.From.ID, MessageID: q.Message.Message.ID, Text: saidText, ParseMode: models.ParseModeHTML, ReplyMarkup: keyboard,
			})
			return
		}
		_, _ = b.SendMessage(ctx, &gotelegram.SendMessageParams{
			ChatID: u.Message.Chat.ID, Text: saidText, ParseMode: models.ParseModeHTML, ReplyMarkup: keyboard,
		})
	}
	options := []gotelegram.Option{
		gotelegram.WithServerURL(url), gotelegram.WithWorkers(workers), gotelegram.WithDefaultHandler(handler),
		gotelegram.WithErrorsHandler(func(error) {}), // the server's end is one
	}
	b, err := gotelegram.New(wireToken, options...)
	if err != nil {
		t.Error(err)
		return
	}
	b.Start(ctx)
}
