// Package storage says what a store must keep and promise. The contract is
// [Store]; package storetest checks it, package boltstore fulfils it with an
// embedded file.
//
// One transaction holds everything that one batch of events changes: states,
// timelines, timers, outgoing messages, the updates seen and the poll offset.
// After a crash either all of it is there or none.
//
// # Caveats
//
// Nothing here assumes that only one process uses the store: identifiers come
// from the state that the transaction read, and functions given to Update may
// run again. A store on a shared database can therefore stand beside the
// embedded one.
//
// Times are kept to the nanosecond and come back in UTC.
package storage
