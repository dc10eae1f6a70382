// Package checker proves promises about flows, or prints a conversation that
// breaks one. It looks as well whether the flows, and the engine with them, keep the
// rules that the language makes for everybody.
//
// A promise holds if no conversation in a model of the flows breaks it; the model is
// made so that it contains every conversation that the engine can have, and more.
// The rules of the language are watched in the nearest situations that the engine
// itself comes to, which is a look and no proof.
//
// # Promises
//
// The condition of a promise is taken apart at "and", "or" and "not", into clauses
// that must all hold (clauses.go); if there would be more than 24, it is left whole.
// Each is a part that is judged by itself, since it speaks of less. Of
// "any_reminder" a part is judged for all tracks at once, and track by track if that
// was not enough.
//
// For each part the model is asked how somebody of whom nothing is known comes to
// where what the promise names happens while the clause is broken (see package
// model, [model.Model.Reach]). It begins there and goes backward. There are three
// ends:
//
//   - nobody comes there, and all was gone through: the part [Holds];
//   - there is a way, and the real engine is led along it (play.go). If what the
//     promise names then happens while its condition is broken, the part is [Broken],
//     and the conversation is printed, as the inputs of a transcript that can be
//     played again. It need not be a shortest one;
//   - there is a way that the engine was not seen to go, or the search grew too large:
//     the part is [NotJudged]. Such a promise may be broken or not.
//
// What a promise names is judged where it happens: a reminder when it comes; a
// question when it is in force, and so again whenever something has come between; any
// other step once it is done. A step that calls another flow is done when that
// returns.
//
// A promise about something that never happens holds as well. A [Witness] tells it, and
// otherwise looks for a conversation in which what the promise names happens.
//
// # Rules
//
// The Rules are that rounds keep to their figures and always end, that every episode
// can be stopped and never waits for nothing, that old buttons do nothing, that
// messages fit. Walks look for what breaks one. They begin with a person never seen
// before and make moves with the real engine, nearest first: the buttons of
// the question in force and of open reminders, every command, texts that answer and
// texts that do not, pictures, blocking the bot and coming back; and time, with the
// next timer on time, up to the instants at which a condition, a round or the day
// changes something, to a second before and a second after, and the same with the
// bot down. The history of every round is kept apart from the engine's own, so that
// the engine is checked together with the flows. Promises are watched on the way too:
// one that a walk sees broken is reported with the walk's path, which is the shortest
// that it found.
//
// There is a walk for each round and each recurrence, one for each flow that branches
// or of whose steps something is promised, and one for the places that people return
// to. Each takes situations for the same that agree in what it looks at (key.go): the
// step and the calls around it, the truth of its conditions, the phase of its track.
// What two of these do differently is seen for the first of them only, and together
// the walks keep no more than Options.MaxStates. So a rule that no walk sees broken
// may be broken all the same.
//
// # Caveats
//
// That the model contains the engine is by how it is made. It is tried with random
// conversations (contains_test.go), and with what it reckons one by one, and not
// proved. What the model leaves out, package model says: it can only make it find
// ways that nobody can go.
//
// A part that holds says nothing of what happens outside of the conversation: of
// messages that do not arrive, or of a person who does not do what they say. Nor does
// it say that what is promised is right.
package checker
