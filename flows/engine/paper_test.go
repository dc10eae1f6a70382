package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

// charted brings a chart by a reminder, and to whoever asks.
func charted(t *testing.T) *person {
	t.Helper()
	p := newPerson(t, tinyWith(t, `
flow: spasm
episode: true
commands: [spasm]
papers: {pain: pain}
steps:
  - {id: go_week, start: week}
  - {id: hub, ask: choice, choices: {ache: {}}, wait: {timeout: 90d, next: over}}
  - {id: hurts, ask: scale, measure: pain, wait: {timeout: 90d, next: over}, next: hub}
  - {id: over, end: over}
reminders:
  week: {once: 2h, run: chart, late: deliver}
`, "", map[string]string{
		"chart.yaml":    "flow: chart\ncommands: [chart]\nsteps: [{id: chart_shown, paper: timeline}]",
		"texts/en.yaml": tinyTextsWith("paper_failed: Sorry.") + "hub: {text: Here., ache: Ache}\nhurts: {text: P}\nchart_shown: {text: Your week.}\n",
	}))
	p.does(flows.Command{Name: "spasm"})
	return p
}

// tinyTextsWith has one more system text.
func tinyTextsWith(text string) string {
	return strings.Replace(tinyTexts, "system: {", "system: {"+text+", ", 1)
}

// TestPaperIsAMessageOfItsOwn: a paper takes no question's place, comes to whoever has no
// episode with its words alone, stays when it is asked for again, and the question in
// force comes again behind it.
func TestPaperIsAMessageOfItsOwn(t *testing.T) {
	p := charted(t)
	for range 2 {
		p.does(flows.Command{Name: "chart"})
		var paper flows.Message
		for _, m := range p.messages() {
			if m.Delete && m.Of == paper.Number {
				t.Errorf("the paper was deleted: %+v", m)
			}
			if m.Paper != "" {
				paper = m
			}
		}
		if paper.Paper != flows.TimelinePaper || paper.Edit != 0 || paper.Of != 0 || paper.Text != "Your week." || paper.Picture != "" {
			t.Errorf("said %+v, want the paper as a message of its own", p.messages())
		}
		for _, st := range p.state().Standing {
			if st.Of == "chart_shown" && !st.Stays {
				t.Errorf("the paper goes when its time is over: %+v", st)
			}
		}
		if p.state().At.Step != "hub" || p.state().Shown <= paper.Number {
			t.Errorf("the question does not stand below the paper: at %q, shown by %d", p.state().At.Step, p.state().Shown)
		}
	}

	p = newPerson(t, p.Catalog)
	p.does(flows.Command{Name: "chart"})
	if m := p.messages(); len(m) != 1 || m[0].Paper != flows.TimelinePaper || m[0].Class != flows.Contact {
		t.Errorf("somebody without an episode got %+v", m)
	}
}

// TestPaperAfterAnAbsence: what is told in one message has no paper with it, and the
// reminder that would have brought it is over.
func TestPaperAfterAnAbsence(t *testing.T) {
	p := charted(t)
	week := p.next("week")
	p.Now = p.Now.Add(3 * time.Hour)
	p.does(flows.Due{IDs: []uint64{week.ID}, Missed: true})
	list := slices.DeleteFunc(p.messages(), func(m flows.Message) bool { return m.Class == flows.Tidy })
	if len(list) != 1 || list[0].Paper != "" || list[0].Text != "Here." {
		t.Errorf("said %+v, want the question alone", list)
	}
	if !slices.Contains(p.Effects, flows.Effect(flows.Settle{ID: week.ID, State: flows.Merged})) {
		t.Errorf("the reminder of the paper is not over: %+v", p.Effects)
	}
	for _, st := range p.state().Standing {
		if st.Of == "chart_shown" {
			t.Errorf("a paper that was left out stands in the chat: %+v", st)
		}
	}
}
