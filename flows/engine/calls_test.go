package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/button"
	"spasmbot/flows/lang"
)

// called has a round that comes by itself ten minutes after the start, with figures
// of a test; it can be asked for as well.
func called(t *testing.T, figures string) *lang.Catalog {
	t.Helper()
	return tiny(t, `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: set_onset, set: {onset: "now"}, go: go_cold}
  - {id: go_cold, start: cold}
  - {id: hub, ask: choice, choices: {more: {next: more}, stop: {next: no_cold}, over: {next: over}}, wait: {timeout: 90d, next: over}}
  - {id: more, begin: cold, next: hub}
  - {id: no_cold, stop: cold, next: hub}
  - {id: over, end: over}
rounds:
  cold: {hold: 15m, most_hold: 20m, check: 10m, gap: 2h, least_gap: 1h, first: 10m`+figures+`}
`, `
hub: {text: "?", more: More, stop: No cold, over: Over}
cold-on: {text: "Until {off}", begun: "Begun till {off}", begun_label: Off again, done: "Off at {off}", first: "Alarm at {off}", done_label: It is on,
  later: "Again at {next}", later_label: In a while, skip: "Skipped", when: "Now, or at {called}?", just_now: Just now, since: Since then}
cold-check: {text: "Look"}
cold-off: {text: "Take it off", unsure: "Is it on?", cut: "Off with it"}
`)
}

// calls is a person whose round was just called, at 12:10.
func calls(t *testing.T, figures string) *person {
	t.Helper()
	p := newPerson(t, called(t, figures))
	p.does(flows.Command{Name: "spasm"})
	p.waits(10*time.Minute, nil)
	if tr := p.cold(); !tr.Called || p.readsLast() != "Until 12:25" {
		t.Fatalf("no call at 12:10, but %q: %+v", p.readsLast(), tr)
	}
	return p
}

func (p *person) cold() flows.Track { return p.state().Tracks[0] }

// readsLast is the newest message without its tags.
func (p *person) readsLast() string {
	var b strings.Builder
	for i, part := range strings.Split(p.last(), "<") {
		if _, words, ok := strings.Cut(part, ">"); ok && i > 0 {
			part = words
		}
		b.WriteString(part)
	}
	return b.String()
}

// held is a press of a button that stands in the chat, to be made when that may be gone.
func (p *person) held(label string) flows.Button {
	p.t.Helper()
	for _, m := range slices.Backward(p.Chat) {
		for _, key := range slices.Concat(m.Keyboard...) {
			if key.Label == label {
				return flows.Button{Data: key.Data, Message: m.ID}
			}
		}
	}
	p.t.Fatalf("no message has a button %q", label)
	return flows.Button{}
}

// offers lists the choices of the newest message.
func (p *person) offers() string {
	var list []string
	for _, key := range slices.Concat(p.Chat[len(p.Chat)-1].Keyboard...) {
		list = append(list, button.Choice(key.Data))
	}
	return strings.Join(list, " ")
}

// due says when the look and the take-off are to come.
func (p *person) due(t *testing.T, look, off string) {
	t.Helper()
	one := func(kind string) string { return strings.Join(p.armed(kind), ",") }
	if one("cold-check") != look || one("cold-off") != off {
		t.Errorf("the look comes at %q and the take-off at %q, want %q and %q", one("cold-check"), one("cold-off"), look, off)
	}
}

// answered is the last answer on the timeline, by its choice.
func (p *person) answered() string {
	for _, e := range slices.Backward(p.Timeline) {
		if e.Kind == flows.EntryAnswer && e.Step == "cold-on" {
			return e.Choice
		}
	}
	return ""
}

