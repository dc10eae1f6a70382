package checker

import (
	"testing"
	"time"
)

// TestUntoldBoundsNothing: an instant that rests on what was never told bounds
// nothing, in the model as in the engine.
func TestUntoldBoundsNothing(t *testing.T) {
	const late = `choices: {over: {}}, wait: {until: onset + 30h → choices: {over: {set: {onset: now}}}, wait: {until: onset + 30h`
	for promise, want := range map[string]Verdict{
		`{never: pack-on, while: hours_since(onset) > 200}`:                 Broken,
		`{never: pack-on, while: hours_since(onset) > 200 and safe.any}`:    Holds,
		`{before: pack-on, require: hours_since(onset) > 200 or safe.none}`: Holds,
	} {
		c := loadAsked(t, promise, `, set: {onset: now}} → }`, late)
		for _, p := range newSubject(c).proofs(first(time.Time{})) {
			if p.Verdict != want {
				t.Errorf("%s: it %s, want that it %s: %s", promise, p.Verdict, want, p.What)
			}
		}
	}
}
