package transcript_test

import (
	"fmt"
	"testing/fstest"

	"spasmbot/flows/catalog"
	"spasmbot/flows/transcript"
)

// A transcript is what a person does, each input behind a ">". Played, it is the
// whole conversation, to be read, kept and compared.
func ExamplePlay() {
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
	played, err := transcript.Play(c, `# Somebody takes half an hour to choose.
> /tea
> wait 30m
> press green
`)
	if err != nil {
		fmt.Println(err) // it names the line, and the buttons that there are
		return
	}
	fmt.Print(played)
	// Output:
	// # Somebody takes half an hour to choose.
	//
	// > /tea
	//   0:00  timeline  start tea
	//   0:00  whispers  How do you like your tea?
	//                   [Black]
	//                   [Green]
	//   0:00  arm       #1 timeout at Mon 13:00
	//
	// > wait 30m
	//
	// > press green
	//   0:30  timeline  answer how green
	//   0:30  settle    #1 cancelled
	//   0:30  edits     Enjoy it.
	//   0:30  timeline  end  over
}
