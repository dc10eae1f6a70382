package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"spasmbot/flows/measure"
)

// flowsMeasureCommand is "spasmbot flows measure".
type flowsMeasureCommand struct {
	folder
	People  string `type:"existingfile" placeholder:"FILE" help:"Scripts of people to play instead of the built-in ones, which are for the built-in flows."`
	Budgets string `type:"existingfile" placeholder:"FILE" help:"Limits to hold: the exit code is 1 if one is exceeded. The built-in ones are held if neither DIR nor --people is given."`
	JSON    bool   `help:"Print everything as JSON instead of tables."`
}

// Help is printed below the usage.
func (*flowsMeasureCommand) Help() string {
	return "Scripted people are played for days, and counted is what comes to them: presses, words, sounds, what stands in the chat. docs/flows.md says what each figure is, and how people and budgets are written."
}

// Run plays the people and prints what was counted of them. It fails if a limit is
// exceeded.
func (c *flowsMeasureCommand) Run(w *world) error {
	cat, err := loadFlows(c.Dir, "UTC")
	if err != nil {
		return err
	}
	people, err := readOr(c.People, measure.ReadPeople, measure.ShippedPeople)
	if err != nil {
		return err
	}
	var budgets measure.Budgets
	if c.Budgets != "" || c.Dir == "" && c.People == "" {
		if budgets, err = readOr(c.Budgets, measure.ReadBudgets, measure.ShippedBudgets); err != nil {
			return err
		}
	}
	for _, note := range measure.Notes(cat, people) {
		fmt.Fprintln(w.stderr, "note:", note)
	}
	reports, err := measure.Measure(cat, people)
	if err != nil {
		return err
	}
	held, err := budgets.Hold(reports)
	if err != nil {
		return err
	}
	if c.JSON {
		enc := json.NewEncoder(w.stdout)
		enc.SetIndent("", "  ")
		enc.Encode(struct {
			People  []measure.Report `json:"people"`
			Budgets []measure.Held   `json:"budgets"`
		}{reports, held})
	} else if err := measure.WriteTable(w.stdout, reports, held); err != nil {
		return err
	}
	return exceeded(held)
}

// readOr reads a file, or what is built in if no file is named.
func readOr[T any](file string, read func([]byte) (T, error), builtIn func() T) (out T, err error) {
	if file == "" {
		return builtIn(), nil
	}
	src, err := os.ReadFile(file)
	if err != nil {
		return out, err
	}
	if out, err = read(src); err != nil {
		return out, fmt.Errorf("%s:\n%w", file, err)
	}
	return out, nil
}

// exceeded names the limits that are exceeded.
func exceeded(held []measure.Held) error {
	var rows []string
	for _, h := range held {
		if h.Over() {
			rows = append(rows, fmt.Sprintf("%s: %d %s, at most %d", h.Row, h.Measured, h.Figure, h.Now))
		}
	}
	switch len(rows) {
	case 0:
		return nil
	case 1:
		return fmt.Errorf("a budget is exceeded: %s", rows[0])
	}
	return fmt.Errorf("%d budgets are exceeded:\n%s", len(rows), strings.Join(rows, "\n"))
}
