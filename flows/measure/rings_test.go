package measure

import (
	"strings"
	"testing"

	"spasmbot/flows/lang"
)

const drinks = `
worse: stop
stop: stop
steps:
  - {id: drink, start: water}
  - id: care
    ask: choice
    choices: {better: {next: over}}
    wait: {timeout: 9d, next: over}
  - {id: over, end: over}
reminders:
  water: {every: 2h, first: 1h}
`

const drinksTexts = `
care: {text: "Six", better: "All well"}
water: {text: "Drink water.", done: "Good."}
stopped: {text: Stopped.}
`

const stops = "steps: [{id: stopped, end: stopped}]\n"

// drinking is a day from 8:00 on: a glass each at 9, 11, … 23.
func drinking(t *testing.T) *lang.Catalog { return small(t, drinks, drinksTexts, "stop", stops) }

// TestReminders: eight glasses are eight rings and invitations, of 2 + 4 words; the answer
// to the command is silent. Each goes when the next one comes, so that beside the question
// one stands at the end of the day. Each that is answered is one edit of one word, and is no
// standing message then.
func TestReminders(t *testing.T) {
	c := drinking(t)
	const script = "days: 1\nbegins: \"08:00\"\nsends: [{text: /spasm}]\nleaves: [care]\n"
	ignored := Figures{Typed: 1, Words: 3 + 8*6, Screens: 9, Rings: 8, Silent: 1, Invitations: 8, Standing: 2, Keyboards: 2}
	one(t, c, script).Days[0].want(t, "who ignores them", ignored)
	one(t, c, script+"reminded: done\nreminders: {water: leave}\n").Days[0].want(t, "who ignores water", ignored)

	done := Figures{Pressed: 8, Typed: 1, Words: 3 + 8*(6+1), Screens: 17, Rings: 8, Silent: 1, Edits: 8, Invitations: 8, Standing: 1, Keyboards: 1}
	one(t, c, script+"reminders: {water: done}\n").Days[0].want(t, "who does them", done)
	one(t, c, script+"reminded: done\n").Days[0].want(t, "who does all", done)

	// Nobody answers what came while they did not look: 19, 21 and 23 o'clock are within
	// these hours.
	evening := Figures{Pressed: 3, Typed: 1, Words: 3 + 8*6 + 3, Screens: 12, Rings: 8, Silent: 1, Edits: 3, Invitations: 8, Standing: 1, Keyboards: 1}
	one(t, c, script+"reminded: done\nhours: \"19:00-23:30\"\n").Days[0].want(t, "in the evening", evening)
	first := Figures{Pressed: 1, Typed: 1, Words: 3 + 8*6 + 1, Screens: 10, Rings: 8, Silent: 1, Edits: 1, Invitations: 8, Standing: 2, Keyboards: 2}
	one(t, c, script+"reminded: done\nhours: never\nat_first: 90m\n").Days[0].want(t, "at first only", first)
}

// TestLater: what was before the moment from which on is counted counts nowhere, the question
// that stands since then neither.
func TestLater(t *testing.T) {
	r := one(t, drinking(t), "days: 1\nbegins: \"08:00\"\ncounts_after: 1d\nsends: [{text: /spasm}]\nleaves: [care]\nmarks: [{mark: glass, reminds: water}]\n")
	r.Days[0].want(t, "the day after", Figures{Words: 8 * 6, Screens: 8, Rings: 8, Invitations: 8, Standing: 1, Keyboards: 1})
	if r.Marks[0].After != "1h0m0s" {
		t.Errorf("the first glass comes %s later", r.Marks[0].After)
	}
	r.Marks[0].Figures.want(t, "until the first glass", Figures{Words: 6, Screens: 1, Rings: 1, Invitations: 1})
}

const cools = `
worse: stop
stop: stop
steps:
  - {id: drink, start: water}
  - {id: cool, start: cold}
  - id: care
    ask: choice
    choices: {better: {next: over}}
    wait: {timeout: 9d, next: over}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, check: 10m, gap: 3h}
reminders:
  water: {every: 3h, first: 205m}
`

const coolsTexts = drinksTexts + `
cold-on: {text: Cold on.}
cold-check: {text: Now look.}
cold-off: {text: All off.}
`

