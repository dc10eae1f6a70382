package simulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	maxPollSeconds = 50
	maxPollUpdates = 100
	maxPollBytes   = 4 << 20
	conflictPause  = 3 * time.Second // a conflict that comes sooner than this after one told at once is told that much later
	farAhead       = 10              // an offset further beyond the queue's end than this is taken for another time's and ignored
)

// updateQueue holds what the bot has not yet confirmed, in order. Guarded by Server.mu.
type updateQueue struct {
	items   []queued
	next    int64
	expiry  time.Time // before this no item expires, so that there is no need to look at them all
	allowed []string  // nil is the default set
	arrived chan struct{}
	poll    chan struct{} // closed to end the poll that waits, nil when none does
	calm    time.Time     // from then on a conflict is told at once, in real time
}

type queued struct {
	id     int64
	raw    json.RawMessage
	at     time.Time
	isCall bool // a callback query, which is kept for less long
}

// push queues an update, if the bot wants its kind. The lock is held.
func (s *Server) push(u update) {
	kind := u.kind()
	if !s.updates.wants(kind) {
		return
	}
	u.UpdateID = s.updates.next
	raw, _ := json.Marshal(u) // made of strings, numbers and valid JSON: always marshals
	s.updates.next++
	s.enqueue(queued{id: u.UpdateID, raw: raw, at: s.cfg.Now(), isCall: kind == "callback_query"})
}

func (s *Server) enqueue(item queued) {
	q := &s.updates
	s.expireUpdates()
	q.items = append(q.items, item)
	q.sooner(s.expiryOf(item))
	if q.arrived != nil {
		close(q.arrived)
		q.arrived = nil
	}
}

// wants applies allowed_updates; the default set lacks the kinds that would flood a bot.
func (q *updateQueue) wants(kind string) bool {
	if q.allowed == nil {
		return kind != "chat_member" && kind != "message_reaction" && kind != "message_reaction_count"
	}
	return slices.Contains(q.allowed, kind)
}

func (q *updateQueue) remember(allowed []string, present bool) {
	switch {
	case !present:
	case len(allowed) == 0:
		q.allowed = nil
	default:
		q.allowed = allowed
	}
}

// expireUpdates drops what has waited too long. The lock is held.
func (s *Server) expireUpdates() {
	q, now := &s.updates, s.cfg.Now()
	if now.Before(q.expiry) {
		return
	}
	q.expiry = now.Add(24 * time.Hour)
	q.items = slices.DeleteFunc(q.items, func(item queued) bool {
		ends, ok := s.expiryOf(item)
		if ok && ends.Before(now) {
			return true
		}
		q.sooner(ends, ok)
		return false
	})
}

// expiryOf is the last instant at which the update can be fetched; false when it is kept for ever.
func (s *Server) expiryOf(item queued) (time.Time, bool) {
	keep := s.cfg.Limits.UpdateRetention
	if item.isCall {
		keep = s.cfg.Limits.CallbackRetention
	}
	return item.at.Add(keep), keep >= 0
}

func (q *updateQueue) sooner(ends time.Time, ok bool) {
	if ok && ends.Before(q.expiry) {
		q.expiry = ends
	}
}

// confirm forgets what lies below the offset. A negative offset keeps only the last updates.
func (q *updateQueue) confirm(offset int64) {
	switch {
	case offset < 0:
		q.items = slices.Delete(q.items, 0, max(0, len(q.items)+int(max(offset, -int64(len(q.items))))))
	case offset > 0 && offset <= q.next+farAhead:
		q.items = slices.DeleteFunc(q.items, func(item queued) bool { return item.id < offset })
	}
}

func (q *updateQueue) batch(limit int) []json.RawMessage {
	batch, size := []json.RawMessage{}, 0
	for _, item := range q.items[:min(limit, len(q.items))] {
		size += len(item.raw)
		if size > maxPollBytes && len(batch) > 0 {
			break
		}
		batch = append(batch, item.raw)
	}
	return batch
}

