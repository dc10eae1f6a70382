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

// long reports whether the long form is asked for. If not, it tells what the
// plain run leaves out.
func long(t *testing.T, sample string) bool {
	t.Helper()
	if torture() || os.Getenv(longVariable) != "" {
		return true
	}
	t.Logf("shortened: %s; all of it with %s=1", sample, longVariable)
	return false
}