// TestTimeCountsFromThePress: until somebody says that the round is on, nothing but
// the take-off is to come; then look and take-off count from the press. The first
// time an alarm is asked for.
func TestTimeCountsFromThePress(t *testing.T) {
	p := calls(t, "")
	p.due(t, "", "Mon 12:25")
	p.waits(4*time.Minute, nil)
	p.presses("It is on")
	p.due(t, "Mon 12:24", "Mon 12:29")
	if got := p.readsLast(); got != "Off at 12:29\n\nAlarm at 12:29" || p.answered() != "on" {
		t.Errorf("told %q, noted as %q", got, p.answered())
	}
	p.waits(15*time.Minute, nil)
	if got := p.readsLast(); got != "Take it off" || !slices.Equal(p.armed("cold-on"), []string{"Mon 14:29"}) {
		t.Errorf("told %q, the next comes at %v", got, p.armed("cold-on"))
	}
	p.waits(2*time.Hour, nil)
	p.presses("It is on")
	if got := p.readsLast(); got != "Off at 14:44" {
		t.Errorf("the second time told %q", got)
	}
}

// TestUnansweredCalls: a call that nobody answers is taken off at its time, aloud the
// first time, and without a look. After two in a row none comes until the person is
// heard.
func TestUnansweredCalls(t *testing.T) {
	p := calls(t, ", rests_after: 2")
	for i, at := range []string{"Mon 12:25", "Mon 14:40"} {
		p.due(t, "", at)
		p.waits(15*time.Minute, nil)
		if m := p.message("Is it on?"); m.Silent != (i == 1) || m.Class != flows.TakeOff || m.Undoes == 0 {
			t.Errorf("take-off %d: %+v", i, m)
		}
		if i == 0 {
			p.waits(2*time.Hour, nil)
		}
	}
	p.waits(20*time.Hour, nil)
	if got := days(p.fired("cold-on")); got != "Mon 12:10, Mon 14:25" || len(p.armed("cold-on")) != 0 || !p.cold().Resting {
		t.Fatalf("called at %s, and next at %v: %+v", got, p.armed("cold-on"), p.cold())
	}
	p.does(flows.Text{Text: "hello"})
	p.due(t, "", "")
	if got := p.armed("cold-on"); !slices.Equal(got, []string{"Tue 10:40"}) {
		t.Fatalf("heard, the next comes at %v", got)
	}
	p.waits(15*time.Minute, nil)
	if m := p.message("Is it on?"); m.Silent {
		t.Error("the first call behind the rest is taken off without a sound")
	}
	for answer, many := range map[string]int{"It is on": 3, "Skip": 3, "In a while": 4} {
		p = calls(t, ", rests_after: 2")
		p.waits(135*time.Minute, nil)
		p.presses(answer)
		p.waits(150*time.Minute, nil)
		if answer == "In a while" {
			p.waits(2*time.Hour, nil)
		}
		if got := len(p.fired("cold-on")); got != many || p.cold().Missed != 1 && answer != "In a while" || p.cold().Resting != (answer == "In a while") {
			t.Errorf("%q between them: %d calls, %+v", answer, got, p.cold())
		}
	}
}

// TestRestIsKept: what the flows start by themselves does not end the rest, and neither
// does a call that was stopped.
func TestRestIsKept(t *testing.T) {
	p := calls(t, ", rests_after: 1")
	p.waits(20*time.Minute, nil)
	if !p.cold().Resting {
		t.Fatalf("%+v", p.cold())
	}
	p.presses("No cold")
	if p.waits(5*time.Hour, nil); len(p.fired("cold-on")) != 1 {
		t.Errorf("a stopped round comes again: %s", days(p.fired("cold-on")))
	}
	again := strings.NewReplacer("FIGURES", "hold: 15m, gap: 2h, first: 10m, rests_after: 1", "timeout: 90d, next: over", "timeout: 3h, next: go_cold")
	p = newPerson(t, tiny(t, again.Replace(packsOf), packsTexts))
	p.does(flows.Command{Name: "spasm"})
	p.waits(20*time.Hour, nil)
	if got := days(p.fired("cold-on")); got != "Mon 12:10" {
		t.Errorf("what the flows start by themselves is called at %s", got)
	}
	p = calls(t, ", rests_after: 1")
	p.waits(20*time.Minute, nil)
	p.does(flows.Blocked{})
	p.waits(time.Hour, nil)
	p.does(flows.Unblocked{})
	if got := p.armed("cold-on"); !slices.Equal(got, []string{"Mon 15:30"}) {
		t.Errorf("after a block the next comes at %v", got)
	}
}

