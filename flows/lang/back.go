package lang

import "spasmbot/flows"

// BackChoice is the choice of the button that leads from a question to the one before,
// and the key of its words among the buttons.
const BackChoice = flows.ChoiceBack

// LineText is the key of the text that is left of a question once it is answered, and of
// a round once the person has said that it is off.
const LineText = "line"

// Back leads from a question to the one before it, or out of the flow. It is no answer:
// the variables of the question stay as they are.
type Back struct {
	Next string
	// Set is evaluated in order on the way.
	Set []Assignment
}

// IsBack reports whether a choice at a question leads back.
func (s *Step) IsBack(choice string) bool { return s.Back != nil && choice == BackChoice }

// HasLine reports whether one line is left of a question once it is answered.
func (c *Catalog) HasLine(s *Step) bool {
	return s.Question != nil && !s.Says(LineText) && c.Text(English, s.ID, LineText).Source != ""
}

// Sets are all assignments of a step, whatever leads on from it.
func (s *Step) Sets() []Assignment {
	all := append([]Assignment(nil), s.Set...)
	for i := range s.Choices {
		all = append(all, s.Choices[i].Set...)
	}
	if s.Back != nil {
		all = append(all, s.Back.Set...)
	}
	return all
}
