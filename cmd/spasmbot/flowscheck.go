package main

import (
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
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
	Witness   bool `help:"Show of each promise what became of its parts, and a conversation that comes near it."`
	MaxStates int  `default:"0" placeholder:"N" help:"Look at so many situations for what breaks a rule of the language; 0 is the checker's own number."`
}

// Help says what the words of the command mean.
func (*flowsCheckCommand) Help() string {
	return checker.Meaning + " " + checker.RulesMeaning
}

// Run loads the flows and proves what they promise.
func (c *flowsCheckCommand) Run(w *world) error {
	if c.MaxStates < 0 {
		return usagef("--max-states %d: give a number of situations, 0 for the checker's own", c.MaxStates)
	}
	if c.Traces != "" {
		return c.judge(w, c.Dir)
	}
	cat, err := loadFlows(c.Dir, "UTC")
	if err != nil {
		return err
	}
	fmt.Fprintln(w.stdout, summary(cat))
	showSigns(w.stdout, cat.SignTable())
	showNotes(w.stdout, cat.Notes)
	// The check makes garbage faster than anything else here. Memory is cheap
	// for as long as it lasts.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	begun := time.Now()
	report := checker.Check(cat, checker.Options{MaxStates: c.MaxStates, Witness: c.Witness})
	showNotes(w.stdout, report.Notes)
	showProofs(w.stdout, report)
	fmt.Fprintf(w.stdout, "rules: watched in %d situations\nseconds: %.1f\n", report.States, time.Since(begun).Seconds())
	if c.Witness {
		showWitnesses(w.stdout, report)
	}
	for _, v := range report.Violations {
		showViolation(w.stdout, cat, v)
	}
	open := report.Open()
	for _, p := range open {
		fmt.Fprintf(w.stdout, "\n# %s: %s: %sit was not judged: %s\n", p.Source, p.Promise, named(p), p.What)
	}
	switch n := len(report.Violations); {
	case n == 1:
		return errors.New("a promise or a rule is broken: keep the lines above from # on in a file, and play them again with flows replay")
	case n > 1:
		return fmt.Errorf("%d promises or rules are broken: keep the lines from each # on in a file, and play them again with flows replay", n)
	case len(open) > 0:
		return fmt.Errorf("%d parts of promises were not judged, those named above: simplify what they speak of, or the flows around it", len(open))
	}
	_, err = fmt.Fprintln(w.stdout, "OK: every promise holds, and no rule was seen broken")
	return err
}

// showSigns says of which edition the table of warning signs is, and which clinicians
// have signed it. It prints nothing of flows without one.
func showSigns(out io.Writer, t *lang.SignTable) {
	if t == nil {
		return
	}
	var by []string
	open := 0
	for i := range t.Signs {
		switch name := t.Signs[i].SignedBy; {
		case name == "":
			open++
		case !slices.Contains(by, name):
			by = append(by, name)
		}
	}
	signed := "not signed"
	if len(by) > 0 {
		slices.Sort(by)
		signed = "signed by " + strings.Join(by, ", ")
		if open > 0 {
			signed += fmt.Sprintf("; %d not signed", open)
		}
	}
	fmt.Fprintf(out, "signs: %d, table version %d, %s\n", len(t.Signs), t.Version, signed)
}

// showNotes prints what an author may want to know.
func showNotes(out io.Writer, notes []lang.Note) {
	for _, n := range notes {
		fmt.Fprintln(out, "note:", n)
	}
}

// named says which part of a promise a proof is about.
func named(p checker.Proof) string {
	name := ""
	if p.Part != "" {
		name = "that " + p.Part + ", "
	}
	if p.Track != "" {
		name += "for " + p.Track + ", "
	}
	return name
}

// showProofs counts what became of the promises.
func showProofs(out io.Writer, r checker.Report) {
	found := make(map[checker.Verdict]int)
	states := 0
	for _, p := range r.Proofs {
		found[p.Verdict]++
		states += p.States
	}
	fmt.Fprintf(out, "promises: %d in %d parts, %d hold, %d are broken, %d were not judged; %d states\n",
		len(r.Witnesses), len(r.Proofs), found[checker.Holds], found[checker.Broken], found[checker.NotJudged], states)
}

// showWitnesses tells of each promise what became of its parts, and how near
// somebody comes to it.
func showWitnesses(out io.Writer, r checker.Report) {
	for _, w := range r.Witnesses {
		fmt.Fprintf(out, "\n# %s: %s\n", w.Source, w.Promise)
		for _, p := range r.Proofs {
			if p.Source == w.Source && p.Promise == w.Promise {
				fmt.Fprintf(out, "# %sit %s: %d states, %d variables known, after %d searches\n", named(p), p.Verdict, p.States, len(p.Known), p.Searches)
			}
		}
		if w.What != "" {
			fmt.Fprintf(out, "# near it: %s\n", w.What)
		}
		for _, line := range w.Path {
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
