package engine_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/engine"
	"spasmbot/flows/transcript"
)

// seal is that of the states that the tests make.
const seal = 0xc01d

// watcher holds a person's conversation against what must always be true.
type watcher struct {
	*person
	keys    []flows.Button // every button ever shown
	coldOff time.Time
	coldDay map[string]int
	round   lastCold
	// offs are the take-offs that the person was told and has not answered.
	offs []int64
}

// lastCold is the last round of cold as the person lived it: when it was called, when it
// is to end, and how long it was to last.
type lastCold struct {
	call, ends time.Time
	hold       time.Duration
	asks       bool
}

func (w *watcher) does(t *rapid.T, ev flows.Event) {
	s := w.state()
	before := encoded(w.t, s)
	engine.Step(w.Catalog, s, ev, w.Now)
	if !bytes.Equal(before, encoded(w.t, s)) {
		t.Fatalf("Step changed the state it was given")
	}
	w.person.does(ev)
	if press, ok := ev.(flows.Button); ok {
		w.offs = slices.DeleteFunc(w.offs, func(id int64) bool { return id == press.Message })
	}
	w.answers(t, ev)
	w.check(t)
}

// answers demands that whatever a person types has an answer.
func (w *watcher) answers(t *rapid.T, ev flows.Event) {
	_, words := ev.(flows.Text)
	_, command := ev.(flows.Command)
	if (words || command) && !w.sees() {
		t.Fatalf("%+v has no answer: %v", ev, w.person)
	}
}

// sees reports whether the last event had an answer that the person sees: words, or
// other buttons.
func (p *person) sees() bool {
	return slices.ContainsFunc(p.Effects, func(e flows.Effect) bool {
		say, ok := e.(flows.Say)
		return ok && (say.Message.Text != "" || len(say.Message.Keyboard) > 0)
	})
}

// forgotten reports whether the last event, be it a timer, has let the person be forgotten.
// Whoever comes back is somebody new. What stands in the chat is nobody's.
func (w *watcher) forgotten() bool {
	if len(w.Effects) == 0 || w.Effects[0] != flows.Effect(flows.Forget{}) {
		return false
	}
	again := w.state()
	again.Seal = seal
	w.store(again)
	w.Effects, w.Chat, w.keys, w.offs = nil, w.Chat[:0], nil, nil
	return true
}

func (w *watcher) check(t *rapid.T) {
	if w.forgotten() {
		return
	}
	s := w.state()
	for _, e := range w.Effects {
		switch e := e.(type) {
		case flows.Say:
			w.checkMessage(t, e.Message)
			if e.Message.Class == flows.TakeOff {
				w.offs = append(w.offs, w.Changes(flows.Message{Of: e.Message.Number}))
			}
		case flows.Record:
			switch {
			case e.Entry.Kind == flows.EntryReminder:
				w.checkReminder(t, &s, e.Entry.Step)
			case e.Entry.Kind == flows.EntryAnswer && e.Entry.Step == "cold-on":
				w.checkAnswer(t, &s, e.Entry.Choice)
			}
		}
	}
	w.checkCold(t, &s)
	if len(s.Armed()) != len(w.Timers) {
		t.Fatalf("the state has %d timers armed, the store %d", len(s.Armed()), len(w.Timers))
	}
	for _, r := range s.Armed() {
		if w.Timers[r.ID] != r {
			t.Fatalf("timer %v is not in the store", r)
		}
	}
	if len(s.Stack) > 30 || len(s.Open) > 12 {
		t.Fatalf("the state grows: %v", w.person)
	}
	if s.Episode.Live() && !s.Inactive {
		w.checkWayOn(t, &s)
	}
	w.checkChat(t, &s)
	w.checkAlarms(t, &s)
	onlyTheCard(t, w.person, flows.Later(w.Now, s.Card.Timer.Due))
	for _, r := range s.Armed() {
		// A question outside of an episode has timers of its own, and what is kept for a
		// while only has one in any case.
		if !s.Episode.Live() && r.Kind != flows.KindLapse && (r.Track != "screen" || s.At.Step == "") {
			t.Fatalf("timers outlive the episode: %v", s.Pending)
		}
	}
}

