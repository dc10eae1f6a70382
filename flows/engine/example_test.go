package engine_test

import (
	"fmt"
	"strings"
	"testing/fstest"
	"time"

	"spasmbot/flows"
	"spasmbot/flows/catalog"
	"spasmbot/flows/engine"
)

// A person's whole conversation is a value. Step takes it from one event to the
// next, and says what is to be done: it does nothing by itself, and reads no
// clock.
func ExampleStep() {
	c, err := catalog.Load(fstest.MapFS{
		"tea.yaml": {Data: []byte(`flow: tea
version: 1
episode: true
commands: [tea]
steps:
  - {id: how, ask: choice, choices: {black: {}, green: {}}, wait: {timeout: 1h, next: over}}
  - {id: over, end: over}
`)},
		"texts/en.yaml": {Data: []byte(`how: {text: How do you like your tea?, black: Black, green: Green}
over: {text: Enjoy it.}
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: In private}
system: {nudge: Still there?, stale: That was before., unexpected: Not now., use_buttons: Press a button., unknown_command: No such command., idle: Send /tea., group: In private please., updated: New words.}
menu: {}
`)},
	}, "UTC")
	if err != nil {
		fmt.Println(err)
		return
	}

	noon := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	state := flows.State{User: 7}
	state, effects := engine.Step(c, state, flows.Command{Name: "tea"}, noon)
	show(effects)

	// The clock stands where the caller puts it: the timer comes due at one.
	later := noon.Add(time.Hour)
	_, effects = engine.Step(c, state, flows.Due{IDs: []uint64{state.Pending[0].ID}}, later)
	show(effects)
	// Output:
	// record start tea
	// say How do you like your tea?
	//     [Black]
	//     [Green]
	// remind at 13:00
	// record timeout how
	// say Enjoy it.
	// record end
	// delete message 1
}

func show(effects []flows.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case flows.Say:
			if e.Message.Delete {
				fmt.Println("delete message", e.Message.Of)
				continue
			}
			fmt.Println("say", e.Message.Text)
			for _, row := range e.Message.Keyboard {
				fmt.Printf("    [%s]\n", row[0].Label)
			}
		case flows.Record:
			fmt.Println(strings.TrimSpace(fmt.Sprintln("record", e.Entry.Kind, e.Entry.Step)))
		case flows.Remind:
			fmt.Println("remind at", e.Reminder.Due.Format("15:04"))
		case flows.Settle:
			fmt.Println("settle", e.ID, e.State)
		}
	}
}
