package bottest

import (
	"os"
	"testing"
)

const (
	// longVariable asks for the long form of what the plain run samples.
	longVariable = "SPASMBOT_LONG"
	// tortureVariable asks for what takes hours.
	tortureVariable = "SPASMBOT_TORTURE"
)

func torture() bool { return os.Getenv(tortureVariable) != "" }

func asked() bool { return torture() || os.Getenv(longVariable) != "" }

// long reports whether the long form is asked for. If not, it tells what the
// plain run does instead.
func long(t *testing.T, sample string) bool {
	t.Helper()
	if !asked() {
		t.Logf("shortened: %s; all of it with %s=1", sample, longVariable)
	}
	return asked()
}

// longOnly skips what the plain run leaves out.
func longOnly(t *testing.T) {
	t.Helper()
	if !asked() {
		t.Skipf("only with %s=1", longVariable)
	}
}
