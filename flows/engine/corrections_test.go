package engine_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/engine"
)

const correctedFlow = `
flow: spasm
episode: true
commands: [spasm]
while: idle
default_wait: {timeout: 90d, next: over}
steps:
  - id: pain
    ask: scale
    measure: pain
    next: [{when: pain >= 5, to: bad}, {to: mild}]
  - {id: mild, set: {low: "true"}, go: days}
  - {id: bad, set: {high: "true", zone: '"Asia/Tokyo"', onset: now - 48h}, go: warn}
  - {id: warn, ask: choice, choices: {yes: {}, no: {}}}
  - {id: days, ask: number, least: 0, most: 9, set: {onset: now - in_hours(24 * days)}}
  - {id: country, ask: country, choices: {de: {}}, set: {zone: zone_in(country)}}
  - {id: where, ask: number, least: 0, most: 9}
  - {id: go_walk, start: walk}
  - {id: hub, ask: choice, choices: {more: {next: cold}, end: {next: over}}}
  - {id: cold, ask: number, least: 0, most: 20, next: [{when: cold == 0, to: over}, {to: go_cold}]}
  - {id: go_cold, start: cold_round, next: hub}
  - {id: over, end: over}
rounds:
  cold_round: {hold: 20m, gap: 2h}
reminders:
  walk: {every: 5h}

`

const correctedTexts = `
pain: {text: "How bad?"}
warn: {text: "Warned?", "yes": "Yes", "no": "No"}
days: {text: "Days?", invalid: "0 to 9."}
country: {text: "Which country?", invalid: "A country."}
where: {text: "Where?", invalid: "0 to 9."}
hub: {text: "?", more: More, end: End}
cold: {text: "How long?", invalid: "0 to 20."}
cold-round-on: {text: "on"}
cold-round-off: {text: "off"}
walk: {text: walk}
`

// typist is a person who types, each message with a number of its own.
type typist struct {
	*person
	last int64
}

func (p *typist) types(words string) {
	p.last++
	p.does(flows.Text{Text: words, Message: p.last})
}

func (p *typist) edits(words string) {
	p.does(flows.Edit{To: flows.Text{Text: words, Message: p.last}})
}

// ignores demands that an edit changes nothing at all, and says nothing.
func (p *typist) ignores(what string, ev flows.Edit) {
	p.t.Helper()
	before := p.state()
	p.Now = p.Now.Add(time.Second)
	p.does(ev)
	if len(p.Effects) != 0 || !reflect.DeepEqual(p.state(), before) {
		p.t.Errorf("%s: the edit brought %+v\nand made of\n%+v\nthis:\n%+v", what, p.Effects, before, p.state())
	}
}

// corrected is a person before the first question.
func corrected(t *testing.T) *typist {
	p := &typist{person: newPerson(t, tiny(t, correctedFlow, correctedTexts))}
	p.does(flows.Command{Name: "spasm"})
	return p
}

// standing is where somebody stands, apart from what was counted and when they were
// asked.
func standing(s flows.State) string {
	for i := range s.Tracks {
		s.Tracks[i].Rev = 0
	}
	var pending []string
	for _, r := range s.Pending {
		pending = append(pending, fmt.Sprint(r.Kind, r.Phase, r.Due.Sub(noon)))
	}
	return fmt.Sprintf("%+v %+v %+v %v %q %v %+v %+v", s.Episode, s.At, s.Draft, s.Stack, s.Zone, pending, s.Tracks, s.Measures) +
		fmt.Sprintf("%+v", s.Vars)
}

