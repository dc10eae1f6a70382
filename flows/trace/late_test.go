package trace_test

import (
	"testing"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/trace"
)

// late lets what is due come some time late, and all of it at once: the machine stood still.
func (d *diary) late(t *testing.T, by time.Duration) {
	t.Helper()
	d.Now = d.Now.Add(by)
	var ids []uint64
	for _, r := range d.State().Pending {
		if !r.Due.After(d.Now) {
			ids = append(ids, r.ID)
		}
	}
	if err := d.Do(flows.Due{IDs: ids}); err != nil {
		t.Fatal(err)
	}
	d.note(false)
}

// TestLateBeforeTheMorning: what comes too late to be told while a person is awake at
// night is arranged anew, and what that leads to in the morning is accepted.
func TestLateBeforeTheMorning(t *testing.T) {
	c := shipped(t)
	d := newDiary(c)
	d.play(t, "> at 02:30\n> /spasm\n> press adult\n> press none\n> press lying\n> press none\n> press none\n> press now\n> press m15\n> press 6\n> press gb\n> press right\n> press bending\n> press none\n")
	d.late(t, 95*time.Minute)
	d.play(t, "> wait 8h\n")
	accepts(t, c, d.export())
	list := d.export()
	call := at(t, list, flows.EntryReminder, "cold-on", "")
	call["at"] = call["at"].(time.Time).Add(-10 * time.Minute)
	if got := judged(t, c, list)[0]; got.Verdict != trace.Refused {
		t.Errorf("a call ten minutes early is %s", got.Verdict)
	}
}
