package bottest

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"spasmbot/bot/simulator"
)

// ask runs a command on the host's database, and returns what it prints.
func (h *host) ask(args ...string) (out, fault string) {
	h.t.Helper()
	cmd := h.command(append(args, "--db", h.db)...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), stderr.String()
	}
	return stdout.String(), ""
}

// eventually waits until something shows.
func eventually(t *testing.T, what string, shows func() bool) {
	t.Helper()
	for range 1000 {
		if shows() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("never: " + what)
}

// TestCommandsOnARunningBot: the same commands have the same output, whether a bot
// runs on the file or not. What one of them deletes is gone for the bot, too.
func TestCommandsOnARunningBot(t *testing.T) {
	t.Parallel()
	h := newHost(t, 1)
	h.flows = t.TempDir()
	if err := os.CopyFS(h.flows, os.DirFS("../../docs/examples/ankle")); err != nil {
		t.Fatal(err)
	}
	anna, ben := h.sim.Person(7), h.sim.Person(8)
	h.start()
	for _, p := range []*simulator.Person{anna, ben} {
		p.SendText("/start")
	}
	h.drained()
	eventually(t, "an answer", func() bool { return len(ben.Messages()) > 0 && len(anna.Messages()) > 0 })
	eventually(t, "a receipt", func() bool {
		out, _ := h.ask("status")
		return strings.Contains(out, "messages sent") && !strings.Contains(out, "sending")
	})

	same := [][]string{
		{"status"},
		{"status", "--json"},
		{"export"},
		{"person", "export", "7"},
		{"deadletters", "list"},
		{"person", "export", "99"},
		{"deadletters", "resend", "--all"},
		{"deadletters", "resend", "7/1"},
		{"person", "forget", "99", "--yes"},
	}
	type answer struct{ out, fault string }
	running := make([]answer, len(same))
	for i, args := range same {
		running[i].out, running[i].fault = h.ask(args...)
	}
	if info, err := os.Stat(h.db + ".sock"); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the socket: %v %v", info, err)
	}
	if _, fault := h.ask("status", "--control", "off"); !strings.Contains(fault, "in use by another process") {
		t.Errorf("past the socket: %q", fault)
	}

	// Flows and log.
	if out, _ := h.ask("log-level", "debug"); out != "log level DEBUG\n" {
		t.Errorf("log-level: %q", out)
	}
	if out, _ := h.ask("flows", "reload"); !strings.Contains(out, "now in use") {
		t.Errorf("flows reload: %q", out)
	}
	broken := filepath.Join(h.flows, "broken.yaml")
	if err := os.WriteFile(broken, []byte("flow: x\nnonsense: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, fault := h.ask("flows", "reload"); !strings.Contains(fault, "broken.yaml:") || !strings.Contains(fault, "the last good flows stay") {
		t.Errorf("flows reload with a fault: %q", fault)
	}
	if err := os.Remove(broken); err != nil {
		t.Fatal(err)
	}

	// Stopped, the same is said.
	h.stop()
	if !strings.Contains(h.log.String(), "level=DEBUG") {
		t.Error("log-level has changed nothing")
	}
	if _, err := os.Stat(h.db + ".sock"); err == nil {
		t.Error("the socket is left")
	}
	for i, args := range same {
		out, fault := h.ask(args...)
		out, running[i].out = withoutClock(out), withoutClock(running[i].out) // it has gone on
		if (answer{out, fault}) != running[i] {
			t.Errorf("%v: on the file %q %q, on the bot %q %q", args, out, fault, running[i].out, running[i].fault)
		}
	}
	if _, fault := h.ask("flows", "reload"); !strings.Contains(fault, "no bot runs on this database") {
		t.Errorf("flows reload without a bot: %q", fault)
	}

	// A killed bot's socket is in nobody's way.
	h.start()
	eventually(t, "a socket", func() bool { _, err := os.Stat(h.db + ".sock"); return err == nil })
	h.kill()
	if out, fault := h.ask("status"); !strings.Contains(out, "people               2") {
		t.Errorf("after a kill: %q %q", out, fault)
	}
	h.start()
	eventually(t, "a bot", func() bool { _, fault := h.ask("log-level"); return fault == "" })

	// Forgotten under the running bot, Anna is new to it.
	eventually(t, "work", func() bool {
		out, _ := h.ask("person", "forget", "7", "--yes")
		return strings.Contains(out, "deleted, and overwritten in "+h.db)
	})
	if _, fault := h.ask("person", "export", "7"); !strings.Contains(fault, "nothing is kept of person 7") {
		t.Errorf("after that: %q", fault)
	}
	before := len(anna.Messages())
	anna.SendText("/start")
	eventually(t, "an answer to who is new", func() bool { return len(anna.Messages()) > before })
	h.stop()
}

func withoutClock(export string) string {
	var out []string
	for line := range strings.Lines(export) {
		if !strings.HasPrefix(line, `{"record":"clock"`) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "")
}

// TestResendOnARunningBot: a dead letter is sent again at once.
func TestResendOnARunningBot(t *testing.T) {
	t.Parallel()
	h := newHost(t, 1)
	anna := h.sim.Person(7)
	h.start()
	h.sim.SetFault(func(c simulator.Call) *simulator.Fault {
		if c.Method != "sendMessage" {
			return nil
		}
		return &simulator.Fault{Code: 400, Description: "Bad Request: can't parse entities"}
	})
	anna.SendText("/start")
	h.drained()
	var letter string
	eventually(t, "a dead letter", func() bool {
		out, _ := h.ask("deadletters", "list")
		letter, _, _ = strings.Cut(out, " ")
		return letter != ""
	})
	h.sim.SetFault(nil)
	before := len(anna.Messages())
	if out, fault := h.ask("deadletters", "resend", letter); !strings.HasPrefix(out, "1 put back") {
		t.Fatalf("%q %q", out, fault)
	}
	eventually(t, "the letter", func() bool { return len(anna.Messages()) == before+1 })
	h.stop()
	if out, _ := h.ask("status"); !strings.Contains(out, "dead letters         0") {
		t.Errorf("%q", out)
	}
}