// TestLatePress: what would be on for too long if it went on at the call is asked
// about; until then it is on since the call.
func TestLatePress(t *testing.T) {
	late := func() *person {
		p := calls(t, "")
		p.waits(6*time.Minute, nil) // at 12:16 and 15 minutes it would be 21
		p.presses("It is on")
		if p.readsLast() != "Now, or at 12:10?" || p.offers() != "on since worse stop" || p.answered() != "when" {
			t.Fatalf("told %q with %s, noted as %q", p.readsLast(), p.offers(), p.answered())
		}
		p.due(t, "Mon 12:20", "Mon 12:25")
		return p
	}
	p := late()
	p.waits(5*time.Minute, nil) // the look comes
	p.presses("Just now")
	p.due(t, "Mon 12:31", "Mon 12:36")
	if p.Chat[len(p.Chat)-2].Text == "" || p.answered() != "on" {
		t.Errorf("noted as %q", p.answered())
	}
	if open := p.state().Open; len(open) != 0 {
		t.Errorf("the look of before still stands: %+v", open)
	}
	p.waits(15*time.Minute, nil)
	if got := p.readsLast(); got != "Take it off" {
		t.Errorf("told %q", got)
	}
	p = late()
	p.presses("Since then")
	p.due(t, "Mon 12:20", "Mon 12:25")
	if got := p.readsLast(); got != "Off at 12:25\n\nAlarm at 12:25" || p.answered() != "since" {
		t.Errorf("told %q, noted as %q", got, p.answered())
	}
	p = late()
	tooLate := p.held("Just now")
	p.waits(9*time.Minute, nil)
	if m := p.message("Take it off"); m.Silent || m.Undoes != 0 || p.cold().Missed != 0 {
		t.Errorf("nobody said since when: %+v, %+v", m, p.cold())
	}
	stale := len(p.Timeline)
	p.does(tooLate)
	if e := p.Timeline[stale]; e.Kind != flows.EntryStale || !p.cold().On.IsZero() {
		t.Errorf("after its end the round goes on: %+v", e)
	}
}

// TestPressInTime: a press that is early enough is believed, to the second.
func TestPressInTime(t *testing.T) {
	for after, want := range map[time.Duration]string{
		5 * time.Minute: "on", 5*time.Minute + time.Second: "when",
	} {
		p := calls(t, "")
		p.waits(after, nil)
		p.presses("It is on")
		if p.answered() != want {
			t.Errorf("after %v it is taken as %q, want %q", after, p.answered(), want)
		}
	}
	// Where a round may not be on longer than it lasts, it is on since the call.
	p := calls(t, "")
	p.Catalog = tiny(t, strings.ReplaceAll(packsOf, "FIGURES", "hold: 15m, gap: 2h, first: 10m"), packsTexts)
	p.waits(4*time.Minute, nil)
	p.presses("It is on")
	if p.due(t, "", "Mon 12:25"); p.answered() != "since" {
		t.Errorf("it is taken as %q", p.answered())
	}
}

// packsOf is the flow of called as others may write it, without the newer texts.
const packsOf = `
flow: spasm
episode: true
commands: [spasm]
steps:
  - {id: go_cold, start: cold}
  - {id: hub, ask: choice, choices: {over: {next: over}}, wait: {timeout: 90d, next: over}}
  - {id: over, end: over}
rounds:
  cold: {FIGURES}
`

const packsTexts = `
hub: {text: "?", over: Over}
cold-on: {text: "On till {off}", done: "Off at {off}"}
cold-off: {text: "Take it off"}
`

