package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const keepAlive = 15 * time.Second // real time

// event is one thing to tell a page.
type event struct {
	name     string
	revision uint64
	data     any
}

// serveEvents streams what changes in a chat:
//
//	reset    forget everything: the whole chat follows
//	message  a new message; data is a Message
//	edit     a message as it now stands
//	delete   {"id": 1}
//	answer   an Answer to a callback query
//	action   {"action": "typing"}
//	state    {"blocked": false}
//
// Nothing is kept for a page that is away: the stream is made from the revisions of the messages. A page that comes back
// with the last id it saw gets each message that changed since, once, as it now stands.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request, p *Person) {
	control := http.NewResponseController(w)
	_ = control.SetWriteDeadline(time.Time{}) // a stream has no end; servers without deadlines need no lifting of them
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	stream := eventStream{server: s, chatID: p.id, out: w}
	stream.resume(cmp.Or(r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")))

	ticker := time.NewTicker(keepAlive)
	defer ticker.Stop()
	for {
		events, changed := stream.collect()
		for _, e := range events {
			stream.write(e)
		}
		if stream.failed != nil || control.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-ticker.C:
			_, stream.failed = fmt.Fprint(w, ": still here\n\n")
		case <-r.Context().Done():
			return
		}
	}
}

type eventStream struct {
	server  *Server
	chatID  int64
	out     http.ResponseWriter
	failed  error
	since   uint64 // the page knows all up to this revision
	fresh   bool   // the page knows nothing yet
	told    bool   // the state has been told
	blocked bool   // what it was then
}

// resume takes up after the event with the id, if it is one of this server's.
func (e *eventStream) resume(id string) {
	epoch, revision, _ := strings.Cut(id, "-")
	since, err := strconv.ParseUint(revision, 10, 64)
	e.fresh = err != nil || epoch != e.server.epoch
	if !e.fresh {
		e.since = since
	}
}

// collect gathers what the page does not know yet, in order of revision, and what to wait for next.
func (e *eventStream) collect() ([]event, <-chan struct{}) {
	s := e.server
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.chats[e.chatID]
	events := c.since(e.since, e.fresh)
	var first []event
	if e.fresh {
		first = append(first, event{name: "reset", data: struct{}{}})
	}
	if !e.told || e.blocked != c.blocked {
		first = append(first, event{name: "state", data: map[string]bool{"blocked": c.blocked}})
	}
	e.fresh, e.told, e.blocked, e.since = false, true, c.blocked, c.revision
	return append(first, events...), c.watch()
}

// since lists the changes after a revision. A page that is fresh is spared what has passed: deletions and notices.
func (c *chat) since(revision uint64, fresh bool) []event {
	var events []event
	for _, m := range c.messages {
		switch {
		case m.revision <= revision:
		case m.deleted && !fresh:
			events = append(events, event{"delete", m.revision, map[string]int64{"id": m.id}})
		case m.deleted:
		case m.edited.IsZero():
			events = append(events, event{"message", m.revision, c.view(m)})
		default:
			events = append(events, event{"edit", m.revision, c.view(m)})
		}
	}
	for _, n := range c.notices {
		switch {
		case n.revision <= revision || fresh:
		case n.kind == "answer":
			events = append(events, event{"answer", n.revision, n.answer})
		default:
			events = append(events, event{"action", n.revision, map[string]string{"action": n.action}})
		}
	}
	slices.SortFunc(events, func(a, b event) int { return cmp.Compare(a.revision, b.revision) })
	return events
}

func (e *eventStream) write(ev event) {
	if e.failed != nil {
		return
	}
	data, err := json.Marshal(ev.data)
	if err != nil {
		e.failed = err
		return
	}
	if ev.revision > 0 { // reset and state are told anew on each connection, so they must not move the page's place
		_, e.failed = fmt.Fprintf(e.out, "id: %s-%d\n", e.server.epoch, ev.revision)
	}
	if e.failed == nil {
		_, e.failed = fmt.Fprintf(e.out, "event: %s\ndata: %s\n\n", ev.name, data)
	}
}
