// Package bottest tests the whole: people on the simulator, the bot as package
// app wires it, a real store, and where a process is the point, the built
// program.
//
// A bubble is a bot in virtual time, with a wire in memory: a week in seconds.
// A lab is one with a small core, on a server that refuses. A host is the
// program itself, on a socket and a file, on a clock that may run fast. The
// people answer what they are asked, as a crowd, by a script or by hand, and the
// records are what the export says of it all.
//
// # Caveats
//
// The plain run is a sample: it takes less than a minute, and each test that
// does less than it could says so in its log. SPASMBOT_LONG=1 asks for the long
// forms, which CI runs; SPASMBOT_TORTURE=1 and SPASMBOT_SOAK for those that take
// hours.
package bottest
