package bottest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/storage"
)

// life is a process from its start to its crash, as the store and the server
// see it: once it is over, nothing of it reaches either.
type life struct {
	context.Context // until the crash
	crash           context.CancelFunc

	crashes *crashes
	store   storage.Store
	wire    http.RoundTripper
}

func newLife(ctx context.Context, c *crashes, store storage.Store, wire http.RoundTripper) *life {
	l := &life{crashes: c, store: store, wire: wire}
	l.Context, l.crash = context.WithCancel(ctx)
	return l
}

// errCrashed is what the abandoned parts of a life get to see. To a bot a
// closed store is the end.
var errCrashed = fmt.Errorf("the process is no more: %w", storage.ErrClosed)

// at ends the life if a crash is planned at this point.
func (l *life) at(p point) error {
	if l.Err() == nil && l.crashes.planned(p) {
		l.crash()
	}
	if l.Err() != nil {
		return errCrashed
	}
	return nil
}

// Small waits on the bubble's clock bring what happens in an order.
const (
	commitTime = 300 * time.Microsecond
	callTime   = 2 * time.Millisecond
)

// Update has a point before its commit and one after it.
func (l *life) Update(ctx context.Context, fn func(storage.Tx) error) error {
	time.Sleep(commitTime)
	if l.Err() != nil {
		return errCrashed
	}
	var what string
	err := l.store.Update(ctx, func(tx storage.Tx) error {
		seen := &witnessTx{Tx: tx}
		if err := fn(seen); err != nil {
			return err
		}
		what = seen.what()
		return l.at(point{what, beforeWrite})
	})
	if err != nil {
		return err
	}
	return l.at(point{what, afterWrite})
}

func (l *life) View(ctx context.Context, fn func(storage.Reader) error) error {
	if l.Err() != nil {
		return errCrashed
	}
	return l.store.View(ctx, fn)
}

func (l *life) Close() error { return nil }

// witnessTx notes what is written, in words that are the same in every run.
type witnessTx struct {
	storage.Tx
	puts []string
}

func (w *witnessTx) note(format string, args ...any) {
	w.puts = append(w.puts, fmt.Sprintf(format, args...))
}

func (w *witnessTx) what() string { return strings.Join(w.puts, ", ") }

func (w *witnessTx) SetOffset(next int64) error {
	w.note("offset %d", next)
	return w.Tx.SetOffset(next)
}

func (w *witnessTx) PutEntry(e storage.Entry) error {
	w.note("entry %d/%d", e.User, e.Seq)
	return w.Tx.PutEntry(e)
}

func (w *witnessTx) PutReminder(r storage.Reminder) error {
	w.note("reminder %d/%d %s", r.User, r.ID, r.State)
	return w.Tx.PutReminder(r)
}

func (w *witnessTx) PutMessage(m storage.Message) error {
	w.note("message %d/%d %s", m.User, m.Number, m.State)
	return w.Tx.PutMessage(m)
}

func (w *witnessTx) Forget(user int64) (storage.Forgotten, error) {
	w.note("forget %d", user)
	return w.Tx.Forget(user)
}

// RoundTrip has a point before the request leaves and one when the server has
// answered. A poll that waits is no point before, nor if it brought nothing.
func (l *life) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.Err() != nil {
		return nil, errCrashed
	}
	method := path.Base(r.URL.Path)
	what, err := l.describe(method, r)
	if err != nil {
		return nil, err
	}
	poll := method == "getUpdates"
	if poll {
		l.crashes.confirming(l.store, r)
	} else {
		time.Sleep(callTime)
		if err := l.at(point{what, beforeCall}); err != nil {
			return nil, err
		}
		l.crashes.sending(l.store, r)
	}
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	defer context.AfterFunc(l, cancel)() // a server notices that its client has died
	resp, err := l.wire.RoundTrip(r.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if poll && bytes.Contains(body, []byte(`"result":[]`)) {
		return resp, nil
	}
	return resp, l.at(point{what, afterCall})
}

// describe names a call by its method and chat, and reads its form.
func (l *life) describe(method string, r *http.Request) (string, error) {
	if r.Body == nil {
		return method, nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form := r.Clone(r.Context())
	form.Body = io.NopCloser(bytes.NewReader(body))
	r.Form = nil
	if chat := form.FormValue("chat_id"); chat != "" {
		method += " to " + chat
	}
	r.Form = form.Form
	return method, nil
}

// side says where at a write or a call a point is.
type side string

const (
	beforeWrite side = "before the commit of"
	afterWrite  side = "after the commit of"
	beforeCall  side = "before the call"
	afterCall   side = "before the reply to the call"
)

// point is a place where a process can die: a write or a call, and which side
// of it.
type point struct {
	what string
	side side
}

func (p point) String() string { return string(p.side) + " " + p.what }

// crashes plans where lives end, and notes where they could.
type crashes struct {
	mu    sync.Mutex
	times map[point]int // how often each was passed
	// passed lists the points of a run, each time by its own name.
	passed []point
	plan   map[point]bool
	struck []struck
	faults []error
}

// struck is a crash that has happened.
type struck struct {
	point
	at time.Time
}

func newCrashes(plan []point) *crashes {
	c := &crashes{times: make(map[point]int), plan: make(map[point]bool)}
	for _, p := range plan {
		c.plan[p] = true
	}
	return c
}

// planned counts a point, which makes its name unique, and takes it off the
// plan if it is on it.
func (c *crashes) planned(p point) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times[p]++
	p.what = fmt.Sprintf("%s (%d)", p.what, c.times[p])
	c.passed = append(c.passed, p)
	if !c.plan[p] {
		return false
	}
	delete(c.plan, p)
	c.struck = append(c.struck, struck{p, time.Now()})
	return true
}

func (c *crashes) fault(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, err)
}

// confirming holds a poll to the first promise: the offset was committed.
func (c *crashes) confirming(store storage.Store, r *http.Request) {
	var stored int64
	err := store.View(r.Context(), func(tx storage.Reader) (err error) { stored, err = tx.Offset(); return err })
	if offset := r.FormValue("offset"); err == nil && offset != "" && offset != fmt.Sprint(stored) {
		c.fault(fmt.Errorf("a poll confirms up to %s while %d is stored", offset, stored))
	}
}

// sending holds a message to the second promise: it was committed and marked.
func (c *crashes) sending(store storage.Store, r *http.Request) {
	chat := r.FormValue("chat_id")
	if chat == "" {
		return
	}
	claimed := false
	err := store.View(r.Context(), func(tx storage.Reader) error {
		unsent, err := tx.Unsent(storage.MessageKey{}, 1000)
		for _, m := range unsent {
			claimed = claimed || fmt.Sprint(m.Chat) == chat && m.State != storage.Queued
		}
		return err
	})
	// A call may be given up, such as one that tells of an upload that has ended.
	if err != nil && r.Context().Err() == nil && !errors.Is(err, storage.ErrClosed) {
		c.fault(err)
	}
	if err == nil && !claimed {
		c.fault(fmt.Errorf("a message to %s is sent, and none is marked as being sent", chat))
	}
}

var _ storage.Store = (*life)(nil)

// transportTo carries calls to the server, on connections of its own.
func transportTo(m *simulator.Memory) *http.Transport {
	return &http.Transport{DialContext: m.DialContext, DisableCompression: true}
}
