package ask

import (
	"strconv"

	"spasmbot/flows"
)

// ByButtons is for questions that are answered by buttons, or by typing what
// stands on them.
type ByButtons struct{}

// TakesTyped implements [Question].
func (ByButtons) TakesTyped() bool { return false }

// Typed implements [Question].
func (ByButtons) Typed(View, string) Outcome { return NoAnswer() }

// ByTyping is for questions that are answered by typing alone.
type ByTyping struct{}

// Buttons implements [Question].
func (ByTyping) Buttons(View) [][]Button { return nil }

// TakesTyped implements [Question].
func (ByTyping) TakesTyped() bool { return true }

// Texts implements [Question].
func (ByTyping) Texts() []Text { return []Text{{Key: "invalid"}} }

// ForEverybody is for questions that are never left out.
type ForEverybody struct{}

// Optional implements [Question].
func (ForEverybody) Optional() bool { return false }

// LeftOut implements [Question].
func (ForEverybody) LeftOut(View) bool { return false }

// Unasked implements [Question].
func (ForEverybody) Unasked() Outcome { return NoAnswer() }

// Unmeasured is for questions whose answer is not one of a series.
type Unmeasured struct{}

// Measures implements [Question].
func (Unmeasured) Measures() string { return "" }

// OneText is for questions whose answer is a text, in the variable of the step.
type OneText struct{}

// Vars implements [Question].
func (OneText) Vars(step string) []flows.Var {
	return []flows.Var{{Name: step, Value: flows.TextOf("")}}
}

// Gates implements [Question].
func (OneText) Gates() []Gate { return nil }

// OneNumber is for questions whose answer is a number, in the variable of the
// step.
type OneNumber struct{}

// Vars implements [Question].
func (OneNumber) Vars(step string) []flows.Var {
	return []flows.Var{{Name: step, Value: flows.NumberOf(0)}}
}

// Gates implements [Question].
func (OneNumber) Gates() []Gate { return nil }

// Values implements [Question].
func (OneNumber) Values() []string { return nil }

// LongestNumber is how long a number can read, in UTF-16 units.
const LongestNumber = 24

// Plain is how a text or a number reads by itself, and "" for anything else.
func Plain(v flows.Value) string {
	switch v.Kind {
	case flows.TextValue:
		return v.Str
	case flows.NumberValue:
		return strconv.FormatFloat(v.Num, 'g', -1, 64)
	case flows.BoolValue, flows.InstantValue:
	}
	return ""
}

// Rows lays out buttons side by side.
func Rows(buttons []Button, columns int) [][]Button {
	rows := make([][]Button, 0, (len(buttons)+columns-1)/columns)
	for len(buttons) > columns {
		rows = append(rows, buttons[:columns:columns])
		buttons = buttons[columns:]
	}
	return append(rows, buttons)
}
