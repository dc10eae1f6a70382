package main

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"time"

	"spasmbot/flows/checker"
	"spasmbot/flows/lang"
	"spasmbot/flows/transcript"
)

// flowsCheckCommand is "spasmbot flows check".
type flowsCheckCommand struct {
	folder
	traces
	Witness   bool `help:"Show of each promise, track by track, what became of it in a model of the flows: a conversation that brings what it speaks of, or why nothing could be decided."`
	MaxStates int  `default:"0" placeholder:"N" help:"Give up after so many states; 0 is the checker's own bound."`
}

// Run loads the flows and proves their invariants.
func (c *flowsCheckCommand) Run(w *world) error {
	if c.MaxStates < 0 {
		return usagef("--max-states %d: give a number of states, 0 for the checker's own bound", c.MaxStates)
	}
	if c.Traces != "" {
		return c.judge(w, c.Dir)
	}
	cat, err := loadFlows(c.Dir, "UTC")
	if err != nil {
		return err
	}
	fmt.Fprintln(w.stdout, summary(cat))
	for _, note := range cat.Notes {
		fmt.Fprintln(w.stdout, "note:", note)
	}
	// The walks make garbage faster than anything else here. Memory is cheap
	// for as long as a check lasts.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	begun := time.Now()
	report := checker.Check(cat, checker.Options{MaxStates: c.MaxStates})
	fmt.Fprintf(w.stdout, "states: %d, transitions: %d, seconds: %.1f\n", report.States, report.Transitions, time.Since(begun).Seconds())
	showProofs(w.stdout, report.Proofs)
	if c.Witness {
		showWitnesses(w.stdout, report.Proofs)
	}
	for _, v := range report.Violations {
		showViolation(w.stdout, cat, v)
	}
	switch n := len(report.Violations); {
	case n == 1:
		return errors.New("an invariant does not hold: keep the lines above from # on in a file, and play them again with flows replay")
	case n > 1:
		return fmt.Errorf("%d invariants do not hold: keep the lines from each # on in a file, and play them again with flows replay", n)
	case report.Incomplete:
		return errors.New("the check gave up before it had seen every state: raise --max-states, or make the flows smaller")
	}
	_, err = fmt.Fprintln(w.stdout, "OK: every invariant holds")
	return err
}

// showProofs counts what became of the promises in models of the flows.
func showProofs(out io.Writer, proofs []checker.Proof) {
	if len(proofs) == 0 {
		return
	}
	found := make(map[checker.Verdict]int)
	for _, p := range proofs {
		found[p.Verdict]++
	}
	fmt.Fprintf(out, "promises, track by track: %d; in a model that is wider than the flows %d hold, %d break, %d are not decided\n",
		len(proofs), found[checker.Holds]+found[checker.Idle], found[checker.Broken], found[checker.NotJudged])
}

// showWitnesses tells of each promise what became of it in a model.
func showWitnesses(out io.Writer, proofs []checker.Proof) {
	for _, p := range proofs {
		of := ""
		if p.Track != "" {
			of = " (" + p.Track + ")"
		}
		fmt.Fprintf(out, "\n# %s: %s%s: it %s, in %d states", p.Source, p.Promise, of, p.Verdict, p.Points)
		if p.What != "" {
			fmt.Fprintf(out, "\n# %s", p.What)
		}
		fmt.Fprintln(out)
		for _, line := range p.Path {
			fmt.Fprintln(out, line)
		}
	}
}

// showViolation prints a shortest way to a broken invariant, as a transcript.
func showViolation(out io.Writer, cat *lang.Catalog, v checker.Violation) {
	at := ""
	if v.Source != "" {
		at = v.Source + ": "
	}
	src := fmt.Sprintf("# %s%s\n# %s\n%s\n", at, v.Invariant, v.What, strings.Join(v.Path, "\n"))
	played, err := transcript.Play(cat, src)
	if err != nil {
		played = src // still says how to get there
	}
	fmt.Fprintf(out, "\n%s\n", played)
}

// summary counts what a catalog holds.
func summary(c *lang.Catalog) string {
	var steps, rounds, reminders, invariants int
	for _, f := range c.Flows() {
		steps += len(f.Steps)
		invariants += len(f.Invariants)
		for i := range f.Tracks {
			if f.Tracks[i].Round() {
				rounds++
			} else {
				reminders++
			}
		}
	}
	return fmt.Sprintf("flows: %d, steps: %d, rounds: %d, reminders: %d, invariants: %d, languages: %s",
		len(c.Flows()), steps, rounds, reminders, invariants, strings.Join(c.Languages(), ", "))
}
