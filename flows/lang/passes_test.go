package lang

import (
	"slices"
	"testing"
	"time"
)

// TestPasses: of each name of the language it is known whether its value is another later
// though nothing has happened.
func TestPasses(t *testing.T) {
	still := []string{
		"pain_first", "pain_now", "pain_trend", "live", "episode", "last_heard", "rounds_total", "in_minutes", "in_hours", "midnight", "number_in",
	}
	for name := range functions {
		if slices.Contains(still, name) == slices.Contains(passing, name) {
			t.Errorf("%s is in both lists, or in none", name)
		}
	}
	vars := map[string]any{"moving": true, "onset": time.Time{}}
	for src, want := range map[string]bool{
		"hours_since(onset) < 72": true, "now > midnight(onset, 1)": true, `moving and why_not("cold") != "on"`: true, "moving": false,
	} {
		e, err := CompileExpr(src, vars, BoolType)
		if err != nil || e.Passes() != want {
			t.Errorf("%s passes: %v, want %v (%v)", src, !want, want, err)
		}
	}
}