// TestPutOff: "in a while" calls the same round anew, three times at the most. It is no
// second round of the day, nobody is told to take anything off, and what bounds the
// round is asked again.
func TestPutOff(t *testing.T) {
	p := calls(t, ", most_per_day: 1")
	first := p.Chat[len(p.Chat)-1].Keyboard[1][0]
	for i, again := range []string{"Mon 12:20", "Mon 12:30", "Mon 12:40"} {
		if got := p.offers(); got != "on later skip worse stop" {
			t.Fatalf("call %d offers %s", i, got)
		}
		p.presses("In a while")
		p.due(t, "", "")
		if got := p.armed("cold-on"); !slices.Equal(got, []string{again}) || !strings.HasPrefix(p.readsLast(), "Again at ") || p.offers() != "" {
			t.Fatalf("put off, told %q with %q, it comes at %v", p.readsLast(), p.offers(), got)
		}
		if tr := p.cold(); tr.Today != 0 || tr.Total != 0 || !tr.Off.IsZero() {
			t.Errorf("what was put off counts: %+v", tr)
		}
		p.waits(10*time.Minute, nil)
	}
	if got := p.offers(); got != "on skip worse stop" || p.cold().Today != 1 {
		t.Errorf("the fourth call offers %s: %+v", got, p.cold())
	}
	p.does(flows.Button{Data: first.Data, Message: 2})
	p.due(t, "", "Mon 12:55") // an old button does nothing
	p.presses("It is on")
	p.due(t, "Mon 12:50", "Mon 12:55")

	p = calls(t, "")
	p.Catalog = called(t, ", until: onset + 26m") // the round would have ended by 12:26
	p.presses("In a while")
	if p.readsLast() != "Skipped" || len(p.armed("cold-on")) != 0 {
		t.Errorf("there is no time left: told %q, next at %v", p.readsLast(), p.armed("cold-on"))
	}
	p = calls(t, "")
	p.presses("In a while")
	p.Catalog = called(t, ", when: rounds_total(\"cold\") > 8")
	if p.waits(15*time.Minute, nil); len(p.fired("cold-on")) != 1 {
		t.Errorf("its condition is not asked again: %s", days(p.fired("cold-on")))
	}
}

// TestNotThisTime: the round is over with it, and the gap counts from there.
func TestNotThisTime(t *testing.T) {
	p := calls(t, "")
	p.waits(3*time.Minute, nil)
	p.presses("Skip")
	p.due(t, "", "")
	if got := p.armed("cold-on"); p.readsLast() != "Skipped" || !slices.Equal(got, []string{"Mon 14:13"}) || p.cold().Today != 1 {
		t.Errorf("told %q, the next comes at %v: %+v", p.readsLast(), got, p.cold())
	}
}

// pressesOf presses a button that the newest message of a begun round does not show.
func (p *person) pressesOf(choice string) {
	for i, m := range slices.Backward(p.Chat) {
		if len(m.Keyboard) == 0 {
			continue
		}
		if d, ok := button.Parse(m.Keyboard[0][0].Data); ok && d.Choice == "skip" {
			d.Choice = choice
			p.does(flows.Button{Data: d.String(), Message: int64(i + 1)})
			return
		}
	}
}

// TestBegunIsOn: what the person asks for is on from that moment: no press moves it.
func TestBegunIsOn(t *testing.T) {
	p := newPerson(t, called(t, ""))
	p.does(flows.Command{Name: "spasm"})
	p.presses("More")
	p.waits(time.Second, nil)
	p.due(t, "Mon 12:10", "Mon 12:15")
	if p.readsLast() != "Begun till 12:15\n\nAlarm at 12:15" || p.offers() != "skip worse stop" || p.cold().Called {
		t.Fatalf("told %q with %s: %+v", p.readsLast(), p.offers(), p.cold())
	}
	if label := p.Chat[len(p.Chat)-1].Keyboard[0][0].Label; label != "Off again" {
		t.Errorf("the button that ends it is %q", label)
	}
	p.waits(5*time.Minute, nil)
	p.pressesOf("done") // on a keyboard of an earlier edition
	p.due(t, "Mon 12:10", "Mon 12:15")
	if p.readsLast() != "Off at 12:15" || p.answered() != "done" {
		t.Errorf("told %q, noted as %q", p.readsLast(), p.answered())
	}
	for _, choice := range []string{"on", "since", "later", "when"} {
		p = newPerson(t, called(t, ""))
		p.does(flows.Command{Name: "spasm"})
		p.presses("More")
		p.waits(5*time.Minute, nil)
		p.pressesOf(choice)
		p.due(t, "Mon 12:10", "Mon 12:15") // nobody was given such a button
	}
}

