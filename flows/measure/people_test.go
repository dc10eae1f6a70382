package measure

import (
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/lang"
)

const facts = `
steps:
  - id: your_country
    ask: country
    choices: {de: {}}
    set: {zone: zone_in(your_country)}
  - id: facts
    ask: ticks
    choices: {bones: {}, heart: {}, clots: {}}
  - {id: name, ask: text, least: 1, most: 20}
  - id: care
    ask: choice
    choices: {better: {next: over}, again: {next: care}}
  - {id: over, end: over}
default_wait: {timeout: 9d, next: over}
`

const factsTexts = `
your_country: {text: Which country, invalid: None}
facts: {text: True, bones: Bones, heart: Heart, clots: Clots, none: None}
name: {text: Your name, invalid: No name}
care: {text: Six, better: Better, again: Again}
`

// playOne plays the first person of a file.
func playOne(t *testing.T, c *lang.Catalog, script string) (*counter, error) {
	t.Helper()
	read, err := ReadPeople([]byte(people(script)))
	if err != nil {
		t.Fatal(err)
	}
	return play(c, &read.People[0])
}

// TestAnswers: several ticks, and a typed country and name.
func TestAnswers(t *testing.T) {
	c := small(t, facts, factsTexts)
	got, err := playOne(t, c, `~answers: {name: nobody, your_country: japan}
zone: Asia/Tokyo
begins: "08:30"
days: 1
sends: [{text: /spasm}]
answers: {name: Mia, facts: [heart, bones, done]}
leaves: [care]
`)
	if err != nil {
		t.Fatal(err)
	}
	s := got.player.State()
	if s.Zone != "Asia/Tokyo" {
		t.Errorf("the person in Tokyo is in %q", s.Zone)
	}
	for name, want := range map[string]any{"name": "Mia", "facts": "some", "facts_bones": true, "facts_heart": true, "facts_clots": false} {
		v := s.Var(name)
		if v.Any() != want {
			t.Errorf("%s is %v, want %v", name, v.Any(), want)
		}
	}
	// Two ticks and Done; the command, the country and the name.
	if n := got.days[0]; n[Pressed] != 3 || n[Typed] != 3 {
		t.Errorf("%d presses and %d messages", n[Pressed], n[Typed])
	}
}

// TestOtherwise: what is taken wherever it is offered is taken at each question, and
// what stands first is taken first: ticks one by one, since nobody takes one back.
func TestOtherwise(t *testing.T) {
	got, err := playOne(t, small(t, facts, factsTexts), `~otherwise: [de, none, heart, done]
days: 1
sends: [{text: /spasm}]
answers: {name: Mia}
otherwise: [bones]
leaves: [care]
`)
	if err != nil {
		t.Fatal(err)
	}
	s := got.player.State()
	for name, want := range map[string]any{"your_country": "DE", "facts_bones": true, "facts_heart": true, "facts_clots": false} {
		v := s.Var(name)
		if v.Any() != want {
			t.Errorf("%s is %v, want %v", name, v.Any(), want)
		}
	}
	if n := got.days[0][Pressed]; n != 4 {
		t.Errorf("%d presses", n)
	}
}

// TestAnswersAgain: what stands already, since the question begins with the last answer,
// is not pressed.
func TestAnswersAgain(t *testing.T) {
	flow := "remember: [facts, name]" + strings.Replace(facts, "ask: ticks", "ask: ticks\n    prefilled: true", 1)
	got, err := playOne(t, small(t, flow, factsTexts), `~otherwise: [de]
days: 1
sends: [{text: /spasm}, {after: 1h, text: /spasm}]
answers: {name: Mia, facts: [bones, heart, done]}
leaves: [care]
`)
	if err != nil {
		t.Fatal(err)
	}
	// The country twice, two ticks and Done, Done.
	if n := got.days[0][Pressed]; n != 6 {
		t.Errorf("%d presses", n)
	}
	if s := got.player.State(); s.Episode.Number != 2 || s.Var("facts_heart") != flows.BoolOf(true) || s.Var("facts_clots").Num != 0 {
		t.Errorf("kept is %+v", s.Vars)
	}
}

