package ask

import (
	"slices"
	"strconv"
	"strings"

	"spasmbot/flows"
	"spasmbot/flows/typed"
)

// lastHour is the last hour of the day to begin.
const lastHour = 23

// hourKind asks for an hour of the day.
type hourKind struct{}

func (hourKind) Word() string         { return "hour" }
func (hourKind) Doc() string          { return "of the day" }
func (hourKind) Parts() []Part        { return nil }
func (hourKind) Read(Reader) Question { return hour{} }

type hour struct {
	ForEverybody
	Unmeasured
	OneNumber
}

func (hour) TakesTyped() bool { return false }
func (hour) Caption() string  { return "hour" }
func (hour) Texts() []Text    { return nil }

func (hour) Buttons(View) [][]Button {
	return Rows(countUp(lastHour, func(n int) string { return strconv.Itoa(n) + ":00" }), 4)
}

func (hour) Keep(_ View, s *flows.State, step string, answer flows.Value) { s.SetVar(step, answer) }

func (hour) Label(_ View, answer flows.Value) string { return Plain(answer) + ":00" }

func (hour) Longest(View) int { return LongestNumber + len(":00") }

// Typed takes an hour as people write it: 7, 07, 07:00, 7.00 or 7h.
func (hour) Typed(_ View, words string) Outcome {
	digits := typed.Plain(words)
	for _, end := range []string{":00", ".00", "h00", "h"} {
		if short, ok := strings.CutSuffix(strings.ToLower(digits), end); ok {
			digits = strings.TrimSpace(short)
			break
		}
	}
	n, err := strconv.ParseUint(digits, 10, 8)
	if err != nil || len(digits) > 2 || n > lastHour {
		return NoAnswer()
	}
	return Answer(strconv.Itoa(int(n)), flows.NumberOf(float64(n)))
}

// Samples has the edges of the waking hours too, since the answer may be one.
func (hour) Samples(_ View, n Notable) Samples {
	list := append(slices.Clone(n.Numbers), 0, 12, lastHour)
	for _, edge := range n.Hours {
		list = append(list, float64(edge), float64(edge-1))
	}
	return Samples{Presses: wholes(list, lastHour)}
}

func (h hour) Possible(v View, step string) []Possible { return OfButtons(h, v, step) }
