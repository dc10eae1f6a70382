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
// Every timer carries the revision of what made it: the question in force, a
// round, a recurrence. When that has moved on, the timer is dropped. Every button
// carries the seal of the person's state and the number of its message (package
// button), and a press that does not fit, or is on another message than it says, is
// answered with a hint. No late timer is
// taken for an answer, and no old button changes what came after it.
//
// Whether a track may start is decided by package plan, when the start is armed
// and again when its timer has come due.
//
// # The parts of a turn
//
// A turn has parts, each with a type, a state and files of its own. A part knows
// those before it:
//
//	person    who it is about: state, clock, zone; what expressions see, and the
//	          rules of a track that they give
//	effects   what is to be done, the timeline
//	timers    those that are armed
//	messages  what is said: edits, what delivers a timer, joining after an absence;
//	          what stands in the chat, and goes
//	texts     the words of the catalog, filled in
//	screen    the question in force, its buttons and timers, the stack
//	tracks    rounds and recurrences; calls, and what is said to them
//	episode   begins and ends; rests while the person cannot be reached
//	day       the plan of the day: when what is armed comes
//	walk      goes from step to step; what comes due
//	answers   what the person does
//	turn      Step
//
// # Caveats
//
// Step trusts its catalog: load it with package catalog, which checks it. A
// step that a newer version of a flow has removed is treated as if the person
// stood nowhere; a round that it has removed begins no more, and is taken off.
//
// Reminders need a scheduler that feeds flows.Due back in. Step accepts them
// late and in any number; it never looks for them by itself.
package engine
