package engine

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// What is left of a round in the chat. Its call goes when the round is over. All else of
// it goes when the person says that it is off, and the take-off becomes one line, if the
// flows have one; a take-off that nobody has answered stays.

// callOver takes away the call of a round that is over, and the look, unless that can be
// answered by that the skin looks wrong, which counts at any time.
func (tk *tracks) callOver(tr *flows.Track) {
	tk.messages.clears(func(st flows.Standing) bool {
		looks := st.Phase == flows.PhaseLook && tk.mayLookWrong(tr, st.Phase)
		return st.Of == tr.Name && st.Phase != flows.PhaseTakeOff && !looks
	})
}

// lasted notes with the take-off that was just told since when the round was on.
func (tk *tracks) lasted(since time.Time) {
	if st := tk.messages.standing(tk.messages.last.Number); st != nil {
		st.Since = since
	}
}

// confirmed takes away what is left of a round of which the person says that it is off,
// or that it was not on, and returns the line that stays in the place of the take-off: ""
// if there is none.
func (tk *tracks) confirmed(o flows.Open, choice string) (line string) {
	if o.Phase != flows.PhaseTakeOff {
		return ""
	}
	if st := tk.messages.standing(o.Message); st != nil && choice == actDone && !st.Since.IsZero() {
		line = tk.texts.about(&flows.Track{Name: o.Track, On: st.Since, Ends: st.At}, o.Kind, lang.LineText)
	}
	tk.messages.clears(func(st flows.Standing) bool { return st.Of == o.Track && st.Number != o.Message })
	return line
}
