package ask

import (
	"fmt"
	"slices"

	"spasmbot/flows"
	"spasmbot/flows/typed"
)

// numberKind asks for a number, to be typed.
type numberKind struct{}

func (numberKind) Word() string  { return "number" }
func (numberKind) Doc() string   { return "typed" }
func (numberKind) Parts() []Part { return []Part{Bounds(), Measure()} }

func (numberKind) Read(r Reader) Question {
	b, _ := readBounds(r)
	name, _ := r.Name("measure")
	return number{measured: measured{name}, bounds: b}
}

type number struct {
	ByTyping
	ForEverybody
	OneNumber
	measured
	bounds
}

func (n number) Caption() string { return fmt.Sprintf("number %v to %v", n.least, n.most) }

func (n number) Typed(v View, words string) Outcome {
	got, ok := typed.Number(words, v.Decimal())
	if !ok || !n.hold(got) {
		return NoAnswer()
	}
	return Answer("", flows.NumberOf(got))
}

func (number) Label(_ View, answer flows.Value) string { return Plain(answer) }

func (number) Longest(View) int { return LongestNumber }

func (n number) Samples(_ View, notable Notable) Samples {
	var list []string
	for _, got := range append(slices.Clone(notable.Numbers), n.least-1, n.least, n.most, n.most+1) {
		list = append(list, typed.Written(got))
	}
	slices.Sort(list)
	return Samples{Typed: append(slices.Compact(list), "hello")}
}

func (n number) Possible(_ View, step string) []Possible {
	return []Possible{AnyNumber(step, n.least, n.most)}
}
