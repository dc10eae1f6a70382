//go:build unix

package bottest

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"spasmbot/bot/simulator"
)

// TestStopBeforeTheStart: a program that is told to stop before it works has done
// what was asked for, whatever it waits for: its token, the file that another one
// has, or whether it is alone.
func TestStopBeforeTheStart(t *testing.T) {
	t.Parallel()
	h := newHost(t, 1)
	h.start()
	says(t, h.log, "polling as")

	waits, log := h.process("run", "--db", h.db)
	says(t, log, "another process has the database")
	if err := waits.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := waits.Wait(); err != nil {
		t.Errorf("waiting for the file: %v\n%s", err, log.String())
	}
	h.stop()

	looks, log := h.process("run", "--db", filepath.Join(t.TempDir(), "new.db"))
	says(t, log, "looking whether another program")
	if err := looks.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := looks.Wait(); err != nil {
		t.Errorf("looking for another: %v\n%s", err, log.String())
	}

	pipe := filepath.Join(t.TempDir(), "token")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	begins, log := h.command("run", "--db", h.db), new(lockedBuffer)
	begins.Env = append(begins.Env, "TELEGRAM_BOT_TOKEN=", "TELEGRAM_BOT_TOKEN_FILE="+pipe)
	begins.Stderr = log
	if err := begins.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = begins.Process.Kill() })
	token, err := os.OpenFile(pipe, os.O_WRONLY, 0) // once it is being read
	if err != nil {
		t.Fatal(err)
	}
	if err := begins.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if _, err := token.WriteString(simulator.DefaultToken); err != nil {
		t.Fatal(err)
	}
	if err := token.Close(); err != nil {
		t.Fatal(err)
	}
	if err := begins.Wait(); err != nil {
		t.Errorf("beginning: %v\n%s", err, log.String())
	}
}
