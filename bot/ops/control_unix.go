//go:build unix

package ops

import (
	"context"
	"fmt"
	"io/fs"
	"net"
	"os"
	"syscall"
)

// socketsShow says that the system tells a socket from a file.
const socketsShow = true

// longestSocket is the longest path, in bytes, that every one of these systems takes
// for a socket; Linux would take four more.
const longestSocket = 103

func owner(info fs.FileInfo) (uid uint32, known bool) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return stat.Uid, true
}

func mine(info fs.FileInfo) bool {
	uid, known := owner(info)
	return known && int(uid) == os.Geteuid()
}

// trust refuses a socket of somebody who is neither the user nor the owner of the
// database: whoever listens there would be told of people.
func trust(socket string, info fs.FileInfo, database string) error {
	if mine(info) {
		return nil
	}
	file, err := os.Stat(database)
	if err == nil {
		uid, known := owner(info)
		if other, ok := owner(file); known && ok && uid == other {
			return nil
		}
	}
	return fmt.Errorf("%s belongs to another user, and is not trusted: find out who made it, or name another with --control", socket)
}

// listenAlone never lets others in, not even until a mode is set.
func listenAlone(ctx context.Context, socket string) (net.Listener, error) {
	defer syscall.Umask(syscall.Umask(0o177))
	return (&net.ListenConfig{}).Listen(ctx, "unix", socket)
}
