package plan_test

import (
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/plan"
)

// TestPutOn: a round is on since the press if that keeps the most even for what went
// on at the call, and since the call if nobody can be asked, or it is the same.
func TestPutOn(t *testing.T) {
	call := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	tr := &flows.Track{On: call, Ends: call.Add(15 * time.Minute)}
	for _, test := range []struct {
		most, until, at time.Duration
		since           plan.Since
		off             time.Duration
	}{
		{20, 0, 0, plan.SinceNow, 15},
		{20, 0, 5, plan.SinceNow, 20},
		{20, 0, 6, plan.SinceEither, 15},
		{20, 0, 14, plan.SinceEither, 15},
		{15, 0, 1, plan.SinceCall, 15},
		{15, 0, 2, plan.SinceEither, 15},
		{0, 0, 9, plan.SinceCall, 15},
		{30, 18, 9, plan.SinceNow, 18},
		{30, 10, 9, plan.SinceNow, 15},
	} {
		r := plan.Round{Most: test.most * time.Minute}
		if test.until > 0 {
			r.Until = call.Add(test.until * time.Minute)
		}
		since, off := r.PutOn(tr, call.Add(test.at*time.Minute))
		if since != test.since || off.Sub(call) != test.off*time.Minute {
			t.Errorf("%+v: on since %s, off after %v", test, since, off.Sub(call))
		}
	}
}
