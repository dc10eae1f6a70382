//go:build linux

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestNoCoreDumps: whatever the shell allows, no crash of the program writes its
// memory to a file. It is asked of a run that works.
func TestNoCoreDumps(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	// No server listens there, so that the bot says a line and goes on trying.
	cmd := exec.CommandContext(ctx, "sh", "-c", `ulimit -S -c "$(ulimit -H -c)"; grep "Max core" /proc/$$/limits >&2; exec spasmbot run --db "$0" --api-url http://127.0.0.1:1`, t.TempDir()+"/bot.db")
	cmd.Env = append(os.Environ(), "TELEGRAM_BOT_TOKEN=123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	out, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the shell says nothing")
	}
	if before := coreLimits(lines.Text()); before == "0 0" {
		t.Skip("this machine allows no core dumps")
	}
	for lines.Scan() && !strings.Contains(lines.Text(), "trying again") {
	}
	limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", cmd.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(limits)) {
		if strings.HasPrefix(line, "Max core") && coreLimits(line) != "0 0" {
			t.Errorf("the limits of core dumps are %s", coreLimits(line))
		}
	}
	cancel()
	_ = cmd.Wait()
}

// coreLimits are the soft and the hard limit of a line of /proc/PID/limits.
func coreLimits(line string) string {
	fields := strings.Fields(line) // Max core file size SOFT HARD bytes
	if len(fields) < 6 {
		return line
	}
	return fields[4] + " " + fields[5]
}