// checkWayOn demands that a live episode shows a question in force whose
// buttons are in the chat, or that is answered by typing, or the card.
func (w *watcher) checkWayOn(t *rapid.T, s *flows.State) {
	if f := w.Catalog.Flow(s.At.Flow); f != nil && f.Step(s.At.Step) >= 0 && f.Steps[f.Step(s.At.Step)].Question.TakesTyped() {
		return
	}
	for _, m := range w.Chat {
		for _, key := range slices.Concat(m.Keyboard...) {
			d, ok := button.Parse(key.Data)
			onCard := w.Catalog.Step(s.At.Step).OnCard() && d.Kind == button.Card && d.Message >= s.Card.Message && s.Card.Message != 0
			if ok && (onCard || d.Kind == button.Screen && d.Message >= s.Asked) {
				return
			}
		}
	}
	t.Fatalf("a live episode with no way on: %v", w.person)
}

// checkChat demands that no question which is over looks as if it could be answered, that
// the one in force is there once, and that no take-off goes away unanswered.
func (w *watcher) checkChat(t *rapid.T, s *flows.State) {
	asks := 0
	for _, m := range w.Chat {
		if m.Gone && slices.Contains(w.offs, m.ID) {
			t.Fatalf("the take-off %q is gone, and nobody has answered it", m.Text)
		}
		for _, key := range slices.Concat(m.Keyboard...) {
			d, ok := button.Parse(key.Data)
			if !ok || d.Kind != button.Screen {
				continue
			}
			if asks++; d.Message < s.Asked || s.At.Step == "" {
				t.Fatalf("%q has the button %q, and is over: %v", m.Text, key.Label, w.person)
			}
			break
		}
	}
	if asks > 1 {
		for _, m := range w.Chat {
			if len(m.Keyboard) > 0 {
				t.Logf("%d %.60q %v", m.ID, m.Text, m.Keyboard[0][0])
			}
		}
		t.Fatalf("%d messages ask: %v %v", asks, w.person, s.Standing)
	}
}

func (w *watcher) checkMessage(t *rapid.T, m flows.Message) {
	if n := len(utf16.Encode([]rune(transcript.Readable(m.Text)))); n > 4096 {
		t.Fatalf("a message of %d characters", n)
	}
	for line := range strings.Lines(transcript.Readable(m.Text)) {
		if emptied(line) {
			t.Fatalf("nothing stands where something is to be told: %s", line)
		}
	}
	for _, key := range slices.Concat(m.Keyboard...) {
		if key.Copy != "" && key.Data == "" && key.Label != "" {
			continue // it copies, and answers nothing
		}
		if len(key.Data) == 0 || len(key.Data) > 64 || key.Label == "" {
			t.Fatalf("a bad key: %+v", key)
		}
		if d, ok := button.Parse(key.Data); !ok || d.Message != m.Number || d.Seal != seal {
			t.Fatalf("message %d has a button of another: %+v", m.Number, key)
		}
		w.keys = append(w.keys, flows.Button{Data: key.Data, Message: w.Changes(flows.Message{Of: m.Number})})
	}
}