// TestAnsweredCallHasArrived: a call that the person has answered was there: the
// take-off is told in any case.
func TestAnsweredCallHasArrived(t *testing.T) {
	p := calls(t, "")
	p.presses("It is on")
	p.does(flows.Command{Name: "stop"})
	if m := p.message("Off with it"); m.Class != flows.TakeOff || m.Undoes != 0 {
		t.Errorf("told %+v", m)
	}
}

// TestCutWhileCalled: whatever ends a call that nobody has answered tells to take off
// what may be on.
func TestCutWhileCalled(t *testing.T) {
	for name, ends := range map[string]func(p *person){
		"stop":  func(p *person) { p.does(flows.Command{Name: "stop"}) },
		"Stop":  func(p *person) { p.presses("Stop") },
		"over":  func(p *person) { p.presses("Over") },
		"block": func(p *person) { p.does(flows.Blocked{}); p.does(flows.Unblocked{}) },
	} {
		p := calls(t, "")
		call := p.state().Messages
		ends(p)
		if m := p.message("Off with it"); m.Class != flows.TakeOff || m.Undoes != call && name != "Stop" {
			t.Errorf("%s: %+v, the call is %d", name, m, call)
		}
		if tr := p.cold(); tr.Called || !tr.On.IsZero() {
			t.Errorf("%s: %+v", name, tr)
		}
	}
}

// TestPressAfterTheEnd: a call whose take-off was told begins no round any more.
func TestPressAfterTheEnd(t *testing.T) {
	for _, choice := range []string{"It is on", "In a while"} {
		p := calls(t, "")
		tooLate := p.held(choice)
		p.waits(16*time.Minute, nil)
		n := len(p.Timeline)
		p.does(tooLate)
		p.due(t, "", "")
		if e := p.Timeline[n]; e.Kind != flows.EntryStale || p.cold().Off.Minute() != 25 || !slices.Equal(p.armed("cold-on"), []string{"Mon 14:25"}) {
			t.Errorf("%s: %+v, %+v", choice, e, p.cold())
		}
	}
}

// TestUntilBoundsThePress: a round has ended by its until, however late it went on.
func TestUntilBoundsThePress(t *testing.T) {
	p := calls(t, ", until: onset + 27m")
	p.waits(4*time.Minute, nil)
	p.presses("It is on")
	p.due(t, "Mon 12:24", "Mon 12:27")
}

// TestEditWhileCalled: a call outlives an edit: the round ends as it was told, also
// where it is gone.
func TestEditWhileCalled(t *testing.T) {
	p := calls(t, "")
	p.Catalog = called(t, ", grace: 1m")
	p.waits(4*time.Minute, nil)
	p.presses("It is on")
	p.due(t, "Mon 12:24", "Mon 12:29")

	moved := strings.NewReplacer("rounds:\n  cold: {FIGURES}", "rounds:\n  ice: {hold: 5m, most_hold: 30m, check: 3m, gap: 1h}\nretired: {cold: {moved_to: ice}}", "start: cold", "start: ice")
	p = calls(t, "")
	p.Catalog = tiny(t, moved.Replace(packsOf), strings.ReplaceAll(packsTexts, "cold", "ice")+"ice-check: {text: Look}\n")
	p.waits(4*time.Minute, nil)
	p.presses("done") // the word for the first button of any reminder
	if off, look := p.armed("cold-off"), p.armed("ice-check"); !slices.Equal(off, []string{"Mon 12:29"}) || !slices.Equal(look, []string{"Mon 12:17"}) {
		t.Errorf("moved, it is taken off at %v, looked at at %v", off, look)
	}
	ended := strings.NewReplacer("rounds:\n  cold: {FIGURES}", "retired: {cold: {ends: true}}", "  - {id: go_cold, start: cold}\n", "")
	p = calls(t, "")
	p.Catalog = tiny(t, ended.Replace(packsOf), "hub: {text: \"?\", over: Over}\n")
	p.waits(4*time.Minute, nil)
	p.presses("done")
	p.due(t, "", "Mon 12:25")
	p.waits(15*time.Minute, nil)
	if got := p.readsLast(); got != "Take it off" {
		t.Errorf("told %q", got)
	}
}

