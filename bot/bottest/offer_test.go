package bottest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"spasmbot/bot/app"
	"spasmbot/flows/lang"
	"spasmbot/storage/boltstore"
)

// offer is a server that has a very long queue of updates, which it makes up
// when asked, and remembers nothing.
type offer struct {
	people, updates int64
	confirmed       atomic.Int64
	sent            atomic.Int64
	done            chan struct{}
	// before is what was on the heap before the bot, in bytes, and most the most
	// that has come to it since; one poll at a time looks.
	before, most int64
}

// lookEvery is after how many updates the heap is looked at.
const lookEvery = 5000

func (o *offer) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	form, _ := url.ParseQuery(string(body))
	reply := `{"ok":true,"result":true}`
	switch method := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]; method {
	case "getMe":
		reply = `{"ok":true,"result":{"id":1000001,"is_bot":true,"first_name":"b","username":"back_bot"}}`
	case "getUpdates":
		offset, _ := strconv.ParseInt(form.Get("offset"), 10, 64)
		reply = o.batch(max(offset, 1))
		if reply == "" {
			select {
			case <-r.Context().Done():
				return nil, r.Context().Err()
			case <-time.After(30 * time.Second):
				reply = `{"ok":true,"result":[]}`
			}
		}
	case "sendMessage":
		reply = fmt.Sprintf(`{"ok":true,"result":{"message_id":%d}}`, o.sent.Add(1))
	}
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(reply)), ContentLength: int64(len(reply)), Request: r,
	}, nil
}

func (o *offer) batch(offset int64) string {
	o.confirmed.Store(offset - 1)
	if (offset-1)%lookEvery == 0 {
		o.most = max(o.most, heap()-o.before)
	}
	if offset > o.updates {
		select {
		case <-o.done:
		default:
			close(o.done)
		}
		return ""
	}
	var b strings.Builder
	b.WriteString(`{"ok":true,"result":[`)
	for id := offset; id < min(offset+100, o.updates+1); id++ {
		if id > offset {
			b.WriteByte(',')
		}
		user := 1 + id%o.people
		fmt.Fprintf(&b, `{"update_id":%d,"message":{"message_id":%d,"date":1790000000,"chat":{"id":%d,"type":"private","first_name":"P"},`+
			`"from":{"id":%d,"is_bot":false,"first_name":"P","language_code":"en"},"text":"what somebody has to say, number %d"}}`, id, id, user, user, id)
	}
	b.WriteString(`]}`)
	return b.String()
}

// mostHeap bounds what the bot holds in memory after a garbage collection, in
// MiB, however much is offered. Measured: 7 MiB after 50,000 updates, and 11
// after 1,000,000.
const mostHeap = 96

// TestMemoryIsBounded offers the bot 50,000 updates at once, or a million, which
// make more messages than the rates let out in hours. It stands alone: the heap
// is that of the process.
func TestMemoryIsBounded(t *testing.T) {
	o := &offer{people: 5000, updates: 50_000, done: make(chan struct{})}
	if torture() {
		o.people, o.updates = 100_000, 1_000_000
	}
	file := filepath.Join(memoryDir(t), "bot.db")
	flows := loadFlows(t, "", "UTC")
	o.before = heap()
	synctest.Test(t, func(t *testing.T) { takeIn(t, o, file, flows) })
}

// takeIn runs a bot until it has taken in everything that is offered.
func takeIn(t *testing.T, o *offer, file string, flows *lang.Catalog) {
	store, err := boltstore.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	logger := slog.New(slog.DiscardHandler)
	running, err := app.New(t.Context(), app.Config{
		Catalog: flows, Store: store, Gateway: gatewayTo(t, "http://api.invalid", o, logger), Logger: logger,
		Rate: 30, ChatRate: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- running.Run(ctx) }()
	<-o.done
	t.Logf("%d updates taken in, %d messages sent, %d wait in memory; at most %.1f MiB held",
		o.confirmed.Load(), o.sent.Load(), running.Stats().Waiting, float64(o.most)/(1<<20))
	if o.most > mostHeap<<20 {
		t.Errorf("%d MiB held, want at most %d", o.most>>20, mostHeap)
	}
	if got := running.Stats(); got.Updates != uint64(o.updates) || got.Waiting > 25_000 || got.Waiting < 1000 {
		t.Errorf("%+v", got)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

// heap is what is in use after a garbage collection, in bytes.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
