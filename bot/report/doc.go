// Package report makes a person's papers: a chart for the phone, a page for the
// doctor, a calendar, and the data as tables and JSON.
//
// Everything is made from a [Person], a plain account that whoever knows the records
// fills in, in words that are ready to be read. The same account gives the same bytes:
// nothing here reads a clock, a file or the network.
//
// What people have written may hold any letter. What no font here has becomes a box,
// and never an error.
package report
