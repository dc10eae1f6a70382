package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"spasmbot/flows"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// tiny is a folder of one flow, for what the built-in ones may do in another way
// tomorrow.
const tiny = "../../bot/bottest/testdata/tiny"

// edit changes a file of a test.
func edit(t *testing.T, name, old, replacement string) {
	t.Helper()
	src := readFile(t, name)
	if !strings.Contains(src, old) {
		t.Fatalf("%s does not hold %q", name, old)
	}
	if err := os.WriteFile(name, []byte(strings.ReplaceAll(src, old, replacement)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// keepStates makes a database of people.
func keepStates(t *testing.T, states []flows.State) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "people.db")
	if err := putStates(file, states); err != nil {
		t.Fatal(err)
	}
	return file
}

func putStates(file string, states []flows.State) error {
	store, err := boltstore.Open(file)
	if err != nil {
		return err
	}
	err = store.Update(context.Background(), func(tx storage.Tx) error {
		for i, s := range states {
			s.User = int64(i + 1)
			if err := tx.PutState(s); err != nil {
				return err
			}
		}
		return nil
	})
	return errors.Join(err, store.Close())
}

// peopleScript is a script's command: it makes a database of people, one for each
// word behind its name, such as cold:on or water:armed, who have that in an episode.
func peopleScript(ts *testscript.TestScript, _ bool, args []string) {
	at := time.Unix(1, 0)
	var states []flows.State
	for _, word := range args[1:] {
		name, how, _ := strings.Cut(word, ":")
		tr := flows.Track{Name: name, Flow: "spasm", Rev: 1, Running: true}
		s := flows.State{Episode: flows.Episode{Number: 1, Flow: "spasm", Started: at}}
		switch how {
		case "on":
			tr.On, tr.Ends, tr.OffKind, tr.OffText = at, at.Add(time.Hour), name+"-off", "off"
		case "armed":
			s.Pending = []flows.Reminder{{ID: 1, Episode: 1, Track: name, Rev: 1, Phase: flows.PhaseCall, Due: at}}
		case "due":
			s.Pending = []flows.Reminder{{ID: 1, Episode: 1, Track: name, Rev: 1, Phase: flows.PhaseTick, Due: at}}
		default:
			ts.Fatalf("nobody can have %q", word)
		}
		s.Tracks = []flows.Track{tr}
		states = append(states, s)
	}
	ts.Check(putStates(ts.MkAbs(args[0]), states))
}

// TestFlowsDiffCountsPeople: each change says how many live episodes it
// touches, and a step that vanishes under somebody is refused.
func TestFlowsDiffCountsPeople(t *testing.T) {
	was, is := tiny, t.TempDir()
	if err := os.CopyFS(is, os.DirFS(tiny)); err != nil {
		t.Fatal(err)
	}
	cat, err := loadFlows(was, "UTC")
	if err != nil {
		t.Fatal(err)
	}
	at := func(step string, stack ...string) flows.State {
		place := func(id string) flows.Place {
			f := cat.Flow("spasm")
			return flows.Place{Flow: "spasm", Step: id, Hash: f.Steps[f.Step(id)].Hash}
		}
		s := flows.State{Episode: flows.Episode{Number: 1, Flow: "spasm", Started: time.Unix(1, 0)}, At: place(step)}
		for _, id := range stack {
			s.Stack = append(s.Stack, place(id))
		}
		return s
	}
	over := at("where")
	over.Episode.Ended = time.Unix(2, 0)
	db := keepStates(t, []flows.State{at("where"), at("where"), at("how", "where", "where"), at("how"), over})
	edit(t, filepath.Join(is, "spasm.yaml"), "{id: where", "{id: place")
	edit(t, filepath.Join(is, "texts", "en.yaml"), "\nwhere:", "\nplace:")
	edit(t, filepath.Join(is, "spasm.yaml"), "ask: scale", "keep: true, ask: scale")

	var out, errs bytes.Buffer
	if code := run([]string{"flows", "diff", was, is, "--db", db}, &out, &errs); code != exitFailed {
		t.Errorf("exit code %d, want %d", code, exitFailed)
	}
	want := `removed  step spasm.where  moved nowhere  [live episodes here: 2, returning here: 1]
changed  step spasm.how    [live episodes here: 2]
added    step spasm.place  now first
`
	if out.String() != want {
		t.Errorf("the difference is\n%s\nwant\n%s", &out, want)
	}
	if want := `3 live episodes stand on step "where" of flow "spasm"`; !strings.Contains(errs.String(), want) {
		t.Errorf("the refusal is %q, want %q in it", &errs, want)
	}

	// With an heir, nothing stands in the way.
	edit(t, filepath.Join(is, "spasm.yaml"), "steps:\n", "retired: {where: {moved_to: place}}\nsteps:\n")
	out.Reset()
	errs.Reset()
	if code := run([]string{"flows", "diff", was, is, "--db", db}, &out, &errs); code != exitDone {
		t.Errorf("with an heir the exit code is %d: %s", code, &errs)
	}
	if want := "step spasm.where  moved to place  [live episodes here: 2"; !strings.Contains(out.String(), want) {
		t.Errorf("the difference lacks %q:\n%s", want, &out)
	}
}
