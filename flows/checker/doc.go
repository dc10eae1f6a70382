// Package checker proves promises about flows, or prints the shortest way to
// break one.
//
// [Check] starts with a person never seen before and makes every move that can
// make a difference, each with the real engine: the buttons of the question in
// force and of open reminders, every command, texts that answer and texts that
// do not, pictures, blocking the bot and coming back; and time, with the next
// timer on time, up to the instants at which a condition, a round or the day
// changes something, to a second before and a second after, and the same with
// the bot down, so that everything comes due late and at once. People whose
// episode has ended are among those it meets on the way. Of what it holds true
// in all of these states,
//
//   - the invariants are the catalog's own. A reminder, a start or a question
//     that one names is judged in the state at the end of its turn; any other
//     step, as soon as it has been done.
//   - the Rules are the language's: that rounds keep to their figures and
//     always end, that every episode can be stopped and never waits for
//     nothing, that old buttons do nothing, that messages fit.
//
// The history of every round is kept apart from the engine's own, so that the
// engine is checked together with the flows.
//
// A path is written as the inputs of a transcript and can be played again. The
// way by the fewest moves is found first; a long wait is one move.
//
// # How the walk ends
//
// There is a walk for each round and each recurrence, one for each flow that
// branches or of whose steps something is promised, and one for the places that
// people return to. Two states are taken for one if they agree in
//
//   - the step, whether it has a timer, the innermost calls up to three since
//     the last interruption, and that there was one; in the walk for places, the
//     outermost and innermost place to return to, and how many there are up to
//     three;
//   - the truth of each condition that the walk is concerned with, split at its
//     outermost "and": of a track, its when, what is promised of it, and when it
//     is started and stopped; of a flow, its conditions and what is promised of
//     its steps; in the walk for places, what is promised and rests on answers
//     alone. Outside of an episode only those count that rest on what outlives
//     one. Answers that no condition tells apart are one answer, and numbers
//     are tried around those that conditions and figures name;
//   - the values of variables that are counted, around the thresholds of the
//     walk's conditions: the one that changes a truth would never be reached
//     otherwise;
//   - of the walk's own track: running, armed, on or checked, whether the day
//     is full, from and until are reached, the gap is over; of a flow instead,
//     how many episodes have ended, and how many at the most were alike in
//     what, as far as its conditions count them;
//   - waking hours or not, except deep in interruptions, and whether the person
//     has blocked the bot.
//
// # Models
//
// Besides, each promise is held against models of the flows, which are to contain
// every conversation and know a part of
// what is known of a person and follow both ways wherever they do not know; see
// package model. A way on which a model breaks a promise is played with the real
// engine. If that breaks it as well, the conversation is a violation like those of
// the walks; if it goes another way, the next model knows more, of whatever made
// the difference. So a promise is found broken that rests on answers which the
// walks merge before they matter: one with an "or", a sum, two variables that are
// compared, an instant that was told a day before. Where a model grows too large,
// or none is exact enough, a promise is not decided by models, and what the walks
// say of it is all there is.
//
// # Caveats
//
// What two states taken for one do differently is seen for the first of them
// only. So a violation found is real, and none found is strong evidence and not
// a proof. In particular
//
//   - how two tracks disturb each other is seen only along the ways that one
//     walk happens to take: no walk looks closely at two rounds. Nor does one
//     look closely at a branch of another flow that speaks of other variables;
//   - the figures of rounds that expressions give, such as how long one is on,
//     do not tell states apart, though the least and the most of a number are
//     tried; a condition that names the same variable tells them apart;
//   - of the parts of conditions a walk keeps 256 and leaves out the rest;
//   - of interruptions within interruptions, the places in the middle are not
//     told apart;
//   - the order of timers armed at different times, how often a day's count
//     stands at what, and the exact age between two boundaries are those of the
//     nearest way there;
//   - boundaries in time are read off numbers beside hours_since and local_hour,
//     from, until, waking hours and midnight. A threshold that is itself
//     computed, or an instant in a variable without hours_since, is not found;
//   - for a question answered by text, the texts of conditions are tried, one
//     too long, none, and one that fits if a simple one does;
//   - all is in the catalog's zone, or in the one that the person tells, on days
//     without a change of the clocks, and in English. Texts in other languages
//     are measured by the loader alone;
//   - a step that calls another flow counts as done when that flow returns, and
//     an invariant on it is not judged if it never does;
//   - a person may end a round by blocking the bot: nobody can be told then.
//
// Check holds at most Options.MaxStates states; a report that is Incomplete has
// seen the nearest ones.
package checker