// TestLooks: when somebody looks at their phone next.
func TestLooks(t *testing.T) {
	for _, test := range []struct{ script, at, want string }{
		{"", "2026-03-02 03:00", "2026-03-02 03:00"},
		{"hours: 08:00-22:00\n", "2026-03-02 07:59", "2026-03-02 08:00"},
		{"hours: 08:00-22:00\n", "2026-03-02 08:00", "2026-03-02 08:00"},
		{"hours: 08:00-22:00\n", "2026-03-02 21:59", "2026-03-02 21:59"},
		{"hours: 08:00-22:00\n", "2026-03-02 22:00", "2026-03-03 08:00"},
		{"hours: 08:00-24:00\n", "2026-03-02 23:59", "2026-03-02 23:59"},
		// Behind each of their own messages, at five and at six.
		{"hours: 08:00-22:00\nat_first: 20m\n", "2026-03-02 05:00", "2026-03-02 05:00"},
		{"hours: 08:00-22:00\nat_first: 20m\n", "2026-03-02 05:20", "2026-03-02 08:00"},
		{"hours: never\nat_first: 20m\n", "2026-03-02 06:19", "2026-03-02 06:19"},
		{"hours: never\nat_first: 20m\n", "2026-03-02 06:20", "never"},
	} {
		read, err := ReadPeople([]byte(people("zone: America/New_York\nbegins: \"05:00\"\ndays: 1\nsends: [{text: a}, {after: 1h, text: b}]\n" + test.script)))
		if err != nil {
			t.Fatal(err)
		}
		p := &read.People[0]
		at, err := time.ParseInLocation("2006-01-02 15:04", test.at, p.plan.zone)
		if err != nil {
			t.Fatal(err)
		}
		got := "never"
		if next, ok := p.looks(at.UTC()); ok {
			got = next.In(p.plan.zone).Format("2006-01-02 15:04")
		}
		if got != test.want {
			t.Errorf("%sat %s: looks at %s, want %s", test.script, test.at, got, test.want)
		}
	}
}

// TestNoAnswer: every question that a script has no answer to is told, with what it
// offers, and no other.
func TestNoAnswer(t *testing.T) {
	c := small(t, strings.ReplaceAll(facts, "timeout: 9d, next: over", "timeout: 1h, next: care"), factsTexts)
	for _, test := range []struct{ answers, want string }{
		{"{}", `person mia: it has no answer to the question "your_country", which offers de, what is typed: add`},
		{`{your_country: de}`, `person mia: it has no answer to the question "facts", which offers bones, heart, clots, none: add it to answers, or to leaves`},
		{`{your_country: de, facts: back}`, `the question "facts"`},
		{`{your_country: de, facts: none}`, `the question "name", which offers what is typed: add`},
	} {
		_, err := playOne(t, c, "days: 2\nsends: [{text: /spasm}]\nanswers: "+test.answers+"\n")
		if err == nil || !strings.Contains(err.Error(), test.want) || strings.Count(err.Error(), "no answer to") != 2 ||
			!strings.Contains(err.Error(), `"care", which offers better, again`) {
			t.Errorf("answers %s: %v\nwant %s", test.answers, err, test.want)
		}
	}
}

// TestPlayFails: a script that cannot go on says where, and why.
func TestPlayFails(t *testing.T) {
	const rest = "days: 1\nsends: [{text: /spasm}]\nanswers: {your_country: de, facts: none, name: Mia}\n"
	_, err := playOne(t, small(t, facts, factsTexts), rest+"otherwise: [again]\n")
	if want := `person mia, day 2026-03-02 17:33: 1000 presses on one day, the last at the step "care": the script goes in a circle`; err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	// So many presses are none in a circle if they are those of several days.
	if _, err = playOne(t, small(t, facts, factsTexts), strings.Replace(rest, "days: 1", "days: 2\nreads: 100s", 1)+"otherwise: [again]\n"); err != nil {
		t.Error(err)
	}
	_, err = playOne(t, drinking(t), "days: 1\nsends: [{text: /spasm}]\nleaves: [care]\nreminded: swallow\n")
	if want := `the reminder "water" has no button "swallow": correct what is said of it in reminders`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v\nwant %s", err, want)
	}
}

