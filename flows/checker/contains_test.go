package checker

import (
	"math/rand/v2"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
)

// TestModelContainsTheEngine: wherever the engine leads somebody who does this and
// that, a model has been. If it had not, what never happens there could happen. It
// looks at questions and variables alone: a model that lacks one way of several to
// the same place passes, and TestProve has the ways that are told apart.
func TestModelContainsTheEngine(t *testing.T) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	for name, vars := range map[string][]string{
		"signs":    {"today", "emergency", "mistaken", "seen_now"},
		"set-up":   {"settled", "agreed", "doctor_soon", "onset"},
		"gates":    {"cold_safety", "cold_wanted", "water_safety", "paused"},
		"exercise": {"gate_open", "exercising", "bones"},
		"pain":     {"pain_now", "settled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := newSubject(c)
			always, err := lang.CompileExpr("true", c.Vars, lang.BoolType)
			if err != nil {
				t.Fatal(err)
			}
			out := model.New(m.c, model.Follow{Vars: vars}.Close(m.c)).Walk(model.Claim{Cond: always, Want: true}, 2_000_000)
			if !out.Whole {
				t.Fatalf("the model has more than %d states", out.Points)
			}
			for seed := range uint64(60) {
				m.wander(t, seed, out.Seen)
			}
		})
	}
}

// wander lets somebody do this and that for a while.
func (m *subject) wander(t *testing.T, seed uint64, seen *model.Seen) {
	r := rand.New(rand.NewPCG(seed, 1))
	w := m.stranger(first(time.Time{}))
	f := m.everything()
	f.places = true
	var last flows.Event
	for range 150 {
		events := m.events(f, w)
		if at, ok := w.nextDue(); ok && r.IntN(3) == 0 {
			w = w.at(later(w.now, at))
			last = flows.Due{IDs: w.due()}
		} else {
			w = w.at(w.now.Add(time.Duration(r.IntN(90)) * time.Second))
			last = events[r.IntN(len(events))]
			if presses := m.answering(w); len(presses) > 0 && r.IntN(3) > 0 {
				last = presses[r.IntN(len(presses))]
			}
		}
		w = w.step(m.c, last).after
		takeProbes(&w.s)
		if !w.s.Inactive && !seen.Contains(&w.s) {
			t.Fatalf("seed %d: no walk comes to %q with %v, after %#v", seed, w.s.At.Step, w.s.Vars, last)
		}
	}
}

// everything is a focus on all tracks.
func (m *subject) everything() *focus {
	f := m.focus("everything")
	for i := range m.tracks {
		f.tracks = append(f.tracks, i)
	}
	return f
}
