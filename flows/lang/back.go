package lang

// BackChoice is the choice of the button that leads from a question to the one before,
// and the key of its words among the buttons.
const BackChoice = "back"

// Back leads from a question to the one before it, or out of the flow. It is no answer:
// the variables of the question stay as they are.
type Back struct {
	Next string
	// Set is evaluated in order on the way.
	Set []Assignment
}

// IsBack reports whether a choice at a question leads back.
func (s *Step) IsBack(choice string) bool { return s.Back != nil && choice == BackChoice }

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