// TestRounds: the person's own command begins a round at noon, whose call is silent as the
// answer to the command is, and others are called at 15:20, 18:40 and 22:00, each with a
// take-off after 20 minutes, which is silent where it is not the first that nobody has
// answered the call of. The first one, and whoever says that the pack is on, has a look
// after 10. Water comes at 15:25, with the pack on and between two rings of the round, and
// at 18:25 and 21:25, a quarter of an hour and more from any. A take-off that nobody has
// answered loses its buttons with the next call, which is an edit and leaves one line. What
// stands at the end is the question, the last water and the last take-off.
func TestRounds(t *testing.T) {
	c := small(t, cools, coolsTexts, "stop", stops)
	const script = "~apart: [water]\ndays: 1\nsends: [{text: /spasm}]\nleaves: [care]\n"
	ignored := Figures{
		Typed: 1, Words: 3 + 3*6 + 3*2*6 + 3*6 - 1, Screens: 13, Rings: 9, Silent: 4, Crowded: 1, Disturbing: 1, Edits: 3, Standing: 3, Keyboards: 3,
		// The first take-off of what nobody has said to be on asks for something.
		Invitations: 3 + 1 + 3,
	}
	one(t, c, script).Days[0].want(t, "who ignores all", ignored)

	confirmed := Figures{
		Pressed: 3, Edits: 3 + 3, Typed: 1, Words: 3 + 4*3*6 + 3*6 - 1, Screens: 16, Rings: 14, Silent: 2, Crowded: 2, Disturbing: 1,
		Standing: 3, Keyboards: 3, Invitations: 3 + 3,
	}
	for _, word := range []string{"on", "done"} { // of the call and of the round that is on
		one(t, c, script+"reminders: {cold-on: "+word+"}\n").Days[0].want(t, "who says that the pack is on", confirmed)
	}
}

const waits = `
steps:
  - id: hello
    ask: choice
    choices: {yes: {}, no: {}}
    wait: {nudge: 10m, timeout: 2h, next: towel}
  - id: towel
    ask: choice
    picture: towel
    choices: {ready: {}}
    wait: {timeout: 9d, next: over}
  - {id: over, end: over}
`

// TestNudge: a repeated question is a ring and no invitation; the next one is, which alone
// stands in the end.
func TestNudge(t *testing.T) {
	texts := strings.ReplaceAll(asksTexts, "care: {", "#")
	one(t, small(t, waits, texts), "days: 1\nsends: [{text: /spasm}]\nleaves: [hello, towel]\n").
		Days[0].want(t, "day 1", Figures{Typed: 1, Words: 6 + 8 + 3, Screens: 3, Rings: 2, Silent: 1, Invitations: 1, Standing: 1, Keyboards: 1})
}

const rests = `
steps:
  - id: hello
    ask: choice
    choices: {yes: {}, no: {}}
    wait: {timeout: 9d, next: over}
  - {id: good}
  - {id: well}
  - {id: rest, ask: choice, choices: {hurts: {}}, wait: {timeout: 2m, next: more}, next: more}
  - {id: more, ask: choice, choices: {hurts: {}}, wait: {timeout: 2m, next: later}, next: later}
  - {id: later, set: {until: now + 5d}, go: care}
  - id: care
    ask: choice
    choices: {better: {next: over}}
    wait: {until: until, next: over}
  - {id: over, end: over}
`

// TestByItself: what comes within two minutes of a press is an answer, though a timer has
// set it off, and silent. "Good" has taken the place of the first question and is one line; "Well"
// was never anything else. A question whose wait is over goes. One that waits for an instant
// is a place to stay at.
func TestByItself(t *testing.T) {
	texts := asksTexts + "good: {text: Good}\nwell: {text: Well}\nrest: {text: Rest, hurts: Ouch}\nmore: {text: More rest, hurts: Ouch}\n"
	texts = strings.Replace(texts, "towel: {", "#", 1)
	r := one(t, small(t, rests, texts), "~avoids: [hurts]\ndays: 1\nsends: [{text: /spasm}]\notherwise: [\"yes\", better]\n")
	r.Days[0].want(t, "day 1", Figures{
		Pressed: 1, Typed: 1, Words: 6 + 1 + 1 + 2 + 3 + 3, Screens: 6, Rings: 1, Silent: 4, Edits: 1,
		Invitations: 1, Standing: 2, Keyboards: 1,
	})
}

