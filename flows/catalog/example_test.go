package catalog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing/fstest"

	"spasmbot/flows/catalog"
	"spasmbot/flows/lang"
)

// A folder of flows holds what a person is asked, and apart from it the words, a
// file for each language. Whoever makes mistakes is told of them at once, each
// with its place and what to do.
func ExampleLoad() {
	const tea = `flow: tea
version: 1
episode: true
commands: [tea]
menu: 1
steps:
  - {id: how, ask: choice, choices: {black: {}, green: {}}, wait: {timeout: 1h, next: over}}
  - {id: over, end: over}
`
	const english = `how: {text: How do you like your tea?, black: Black, green: Green}
over: {text: Enjoy it.}
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: In private}
system: {nudge: Still there?, stale: That was before., unexpected: Not now., use_buttons: Press a button., unknown_command: No such command., idle: Send /tea., group: In private please., updated: New words.}
menu: {tea: Have a tea}
`
	folder := fstest.MapFS{
		"tea.yaml":      {Data: []byte(tea)},
		"texts/en.yaml": {Data: []byte(english)},
	}
	c, err := catalog.Load(folder, "Europe/London")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, line := range c.Menu("en") {
		fmt.Printf("/%s: %s\n", line.Command, line.Description)
	}

	folder["tea.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(tea, "next: over", "next: ovre", 1))}
	folder["texts/en.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(english, "green: Green", "grene: Green", 1))}
	_, err = catalog.Load(folder, "Europe/London")
	if faults, ok := errors.AsType[lang.Faults](err); ok {
		for _, f := range faults {
			fmt.Println(f)
		}
	}
	// Output:
	// /tea: Have a tea
	// tea.yaml:7:87: flow "tea" has no step "ovre": did you mean "over"? Otherwise name a step of this flow, or return
	// texts/en.yaml:1:54: nothing shows the text how.grene: remove it, or correct it: did you mean "green"? the texts of how are black, green, line, text
}
