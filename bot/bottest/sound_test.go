package bottest

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const soundFlow = `
flow: spasm
version: 1
episode: true
commands: [spasm]
worse: worse
stop: stop
default_wait: {timeout: 90d, next: over}
steps:
  - {id: go_water, start: water}
  - {id: hub, ask: choice, choices: {cold: {}, over: {next: over}}}
  - {id: go_cold, start: cold}
  - {id: rest, ask: choice, choices: {back: {next: over}}, wait: {nudge: 3h, timeout: 90d, next: over}}
  - {id: over, end: over}
rounds:
  cold: {hold: 20m, check: 10m, gap: 90m}
reminders:
  water: {every: 2h, first: 1h, silent: true}
`

const soundTexts = `
buttons: {done: Done, skip: Skip, worse: Worse, stop: Stop, private: P}
system: {nudge: Still there?, stale: s, unexpected: u, use_buttons: Press a button., unknown_command: c, idle: i, group: In private., updated: u}
menu: {}
hub: {text: "Cold?", cold: Cold, over: Over}
rest: {text: "Rest.", back: Back}
worse_told: {text: "Worse."}
stopped: {text: "Stopped."}
water: {text: "Water."}
cold-on: {text: "Cold on."}
cold-check: {text: "Look."}
cold-off: {text: "Cold off."}
`

// TestSoundOverTheWire: the bot asks the messenger to let answers and silent
// reminders come without a sound, and nothing else.
func TestSoundOverTheWire(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, src := range map[string]string{
		"spasm.yaml":    soundFlow,
		"worse.yaml":    "flow: worse\nversion: 1\nsteps: [{id: worse_told}]\n",
		"stop.yaml":     "flow: stop\nversion: 1\ncommands: [stop]\nwhile: live\nsteps: [{id: stopped, end: stopped}]\n",
		"texts/en.yaml": soundTexts,
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	inBubbleWith(t, dir, rates{}, func(b *bubble) {
		anna, group := b.sim.Person(101), b.sim.Group(-1001234567890)
		for _, does := range []func(){
			func() { anna.SendText("/spasm") },
			func() { anna.SendText("what?") },
			func() {
				if _, err := anna.PressLabel(anna.Last().ID, "Cold"); err != nil {
					t.Error(err)
				}
			},
			func() { time.Sleep(4 * time.Hour) },
			func() { anna.SendText("/stop") },
			func() { group.Member(7).SendText("/spasm") },
		} {
			does()
			settle()
		}
		var got []string
		for call := range b.sim.Calls("sendMessage") {
			sound := "♪"
			if call.Params["disable_notification"] == "true" {
				sound = "_"
			}
			got = append(got, sound+strings.ReplaceAll(call.Params["text"], "\n\n", "/"))
		}
		want := []string{
			"_Cold?", "_Press a button./Cold?", "_Cold on.", // asked for, so it answers
			"♪Look.", "♪Cold off.", "_Water.", "♪Cold on.", "♪Cold off.", // nobody has pressed that it is on
			"_Water.", "♪Still there?/Rest.", "♪Cold on.", "_Cold off.", // nor at the second call
			"_Stopped.", "_In private.",
		}
		if !slices.Equal(got, want) {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	})
}
