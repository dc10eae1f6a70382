// Package measure counts what flows ask of people: it plays scripted people with
// the real engine and the real timers, and says for each day how often they press,
// how many words they read and how often they hear a sound.
//
// A script ([Person]) knows no way through the flows. It has answers for some
// questions, by their steps, and choices that it takes wherever they are offered;
// a question that it has no answer to is told. So the flows may be edited, and the
// scripts go on. Budgets ([Budget]) bound the figures; each has a figure that is
// held today and one to reach.
//
// # What is counted
//
// A ring is a new message with a sound: whether it has one is what the engine says
// of it. What comes by itself is what a timer has set off, no sooner than two
// minutes after the person has last done something, and no round that the person
// has asked for. An invitation is a ring that comes by itself, has buttons and asks for
// something new: neither a repeated question nor the look and the take-off of a round
// that the person has said to be on.
//
// # Caveats
//
// The bot is always there and every message arrives at once: what limits, outages
// and late policies change is not counted.
package measure
