package engine

import "time"

// earliest is the earlier of two instants; zero is none.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// notAfter is an instant that is bounded by another.
func notAfter(at, bound time.Time) time.Time {
	if at.After(bound) {
		return bound
	}
	return at
}
