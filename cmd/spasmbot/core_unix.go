//go:build unix

package main

import "syscall"

// noCoreDumps keeps what the process knows, the token and people's answers, from
// being written to a file when it crashes. Where it cannot be had the program
// works without.
func noCoreDumps() { _ = syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) }
