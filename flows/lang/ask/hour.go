package ask

import (
	"slices"
	"strconv"

	"spasmbot/flows"
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
	ByButtons
	ForEverybody
	Unmeasured
	OneNumber
}

func (hour) Caption() string { return "hour" }
func (hour) Texts() []Text   { return nil }

func (hour) Buttons(View) [][]Button {
	return Rows(countUp(lastHour, func(n int) string { return strconv.Itoa(n) + ":00" }), 4)
}

func (hour) Keep(s *flows.State, step string, answer flows.Value) { s.SetVar(step, answer) }

func (hour) Label(_ View, answer flows.Value) string { return Plain(answer) + ":00" }

// Samples has the edges of the waking hours too, since the answer may be one.
func (hour) Samples(_ View, n Notable) Samples {
	list := append(slices.Clone(n.Numbers), 0, 12, lastHour)
	for _, edge := range n.Hours {
		list = append(list, float64(edge), float64(edge-1))
	}
	return Samples{Presses: wholes(list, lastHour)}
}

func (h hour) Possible(v View, step string) []Possible { return OfButtons(h, v, step) }