// TestCorrectedFigures: an edit leaves a person where they would stand if they had
// said it at once, on the other branch too.
func TestCorrectedFigures(t *testing.T) {
	for _, c := range []struct {
		begin       []string
		wrong, edit string
		at          string
	}{
		{nil, "7", "3", "days"},
		{nil, "3", "7", "warn"},
		{nil, "3", "4/10", "days"},
		{[]string{"3"}, "1", "٢", "country"},
		{[]string{"3", "1"}, "Germany", "india", "where"}, // the zone as well
		{[]string{"3", "1", "Germany"}, "7", "8", ""},     // begins a reminder: see below
	} {
		said, edited := corrected(t), corrected(t)
		for _, p := range []*typist{said, edited} {
			for _, words := range c.begin {
				p.types(words)
			}
		}
		edited.types(c.wrong)
		if c.at == "" {
			edited.ignores("a figure behind which a reminder has begun", flows.Edit{To: flows.Text{Text: c.edit, Message: edited.last}})
			continue
		}
		asked := edited.state().At.Step
		edited.edits("nonsense") // in between
		edited.edits(c.edit)
		if e := edited.Timeline; asked == "" || e[len(e)-1].Undoes != e[len(e)-2].Seq || len(flows.Counting(e)) != len(e)-1 {
			t.Errorf("%q edited to %q, at %q, stands on the timeline as %+v", c.wrong, c.edit, asked, e)
		}
		for _, st := range edited.state().Standing {
			if st.Keys && st.Of == asked && asked != c.at {
				t.Errorf("%q edited to %q leaves the question %q standing", c.wrong, c.edit, asked)
			}
		}
		said.types(c.edit)
		if got, want := standing(edited.state()), standing(said.state()); got != want || edited.state().At.Step != c.at {
			t.Errorf("%q edited to %q leads to\n%s\nwant at %s\n%s", c.wrong, c.edit, got, c.at, want)
		}
		edited.edits(c.wrong)
		edited.edits(c.edit) // as often as they like
		if got, want := standing(edited.state()), standing(said.state()); got != want {
			t.Errorf("there and back:\n%s\nwant\n%s", got, want)
		}
	}
}

// TestEditsThatDoNotCount changes nothing, however late it is.
func TestEditsThatDoNotCount(t *testing.T) {
	for name, c := range map[string]struct {
		does  func(p *typist)
		words string
	}{
		"the same figure":            {func(p *typist) { p.types("7") }, "७/10"},
		"no figure":                  {func(p *typist) { p.types("7") }, "very bad"},
		"no figure of the scale":     {func(p *typist) { p.types("7") }, "70"},
		"an unknown command":         {func(p *typist) { p.types("7") }, "/nonsense"},
		"an answer to a press since": {func(p *typist) { p.types("7"); p.presses("no") }, "3"},
		"a word typed since":         {func(p *typist) { p.types("7"); p.types("hello"); p.last-- }, "3"},
		"a picture since":            {func(p *typist) { p.types("7"); p.does(flows.Unsupported{What: "photo"}) }, "3"},
		"a timer since":              {func(p *typist) { p.types("7"); p.does(flows.Due{IDs: []uint64{99}}) }, "3"},
		"a stale press since":        {func(p *typist) { p.types("7"); p.does(flows.Button{Data: "x"}) }, "3"},
		"an earlier message":         {func(p *typist) { p.types("7"); p.types("yes"); p.last-- }, "3"},
		"a message of nobody":        {func(p *typist) { p.types("7"); p.last = 0 }, "3"},
		"the words of a button":      {func(p *typist) { p.types("7"); p.types("yes") }, "no"},
		"a press":                    {func(p *typist) { p.presses("7") }, "3"},
		"a try at another question":  {func(p *typist) { p.types("seven"); p.presses("3") }, "7"},
		"the end": {func(p *typist) {
			p.types("3")
			p.types("1")
			p.types("Germany")
			p.types("7")
			p.presses("more")
			p.types("0")
		}, "5"},
		"a round": {func(p *typist) {
			p.types("3")
			p.types("1")
			p.types("Germany")
			p.types("7")
			p.presses("more")
			p.types("5")
		}, "0"},
	} {
		p := corrected(t)
		c.does(p)
		p.ignores(name, flows.Edit{To: flows.Text{Text: c.words, Message: p.last}})
	}
}

// TestTriesThatAreMended: what came to nothing can be mended as long as its
// question is in force, whatever has come meanwhile.
func TestTriesThatAreMended(t *testing.T) {
	p := corrected(t)
	p.types("seven")
	p.does(flows.Button{Data: "x"})
	p.does(flows.Due{IDs: []uint64{99}})
	p.ignores("still no figure", flows.Edit{To: flows.Text{Text: "sven", Message: p.last}})
	p.edits("7")
	if at := p.state().At.Step; at != "warn" {
		t.Fatalf("the mended word leads to %q", at)
	}
	// It is an answer now, and can be corrected like one.
	p.edits("3")
	if at := p.state().At.Step; at != "days" {
		t.Errorf("the figure that was mended leads to %q", at)
	}
	q := newPerson(t, tiny(t, correctedFlow, correctedTexts))
	q.does(flows.Text{Text: "spsm", Message: 1})
	q.does(flows.Edit{To: flows.Text{Text: "ＳＰＡＳＭ", Message: 1}})
	if at := q.state().At.Step; at != "pain" {
		t.Errorf("the mended command leads to %q", at)
	}
}

