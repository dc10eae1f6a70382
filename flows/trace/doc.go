// Package trace judges timelines: whether each entry that a bot has exported is one
// that the flows could have brought at its moment, after the entries before it.
//
// A timeline does not say what was done, only what came of it. [Judge] finds events
// that may have been behind the next entries, gives them to the real engine at the
// time of the entry, and compares what that writes: kind, step, choice, value and time
// of each entry of the turn. So it knows no rules of its own, and what it accepts is a
// way that the engine goes.
//
// # What a timeline does not tell
//
// Where more than one event may have been behind an entry, all are followed, as far
// as they lead to different states. Besides, these are followed:
//
//   - timers that have come due without an entry: left out by a condition, late, or
//     before an outage was over. What they have armed may be due later than it seems
//   - a bot that was away: nothing comes meanwhile, and what was due comes together
//     when it is back, with the question once more or without
//   - commands outside of an episode, and presses that put an answer together
//   - what is less likely, shortly before an entry that cannot be explained otherwise
//   - what was known of the person when the first timeline began: as it is now, not at
//     all, or something between
//
// A timer waits no longer than the bot was away. It was not away at the times of the
// entries of all people in the export. There are some minutes of slack, more where
// there are more people to tell or the clock was made to run fast.
//
// # What is not seen
//
// An entry that changes nothing can be taken out and added if the others are numbered
// anew: a press of an old button, "Done" on a reminder. A reminder may be missing, or
// late, where no entry of anybody shows that the bot worked at the time. An answer may
// be another one of the same question if the flows go the same way from it, unless the
// person's facts still hold it. Where the timelines before the first one are no longer
// kept, what had come of them is guessed. The free text of an answer may be any other
// that the question takes, while no fact holds it. That a person blocked the bot, or
// was shown a question after an outage, may be made up where nothing follows from it.
//
// Nothing of a timeline over which the bot's clock was put back by more than a minute
// is refused; only the last time is known.
package trace
