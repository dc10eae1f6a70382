package engine_test

import (
	"testing"
	"time"
)

const timesFlow = `
flow: spasm
episode: true
commands: [spasm]
while: always
waking: {from: "08:00", to: "22:00"}
day: {invitations: 2}
steps:
  - {id: go_stretch, start: stretch}
  - {id: go_walk, start: walk}
  - {id: go_night, start: night}
  - {id: hub, ask: choice, choices: {over: {next: over}}, wait: {until: now + 900d, next: over}}
  - {id: over, end: over}
reminders:
  stretch: {class: exercise, at: ["09:00", "19:00"], hours: waking}
  walk: {class: exercise, at: ["17:00"], hours: waking}
  night: {class: check_in, at: ["03:00"], silent: true}
`

const timesTexts = `
hub: {text: "?", over: Over}
stretch: {text: stretch}
walk: {text: walk}
night: {text: night}
`

// TestDayTimes: what the day has no room for comes at its own hour of the next, and not as
// soon as that begins, though nothing has happened since it was left out. What is due in
// the night waits for the morning behind it.
func TestDayTimes(t *testing.T) {
	l := planning(t, tinyWith(t, timesFlow, timesTexts, nil), 8)
	l.waits(47 * time.Hour)
	l.takes(t, `
09:00 stretch!
17:00 walk!
08:00 night
09:00 stretch!
17:00 walk!
`)
}
