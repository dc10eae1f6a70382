// Package diff compares two versions of flows: which flows, steps, rounds,
// reminders and promises were added, removed, changed and moved, and which
// texts read another way. A [Crowd] says how many people each change touches.
package diff
