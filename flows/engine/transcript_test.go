package engine_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"spasmbot/flows/transcript"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what the engine does now")

// TestTranscripts plays the conversations in testdata; package transcript
// describes how they are written.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	c := shipped(t)
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			got, err := newPerson(t, c).Play(string(src))
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := transcript.Difference(string(src), got); diff != "" {
				t.Errorf("the conversation went another way (rewrite with -update and read the difference):\n%s", diff)
			}
		})
	}
}

// TestWaitFiresInOrder guards the harness itself.
func TestWaitFiresInOrder(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	last := p.Now
	p.waits(48*time.Hour, func() {
		if p.Now.Before(last) {
			t.Fatalf("time ran backwards: %v after %v", p.Now, last)
		}
		last = p.Now
	})
	if last.Sub(noon) < 24*time.Hour {
		t.Fatalf("the last timer fired after %v", last.Sub(noon))
	}
}