// TestEditedCommands: another command takes the place of one that has asked or told
// something, and nothing of it is asked again.
func TestEditedCommands(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	before := p.state()
	p.does(flows.Command{Name: "pain", Message: 1})
	p.does(flows.Edit{To: flows.Command{Name: "pain", Args: "very bad", Message: 1}})
	if len(p.Effects) != 0 {
		t.Errorf("the same command brought %+v", p.Effects)
	}
	p.does(flows.Edit{To: flows.Command{Name: "status", Message: 1}})
	if s := p.state(); s.At.Step != "care" || len(s.Stack) != len(before.Stack) {
		t.Errorf("behind the edit the person is at %q with %v to come", s.At.Step, s.Stack)
	}
	p.does(flows.Command{Name: "spasm", Message: 2})
	p.presses("new")
	p.does(flows.Edit{To: flows.Command{Name: "status", Message: 2}})
	if s := p.state(); len(p.Effects) != 0 || s.Episode.Number == before.Episode.Number {
		t.Errorf("an end was taken back: %+v", p.Effects)
	}
}

// TestRandomCorrections: wherever a person types a figure, an edit of it leads
// where the other figure would have led.
func TestRandomCorrections(t *testing.T) {
	c := shipped(t)
	tried := 0
	rapid.Check(t, func(rt *rapid.T) {
		p := newPerson(t, c)
		if rapid.Bool().Draw(rt, "at home") {
			p.toCare()
		} else {
			p.does(flows.Command{Name: "spasm"})
		}
		for range rapid.IntRange(5, 60).Draw(rt, "events") {
			keys, message := newestKeys(p)
			if len(keys) == 0 || rapid.IntRange(0, 7).Draw(rt, "rather") == 0 {
				p.waits(time.Duration(rapid.IntRange(1, 600).Draw(rt, "minutes"))*time.Minute, nil)
				continue
			}
			if rapid.IntRange(0, 5).Draw(rt, "pain") == 0 {
				p.does(flows.Command{Name: "pain"})
				keys, message = newestKeys(p)
			}
			want := rapid.SampledFrom(likely).Draw(rt, "choice")
			key := keys[rapid.IntRange(0, len(keys)-1).Draw(rt, "key")]
			for _, k := range keys {
				if button.Choice(k.Data) == want {
					key = k
				}
			}
			a, b := fmt.Sprint(rapid.IntRange(0, 10).Draw(rt, "wrong")), fmt.Sprint(rapid.IntRange(0, 10).Draw(rt, "right"))
			s := p.state()
			wrong, _ := engine.Step(c, s, flows.Text{Text: a, Message: 9}, p.Now)
			if wrong.Typed.Counted() && a != b {
				right, _ := engine.Step(c, s, flows.Text{Text: b, Message: 9}, p.Now)
				edited, effects := engine.Step(c, wrong, flows.Edit{To: flows.Text{Text: b, Message: 9}}, p.Now)
				if !right.Typed.Counted() && right.At == s.At {
					right = wrong // no answer
				}
				tried++
				if got, want := standing(edited), standing(right); got != want {
					rt.Fatalf("at %s, %s edited to %s leads to\n%s\nwant\n%s", s.At.Step, a, b, got, want)
				}
				checkEffects(t, wrong, edited, effects)
			}
			p.does(flows.Button{Data: key.Data, Message: message})
		}
	})
	if tried < 20 {
		t.Errorf("only %d figures were corrected", tried)
	}
}

// newestKeys are the buttons of the newest message that has some, and that message.
func newestKeys(p *person) (keys []flows.Key, message int64) {
	for i := len(p.Chat) - 1; i >= 0 && len(keys) == 0; i-- {
		if p.Chat[i].Gone {
			continue
		}
		message = p.Chat[i].ID
		for _, row := range p.Chat[i].Keyboard {
			keys = append(keys, row...)
		}
	}
	return keys, message
}
