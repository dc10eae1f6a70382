// Package lang says what a flow is: steps, tracks, expressions, texts and the
// faults that are found in them.
//
// Flows are data in YAML that a physiotherapist can read and edit; package
// catalog loads and checks them, package engine runs them.
//
// # The language
//
// One file holds one flow:
//
//	flow: spasm
//	version: 1
//	episode: true
//	commands: [spasm]
//	while: idle
//	stop: stop
//	worse: worse
//	steps:
//	  - id: onset
//	    ask: choice
//	    choices:
//	      now: {set: {onset: "now"}}
//	      yesterday: {set: {onset: "now - 24h"}}
//	    wait: {nudge: 5m, timeout: 30m, next: cold}
//	  - id: cold
//	    when: hours_since(onset) < 72
//	    start: cold
//	  - id: care
//	    ask: choice
//	    choices:
//	      better: {next: well}
//	    wait: {until: onset + 30d, next: well}
//	  - id: well
//	    end: recovered
//	rounds:
//	  cold: {hold: 20m, check: 10m, gap: 2h, least_gap: 1h, most_per_day: 6, until: onset + 72h, hours: waking, late: expire}
//
// and texts/en.yaml its words, a section for each step and each reminder kind:
//
//	onset:
//	  text: When did the pain start?
//	  now: Just now
//	  yesterday: Yesterday
//	cold-on:
//	  text: Time for cold. Take it off at {off}.
//
// Steps follow each other. A step shows its text, if it has one, does one thing
// (ask, call, start, begin, stop, end, or go, which only branches), sets
// variables and goes on: by the choice's next, by the step's next, or to the
// step below. A flow that comes to its end returns to the step that called it,
// or to the question that it interrupted. A command, a button of a reminder and
// a reminder itself can run a flow so.
//
// The answer to a question is a variable with the name of its step. An episode
// forgets the variables of the one before, but for those that a flow is to
// remember; of an ended episode one value can be kept as its history. Conditions,
// and the figures of rounds and reminders that are a person's own, are
// expressions over the variables and what the language gives by itself, see [Scope].
//
// docs/flows.md is the whole language, key by key, for those who write flows.
//
// # Edits while people are in a flow
//
// A [flows.State] keeps flow, version, step and a hash of the step. As long as the hash
// is the same, an edit is not noticed; a changed step is asked once more; a step
// that is gone leads to where "retired" has moved it, through as many moves as
// there were. So does a round or a reminder that is gone, or it just ends there; a
// round that is on keeps the words of its take-off, and is told off in any case.
// [Stranded] counts who would be left without a step, a round or a reminder.
//
// # Caveats
//
// Names of steps, rounds and reminders share one space over all files of a
// catalog: they are the keys of the timeline, of the variables and of the texts.
//
// An age always counts from the onset, which the person tells, never from the
// first message. Until it is told, bounds that rest on it do not hold anything
// back, so ask for it before a step starts a round.
//
// A figure of a person's own is taken when a round begins and when the next
// start is armed. A later answer changes neither, but for the zone and the waking
// hours, by which what is armed is planned anew.
//
// A flow that is begun anew while a question of its own still stands, say by its
// command during an interruption, gives that question up.
package lang
