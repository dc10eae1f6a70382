package flows_test

import (
	"fmt"
	"testing"

	"spasmbot/flows"
)

// TestCounting: an answer that was gone back to counts no more once another has taken its
// place, and neither do those of a message that was changed.
func TestCounting(t *testing.T) {
	answer := func(step string, n float64) flows.Entry {
		return flows.Entry{Kind: flows.EntryAnswer, Step: step, Value: n}
	}
	anew := func(e flows.Entry) flows.Entry { e.Anew = true; return e }
	undoes := func(from uint64, e flows.Entry) flows.Entry { e.Undoes = from; return e }
	back := flows.Entry{Kind: flows.EntryAnswer, Step: "b", Choice: flows.ChoiceBack}
	command := flows.Entry{Kind: flows.EntryCommand, Choice: "pain"}
	for name, c := range map[string]struct {
		entries []flows.Entry
		want    string
	}{
		"twice, on two days":   {[]flows.Entry{answer("a", 9), answer("a", 3)}, "[1 2]"},
		"gone back to":         {[]flows.Entry{answer("a", 9), answer("c", 1), back, anew(answer("a", 3))}, "[2 3 4]"},
		"and left at that":     {[]flows.Entry{answer("a", 9), back}, "[1 2]"},
		"from the one behind":  {[]flows.Entry{answer("b", 9), back, anew(answer("b", 3))}, "[2 3]"},
		"twice":                {[]flows.Entry{answer("a", 9), back, anew(answer("a", 3)), back, anew(answer("a", 4))}, "[2 4 5]"},
		"changed":              {[]flows.Entry{answer("a", 2), command, answer("p", 8), undoes(2, command), answer("p", 4)}, "[1 2 4 5]"},
		"changed twice":        {[]flows.Entry{answer("p", 8), undoes(1, answer("p", 4)), undoes(1, answer("p", 5))}, "[3]"},
		"into something else":  {[]flows.Entry{command, answer("p", 8), undoes(1, command)}, "[1 3]"},
		"what does not answer": {[]flows.Entry{{Kind: flows.EntryReminder, Step: "a"}, anew(answer("a", 3))}, "[1 2]"},
	} {
		for i := range c.entries {
			c.entries[i].Seq = uint64(i + 1)
		}
		var got []uint64
		for _, e := range flows.Counting(c.entries) {
			got = append(got, e.Seq)
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: entries %v count, want %s", name, got, c.want)
		}
	}
}
