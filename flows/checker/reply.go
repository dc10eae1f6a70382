package checker

import (
	"slices"
	"strconv"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/checker/model"
	"spasmbot/flows/engine"
	"spasmbot/flows/lang"
	"spasmbot/flows/lang/ask"
)

// answering lists what the person can answer to the question in force.
func (m *subject) answering(w *world) []flows.Event {
	step := m.step(&w.s)
	if step == nil || step.Question == nil {
		return nil
	}
	var list []flows.Event
	samples := m.samples(w, step)
	for _, choice := range samples.Presses {
		list = append(list, w.press(button.Screen, w.s.Shown, choice))
	}
	for _, text := range m.accepted(w, step, samples) {
		list = append(list, flows.Text{Text: text})
	}
	if step.Back != nil {
		list = append(list, w.press(button.Screen, w.s.Shown, lang.BackChoice))
	}
	return list
}

// accepted are the typed samples that are answers.
func (m *subject) accepted(w *world, step *lang.Step, samples ask.Samples) []string {
	return slices.DeleteFunc(slices.Clone(samples.Typed), func(text string) bool {
		return step.Question.Typed(engine.View(m.c, &w.s, step, w.now), text).Verdict == ask.Refused
	})
}

// answersLike lists the answers with which the question in force is answered as
// in the model.
func (m *subject) answersLike(w *world, ev model.Event) []flows.Event {
	step := m.step(&w.s)
	if step == nil || step.ID != ev.Step {
		return nil
	}
	if step.IsBack(ev.Choice) {
		return []flows.Event{w.press(button.Screen, w.s.Shown, ev.Choice)}
	}
	samples := m.samples(w, step)
	var list []flows.Event
	for _, choice := range samples.Presses {
		if ev.Choice == choice || ev.Choice == "" && admits(ev.Value, choice) {
			list = append(list, w.press(button.Screen, w.s.Shown, choice))
		}
	}
	if got := ask.Press(step.Question, engine.View(m.c, &w.s, step, w.now), ev.Choice); got.Group != "" && !slices.Contains(samples.Presses, ev.Choice) {
		list = append(list, w.press(button.Screen, w.s.Shown, ev.Choice)) // of each group one sign is sampled
	}
	for _, text := range m.accepted(w, step, samples) {
		if admits(ev.Value, text) {
			list = append(list, flows.Text{Text: text})
		}
	}
	return list
}

// buttonLike finds the button of a reminder, nil if there is none.
func (m *subject) buttonLike(w *world, ev model.Event) flows.Event {
	for _, o := range slices.Backward(w.s.Open) {
		if ev.Track == "" || o.Track == ev.Track {
			return w.press(button.Reminder, o.Message, ev.Name)
		}
	}
	if ev.Track == "" && w.s.Messages > 0 {
		// Data can be made up: the engine takes these from any message.
		return w.press(button.Reminder, w.s.Messages, ev.Name)
	}
	return nil
}

// admits reports whether what was pressed or typed may be a value; the zero one is
// any.
func admits(v flows.Value, answer string) bool {
	switch v := v.Any().(type) {
	case string:
		return v == answer
	case float64:
		n, err := strconv.ParseFloat(answer, 64)
		return err == nil && n == v
	}
	return true
}