func (w *watcher) checkReminder(t *rapid.T, s *flows.State, kind string) {
	cleared := s.Var("emergency").Str == "cleared"
	if s.Var("emergency").Str == "awaited" || !cleared && s.Var("signs_ok") != flows.BoolOf(true) {
		// A nudge repeats a question; everything else needs the all-clear.
		// While the questions are asked anew, the answers of before stand.
		if kind != "nudge" {
			t.Fatalf("%s before the emergency questions were answered", kind)
		}
	}
	age, early := w.Now.Sub(s.Episode.Onset), w.Now.Sub(time.Unix(int64(s.Var("onset_earliest").Num), 0))
	switch kind {
	case "cold-on":
		day := w.Now.In(w.Catalog.Location(s.Zone)).Format(time.DateOnly)
		w.coldDay[day]++
		switch {
		case s.Var("no_cold") == flows.BoolOf(true) || s.Var("facts").Str == "" || s.Var("cold_wanted") != flows.BoolOf(true):
			t.Fatal("cold for somebody whom a fact bars from it, or who does not want it")
		case w.coldDay[day] > 6:
			t.Fatalf("%d rounds of cold on %s", w.coldDay[day], day)
		case early+10*time.Minute > 72*time.Hour:
			t.Fatalf("cold %v after the earliest onset", early)
		case !w.coldOff.IsZero() && w.Now.Sub(w.coldOff) < time.Hour:
			t.Fatalf("cold %v after the last one", w.Now.Sub(w.coldOff))
		}
		most := w.Catalog.Track("cold").MostHold
		w.round = lastCold{call: w.Now, hold: min(most, time.Duration(s.Var("cold_minutes").Num)*time.Minute)}
		w.round.ends = w.Now.Add(w.round.hold)
	case "cold-off":
		w.coldOff = w.Now
		if w.Now.Before(w.round.ends) {
			t.Fatalf("taken off at %v, and %v was told", w.Now, w.round.ends)
		}
	case "heat-on":
		if age < 72*time.Hour && s.Var("no_cold") != flows.BoolOf(true) || s.Var("no_heat") == flows.BoolOf(true) || s.Var("facts").Str == "" {
			t.Fatalf("heat %v after the onset, facts %q", age, s.Var("facts").Str)
		}
	case "water":
		if s.Var("no_water") == flows.BoolOf(true) || s.Var("facts").Str == "" || s.Var("rested") != flows.BoolOf(true) {
			t.Fatal("water for somebody whom a fact bars from it, or before half an hour of rest")
		}
	}
}

// checkAnswer follows what the person says to a call.
func (w *watcher) checkAnswer(t *rapid.T, s *flows.State, choice string) {
	switch choice {
	case "on":
		ends := w.Now.Add(w.round.hold)
		if last := time.Unix(int64(s.Var("onset_earliest").Num), 0).Add(72 * time.Hour); ends.After(last) {
			ends = last
		}
		if w.round.ends = flows.Later(ends, w.round.ends); !w.round.asks && w.round.ends.Sub(w.round.call) > w.Catalog.Track("cold").MostHold {
			t.Fatalf("a pack that is on since its call at %v is taken off at %v", w.round.call, w.round.ends)
		}
	case "when":
		w.round.asks = true
	case "later":
		w.coldDay[w.round.call.In(w.Catalog.Location(s.Zone)).Format(time.DateOnly)]--
	}
}

// checkCold demands that a round that is on is taken off when it is to end.
func (w *watcher) checkCold(t *rapid.T, s *flows.State) {
	for _, tr := range s.Tracks {
		if tr.Name != "cold" || tr.On.IsZero() || s.Inactive {
			continue
		}
		i := slices.IndexFunc(s.Pending, func(r flows.Reminder) bool { return r.Track == "cold" && r.Phase == flows.PhaseTakeOff })
		if i < 0 || !s.Pending[i].Due.Equal(w.round.ends) || !tr.Ends.Equal(w.round.ends) {
			t.Fatalf("cold is to be taken off at %v, as told, and not by %+v of %v", w.round.ends, tr, s.Pending)
		}
	}
}

// likely are the answers that lead deep into the flows.
var likely = []string{"none", "none", "none", "none", "lying", "later", "adult", "now", "two_days", "three_days", "morning", "ie", "right", "lifting", "m15", "m20", "5", "1", "go_on", "seen", "doctor", "fine", "cleared", "here", "done", "exercises", "can", "daily", "session", "on", "later", "since"}

var commands = []string{
	"spasm", "start", "stop", "help", "status", "pain", "cold", "heat", "water", "move", "exercise", "breathe", "pause",
	"resume", "done", "nonsense", "",
}

