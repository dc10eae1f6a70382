package engine_test

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// What the operator has told stands in the texts, as words and never as markup; what
// they have not told is said as the texts say it.
func TestOperatorInTexts(t *testing.T) {
	c := tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
while: idle
default_wait: {timeout: 90d, next: over}
steps:
  - {id: who, ask: scale}
  - {id: over, end: over}
`, "", map[string]string{"texts/en.yaml": `
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P}
system: {nudge: n, stale: s, unexpected: u, use_buttons: b, unknown_command: c, idle: i, group: g, updated: u}
operator: {name: those who run me, phone: no number, urgent_line: an urgent line, reads: nobody reads this}
who: {text: "{operator_name}; {operator_phone}; {operator_urgent_line}; {operator_reads}"}
`})
	asked := func() string {
		p := newPerson(t, c)
		p.does(flows.Command{Name: "spasm"})
		return p.last()
	}
	if got := asked(); got != "those who run me; no number; an urgent line; nobody reads this" {
		t.Errorf("of an operator who has told nothing people read %q", got)
	}
	c.Operator = lang.Operator{Name: "<b>Dr & Co</b>", Phone: " 030 1234 ", UrgentLine: "116117", Reads: strings.Repeat("a", 100)}
	want := "&lt;b&gt;Dr &amp; Co&lt;/b&gt;; 030 1234; 116117; " + strings.Repeat("a", lang.MostOperator-1) + "…"
	if got := asked(); got != want {
		t.Errorf("people read %q, want %q", got, want)
	}
}

// TestHowLongIsTold: people are told how long is kept what is over, as the bot is run.
func TestHowLongIsTold(t *testing.T) {
	c := shipped(t)
	for keep, want := range map[time.Duration]string{
		0: "I delete nothing before", 365 * 24 * time.Hour: "What is over goes after 365 days.", 30 * time.Hour: "What is over goes after a day.",
	} {
		c.Operator.Keep = keep
		p := newPerson(t, c)
		p.does(flows.Command{Name: "privacy"})
		if !strings.Contains(p.last(), want) {
			t.Errorf("kept for %v, people read %q, want %q", keep, p.last(), want)
		}
	}
}

// TestHintsSayWhoReads: they say of it what the consent said, and in a spasm that is
// closed they know the number of the country still.
func TestHintsSayWhoReads(t *testing.T) {
	c := shipped(t)
	c.Operator.Reads = "a nurse reads this on weekdays"
	p := newPerson(t, c)
	reads := func(number string) {
		t.Helper()
		p.does(flows.Text{Text: "hm", Message: 1})
		if got := p.last(); !strings.Contains(got, c.Operator.Reads) || strings.Contains(got, "nobody") || !strings.Contains(got, number) {
			t.Errorf("the hint reads %q, want who reads, and %q", got, number)
		}
	}
	reads("your emergency number")
	p.does(flows.Command{Name: "spasm"})
	reads("It is 112 in the EU")
	s := p.State()
	s.SetVar("emergency_number", flows.TextOf("144"))
	if err := p.SetState(s); err != nil {
		t.Fatal(err)
	}
	reads("call 144 now")
	s = p.State()
	s.Episode.Ended, s.At = p.Now, flows.Place{}
	if err := p.SetState(s); err != nil {
		t.Fatal(err)
	}
	reads("call 144 now")
}
