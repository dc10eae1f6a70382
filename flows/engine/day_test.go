package engine_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

// dayFlow plans the day of everything that a person can have armed.
const dayFlow = `
flow: spasm
episode: true
commands: [spasm]
while: always
waking: {from: "08:00", to: "22:00"}
day: DAY
steps:
  - {id: go_rest, start: rest, set: {begun: now}}
  - {id: go_cold, start: cold}
  - {id: go_move, start: move}
  - {id: go_water, start: water}
  - {id: go_evening, start: evening}
  - id: hub
    ask: choice
    choices: {more: {next: more_cold}, ask: {next: question}, pause: {next: stop_all}, over: {next: over}, place: {next: place}, again: {next: go_rest}}
    wait: {until: now + 900d, next: over}
  - {id: more_cold, begin: cold, next: hub}
  - {id: stop_all, stop: all}
  - {id: paused, ask: choice, choices: {resume: {next: go_rest}}, wait: {until: now + 900d, next: over}}
  - {id: question, ask: choice, choices: {answer: {next: hub}}, wait: {nudge: 20m, timeout: 3h, next: hub}}
  - {id: place, ask: text, least: 1, most: 40, set: {zone: place}, next: hub, wait: {until: now + 900d, next: hub}}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, check: 10m, quiet_checks: true, gap: 2h, first: 1h, least_gap: 1h, most_per_day: 6, hours: waking, late: expire, COLD}
reminders:
  rest: {class: safety, once: 30m, run: signs}
  move: {class: move, every: 3h, least_gap: 2h, first: 90m, most_per_day: 4, hours: waking, late: drop}
  water: {class: water, silent: true, every: 2h, first: 1h, hours: waking, late: drop}
  evening: {at: ["19:30"], hours: waking}
`

const signsFlow = "flow: signs\nsteps: [{id: signs_asked, ask: choice, choices: {no_sign: {next: return}}, wait: {timeout: 1h, next: return}}]"

const dayTexts = `
hub: {text: "?", more: More, ask: Ask, pause: Pause, over: Over, place: Place, again: Go}
paused: {text: "!", resume: Resume}
question: {text: "Well?", answer: Answer}
signs_asked: {text: "Signs?", no_sign: "No sign"}
place: {text: "?", invalid: "!"}
cold-on: {text: "on", later: "Later", later_label: Later}
cold-check: {text: "look"}
cold-off: {text: "off"}
move: {text: move}
water: {text: water}
evening: {text: evening}
`

// planned is the catalog of dayFlow with a "day" and more keys of the round.
func planned(t *testing.T, day, cold string) *lang.Catalog {
	t.Helper()
	flow := strings.NewReplacer("DAY", day, ", COLD", cold).Replace(dayFlow)
	return tinyWith(t, flow, dayTexts, map[string]string{"signs.yaml": signsFlow})
}

// told writes down what a person is told by itself: an exclamation mark is a ring.
type told struct {
	*person
	lines []string
}

func (l *told) note() {
	for _, e := range l.Effects {
		say, ok := e.(flows.Say)
		if !ok || say.Message.Edit != 0 || say.Message.Of != 0 {
			continue
		}
		line := l.Now.In(l.Catalog.Location(l.state().Zone)).Format("15:04 ") + strings.ReplaceAll(say.Message.Text, "\n\n", " + ")
		if !say.Message.Silent {
			line += "!"
		}
		l.lines = append(l.lines, line)
	}
}

func (l *told) waits(d time.Duration) { l.person.waits(d, l.note) }

// takes what was told since the last time.
func (l *told) takes(t *testing.T, want string) {
	t.Helper()
	if got := strings.Join(l.lines, "\n"); got != strings.TrimSpace(want) {
		t.Errorf("told was\n%s\nwant\n%s", got, strings.TrimSpace(want))
	}
	l.lines = nil
}

// planning is somebody who has begun an episode at an hour.
func planning(t *testing.T, c *lang.Catalog, hour int) *told {
	t.Helper()
	l := &told{person: newPerson(t, c)}
	l.Now = time.Date(2026, 3, 2, hour, 0, 0, 0, time.UTC)
	l.does(flows.Command{Name: "spasm"})
	return l
}

func (l *told) presses(t *testing.T, choice string) {
	t.Helper()
	if err := l.Press(choice); err != nil {
		t.Fatal(err)
	}
}

// TestDayIsPlanned: a round is one thing, and what else is due rides on it without a
// sound; the rounds are spread to the evening; no two other things ring within a quarter
// of an hour.
func TestDayIsPlanned(t *testing.T) {
	l := planning(t, planned(t, "{invitations: 5, rings: 20}", ""), 8)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.waits(13 * time.Hour)
	l.takes(t, `
08:30 Signs?!
09:00 on!
09:20 off!
09:20 move
09:20 water
11:20 water
12:40 on!
13:00 off
13:00 move
13:20 water
15:20 water
16:20 on!
16:40 off
16:40 move
17:20 water
19:20 water
20:00 on!
20:20 off
20:20 evening
20:20 move
21:20 water
`)
}

// TestDayBudget: what the day has no room for is left out, without a word, and comes on
// the next.
func TestDayBudget(t *testing.T) {
	l := planning(t, planned(t, "{invitations: 2, rings: 4}", ""), 8)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.waits(24 * time.Hour)
	l.takes(t, `
08:30 Signs?!
09:00 on!
09:20 off!
09:20 move
09:20 water
11:20 water
13:20 water
15:20 water
17:20 water
19:20 water
21:20 water
08:00 on!
08:20 off
08:20 move
08:20 water
`)
}

