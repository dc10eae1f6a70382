package ask

import "spasmbot/flows"

// Verdict says what has become of a press or of typed words.
type Verdict uint8

// The verdicts.
const (
	// Refused is no answer to this question.
	Refused Verdict = iota
	// Answered goes on with the flow.
	Answered
	// Drafted is not an answer yet: the question shows its buttons anew, with
	// what was put together so far.
	Drafted
)

// Outcome is what a press or typed words come to at a question.
type Outcome struct {
	Verdict Verdict
	// Choice is the button that stands for the answer, as the timeline and the
	// choices of the step call it; "" for what only typing can tell. Of a draft it is
	// what is put to it or taken from it.
	Choice string
	// Group is the group of the warning sign that the answer is; "" if it is none.
	Group string
	// Value is the answer, or the draft.
	Value flows.Value
}

// Answer is an answer. Choice is as in [Outcome].
func Answer(choice string, v flows.Value) Outcome {
	return Outcome{Verdict: Answered, Choice: choice, Value: v}
}

// NoAnswer is what does not answer this question.
func NoAnswer() Outcome { return Outcome{Verdict: Refused} }

// Draft is a step towards an answer. Choice is as in [Outcome].
func Draft(choice string, v flows.Value) Outcome {
	return Outcome{Verdict: Drafted, Choice: choice, Value: v}
}
