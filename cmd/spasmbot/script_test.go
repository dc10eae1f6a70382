package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts in testdata call the program by its name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"spasmbot": main})
}

// ankle is the second flow, which shares no line with the built-in ones.
const ankle = "../../docs/examples/ankle"

// shipped are the built-in flows.
const shipped = "../../flows/catalog/shipped"

func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"keep": keepScript, "hold": holdScript, "own": ownScript, "people": peopleScript, "talk": talkScript, "agekey": agekeyScript},
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("TMPDIR", os.TempDir())
			dir, err := filepath.Abs(ankle)
			if err != nil {
				return err
			}
			env.Setenv("ANKLE", dir)
			dir, err = filepath.Abs(shipped)
			env.Setenv("SHIPPED", dir)
			return err
		},
	})
}
