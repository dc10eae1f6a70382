package ops

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
)

// Place is where the control socket of a database is: beside it, or, where the
// system takes no name so long, under a short one in a folder that is the user's own.
// The bot and its commands come to the same.
func Place(database string) string {
	file, err := filepath.Abs(database)
	if err != nil {
		file = database
	}
	if whole, err := filepath.EvalSymlinks(file); err == nil {
		file = whole
	}
	if beside := file + ".sock"; len(beside) <= longestSocket {
		return beside
	}
	sum := sha256.Sum256([]byte(file))
	return filepath.Join(runtimeFolder(), hex.EncodeToString(sum[:8])+".sock")
}

func runtimeFolder() string {
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "spasmbot")
	}
	return filepath.Join(os.TempDir(), fmt.Sprintf("spasmbot-%d", os.Getuid()))
}

// Listen makes the control socket of a database, which nobody but its owner can use.
// One that a killed process has left is taken over: the caller has the database, so
// it is nobody's.
func Listen(ctx context.Context, socket, database string) (net.Listener, error) {
	if len(socket) > longestSocket {
		return nil, fmt.Errorf("%s: the system takes no socket whose path is longer than %d bytes: name a shorter one", socket, longestSocket)
	}
	if filepath.Dir(socket) == runtimeFolder() {
		if err := ownFolder(runtimeFolder()); err != nil {
			return nil, err
		}
	}
	info, err := os.Lstat(socket)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSocket == 0 && socketsShow:
		return nil, fmt.Errorf("%s is there already, and is no socket: name another, or delete it", socket)
	default:
		if err := trust(socket, info, database); err != nil {
			return nil, err
		}
		if alive(ctx, socket) {
			return nil, fmt.Errorf("%s is another bot's that runs: name another socket for one of the two", socket)
		}
		if err := os.Remove(socket); err != nil {
			return nil, err
		}
	}
	return listenAlone(ctx, socket)
}

func alive(ctx context.Context, socket string) bool {
	conn, err := (&net.Dialer{Timeout: dialMost}).DialContext(ctx, "unix", socket)
	if err == nil {
		_ = conn.Close()
	}
	return err == nil
}

// ownFolder makes a folder that nobody else can look into, or write to.
func ownFolder(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() || info.Mode().Perm()&0o077 != 0 && socketsShow || !mine(info) {
		return fmt.Errorf("%s is not a folder of yours alone: delete it, or name a socket with --control", dir)
	}
	return nil
}