// TestDayOfNothing: a budget of nothing leaves only what is bound by none.
func TestDayOfNothing(t *testing.T) {
	l := planning(t, planned(t, "{invitations: 0}", ", silent: true"), 8)
	l.waits(14 * time.Hour)
	l.takes(t, `
08:30 Signs?!
09:30 ?
09:30 on
09:50 off!
09:50 move
09:50 water
11:50 water
12:07 on
12:27 off
12:27 move
13:50 water
14:44 on
15:04 off
15:04 move
15:50 water
17:22 on
17:42 off
17:42 move
17:50 water
19:50 water
20:00 on
20:20 off
20:20 evening
21:50 water
`)
}

// TestDayQuestion: what has no place while a question stands comes with the answer to
// it, without a sound, and a repeated question keeps its distance.
func TestDayQuestion(t *testing.T) {
	l := planning(t, planned(t, "{}", ", when: now < now"), 8)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.waits(20 * time.Minute)
	l.presses(t, "ask")
	l.waits(2 * time.Hour)
	l.presses(t, "answer")
	l.waits(time.Hour)
	l.takes(t, `
08:30 Signs?!
09:12 n + Well?!
10:52 move
10:52 water
`)
}

// TestDayPack: what the person begins at once keeps away what has no place while it is
// on, and that rides on its take-off.
func TestDayPack(t *testing.T) {
	l := planning(t, planned(t, "{}", ""), 8)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.waits(20 * time.Minute)
	l.presses(t, "more")
	l.waits(time.Hour)
	l.takes(t, `
08:30 Signs?!
08:52 on
09:02 look!
09:12 off!
09:12 move
09:12 water
`)
}

// TestDayEarly: what comes at a time of day may ride a little before that, and does not
// come again.
func TestDayEarly(t *testing.T) {
	l := planning(t, planned(t, "{invitations: 3}", ""), 18)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.waits(4 * time.Hour)
	l.takes(t, `
18:30 Signs?!
19:00 on!
19:20 off!
19:20 evening
19:20 move
19:20 water
21:20 water
`)
}

// TestDayNight: whoever has done something at night is awake for an hour; then nothing
// comes before the morning but the end of what is on, and no question is repeated.
func TestDayNight(t *testing.T) {
	l := planning(t, planned(t, "{awake: 2h}", ""), 1)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.waits(90 * time.Minute)
	l.presses(t, "ask")
	l.waits(7 * time.Hour)
	l.takes(t, `
01:30 Signs?!
02:00 on!
02:20 off!
02:20 move
02:20 water
03:22 n + Well?!
08:00 ?
08:01 on!
08:21 off
08:21 move
08:21 water
`)
}

// TestDayAbsence: the plan of the moment is the catch-up.
func TestDayAbsence(t *testing.T) {
	l := planning(t, planned(t, "{}", ""), 8)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.sleeps(11 * time.Hour)
	l.note()
	l.waits(2 * time.Hour)
	l.takes(t, `
08:30 Signs?!
19:32 evening + ?!
21:32 on!
`)
}

// TestDayPutOff: a call that the person has put off comes when it is to, whatever has
// rung before it.
func TestDayPutOff(t *testing.T) {
	l := planning(t, planned(t, "{invitations: 2}", ""), 8)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.waits(30 * time.Minute)
	l.presses(t, "later")
	l.waits(45 * time.Minute)
	l.takes(t, `
08:30 Signs?!
09:00 on!
09:02 water
09:12 on!
09:32 off!
09:32 move
`)
}

// TestDayUnplanned: the day is planned for those in whose episode it is, and by nobody
// outside of one.
func TestDayUnplanned(t *testing.T) {
	l := planning(t, planned(t, "{}", ""), 8)
	l.presses(t, "over")
	if s := l.state(); len(s.Pending) != 0 || s.Episode.Live() {
		t.Fatalf("over, and armed are %v", s.Pending)
	}
}

// TestDayTold: when the next comes is told as it is planned.
func TestDayTold(t *testing.T) {
	c := tinyWith(t, strings.NewReplacer("DAY", "{invitations: 3}", ", COLD", "").Replace(dayFlow),
		strings.Replace(dayTexts, `{text: "off"}`, `{text: "off until {next}"}`, 1),
		map[string]string{"signs.yaml": signsFlow})
	l := planning(t, c, 8)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.waits(time.Hour)
	l.takes(t, `
08:30 Signs?!
09:00 on!
09:20 off until <tg-time unix="1772481600" format="t">20:00</tg-time>!
09:20 move
09:20 water
`)
}

// TestDayOver: a round of which none has a place any more ends, and nothing else does.
func TestDayOver(t *testing.T) {
	l := planning(t, planned(t, "{}", ", until: begun + 13h"), 18)
	l.waits(32 * time.Minute)
	l.presses(t, "no_sign")
	l.waits(3 * time.Hour)
	s := l.state()
	if tr := s.Tracks[slices.IndexFunc(s.Tracks, func(t flows.Track) bool { return t.Name == "cold" })]; tr.Running {
		t.Errorf("cold goes on: %+v", tr)
	}
	if len(l.Timers) != len(s.Pending) {
		t.Errorf("the state has %v pending, the store %v", s.Pending, l.Timers)
	}
	l.takes(t, `
18:30 Signs?!
19:00 on!
19:20 off!
19:20 evening
19:20 move
19:20 water
21:20 water
`)
}