func (s *Server) getUpdates(r *request) (any, *apiError) {
	allowed, present, err := r.list("allowed_updates")
	if err != nil {
		return nil, err
	}
	limit := int(r.integer("limit"))
	if limit <= 0 || limit > maxPollUpdates {
		limit = maxPollUpdates
	}
	timeout := time.Duration(min(max(r.integer("timeout"), 0), maxPollSeconds)) * time.Second

	s.mu.Lock()
	q := &s.updates
	if q.poll != nil {
		close(q.poll)
		q.poll = nil
	}
	if s.webhook != "" {
		s.mu.Unlock()
		return nil, s.conflict(r, "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	q.remember(allowed, present)
	s.expireUpdates()
	q.confirm(r.integer("offset"))
	batch := q.batch(limit)
	if len(batch) > 0 || timeout == 0 {
		s.mu.Unlock()
		return batch, nil
	}
	ended := make(chan struct{})
	q.poll = ended
	s.mu.Unlock()
	return s.longPoll(r, ended, limit, timeout)
}

// longPoll waits for an update until the time is over, another poll begins, or the client hangs up.
func (s *Server) longPoll(r *request, ended chan struct{}, limit int, timeout time.Duration) (any, *apiError) {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	over := false
	for {
		s.mu.Lock()
		select {
		case <-ended:
			s.mu.Unlock()
			return nil, s.conflict(r, "terminated by other getUpdates request; make sure that only one bot instance is running")
		default:
		}
		batch := s.updates.batch(limit)
		if len(batch) > 0 || over {
			s.updates.poll = nil // it is ours: nobody has ended it
			s.mu.Unlock()
			return batch, nil
		}
		if s.updates.arrived == nil {
			s.updates.arrived = make(chan struct{})
		}
		arrived := s.updates.arrived
		s.mu.Unlock()

		select {
		case <-arrived:
		case <-ended:
		case <-timer.C:
			over = true
		case <-r.http.Context().Done():
			over = true
		}
	}
}

// conflict refuses a poll, at once or later, as the real server does to slow down two bots that fight for the updates.
func (s *Server) conflict(r *request, why string) *apiError {
	s.mu.Lock()
	now := time.Now()
	soon := now.Before(s.updates.calm)
	if !soon {
		s.updates.calm = now.Add(conflictPause)
	}
	s.mu.Unlock()
	if soon {
		select {
		case <-time.After(conflictPause):
		case <-r.http.Context().Done():
		}
	}
	return &apiError{Code: http.StatusConflict, Description: "Conflict: " + why}
}

// Pending is how many updates wait to be confirmed.
func (s *Server) Pending() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expireUpdates()
	return len(s.updates.items)
}

// RestartUpdateIDs makes the ids of updates go on from next, whatever they were: the real server does so when a bot had
// no updates for about a week. Updates not yet confirmed are numbered anew.
func (s *Server) RestartUpdateIDs(next int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q := &s.updates
	q.next = next
	for i, item := range q.items {
		if raw, err := withUpdateID(item.raw, q.next, true); err == nil {
			item.raw = raw
		}
		item.id = q.next
		q.items[i] = item
		q.next++
	}
}

// Inject queues an update as it is, wanted or not, well formed or not, as long as it is a JSON object. It gets the next
// update_id if it has none. The result is the id under which it can be confirmed.
func (s *Server) Inject(raw json.RawMessage) (int64, error) {
	var has struct {
		UpdateID json.RawMessage `json:"update_id"`
		Callback json.RawMessage `json:"callback_query"`
	}
	if err := json.Unmarshal(raw, &has); err != nil {
		return 0, fmt.Errorf("inject an update: give a JSON object: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.updates.next
	var own int64
	switch {
	case has.UpdateID == nil:
		var err error
		if raw, err = withUpdateID(raw, id, false); err != nil {
			return 0, err
		}
	case json.Unmarshal(has.UpdateID, &own) == nil:
		id = own
	}
	s.updates.next = max(s.updates.next, id+1)
	s.enqueue(queued{id: id, raw: bytes.Clone(raw), at: s.cfg.Now(), isCall: has.Callback != nil})
	return id, nil
}

// withUpdateID puts the id in front of the other fields, which stay as they are, byte for byte.
func withUpdateID(raw json.RawMessage, id int64, replace bool) (json.RawMessage, error) {
	if replace {
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(raw, &fields); err != nil {
			return nil, fmt.Errorf("renumber an update: %w", err)
		}
		fields["update_id"] = json.RawMessage(fmt.Sprint(id))
		return json.Marshal(fields)
	}
	body, ok := strings.CutPrefix(strings.TrimSpace(string(raw)), "{")
	if !ok {
		return nil, errors.New("inject an update: give a JSON object")
	}
	comma := ","
	if strings.TrimSpace(body) == "}" {
		comma = ""
	}
	return json.RawMessage(fmt.Sprintf(`{"update_id":%d%s%s`, id, comma, body)), nil
}
