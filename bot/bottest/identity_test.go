package bottest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"spasmbot/bot/simulator"
)

// says waits until a process has said something.
func says(t testing.TB, log *lockedBuffer, words string) {
	t.Helper()
	for range 6000 {
		if strings.Contains(log.String(), words) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%q was never said:\n%s", words, log.String())
}

// process runs the program with its own log.
func (h *host) process(args ...string) (*exec.Cmd, *lockedBuffer) {
	h.t.Helper()
	cmd, log := h.command(args...), new(lockedBuffer)
	cmd.Stderr = log
	if err := cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { _ = cmd.Process.Kill() })
	return cmd, log
}

// fails waits for the end of a process and demands that it failed, within a time,
// and said so at last.
func fails(t testing.TB, cmd *exec.Cmd, log *lockedBuffer, within time.Duration, words string) {
	t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok || exit.ExitCode() != 1 || !strings.Contains(log.String(), words) {
			t.Errorf("it ended with %v, want exit code 1 and %q:\n%s", err, words, log.String())
		}
	case <-time.After(within):
		t.Errorf("it did not end:\n%s", log.String())
		_ = cmd.Process.Signal(syscall.SIGABRT)
		<-ended
		t.Log(log.String())
	}
	if strings.Contains(log.String(), simulator.DefaultToken) || strings.Contains(log.String(), "goroutine ") {
		t.Errorf("the log holds the token, or a stack:\n%s", log.String())
	}
}

// TestFileTakenFromAProcess: the program notices within seconds that its file is not
// there any more, or not whole, says so and fails, whether anybody uses it or not.
func TestFileTakenFromAProcess(t *testing.T) {
	t.Parallel()
	garbage := func(file string, from int64) error {
		f, err := os.OpenFile(file, os.O_RDWR, 0)
		if err != nil {
			return err
		}
		info, err := f.Stat()
		_, writeErr := f.WriteAt(bytes.Repeat([]byte{0xa5}, int(info.Size()-from)), from)
		return errors.Join(err, writeErr, f.Close())
	}
	for name, c := range map[string]struct {
		take func(file string) error
		used bool
		want string
	}{
		"deleted": {os.Remove, false, "deleted or replaced"},
		"replaced": {func(file string) error {
			return errors.Join(os.WriteFile(file+"2", nil, 0o600), os.Rename(file+"2", file))
		}, true, "deleted or replaced"},
		"emptied":                 {func(file string) error { return os.Truncate(file, 0) }, false, "damaged"},
		"cut":                     {func(file string) error { return os.Truncate(file, 3*4096) }, true, "damaged"},
		"garbage":                 {func(file string) error { return garbage(file, 0) }, false, "damaged"},
		"garbage behind its head": {func(file string) error { return garbage(file, 2*4096) }, true, "damaged"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t, 1)
			h.start()
			says(t, h.log, "polling as")
			anna := h.sim.Person(5)
			anna.SendCommand("/spasm")
			h.drained()
			if err := c.take(h.db); err != nil {
				t.Fatal(err)
			}
			if c.used {
				anna.SendCommand("/help")
			}
			says(t, h.log, "level=ERROR")
			fails(t, h.cmd, h.log, 30*time.Second, c.want)
			if log := h.log.String(); !strings.Contains(log, `msg="the database cannot be used any more; the bot stops"`) {
				t.Errorf("nothing was said before the end:\n%s", log)
			}
		})
	}
}

// TestTheStartIsTold: what was started on what is in the log, and a database that
// was just made stands out.
func TestTheStartIsTold(t *testing.T) {
	t.Parallel()
	h := newHost(t, 1)
	h.start()
	says(t, h.log, "msg=starting")
	for _, want := range []string{
		"level=WARN msg=\"a new, empty database", "database=" + h.db, "people=0", "live_episodes=0", "version=", "api=" + h.url,
	} {
		says(t, h.log, want)
	}
	anna := h.sim.Person(5)
	anna.SendCommand("/spasm")
	h.drained()
	h.stop()
	h.start()
	says(t, h.log, "people=1 ")
	if strings.Contains(h.log.String(), "level=WARN") {
		t.Errorf("a warning:\n%s", h.log.String())
	}
	h.stop()
}

// TestHangup: a SIGHUP reads the flows again, and ends nothing; where it was
// ignored at the start it is.
func TestHangup(t *testing.T) {
	t.Parallel()
	// Whoever runs the tests may ignore the signal, and the children would inherit that.
	caught := make(chan os.Signal, 1)
	signal.Notify(caught, syscall.SIGHUP)
	defer signal.Stop(caught)
	h := newHost(t, 1)
	h.flows = filepath.Join(t.TempDir(), "flows")
	if err := os.CopyFS(h.flows, os.DirFS("testdata/tiny")); err != nil {
		t.Fatal(err)
	}
	h.start()
	says(t, h.log, "polling as")
	hangup := func() {
		t.Helper()
		if err := h.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	hangup()
	says(t, h.log, "now in use")
	if err := os.WriteFile(filepath.Join(h.flows, "spasm.yaml"), []byte("flow: spasm\nstesp: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	hangup()
	says(t, h.log, "the last good ones stay")
	says(t, h.log, "spasm.yaml:2")
	h.stop()

	h.flows = ""
	h.start()
	says(t, h.log, "polling as")
	hangup()
	says(t, h.log, "built in")
	h.stop()

	cmd, log := h.process("run", "--takeover", "--db", h.db)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	shell := exec.Command("sh", "-c", `trap "" HUP; exec "$0" "$@"`, cmd.Path, "run", "--takeover", "--db", h.db)
	shell.Env, shell.Stderr = cmd.Env, log
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	says(t, log, "polling as")
	if err := shell.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	anna := h.sim.Person(5)
	anna.SendCommand("/spasm")
	h.drained()
	if err := errors.Join(shell.Process.Signal(syscall.SIGTERM), shell.Wait()); err != nil || strings.Contains(log.String(), "built in") {
		t.Errorf("it ended with %v:\n%s", err, log.String())
	}
}

// TestRollingRestart: the next process can be started while the one before still
// runs on the file, and goes on when that has ended. One that waits in vain fails.
func TestRollingRestart(t *testing.T) {
	t.Parallel()
	h := newHost(t, 1)
	h.start()
	says(t, h.log, "polling as")
	next, log := h.process("run", "--takeover", "--db", h.db)
	says(t, log, "another process has the database")
	fails(t, next, log, 30*time.Second, "in use by another process")

	next, log = h.process("run", "--db", h.db)
	says(t, log, "another process has the database")
	h.stop()
	says(t, log, "polling as")
	if strings.Contains(log.String(), "looking whether another program") {
		t.Errorf("it is taken for a newcomer on its own file:\n%s", log.String())
	}
	if err := errors.Join(next.Process.Signal(syscall.SIGTERM), next.Wait()); err != nil {
		t.Errorf("the next: %v\n%s", err, log.String())
	}
}

// TestSecondProcess: a process that finds another one on its token gives up with a
// word, and the other goes on.
func TestSecondProcess(t *testing.T) {
	t.Parallel()
	h := newHost(t, 1)
	h.start()
	says(t, h.log, "polling as")
	second, log := h.process("run", "--db", filepath.Join(t.TempDir(), "other.db"))
	says(t, log, "looking whether another program")
	fails(t, second, log, time.Minute, "polling with the same token")
	h.sim.Person(5).SendCommand("/spasm")
	h.drained()
	h.stop()
}
