package ask

import (
	"slices"
	"strconv"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/typed"
)

// mostScale is the end of the numeric rating scale that pain is told on.
const mostScale = 10

// scaleKind asks for a whole number from 0 to 10.
type scaleKind struct{}

func (scaleKind) Word() string  { return "scale" }
func (scaleKind) Doc() string   { return "0 to 10" }
func (scaleKind) Parts() []Part { return []Part{Measure()} }

func (scaleKind) Read(r Reader) Question {
	name, _ := r.Name("measure")
	return scale{measured: measured{name}}
}

type scale struct {
	ByButtons
	ForEverybody
	OneNumber
	measured
}

func (scale) Caption() string { return "scale" }
func (scale) Texts() []Text   { return nil }

func (scale) Buttons(View) [][]Button {
	return Rows(countUp(mostScale, strconv.Itoa), 4)
}

// Typed takes a number as people write it on such a scale: 7, or 7/10.
func (scale) Typed(v View, words string) Outcome {
	points, most, of := strings.Cut(typed.Plain(words), "/")
	got, ok := typed.Number(points, v.Decimal())
	if !ok || of && strings.TrimSpace(most) != strconv.Itoa(mostScale) || got < 0 || got > mostScale || got != float64(int(got)) {
		return NoAnswer()
	}
	return Answer(strconv.Itoa(int(got)), flows.NumberOf(got))
}

func (scale) Label(_ View, answer flows.Value) string { return Plain(answer) }

func (scale) Longest(View) int { return LongestNumber }

func (scale) Samples(_ View, n Notable) Samples {
	return Samples{Presses: wholes(append(slices.Clone(n.Numbers), 0, mostScale), mostScale)}
}

// countUp makes a button for each number from 0 on.
func countUp(most int, label func(n int) string) []Button {
	list := make([]Button, most+1)
	for n := range list {
		data := strconv.Itoa(n)
		list[n] = Button{label(n), data, Answer(data, flows.NumberOf(float64(n)))}
	}
	return list
}

// wholes writes the whole numbers among these from 0 up to the most, each once.
func wholes(list []float64, most float64) []string {
	slices.Sort(list)
	var out []string
	for _, n := range slices.Compact(list) {
		if n >= 0 && n <= most && n == float64(int(n)) {
			out = append(out, strconv.Itoa(int(n)))
		}
	}
	return out
}

func (s scale) Possible(v View, step string) []Possible { return OfButtons(s, v, step) }
