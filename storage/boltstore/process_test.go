package boltstore

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"testing"

	"spasmbot/storage"
)

const (
	roleVariable = "BOLTSTORE_TEST_ROLE"
	pathVariable = "BOLTSTORE_TEST_PATH"
)

// play is what the test binary does as another process.
func play(role string) int {
	path := os.Getenv(pathVariable)
	err := map[string]func(string) error{
		"hold": holdOpen, "hold to read": holdToRead, "count": countUp, "disk full": fillDisk,
		"compact": compactForEver, "torn": countInAllTables, "forget": forgetInSteps,
	}[role](path)
	if err != nil {
		fmt.Println("error:", err)
		return 1
	}
	return 0
}

// other starts the test binary as another process that has its own way with
// the database at path.
func other(t *testing.T, role, path string) (cmd *exec.Cmd, in io.WriteCloser, out *bufio.Reader) {
	t.Helper()
	cmd = exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), roleVariable+"="+role, pathVariable+"="+path)
	cmd.Stderr = os.Stderr
	in, err1 := cmd.StdinPipe()
	stdout, err2 := cmd.StdoutPipe()
	if err := errors.Join(err1, err2, cmd.Start()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if cmd.ProcessState == nil {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
	})
	return cmd, in, bufio.NewReader(stdout)
}

func wantLine(t *testing.T, out *bufio.Reader, want string) {
	t.Helper()
	if line, err := out.ReadString('\n'); err != nil || line != want+"\n" {
		t.Fatalf("the other process says %q (%v), want %q", line, err, want)
	}
}

func holdOpen(path string) error   { return holdWith(path) }
func holdToRead(path string) error { return holdWith(path, ReadOnly()) }

func holdWith(path string, opts ...Option) error {
	s, err := Open(path, opts...)
	if err != nil {
		return err
	}
	fmt.Println("open")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return s.Close()
}

func TestInUseByAnotherProcess(t *testing.T) {
	path := newPath(t)
	s := open(t, path)
	if err := errors.Join(s.Update(t.Context(), increment(1)), s.Close()); err != nil {
		t.Fatal(err)
	}

	cmd, in, out := other(t, "hold", path)
	wantLine(t, out, "open")
	for name, opts := range map[string][]Option{
		"to write": {LockTimeout(0)}, "to read": {LockTimeout(0), ReadOnly()},
	} {
		if s, err := Open(path, opts...); !errors.Is(err, storage.ErrInUse) || !strings.Contains(err.Error(), path) {
			t.Errorf("open %s: %v, %v", name, s, err)
		}
	}
	if err := errors.Join(in.Close(), cmd.Wait()); err != nil {
		t.Error(err)
	}
	// Many may read, and none write meanwhile.
	_, in, out = other(t, "hold to read", path)
	wantLine(t, out, "open")
	reader := open(t, path, ReadOnly())
	wantCount(t, reader, 1, 1)
	if _, err := Open(path, LockTimeout(0)); !errors.Is(err, storage.ErrInUse) {
		t.Errorf("open to write beside readers: %v", err)
	}
	if err := errors.Join(reader.Close(), in.Close()); err != nil {
		t.Error(err)
	}
	wantEOF(t, out)
}

func wantEOF(t *testing.T, out *bufio.Reader) {
	t.Helper()
	if rest, err := io.ReadAll(out); err != nil || len(rest) > 0 {
		t.Errorf("the other process says %q, %v", rest, err)
	}
}

const countingPeople = 8

// countUp increments each person's count for ever and tells after each.
func countUp(path string) error {
	s, err := Open(path)
	if err != nil {
		return err
	}
	var all sync.WaitGroup
	for user := range int64(countingPeople) {
		all.Go(func() {
			for {
				var n uint64
				if err := s.Update(context.Background(), func(tx storage.Tx) error {
					err1 := increment(user)(tx)
					var err2 error
					n, err2 = count(tx, user)
					return errors.Join(err1, err2)
				}); err != nil {
					fmt.Println("error:", err)
					return
				}
				fmt.Printf("%d %d\n", user, n)
			}
		})
	}
	all.Wait()
	return nil
}

func TestKilled(t *testing.T) {
	path := newPath(t)
	confirmed := make([]uint64, countingPeople)
	for round := range 5 {
		cmd, _, out := other(t, "count", path)
		killed := false
		for lines := 0; ; lines++ {
			line, err := out.ReadString('\n')
			if err != nil {
				break // a last line without its end was not told completely
			}
			var user, n uint64
			if _, err := fmt.Sscanf(line, "%d %d\n", &user, &n); err != nil {
				t.Fatalf("the other process says %q", line)
			}
			if n != confirmed[user]+1 && lines > countingPeople*10 {
				t.Errorf("person %d: %d after %d", user, n, confirmed[user])
			}
			confirmed[user] = n
			if lines > 150+100*round && !killed {
				killed = true
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		_ = cmd.Wait()

		s := open(t, path)
		if err := s.View(t.Context(), func(r storage.Reader) error {
			for user, want := range confirmed {
				got, err := count(r, int64(user))
				if err != nil {
					return err
				}
				// The last one may have been stored and not told.
				if got < want || got > want+1 {
					t.Errorf("round %d: person %d was told %d, stored %d", round, user, want, got)
				}
			}
			return nil
		}); err != nil {
			t.Error(err)
		}
		if err := errors.Join(s.Check(t.Context()), s.Close()); err != nil {
			t.Error(err)
		}
	}
}

// fillDisk limits how large files of this process may get, so that the system
// itself refuses to write.
func fillDisk(path string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := Open(path)
	if err != nil {
		return err
	}
	ctx := context.Background()
	if err := s.Update(ctx, increment(1)); err != nil {
		return err
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	free := limit
	size, err := s.Size(ctx)
	if err != nil {
		return err
	}
	limit.Cur = uint64(size) + 64<<10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	stored, refused := uint64(1), 0
	grow := func(tx storage.Tx) error {
		return errors.Join(increment(1)(tx), tx.Quarantine(storage.Quarantined{Raw: make([]byte, 8<<10)}))
	}
	for range 40 {
		switch err := s.Update(ctx, grow); {
		case err == nil:
			stored++
		case strings.Contains(err.Error(), syscall.EFBIG.Error()): // bbolt does not wrap it
			refused++
		default:
			return err
		}
	}
	if refused == 0 {
		return errors.New("the disk was never full")
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &free); err != nil {
		return err
	}
	if err := s.Update(ctx, grow); err != nil {
		return fmt.Errorf("after there was room again: %w", err)
	}
	stored++
	fmt.Println("stored", stored)
	return errors.Join(s.Check(ctx), s.Close())
}

func TestFullDiskForReal(t *testing.T) {
	path := newPath(t)
	cmd, _, out := other(t, "disk full", path)
	line, err := out.ReadString('\n')
	var stored uint64
	if _, scanErr := fmt.Sscanf(line, "stored %d\n", &stored); err != nil || scanErr != nil {
		t.Fatalf("the other process says %q, %v", line, err)
	}
	wantEOF(t, out)
	if err := cmd.Wait(); err != nil {
		t.Error(err)
	}
	s := open(t, path)
	wantCount(t, s, 1, stored)
}
