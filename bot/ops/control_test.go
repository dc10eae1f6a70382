package ops

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// database is a file that stands for one.
func database(t *testing.T, dir string) string {
	t.Helper()
	file := filepath.Join(dir, "bot.db")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// obeying listens beside a database until the test ends.
func obeying(t *testing.T, file string, deeds map[string]Deed) (socket string) {
	t.Helper()
	socket = Place(file)
	l, err := Listen(t.Context(), socket, file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	c := &Control{Database: file, Deeds: deeds, Log: slog.New(slog.DiscardHandler)}
	go func() { ended <- c.Serve(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if _, err := os.Lstat(socket); err == nil {
			t.Error("the socket is left behind")
		}
	})
	return socket
}

func TestDeeds(t *testing.T) {
	t.Parallel()
	file := database(t, t.TempDir())
	socket := obeying(t, file, map[string]Deed{
		"double": func(_ context.Context, params json.RawMessage, out io.Writer) error {
			var n int
			if err := json.Unmarshal(params, &n); err != nil {
				return err
			}
			_, err := fmt.Fprintln(out, 2*n)
			return err
		},
		"fail": func(_ context.Context, _ json.RawMessage, out io.Writer) error {
			io.WriteString(out, "half\n")
			return errors.New("no more of it:\n100 % gone")
		},
		"panic": func(context.Context, json.RawMessage, io.Writer) error { panic("what Anna wrote") },
		"large": func(_ context.Context, _ json.RawMessage, out io.Writer) error {
			for range 1000 {
				if _, err := out.Write(make([]byte, 10_000)); err != nil {
					return err
				}
			}
			return nil
		},
	})
	for _, c := range []struct {
		name   string
		params any
		out    string
		fault  string
	}{
		{"double", 21, "42\n", ""},
		{"fail", nil, "half\n", "no more of it:\n100 % gone"},
		{"panic", nil, "", errInside.Error()},
		{"large", nil, string(make([]byte, 10_000_000)), ""},
		{"unheard", nil, "", "another version"},
		{"double", strings.Repeat("x", mostParams), "", "not understood"},
	} {
		var out bytes.Buffer
		err := Ask(t.Context(), socket, file, c.name, c.params, &out)
		if out.String() != c.out {
			t.Errorf("%s: printed %d bytes, want %d", c.name, out.Len(), len(c.out))
		}
		if (err == nil) != (c.fault == "") || err != nil && !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s: %v, want %q", c.name, err, c.fault)
		}
	}
	if err := Ask(t.Context(), socket, database(t, t.TempDir()), "double", 1, io.Discard); err == nil || !strings.Contains(err.Error(), "another database") {
		t.Errorf("for another database: %v", err)
	}
}

// TestClientGone: what nobody waits for any more ends.
func TestClientGone(t *testing.T) {
	t.Parallel()
	file := database(t, t.TempDir())
	begun, over := make(chan struct{}), make(chan error, 1)
	socket := obeying(t, file, map[string]Deed{"wait": func(ctx context.Context, _ json.RawMessage, _ io.Writer) error {
		close(begun)
		<-ctx.Done()
		over <- ctx.Err()
		return ctx.Err()
	}})
	ctx, leave := context.WithCancel(t.Context())
	go func() { <-begun; leave() }()
	if err := Ask(ctx, socket, file, "wait", nil, io.Discard); err == nil {
		t.Error("a command that was broken off is no failure")
	}
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("the deed ended with %v", err)
	}
}

