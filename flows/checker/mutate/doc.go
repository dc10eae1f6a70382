// Package mutate shows that the promises of the shipped flows are worth something:
// it breaks the flows on purpose, one place at a time, and looks whether anybody
// notices. All of it is tests; "make mutate" runs it in full.
//
// A mutant is the shipped flows with one mistake: a choice whose next is dropped or
// exchanged with that of its neighbour, a set or a when dropped, a branch taken
// always or never, a call, a stop or a bound of a track left out, an atom of a
// promise dropped. It is found if the loader refuses it, if a promise breaks or if the
// check has a new note. One of which a promise is not judged any more is told apart: a
// check fails on it, but shows no conversation, so that it does not count as found. One
// that nobody finds changes nothing that is promised: why is seen in the file for some,
// and testdata/same.txt holds the others, each with its reason. Some variables, such as
// owed, are there for promises alone: a mistake in what sets them leads nobody elsewhere.
package mutate
