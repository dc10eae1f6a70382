package measure

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadBudgets(t *testing.T) {
	row := func(s string) string { return "budgets:\n  - {" + s + "}\n" }
	for _, test := range []struct{ src, want string }{
		{"", `there is no budget: write a list behind "budgets:"`},
		{"budgets: 7", "the budgets cannot be read: "},
		{row("off: mia"), `unknown field "off"`},
		{row("days: 1, figures: {rings: {now: 1}}"), "budget 1: name a person behind of"},
		{row("of: mia, figures: {rings: {now: 1}}"), "give one of until, days and each"},
		{row("of: mia, days: 1, each: 1, figures: {rings: {now: 1}}"), "give one of until, days and each"},
		{row("of: mia, days: 1"), "it bounds nothing"},
		{row("of: mia, days: 0, figures: {rings: {now: 1}}"), `"0" are no days: write such as 2, or 2-7`},
		{row("of: mia, each: 3-2, figures: {rings: {now: 1}}"), `"3-2" are no days`},
		{row("of: mia, days: one, figures: {rings: {now: 1}}"), `"one" are no days`},
		{row("of: mia, days: 1, figures: {bells: {now: 1}}"), `there is no figure "bells": write one of presses, typed, words`},
		{row("of: mia, days: 1, figures: {rings: {to_reach: 1}}"), "rings: write now: with the most that it may be"},
		{row("of: mia, days: 1, figures: {rings: {now: -1}}"), "rings: write now:"},
		{row("of: mia, days: 1, figures: {rings: {now: 1, to_reach: -1}}"), "rings: write now:"},
		{row("of: mia, until: a, figures: {standing: {now: 1}}"), "standing: it is counted at the end of a day"},
	} {
		if _, err := ReadBudgets([]byte(test.src)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\ngives %v\nwant %s", test.src, err, test.want)
		}
	}
}

// threeDays is a report whose figures are easily told from each other.
func threeDays() []Report {
	return []Report{{
		Person: "mia",
		Marks:  []Reached{{"a", "1m", Figures{Pressed: 5, Words: 70}}, {"never", "", nil}},
		Days:   []Figures{{Rings: 8, Standing: 3}, {Rings: 16, Standing: 5}, {Rings: 4, Standing: 9}},
	}}
}

func TestHold(t *testing.T) {
	for _, test := range []struct{ row, want string }{
		{"until: a, figures: {words: {now: 70, to_reach: 7}, presses: {now: 4}}", "mia, until a: 5 presses of 4 over; mia, until a: 70 words of 70"},
		{"days: 2, figures: {rings: {now: 15}}", "mia, day 2: 16 rings of 15 over"},
		{"days: 1-3, figures: {rings: {now: 28}}", "mia, days 1-3: 28 rings of 28"},
		{"days: 1-2, figures: {standing: {now: 5}}", "mia, days 1-2: 5 standing of 5"},
		{"each: 1-3, figures: {rings: {now: 17}, standing: {now: 8}}", "mia, each of the days 1-3: 16 rings of 17; mia, each of the days 1-3: 9 standing of 8 over"},
	} {
		b, err := ReadBudgets([]byte("budgets:\n  - {of: mia, " + test.row + "}\n"))
		if err != nil {
			t.Fatal(err)
		}
		held, err := b.Hold(threeDays())
		if err != nil {
			t.Fatal(err)
		}
		var told []string
		for _, h := range held {
			s := fmt.Sprintf("%s: %d %s of %d", h.Row, h.Measured, h.Figure, h.Now)
			if h.Over() {
				s += " over"
			}
			told = append(told, s)
		}
		if got := strings.Join(told, "; "); got != test.want {
			t.Errorf("%s\ngives %s\nwant  %s", test.row, got, test.want)
		}
	}
}

// TestHoldWhatIsNotThere: a row that is about nothing holds nothing, and is told.
func TestHoldWhatIsNotThere(t *testing.T) {
	for _, test := range []struct{ row, want string }{
		{"of: leo, days: 1", "budget 1, leo, day 1: there is no such person"},
		{"of: mia, days: 2-4", "budget 1, mia, days 2-4: the person is counted for 3 days only"},
		{"of: mia, until: b", "budget 1, mia, until b: the person has no such mark: write one of a, never"},
		{"of: mia, until: never", "budget 1, mia, until never: the person never comes to the mark"},
	} {
		b, err := ReadBudgets([]byte("budgets:\n  - {" + test.row + ", figures: {rings: {now: 1}}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.Hold(threeDays()); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\ngives %v\nwant %s", test.row, err, test.want)
		}
	}
}