func TestRandomConversations(t *testing.T) {
	c := shipped(t)
	rapid.Check(t, func(rt *rapid.T) {
		w := &watcher{person: newPerson(t, c), coldDay: make(map[string]int)}
		s := w.state()
		s.Seal = seal
		w.store(s)
		if rapid.Bool().Draw(rt, "settled") {
			w.toCare()
		} else {
			w.does(rt, flows.Command{Name: "spasm"})
		}
		for range rapid.IntRange(1, 60).Draw(rt, "events") {
			switch rapid.IntRange(0, 15).Draw(rt, "event") {
			case 0:
				w.does(rt, flows.Command{Name: rapid.SampledFrom(commands).Draw(rt, "command")})
			case 1:
				w.does(rt, flows.Button{Data: rapid.String().Draw(rt, "data"), Message: 0})
			case 2:
				w.does(rt, flows.Text{Text: rapid.String().Draw(rt, "text")})
			case 3:
				w.does(rt, rapid.SampledFrom([]flows.Event{flows.Blocked{}, flows.Unblocked{}, flows.Unsupported{What: "photo"}, flows.Due{IDs: []uint64{1, 2, 99}}}).Draw(rt, "other"))
			case 4:
				if len(w.keys) > 0 {
					w.does(rt, rapid.SampledFrom(w.keys).Draw(rt, "old key"))
				}
			case 5:
				w.person.sleeps(time.Duration(rapid.IntRange(1, 5*24*60).Draw(rt, "minutes down")) * time.Minute)
				w.check(rt)
			case 6, 7:
				w.waits(time.Duration(rapid.IntRange(1, 30*60).Draw(rt, "minutes"))*time.Minute, func() { w.check(rt) })
			case 14, 15:
				w.answersCall(rt)
			default:
				w.pressLikely(rt)
			}
		}
	})
}

// showing is the message in the chat that a button is on, 0 if it is not there.
func (w *watcher) showing(d button.Data) int64 {
	for _, m := range w.Chat {
		for _, key := range slices.Concat(m.Keyboard...) {
			if key.Data == d.String() {
				return m.ID
			}
		}
	}
	return 0
}

// answersCall waits for the next call, and answers it soon or late.
func (w *watcher) answersCall(rt *rapid.T) {
	for _, r := range w.state().Pending {
		if r.Phase == flows.PhaseCall {
			w.waits(r.Due.Sub(w.Now), func() { w.check(rt) })
			break
		}
	}
	for range 2 { // the second time since when it is on
		w.waits(time.Duration(rapid.IntRange(0, 16*60).Draw(rt, "seconds"))*time.Second, func() { w.check(rt) })
		action := rapid.SampledFrom([]string{"on", "on", "later", "since"}).Draw(rt, "action")
		for _, o := range w.state().Open {
			d := button.Data{Kind: button.Reminder, Seal: seal, Message: o.Message, Choice: action}
			if o.Phase == flows.PhaseCall || o.Phase == flows.PhaseWhen {
				w.does(rt, flows.Button{Data: d.String(), Message: w.showing(d)})
			}
		}
	}
}

// pressLikely presses a button of the newest messages.
func (w *watcher) pressLikely(rt *rapid.T) {
	want := rapid.SampledFrom(likely).Draw(rt, "choice")
	for i := len(w.Chat) - 1; i >= 0 && i > len(w.Chat)-6; i-- {
		keys := slices.Concat(w.Chat[i].Keyboard...)
		if len(keys) == 0 {
			continue
		}
		key := keys[rapid.IntRange(0, len(keys)-1).Draw(rt, "key")]
		for _, k := range keys {
			if button.Choice(k.Data) == want {
				key = k
			}
		}
		w.does(rt, flows.Button{Data: key.Data, Message: w.Chat[i].ID})
		return
	}
}

func TestStepIsPure(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	s := p.state()
	a, effectsA := engine.Step(p.Catalog, s, flows.Command{Name: "spasm"}, p.Now)
	b, effectsB := engine.Step(p.Catalog, s, flows.Command{Name: "spasm"}, p.Now)
	if !bytes.Equal(encoded(t, a), encoded(t, b)) || len(effectsA) != len(effectsB) {
		t.Fatal("the same event gave two different results")
	}
}
