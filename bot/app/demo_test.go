package app

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"spasmbot/bot"
	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/storage"
)

func newTestDemo(t *testing.T) *Demo {
	t.Helper()
	clock, err := bot.NewFastClock(1, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	d, err := NewDemo(t.Context(), DemoConfig{
		Catalog: load(t, catalog.Shipped()), Store: openStore(t), Clock: clock, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// TestDemoServesAndEnds: the page is there as soon as the listener is, and with
// the context bot and page end without an error, streams and all.
func TestDemoServesAndEnds(t *testing.T) {
	d := newTestDemo(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx, listener) }()
	for path, want := range map[string]string{"/": "<html", "/demo/faults": "[]", "/demo/clock": `"speed":1`} {
		reply, err := http.Get("http://" + listener.Addr().String() + path)
		if err != nil {
			t.Fatal(err)
		}
		body := new(strings.Builder)
		if err := reply.Write(body); err != nil || reply.StatusCode != http.StatusOK || !strings.Contains(body.String(), want) {
			t.Errorf("%s: %s %v, and not %q", path, reply.Status, err, want)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

// TestDemoClock: the page sees the clock and the next timed message, sets the
// speed and jumps; what makes no sense, and pages of others, change nothing.
func TestDemoClock(t *testing.T) {
	d := newTestDemo(t)
	ask := func(method, body string, header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), method, "http://demo/demo/clock", strings.NewReader(body))
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		d.server.ServeHTTP(w, r)
		return w
	}
	state := func(w *httptest.ResponseRecorder) (s clockState) {
		t.Helper()
		if err := json.Unmarshal(w.Body.Bytes(), &s); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%d %v: %s", w.Code, err, w.Body)
		}
		return s
	}
	if s := state(ask(http.MethodGet, "")); s.Speed != 1 || s.Next != nil {
		t.Errorf("to begin with %+v", s)
	}
	if s := state(ask(http.MethodPost, `{"speed": 60}`)); s.Speed != 60 {
		t.Errorf("after the speed is set: %+v", s)
	}
	due := time.Now().Add(240 * time.Hour).Truncate(time.Second).UTC()
	err := d.app.store.Update(t.Context(), func(tx storage.Tx) error {
		return tx.PutReminder(storage.Reminder{User: 7, State: flows.Armed, Reminder: flows.Reminder{ID: 1, Kind: "water", Due: due}})
	})
	if err != nil {
		t.Fatal(err)
	}
	for body, header := range map[string][]string{
		`{"speed": -1}`:              nil,
		`{"speed": 2, "jump": true}`: nil,
		`{}`:                         nil,
		`speed`:                      nil,
		fmt.Sprintf(`{"speed": 2, "x": %q}`, strings.Repeat("x", 2000)): nil,
		`{"speed": 2}`: {"Sec-Fetch-Site", "cross-site"},
	} {
		if w := ask(http.MethodPost, body, header...); w.Code < 400 || w.Code >= 500 {
			t.Errorf("%s %v: %d %s", body, header, w.Code, w.Body)
		}
	}
	if w := ask(http.MethodDelete, ""); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" {
		t.Errorf("DELETE: %d", w.Code)
	}
	s := state(ask(http.MethodGet, ""))
	if s.Speed != 60 || s.Next == nil || !s.Next.Equal(due) || !s.Now.Before(due) {
		t.Errorf("before the jump %+v, want the next at %v", s, due)
	}
	if s := state(ask(http.MethodPost, `{"jump": true}`)); s.Now.Before(due) || s.Now.After(due.Add(time.Hour)) {
		t.Errorf("the jump led to %v, want %v", s.Now, due)
	}
}

// TestDemoRefusesToStrandPeople, before anything is served.
func TestDemoRefusesToStrandPeople(t *testing.T) {
	store := openStore(t)
	stand(t, store, "nowhere")
	clock, err := bot.NewFastClock(1, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	_, err = NewDemo(t.Context(), DemoConfig{
		Catalog: load(t, tiny()), Store: store, Clock: clock, Logger: slog.New(slog.DiscardHandler),
	})
	if err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a demo on stranded people: %v", err)
	}
}
