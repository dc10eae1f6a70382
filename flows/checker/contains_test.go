package checker

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/checker/model"
	"spasmbot/flows/lang"
)

// TestModelContainsTheEngine: wherever the engine leads somebody who does this and
// that, the model can lead, with whatever is then in their variables.
func TestModelContainsTheEngine(t *testing.T) {
	c, err := catalog.Load(catalog.Shipped(), "UTC")
	if err != nil {
		t.Fatal(err)
	}
	m := newSubject(c)
	seeds := uint64(6)
	if os.Getenv("SPASMBOT_LONG") != "" {
		seeds = 64
	}
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			m.wander(t, seed)
		})
	}
}

// wander lets somebody do this and that for a while, and asks the model now and
// then whether it can bring them there.
func (m *subject) wander(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 1))
	w := m.stranger(first(time.Time{}))
	f := m.everything()
	f.places = true
	var last flows.Event
	for turn := range 150 {
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
			if command, ok := last.(flows.Command); ok {
				command.Args = fmt.Sprint(r.IntN(11)) // which may answer what it asks
				last = command
			}
		}
		w = w.step(m.c, last).after
		takeProbes(&w.s)
		if w.s.Inactive || w.s.At.Step == "" || turn%10 != 9 {
			continue
		}
		cond := m.situation(t, w, r)
		if out := m.theModel().Reach([]string{w.s.At.Step}, cond, true, model.Limits{States: 5_000, All: 10_000}, model.Hints{}); out.Way == nil && out.Whole {
			t.Fatalf("seed %d: the model leads nobody to %q with %s, after %#v", seed, w.s.At.Step, cond.Source, last)
		}
	}
}

// situation is a condition on two of the variables that holds in a world.
func (m *subject) situation(t *testing.T, w *world, r *rand.Rand) *lang.Expr {
	parts := []string{fmt.Sprintf("episode == %q", w.scope(m.c).Episode())}
	names := slices.Sorted(maps.Keys(m.c.Vars))
	for range 2 {
		name := names[r.IntN(len(names))]
		if len(w.s.Vars) > 0 && r.IntN(3) > 0 {
			name = w.s.Vars[r.IntN(len(w.s.Vars))].Name
		}
		switch v := w.scope(m.c).Lookup(name).(type) {
		case string:
			parts = append(parts, fmt.Sprintf("%s == %q", name, v))
		case bool:
			parts = append(parts, fmt.Sprintf("%s == %t", name, v))
		case float64:
			parts = append(parts, fmt.Sprintf("%s == %v", name, v))
		case time.Time:
			if !v.IsZero() {
				hours := w.now.Sub(v).Hours()
				parts = append(parts, fmt.Sprintf("hours_since(%s) >= %.3f and hours_since(%s) <= %.3f", name, hours-1, name, hours+1))
			}
		}
	}
	e, err := lang.CompileExpr(strings.Join(parts, " and "), m.c.Vars, lang.BoolType)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// everything is a focus on all tracks.
func (m *subject) everything() *focus {
	f := m.focus("everything")
	for i := range m.tracks {
		f.tracks = append(f.tracks, i)
	}
	return f
}
