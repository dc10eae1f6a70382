package ask

import (
	"math"

	"spasmbot/flows"
)

// Possible is an answer, or many that are alike but for their values.
type Possible struct {
	// Choice is as in [Outcome].
	Choice string
	// Group is as in [Outcome]. The choice is a sign then, and an answer of those only
	// whom it concerns.
	Group string
	// Sets is what the variables of the answer can be, in the order of Vars.
	Sets []Setting
	// Together is what such an answer is put together of, by the choices of drafts;
	// nil if that is not told.
	Together []string
}

// Setting is what a variable can be: any value of its type that is not ruled
// out.
type Setting struct {
	Var string
	// Value is the value if it is known; otherwise its kind alone counts.
	Value flows.Value
	Known bool
	// Least and Most bound a number that is not known.
	Least, Most float64
}

// OfButtons are the answers of a question each of whose buttons is one, to be
// kept in the variable of its step.
func OfButtons(q Question, v View, step string) []Possible {
	var list []Possible
	for _, row := range q.Buttons(v) {
		for _, b := range row {
			if b.Does.Verdict == Answered {
				list = append(list, Possible{Choice: b.Does.Choice, Sets: []Setting{known(step, b.Does.Value)}})
			}
		}
	}
	return list
}

// AnyNumber is a number within bounds, to be kept in the variable of its step.
func AnyNumber(step string, least, most float64) Possible {
	return Possible{Sets: []Setting{{Var: step, Value: flows.NumberOf(0), Least: least, Most: most}}}
}

// AnyText is a text of which nothing is known, to be kept in the variable of its
// step.
func AnyText(step string) Possible {
	return Possible{Sets: []Setting{{Var: step, Value: flows.TextOf(""), Least: math.Inf(-1), Most: math.Inf(1)}}}
}

// AnyTruth is a variable of an answer that may be true or false.
func AnyTruth(name string) Setting { return Setting{Var: name, Value: flows.BoolOf(false)} }
