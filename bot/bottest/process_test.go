package bottest

import (
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"spasmbot/bot/simulator"
)

// TestMain runs more tests at a time than there are processors, since half of
// them wait for processes, and removes the built program behind them. The
// bubbles make garbage faster than anything else here, and memory is cheap.
func TestMain(m *testing.M) {
	flag.Parse()
	asked := false
	flag.Visit(func(f *flag.Flag) { asked = asked || f.Name == "test.parallel" })
	if !asked {
		if err := flag.Set("test.parallel", strconv.Itoa(3*runtime.GOMAXPROCS(0))); err != nil {
			panic(err)
		}
	}
	debug.SetGCPercent(400)
	code := m.Run()
	if binaryDir != "" {
		_ = os.RemoveAll(binaryDir)
	}
	os.Exit(code)
}

// binaryDir is where the built program lies, once it is built.
var binaryDir string

// binary builds the program once, as people would.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "spasmbot-test-")
	if err != nil {
		return "", err
	}
	binaryDir = dir
	name := filepath.Join(dir, "spasmbot")
	if out, err := exec.Command("go", "build", "-o", name, "spasmbot/cmd/spasmbot").CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return name, nil
})

// host runs the real binary against a simulator on a socket.
type host struct {
	t     testing.TB
	sim   *simulator.Server
	url   string
	db    string
	flows string // a folder; empty is the built-in ones
	speed float64
	from  time.Time
	cmd   *exec.Cmd
	log   *lockedBuffer
	logs  strings.Builder
}

func newHost(t testing.TB, speed float64) *host {
	t.Helper()
	var cfg simulator.Config
	if speed != 1 {
		// Telegram's dates are known to the second, which is many minutes to a fast
		// clock. Without a date in its replies nobody can be told to have pressed too soon.
		cfg.Date = func() time.Time { return time.Time{} }
	}
	h := &host{
		t: t, sim: simulator.New(cfg), speed: speed,
		db: filepath.Join(t.TempDir(), "bot.db"), from: time.Now().Truncate(time.Second),
	}
	server := httptest.NewServer(h.sim.Handler())
	t.Cleanup(server.Close)
	h.url = server.URL
	return h
}

// now is the bot's time.
func (h *host) now() time.Time {
	return h.from.Add(time.Duration(float64(time.Since(h.from)) * h.speed))
}

func (h *host) command(args ...string) *exec.Cmd {
	h.t.Helper()
	name, err := binary()
	if err != nil {
		h.t.Fatal(err)
	}
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), "TELEGRAM_BOT_TOKEN="+simulator.DefaultToken, "TELEGRAM_API_URL="+h.url)
	return cmd
}

func (h *host) start() {
	h.t.Helper()
	h.startAt(0, 0)
}

// startAt starts the bot with limits for all chats and for each, in messages a
// second; 0 is none.
func (h *host) startAt(rate, chatRate float64) {
	h.t.Helper()
	args := []string{"run", "--takeover", "--db", h.db, "--rate", fmt.Sprint(rate), "--chat-rate", fmt.Sprint(chatRate)}
	if h.flows != "" {
		args = append(args, "--flows", h.flows)
	}
	if h.speed != 1 {
		args = append(args, "--speed", fmt.Sprint(h.speed), "--speed-from", h.from.Format(time.RFC3339))
	}
	h.cmd = h.command(args...)
	h.log = new(lockedBuffer)
	h.cmd.Stderr = h.log
	if err := h.cmd.Start(); err != nil {
		h.t.Fatal(err)
	}
}

// drained waits until the bot has taken in everything that was pressed.
func (h *host) drained() {
	h.t.Helper()
	for range 1000 {
		if h.sim.Pending() == 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	h.t.Fatalf("%d updates were never taken in", h.sim.Pending())
}

// kill ends the process without warning.
func (h *host) kill() {
	h.t.Helper()
	if err := h.cmd.Process.Kill(); err != nil {
		h.t.Fatal(err)
	}
	h.cmd.Wait()
	h.logs.WriteString(h.log.String())
}

// stop ends the process as an operator does, and holds it to its promise.
func (h *host) stop() {
	h.t.Helper()
	h.cmd.Process.Signal(syscall.SIGTERM)
	begun := time.Now()
	err := h.cmd.Wait()
	h.logs.WriteString(h.log.String())
	if err != nil {
		h.t.Errorf("after SIGTERM: %v\n%s", err, h.log.String())
	}
	h.t.Logf("stopped in %v", time.Since(begun).Round(time.Millisecond))
	if strings.Contains(h.logs.String(), simulator.DefaultToken) {
		h.t.Error("the log holds the token")
	}
}

// settle ends the process and lets others work for a second of real time, until
// one leaves nothing behind that was due by then: however slow the machine is.
func (h *host) settle() *records {
	h.t.Helper()
	h.drained()
	by := h.now()
	h.stop()
	r := h.export()
	for i := 0; i < 60 && !r.settled(by); i++ {
		h.start()
		time.Sleep(time.Second)
		h.stop()
		r = h.export()
	}
	return r
}

func (h *host) export() *records {
	h.t.Helper()
	out, err := h.command("export", "--db", h.db).Output()
	if err != nil {
		h.t.Fatalf("export: %v", err)
	}
	refusesNone(h.t, "", out)
	return parseExport(h.t, out)
}
