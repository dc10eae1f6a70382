package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
	bolt "go.etcd.io/bbolt"

	"spasmbot/bot/app"
	"spasmbot/bot/telegram"
	"spasmbot/storage/boltstore"
)

// contestant answers people until ctx ends.
type contestant struct {
	name string
	run  func(ctx context.Context, t testing.TB, url string)
}

var contestants = []contestant{
	{"ceiling", stateless},
	{"readme", readmeLoop},
	{"spasmbot", wholeBot},
}

// BenchmarkWire measures turns through the whole pipe, over a socket, with
// everything durable, beside two yardsticks: a loop that keeps nothing, written
// straight on net/http, which is the ceiling of the wire; and the loop that the
// library's README suggests, with one bbolt transaction a turn. They take turns
// in one run; what is reported are medians and their ratios.
//
// A turn is a press: its answer, and an edit of the message with new buttons.
func BenchmarkWire(b *testing.B) {
	const people = 100
	turns := map[string]int{"ceiling": 20_000, "readme": 2_000, "spasmbot": 20_000}
	rate, cpu := make(map[string][]float64), make(map[string][]float64)
	for b.Loop() {
		for _, c := range contestants {
			n := turns[c.name]
			elapsed, used := compete(b, c, people, n)
			rate[c.name] = append(rate[c.name], float64(n)/elapsed.Seconds())
			cpu[c.name] = append(cpu[c.name], float64(used.Microseconds())/float64(n))
		}
	}
	for _, c := range contestants {
		b.ReportMetric(median(rate[c.name]), c.name+"-turns/s")
		b.ReportMetric(median(cpu[c.name]), c.name+"-cpu-µs/turn")
	}
	b.ReportMetric(median(ratios(rate["spasmbot"], rate["ceiling"])), "of-ceiling")
	b.ReportMetric(median(ratios(rate["spasmbot"], rate["readme"])), "of-readme")
	b.ReportMetric(median(ratios(cpu["spasmbot"], cpu["ceiling"])), "cpu-of-ceiling")
	b.ReportMetric(0, "ns/op")
}

// compete lets one contestant take n turns once it is warm, and returns how long
// that took and how much CPU time this process used.
func compete(b *testing.B, c contestant, people, n int) (elapsed, used time.Duration) {
	b.Helper()
	url, wait := startWire(b, people, n)
	ctx, stop := context.WithCancel(b.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		c.run(ctx, b, url)
	}()
	wait("warm")
	before, begun := cpuTime(), time.Now()
	wait("done")
	elapsed, used = time.Since(begun), cpuTime()-before
	stop()
	<-ended
	return elapsed, used
}

// cpuTime is what this process has used so far.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	return list[len(list)/2]
}

func ratios(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / b[i]
	}
	return out
}

// wholeBot is the bot as "spasmbot run" wires it, on a flow that goes round in
// a circle.
func wholeBot(ctx context.Context, t testing.TB, url string) {
	store, err := boltstore.Open(filepath.Join(t.TempDir(), "bot.db"))
	if err != nil {
		t.Error(err)
		return
	}
	defer store.Close()
	cat, err := loadFlows(filepath.Join("testdata", "loop"), "UTC")
	if err != nil {
		t.Error(err)
		return
	}
	token, err := telegram.ParseToken(wireToken)
	if err != nil {
		t.Error(err)
		return
	}
	gateway, err := telegram.New(telegram.Config{Token: token, BaseURL: url})
	if err != nil {
		t.Error(err)
		return
	}
	a, err := app.New(ctx, app.Config{Catalog: cat, Store: store, Gateway: gateway})
	if err != nil {
		t.Error(err)
		return
	}
	defer debug.SetGCPercent(debug.SetGCPercent(gcPercent))
	if err := a.Run(ctx); err != nil {
		t.Error(err)
	}
}

// echoWorkers is how many calls the stateless loop makes at a time.
const echoWorkers = 32

// stateless decodes what it needs of a press, answers it and edits the message.
func stateless(ctx context.Context, t testing.TB, url string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 2 * echoWorkers}}
	call := func(method string, params any) []byte {
		body, _ := json.Marshal(params)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/bot"+wireToken+"/"+method, bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return nil
		}
		req.Header.Set("Content-Type", "application/json")
		resp, err := client.Do(req)
		if err != nil {
			return nil
		}
		defer resp.Body.Close()
		reply, _ := io.ReadAll(resp.Body)
		return reply
	}
	type update struct {
		ID      int64 `json:"update_id"`
		Message *struct {
			Chat struct {
				ID int64 `json:"id"`
			} `json:"chat"`
			Text string `json:"text"`
		} `json:"message"`
		Query *struct {
			ID   string `json:"id"`
			Data string `json:"data"`
			From struct {
				ID int64 `json:"id"`
			} `json:"from"`
			Message struct {
				ID int64 `json:"message_id"`
			} `json:"message"`
		} `json:"callback_query"`
	}
	jobs := make(chan update, 200)
	var workers sync.WaitGroup
	for range echoWorkers {
		workers.Go(func() {
			for u := range jobs {
				out := map[string]any{
					"text": echoText, "parse_mode": "HTML",
					"reply_markup": map[string]any{"inline_keyboard": [][]map[string]string{
						{{"text": "I am lying well, go on", "callback_data": "go.on"}}, {{"text": "Enough", "callback_data": "go.out"}},
					}},
				}
				if u.Query == nil {
					out["chat_id"] = u.Message.Chat.ID
					call("sendMessage", out)
					continue
				}
				call("answerCallbackQuery", map[string]any{"callback_query_id": u.Query.ID})
				out["chat_id"], out["message_id"] = u.Query.From.ID, u.Query.Message.ID
				call("editMessageText", out)
			}
		})
	}
	for offset := int64(0); ctx.Err() == nil; {
		var reply struct {
			Result []update `json:"result"`
		}
		_ = json.Unmarshal(call("getUpdates", map[string]any{"offset": offset, "timeout": 30, "limit": 100}), &reply)
		for _, u := range reply.Result {
			jobs <- u
			offset = u.ID + 1
		}
	}
	close(jobs)
	workers.Wait()
}

const echoText = "<b>On your left side.</b> Bend your knees over two or three pillows. Let your legs go heavy.\n\nStay like this until it eases."

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
		tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("I am lying well, go on", "go.on")),
		tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("Enough", "go.out")),
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
			_, _ = api.Send(tgbotapi.NewEditMessageTextAndMarkup(user, q.Message.MessageID, echoText, keyboard))
			continue
		}
		m := tgbotapi.NewMessage(user, echoText)
		m.ReplyMarkup = keyboard
		_, _ = api.Send(m)
	}
}
