// Package model is what a person can do in a catalog, made simpler than it is: it
// is to contain every conversation that the engine can have, and more, so that
// what never happens in the model never happens.
//
// # What is left out
//
// A model knows some variables and some tracks exactly, those that a promise
// speaks of and whatever is made into them, and nothing of the others: a
// condition on these may hold or not, and both is followed. Numbers, durations
// and instants are spans. Time has no memory: between two things that happen any
// time may have passed, and the clock may have been put back; but at one moment
// all conditions see the same time. A timer that is armed may come whenever it
// is allowed to, and may be late for ever.
//
// # Calls and interruptions
//
// A flow is gone through once for each of the data with which it is entered,
// whoever called or interrupted for it; where it returns to is kept beside. So
// nothing is lost by interruptions within interruptions, however deep.
//
// # Caveats
//
// That it contains them is by how it is made, and is tried with random
// conversations; it is not proved. Those do not tell everything: that a question
// is given up when its flow is begun anew, and that the engine cuts its stack
// where a question stands on it twice, could be left out here unnoticed.
//
// What happens in the model need not happen in the engine. Whoever finds
// something here plays it with the engine before believing it.
package model
