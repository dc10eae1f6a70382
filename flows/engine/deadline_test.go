package engine_test

import (
	"time"

	"pgregory.net/rapid"

	"spasmbot/flows"
)

// checkAlarms demands that nobody who was to be asked back is forgotten over what they
// have opened meanwhile: what lies above ends at the told time, or five minutes after it
// was asked.
func (w *watcher) checkAlarms(t *rapid.T, s *flows.State) {
	step := w.Catalog.Step(s.At.Step)
	if step == nil || s.Inactive || step.Wait == nil || w.Catalog.Flow(s.At.Flow).Step(step.Wait.Next) >= 0 {
		return
	}
	for _, at := range s.Stack {
		asked := w.Catalog.Step(at.Step)
		if asked == nil || !asked.Urgent || !at.Again || asked.Wait == nil || asked.Wait.Waking || asked.Wait.Until != nil && at.Due.IsZero() {
			continue
		}
		if at.Due.IsZero() {
			t.Fatalf("%s lies beneath %s, and nobody asks back", at.Step, s.At.Step)
		}
		by := flows.Later(at.Due, w.Now.Add(5*time.Minute))
		for _, r := range s.Pending {
			if r.Track == "screen" && r.Due.After(by) {
				t.Fatalf("%s is to be asked again at %v, and %s waits until %v", at.Step, at.Due, s.At.Step, r.Due)
			}
		}
	}
}
