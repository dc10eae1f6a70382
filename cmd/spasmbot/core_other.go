//go:build !unix

package main

// noCoreDumps does nothing: there are no core dumps here.
func noCoreDumps() {}