// TestSetBackWhileCalled: a clock that is put back changes no span.
func TestSetBackWhileCalled(t *testing.T) {
	p := calls(t, "")
	p.must(p.SetBack(time.Hour))
	p.due(t, "", "Mon 11:25")
	p.waits(4*time.Minute, nil)
	p.presses("It is on")
	p.due(t, "Mon 11:24", "Mon 11:29")
}

// TestRoundOfAnEarlierProgram: a round that began before calls were told apart ends as
// it began.
func TestRoundOfAnEarlierProgram(t *testing.T) {
	p := calls(t, "")
	s := p.state()
	s.Tracks[0].Called = false // as it was then
	p.store(s)
	p.waits(10*time.Minute, nil)
	p.presses("done")
	p.due(t, "", "Mon 12:25")
	if p.answered() != "done" {
		t.Errorf("noted as %q", p.answered())
	}
}

// TestCallOverdue: what was asked for while the bot was away for long is a call.
func TestCallOverdue(t *testing.T) {
	for down, want := range map[time.Duration]bool{10 * time.Minute: false, 3 * time.Hour: true} {
		p := newPerson(t, called(t, ", late: deliver"))
		p.does(flows.Command{Name: "spasm"})
		p.presses("More")
		p.sleeps(down)
		if tr := p.cold(); tr.On.IsZero() || tr.Called != want {
			t.Errorf("after %v: %+v", down, tr)
		}
	}
}

// TestSkinLooksWrong: the round ends at once, and is told off; then a flow is run. That
// counts however old the look is.
func TestSkinLooksWrong(t *testing.T) {
	sore := map[string]string{"sore.yaml": "flow: sore\nsteps:\n  - {id: sore_stop, stop: cold}\n  - {id: sore_now}\n"}
	c := tinyWith(t, strings.ReplaceAll(packsOf, "FIGURES", "hold: 15m, most_hold: 20m, check: 5m, gap: 2h, first: 10m, wrong: sore"),
		packsTexts+`cold-check: {text: Look, wrong_label: It looks wrong}
sore_now: {text: Leave it off.}
`, sore)
	for _, after := range []time.Duration{0, time.Hour} {
		p := newPerson(t, c)
		p.does(flows.Command{Name: "spasm"})
		p.waits(10*time.Minute, nil)
		p.presses("done")
		p.waits(5*time.Minute, nil)
		if p.readsLast() != "Look" || p.offers() != "done wrong worse stop" {
			t.Fatalf("told %q with %s", p.readsLast(), p.offers())
		}
		p.waits(after, nil)
		p.presses("It looks wrong")
		off := false
		for _, e := range p.Effects {
			say, ok := e.(flows.Say)
			off = off || ok && say.Message.Class == flows.TakeOff && say.Message.Text == "Take it off"
		}
		if off != (after == 0) || !p.cold().On.IsZero() || p.cold().Running || len(p.armed("cold-off"))+len(p.armed("cold-on")) != 0 {
			t.Errorf("after %v told to take off %t: %+v", after, off, p.cold())
		}
		if p.message("Leave it off.").Text == "" || p.state().At.Step != "hub" {
			t.Errorf("after %v: %v", after, p)
		}
	}
}
