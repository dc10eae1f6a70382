package engine_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spasmbot/flows"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what the engine does now")

// TestTranscripts plays the conversations in testdata. A line that begins with
// ">" is what the person does; the lines below it are what follows:
//
//	> /spasm          a command
//	> press none      a press of the newest button with that label or choice
//	> data s1.none    a press with this data, wherever it comes from
//	> text hello      a text message
//	> sends photo     something that is not text
//	> wait 2h         time passes
//	> down 2h         time passes while the bot is down
//	> blocks, > unblocks
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
			got := play(t, newPerson(t, c), string(src))
			if *update {
				if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(src) {
				t.Errorf("the conversation went another way (rewrite with -update and read the difference):\n%s", firstDifference(string(src), got))
			}
		})
	}
}

// play performs the inputs of a transcript and returns it with what follows
// each of them.
func play(t *testing.T, p *person, src string) string {
	var out strings.Builder
	for line := range strings.Lines(src) {
		line = strings.TrimSuffix(line, "\n")
		switch {
		case strings.HasPrefix(line, "#"):
			fmt.Fprintln(&out, line)
		case strings.HasPrefix(line, ">"):
			fmt.Fprintf(&out, "\n%s\n", line)
			perform(t, p, strings.TrimSpace(line[1:]), func() { describe(&out, p) })
		}
	}
	return out.String()
}

func perform(t *testing.T, p *person, input string, after func()) {
	word, rest, _ := strings.Cut(input, " ")
	switch word {
	case "press":
		p.presses(rest)
	case "data":
		p.does(flows.Button{Data: rest, Message: 1})
	case "text":
		p.does(flows.Text{Text: rest})
	case "sends":
		p.does(flows.Unsupported{What: rest})
	case "blocks":
		p.does(flows.Blocked{})
	case "unblocks":
		p.does(flows.Unblocked{})
	case "wait", "down":
		d, err := flows.ParseDuration(rest)
		if err != nil {
			t.Fatalf("%q: %v", input, err)
		}
		if word == "wait" {
			p.waits(d, after)
			return
		}
		p.sleeps(d)
	default:
		name, args, _ := strings.Cut(strings.TrimPrefix(input, "/"), " ")
		p.does(flows.Command{Name: name, Args: args})
	}
	after()
}

// describe writes the effects of the last event.
func describe(out *strings.Builder, p *person) {
	since := p.now.Sub(noon)
	stamp := fmt.Sprintf("%3d:%02d", int(since.Hours()), int(since.Minutes())%60)
	for _, e := range p.log {
		switch e := e.(type) {
		case flows.Say:
			describeMessage(out, stamp, e.Message)
		case flows.Toast:
			fmt.Fprintf(out, "%s  toast     %s\n", stamp, e.Text)
		case flows.Record:
			line := fmt.Sprintf("%s  timeline  %s %s %s", stamp, e.Entry.Kind, e.Entry.Step, e.Entry.Choice)
			fmt.Fprintln(out, strings.TrimRight(line, " "))
		case flows.Remind:
			r := e.Reminder
			fmt.Fprintf(out, "%s  arm       #%d %s at %s\n", stamp, r.ID, r.Kind, r.Due.Format("Mon 15:04"))
		case flows.Settle:
			fmt.Fprintf(out, "%s  settle    #%d %s\n", stamp, e.ID, e.State)
		}
	}
}

func describeMessage(out *strings.Builder, stamp string, m flows.Message) {
	verb := "says"
	if m.Edit != 0 {
		verb = "edits"
	}
	if m.Text == "" {
		fmt.Fprintf(out, "%s  edits     (buttons removed)\n", stamp)
		return
	}
	lead := fmt.Sprintf("%s  %-9s ", stamp, verb)
	for i, line := range strings.Split(readable(m.Text), "\n") {
		if i > 0 {
			lead = strings.Repeat(" ", len(stamp)+12)
		}
		fmt.Fprintln(out, strings.TrimRight(lead+line, " "))
	}
	for _, row := range m.Keyboard {
		fmt.Fprint(out, strings.Repeat(" ", len(stamp)+11))
		for _, key := range row {
			fmt.Fprintf(out, " [%s]", key.Label)
		}
		fmt.Fprintln(out)
	}
}

func firstDifference(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(w), len(g)) {
		if w[i] != g[i] {
			return fmt.Sprintf("line %d:\n  was %s\n  is  %s", i+1, w[i], g[i])
		}
	}
	return fmt.Sprintf("one ends after %d lines, the other after %d", len(w), len(g))
}

// TestWaitFiresInOrder guards the harness itself.
func TestWaitFiresInOrder(t *testing.T) {
	p := newPerson(t, shipped(t))
	p.toCare()
	last := p.now
	p.waits(48*time.Hour, func() {
		if p.now.Before(last) {
			t.Fatalf("time ran backwards: %v after %v", p.now, last)
		}
		last = p.now
	})
	if last.Sub(noon) < 24*time.Hour {
		t.Fatalf("the last timer fired after %v", last.Sub(noon))
	}
}
