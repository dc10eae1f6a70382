package bottest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"spasmbot/bot/simulator"
	"spasmbot/storage"
	"spasmbot/storage/boltstore"
)

// requireVariable makes tests fail that lack what they need of the machine,
// which otherwise are skipped.
const requireVariable = "SPASMBOT_REQUIRE_FAULTS"

func lacking(t *testing.T, what string, err error) {
	t.Helper()
	if os.Getenv(requireVariable) != "" {
		t.Fatalf("%s: %v", what, err)
	}
	t.Skipf("%s: %v", what, err)
}

// sickDisk is a disk on which a real bot works, and what can happen to it.
type sickDisk struct {
	*host
	people    *crowd
	confirmed atomic.Int64 // the highest offset that the server was told
	stopCrowd context.CancelFunc
	killed    int
	read      int // how much of the process's log
}

// onDisk starts a bot and a crowd on a file in dir.
func onDisk(t *testing.T, dir string) *sickDisk {
	t.Helper()
	d := &sickDisk{host: newHost(t, 600)}
	d.db = filepath.Join(dir, "bot.db")
	d.watch()
	d.people = d.crowd(30)
	ctx, stop := context.WithCancel(t.Context())
	d.stopCrowd = stop
	d.people.start(ctx)
	t.Cleanup(func() {
		stop()
		if d.cmd.ProcessState == nil {
			d.kill()
		}
	})
	d.begin()
	time.Sleep(time.Second)
	return d
}

// watch notes what is confirmed to the server.
func (d *sickDisk) watch() {
	d.sim.SetFault(func(c simulator.Call) *simulator.Fault {
		if offset, err := strconv.ParseInt(c.Params["offset"], 10, 64); c.Method == "getUpdates" && err == nil {
			for old := d.confirmed.Load(); offset > old && !d.confirmed.CompareAndSwap(old, offset); {
				old = d.confirmed.Load()
			}
		}
		return nil
	})
}

// suffer lets a fault last, demands that the log names it and that nothing is
// confirmed that is not stored, and that the bot recovers by itself.
func (d *sickDisk) suffer(begin, end func()) {
	d.t.Helper()
	begin()
	d.await("the database fails")
	time.Sleep(time.Second)
	end()
	begun := time.Now()
	d.answers(begun)
	d.await("the database works again")
	d.t.Logf("works again %v after the cause has gone", time.Since(begun).Round(time.Millisecond))
}

// dieOf ends the process in the middle of a fault and looks at what it leaves.
func (d *sickDisk) dieOf(begin, end func()) {
	d.t.Helper()
	begin()
	d.await("the database fails")
	time.Sleep(time.Second)
	d.kill()
	d.killed++
	end()
	d.inspect()
	d.begin()
	d.answers(time.Now())
}

// inspect opens the file of a bot that is not running.
func (d *sickDisk) inspect() {
	d.t.Helper()
	store, err := boltstore.Open(d.db, boltstore.ReadOnly())
	if err != nil {
		d.t.Fatal(err)
	}
	var offset int64
	err = store.View(d.t.Context(), func(r storage.Reader) (err error) { offset, err = r.Offset(); return err })
	if err := errors.Join(err, store.Check(d.t.Context()), store.Close()); err != nil {
		d.t.Error(err)
	}
	if confirmed := d.confirmed.Load(); confirmed > offset {
		d.t.Errorf("the server was told that all below %d is done, and stored is %d", confirmed, offset)
	}
}

// begin starts a process and waits until it works.
func (d *sickDisk) begin() {
	d.t.Helper()
	d.start()
	d.read = 0
	d.await("polling as")
}

