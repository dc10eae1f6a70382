package app

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"spasmbot/bot"
	"spasmbot/storage"
)

// clockHandler lets the demo's page see and set the clock.
//
//	GET  → {"now": RFC 3339, "speed": N, "next": RFC 3339 or null}
//	POST {"speed": N} or {"jump": true}, which goes to the next timed message
type clockHandler struct {
	clock *bot.FastClock
	store storage.Store
}

type clockState struct {
	Now   time.Time  `json:"now"`
	Speed float64    `json:"speed"`
	Next  *time.Time `json:"next"`
}

func (h *clockHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodGet:
		h.show(w, r)
	case http.MethodPost:
		// A page of another site must not turn the clock.
		http.NewCrossOriginProtection().Handler(http.HandlerFunc(h.set)).ServeHTTP(w, r)
	default:
		w.Header().Set("Allow", "GET, POST")
		http.Error(w, "use GET or POST", http.StatusMethodNotAllowed)
	}
}

func (h *clockHandler) show(w http.ResponseWriter, r *http.Request) {
	state := clockState{Now: h.clock.Now(), Speed: h.clock.Speed()}
	due, ok, err := h.next(r.Context())
	if err != nil {
		http.Error(w, "the next timed message cannot be read", http.StatusInternalServerError)
		return
	}
	if ok {
		state.Next = &due
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(state)
}

func (h *clockHandler) set(w http.ResponseWriter, r *http.Request) {
	var want struct {
		Speed float64 `json:"speed"`
		Jump  bool    `json:"jump"`
	}
	body := http.MaxBytesReader(w, r.Body, 1<<10)
	if err := json.NewDecoder(body).Decode(&want); err != nil || want.Jump == (want.Speed != 0) {
		http.Error(w, `send {"speed": 60} or {"jump": true}`, http.StatusBadRequest)
		return
	}
	if want.Jump {
		if due, ok, err := h.next(r.Context()); err == nil && ok {
			h.clock.Jump(due)
		}
	} else if err := h.clock.SetSpeed(want.Speed); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	h.show(w, r)
}

// next is when the next timer comes due.
func (h *clockHandler) next(ctx context.Context) (due time.Time, ok bool, err error) {
	err = h.store.View(ctx, func(r storage.Reader) error {
		due, ok, err = r.NextDue()
		return err
	})
	return due, ok, err
}
