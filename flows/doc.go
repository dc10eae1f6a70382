// Package flows holds the words that flows, engine, stores and bot share: what
// happens to a person (events), what is to be done about it (effects), and what
// is known of them (states, timelines, timers). Start reading here.
//
// A flow leads a person through steps: it shows texts, asks questions, starts
// timed rounds of cold and heat, and ends. Package lang says what a flow is,
// package engine runs one: Step takes a [State], an [Event] and the time, and
// returns the new State and its [Effect]s. Nothing here does anything by itself.
//
// # Caveats
//
// The types that are stored keep their meaning for ever: a field may be added,
// and none is used for something else.
package flows
