package engine_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"spasmbot/flows"
)

// TestWhyAgreesWithTheLedger: what /why reads is the row of the reminder as the ledger has
// it, and says what that says of how it was moved.
func TestWhyAgreesWithTheLedger(t *testing.T) {
	said := map[flows.Move]string{
		"": "It came at its own time.", flows.MovedBySleep: "I do not wake you", flows.MovedByPack: "the end of a pack",
		flows.MovedByBudget: "enough messages by then", flows.MovedByPerson: "you put it off",
	}
	found := make(map[flows.Move]bool)
	files, err := filepath.Glob("testdata/topic_why_*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	c := shipped(t)
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := newPerson(t, c)
		for line := range strings.Lines(string(src)) {
			if !strings.HasPrefix(line, ">") {
				continue
			}
			told, err := p.Play(line)
			if err != nil {
				t.Fatal(err)
			}
			came := p.State().Came
			if line != "> /why\n" || came.At.IsZero() {
				continue
			}
			var row flows.Reminder
			for _, r := range p.Armed {
				if r.ID == came.Reminder.ID {
					row = r
				}
			}
			if row != came.Reminder {
				t.Errorf("%s: the ledger has %+v, and /why reads %+v", name, row, came.Reminder)
			}
			if words := said[row.Moved]; words == "" || !strings.Contains(told, words) {
				t.Errorf("%s: the ledger says %q, and /why:\n%s", name, row.Moved, told)
			}
			found[row.Moved] = true
		}
	}
	if len(found) != len(said) {
		t.Errorf("the conversations show %v, want all of %v", found, said)
	}
}

// TestWhyOfWhatIsOver: of an episode that is over nothing is told in another.
func TestWhyOfWhatIsOver(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	if _, err := p.Play("> wait 3h\n> /stop\n> wait 1h\n> /spasm\n"); err != nil {
		t.Fatal(err)
	}
	told, err := p.Play("> /why\n")
	if err != nil || !strings.Contains(told, "Nothing has come by itself yet") {
		t.Errorf("told %v:\n%s", err, told)
	}
}
