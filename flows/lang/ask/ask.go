package ask

import (
	"time"

	"spasmbot/flows"
	"spasmbot/flows/markup"
	"spasmbot/flows/typed"
)

// Question is what one step asks. It is a value that does not change: what a
// person has answered, or is about to, is in their state.
//
// Every kind implements all of it, so that a part which is forgotten does not
// compile. Traits such as [ByButtons] fill in what a kind of question decides
// not to have; none is filled in by itself.
type Question interface {
	// Caption is the question in the drawing of a flow: "number 5 to 60".
	Caption() string
	// Vars are the variables that the answer sets at a step of this name, each
	// with a value of its type: that of the step, and STEP_part for each part
	// that an answer has.
	Vars(step string) []flows.Var
	// Gates are the last of the Vars, which are not kept but read off the parts that
	// are. Conditions then read no parts.
	Gates() []Gate
	// Values are the texts that the answer can be; nil if that is not known
	// before somebody is asked, or if it is no text.
	Values() []string
	// Measures names the measurement that the answer is one of: "pain". It is
	// "" for none.
	Measures() string
	// Texts are the texts of the step that the question needs besides its words.
	Texts() []Text

	// Optional reports whether there are people who are not asked, and LeftOut
	// whether this one is not. Where it is left out a flow goes on as if the
	// step were not there, or as if it had been answered with Unasked, if that is
	// an answer.
	Optional() bool
	LeftOut(v View) bool
	Unasked() Outcome
	// Buttons are the rows of buttons below the words. They are all that can be
	// pressed: see [Press].
	Buttons(v View) [][]Button
	// TakesTyped reports whether the question is there to be answered by typing: if
	// typed words are no answer, the person reads the text "invalid". Typed is what
	// they come to, apart from those that stand on buttons: see [Type].
	TakesTyped() bool
	Typed(v View, words string) Outcome
	// Keep takes an answer into the person's state: the variables, and whatever
	// else it changes. The view is of the person before.
	Keep(v View, s *flows.State, step string, answer flows.Value)
	// Label is how a kept answer reads, as plain text, and Longest how many UTF-16
	// units of it there are at most. More are not shown.
	Label(v View, answer flows.Value) string
	Longest(v View) int

	// Samples are the answers that a check of all ways through the flows tries:
	// each that some condition can tell from the others, and what is no answer.
	Samples(v View, n Notable) Samples
	// Possible are all answers that there are, for a proof that leaves none out.
	Possible(v View, step string) []Possible
}

// View is what a question sees of the person whom it asks.
type View interface {
	// Text is a text of the step, plain; "" if there is none.
	Text(key string) string
	// Shared is a text of the buttons that many steps have, such as "done", plain;
	// "" if there is none.
	Shared(key string) string
	// Languages are those that there are texts in, and LanguageName is what one
	// of them calls itself.
	Languages() []string
	LanguageName(language string) string
	// Language is the one of the texts that the person reads, and Phone the one that
	// their messenger has named or that they have chosen since, perhaps with a
	// country; "" if neither is known.
	Language() string
	Phone() string
	// Home is the country that the bot is run in, "" if that is not known.
	Home() string
	// Now is when they are asked.
	Now() time.Time
	// Decimal is what stands before a fraction where their language is spoken:
	// typed.Point or typed.Comma.
	Decimal() rune
	// Draft is what the person has put together so far; the zero Value before they
	// have begun.
	Draft() flows.Value
	// Kept is the part of that name of the last answer: the variable STEP_part.
	Kept(part string) flows.Value
	// Var is any variable; the zero Value if it was never set.
	Var(name string) flows.Value
	// Signs are the warning signs of the flows, in their order; nil if they have none.
	Signs() []Sign
	// Concerns reports whether a sign is asked of this person. Of nobody in
	// particular each is.
	Concerns(sign string) bool
	// SignText is a text of the signs, plain: a sign's line by its name, and NAME_name
	// and NAME_more; "" if there is none.
	SignText(key string) string
}

// Text is a text of a step.
type Text struct {
	Key string
	// Label says that a button shows it.
	Label bool
	// Shared says that it is no text of the step's own, see [View]: the others may
	// not read the same.
	Shared bool
}

// Button is a button of a question.
type Button struct {
	Label string
	// Data tells the buttons of a question apart: at most 24 characters of a-z,
	// 0-9, _ and -, which no name has. Where a draft can lose a part again, the name of
	// the part itself is the button that puts it there.
	Data string
	// Does is what pressing it comes to.
	Does Outcome
}

// TakesBack reports whether the button takes from a draft what is of that name.
func (b Button) TakesBack(part string) bool {
	return b.Does.Verdict == Drafted && b.Does.Choice == part && b.Data != part
}

// Press is what a press comes to: that of the button with exactly these data.
// They come from outside, and nothing but what the person is shown can be
// pressed.
func Press(q Question, v View, data string) Outcome {
	for _, row := range q.Buttons(v) {
		for _, b := range row {
			if b.Data == data {
				return b.Does
			}
		}
	}
	return NoAnswer()
}

// Type is what typed words come to: what the question takes them for, or else the
// press of the button that they stand on.
func Type(q Question, v View, words string) Outcome {
	words = typed.Trim(words)
	if got := q.Typed(v, words); got.Verdict != Refused {
		return got
	}
	for _, row := range q.Buttons(v) {
		for _, b := range row {
			if typed.Same(b.Label, words) {
				return b.Does
			}
		}
	}
	return NoAnswer()
}

// longestOf is the length of the longest of some labels, in UTF-16 units.
func longestOf(labels []string) int {
	most := 0
	for _, label := range labels {
		most = max(most, markup.Units(label))
	}
	return most
}

// Notable is what conditions compare the answer to a question with.
type Notable struct {
	// Numbers come with their neighbours.
	Numbers []float64
	Texts   []string
	// Hours are the edges of the person's waking hours, as hours of the day.
	Hours []int
}

// Samples are answers worth trying: the data of buttons, and typed words.
type Samples struct {
	Presses []string
	Typed   []string
}