const walks = `
worse: stop
stop: stop
steps:
  - {id: go_move, start: move}
  - {id: go_water, start: water}
  - id: care
    ask: choice
    choices: {better: {next: over}}
    wait: {timeout: 9d, next: over}
  - {id: over, end: over}
reminders:
  move: {every: 20h, first: 1h, done: moves}
  water: {every: 20h, first: 80m}
`

const moves = `
steps:
  - {id: knee, ask: choice, choices: {hurts: {}}, wait: {timeout: 10m, next: foot}, next: return}
  - {id: foot, ask: choice, choices: {hurts: {}}, wait: {timeout: 10m, next: return}, next: return}
`

// TestTheFlowOfAReminder: the moves at 13:00 and 13:10 are one thing, though a flow speaks. Water
// at 13:20 is another. The question that is shown again behind the moves is no ring. It and
// the water are what stands in the end.
func TestTheFlowOfAReminder(t *testing.T) {
	c := small(t, walks, drinksTexts+"knee: {text: Knee, hurts: Ouch}\nfoot: {text: Foot, hurts: Ouch}\nmove: {text: Move}\n", "stop", stops, "moves", moves)
	r := one(t, c, "~avoids: [hurts]\ndays: 1\nsends: [{text: /spasm}]\nleaves: [care]\nreminders: {move: done}\n")
	r.Days[0].want(t, "day 1", Figures{
		Pressed: 1, Typed: 1, Words: 3 + 5 + 2 + 2 + 6 + 3, Screens: 6, Rings: 3, Silent: 3,
		Invitations: 3, Crowded: 1, Standing: 2, Keyboards: 2,
	})
}

// TestAReminderThatAsks: a reminder in whose place a flow asks a question is answered like
// one, whose place the question takes that it has interrupted. It is an invitation as others
// are.
func TestAReminderThatAsks(t *testing.T) {
	spasm := strings.Replace(walks, "done: moves", "run: moves", 1)
	c := small(t, spasm, drinksTexts+"knee: {text: Knee, hurts: Ouch}\nfoot: {text: Foot, hurts: Ouch}\n", "stop", stops, "moves", moves)
	r := one(t, c, "days: 1\nsends: [{text: /spasm}]\nleaves: [care]\nreminders: {move: done}\nanswers: {knee: hurts}\n")
	r.Days[0].want(t, "day 1", Figures{
		Pressed: 1, Typed: 1, Words: 3 + 2 + 3 + 6, Screens: 4, Rings: 2, Silent: 1, Edits: 1, Invitations: 2, Standing: 2, Keyboards: 2,
	})
}

const offers = `
worse: stop
stop: stop
steps:
  - {id: nap, ask: choice, choices: {hurts: {}}, wait: {timeout: 1h, next: offer}}
  - {id: offer, call: offering}
  - id: care
    ask: choice
    choices: {better: {next: over}}
    wait: {timeout: 9d, next: over}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, check: 8m, gap: 20h}
`

const offering = `
steps:
  - {id: offered, ask: choice, choices: {"on": {}}, wait: {timeout: 1h, next: return}}
  - {id: on_now, begin: cold}
`

// TestTheFlowThatOffers: the question at 13:00 and the look at the round that it has offered
// are one thing.
func TestTheFlowThatOffers(t *testing.T) {
	texts := strings.Replace(drinksTexts, "water:", "#", 1) + "\nnap: {text: Nap, hurts: Ouch}\noffered: {text: Cold, \"on\": On}\ncold-on: {text: On}\ncold-check: {text: Look}\ncold-off: {text: Off}\n"
	r := one(t, small(t, offers, texts, "stop", stops, "offering", offering), "days: 1\nsends: [{text: /spasm}]\nleaves: [nap, care]\nanswers: {offered: \"on\"}\n")
	if got := r.Days[0]; got[Rings] != 3 || got[Crowded] != 0 {
		t.Errorf("%d rings, %d of them crowded", got[Rings], got[Crowded])
	}
}