// await waits for words in the log behind those it waited for before.
func (d *sickDisk) await(words string) {
	d.t.Helper()
	for range 3000 {
		log := d.log.String()
		if at := strings.Index(log[d.read:], words); at >= 0 {
			d.read += at + len(words)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	d.t.Fatalf("the log never says %q:\n%s", words, d.log.String())
}

// answers waits until the bot answers somebody new: five seconds, and on a
// machine that has other things to do for a minute.
func (d *sickDisk) answers(begun time.Time) {
	d.t.Helper()
	within := time.Minute
	if torture() {
		within = 5 * time.Second
	}
	p := d.sim.Person(9_000_000_000 + time.Now().UnixNano()%1_000_000_000)
	p.SendCommand("/spasm") // what asks nothing is in no ledger
	ctx, stop := context.WithDeadline(d.t.Context(), begun.Add(within))
	defer stop()
	if _, err := p.Await(ctx, func(m []simulator.Message) bool { return m[len(m)-1].FromBot }); err != nil {
		d.t.Errorf("no answer within %v: %v", within, err)
	}
}

// finish ends it all and holds what was kept against what was sent.
func (d *sickDisk) finish() {
	d.t.Helper()
	d.stopCrowd()
	d.people.wg.Wait()
	end := d.now()
	r := d.settle()
	d.inspect()
	delivered := d.people.delivered(d.t)
	r.checkPresses(d.t, d.people.presses.Load())
	doubled := r.checkLedger(d.t, delivered)
	r.checkReminders(d.t, end, delivered)
	d.t.Logf("%d messages, %d presses, %d messages came twice at %d deaths", len(delivered), d.people.presses.Load(), doubled, d.killed)
	if doubled > d.killed*64 {
		d.t.Errorf("%d messages came twice", doubled)
	}
}

// tmpfs is a file system in memory of some size.
func tmpfs(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("spasmbot-test", dir, "tmpfs", 0, "size="+size); err != nil {
		lacking(t, "run as root, who may mount a file system", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestFullDisk fills the disk under a bot at work, and makes room again.
func TestFullDisk(t *testing.T) {
	realFaults(t)
	dir := tmpfs(t, "3m")
	filler := filepath.Join(dir, "filler")
	fill := func() { // the bot finds room in its own file for a while
		f, err := os.OpenFile(filler, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for err == nil {
			_, err = f.Write(make([]byte, 4<<10))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	room := func() {
		if err := os.Remove(filler); err != nil {
			t.Error(err)
		}
	}
	d := onDisk(t, dir)
	for range rounds() {
		d.suffer(fill, room)
		d.dieOf(fill, func() {
			d.inspect() // while it is full
			room()
		})
	}
	d.finish()
}

// TestReadOnlyDisk: a bot does not start on a file that it may not write, says
// so, and starts once it may.
func TestReadOnlyDisk(t *testing.T) {
	realFaults(t)
	dir := tmpfs(t, "16m")
	d := onDisk(t, dir)
	d.host.stop()
	remount := func(flags uintptr) {
		if err := syscall.Mount("spasmbot-test", dir, "tmpfs", syscall.MS_REMOUNT|flags, ""); err != nil {
			t.Fatal(err)
		}
	}
	remount(syscall.MS_RDONLY)
	d.host.start()
	if err := d.cmd.Wait(); err == nil || !strings.Contains(d.log.String(), "read-only file system") {
		t.Errorf("%v, and the log says:\n%s", err, d.log.String())
	}
	d.inspect()
	remount(0)
	d.begin()
	d.answers(time.Now())
	d.finish()
}

// injector lets system calls of a process fail, from outside.
type injector struct {
	t   *testing.T
	cmd *exec.Cmd
}

func (i *injector) begin(pid int, fault string) {
	i.t.Helper()
	call, _, _ := strings.Cut(fault, ":")
	i.cmd = exec.Command("strace", "-f", "-p", strconv.Itoa(pid), "-o", os.DevNull, "-e", "trace="+call, "-e", "inject="+fault)
	if err := i.cmd.Start(); err != nil {
		i.t.Fatal(err)
	}
}

func (i *injector) end() {
	i.t.Helper()
	_ = i.cmd.Process.Signal(os.Interrupt)
	_ = i.cmd.Wait()
}

// TestFailingDisk lets calls of a bot at work fail as the system reports it of
// a disk that breaks: it does not confirm, it is read-only all of a sudden, it
// cannot write.
func TestFailingDisk(t *testing.T) {
	realFaults(t)
	if out, err := exec.Command("strace", "-o", os.DevNull, "true").CombinedOutput(); err != nil {
		lacking(t, "install strace and allow it to trace", fmt.Errorf("%w %s", err, out))
	}
	faults := []string{
		"fdatasync:error=EIO",          // before the data is confirmed
		"fdatasync:error=EIO:when=2+2", // every other: after the data, for the last page of a commit
		"pwrite64:error=EROFS",
		"pwrite64:error=EIO:when=1+3",
	}
	for _, fault := range faults {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			d := onDisk(t, t.TempDir())
			i := &injector{t: t}
			begin := func() { i.begin(d.cmd.Process.Pid, fault) }
			for range rounds() {
				d.suffer(begin, i.end)
				d.dieOf(begin, i.end)
			}
			d.finish()
		})
	}
}

// realFaults is for tests on real disks and processes.
func realFaults(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("takes some seconds of real time; run without -short")
	}
	t.Parallel() // they mostly wait
}

// rounds is how often each fault strikes.
func rounds() int {
	if torture() {
		return 20
	}
	return 1
}
