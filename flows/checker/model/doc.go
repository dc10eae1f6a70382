// Package model is what a person can do in a catalog, made simpler than it is: it
// is to contain every conversation that the engine can have, and more, so that
// what never happens in the model never happens.
//
// # Going backward
//
// [Model.Reach] is asked how something comes to happen while a condition is what it
// must not be. It begins with everybody to whom that may happen, and goes back over
// what may have been before, step by step, until it finds somebody of whom nothing is
// known, at no question and with no variable set: then there is a way. Or nobody new
// is found any more: then there is none. So it meets only what bears on the question,
// and how large the rest of the flows is makes little difference.
//
// Persons are taken together as cubes (cube.go). A cube has a set of texts or truths
// for each variable that it speaks of (set.go), and linear bounds of numbers and
// instants (linear.go), such as now - onset <= 72 hours. What it does not name may be
// anything. Each thing that can happen, an op, gives for a cube the cubes of those
// who may have been before (ops.go): for a condition those for whom it may hold, for a
// variable that was set those whose values make it what it is now. A number that was
// given or may be anything is taken out of the bounds by Fourier and Motzkin's way.
// Whoever is in a cube that is part of a known one is known.
//
// # Time
//
// Any time may pass at every question, where nothing is in force, and before a
// question in a flow that was called. A wait may end as soon as its question was
// asked, and last for ever; a timer that is armed may come whenever it is allowed to.
// But conditions that are asked at one moment see the same time.
//
// # Calls and interruptions
//
// Where a flow returns to is not kept. Instead, what it does is gone through once for
// each cube that it is to leave behind, in a context of its own, and whoever
// wants to leave that cube behind goes on from where the context was entered:
//
//   - called: a flow that comes to its end and leaves the cube;
//   - between: whatever may come between at a question, with the flow that it runs,
//     and leaves the cube: commands, reminders and their buttons, lasting choices;
//   - again: what comes between asks, before any other, the question that it came
//     between. The person then stands there instead of going back to it. This is gone
//     through only if something of the cube may have been changed by then: otherwise
//     the person was in it before, at the same question.
//
// A question with a condition, and a wait for no moment, is in force behind a flow that
// came between only if its condition holds then: between leaves only that behind. Whom it
// does not hold for goes on as if nobody had answered, from a node of its own (atVoid).
//
// Of two more contexts nothing is to be left behind: anybody may have entered an open
// one, and a root was begun in the place of all else. As contexts call each other,
// nothing is lost by interruptions within interruptions, however deep.
//
// # Regions
//
// What makes no difference to any variable that is followed is gone over at once: the
// region of a node is all from which somebody comes to it as they are (region.go).
//
// # Refining
//
// At first a search follows only the variables of the question, and the clock.
// Of the others everything may be, and a condition on them may hold or not. It
// may then find a way that nobody can go. If so, it is tried which further variables
// show that, the search is made anew with them, and so on, until there is no way, or
// one that cannot be told from a real one. Each time those are left out again without
// which all ways found so far are still seen to be none (reach.go). So few are
// followed, and which is not for the author to say. What other questions came to need
// is tried first.
//
// A question about any reminder does not follow each track: one truth says that one of
// them was started since all were stopped, and it speaks of those tracks only that can
// come, as far as the facts tell, while the condition is not what it must be (some.go).
//
// # Facts
//
// Before any question a pass goes forward, once (facts.go): where people can be, and
// what can then be in each variable, whatever is in the others. Only the flow of the
// episode, and a few truths that only flows of episodes change, are
// told apart together with the rest: they are modes. Whatever a search finds outside of
// these facts it cuts off.
//
// # What is left out
//
//   - Gaps, the day's number of starts, days, and waking hours are taken to be in
//     order whenever a round or a reminder may come;
//   - what a condition asks of them is not known either: the hour and the day,
//     counts of rounds and of episodes, why a start may not be, when the person was last
//     heard; of midnight(now, days) it is known between which instants it is;
//   - what multiplies two variables, or rounds one, and texts that are made of
//     others, are not known;
//   - of bounds at once, and of cubes for one condition, 24 are kept. What is more is
//     taken for nothing known.
//
// All of this lets in more than there is. So it may make a promise look broken, which
// whoever asks plays with the engine; it does not make one hold.
//
// # Caveats
//
// That a model contains the engine's conversations is by how it is made, and is tried
// with random conversations and, part by part, against the engine's own
// reckoning; it is not proved. Those do not tell everything: that a question is
// given up when its flow is begun anew, and that the engine cuts its stack where a
// question stands on it twice, could be left out here unnoticed. And some figures
// are taken to be usual:
//
//   - the clock stands between the years 2020 and 5138;
//   - an instant was told since 1938, or never, and numbers are above minus a billion;
//   - figures are alike within a millionth, instants within a microsecond, and spans are below 292 years: the engine
//     has no longer ones, and reckons on wrongly from the time since an instant that was
//     never told, as in now - onset + 1h.
package model