// TestSeats: no more than some are at work at a time.
func TestSeats(t *testing.T) {
	t.Parallel()
	file := database(t, t.TempDir())
	begun, end := make(chan struct{}), make(chan struct{})
	socket := obeying(t, file, map[string]Deed{"sit": func(context.Context, json.RawMessage, io.Writer) error {
		begun <- struct{}{}
		<-end
		return nil
	}})
	results := make(chan error)
	for range mostDeeds {
		go func() { results <- Ask(t.Context(), socket, file, "sit", nil, io.Discard) }()
		<-begun
	}
	if err := Ask(t.Context(), socket, file, "sit", nil, io.Discard); err == nil || !strings.Contains(err.Error(), "busy") {
		t.Errorf("one too many: %v", err)
	}
	close(end)
	for range mostDeeds {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

// TestListen: a socket is its owner's alone; one of a killed process is taken over,
// and nothing else is.
func TestListen(t *testing.T) {
	t.Parallel()
	file := database(t, t.TempDir())
	socket := Place(file)
	if err := Ask(t.Context(), socket, file, "x", nil, io.Discard); !errors.Is(err, ErrNobody) {
		t.Errorf("without a socket: %v", err)
	}
	killed, err := Listen(t.Context(), socket, file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(socket); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := Listen(t.Context(), socket, file); err == nil || !strings.Contains(err.Error(), "another bot's") {
		t.Errorf("a socket in use: %v", err)
	}
	killed.(*net.UnixListener).SetUnlinkOnClose(false)
	killed.Close()
	if err := Ask(t.Context(), socket, file, "x", nil, io.Discard); !errors.Is(err, ErrNobody) {
		t.Errorf("on a stale socket: %v", err)
	}
	again, err := Listen(t.Context(), socket, file)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	if err := os.WriteFile(socket, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), socket, file); err == nil || !strings.Contains(err.Error(), "no socket") {
		t.Errorf("in the place of a file: %v", err)
	}
	if err := Ask(t.Context(), socket, file, "x", nil, io.Discard); err == nil || !strings.Contains(err.Error(), "no socket") {
		t.Errorf("a file in its place: %v", err)
	}
}

// TestForeignSocket: somebody else's is neither asked nor taken over.
func TestForeignSocket(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("only root can make a socket another user's")
	}
	file := database(t, t.TempDir())
	socket := Place(file)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := os.Chown(socket, 4711, 4711); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), socket, file); err == nil || !strings.Contains(err.Error(), "another user") {
		t.Errorf("taken over: %v", err)
	}
	if err := Ask(t.Context(), socket, file, "x", nil, io.Discard); err == nil || !strings.Contains(err.Error(), "another user") {
		t.Errorf("asked: %v", err)
	}
	// Whoever has the database may have the socket, too: root looks after a bot.
	if err := os.Chown(file, 4711, 4711); err != nil {
		t.Fatal(err)
	}
	if err := trust(socket, lstat(t, socket), file); err != nil {
		t.Error(err)
	}
}

func lstat(t *testing.T, name string) os.FileInfo {
	t.Helper()
	info, err := os.Lstat(name)
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// TestLongPath: a folder of any depth has its socket, in a folder of the user's own.
func TestLongPath(t *testing.T) {
	runtime := t.TempDir()
	t.Setenv("XDG_RUNTIME_DIR", runtime)
	deep := filepath.Join(t.TempDir(), strings.Repeat("d", 100))
	if err := os.Mkdir(deep, 0o700); err != nil {
		t.Fatal(err)
	}
	file := database(t, deep)
	socket := Place(file)
	if filepath.Dir(socket) != filepath.Join(runtime, "spasmbot") {
		t.Fatalf("it is at %s", socket)
	}
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if Place(link) != socket {
		t.Error("by a link it is elsewhere")
	}
	l, err := Listen(t.Context(), socket, file)
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	if mode := lstat(t, filepath.Dir(socket)).Mode().Perm(); mode != 0o700 {
		t.Errorf("its folder has the mode %o", mode)
	}
	if err := os.Chmod(filepath.Dir(socket), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, err := Listen(t.Context(), socket, file); err == nil || !strings.Contains(err.Error(), "yours alone") {
		t.Errorf("in an open folder: %v", err)
	}
	if _, err := Listen(t.Context(), filepath.Join(deep, "x.sock"), file); err == nil || !strings.Contains(err.Error(), "shorter") {
		t.Errorf("a long name: %v", err)
	}
}
