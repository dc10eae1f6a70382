package bottest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// demoChat speaks with a running demo over HTTP, as its page does.
type demoChat struct {
	t   *testing.T
	url string
}

func (d *demoChat) do(method, path, body string) []byte {
	d.t.Helper()
	request, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, strings.NewReader(body))
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer reply.Body.Close()
	out, err := io.ReadAll(reply.Body)
	if err != nil || reply.StatusCode >= 300 {
		d.t.Fatalf("%s %s: %s %v %s", method, path, reply.Status, err, out)
	}
	return out
}

// faults is what the page is told.
func (d *demoChat) faults() []string {
	d.t.Helper()
	var list []string
	if err := json.Unmarshal(d.do(http.MethodGet, "/demo/faults", ""), &list); err != nil || list == nil {
		d.t.Fatalf("the faults are no list: %v", err)
	}
	return list
}

// says sends a text and waits for new words of the bot that hold some.
func (d *demoChat) says(text, want string) {
	d.t.Helper()
	before, _ := d.heard()
	body, err := json.Marshal(map[string]string{"text": text})
	if err != nil {
		d.t.Fatal(err)
	}
	d.do(http.MethodPost, "/sim/chats/7001/text", string(body))
	d.until("the bot to say "+want, func() bool {
		newest, words := d.heard()
		return newest > before && strings.Contains(words, want)
	})
}

// heard is the newest of what the bot has said, and stands.
func (d *demoChat) heard() (id int64, words string) {
	d.t.Helper()
	var chat struct {
		Messages []struct {
			ID      int64  `json:"id"`
			Text    string `json:"text"`
			FromBot bool   `json:"from_bot"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(d.do(http.MethodGet, "/sim/chats/7001/messages", ""), &chat); err != nil {
		d.t.Fatal(err)
	}
	for _, m := range chat.Messages {
		if m.FromBot {
			id, words = m.ID, m.Text
		}
	}
	return id, words
}

// until waits for a demo that runs on a real clock.
func (d *demoChat) until(what string, holds func() bool) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 20*time.Second)
	defer cancel()
	for !holds() {
		select {
		case <-time.After(50 * time.Millisecond):
		case <-ctx.Done():
			d.t.Fatalf("waited in vain for %s; the faults are %q", what, d.faults())
		}
	}
}

// threeMistakes is a new step as a newcomer may write it: its condition and its
// key have a typo, and its words are forgotten.
const (
	oldSteps      = "steps:\n  - id: nothing_runs\n"
	threeMistakes = oldSteps + "  - id: tip\n    when: hour_since(onset) < 72\n    nxet: return\n"
	mended        = oldSteps + "  - id: tip\n"
)

var wantMistakes = []string{
	`idle.yaml:9:11: no step asks for "hour_since" or sets it: did you mean "hours_since"?`,
	`idle.yaml:10:5: a step has no "nxet": did you mean "next"?`,
	`the section "tip" is missing: add it, with text: idle.yaml:8 shows them`,
}

// checkMistakes demands that each mistake is told with its place and remedy.
func checkMistakes(t *testing.T, faults []string) {
	t.Helper()
	if len(faults) != len(wantMistakes) {
		t.Errorf("%d faults, want %d", len(faults), len(wantMistakes))
	}
	for _, want := range wantMistakes {
		if !slices.ContainsFunc(faults, func(f string) bool { return strings.Contains(f, want) }) {
			t.Errorf("no fault says %q in %q", want, faults)
		}
	}
}

// TestNewcomer: somebody who has never seen the code adds a step to a flow,
// makes three mistakes, is told each of them, and sees the mended step in the
// running demo.
func TestNewcomer(t *testing.T) {
	t.Parallel()
	folder := copyFlows(t)
	demo := &demoChat{t, startDemo(t, "--flows", folder)}
	if faults := demo.faults(); len(faults) != 0 {
		t.Fatalf("the flows have faults to begin with: %q", faults)
	}
	demo.says("/pain", "Nothing is running now")

	idle := filepath.Join(folder, "idle.yaml")
	edit(t, idle, oldSteps, threeMistakes)
	demo.until("the faults", func() bool { return len(demo.faults()) > 0 })
	checkMistakes(t, demo.faults())
	// Meanwhile the last good flows are in use.
	demo.says("/pain", "Nothing is running now")

	edit(t, filepath.Join(folder, "texts", "en.yaml"), "\nalready:\n", "\ntip:\n  text: Sleep on your side.\nalready:\n")
	edit(t, idle, threeMistakes, mended)
	demo.until("no faults", func() bool { return len(demo.faults()) == 0 })
	demo.says("/pain", "Sleep on your side.")
}

// tinyFlows copies a folder of one flow, for what the built-in ones may do in
// another way tomorrow.
func tinyFlows(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(filepath.Join("testdata", "tiny"))); err != nil {
		t.Fatal(err)
	}
	return folder
}

// renameStep gives a step of the tiny flow another name.
func renameStep(t *testing.T, folder, old, name string) {
	t.Helper()
	edit(t, filepath.Join(folder, "spasm.yaml"), "{id: "+old, "{id: "+name)
	edit(t, filepath.Join(folder, "texts", "en.yaml"), "\n"+old+":", "\n"+name+":")
}

// TestReloadKeepsPeople: a step cannot vanish under somebody in the demo
// either.
func TestReloadKeepsPeople(t *testing.T) {
	t.Parallel()
	folder := tinyFlows(t)
	demo := &demoChat{t, startDemo(t, "--flows", folder)}
	demo.says("/spasm", "Where does it hurt?")
	renameStep(t, folder, "where", "place")
	demo.until("the refusal", func() bool { return len(demo.faults()) > 0 })
	if got := fmt.Sprint(demo.faults()); !strings.Contains(got, `1 live episode stands on step "where"`) {
		t.Errorf("the faults are %s", got)
	}
	demo.says("/nonsense", "Where does it hurt?")
	edit(t, filepath.Join(folder, "spasm.yaml"), "steps:\n", "retired: {where: {moved_to: place}}\nsteps:\n")
	demo.until("no refusal", func() bool { return len(demo.faults()) == 0 })
	demo.says("Here", "How bad is it?")
}

// TestBuiltInFlowsHaveNoFaults: without a folder there is nothing to watch.
func TestBuiltInFlowsHaveNoFaults(t *testing.T) {
	t.Parallel()
	demo := &demoChat{t, startDemo(t)}
	if faults := demo.faults(); len(faults) != 0 {
		t.Errorf("the faults are %q", faults)
	}
}

// TestFaultsInABrowser: the page shows the faults while there are any.
func TestFaultsInABrowser(t *testing.T) {
	browserPath(t)
	folder := copyFlows(t)
	p := &chatPage{t, browse(t, startDemo(t, "--flows", folder))}
	hidden := `document.querySelector("#faults").hidden`
	p.until("the page", `document.querySelector("#text") !== null && `+hidden)
	idle := filepath.Join(folder, "idle.yaml")
	edit(t, idle, oldSteps, threeMistakes)
	p.until("the banner", fmt.Sprintf(`!%s && document.querySelectorAll("#fault-list li").length === %d`, hidden, len(wantMistakes)))
	for _, want := range wantMistakes {
		p.until("the fault "+want, fmt.Sprintf(`document.querySelector("#fault-list").textContent.includes(%q)`, want))
	}
	p.shot("faults", "light")
	p.types("/pain")
	p.sees("Nothing is running now")
	edit(t, idle, threeMistakes, oldSteps)
	p.until("the banner to go", hidden)
}
