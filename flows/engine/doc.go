// Package engine is the pure heart of the bot: [Step] takes what is known of a
// person, one event and the time, and returns what is then known and what is
// to be done.
//
// It does no input or output, reads no clock and draws no random number.
// Whatever it wants done it returns as effects; the caller stores them together
// with the new state and only then acts on them. So a month of reminders can be
// played through in a test in milliseconds, and any conversation can be played
// again.
//
// # Timers and buttons
//
// Every timer and every button carries the revision of what made it: the
// question in force, a round, a recurrence. When that has moved on, the timer
// is dropped and the press is answered with a hint. No late timer is taken for
// an answer, and no old button changes what came after it.
//
// # Caveats
//
// Step trusts its catalog: load it with package catalog, which checks it. A
// step that a newer version of a flow has removed is treated as if the person
// stood nowhere.
//
// Reminders need a scheduler that feeds flows.Due back in. Step accepts them
// late and in any number; it never looks for them by itself.
package engine