func TestReadPeople(t *testing.T) {
	const whole = "days: 1\nsends: [{text: /spasm}]\n"
	for _, test := range []struct{ src, want string }{
		{"", `there is nobody: write a list behind "people:"`},
		{"people: 7", "the people cannot be read: "},
		{people(whole + "dayz: 1\n"), `unknown field "dayz"`},
		{people(whole) + "  - {person: mia, days: 1, sends: [{text: /spasm}]}", `person 2 has the name "mia"`},
		{people(whole + "zone: Berlin\n"), `person mia: zone: "Berlin": use an IANA name such as Europe/Berlin`},
		{people(whole + "zone: Local\n"), `person mia: zone: "Local": use an IANA name`},
		{people(whole + "begins: noon\n"), `begins: "noon" is no hour: write such as 08:00`},
		{people(whole + "reads: fast\n"), `reads: "fast" is no length of time`},
		{people(whole + "at_first: -1h\n"), `at_first: "-1h" is no length of time`},
		{people(whole + "counts_after: 3w\n"), `counts_after: "3w" is no length of time`},
		{people(whole + "hours: 8-22\n"), `hours: "8-22": write such as 08:00-22:00, or never`},
		{people(whole + "hours: 22:00-08:00\n"), "the end is to be behind the beginning"},
		{people(whole + "hours: 22:00-24:30\n"), "the end is to be behind the beginning, on the same day"},
		{people("sends: [{text: /spasm}]\n"), "days: 0: give from 1 to 400"},
		{people("days: 1\n"), "sends: nothing"},
		{people("days: 1\nsends: [{after: 1h}]\n"), "sends: a message has no text"},
		{people("days: 1\nsends: [{after: 2h, text: a}, {after: 1h, text: b}]\n"), "not in the order of their times"},
		{people(whole + "marks: [{shows: a}]\n"), `mark 1 has the name ""`},
		{people(whole + "marks: [{mark: a, shows: a}, {mark: a, shows: b}]\n"), `mark 2 has the name "a"`},
		{people(whole + "marks: [{mark: a}]\n"), "mark a: it says nothing"},
		{people(whole + "answers: {a: {b: c}}\n"), "the people cannot be read"},
	} {
		if _, err := ReadPeople([]byte(test.src)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s\ngives %v\nwant %s", test.src, err, test.want)
		}
	}
	// All mistakes at once.
	if _, err := ReadPeople([]byte(people("zone: Berlin\nreads: fast\n"))); err == nil || strings.Count(err.Error(), "person mia: ") != 4 {
		t.Errorf("got %v", err)
	}
}

func TestNotes(t *testing.T) {
	read, err := ReadPeople([]byte(people(`~apart: [water, wine]
~answers: {care: better, caring: better}
days: 1
sends: [{text: /spasm}]
answers: {water: done, waters: done}
leaves: [over, other]
reminders: {water: done, nudge: done, wine: done}
marks: [{mark: a, shows: care}, {mark: b, shows: card}, {mark: c, reminds: beer}, {mark: d, answers: care.better}, {mark: e, answers: cares.better}]
`)))
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(Notes(drinking(t), read), "\n")
	want := `apart: these flows have no "wine"
answers: these flows have no "caring"
person mia, answers: these flows have no "waters"
person mia, leaves: these flows have no "other"
person mia, reminders: these flows have no "wine"
person mia, mark b: these flows have no "card"
person mia, mark c: these flows have no "beer"
person mia, mark e: these flows have no "cares"`
	if got != want {
		t.Errorf("the notes are\n%s\nwant\n%s", got, want)
	}
}
